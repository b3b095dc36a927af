#!/usr/bin/env python3
"""tamper.py WANCUN SOURCE: a tiny office whose data are tampered with in every way, and what is said of it.

Every table of the schema, every column: one field changed, one row taken away, one put in. Events reordered,
cut off, recomputed with their digests and trees; checkpoints, keys, proofs; two histories from one checkpoint;
an older copy put back. Each must be found, and the record named. A table that is not covered stands in
UNCOVERED with its reason; one that stands in neither place fails."""
import hashlib
import json
import pathlib
import random
import shutil
import sqlite3
import subprocess
import sys

import jsonschema

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "faults"))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from tiny import VILLAGE, Office, make_room  # noqa: E402
from verify_export import verify  # noqa: E402

UNCOVERED = {
    "schema_log": "each migration's number and hash are compared when the directory is opened; the rest says when",
    "start_token": "a secret's hash, gone after the first log-in",
    "recovery_code": "a secret's hash, gone when it is used",
    "login_failure": "a counter of the door, not a record of the office",
    "session": "a secret's hash, gone when it ends",
    "job": "on which way long work is: what it did to the office has events of its own",
}
UNCOVERED_COLUMNS = {
    "person.totp_step": "every log-in changes it",
}
SEED = 20261123


class Suite:
    def __init__(self, wancun, source):
        self.room = make_room("wancun-tamper-")
        self.office = Office(wancun, source, self.room / "office")
        self.random = random.Random(SEED)
        self.results = []

    def do(self, *words):
        done = self.office.run(*words)
        if done.returncode != 0:
            raise AssertionError(f"{words}: {done.stderr}")

    def build(self):
        data = self.office.data
        self.do(*self.office.init_words())
        self.do("import", "register", str(data / "register.csv"), "--as-of", "2022-12-31")
        for year in ("2023", "2024"):
            self.do("import", "ledger", str(data / f"ledger-{year}.csv"), "--period", year)
        self.do("import", "ledger", str(data / "ledger-2024-village.csv"), "--period", "2024", "--source", "village")
        self.do("user", "add", "li.min", "--name", "Li Min")
        self.do("user", "post", "li.min", "programme_office", "--unit", "990101000000", "--from", "2025-01-01")
        self.do("import", "wishes", str(data / "wishes.csv"))
        self.do("import", "revert", self.office.batches("ledger")[-1], "--reason", "wrong year")
        self.do("override", "tier", VILLAGE, "exemplary", "--reason", "minutes 1")
        self.do("classify", "--period", "2024", "--draws", "100")
        self.do("approve", self.office.newest_run("tier"), "--resolution", "minutes 2")
        self.do("notice", "open", self.office.newest_run("tier"), "--to", "2199-01-01", "--place", "the board")
        lite = sqlite3.connect(self.office.directory / "wancun.db")
        notice = str(lite.execute("SELECT id FROM notice").fetchone()[0])
        lite.close()
        self.do("appeal", "add", notice, VILLAGE, "--who", "Wu Jun", "--text", "the pump", "--ground", "built")
        self.do("plan", "--years", "2025", "--seconds", "1", "--funds", str(data / "funds.yaml"))
        self.do("import", "register", str(data / "register-later.csv"), "--as-of", "2023-12-31")
        self.office.decided_lineage(self.room / "decided.csv")
        self.do("lineage", "apply", str(self.room / "decided.csv"), "--reason", "minutes 3")
        lite = sqlite3.connect(self.office.directory / "wancun.db")
        lite.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        lite.close()

    def copy(self, name="trial"):
        trial = self.office.at(self.room / name)
        shutil.rmtree(trial.directory, ignore_errors=True)
        shutil.copytree(self.office.directory, trial.directory)
        return trial

    def case(self, name, found):
        """`found`: what was said, "" when nothing was."""
        self.results.append((name, found))
        print(f"{'found ' if found else 'MISSED'}  {name}: {found}", flush=True)

    def tamper(self, name, change, *more):
        """Change a copy of the database by SQL, and verify it."""
        trial = self.copy()
        lite = sqlite3.connect(trial.directory / "wancun.db", isolation_level=None)
        lite.execute("PRAGMA ignore_check_constraints = ON")
        for trigger, in lite.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
            lite.execute(f"DROP TRIGGER {trigger}")
        change(lite)
        lite.close()
        self.case(name, verdict(trial, *more))


