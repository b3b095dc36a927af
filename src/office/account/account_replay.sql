-- person_rows(id) -> id, kind, state, password, totp, at_ms, actor
SELECT id, kind, state, password, totp, at_ms, actor FROM person WHERE id = :id;

-- person_keys() -> id -- scans: all are checked
SELECT id FROM person ORDER BY id;

-- held_rows(id) -> id, person, kind, post, unit, from_day, to_day, at_ms, actor
SELECT id, person, kind, post, unit, from_day, to_day, at_ms, actor FROM post_held WHERE id = :id;

-- held_keys() -> id -- scans: all are checked
SELECT id FROM post_held ORDER BY id;

-- salt_rows(person) -> person, salt, login, name
SELECT s.person, s.salt, p.login, p.name
  FROM person_salt AS s JOIN person AS p ON p.id = s.person WHERE s.person = :person;

-- salt_keys() -> person -- scans: all are checked
SELECT person FROM person_salt ORDER BY person;
