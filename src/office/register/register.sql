-- all_registers() -> as_of, batch, file_sha256, unit_count -- scans: all are stamped
SELECT as_of, batch, file_sha256, unit_count FROM register ORDER BY as_of;

-- register_newest() -> as_of, file_sha256 -- scans: one row, the last
SELECT as_of, file_sha256 FROM register ORDER BY as_of DESC LIMIT 1;

-- register_get(as_of) -> batch, file_sha256
SELECT batch, file_sha256 FROM register WHERE as_of = :as_of;

-- register_insert(as_of, batch, file_sha256, unit_count)
INSERT INTO register (as_of, batch, file_sha256, unit_count)
VALUES (:as_of, :batch, :file_sha256, :unit_count);