def verdict(office, *more):
    """The first record that is wrong, as `audit verify` names it; "" when all is well."""
    done = office.run("--json", "audit", "verify", *more)
    if done.returncode == 0:
        return ""
    try:
        ill = [row for row in json.loads(done.stdout)["rows"] if row["answer"] == "ill"]
    except (json.JSONDecodeError, KeyError):
        return f"refused: {done.stderr.splitlines()[0]}" if done.returncode in (1, 3) else ""
    first = ill[0]
    where = first["where"] if isinstance(first["where"], str) else ""
    assert where, ill
    return f"{first['check']}: {where.splitlines()[0]}"


def others(value):
    """What may stand in a field instead: nothing says of what type an empty one is."""
    return [1, "x", b"\1"] if value is None else [other(value)]


def other(value):
    """The smallest change of a field that a hand would make."""
    if value is None:
        return 1
    if isinstance(value, int):
        return value + 1
    if isinstance(value, str):
        return value + "x"
    return bytes([value[0] ^ 1]) + value[1:] if value else b"\1"


def rows_of(lite, table, columns):
    return lite.execute(f"SELECT {', '.join(columns)} FROM {table}").fetchall()


def change_fields(suite, table, columns):
    for i, column in enumerate(columns):
        if f"{table}.{column}" in UNCOVERED_COLUMNS:
            print(f"left    {table}.{column}: {UNCOVERED_COLUMNS[f'{table}.{column}']}")
            continue

        def change(lite, column=column, i=i):
            rows = rows_of(lite, table, columns)
            suite.random.shuffle(rows)
            condition = " AND ".join(f"{c} IS ?" for c in columns)
            for row, changed in ((row, changed) for row in rows for changed in others(row[i])):
                try:
                    lite.execute(f"UPDATE {table} SET {column} = ? WHERE {condition}", (changed, *row))
                    return
                except sqlite3.IntegrityError:
                    continue
            raise AssertionError(f"{table}.{column} cannot be changed")
        suite.tamper(f"{table}.{column} changed", change)


def change_rows(suite, table, columns):
    condition = " AND ".join(f"{c} IS ?" for c in columns)

    def take_away(lite):
        row = suite.random.choice(rows_of(lite, table, columns))
        lite.execute(f"DELETE FROM {table} WHERE {condition}", row)

    def put_in(lite):
        row = list(suite.random.choice(rows_of(lite, table, columns)))
        for i in range(len(row)):
            row[i] = row[i] + 1000003 if isinstance(row[i], int) else other(row[i])
            try:
                lite.execute(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(row))})", row)
                return
            except sqlite3.IntegrityError:
                continue
        raise AssertionError(f"nothing can be put into {table}")

    suite.tamper(f"{table}: a row taken away", take_away)
    suite.tamper(f"{table}: a row put in", put_in)


