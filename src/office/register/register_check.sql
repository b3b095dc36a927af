-- register_files() -> as_of, file_sha256, file_name -- scans: all are checked
SELECT r.as_of, r.file_sha256, b.file_name
  FROM register AS r JOIN batch AS b ON b.id = r.batch ORDER BY r.as_of;
