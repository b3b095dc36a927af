-- indicator_number_rows() -> id, number -- scans: all are stamped
SELECT id, number FROM indicator_number ORDER BY id;

-- source_number_rows() -> id, number -- scans: all are stamped
SELECT id, number FROM source_number ORDER BY id;

-- standing_all() -> home_id, period, unit_id, cells -- scans: all are checked
SELECT home_id, period, unit_id, cells FROM value ORDER BY home_id, period, unit_id;

-- standing_lost() -> unit_id, period -- scans: all are checked
SELECT unit_id, period FROM value_history AS h
 WHERE NOT EXISTS (SELECT 1 FROM value AS v WHERE v.home_id = h.home_id AND v.period = h.period
                      AND v.unit_id = h.unit_id)
 ORDER BY home_id, unit_id, period LIMIT 1;

-- told_get(home_id, unit_id, period, batch_id) -> cells
SELECT cells FROM value_history
 WHERE home_id = :home_id AND unit_id = :unit_id AND period = :period AND batch_id = :batch_id;

-- history_cells(home_id, unit_id, period) -> cells
SELECT cells FROM value_history
 WHERE home_id = :home_id AND unit_id = :unit_id AND period = :period ORDER BY batch_id;

-- conflict_get(home_id, unit_id, period, batch_id) -> cells
SELECT cells FROM value_conflict
 WHERE home_id = :home_id AND unit_id = :unit_id AND period = :period AND batch_id = :batch_id;

-- conflict_count() -> count -- scans: all are counted
SELECT count(*) FROM value_conflict;

-- value_count() -> count -- scans: all are counted
SELECT count(*) FROM value;

-- told_count() -> count -- scans: all are counted
SELECT count(*) FROM value_history;
