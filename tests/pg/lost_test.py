#!/usr/bin/env python3
"""lost_test.py SOURCE WANCUN: an office on PostgreSQL whose transactions are crossed, whose commits are cut off
before and after they are done, whose settings are wrong, whose server restarts, whose database another takes over.
Runs within with_pg.sh, on a server of its own."""
import json
import os
import pathlib
import select
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time

PORT = ".s.PGSQL.5432"
CROSSING = """
CREATE SEQUENCE crossing;
CREATE FUNCTION cross_acts() RETURNS trigger AS $$ BEGIN
    IF nextval('crossing') <= {times} THEN RAISE EXCEPTION 'crossed' USING ERRCODE = '{state}'; END IF;
    RETURN NEW; END $$ LANGUAGE plpgsql;
CREATE TRIGGER cross_acts BEFORE INSERT ON batch FOR EACH ROW EXECUTE FUNCTION cross_acts();
"""
UNCROSSED = "DROP FUNCTION cross_acts CASCADE; DROP SEQUENCE crossing;"


class Gate(threading.Thread):
    """Between the program and the server: passes everything on, and cuts the connection at the second COMMIT (the
    first one takes the lease): before it is passed on, or after the server has answered it, as `cuts` says. Then it
    may let nobody in."""

    def __init__(self, room, server):
        super().__init__(daemon=True)
        self.server, self.cuts, self.commits, self.is_shut = server, "", 0, False
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(str(room / PORT))
        self.listener.listen()

    def run(self):
        while True:
            client = self.listener.accept()[0]
            if self.is_shut:
                client.close()
            else:
                threading.Thread(target=self.serve, args=(client,), daemon=True).start()

    def serve(self, client):
        server = socket.socket(socket.AF_UNIX)
        if server.connect_ex(self.server) != 0:
            client.close()
            return
        with client, server:
            while True:
                for side in select.select([client, server], [], [])[0]:
                    data = side.recv(1 << 16)
                    if not data or not self.passed(side is client, data, server):
                        return
                    (server if side is client else client).sendall(data)

    def passed(self, is_asked, data, server):
        if not self.cuts or not is_asked or b"COMMIT" not in data:
            return True
        self.commits += 1
        if self.commits < 2:
            return True
        cuts, self.cuts, self.commits = self.cuts, "", 0
        self.is_shut = "shut" in cuts
        if "after" in cuts:
            server.sendall(data)
            answer = b""
            while b"COMMIT" not in answer:
                answer += server.recv(1 << 16)
        return False


class Office:
    def __init__(self, wancun, source, room, database):
        self.wancun, self.source = wancun, source
        self.data = source / "tests" / "data" / "tiny"
        self.directory = room / "office"
        self.database = database
        self.must("init", str(self.directory), "--programme", str(source / "programmes" / "example-province"),
                  "--database", database)
        self.must("import", "register", str(self.data / "register.csv"), "--as-of", "2022-12-31")

    def run(self, *words):
        home = [] if words[0] == "init" else ["-d", str(self.directory)]
        return subprocess.run([self.wancun, "--lang", "en", *home, *words], capture_output=True, text=True, check=False)

    def must(self, *words):
        done = self.run(*words)
        assert done.returncode == 0, (words, done.stderr)
        return done.stdout

    def take_ledger(self):
        return self.run("import", "ledger", str(self.data / "ledger-2023.csv"), "--period", "2023")

    def ledgers(self):
        return self.must("--json", "import", "list").count('"kind":"ledger"')

    def sql(self, text, who="wancun"):
        """Past the gate."""
        database = os.environ["WANCUN_TEST_DATABASE"].replace("wancun@", f"{who}@")
        subprocess.run(["psql", "-q", "-v", "ON_ERROR_STOP=1", "-c", "SET client_min_messages = error", database, "-c", text],
                       check=True, stdout=subprocess.DEVNULL)


def check(name, truth, seen=""):
    print(f"{'ok' if truth else 'NOT OK'}  {name}{'' if truth else f': {seen}'}", flush=True)
    FAILED.extend([] if truth else [name])


FAILED = []


def crossed(office):
    """An act that crosses another transaction is done again; not for ever."""
    for state in ("40001", "40P01"):
        before = office.ledgers()
        office.sql(CROSSING.format(times=2, state=state))
        done = office.run("override", "tier", "990101208203", "upgrade", "--reason", state)
        done = office.take_ledger() if done.returncode == 0 else done
        check(f"{state} twice: the act is done, once", done.returncode == 0 and office.ledgers() == before + 1, done.stderr)
        office.sql(UNCROSSED)
        office.must("import", "revert", newest(office), "--reason", "again")
    before = office.ledgers()
    office.sql(CROSSING.format(times=1000, state="40001"))
    done = office.take_ledger()
    check("40001 for ever: the act is given up", done.returncode == 3 and "in each other" in done.stderr, done.stderr)
    office.sql(UNCROSSED)
    check("and nothing of it is there", office.ledgers() == before)


def newest(office):
    rows = office.must("--json", "import", "list").split('"rows":[')[1]
    return rows.split('"batch":"')[1].split('"')[0]


def cut_off(office, gate):
    before = office.ledgers()
    gate.cuts = "before"
    done = office.take_ledger()
    check("cut off before the commit: nothing was done, and it is said", done.returncode == 3 and
          "cannot be reached" in done.stderr and office.ledgers() == before, done.stderr)
    gate.cuts = "after and shut"
    done = office.take_ledger()
    check("cut off after the commit, and nobody to ask: that is said", done.returncode == 3 and
          "may have been done" in done.stderr, done.stderr)
    gate.is_shut = False
    check("in truth it was done", office.ledgers() == before + 1)
    office.must("import", "revert", newest(office), "--reason", "again")
    gate.cuts = "after"
    done = office.take_ledger()
    check("cut off after the commit: the server is asked, and it was done", done.returncode == 0 and
          office.ledgers() == before + 2, done.stderr)


