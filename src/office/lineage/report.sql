-- register_days() -> as_of -- scans: one row a register
SELECT as_of FROM register ORDER BY as_of;

-- span_of_code(code) -> unit
SELECT u.same_as FROM unit_span AS s JOIN unit AS u ON u.id = s.unit
 WHERE s.code = :code ORDER BY s.to_day DESC, s.from_day DESC LIMIT 1;

-- spans_of_unit(unit) -> from_day, to_day, code, name
SELECT from_day, to_day, code, name FROM unit_span
 WHERE unit IN (SELECT :unit UNION ALL SELECT id FROM unit WHERE same_as = :unit AND same_as <> id)
 ORDER BY from_day;
