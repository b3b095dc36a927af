-- undo_approved(batch) -> id -- scans: one row a run
SELECT r.id FROM run AS r JOIN approval AS a ON a.run_id = r.id
 WHERE r.data_batch >= :batch ORDER BY r.id LIMIT 1;

-- undo_exception(at_ms) -> unit_id -- scans: one row an exception that a person made
SELECT unit_id FROM tier_override WHERE at_ms >= :at_ms
 ORDER BY home_id, unit_id, scheme, at_ms LIMIT 1;

-- undo_steps(batch)
--   -> id, day, kind, from_unit, to_unit, share_num, share_den, confidence, reason,
--   reason_count, state, basis, home -- scans: undoing decisions is rare
SELECT id, day, kind, coalesce(from_unit, 0), coalesce(to_unit, 0), share_num, share_den,
       confidence, reason, reason_count, state, basis, home
  FROM lineage WHERE decided_batch = :batch ORDER BY id;

-- undo_by_hand(batch) -- scans: undoing decisions is rare
DELETE FROM lineage WHERE batch = :batch;

-- undo_decided(batch) -- scans: undoing decisions is rare
UPDATE lineage SET state = 'proposed', basis = '', decided_batch = NULL WHERE decided_batch = :batch;

-- undo_root(unit) -> same_as
SELECT same_as FROM unit WHERE id = :unit;

-- undo_still(root)
--   -> id, day, kind, from_unit, to_unit, share_num, share_den, confidence, reason,
--   reason_count, state, basis, home
SELECT id, day, kind, coalesce(from_unit, 0), coalesce(to_unit, 0), share_num, share_den,
       confidence, reason, reason_count, state, basis, home
  FROM lineage
 WHERE from_unit IN (SELECT :root UNION ALL SELECT id FROM unit WHERE same_as = :root AND same_as <> id)
   AND state = 'confirmed' AND kind IN ('rename', 'recode', 'transfer', 'upgrade')
 ORDER BY day, id;

-- undo_within_unit(root)
DELETE FROM unit_within
 WHERE unit IN (SELECT :root UNION ALL SELECT id FROM unit WHERE same_as = :root AND same_as <> id)
   AND NOT EXISTS (SELECT 1 FROM unit_span AS s
                    WHERE s.unit = unit_within.unit AND s.from_day <= unit_within.from_day
                      AND unit_within.from_day < s.to_day);

-- undo_within_ancestor(root)
DELETE FROM unit_within
 WHERE ancestor IN (SELECT :root UNION ALL SELECT id FROM unit WHERE same_as = :root AND same_as <> id)
   AND NOT EXISTS (SELECT 1 FROM unit_span AS s
                    WHERE s.unit = unit_within.ancestor AND s.from_day <= unit_within.from_day
                      AND unit_within.from_day < s.to_day);

-- undo_join(root)
UPDATE unit SET same_as = id
 WHERE id IN (SELECT id FROM unit WHERE same_as = :root AND same_as <> id);
