-- value_get(home_id, period, unit_id) -> cells
SELECT cells FROM value WHERE home_id = :home_id AND period = :period AND unit_id = :unit_id;

-- value_set(home_id, period, unit_id, cells)
INSERT INTO value (home_id, period, unit_id, cells)
VALUES (:home_id, :period, :unit_id, :cells)
    ON CONFLICT (home_id, period, unit_id) DO UPDATE SET cells = excluded.cells;

-- value_homes(period) -> home_id -- scans: one row a partition
WITH RECURSIVE home (id) AS
    (SELECT min(home_id) FROM value
     UNION ALL
     SELECT (SELECT min(home_id) FROM value WHERE home_id > home.id) FROM home WHERE id IS NOT NULL)
SELECT id FROM home
 WHERE EXISTS (SELECT 1 FROM value WHERE home_id = home.id AND period = :period) ORDER BY id;

-- value_list(home_id, period) -> home_id, period, unit_id, cells
SELECT home_id, period, unit_id, cells FROM value
 WHERE home_id = :home_id AND period = :period ORDER BY unit_id;

-- history_add(home_id, unit_id, period, batch_id, cells)
INSERT INTO value_history (home_id, unit_id, period, batch_id, cells)
VALUES (:home_id, :unit_id, :period, :batch_id, :cells);

-- history_list(home_id, unit_id, period) -> home_id, period, unit_id, cells
SELECT home_id, period, unit_id, cells FROM value_history
 WHERE home_id = :home_id AND unit_id = :unit_id AND period = :period ORDER BY batch_id;

-- history_periods(home_id, unit_id) -> period
SELECT DISTINCT period FROM value_history
 WHERE home_id = :home_id AND unit_id = :unit_id ORDER BY period;

-- history_of_batch(batch_id) -> home_id, period, unit_id, cells
SELECT home_id, period, unit_id, cells FROM value_history
 WHERE batch_id = :batch_id ORDER BY home_id, unit_id, period;

-- conflict_add(home_id, unit_id, period, batch_id, cells)
INSERT INTO value_conflict (home_id, unit_id, period, batch_id, cells)
VALUES (:home_id, :unit_id, :period, :batch_id, :cells);

-- conflict_list(home_id, unit_id, period) -> home_id, period, unit_id, cells
SELECT c.home_id, c.period, c.unit_id, c.cells
  FROM value_conflict AS c JOIN batch AS b ON b.id = c.batch_id
 WHERE c.home_id = :home_id AND c.unit_id = :unit_id AND c.period = :period
   AND b.state = 'committed'
 ORDER BY c.batch_id;

-- conflict_all(period) -> home_id, period, unit_id, cells -- scans: all are listed
SELECT c.home_id, c.period, c.unit_id, c.cells
  FROM value_conflict AS c JOIN batch AS b ON b.id = c.batch_id
 WHERE (CAST(:period AS BIGINT) = 0 OR c.period = :period) AND b.state = 'committed'
 ORDER BY c.period, c.home_id, c.unit_id, c.batch_id;

-- indicator_numbers() -> id, number -- scans: all are wanted
SELECT id, number FROM indicator_number ORDER BY number;

-- indicator_number_add(id, number)
INSERT INTO indicator_number (id, number) VALUES (:id, :number);

-- source_numbers() -> id, number -- scans: all are wanted
SELECT id, number FROM source_number ORDER BY number;

-- source_number_add(id, number)
INSERT INTO source_number (id, number) VALUES (:id, :number);

-- value_all() -> home_id, period, unit_id, cells -- scans: all are checked
SELECT home_id, period, unit_id, cells FROM value ORDER BY home_id, period, unit_id;

-- history_lost() -> unit_id, period -- scans: all are checked
SELECT unit_id, period FROM value_history AS h
 WHERE NOT EXISTS (SELECT 1 FROM value AS v WHERE v.home_id = h.home_id AND v.period = h.period
                      AND v.unit_id = h.unit_id)
 ORDER BY home_id, unit_id, period LIMIT 1;

-- history_get(home_id, unit_id, period, batch_id) -> cells
SELECT cells FROM value_history
 WHERE home_id = :home_id AND unit_id = :unit_id AND period = :period AND batch_id = :batch_id;

-- history_count() -> count -- scans: all are counted
SELECT count(*) FROM value_history;
