-- logs_every() -> log_id -- scans: all are checked
SELECT log_id FROM event UNION SELECT log_id FROM event_head UNION SELECT log_id FROM event_node
 UNION SELECT log_id FROM checkpoint_log ORDER BY log_id;

-- logs_roots(log_id) -> size, root
SELECT size, root FROM checkpoint_log WHERE log_id = :log_id ORDER BY number;

-- logs_node(log_id, level, place) -> hash
SELECT hash FROM event_node WHERE log_id = :log_id AND level = :level AND place = :place;

-- logs_node_count(log_id) -> count
SELECT count(*) FROM event_node WHERE log_id = :log_id;

-- logs_head(log_id) -> algorithm, size, peaks
SELECT algorithm, size, peaks FROM event_head WHERE log_id = :log_id;
