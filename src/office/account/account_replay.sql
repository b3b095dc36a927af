-- person_rows(id) -> id, kind, state, password, totp, at_ms, actor
SELECT id, kind, state, password, totp, at_ms, actor FROM person WHERE id = :id;

-- person_keys() -> id -- scans: all are checked
SELECT id FROM person ORDER BY id;

-- held_rows(id) -> id, person, kind, post, unit, from_day, to_day, at_ms, actor
SELECT id, person, kind, post, unit, from_day, to_day, at_ms, actor FROM post_held WHERE id = :id;

-- held_keys() -> id -- scans: all are checked
SELECT id FROM post_held ORDER BY id;
