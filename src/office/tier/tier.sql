-- result_add(home_id, run_id, unit_id, tier, reason, rank, score, coverage, optimistic, counts)
INSERT INTO tier_result (home_id, run_id, unit_id, tier, reason, rank, score, coverage, optimistic,
                         counts)
VALUES (:home_id, :run_id, :unit_id, :tier, :reason, :rank, :score, :coverage, :optimistic,
        :counts);

-- result_list(run_id) -> unit_id, tier, reason, rank, score
SELECT unit_id, tier, reason, rank, score FROM tier_result WHERE run_id = :run_id
 ORDER BY home_id, unit_id;

-- override_add(home_id, unit_id, scheme, at_ms, tier, reason, actor)
INSERT INTO tier_override (home_id, unit_id, scheme, at_ms, tier, reason, actor)
VALUES (:home_id, :unit_id, :scheme, :at_ms, :tier, :reason, :actor);

-- override_list(scheme) -> unit_id, tier
SELECT unit_id, tier FROM tier_override WHERE scheme = :scheme ORDER BY unit_id, at_ms;
