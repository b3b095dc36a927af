-- lineage_insert(id, home, day, kind, from_unit, to_unit, share_num, share_den, confidence, reason,
--   reason_count, state, basis, batch, decided_batch, at_ms, actor)
INSERT INTO lineage (id, home, day, kind, from_unit, to_unit, share_num, share_den, confidence, reason,
                     reason_count, state, basis, batch, decided_batch, at_ms, actor)
VALUES (:id, :home, :day, :kind, :from_unit, :to_unit, :share_num, :share_den, :confidence, :reason,
        :reason_count, :state, :basis, :batch, :decided_batch, :at_ms, :actor);

-- lineage_list(from_day, to_day)
--   -> id, day, kind, from_unit, to_unit, share_num, share_den, confidence, reason,
--   reason_count, state, basis, home
SELECT id, day, kind, coalesce(from_unit, 0), coalesce(to_unit, 0), share_num, share_den,
       confidence, reason, reason_count, state, basis, home
  FROM lineage WHERE :from_day < day AND day <= :to_day ORDER BY day, id;

-- lineage_of_unit(unit)
--   -> id, day, kind, from_unit, to_unit, share_num, share_den, confidence, reason,
--   reason_count, state, basis, home
SELECT id, day, kind, coalesce(from_unit, 0), coalesce(to_unit, 0), share_num, share_den,
       confidence, reason, reason_count, state, basis, home
  FROM lineage
 WHERE id IN (SELECT id FROM lineage WHERE from_unit IN
                (SELECT :unit UNION ALL SELECT id FROM unit WHERE same_as = :unit AND same_as <> id)
              UNION
              SELECT id FROM lineage WHERE to_unit IN
                (SELECT :unit UNION ALL SELECT id FROM unit WHERE same_as = :unit AND same_as <> id))
 ORDER BY day, id;
