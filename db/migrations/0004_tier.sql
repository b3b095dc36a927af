-- Runs of tiers and plans: what each rests on, and what it said.

CREATE TABLE run (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('tier', 'plan')),
    scheme TEXT NOT NULL,
    period INTEGER NOT NULL,
    register_day INTEGER NOT NULL,
    root_id INTEGER NOT NULL,
    programme_sha256 BLOB NOT NULL,
    data_batch INTEGER NOT NULL,
    program TEXT NOT NULL,
    seed INTEGER NOT NULL,
    draws INTEGER NOT NULL,
    rests_on INTEGER,
    summary BLOB NOT NULL,
    at_ms INTEGER NOT NULL,
    actor TEXT NOT NULL
) STRICT;

-- One place of one tier run. Scores in millionths; `counts` holds the draws that gave each tier.
CREATE TABLE tier_result (
    home_id INTEGER NOT NULL,
    run_id INTEGER NOT NULL,
    unit_id INTEGER NOT NULL,
    tier INTEGER NOT NULL,
    reason INTEGER NOT NULL,
    rank INTEGER NOT NULL,
    score INTEGER NOT NULL,
    coverage INTEGER NOT NULL,
    optimistic INTEGER NOT NULL,
    counts BLOB NOT NULL,
    PRIMARY KEY (home_id, run_id, unit_id)
) STRICT, WITHOUT ROWID;

-- A named person's exception to the rules; the newest one of a unit stands.
CREATE TABLE tier_override (
    home_id INTEGER NOT NULL,
    unit_id INTEGER NOT NULL,
    scheme TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    tier TEXT NOT NULL,
    reason TEXT NOT NULL,
    actor TEXT NOT NULL,
    PRIMARY KEY (home_id, unit_id, scheme, at_ms)
) STRICT, WITHOUT ROWID;

-- A run that a body resolved to carry out.
CREATE TABLE approval (
    run_id INTEGER PRIMARY KEY,
    resolution TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    actor TEXT NOT NULL
) STRICT;
