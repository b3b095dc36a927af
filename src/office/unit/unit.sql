-- register_at(day) -> as_of
SELECT max(as_of) FROM register WHERE as_of <= :day;

-- register_oldest() -> as_of
SELECT min(as_of) FROM register;

-- unit_of_code(code) -> unit
SELECT u.same_as FROM unit_span AS s JOIN unit AS u ON u.id = s.unit
 WHERE s.code = :code ORDER BY s.to_day DESC, s.from_day DESC LIMIT 1;

-- unit_span_at(day) -> unit, level, kind, code, name, parent, home
--   -- scans: most spans hold on any day
SELECT unit, level, kind, code, name, coalesce(parent, 0), home
  FROM unit_span WHERE from_day <= :day AND :day < to_day ORDER BY unit;

-- unit_alias_count() -> count -- scans: its index holds the aliases alone
SELECT count(*) FROM unit WHERE same_as <> id;

-- unit_alias_list() -> id, same_as -- scans: all are wanted
SELECT id, same_as FROM unit WHERE same_as <> id ORDER BY id;

-- unit_address_list(unit) -> home, unit -- scans: the few places of one unit
SELECT home, unit
  FROM (SELECT s.home AS home, s.unit AS unit, s.from_day AS day
          FROM unit_span AS s
         WHERE s.unit IN (SELECT :unit UNION ALL
                          SELECT id FROM unit WHERE same_as = :unit AND same_as <> id)
        UNION ALL
        SELECT h.same_as, s.unit, s.from_day
          FROM unit_span AS s JOIN unit AS h ON h.id = s.home
         WHERE s.unit IN (SELECT :unit UNION ALL
                          SELECT id FROM unit WHERE same_as = :unit AND same_as <> id)
        UNION ALL
        SELECT s.home, :unit, s.from_day
          FROM unit_span AS s
         WHERE s.unit IN (SELECT id FROM unit WHERE same_as = :unit AND same_as <> id)
        UNION ALL
        SELECT h.same_as, :unit, s.from_day
          FROM unit_span AS s JOIN unit AS h ON h.id = s.home
         WHERE s.unit IN (SELECT id FROM unit WHERE same_as = :unit AND same_as <> id)) AS places
 GROUP BY home, unit ORDER BY min(day), home, unit;