ILLS = (
    ("fsync", "ALTER SYSTEM SET fsync = off", "ALTER SYSTEM RESET fsync"),
    ("full_page_writes", "ALTER SYSTEM SET full_page_writes = off", "ALTER SYSTEM RESET full_page_writes"),
    ("Order of texts", 'ALTER TABLE office ALTER value TYPE TEXT COLLATE "zh-x-icu"',
     'ALTER TABLE office ALTER value TYPE TEXT COLLATE "C"'),
    ("Database user", "GRANT UPDATE ON event TO wancun", "REVOKE UPDATE ON event FROM wancun"),
)


def doctor(office):
    """What is wrong with the server is named, and nothing else."""
    def ill():
        rows = json.loads(office.run("--json", "doctor").stdout)["rows"]
        return [row["check"] for row in rows if row["answer"] == "ill"]

    check("doctor finds nothing wrong with a server as it should be", ill() == [], ill())
    office.sql("ALTER DATABASE wancun SET synchronous_commit = off", "postgres")
    check("whose commits would be lost is asked for better ones", ill() == [], ill())
    for name, breaking, mending in ILLS:
        for act, wanted in ((breaking, 1), (mending, 0)):
            office.sql(act, "postgres")
            office.sql("SELECT pg_reload_conf()", "postgres")
            time.sleep(0.3)
            found = ill()
            check(f"doctor: {act}", len(found) == wanted and all(name in row for row in found), found)


class Server:
    """`wancun serve` on a socket, asked by curl."""

    def __init__(self, office, room):
        self.room = room
        office.must("user", "add", "office.man", "--name", "Wu")
        (room / "password").write_text("quiet-lantern-73\n")
        office.must("user", "password", "office.man", "--from-file", str(room / "password"))
        office.must("user", "post", "office.man", "programme_office", "--unit", "990101000000")
        self.log = open(room / "log", "w+", encoding="utf-8")
        self.child = subprocess.Popen([office.wancun, "-d", str(office.directory), "serve", "--listen",
                                       f"unix:{room / 'socket'}"], stderr=self.log)
        for _ in range(100):
            if (room / "socket").exists():
                break
            time.sleep(0.1)
        self.ask("POST", "/api/session", '{"login":"office.man","password":"quiet-lantern-73"}', "-c", str(room / "cookies"))

    def ask(self, method, path, body="", *more):
        done = subprocess.run(["curl", "-s", "-w", "\n%{http_code}", "--unix-socket", str(self.room / "socket"), "-X", method,
                               "-b", str(self.room / "cookies"), "-H", "Content-Type: application/json", "-d", body, *more,
                               f"http://localhost{path}"], capture_output=True, text=True, check=False)
        answer, _, status = done.stdout.rpartition("\n")
        return int(status or 0), answer

    def write(self, name):
        return self.ask("POST", f"/api/files?name={name}", "x", "-H", "Content-Type: application/octet-stream")

    def told(self, words):
        return words in (self.room / "log").read_text(encoding="utf-8")


def restarted(server):
    check("the server takes a write", server.write("a")[0] == 200)
    control = os.environ["WANCUN_TEST_SERVER"].split()
    subprocess.run([*control, "stop", "-m", "immediate"], check=True)
    status, answer = server.write("b")
    check("while PostgreSQL is down a write is told to come back", status == 503 and "store.unreachable" in answer, answer)
    check("and so is a question", server.ask("GET", "/api/runs")[0] == 503)
    subprocess.run([*control, "start"], check=True)
    status, answer = server.write("c")
    check("after it the server goes on writing", status == 200, answer)
    status, answer = server.ask("GET", "/api/runs")
    check("and reading", status == 200, answer)


def crossed_server(office, server):
    office.sql(CROSSING.format(times=2, state="40001").replace("ON batch", "ON file"))
    status, answer = server.write("d")
    check("the server does a write again that crossed another", status == 200, answer)
    office.sql(UNCROSSED)


def taken_over(office, server):
    office.sql("UPDATE store_lease SET epoch = epoch + 1, holder = 'another'")
    status, answer = server.write("e")
    check("who was followed writes no more", status == 503 and "store.lease_lost" in answer, answer)
    status, answer = server.write("f")
    check("and never again", status == 503 and "store.lease_lost" in answer, answer)
    check("but goes on reading", server.ask("GET", "/api/runs")[0] == 200)
    for _ in range(150):
        if server.told("store.lease_lost"):
            break
        time.sleep(0.1)
    check("the log says that another writes", server.told("store.lease_lost"))


def main(source, wancun):
    room = pathlib.Path(tempfile.mkdtemp(prefix="wancun-lost-"))
    url = os.environ["WANCUN_TEST_DATABASE"]
    head, _, host = url.partition("host=")
    gate = Gate(room, f"{host}/{PORT}")
    gate.start()
    server = None
    try:
        office = Office(str(pathlib.Path(wancun).resolve()), pathlib.Path(source).resolve(), room, f"{head}host={room}")
        crossed(office)
        cut_off(office, gate)
        doctor(office)
        server = Server(office, room)
        crossed_server(office, server)
        restarted(server)
        taken_over(office, server)
    finally:
        if server:
            server.child.terminate()
            server.child.wait()
        shutil.rmtree(room)
    print(f"{len(FAILED)} of the checks failed")
    return 1 if FAILED else 0


sys.exit(main(sys.argv[1], sys.argv[2]))
