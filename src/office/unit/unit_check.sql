-- check_alias() -> unit, day -- scans: all are checked
SELECT u.id, 0 FROM unit AS u JOIN unit AS o ON o.id = u.same_as WHERE o.same_as <> o.id
 ORDER BY u.id LIMIT 1;

-- check_days() -> unit, day -- scans: all are checked
SELECT unit, from_day FROM unit_span
 WHERE from_day NOT IN (SELECT as_of FROM register)
    OR (to_day <> 99991231 AND to_day NOT IN (SELECT as_of FROM register))
 ORDER BY unit, from_day LIMIT 1;

-- check_overlap() -> unit, day -- scans: all are checked
SELECT who, from_day
  FROM (SELECT u.same_as AS who, s.from_day AS from_day, s.to_day AS to_day,
               lead(s.from_day) OVER (PARTITION BY u.same_as ORDER BY s.from_day, s.to_day) AS next
          FROM unit_span AS s JOIN unit AS u ON u.id = s.unit) AS spans
 WHERE next < to_day ORDER BY who, from_day LIMIT 1;

-- check_parent() -> unit, day -- scans: all are checked
SELECT s.unit, s.from_day FROM unit_span AS s
 WHERE s.parent IS NOT NULL
   AND NOT EXISTS (SELECT 1 FROM unit_span AS p WHERE p.unit = s.parent
                      AND p.from_day <= s.from_day AND s.from_day < p.to_day)
 ORDER BY s.unit, s.from_day LIMIT 1;

-- check_within() -> unit, day -- scans: all are checked
SELECT s.unit, s.from_day
  FROM unit_span AS s JOIN unit AS u ON u.id = s.unit LEFT JOIN unit AS p ON p.id = s.parent
 WHERE NOT EXISTS (SELECT 1 FROM unit_within AS w
                    WHERE w.unit = u.same_as AND w.ancestor = coalesce(p.same_as, u.same_as)
                      AND w.from_day <= s.from_day AND s.from_day < w.to_day)
 ORDER BY s.unit, s.from_day LIMIT 1;

-- check_count() -> unit_count, day -- scans: all are checked
SELECT r.unit_count, r.as_of FROM register AS r
 WHERE r.unit_count <> (SELECT count(*) FROM unit_span AS s
                         WHERE s.from_day <= r.as_of AND r.as_of < s.to_day)
 ORDER BY r.as_of LIMIT 1;

-- check_code(unit, day) -> code
SELECT s.code FROM unit_span AS s WHERE s.unit = :unit AND s.from_day = :day;
