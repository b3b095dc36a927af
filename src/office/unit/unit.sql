-- register_at(day) -> as_of -- indexed
SELECT max(as_of) FROM register WHERE as_of <= :day;

-- register_oldest() -> as_of -- indexed
SELECT min(as_of) FROM register;

-- unit_span_at(day) -> unit, level, kind, code, name, parent, home
SELECT unit, level, kind, code, name, coalesce(parent, 0), home
  FROM unit_span WHERE from_day <= :day AND :day < to_day ORDER BY unit;

-- unit_alias_count() -> count
SELECT count(*) FROM unit WHERE same_as <> id;

-- unit_alias_list() -> id, same_as
SELECT id, same_as FROM unit WHERE same_as <> id ORDER BY id;

-- unit_address_list(unit) -> home, unit -- indexed
SELECT s.home, s.unit
  FROM unit_span AS s
 WHERE s.unit = :unit OR s.unit IN (SELECT id FROM unit WHERE same_as = :unit AND same_as <> id)
 GROUP BY s.home, s.unit ORDER BY min(s.from_day), s.home, s.unit;
