-- result_add(home_id, run_id, unit_id, tier, reason, rank, score, coverage, optimistic, counts)
INSERT INTO tier_result (home_id, run_id, unit_id, tier, reason, rank, score, coverage, optimistic,
                         counts)
VALUES (:home_id, :run_id, :unit_id, :tier, :reason, :rank, :score, :coverage, :optimistic,
        :counts);

-- result_list(run_id) -> unit_id, tier, reason, rank, score -- scans: one row a partition
WITH RECURSIVE home (id) AS
    (SELECT min(home_id) FROM tier_result
     UNION ALL
     SELECT (SELECT min(home_id) FROM tier_result WHERE home_id > home.id)
       FROM home WHERE id IS NOT NULL)
SELECT r.unit_id, r.tier, r.reason, r.rank, r.score
  FROM home JOIN tier_result AS r ON r.home_id = home.id AND r.run_id = :run_id
 ORDER BY r.home_id, r.unit_id;

-- override_add(home_id, unit_id, scheme, at_ms, tier, reason, actor)
INSERT INTO tier_override (home_id, unit_id, scheme, at_ms, tier, reason, actor)
VALUES (:home_id, :unit_id, :scheme, :at_ms, :tier, :reason, :actor);

-- override_list(scheme) -> unit_id, tier -- scans: one row an exception that a person made
SELECT unit_id, tier FROM tier_override WHERE scheme = :scheme ORDER BY unit_id, at_ms;
