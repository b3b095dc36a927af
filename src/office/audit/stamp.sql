-- stamp_settings() -> key, value -- scans: all are stamped
SELECT key, value FROM office ORDER BY key;
