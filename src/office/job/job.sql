-- job_insert(id, person, session, is_token, fresh_ms, work, asked, body, now_ms)
INSERT INTO job (id, person, session, is_token, fresh_ms, work, asked, body, state, asked_ms)
VALUES (:id, :person, :session, :is_token, :fresh_ms, :work, :asked, :body, 'waiting', :now_ms);

-- job_drop_old(before_ms)
DELETE FROM job WHERE ended_ms > 0 AND ended_ms < :before_ms;

-- job_waiting_count(person) -> total, own
SELECT count(*), CAST(coalesce(sum(CASE WHEN person = :person THEN 1 ELSE 0 END), 0) AS BIGINT)
  FROM job WHERE state = 'waiting';

-- job_get(id)
--   -> id, person, session, is_token, fresh_ms, work, asked, body, state, tries, asked_ms, begun_ms,
--   ended_ms, status, media, file_name, answer
SELECT id, person, session, is_token, fresh_ms, work, asked, body, state, tries, asked_ms, begun_ms,
       ended_ms, status, media, file_name, answer
  FROM job WHERE id = :id;

-- job_of_person(person, most)
--   -> id, person, session, is_token, fresh_ms, work, asked, body, state, tries, asked_ms, begun_ms,
--   ended_ms, status, media, file_name, answer
SELECT id, person, session, is_token, fresh_ms, work, asked, body, state, tries, asked_ms, begun_ms,
       ended_ms, status, media, file_name, answer
  FROM job WHERE person = :person ORDER BY id DESC LIMIT :most;

-- job_start(id, now_ms)
UPDATE job SET state = 'running', tries = tries + 1, begun_ms = :now_ms
 WHERE id = :id AND state = 'waiting';

-- job_finish(id, state, now_ms, status, media, file_name, answer)
UPDATE job SET state = :state, ended_ms = :now_ms, status = :status, media = :media,
       file_name = :file_name, answer = :answer
 WHERE id = :id AND state = 'running';

-- job_return(id)
UPDATE job SET state = 'waiting', tries = tries - 1 WHERE id = :id AND state = 'running';

-- job_unask(id, person, now_ms)
UPDATE job SET state = 'cancelled', ended_ms = :now_ms
 WHERE id = :id AND person = :person AND state = 'waiting';

-- job_lose(tries, now_ms)
UPDATE job SET state = 'lost', ended_ms = :now_ms WHERE state = 'running' AND tries >= :tries;

-- job_wait_again()
UPDATE job SET state = 'waiting' WHERE state = 'running';

-- job_all_waiting() -> id, person
SELECT id, person FROM job WHERE state = 'waiting' ORDER BY id;
