-- session_insert(id, token_sha256, person, is_token, name, rights, unit, now_ms, fresh_ms, ends_ms)
INSERT INTO session (id, token_sha256, person, is_token, name, rights, unit, made_ms, seen_ms,
                     fresh_ms, ends_ms)
VALUES (:id, :token_sha256, :person, :is_token, :name, :rights, :unit, :now_ms, :now_ms,
        :fresh_ms, :ends_ms);

-- session_get(token_sha256, now_ms, seen_after_ms)
--   -> id, person, is_token, name, rights, unit, made_ms, seen_ms, fresh_ms, ends_ms
SELECT s.id, s.person, s.is_token, s.name, s.rights, coalesce(s.unit, 0), s.made_ms, s.seen_ms,
       s.fresh_ms, s.ends_ms
  FROM session AS s JOIN person AS p ON p.id = s.person
 WHERE s.token_sha256 = :token_sha256 AND p.state = 'active' AND s.ends_ms > :now_ms
   AND (s.is_token = 1 OR s.seen_ms > :seen_after_ms);

-- session_token(id, now_ms)
--   -> id, person, is_token, name, rights, unit, made_ms, seen_ms, fresh_ms, ends_ms
SELECT s.id, s.person, s.is_token, s.name, s.rights, coalesce(s.unit, 0), s.made_ms, s.seen_ms,
       s.fresh_ms, s.ends_ms
  FROM session AS s JOIN person AS p ON p.id = s.person
 WHERE s.id = :id AND s.is_token = 1 AND p.state = 'active' AND s.ends_ms > :now_ms;

-- session_list(person, now_ms, seen_after_ms)
--   -> id, person, is_token, name, rights, unit, made_ms, seen_ms, fresh_ms, ends_ms
SELECT id, person, is_token, name, rights, coalesce(unit, 0), made_ms, seen_ms, fresh_ms, ends_ms
  FROM session
 WHERE person = :person AND ends_ms > :now_ms AND (is_token = 1 OR seen_ms > :seen_after_ms)
 ORDER BY made_ms, id;

-- session_count(person, is_token) -> count
SELECT count(*) FROM session WHERE person = :person AND is_token = :is_token;

-- session_drop_old(person, now_ms, seen_after_ms)
DELETE FROM session
 WHERE person = :person AND (ends_ms <= :now_ms OR (is_token = 0 AND seen_ms <= :seen_after_ms));

-- session_drop_oldest(person)
DELETE FROM session
 WHERE id = (SELECT min(id) FROM session WHERE person = :person AND is_token = 0);

-- session_see(id, now_ms)
UPDATE session SET seen_ms = :now_ms WHERE id = :id;

-- session_renew(id, person, token_sha256, now_ms)
UPDATE session SET token_sha256 = :token_sha256, seen_ms = :now_ms, fresh_ms = :now_ms
 WHERE id = :id AND person = :person AND is_token = 0;

-- session_drop(id, person)
DELETE FROM session WHERE id = :id AND person = :person;

-- session_drop_all(person, kept)
DELETE FROM session WHERE person = :person AND id <> :kept;
