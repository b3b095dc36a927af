-- notice_insert(id, run_id, unit, from_day, to_day, place, at_ms, actor)
INSERT INTO notice (id, run_id, unit, from_day, to_day, place, state, at_ms, actor)
VALUES (:id, :run_id, :unit, :from_day, :to_day, :place, 'open', :at_ms, :actor);

-- notice_get(id) -> id, run_id, unit, from_day, to_day, place, state
SELECT id, run_id, unit, from_day, to_day, place, state FROM notice WHERE id = :id;

-- notice_of_run(run_id) -> count
SELECT count(*) FROM notice WHERE run_id = :run_id;

-- notice_list() -> id, run_id, unit, from_day, to_day, place, state -- scans: all are listed
SELECT id, run_id, unit, from_day, to_day, place, state FROM notice ORDER BY id DESC;

-- notice_shut(id)
UPDATE notice SET state = 'closed' WHERE id = :id AND state = 'open';

-- appeal_insert(home_id, id, notice, unit_id, who, text, ground, salt, at_ms, person, actor)
INSERT INTO appeal (home_id, id, notice, unit_id, who, text, ground, salt, state, at_ms, person,
                    actor)
VALUES (:home_id, :id, :notice, :unit_id, :who, :text, :ground, :salt, 'open', :at_ms, :person,
        :actor);

-- appeal_get(home_id, id) -> id, notice, home, unit, who, text, ground, state, answer, person
SELECT id, notice, home_id, unit_id, who, text, ground, state, answer, coalesce(person, 0)
  FROM appeal WHERE home_id = :home_id AND id = :id;

-- appeal_open_count(notice) -> count
SELECT count(*) FROM appeal WHERE notice = :notice AND state = 'open';

-- appeal_list(notice) -> id, notice, home, unit, who, text, ground, state, answer, person
SELECT id, notice, home_id, unit_id, who, text, ground, state, answer, coalesce(person, 0)
  FROM appeal WHERE notice = :notice ORDER BY home_id, id;

-- appeal_decide(home_id, id, state, answer, answered_ms, answered_by)
UPDATE appeal SET state = :state, answer = :answer, answered_ms = :answered_ms,
       answered_by = :answered_by
 WHERE home_id = :home_id AND id = :id AND state = 'open';

-- notice_rows(id) -> id, run_id, unit, from_day, to_day, place, state, at_ms, actor
SELECT id, run_id, unit, from_day, to_day, place, state, at_ms, actor FROM notice WHERE id = :id;

-- notice_keys() -> id -- scans: all are checked
SELECT id FROM notice ORDER BY id;

-- appeal_rows(notice)
--   -> home_id, id, notice, unit_id, who, text, ground, salt, state, answer, at_ms, person, actor,
--   answered_ms, answered_by
SELECT home_id, id, notice, unit_id, who, text, ground, salt, state, answer, at_ms, person, actor,
       answered_ms, answered_by
  FROM appeal WHERE notice = :notice ORDER BY home_id, id;

-- appeal_keys() -> notice -- scans: all are checked
SELECT DISTINCT notice FROM appeal ORDER BY notice;
