#!/usr/bin/env python3
"""equal_test.py SOURCE WANCUN: the main job of a county on SQLite and on PostgreSQL gives the same answers.

Every answer in JSON, every workbook cell by cell. Numbers of batches, runs and the like are made of the moment:
each is replaced by its place in the order in which the answers name them; so are moments themselves, and what is
drawn by lot: keys and secrets, and the root of a trace that speaks of moments. CBC, which looks at the clock, is
out of reach."""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import openpyxl

MADE = re.compile(r"\b[0-9]{16,19}\b")
DRAWN = re.compile(r'"(secret|key|root)":"[A-Za-z0-9+/=_-]{43,64}"')
MOMENT = re.compile(r"20[0-9]{2}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2})?")


class Job:
    """The main job on one engine; `answers` is what it said, step by step."""

    def __init__(self, wancun, data, room, init):
        self.wancun, self.data, self.room = wancun, data, room
        self.office = room / "office"
        self.names = {}
        self.answers = []
        room.mkdir()
        self.command(["init", str(self.office), *init], at_home=False)

    def plain(self, text):
        text = text.replace(str(self.room), "ROOM").replace(str(self.data), "DATA")
        text = DRAWN.sub(r'"\1":"DRAWN"', MOMENT.sub("MOMENT", text))
        return MADE.sub(lambda m: self.names.setdefault(m[0], f"#{len(self.names)}"), text)

    def command(self, words, at_home=True):
        home = ["-d", str(self.office)] if at_home else []
        done = subprocess.run([self.wancun, "--lang", "en", "--json", *home, *map(str, words)],
                              capture_output=True, text=True, check=False, env={**os.environ, "PATH": ""})
        asked = " ".join(map(str, words))
        said = f"exit {done.returncode}\n{done.stdout}{done.stderr}"
        self.answers.append((self.plain(asked), self.plain(said)))
        return done.stdout

    def book(self, name):
        book = openpyxl.load_workbook(self.room / name)
        for sheet in book:
            rows = [[self.plain(str(cell.value)) for cell in row] for row in sheet.iter_rows()]
            self.answers.append((f"{name}: {sheet.title}", "\n".join(map("\t".join, rows))))

    def newest(self, kind):
        return self.first(self.command(["runs", "list"]), "run", kind)

    def first(self, answer, what, kind):
        """The id of the first row of that kind; any, when it is ""."""
        rows = json.loads(answer)["rows"]
        return next(row[what] for row in rows if kind in ("", row.get("kind")))

    def take_in(self):
        data = self.data
        for year in (2022, 2023, 2024):
            day = f"{year}-12-31"
            self.command(["import", "register", data / f"register-{day}.csv", "--as-of", day, "--accept", "95"])
        for year in (2022, 2023, 2024):
            books = sorted((data / "ledgers" / str(year)).glob("*.xlsx"))
            self.command(["import", "ledger", *books, "--period", year])
            self.command(["import", "ledger", data / "ledgers" / str(year) / "counties.csv", "--period", year,
                          "--level", "county"])
        self.command(["import", "wishes", data / "wishes.xlsx"])
        self.command(["import", "list"])
        self.command(["lineage", "show"])

    def decide(self, village):
        self.command(["classify", "--period", "2024", "-o", self.room / "tiers.xlsx"])
        self.book("tiers.xlsx")
        self.command(["classify", "--period", "2024", "--draws", "1000"])
        self.command(["explain", "tier", village])
        plan = ["plan", "--years", "2025-2027", "--seconds", "1", "--funds", self.data / "funds-2025-2027.yaml",
                "--lock", self.data / "locks.yaml"]
        self.command([*plan, "-o", self.room / "plan.xlsx"])
        self.book("plan.xlsx")
        self.command(["explain", "plan", village])
        self.command(["explain", "value", village, "PS05", "--period", "2024"])
        self.command(["rollup", "--period", "2024", "--indicator", "PS04"])
        self.command(["export", "ledger", "--period", "2024", "-o", self.room / "form.xlsx"])
        self.book("form.xlsx")

    def publish(self, village):
        tier = self.newest("tier")
        self.command(["override", "tier", village, "upgrade", "--reason", "minutes 1"])
        self.command(["approve", tier, "--resolution", "county office, 2025-01-10, minutes 1"])
        self.command(["notice", "open", tier, "--to", "2199-01-01", "--place", "the board"])
        notices = self.command(["notice", "list"])
        notice = self.first(notices, "notice", "")
        self.command(["appeal", "add", notice, village, "--who", "Wu Jun", "--text", "the pump", "--ground", "built"])
        self.command(["appeal", "list"])
        self.command(["runs", "show", tier])
        self.command(["user", "add", "li.min", "--name", "Li Min"])
        self.command(["user", "list"])

    def take_back(self):
        batch = self.first(self.command(["import", "list"]), "batch", "ledger")
        self.command(["import", "revert", batch, "--reason", "wrong year"])
        self.command(["rollup", "--period", "2024", "--indicator", "PS04"])
        self.command(["audit", "verify"])


def do_job(wancun, data, room, init):
    job = Job(wancun, data, room, init)
    register = (data / "register-2024-12-31.csv").read_text(encoding="utf-8-sig").splitlines()
    village = next(line.split(",")[0] for line in register if ",village," in line and line[9:12] >= "200")
    job.take_in()
    job.decide(village)
    job.publish(village)
    job.take_back()
    return job


def fresh_schema(server, name):
    subprocess.run(["psql", "-q", server, "-c", f"CREATE SCHEMA {name}"], check=True)
    return f"{server}&options=-csearch_path%3D{name}"


def compare(left, right):
    """TAP: a line an answer."""
    wrong = 0
    for number, ((step, a), (_, b)) in enumerate(zip(left.answers, right.answers), 1):
        if a == b:
            print(f"ok {number} - {step[:90]}: {len(a)} characters")
            continue
        wrong += 1
        at = next((i for i, (x, y) in enumerate(zip(a, b)) if x != y), min(len(a), len(b)))
        print(f"not ok {number} - {step}\n# SQLite: {a[max(0, at - 60):at + 60]!r}"
              f"\n# PostgreSQL: {b[max(0, at - 60):at + 60]!r}")
    print(f"1..{len(left.answers)}")
    return wrong + (len(left.answers) != len(right.answers))


def main(source, wancun):
    server = os.environ.get("WANCUN_TEST_DATABASE")
    if not server:
        print("1..0 # SKIP WANCUN_TEST_DATABASE names no server")
        return 0
    room = pathlib.Path(tempfile.mkdtemp(prefix="wancun-equal-"))
    programme = ["--programme", f"{source}/programmes/example-province"]
    try:
        subprocess.run([wancun, "-q", "demo", room / "data", "--size", "county", *programme, "--only-files"], check=True)
        url = fresh_schema(server, f"equal_{os.getpid()}")
        left = do_job(wancun, room / "data", room / "lite", programme)
        right = do_job(wancun, room / "data", room / "pg", [*programme, "--database", url])
        return compare(left, right)
    finally:
        shutil.rmtree(room)


sys.exit(1 if main(sys.argv[1], sys.argv[2]) else 0)
