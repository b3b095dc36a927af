-- file_add(sha256, name, byte_count, at_ms, actor)
INSERT INTO file (sha256, name, byte_count, at_ms, actor)
VALUES (:sha256, :name, :byte_count, :at_ms, :actor)
    ON CONFLICT (sha256) DO NOTHING;

-- file_list() -> sha256 -- scans: all are looked at
SELECT sha256 FROM file ORDER BY sha256;

-- batch_insert(id, kind, state, file_sha256, file_name, period, reverts, reason, at_ms, actor)
INSERT INTO batch (id, kind, state, file_sha256, file_name, period, reverts, reason, at_ms, actor)
VALUES (:id, :kind, :state, :file_sha256, :file_name, :period, :reverts, :reason, :at_ms, :actor);

-- batch_set_counts(id, unit_count, value_count, changed_count)
UPDATE batch SET unit_count = :unit_count, value_count = :value_count,
                 changed_count = :changed_count
 WHERE id = :id;

-- batch_get(id)
--   -> id, kind, state, file_sha256, file_name, period, unit_count, value_count, changed_count,
--   reverts, reason, at_ms, actor
SELECT id, kind, state, file_sha256, file_name, period, unit_count, value_count, changed_count,
       coalesce(reverts, 0), reason, at_ms, actor
  FROM batch WHERE id = :id;

-- batch_list()
--   -> id, kind, state, file_sha256, file_name, period, unit_count, value_count, changed_count,
--   reverts, reason, at_ms, actor -- scans: all are listed
SELECT id, kind, state, file_sha256, file_name, period, unit_count, value_count, changed_count,
       coalesce(reverts, 0), reason, at_ms, actor
  FROM batch ORDER BY id DESC;

-- batch_revert(id)
UPDATE batch SET state = 'reverted' WHERE id = :id AND state = 'committed';

-- batch_newest() -> id
SELECT coalesce(max(id), 0) FROM batch;

-- batch_after(id) -> id, kind
SELECT b.id, coalesce(r.kind, b.kind)
  FROM batch AS b LEFT JOIN batch AS r ON r.id = b.reverts
 WHERE b.id > :id ORDER BY b.id;

-- batch_next(batch) -> id
SELECT id FROM batch
 WHERE id > :batch AND state = 'committed' AND kind <> 'revert' ORDER BY id LIMIT 1;
