-- event_last(log_id) -> seq
SELECT coalesce(max(seq), 0) FROM event WHERE log_id = :log_id;

-- event_insert(log_id, seq, at_ms, actor, kind, cause_log_id, cause_seq, body, digest)
INSERT INTO event (log_id, seq, at_ms, actor, kind, cause_log_id, cause_seq, body, digest)
VALUES (:log_id, :seq, :at_ms, :actor, :kind, :cause_log_id, :cause_seq, :body, :digest);

-- event_list(log_id)
--   -> seq, at_ms, actor, kind, cause_log_id, cause_seq, body, digest
SELECT seq, at_ms, actor, kind, cause_log_id, cause_seq, body, digest
  FROM event WHERE log_id = :log_id ORDER BY seq;
