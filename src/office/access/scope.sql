-- scope_above(unit, day) -> count
SELECT count(*) FROM unit_within AS w
 WHERE w.unit = (SELECT same_as FROM unit WHERE id = :unit) AND w.ancestor <> w.unit
   AND w.from_day <= :day AND :day < w.to_day;
