-- pin_logs() -> log_id, size -- scans: one row a log
SELECT log_id, size FROM event_head ORDER BY log_id;

-- pin_kinds(log_id, seq) -> kind
SELECT DISTINCT kind FROM event WHERE log_id = :log_id AND seq > :seq ORDER BY kind;
