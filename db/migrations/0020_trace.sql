-- The unforgeable trace: every log is a Merkle tree, and signed checkpoints stand over all of them.

-- The tree of one log as little as can grow on: one hash a one in its size, the largest first.
CREATE TABLE event_head (
    log_id INTEGER PRIMARY KEY,
    algorithm INTEGER NOT NULL,
    size INTEGER NOT NULL,
    peaks BLOB NOT NULL
) STRICT;

-- Perfect subtrees of 16 leaves and more; smaller ones are made again from the events.
CREATE TABLE event_node (
    log_id INTEGER NOT NULL,
    level INTEGER NOT NULL,
    place INTEGER NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (log_id, level, place)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER event_node_is_kept BEFORE UPDATE ON event_node
BEGIN SELECT raise(ABORT, 'nodes are never changed'); END;
CREATE TRIGGER event_node_stays BEFORE DELETE ON event_node
BEGIN SELECT raise(ABORT, 'nodes are never deleted'); END;

-- Signed heads over the heads of all logs, as signed notes.
CREATE TABLE checkpoint (
    number INTEGER PRIMARY KEY,
    at_ms INTEGER NOT NULL,
    note TEXT NOT NULL
) STRICT;
CREATE TRIGGER checkpoint_is_kept BEFORE UPDATE ON checkpoint
BEGIN SELECT raise(ABORT, 'checkpoints are never changed'); END;
CREATE TRIGGER checkpoint_stays BEFORE DELETE ON checkpoint
BEGIN SELECT raise(ABORT, 'checkpoints are never deleted'); END;

-- The head of a log that had grown since the checkpoint before. At a checkpoint, a log's head is
-- its newest row of that number or less.
CREATE TABLE checkpoint_log (
    log_id INTEGER NOT NULL,
    number INTEGER NOT NULL REFERENCES checkpoint (number),
    size INTEGER NOT NULL,
    root BLOB NOT NULL,
    PRIMARY KEY (log_id, number)
) STRICT, WITHOUT ROWID;
