-- all_units() -> id, same_as, batch -- scans: all are stamped
SELECT id, same_as, batch FROM unit ORDER BY id;

-- all_spans()
--   -> unit, from_day, to_day, level, kind, code, name, parent, home -- scans: all are stamped
SELECT unit, from_day, to_day, level, kind, code, name, parent, home
  FROM unit_span ORDER BY unit, from_day;

-- all_within() -> ancestor, unit, from_day, to_day -- scans: all are stamped
SELECT ancestor, unit, from_day, to_day FROM unit_within ORDER BY ancestor, unit, from_day;

-- all_lineage()
--   -> id, home, day, kind, from_unit, to_unit, share_num, share_den, confidence, reason,
--   reason_count, state, basis, batch, decided_batch, at_ms, actor -- scans: all are stamped
SELECT id, home, day, kind, from_unit, to_unit, share_num, share_den, confidence, reason,
       reason_count, state, basis, batch, decided_batch, at_ms, actor
  FROM lineage ORDER BY id;
