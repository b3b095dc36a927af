-- checkpoints_every() -> number, at_ms, note -- scans: all are checked
SELECT number, at_ms, note FROM checkpoint ORDER BY number;

-- checkpoints_listed() -> number, log_id, size, root -- scans: all are checked
SELECT number, log_id, size, root FROM checkpoint_log ORDER BY number, log_id;

-- checkpoints_covered() -> log_id, size -- scans: all are checked
SELECT log_id, size FROM event_head ORDER BY log_id;
