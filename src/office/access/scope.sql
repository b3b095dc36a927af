-- scope_reaches(post_unit, unit, day) -> count
SELECT count(*) FROM unit_within AS w
 WHERE w.ancestor = (SELECT same_as FROM unit WHERE id = :post_unit)
   AND w.unit = (SELECT same_as FROM unit WHERE id = :unit)
   AND w.from_day <= :day
   AND (:day < w.to_day
        OR w.to_day = (SELECT max(x.to_day) FROM unit_within AS x WHERE x.unit = w.unit));
