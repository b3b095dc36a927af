-- wish_list() -> unit_id, measure, is_veto, support -- scans: all are wanted
SELECT unit_id, measure, is_veto, support FROM wish ORDER BY batch_id;

-- work_add(home_id, run_id, unit_id, measure, level, year, recipe, cost_fen)
INSERT INTO plan_work (home_id, run_id, unit_id, measure, level, year, recipe, cost_fen)
VALUES (:home_id, :run_id, :unit_id, :measure, :level, :year, :recipe, :cost_fen);

-- work_list(home_id, run_id, unit_id) -> measure, level, year, recipe, cost_fen
SELECT measure, level, year, recipe, cost_fen FROM plan_work
 WHERE home_id = :home_id AND run_id = :run_id AND unit_id = :unit_id ORDER BY year, measure;
