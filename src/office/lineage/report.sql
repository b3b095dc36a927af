-- register_days() -> as_of -- scans: one row a register
SELECT as_of FROM register ORDER BY as_of;

-- spans_of_unit(unit) -> from_day, to_day, code, name
SELECT from_day, to_day, code, name FROM unit_span
 WHERE unit IN (SELECT :unit UNION ALL SELECT id FROM unit WHERE same_as = :unit AND same_as <> id)
 ORDER BY from_day;
