-- The ground: schema versions, the office's settings, files, batches, events.
CREATE TABLE schema_log (
    version INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    sha256 BLOB NOT NULL,
    at_ms INTEGER NOT NULL,
    program TEXT NOT NULL
) STRICT;

-- One row a setting: what this data directory is about.
CREATE TABLE office (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

-- Foreign files as they came, by hash; the bytes lie in the data directory.
CREATE TABLE file (
    sha256 BLOB PRIMARY KEY,
    name TEXT NOT NULL,
    byte_count INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    actor TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- One act of taking things in. Its rows may be staged in many partitions; `state` is the decision.
CREATE TABLE batch (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('register', 'ledger', 'wishes', 'lineage', 'revert')),
    state TEXT NOT NULL CHECK (state IN ('staged', 'committed', 'reverted')),
    file_sha256 BLOB,
    file_name TEXT NOT NULL,
    period INTEGER NOT NULL DEFAULT 0,
    unit_count INTEGER NOT NULL DEFAULT 0,
    value_count INTEGER NOT NULL DEFAULT 0,
    changed_count INTEGER NOT NULL DEFAULT 0,
    reverts INTEGER,
    reason TEXT NOT NULL DEFAULT '',
    at_ms INTEGER NOT NULL,
    actor TEXT NOT NULL
) STRICT;

-- What happened, in order, in the log of the unit that owns it. Rows are only ever added.
CREATE TABLE event (
    log_id INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    actor TEXT NOT NULL,
    kind TEXT NOT NULL,
    cause_log_id INTEGER,
    cause_seq INTEGER,
    body BLOB NOT NULL,
    digest BLOB NOT NULL,
    PRIMARY KEY (log_id, seq)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER event_is_kept BEFORE UPDATE ON event
BEGIN SELECT raise(ABORT, 'events are never changed'); END;
CREATE TRIGGER event_stays BEFORE DELETE ON event
BEGIN SELECT raise(ABORT, 'events are never deleted'); END;

-- Versions of the programme's definition: the source as applied, by hash.
CREATE TABLE programme_version (
    sha256 BLOB PRIMARY KEY,
    programme TEXT NOT NULL,
    version TEXT NOT NULL,
    source BLOB NOT NULL,
    seq INTEGER NOT NULL UNIQUE,
    at_ms INTEGER NOT NULL,
    actor TEXT NOT NULL
) STRICT, WITHOUT ROWID;
