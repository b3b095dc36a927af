-- lineage_get(id)
--   -> id, day, kind, from_unit, to_unit, share_num, share_den, confidence, reason,
--   reason_count, state, basis, home
SELECT id, day, kind, coalesce(from_unit, 0), coalesce(to_unit, 0), share_num, share_den,
       confidence, reason, reason_count, state, basis, home
  FROM lineage WHERE id = :id;

-- lineage_decide(id, state, basis, batch)
UPDATE lineage SET state = :state, basis = :basis, decided_batch = :batch
 WHERE id = :id AND state = 'proposed';

-- lineage_given(unit, day) -> share_num, share_den
SELECT share_num, share_den FROM lineage
 WHERE from_unit IN (SELECT :unit UNION ALL SELECT id FROM unit WHERE same_as = :unit AND same_as <> id)
   AND day = :day AND state = 'confirmed' AND kind IN ('merge', 'split') AND to_unit IS NOT NULL
 ORDER BY id;

-- lineage_by_hand_count(from_unit, to_unit, day) -> count
SELECT count(*) FROM lineage AS l JOIN unit AS t ON t.id = l.to_unit
 WHERE l.from_unit = :from_unit AND l.day = :day AND l.state = 'confirmed' AND l.reason = 'by_hand'
   AND t.same_as = :to_unit;

-- unit_root_id(unit) -> same_as
SELECT same_as FROM unit WHERE id = :unit;

-- unit_days(unit) -> first, last
SELECT coalesce(min(from_day), 0), coalesce(max(to_day), 0) FROM unit_span
 WHERE unit IN (SELECT :unit UNION ALL SELECT id FROM unit WHERE same_as = :unit AND same_as <> id);

-- unit_join(alias, older)
UPDATE unit SET same_as = :older WHERE id IN (SELECT :alias UNION ALL SELECT id FROM unit
 WHERE same_as = :alias AND same_as <> id);

-- within_join_unit(alias, older)
INSERT INTO unit_within (ancestor, unit, from_day, to_day)
SELECT CASE ancestor WHEN :alias THEN :older ELSE ancestor END, :older, from_day, to_day
  FROM unit_within WHERE unit = :alias
    ON CONFLICT (ancestor, unit, from_day) DO NOTHING;

-- within_join_ancestor(alias, older)
INSERT INTO unit_within (ancestor, unit, from_day, to_day)
SELECT :older, unit, from_day, to_day
  FROM unit_within WHERE ancestor = :alias
    ON CONFLICT (ancestor, unit, from_day) DO NOTHING;
