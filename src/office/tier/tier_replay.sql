-- run_rows(id)
--   -> id, kind, scheme, period, register_day, root_id, programme_sha256, data_batch, program,
--   seed, draws, rests_on, summary, at_ms, actor
SELECT id, kind, scheme, period, register_day, root_id, programme_sha256, data_batch, program,
       seed, draws, rests_on, summary, at_ms, actor
  FROM run WHERE id = :id;

-- run_keys() -> id -- scans: all are checked
SELECT id FROM run ORDER BY id;

-- approval_get(run_id) -> resolution, at_ms, actor
SELECT resolution, at_ms, actor FROM approval WHERE run_id = :run_id;

-- approval_count() -> count -- scans: all are counted
SELECT count(*) FROM approval;

-- result_rows(run_id)
--   -> home_id, run_id, unit_id, tier, reason, rank, score, coverage, optimistic, counts
--   -- scans: one row a partition
WITH RECURSIVE home (id) AS
    (SELECT min(home_id) FROM tier_result
     UNION ALL
     SELECT (SELECT min(home_id) FROM tier_result WHERE home_id > home.id)
       FROM home WHERE id IS NOT NULL)
SELECT r.home_id, r.run_id, r.unit_id, r.tier, r.reason, r.rank, r.score, r.coverage,
       r.optimistic, r.counts
  FROM home JOIN tier_result AS r ON r.home_id = home.id AND r.run_id = :run_id
 ORDER BY r.home_id, r.unit_id;

-- result_keys() -> run_id -- scans: all are checked
SELECT DISTINCT run_id FROM tier_result ORDER BY run_id;

-- override_get(home_id, unit_id, scheme, at_ms) -> tier, reason, actor
SELECT tier, reason, actor FROM tier_override
 WHERE home_id = :home_id AND unit_id = :unit_id AND scheme = :scheme AND at_ms = :at_ms;

-- override_count() -> count -- scans: all are counted
SELECT count(*) FROM tier_override;
