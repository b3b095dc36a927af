#!/usr/bin/env python3
"""sql_rules_test.py RULES: each rule that the lint of SQL holds is broken once, and it is named; nothing else is."""
import pathlib
import subprocess
import sys
import tempfile

GOOD_TABLE = "CREATE TABLE {} (\n home_id INTEGER NOT NULL,\n id INTEGER NOT NULL,\n{} PRIMARY KEY (home_id, id)\n) STRICT;\n"
GOOD = GOOD_TABLE.format("large", " number INTEGER NOT NULL,\n") + GOOD_TABLE.format("other", "") + \
    "CREATE TABLE small (\n id INTEGER PRIMARY KEY,\n name TEXT NOT NULL\n) STRICT;\n"
GOOD_SQL = """-- one(home, id) -> number
SELECT number FROM large WHERE home_id = :home AND id = :id;
-- many(home) -> id
SELECT id FROM large WHERE home_id = :home ORDER BY id;
-- sums() -> sum
SELECT CAST(coalesce(sum(number), 0) AS BIGINT) FROM large;
-- joins() -> id
SELECT l.id FROM large AS l JOIN other AS o ON o.home_id = l.home_id AND o.id = l.id ORDER BY l.id;
-- put(home, id, number)
INSERT INTO large (home_id, id, number) VALUES (:home, :id, :number)
    ON CONFLICT (home_id, id) DO UPDATE SET number = excluded.number;
"""
TABLES = (
    (1, "CREATE TABLE bad (home_id INTEGER NOT NULL, id INTEGER PRIMARY KEY) STRICT;"),
    (1, "CREATE TABLE bad (home_id INTEGER NOT NULL, id INTEGER, name TEXT UNIQUE, PRIMARY KEY (home_id, id)) STRICT;"),
    (1, "CREATE UNIQUE INDEX bad ON large (number);"),
    (3, "CREATE TABLE bad (id INTEGER PRIMARY KEY, home_id INTEGER, o INTEGER REFERENCES other (id)) STRICT;"),
    (6, "CREATE VIEW bad AS SELECT 1;"),
    (7, "CREATE TABLE bad (id INTEGER PRIMARY KEY AUTOINCREMENT) STRICT;"),
    (13, "CREATE TABLE bad (id INTEGER PRIMARY KEY, at TEXT DEFAULT CURRENT_TIMESTAMP) STRICT;"),
    (16, "CREATE TABLE bad (id TEXT COLLATE NOCASE PRIMARY KEY) STRICT;"),
    (17, "CREATE TABLE bad (id INTEGER PRIMARY KEY, share REAL NOT NULL) STRICT;"),
    (17, "CREATE TABLE bad (id INTEGER PRIMARY KEY, is_bad INTEGER NOT NULL) STRICT;"),
    (24, "DROP TABLE small;"),
)
STATEMENTS = (
    (2, "UPDATE large SET home_id = :a WHERE home_id = :b AND id = :c", ""),
    (4, "SELECT l.id FROM large AS l JOIN other AS o ON o.id = l.id ORDER BY l.id", "-> id"),
    (9, "INSERT OR REPLACE INTO large (home_id, id, number) VALUES (1, 2, 3)", ""),
    (9, "INSERT INTO large (home_id, id, number) VALUES (1, 2, 3) ON CONFLICT DO NOTHING", ""),
    (9, "INSERT INTO large (home_id, id, number) VALUES (1, 2, 3) ON CONFLICT (id) DO NOTHING", ""),
    (11, "SELECT id FROM small WHERE id = :id FOR UPDATE", "-> id"),
    (11, "SELECT name ->> 'x' FROM small WHERE id = :id", "-> x"),
    (11, "WITH RECURSIVE h (id) AS (SELECT min(home_id) FROM large) SELECT id FROM h ORDER BY id", "-> id"),
    (13, "UPDATE small SET name = now() WHERE id = :id", ""),
    (14, "SELECT sum(number) FROM large", "-> sum"),
    (14, "SELECT avg(number) FROM large", "-> mean"),
    (16, "SELECT id FROM small WHERE name LIKE :name ORDER BY id", "-> id"),
    (18, "SELECT id FROM large WHERE home_id = :home", "-> id"),
    (18, "SELECT id FROM small WHERE name = :name LIMIT 1", "-> id"),
    (18, "SELECT id FROM small ORDER BY id LIMIT 10 OFFSET 20", "-> id"),
)


def faults_of(rules, schema, sql):
    with tempfile.TemporaryDirectory() as room:
        root = pathlib.Path(room)
        (root / "db" / "migrations").mkdir(parents=True)
        (root / "src").mkdir()
        (root / "db" / "migrations" / "0001_all.sql").write_text(schema)
        (root / "src" / "all.sql").write_text(sql)
        return subprocess.run([rules, str(root)], capture_output=True, text=True, check=False).stdout.splitlines()


def main(rules):
    wrong = [f"sound text: {fault}" for fault in faults_of(rules, GOOD, GOOD_SQL)]
    for rule, text in TABLES:
        found = faults_of(rules, GOOD + text + "\n", GOOD_SQL)
        if not any(f"rule {rule}:" in fault for fault in found):
            wrong.append(f"rule {rule} lets pass: {text}: {found}")
    for rule, text, out in STATEMENTS:
        found = faults_of(rules, GOOD, f"{GOOD_SQL}-- bad(a) {out}\n{text};\n")
        if len(found) != 1 or f"bad: rule {rule}:" not in found[0]:
            wrong.append(f"rule {rule}: {text}: {found}")
    print("\n".join(wrong) or f"{len(TABLES) + len(STATEMENTS)} faults found")
    return 1 if wrong else 0


sys.exit(main(sys.argv[1]))
