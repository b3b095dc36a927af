-- Units: permanent ids, what they were called and where they stood from day to day, and how one
-- came from another. Reference tables: small, and the same on every node. Days are yyyymmdd; a
-- span is from its first day up to, not including, its last; 99991231 is open.

-- One row a register taken in. The tree at a date is the newest register of that date or before.
CREATE TABLE register (
    as_of INTEGER PRIMARY KEY,
    batch INTEGER NOT NULL REFERENCES batch (id),
    file_sha256 BLOB NOT NULL,
    unit_count INTEGER NOT NULL
) STRICT;

-- A unit for life. `same_as` is its own id, or that of the older unit it was confirmed to be.
CREATE TABLE unit (
    id INTEGER PRIMARY KEY,
    same_as INTEGER NOT NULL REFERENCES unit (id),
    batch INTEGER NOT NULL REFERENCES batch (id)
) STRICT;
CREATE INDEX unit_alias ON unit (same_as) WHERE same_as <> id;

-- What a unit was from day to day: code, name, place in the tree, and its partition (home), under
-- which rows of that time are kept. Parent and home are ids as they were then.
CREATE TABLE unit_span (
    unit INTEGER NOT NULL REFERENCES unit (id),
    from_day INTEGER NOT NULL,
    to_day INTEGER NOT NULL CHECK (from_day < to_day),
    level TEXT NOT NULL,
    kind TEXT NOT NULL,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    parent INTEGER REFERENCES unit (id),
    home INTEGER NOT NULL REFERENCES unit (id),
    PRIMARY KEY (unit, from_day)
) STRICT, WITHOUT ROWID;
CREATE INDEX unit_span_code ON unit_span (code, from_day);

-- The closure of the dated tree: who stands under whom, itself included. Scope is read from here,
-- never from a code's first digits.
CREATE TABLE unit_within (
    ancestor INTEGER NOT NULL REFERENCES unit (id),
    unit INTEGER NOT NULL REFERENCES unit (id),
    from_day INTEGER NOT NULL,
    to_day INTEGER NOT NULL CHECK (from_day < to_day),
    PRIMARY KEY (ancestor, unit, from_day)
) STRICT, WITHOUT ROWID;
CREATE INDEX unit_within_up ON unit_within (unit, ancestor, from_day);

-- How units came from one another (沿革). `from_unit` is NULL for a new unit, `to_unit` for one
-- whose successor is unknown or that ended. A share is the part of `from_unit` that went over.
-- `home` is the partition of `to_unit`, else of `from_unit`.
CREATE TABLE lineage (
    id INTEGER PRIMARY KEY,
    home INTEGER NOT NULL REFERENCES unit (id),
    day INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('rename', 'recode', 'transfer', 'upgrade', 'merge', 'split',
                                       'create', 'abolish')),
    from_unit INTEGER REFERENCES unit (id),
    to_unit INTEGER REFERENCES unit (id),
    share_num INTEGER NOT NULL DEFAULT 1,
    share_den INTEGER NOT NULL DEFAULT 1,
    confidence INTEGER NOT NULL CHECK (confidence BETWEEN 0 AND 1000),
    reason TEXT NOT NULL,
    reason_count INTEGER NOT NULL DEFAULT 0,
    state TEXT NOT NULL CHECK (state IN ('proposed', 'confirmed', 'rejected')),
    basis TEXT NOT NULL DEFAULT '',
    batch INTEGER NOT NULL REFERENCES batch (id),
    decided_batch INTEGER REFERENCES batch (id),
    at_ms INTEGER NOT NULL,
    actor TEXT NOT NULL,
    CHECK (from_unit IS NOT NULL OR to_unit IS NOT NULL),
    CHECK (share_num BETWEEN 0 AND share_den AND share_den > 0)
) STRICT;
CREATE INDEX lineage_from ON lineage (from_unit, day);
CREATE INDEX lineage_to ON lineage (to_unit, day);
CREATE INDEX lineage_day ON lineage (day, state);
