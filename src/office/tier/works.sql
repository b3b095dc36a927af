-- plans_before(scheme, period) -> id, root_id, rests_on -- scans: one row a run
SELECT r.id, r.root_id, coalesce(r.rests_on, 0)
  FROM run AS r JOIN approval AS a ON a.run_id = r.id
 WHERE r.kind = 'plan' AND r.scheme = :scheme AND r.period < :period
 ORDER BY r.period, r.id;

-- works_of_plan(run_id) -> unit_id, measure, level, year -- scans: one row a partition
WITH RECURSIVE home (id) AS
    (SELECT min(home_id) FROM plan_work
     UNION ALL
     SELECT (SELECT min(home_id) FROM plan_work WHERE home_id > home.id)
       FROM home WHERE id IS NOT NULL)
SELECT w.unit_id, w.measure, w.level, w.year
  FROM home JOIN plan_work AS w ON w.home_id = home.id AND w.run_id = :run_id
 ORDER BY w.home_id, w.unit_id, w.year;