def every_table(suite):
    lite = sqlite3.connect(suite.office.directory / "wancun.db")
    tables = [name for name, in lite.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")]
    for table in tables:
        columns = [row[1] for row in lite.execute(f"PRAGMA table_info({table})")]
        if table in UNCOVERED:
            print(f"left    {table}: {UNCOVERED[table]}")
            continue
        assert lite.execute(f"SELECT count(*) FROM {table}").fetchone()[0] > 0, f"{table} is empty: nothing is tried"
        change_fields(suite, table, columns)
        change_rows(suite, table, columns)
    lite.close()


# ---- somebody who knows how it is made ----

def h(data):
    return hashlib.sha256(data).digest()


def leaf_bytes(event):
    log, seq, at_ms, actor, kind, cause_log, cause_seq, body = event
    out = b""
    for value in (log, seq, at_ms, actor.encode(), kind.encode(), cause_log or 0, cause_seq or 0, body):
        if isinstance(value, int):
            out += b"i" + value.to_bytes(8, "big")
        else:
            out += b"t" + len(value).to_bytes(4, "big") + value
    return out


EVENT = "log_id, seq, at_ms, actor, kind, cause_log_id, cause_seq, body"


def rewrite_digest(lite, log, seq):
    event = lite.execute(f"SELECT {EVENT} FROM event WHERE log_id = ? AND seq = ?", (log, seq)).fetchone()
    lite.execute("UPDATE event SET digest = ? WHERE log_id = ? AND seq = ?", (h(leaf_bytes(event)), log, seq))


def rewrite_tree(lite, log):
    """Nodes, head and signed root of a log as if its events had always been so."""
    lite.execute("DELETE FROM event_node WHERE log_id = ?", (log,))
    stack, size = [], 0
    roots = dict(lite.execute("SELECT size, number FROM checkpoint_log WHERE log_id = ?", (log,)).fetchall())
    for event in lite.execute(f"SELECT {EVENT} FROM event WHERE log_id = ? ORDER BY seq", (log,)).fetchall():
        node, level = h(b"\0" + leaf_bytes(event)), 0
        size += 1
        while stack and stack[-1][0] == level:
            node, level = h(b"\1" + stack.pop()[1] + node), level + 1
            if level >= 4:
                lite.execute("INSERT INTO event_node VALUES (?, ?, ?, ?)", (log, level, (size >> level) - 1, node))
        stack.append((level, node))
        if size in roots:
            root = stack[-1][1]
            for _, left in reversed(stack[:-1]):
                root = h(b"\1" + left + root)
            lite.execute("UPDATE checkpoint_log SET root = ? WHERE log_id = ? AND number = ?", (root, log, roots[size]))
    lite.execute("UPDATE event_head SET size = ?, peaks = ? WHERE log_id = ?",
                 (size, b"".join(node for _, node in stack), log))


def longest_log(lite):
    return lite.execute("SELECT log_id FROM event GROUP BY log_id ORDER BY count(*) DESC LIMIT 1").fetchone()[0]


def knowing_hand(suite):
    def body(lite):
        log = longest_log(lite)
        lite.execute("UPDATE event SET actor = 'local:other' WHERE log_id = ? AND seq = 7", (log,))
        rewrite_digest(lite, log, 7)
        return log

    def reorder(lite):
        log = longest_log(lite)
        for old, new in ((5, -5), (6, 5), (-5, 6)):
            lite.execute("UPDATE event SET seq = ? WHERE log_id = ? AND seq = ?", (new, log, old))
        for seq in (5, 6):
            rewrite_digest(lite, log, seq)

    def truncate(lite, also_checkpoints=False):
        log = longest_log(lite)
        size = lite.execute("SELECT size FROM event_head WHERE log_id = ?", (log,)).fetchone()[0]
        lite.execute("DELETE FROM event WHERE log_id = ? AND seq = ?", (log, size))
        rewrite_tree(lite, log)
        if also_checkpoints:
            last = lite.execute("SELECT max(number) FROM checkpoint").fetchone()[0]
            lite.execute("DELETE FROM checkpoint_log WHERE number = ?", (last,))
            lite.execute("DELETE FROM checkpoint WHERE number = ?", (last,))

    def insert(lite):
        log = longest_log(lite)
        size = lite.execute("SELECT size FROM event_head WHERE log_id = ?", (log,)).fetchone()[0]
        lite.execute("INSERT INTO event SELECT log_id, ?, at_ms, actor, kind, cause_log_id, cause_seq, body, digest "
                     "FROM event WHERE log_id = ? AND seq = ?", (size + 1, log, size))
        rewrite_digest(lite, log, size + 1)
        rewrite_tree(lite, log)

    suite.tamper("an event and its digest changed", body)
    suite.tamper("an event, its digest and the whole tree changed", lambda lite: rewrite_tree(lite, body(lite)))
    suite.tamper("two events in another order, digests recomputed", reorder)
    suite.tamper("the last event cut off, tree recomputed", truncate)
    suite.tamper("the last event and checkpoint cut off, tree recomputed", lambda lite: truncate(lite, True))
    suite.tamper("an event put in at the end, tree recomputed", insert)


# ---- keys, witnesses, proofs ----

def keys(suite):
    trial = suite.copy()
    (trial.directory / "trace.key").chmod(0o644)
    suite.case("the key readable by others", verdict(trial))
    (trial.directory / "trace.key").unlink()
    suite.case("the key taken away", verdict(trial))
    another = suite.office.at(suite.room / "another")
    another.run(*another.init_words())
    shutil.copy2(another.directory / "trace.key", trial.directory / "trace.key")
    suite.case("the key of another office", verdict(trial))
    trial.run("override", "tier", VILLAGE, "upgrade", "--reason", "minutes 9")
    suite.case("the key of another office, and signing goes on", verdict(trial))


def witness(suite, source, note="note.txt"):
    return subprocess.run([suite.office.wancun, "--lang", "en", "witness", str(source), "--state",
                           str(suite.room / "witness"), "-o", str(suite.room / note)],
                          capture_output=True, text=True, check=False)


def refusal(done):
    return done.stderr.splitlines()[0] if done.returncode == 1 else ""


def histories(suite):
    """A witness sees the office, then its growth, then whatever is put in its place."""
    note = suite.room / "note.txt"
    done = witness(suite, suite.office.directory)
    assert done.returncode == 0, done.stderr
    assert verdict(suite.office, "--note", str(note)) == ""
    old, left, right = suite.copy("old"), suite.copy("left"), suite.copy("right")
    left.run("override", "tier", VILLAGE, "upgrade", "--reason", "minutes 9")
    right.run("override", "tier", VILLAGE, "remediation", "--reason", "minutes 9")
    done = witness(suite, left.directory)
    assert done.returncode == 0, done.stderr
    assert verdict(left, "--note", str(note)) == ""
    suite.case("fork: the witness is shown another history", refusal(witness(suite, right.directory, "no.txt")))
    suite.case("fork: a note of another history", verdict(right, "--note", str(note)))
    right.run("override", "tier", VILLAGE, "upgrade", "--reason", "minutes 10")
    suite.case("fork: the other history has grown on", refusal(witness(suite, right.directory, "no.txt")))
    suite.case("an older copy is put back, shown to the witness", refusal(witness(suite, old.directory, "no.txt")))
    suite.case("an older copy is put back, beside the note", verdict(old, "--note", str(note)))
    assert verdict(old) == "", "an older copy is whole: only the witness can know"
    lite = sqlite3.connect(old.directory / "wancun.db", isolation_level=None)
    for name in ("checkpoint_stays",):
        lite.execute(f"DROP TRIGGER {name}")
    lite.execute("DELETE FROM checkpoint_log")
    lite.execute("DELETE FROM checkpoint")
    lite.close()
    (old.directory / "trace.key").unlink()
    old.run("override", "tier", VILLAGE, "remediation", "--reason", "minutes 11")
    suite.case("everything signed anew with a new key, beside the note", verdict(old, "--note", str(note)))
    left.run("override", "tier", VILLAGE, "remediation", "--reason", "minutes 12")
    forged_growth(suite, left)


def forged_growth(suite, office):
    number = int((suite.room / "note.txt").read_text().splitlines()[3].split()[1])
    bundle = suite.room / "bundle.ndjson"
    office.run("audit", "export", "--heads", "-o", str(bundle))
    suite.case("growth without a proof", refusal(witness(suite, bundle, "no.txt")))
    office.run("audit", "export", "--heads", "--since", str(number), "-o", str(bundle))
    lines = [json.loads(line) for line in bundle.read_text().splitlines()]
    for name, forge in (("a proof of growth with a byte changed", flip_growth), ("a root with a byte changed", flip_root),
                        ("an earlier root with a byte changed", flip_before), ("a log left out", leave_out),
                        ("an earlier log left out", leave_out_before)):
        changed = json.loads(json.dumps(lines))
        bundle.write_text("".join(json.dumps(x) + "\n" for x in forge(changed)))
        suite.case(name, refusal(witness(suite, bundle, "no.txt")))
    bundle.write_text("".join(json.dumps(x) + "\n" for x in lines))
    done = witness(suite, bundle)
    assert done.returncode == 0, done.stderr


def flip(text):
    return text[:-1] + ("0" if text[-1] != "0" else "1")


def flip_growth(lines):
    growth = next(x for x in lines if x["kind"] == "growth")
    growth["proof"][0] = flip(growth["proof"][0])
    return lines


def flip_root(lines):
    log = next(x for x in lines if x["kind"] == "log")
    log["root"] = flip(log["root"])
    return lines


def flip_before(lines):
    log = next(x for x in lines if x["kind"] == "was")
    log["root"] = flip(log["root"])
    return lines


def leave_out(lines):
    lines.remove(next(x for x in lines if x["kind"] == "log"))
    return lines


def leave_out_before(lines):
    lines.remove(next(x for x in lines if x["kind"] == "was"))
    return lines


def proofs(suite):
    """The exported trace, for an independent verifier."""
    path = suite.room / "trace.ndjson"
    suite.do("audit", "export", "-o", str(path))
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    schema = json.loads((suite.office.source / "docs" / "schemas" / "audit-export.json").read_text())
    for line in lines:
        jsonschema.validate(line, schema)
    assert verify(json.loads(json.dumps(lines))) > 0
    events = [i for i, x in enumerate(lines) if x["kind"] == "event"]

    def refused(change):
        changed = json.loads(json.dumps(lines))
        change(changed)
        try:
            verify(changed)
            return ""
        except (AssertionError, ValueError, KeyError, IndexError) as fault:
            return f"refused: {fault}"

    some = suite.random.choice([i for i in events if lines[i]["proof"]])
    suite.case("export: a proof with a byte changed", refused(lambda x: x[some]["proof"].__setitem__(0, flip(x[some]["proof"][0]))))
    suite.case("export: a proof cut short", refused(lambda x: x[some]["proof"].pop()))
    suite.case("export: a proof made longer", refused(lambda x: x[some]["proof"].append("00" * 32)))
    suite.case("export: an event left out", refused(lambda x: x.pop(some)))
    suite.case("export: an event's bytes changed", refused(lambda x: x[some].__setitem__("bytes", "A" + x[some]["bytes"][1:])))
    suite.case("export: a root changed", refused(lambda x: x[1].__setitem__("root", flip(x[1]["root"]))))
    suite.case("export: the note changed", refused(lambda x: x[0].__setitem__("note", x[0]["note"].replace("logs ", "logs 1", 1))))


def main(wancun, source):
    suite = Suite(wancun, source)
    try:
        suite.build()
        assert verdict(suite.office) == "", "untouched data are found to be wrong"
        every_table(suite)
        knowing_hand(suite)
        keys(suite)
        histories(suite)
        proofs(suite)
    finally:
        shutil.rmtree(suite.room)
    missed = [name for name, found in suite.results if not found]
    print(f"{len(suite.results)} cases, {len(missed)} missed")
    for name in missed:
        print(f"MISSED  {name}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
