-- held_insert(id, person, kind, post, unit, from_day, to_day, at_ms, actor)
INSERT INTO post_held (id, person, kind, post, unit, from_day, to_day, at_ms, actor)
VALUES (:id, :person, :kind, :post, :unit, :from_day, :to_day, :at_ms, :actor);

-- held_get(id) -> id, person, post, unit, from_day, to_day
SELECT id, person, post, coalesce(unit, 0), from_day, to_day FROM post_held WHERE id = :id;

-- held_of(person) -> id, person, post, unit, from_day, to_day
SELECT id, person, post, coalesce(unit, 0), from_day, to_day
  FROM post_held WHERE person = :person ORDER BY from_day, id;

-- held_all() -> id, person, post, unit, from_day, to_day -- scans: all are listed
SELECT id, person, post, coalesce(unit, 0), from_day, to_day
  FROM post_held ORDER BY person, from_day, id;

-- held_end(id, to_day)
UPDATE post_held SET to_day = :to_day WHERE id = :id AND from_day <= :to_day AND :to_day < to_day;
