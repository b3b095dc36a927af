#!/usr/bin/env python3
"""counts_test.py SOURCE WANCUN: how many statements each step of a county's main job sends to the server. A statement is
a journey; what sends one more for each village is found here. Runs within with_pg.sh, on a server of its own.

What stands above the store cannot tell the engines apart, so SQLite is asked the same."""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

# Statements at most, some above what was counted on 2026-11-24: a county of 484 units, 432 in its ledger.
CEILINGS = {
    "register": 4200,
    "register again": 400,
    "ledger": 6800,
    "ledger of the county": 100,
    "wishes": 400,
    "classify": 700,
    "plan": 3200,
    "rollup": 80,
    "explain tier": 80,
    "explain plan": 80,
    "explain value": 220,
}


class Server:
    def __init__(self):
        url = os.environ["WANCUN_TEST_DATABASE"]
        self.log = pathlib.Path(url.partition("host=")[2]) / "data" / "log"
        subprocess.run(["psql", "-q", url.replace("wancun@", "postgres@"), "-c", "ALTER SYSTEM SET log_statement = 'all'",
                        "-c", "SELECT pg_reload_conf()"], check=True, stdout=subprocess.DEVNULL)
        time.sleep(0.5)
        self.seen = self.log.stat().st_size

    def count(self):
        """Of what was sent since the last time."""
        with open(self.log, "rb") as file:
            file.seek(self.seen)
            text = file.read()
        self.seen += len(text)
        return len(re.findall(rb"LOG:  (?:execute|statement)", text))


def steps(data, village):
    books = sorted((data / "ledgers" / "2024").glob("*.xlsx"))
    plan = ["--years", "2025-2027", "--seconds", "1", "--funds", data / "funds-2025-2027.yaml", "--lock", data / "locks.yaml"]
    return {
        "register": ["import", "register", data / "register-2023-12-31.csv", "--as-of", "2023-12-31"],
        "register again": ["import", "register", data / "register-2024-12-31.csv", "--as-of", "2024-12-31", "--accept", "95"],
        "ledger": ["import", "ledger", *books, "--period", "2024"],
        "ledger of the county": ["import", "ledger", data / "ledgers" / "2024" / "counties.csv", "--period", "2024",
                                 "--level", "county"],
        "wishes": ["import", "wishes", data / "wishes.xlsx"],
        "classify": ["classify", "--period", "2024"],
        "plan": ["plan", *plan],
        "rollup": ["rollup", "--period", "2024", "--indicator", "PS04"],
        "explain tier": ["explain", "tier", village],
        "explain plan": ["explain", "plan", village],
        "explain value": ["explain", "value", village, "PS05", "--period", "2024"],
    }


def main(source, wancun):
    room = pathlib.Path(tempfile.mkdtemp(prefix="wancun-counts-"))
    programme = ["--programme", f"{source}/programmes/example-province"]
    wrong = 0
    try:
        subprocess.run([wancun, "-q", "demo", room, "--size", "county", *programme, "--only-files"], check=True)
        subprocess.run([wancun, "-q", "init", room / "office", *programme, "--database", os.environ["WANCUN_TEST_DATABASE"]],
                       check=True)
        register = (room / "register-2024-12-31.csv").read_text(encoding="utf-8-sig").splitlines()
        village = next(line.split(",")[0] for line in register if ",village," in line and line[9:12] >= "200")
        server = Server()
        for name, words in steps(room, village).items():
            subprocess.run([wancun, "-d", room / "office", *words], check=True, stdout=subprocess.DEVNULL,
                           stderr=subprocess.DEVNULL, env={**os.environ, "PATH": ""})
            count = server.count()
            wrong += not 0 < count <= CEILINGS[name]
            print(f"{'ok' if 0 < count <= CEILINGS[name] else 'NOT OK'}  {name}: {count} statements, at most {CEILINGS[name]}")
    finally:
        shutil.rmtree(room)
    return 1 if wrong else 0


sys.exit(main(sys.argv[1], str(pathlib.Path(sys.argv[2]).resolve())))
