-- unit_insert(id, batch)
INSERT INTO unit (id, same_as, batch) VALUES (:id, :id, :batch);

-- unit_span_open(unit, day, level, kind, code, name, parent, home)
INSERT INTO unit_span (unit, from_day, to_day, level, kind, code, name, parent, home)
VALUES (:unit, :day, 99991231, :level, :kind, :code, :name, :parent, :home);

-- unit_span_close(unit, day)
UPDATE unit_span SET to_day = :day
 WHERE to_day = 99991231
   AND unit IN (SELECT :unit UNION ALL
                SELECT id FROM unit WHERE same_as = :unit AND same_as <> id);

-- unit_within_open(ancestor, unit, day)
INSERT INTO unit_within (ancestor, unit, from_day, to_day)
VALUES (:ancestor, :unit, :day, 99991231);

-- unit_within_close(unit, day)
UPDATE unit_within SET to_day = :day
 WHERE to_day = 99991231
   AND unit IN (SELECT :unit UNION ALL
                SELECT id FROM unit WHERE same_as = :unit AND same_as <> id);
