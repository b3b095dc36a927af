-- crosswalk_list(from_day, to_day) -> from_unit, to_unit, day, share_num, share_den
SELECT f.same_as, coalesce(t.same_as, 0), l.day, l.share_num, l.share_den
  FROM lineage AS l JOIN unit AS f ON f.id = l.from_unit LEFT JOIN unit AS t ON t.id = l.to_unit
 WHERE l.state = 'confirmed' AND l.kind IN ('merge', 'split')
   AND :from_day < l.day AND l.day <= :to_day
 ORDER BY f.same_as, l.day, l.id;
