-- proposal_insert(id, matter, unit, target, topic, wanted, digest, reason, resolved_by,
--   resolved_day, minutes, document, state, proposer, proposer_post, proposer_session, actor,
--   at_ms, ends_ms)
INSERT INTO proposal (id, matter, unit, target, topic, wanted, digest, reason, resolved_by,
                      resolved_day, minutes, document, state, proposer, proposer_post,
                      proposer_session, actor, at_ms, ends_ms)
VALUES (:id, :matter, :unit, :target, :topic, :wanted, :digest, :reason, :resolved_by,
        :resolved_day, :minutes, :document, :state, :proposer, :proposer_post,
        :proposer_session, :actor, :at_ms, :ends_ms);

-- proposal_get(id)
--   -> id, matter, unit, target, topic, wanted, digest, reason, resolved_by, resolved_day, minutes,
--   document, state, proposer, proposer_post, proposer_session, actor, at_ms, ends_ms, decider,
--   decided_by, decided_ms, remark
SELECT id, matter, coalesce(unit, 0), target, topic, wanted, digest, reason, resolved_by,
       resolved_day, minutes, document, state, coalesce(proposer, 0), proposer_post,
       proposer_session, actor, at_ms, ends_ms, coalesce(decider, 0), decided_by, decided_ms, remark
  FROM proposal WHERE id = :id;

-- proposal_list()
--   -> id, matter, unit, target, topic, wanted, digest, reason, resolved_by, resolved_day, minutes,
--   document, state, proposer, proposer_post, proposer_session, actor, at_ms, ends_ms, decider,
--   decided_by, decided_ms, remark -- scans: all are listed
SELECT id, matter, coalesce(unit, 0), target, topic, wanted, digest, reason, resolved_by,
       resolved_day, minutes, document, state, coalesce(proposer, 0), proposer_post,
       proposer_session, actor, at_ms, ends_ms, coalesce(decider, 0), decided_by, decided_ms, remark
  FROM proposal ORDER BY id DESC;

-- proposal_waiting(matter, target, topic, now_ms) -> count
SELECT count(*) FROM proposal
 WHERE target = :target AND matter = :matter AND topic = :topic AND state = 'proposed'
   AND ends_ms > :now_ms;

-- proposal_released(matter, target, topic, since_ms) -> id
SELECT coalesce(max(id), 0) FROM proposal
 WHERE target = :target AND matter = :matter AND topic = :topic AND state = 'approved'
   AND decided_ms > :since_ms;

-- proposal_decided(id, state, decider, decider_post, decider_session, decided_by, decided_ms, remark)
UPDATE proposal SET state = :state, decider = :decider, decider_post = :decider_post,
       decider_session = :decider_session, decided_by = :decided_by, decided_ms = :decided_ms,
       remark = :remark
 WHERE id = :id AND state = 'proposed' AND ends_ms > :decided_ms;

-- proposal_move(id, was, state)
UPDATE proposal SET state = :state WHERE id = :id AND state = :was;

-- proposal_rows(id)
--   -> id, matter, unit, target, topic, wanted, digest, reason, resolved_by, resolved_day,
--   minutes, document, state, proposer, proposer_post, proposer_session, actor, at_ms, ends_ms,
--   decider, decider_post, decider_session, decided_by, decided_ms, remark
SELECT id, matter, unit, target, topic, wanted, digest, reason, resolved_by, resolved_day,
       minutes, document, state, proposer, proposer_post, proposer_session, actor, at_ms,
       ends_ms, decider, decider_post, decider_session, decided_by, decided_ms, remark
  FROM proposal WHERE id = :id;

-- proposal_keys() -> id -- scans: all are checked
SELECT id FROM proposal ORDER BY id;
