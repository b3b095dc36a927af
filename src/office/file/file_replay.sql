-- file_get(sha256) -> name, byte_count, at_ms, actor
SELECT name, byte_count, at_ms, actor FROM file WHERE sha256 = :sha256;

-- file_count() -> count -- scans: all are counted
SELECT count(*) FROM file;

-- batch_rows(id)
--   -> id, kind, state, file_sha256, file_name, period, unit_count, value_count, changed_count,
--   reverts, reason, at_ms, actor
SELECT id, kind, state, file_sha256, file_name, period, unit_count, value_count, changed_count,
       reverts, reason, at_ms, actor
  FROM batch WHERE id = :id;

-- batch_keys() -> id -- scans: all are checked
SELECT id FROM batch ORDER BY id;
