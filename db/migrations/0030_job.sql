-- Long work that somebody asked for from afar, from the asking to the answer. What it does to the
-- office is told by its own act, in whose transaction it ends; rows go some time after their end.
CREATE TABLE job (
    id INTEGER PRIMARY KEY,
    person INTEGER NOT NULL REFERENCES person (id),
    session INTEGER NOT NULL, -- through which it was asked; it may have ended since
    is_token INTEGER NOT NULL CHECK (is_token IN (0, 1)),
    fresh_ms INTEGER NOT NULL, -- of that session then
    work TEXT NOT NULL, -- what it is, as its door names it
    asked TEXT NOT NULL, -- all that was asked, as its door packs it
    body BLOB, -- the original that came with it, by hash; NULL: none
    state TEXT NOT NULL
        CHECK (state IN ('waiting', 'running', 'done', 'failed', 'cancelled', 'lost')),
    tries INTEGER NOT NULL DEFAULT 0, -- how often it was begun
    asked_ms INTEGER NOT NULL,
    begun_ms INTEGER NOT NULL DEFAULT 0,
    ended_ms INTEGER NOT NULL DEFAULT 0, -- 0: it has not ended
    status INTEGER NOT NULL DEFAULT 0, -- of the answer, and the rest of it, as its door gives it
    media TEXT NOT NULL DEFAULT '',
    file_name TEXT NOT NULL DEFAULT '',
    answer BLOB -- its bytes, kept like an original, by hash; NULL: there is none
) STRICT;
CREATE INDEX job_state ON job (state, id);
CREATE INDEX job_person ON job (person, id);
CREATE INDEX job_ended ON job (ended_ms);
