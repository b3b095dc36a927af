-- What needs two persons: proposed by one, decided by another who holds another post, in another
-- session. `proposer` NULL is the owner at the command line, who decides alone, and it is on record
-- that he did. Whatever path leads here, nobody approves what he proposed.
CREATE TABLE proposal (
    id INTEGER PRIMARY KEY,
    matter TEXT NOT NULL CHECK (matter IN ('tier.override', 'run.tiers', 'run.plan', 'export.bulk',
                                           'backup.restore')),
    unit INTEGER REFERENCES unit (id), -- whose scope it lies in; NULL: the whole office
    target INTEGER NOT NULL, -- a unit, a run
    topic TEXT NOT NULL,
    wanted TEXT NOT NULL,
    digest BLOB NOT NULL, -- of what was proposed, as it was then
    reason TEXT NOT NULL,
    resolved_by TEXT NOT NULL, -- the resolution: body, day (0: not said), minutes, document
    resolved_day INTEGER NOT NULL,
    minutes TEXT NOT NULL,
    document BLOB,
    state TEXT NOT NULL CHECK (state IN ('proposed', 'approved', 'refused', 'withdrawn', 'done')),
    proposer INTEGER REFERENCES person (id),
    proposer_post TEXT NOT NULL,
    proposer_session INTEGER NOT NULL,
    actor TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    ends_ms INTEGER NOT NULL,
    decider INTEGER REFERENCES person (id),
    decider_post TEXT NOT NULL DEFAULT '',
    decider_session INTEGER NOT NULL DEFAULT 0,
    decided_by TEXT NOT NULL DEFAULT '',
    decided_ms INTEGER NOT NULL DEFAULT 0,
    remark TEXT NOT NULL DEFAULT '',
    CHECK (decider IS NULL OR (proposer IS NOT NULL AND decider <> proposer
                               AND decider_post <> proposer_post
                               AND decider_session <> proposer_session)),
    CHECK (state IN ('proposed', 'withdrawn') OR decider IS NOT NULL OR proposer IS NULL)
) STRICT;
CREATE INDEX proposal_state ON proposal (state, id);
CREATE INDEX proposal_target ON proposal (target, matter);
