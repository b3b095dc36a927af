-- Values: one row holds what one unit reported for one period, packed (decision 0080).

-- The permanent number of an indicator: packed rows name indicators by it. Never reused.
CREATE TABLE indicator_number (
    id TEXT PRIMARY KEY,
    number INTEGER NOT NULL UNIQUE
) STRICT, WITHOUT ROWID;

-- Likewise for sources: numbers of names that a definition may drop and take up again.
CREATE TABLE source_number (
    id TEXT PRIMARY KEY,
    number INTEGER NOT NULL UNIQUE
) STRICT, WITHOUT ROWID;

CREATE TABLE value (
    home_id INTEGER NOT NULL,
    period INTEGER NOT NULL,
    unit_id INTEGER NOT NULL,
    cells BLOB NOT NULL,
    PRIMARY KEY (home_id, period, unit_id)
) STRICT, WITHOUT ROWID;

-- What each batch changed in a unit: the cells as it wrote them. `value` is what comes of all
-- batches applied in order.
CREATE TABLE value_history (
    home_id INTEGER NOT NULL,
    unit_id INTEGER NOT NULL,
    period INTEGER NOT NULL,
    batch_id INTEGER NOT NULL,
    cells BLOB NOT NULL,
    PRIMARY KEY (home_id, unit_id, period, batch_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX value_history_batch ON value_history (batch_id);
CREATE TRIGGER value_history_is_kept BEFORE UPDATE ON value_history
BEGIN SELECT raise(ABORT, 'the history of values is never changed'); END;
CREATE TRIGGER value_history_stays BEFORE DELETE ON value_history
BEGIN SELECT raise(ABORT, 'the history of values is never deleted'); END;

-- A value from a lower-ranked source that did not overwrite a higher one.
CREATE TABLE value_conflict (
    home_id INTEGER NOT NULL,
    unit_id INTEGER NOT NULL,
    period INTEGER NOT NULL,
    batch_id INTEGER NOT NULL,
    cells BLOB NOT NULL,
    PRIMARY KEY (home_id, unit_id, period, batch_id)
) STRICT, WITHOUT ROWID;
