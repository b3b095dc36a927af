-- checkpoint_logs() -> log_id -- scans: one row a log
SELECT log_id FROM event_head ORDER BY log_id;

-- checkpoint_last() -> number, note -- scans: one row is read
SELECT number, note FROM checkpoint ORDER BY number DESC LIMIT 1;

-- checkpoint_get(number) -> number, note
SELECT number, note FROM checkpoint WHERE number = :number;

-- checkpoint_add(number, at_ms, note)
INSERT INTO checkpoint (number, at_ms, note) VALUES (:number, :at_ms, :note);

-- checkpoint_heads(number) -> log_id, size, root -- scans: one row a log
SELECT h.log_id, c.size, c.root
  FROM event_head AS h JOIN checkpoint_log AS c ON c.log_id = h.log_id
 WHERE c.number = (SELECT max(number) FROM checkpoint_log
                    WHERE log_id = h.log_id AND number <= :number)
 ORDER BY h.log_id;

-- checkpoint_head_add(log_id, number, size, root)
INSERT INTO checkpoint_log (log_id, number, size, root) VALUES (:log_id, :number, :size, :root);
