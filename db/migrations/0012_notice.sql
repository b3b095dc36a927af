-- What follows an approval of tiers: the notice to the public, objections to it, decisions on them.
CREATE TABLE notice (
    id INTEGER PRIMARY KEY,
    run_id INTEGER NOT NULL UNIQUE REFERENCES run (id),
    unit INTEGER NOT NULL REFERENCES unit (id), -- of the run
    from_day INTEGER NOT NULL,
    to_day INTEGER NOT NULL CHECK (from_day < to_day), -- the first day it hangs no more
    place TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'closed')),
    at_ms INTEGER NOT NULL,
    actor TEXT NOT NULL
) STRICT;

-- `who`, `text` and `ground` are personal: the trace has a salted digest of them.
CREATE TABLE appeal (
    home_id INTEGER NOT NULL,
    id INTEGER NOT NULL,
    notice INTEGER NOT NULL REFERENCES notice (id),
    unit_id INTEGER NOT NULL,
    who TEXT NOT NULL,
    text TEXT NOT NULL,
    ground TEXT NOT NULL,
    salt BLOB NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'upheld', 'dismissed')),
    answer TEXT NOT NULL DEFAULT '',
    at_ms INTEGER NOT NULL,
    person INTEGER, -- who put it on record, NULL: the owner
    actor TEXT NOT NULL,
    answered_ms INTEGER NOT NULL DEFAULT 0,
    answered_by TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (home_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX appeal_notice ON appeal (notice, state);
