-- run_insert(id, kind, scheme, period, register_day, root_id, programme_sha256, data_batch,
--   program, seed, draws, rests_on, summary, at_ms, actor)
INSERT INTO run (id, kind, scheme, period, register_day, root_id, programme_sha256, data_batch,
                 program, seed, draws, rests_on, summary, at_ms, actor)
VALUES (:id, :kind, :scheme, :period, :register_day, :root_id, :programme_sha256, :data_batch,
        :program, :seed, :draws, :rests_on, :summary, :at_ms, :actor);

-- run_get(id)
--   -> id, kind, scheme, period, register_day, root_id, programme_sha256, data_batch, program,
--   seed, draws, rests_on, summary, at_ms, actor, resolution
SELECT r.id, r.kind, r.scheme, r.period, r.register_day, r.root_id, r.programme_sha256,
       r.data_batch, r.program, r.seed, r.draws, coalesce(r.rests_on, 0), r.summary, r.at_ms,
       r.actor, coalesce(a.resolution, '')
  FROM run AS r LEFT JOIN approval AS a ON a.run_id = r.id WHERE r.id = :id;

-- run_of_kind(kind) -> id, root_id -- scans: one row a run, the newest first
SELECT id, root_id FROM run WHERE kind = :kind ORDER BY id DESC;

-- run_before(scheme, period)
--   -> id, kind, scheme, period, register_day, root_id, programme_sha256, data_batch, program,
--   seed, draws, rests_on, summary, at_ms, actor, resolution -- scans: one row a run
SELECT r.id, r.kind, r.scheme, r.period, r.register_day, r.root_id, r.programme_sha256,
       r.data_batch, r.program, r.seed, r.draws, coalesce(r.rests_on, 0), r.summary, r.at_ms,
       r.actor, a.resolution
  FROM run AS r JOIN approval AS a ON a.run_id = r.id
 WHERE r.kind = 'tier' AND r.scheme = :scheme AND r.period < :period
 ORDER BY r.period DESC, r.id DESC LIMIT 1;

-- run_list()
--   -> id, kind, scheme, period, register_day, root_id, programme_sha256, data_batch, program,
--   seed, draws, rests_on, summary, at_ms, actor, resolution -- scans: all are listed
SELECT r.id, r.kind, r.scheme, r.period, r.register_day, r.root_id, r.programme_sha256,
       r.data_batch, r.program, r.seed, r.draws, coalesce(r.rests_on, 0), r.summary, r.at_ms,
       r.actor, coalesce(a.resolution, '')
  FROM run AS r LEFT JOIN approval AS a ON a.run_id = r.id ORDER BY r.id DESC;

-- approval_add(run_id, resolution, at_ms, actor)
INSERT INTO approval (run_id, resolution, at_ms, actor)
VALUES (:run_id, :resolution, :at_ms, :actor);
