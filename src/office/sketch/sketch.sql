-- sketch_run_list(scheme) -> id, root_id, is_approved -- scans: one row a run, the newest first
SELECT r.id, r.root_id, CASE WHEN a.run_id IS NULL THEN 0 ELSE 1 END
  FROM run AS r LEFT JOIN approval AS a ON a.run_id = r.id
 WHERE r.kind = 'tier' AND r.scheme = :scheme ORDER BY r.id DESC;
