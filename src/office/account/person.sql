-- person_insert(id, login, name, kind, at_ms, actor)
INSERT INTO person (id, login, name, kind, state, at_ms, actor)
VALUES (:id, :login, :name, :kind, 'invited', :at_ms, :actor);

-- person_get(id) -> id, login, name, kind, state, password, totp, totp_step
SELECT id, login, name, kind, state, password, totp, totp_step FROM person WHERE id = :id;

-- person_by_login(login) -> id, login, name, kind, state, password, totp, totp_step
SELECT id, login, name, kind, state, password, totp, totp_step FROM person WHERE login = :login;

-- person_list() -> id, login, name, kind, state, password, totp, totp_step -- scans: all are listed
SELECT id, login, name, kind, state, password, totp, totp_step FROM person ORDER BY login;

-- person_put_password(id, password)
UPDATE person SET password = :password, state = 'active' WHERE id = :id AND state <> 'disabled';

-- person_put_state(id, state, password)
UPDATE person SET state = :state, password = :password, totp = NULL, totp_step = 0 WHERE id = :id;

-- person_put_totp(id, totp, totp_step)
UPDATE person SET totp = :totp, totp_step = :totp_step WHERE id = :id;

-- person_use_step(id, totp_step)
UPDATE person SET totp_step = :totp_step WHERE id = :id AND totp_step < :totp_step;

-- start_add(sha256, person, ends_ms)
INSERT INTO start_token (sha256, person, ends_ms) VALUES (:sha256, :person, :ends_ms);

-- start_person(sha256, now_ms) -> person
SELECT person FROM start_token WHERE sha256 = :sha256 AND ends_ms > :now_ms;

-- start_drop(person)
DELETE FROM start_token WHERE person = :person;

-- recovery_add(person, sha256)
INSERT INTO recovery_code (person, sha256) VALUES (:person, :sha256);

-- recovery_use(person, sha256)
DELETE FROM recovery_code WHERE person = :person AND sha256 = :sha256;

-- recovery_drop(person)
DELETE FROM recovery_code WHERE person = :person;

-- person_add_salt(person, salt)
INSERT INTO person_salt (person, salt) VALUES (:person, :salt);
