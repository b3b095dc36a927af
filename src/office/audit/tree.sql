-- head_get(log_id) -> algorithm, size, peaks
SELECT algorithm, size, peaks FROM event_head WHERE log_id = :log_id;

-- head_put(log_id, algorithm, size, peaks)
INSERT INTO event_head (log_id, algorithm, size, peaks)
VALUES (:log_id, :algorithm, :size, :peaks)
    ON CONFLICT (log_id) DO UPDATE SET algorithm = excluded.algorithm, size = excluded.size,
                                       peaks = excluded.peaks;

-- node_add(log_id, level, place, hash)
INSERT INTO event_node (log_id, level, place, hash) VALUES (:log_id, :level, :place, :hash);

-- node_get(log_id, level, place) -> hash
SELECT hash FROM event_node WHERE log_id = :log_id AND level = :level AND place = :place;

-- tree_logs() -> log_id -- scans: one row a log
WITH RECURSIVE log (id) AS
    (SELECT min(log_id) FROM event
     UNION ALL
     SELECT (SELECT min(log_id) FROM event WHERE log_id > log.id) FROM log WHERE id IS NOT NULL)
SELECT id FROM log WHERE id IS NOT NULL ORDER BY id;
