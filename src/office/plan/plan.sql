-- wish_list() -> unit_id, measure, is_veto, support -- scans: all are wanted
SELECT unit_id, measure, is_veto, support FROM wish ORDER BY batch_id;

-- work_rows(run_id)
--   -> home_id, run_id, unit_id, measure, level, year, recipe, cost_fen -- scans: one row a partition
WITH RECURSIVE home (id) AS
    (SELECT min(home_id) FROM plan_work
     UNION ALL
     SELECT (SELECT min(home_id) FROM plan_work WHERE home_id > home.id)
       FROM home WHERE id IS NOT NULL)
SELECT w.home_id, w.run_id, w.unit_id, w.measure, w.level, w.year, w.recipe, w.cost_fen
  FROM home JOIN plan_work AS w ON w.home_id = home.id AND w.run_id = :run_id
 ORDER BY w.home_id, w.unit_id, w.measure, w.level;

-- work_keys() -> run_id -- scans: all are checked
SELECT DISTINCT run_id FROM plan_work ORDER BY run_id;

-- work_add(home_id, run_id, unit_id, measure, level, year, recipe, cost_fen)
INSERT INTO plan_work (home_id, run_id, unit_id, measure, level, year, recipe, cost_fen)
VALUES (:home_id, :run_id, :unit_id, :measure, :level, :year, :recipe, :cost_fen);

-- work_list(home_id, run_id, unit_id) -> measure, level, year, recipe, cost_fen
SELECT measure, level, year, recipe, cost_fen FROM plan_work
 WHERE home_id = :home_id AND run_id = :run_id AND unit_id = :unit_id ORDER BY year, measure;
