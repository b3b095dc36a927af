-- setting_get(key) -> value
SELECT value FROM office WHERE key = :key;

-- setting_put(key, value)
INSERT INTO office (key, value) VALUES (:key, :value)
    ON CONFLICT (key) DO UPDATE SET value = excluded.value;

-- scope_lies_in(above, unit, day) -> count
SELECT count(*) FROM unit_within AS w
 WHERE w.ancestor = (SELECT same_as FROM unit WHERE id = :above)
   AND w.unit = (SELECT same_as FROM unit WHERE id = :unit)
   AND w.from_day <= :day
   AND (:day < w.to_day
        OR w.to_day = (SELECT max(x.to_day) FROM unit_within AS x WHERE x.unit = w.unit));
