-- check_joined() -> id, day -- scans: all are checked
SELECT l.id, l.day
  FROM lineage AS l JOIN unit AS f ON f.id = l.from_unit JOIN unit AS t ON t.id = l.to_unit
 WHERE l.state = 'confirmed' AND l.kind IN ('rename', 'recode', 'transfer', 'upgrade')
   AND f.same_as <> t.same_as ORDER BY l.id LIMIT 1;

-- check_alias_told() -> id, day -- scans: all are checked
SELECT u.id, 0 FROM unit AS u
 WHERE u.same_as <> u.id
   AND NOT EXISTS (SELECT 1 FROM lineage AS l WHERE l.to_unit = u.id AND l.state = 'confirmed'
                      AND l.kind IN ('rename', 'recode', 'transfer', 'upgrade'))
 ORDER BY u.id LIMIT 1;

-- check_shares() -> id, day
SELECT min(l.id), l.day FROM lineage AS l JOIN unit AS f ON f.id = l.from_unit
 WHERE l.state = 'confirmed' AND l.kind IN ('merge', 'split') AND l.to_unit IS NOT NULL
 GROUP BY f.same_as, l.day
HAVING sum(1.0 * l.share_num / l.share_den) > 1.000000001 ORDER BY 1 LIMIT 1;

-- check_decided() -> id, day -- scans: all are checked
SELECT id, day FROM lineage WHERE (state = 'proposed') <> (decided_batch IS NULL)
 ORDER BY id LIMIT 1;

-- decided_list()
--   -> id, day, kind, from_unit, to_unit, share_num, share_den, confidence, reason,
--   reason_count, state, basis, home, batch -- scans: all are checked
SELECT id, day, kind, coalesce(from_unit, 0), coalesce(to_unit, 0), share_num, share_den,
       confidence, reason, reason_count, state, basis, home, decided_batch
  FROM lineage WHERE decided_batch IS NOT NULL ORDER BY decided_batch, id;

-- batch_stands(batch) -> count
SELECT count(*) FROM batch WHERE id = :batch AND state = 'committed';
