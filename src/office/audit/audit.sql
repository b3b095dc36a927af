-- event_insert(log_id, seq, at_ms, actor, kind, cause_log_id, cause_seq, body, digest)
INSERT INTO event (log_id, seq, at_ms, actor, kind, cause_log_id, cause_seq, body, digest)
VALUES (:log_id, :seq, :at_ms, :actor, :kind, :cause_log_id, :cause_seq, :body, :digest);

-- event_list(log_id)
--   -> seq, at_ms, actor, kind, cause_log_id, cause_seq, body, digest
SELECT seq, at_ms, actor, kind, cause_log_id, cause_seq, body, digest
  FROM event WHERE log_id = :log_id ORDER BY seq;

-- event_between(log_id, first, last)
--   -> seq, at_ms, actor, kind, cause_log_id, cause_seq, body, digest
SELECT seq, at_ms, actor, kind, cause_log_id, cause_seq, body, digest
  FROM event WHERE log_id = :log_id AND seq BETWEEN :first AND :last ORDER BY seq;

-- event_logs() -> log_id -- scans: one row a log
WITH RECURSIVE log (id) AS
    (SELECT min(log_id) FROM event
     UNION ALL
     SELECT (SELECT min(log_id) FROM event WHERE log_id > log.id) FROM log WHERE id IS NOT NULL)
SELECT id FROM log WHERE id IS NOT NULL ORDER BY id;

-- event_of_kind(kind)
--   -> log_id, seq, at_ms, actor, kind, cause_log_id, cause_seq, body, digest -- scans: all are checked
SELECT log_id, seq, at_ms, actor, kind, cause_log_id, cause_seq, body, digest
  FROM event WHERE kind = :kind ORDER BY log_id, seq;
