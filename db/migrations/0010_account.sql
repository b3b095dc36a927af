-- Who works in the office: persons, the posts they hold, how they are known, their sessions.
-- Reference tables: small, and the same on every node. Days are yyyymmdd, as in 0002.

-- `kind` never changes: officials hold posts of the programme, each administrator its own. What a
-- person chose as a password is kept as its record (crypt.h), '' until there is one.
CREATE TABLE person (
    id INTEGER PRIMARY KEY,
    login TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('official', 'system', 'security', 'audit')),
    state TEXT NOT NULL CHECK (state IN ('invited', 'active', 'disabled')),
    password TEXT NOT NULL DEFAULT '',
    totp BLOB, -- the secret, sealed with the key of the data directory
    totp_step INTEGER NOT NULL DEFAULT 0, -- last step used; 0: offered, not yet confirmed
    at_ms INTEGER NOT NULL,
    actor TEXT NOT NULL,
    UNIQUE (id, kind)
) STRICT;

-- A post held at a unit from a day up to, not including, another. The kind goes with the person's:
-- nobody is two administrators, or an administrator and an official. An administrator's post is
-- for the whole office: `unit` is NULL.
CREATE TABLE post_held (
    id INTEGER PRIMARY KEY,
    person INTEGER NOT NULL,
    kind TEXT NOT NULL,
    post TEXT NOT NULL,
    unit INTEGER REFERENCES unit (id),
    from_day INTEGER NOT NULL,
    to_day INTEGER NOT NULL CHECK (from_day <= to_day),
    at_ms INTEGER NOT NULL,
    actor TEXT NOT NULL,
    FOREIGN KEY (person, kind) REFERENCES person (id, kind),
    CHECK ((kind = 'official') = (unit IS NOT NULL)),
    CHECK (kind <> 'official' OR post NOT IN ('system', 'security', 'audit')),
    CHECK (kind = 'official' OR post = kind)
) STRICT;
CREATE INDEX post_held_person ON post_held (person, from_day);
CREATE INDEX post_held_unit ON post_held (unit);

-- What lets a person choose a first or a new password, once, within some days: by hash.
CREATE TABLE start_token (
    sha256 BLOB PRIMARY KEY,
    person INTEGER NOT NULL REFERENCES person (id),
    ends_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX start_token_person ON start_token (person);

-- For the day the telephone is lost: by hash, each good once.
CREATE TABLE recovery_code (
    person INTEGER NOT NULL REFERENCES person (id),
    sha256 BLOB NOT NULL,
    PRIMARY KEY (person, sha256)
) STRICT, WITHOUT ROWID;

-- Failed log-ins by the hash of the name that was typed, whether anybody bears it or not.
CREATE TABLE login_failure (
    login_sha256 BLOB PRIMARY KEY,
    failures INTEGER NOT NULL,
    wait_until_ms INTEGER NOT NULL,
    at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX login_failure_at ON login_failure (at_ms);

-- Who is logged in, by the hash of the token. A token for programs is a session, too: it has a
-- name, rights and a unit that it is held to, and no idle limit.
CREATE TABLE session (
    id INTEGER PRIMARY KEY,
    token_sha256 BLOB NOT NULL UNIQUE,
    person INTEGER NOT NULL REFERENCES person (id),
    is_token INTEGER NOT NULL CHECK (is_token IN (0, 1)),
    name TEXT NOT NULL, -- the device, or what the token is for
    rights INTEGER NOT NULL, -- bits; of a token
    unit INTEGER REFERENCES unit (id), -- of a token
    made_ms INTEGER NOT NULL,
    seen_ms INTEGER NOT NULL,
    fresh_ms INTEGER NOT NULL, -- when the person last proved who he is
    ends_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX session_person ON session (person, made_ms);
