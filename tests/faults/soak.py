#!/usr/bin/env python3
"""soak.py WANCUN SOURCE [--seconds N] [--seed N]: commands at random on a tiny office, some killed.

Every command runs on a copy first, so that it is known what it comes to; then on the office, where
one in three is killed (SIGKILL) at a random moment while a reader looks on. After each: the state is
that before the command or that after it, a refusal changes nothing, the reader is never refused, and
doctor finds nothing. The seed is printed; the same seed gives the same commands, though not the same
moments."""
import argparse
import csv
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import time

from tiny import Office, counts, make_room

COMMANDS_AN_OFFICE = 60  # then a new one is made: states stay small, and quick to compare
KILLED, DONE, REFUSED = -signal.SIGKILL, 0, 1


class Soak:
    def __init__(self, office, room, chance):
        self.office, self.room, self.chance = office, room, chance
        self.copy = office.at(room / "copy")
        self.tally = {KILLED: 0, DONE: 0, REFUSED: 0}
        self.villages = [row[0] for row in self.read("register.csv") if row[1] == "village"]

    def read(self, name):
        with open(self.office.data / name, encoding="utf-8", newline="") as file:
            return list(csv.reader(file))

    def altered_ledger(self, year):
        """A ledger with cells emptied, at times of the other year, without a village or wrong."""
        rows = self.read(f"ledger-{self.chance.choice(['2023', '2024', year])}.csv")
        for row in rows[1:]:
            for place in range(3, len(row)):
                if self.chance.random() < 0.03:
                    row[place] = self.chance.choice(["", "—"])
        if self.chance.random() < 0.3:
            del rows[self.chance.randrange(1, len(rows))]
        if self.chance.random() < 0.1:
            rows[1][6] = "-7"
        path = self.room / "ledger.csv"
        with open(path, "w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(rows)
        return str(path)

    def any_of(self, kind_rows):
        return self.chance.choice(kind_rows) if kind_rows else "1"

    def begin(self):
        data = self.office.data
        shutil.rmtree(self.office.directory, ignore_errors=True)
        for words in (self.office.init_words(),
                      ("import", "register", str(data / "register.csv"), "--as-of", "2022-12-31"),
                      ("import", "ledger", str(data / "ledger-2024.csv"), "--period", "2024")):
            done = self.office.run(*words)
            self.need(done.returncode == DONE, "begins", words, done.stderr)

    def next_words(self):
        data, chance, year = self.office.data, self.chance, self.chance.choice(["2023", "2024"])
        tier = chance.choice(["exemplary", "upgrade", "remediation", "none"])
        runs = [row["run"] for row in self.office.rows("runs", "list")]
        batches = self.office.batches(chance.choice(["ledger", "ledger", "ledger", "wishes"]))
        ledger = ("import", "ledger", self.altered_ledger(year), "--period", year)
        county, later = str(data / "county-2024.csv"), str(data / "register-later.csv")
        funds, out = str(data / "funds.yaml"), str(self.room / "out.xlsx")
        choices = [
            (4, ledger),
            (1, (*ledger, "--dry-run")),
            (1, ("import", "ledger", county, "--period", year, "--level", "county")),
            (4, ("import", "revert", self.any_of(batches), "--reason", "soak")),
            (2, ("override", "tier", chance.choice(self.villages), tier, "--reason", "soak")),
            (2, ("classify", "--period", "2024", "--draws", "100", "-o", out)),
            (1, ("approve", self.any_of(runs), "--resolution", "soak")),
            (1, ("plan", "--years", "2025", "--seconds", "1", "--funds", funds)),
            (1, ("import", "wishes", str(data / "wishes.csv"))),
            (1, ("import", "register", later, "--as-of", "2023-12-31")),
            (1, ("import", "ledger", funds, "--period", year)),
        ]
        weights, words = zip(*choices)
        return chance.choices(words, weights)[0]

    def need(self, holds, what, words, said=""):
        if not holds:
            raise AssertionError(f"{what}: {' '.join(words)}\n{said}")

    def run_and_kill(self, words, after_s):
        """Run on the office with a reader beside; kill at `after_s` when it still runs."""
        process = subprocess.Popen(self.office.command(*words), stdout=subprocess.DEVNULL,
                                   stderr=subprocess.PIPE, text=True)
        reader = subprocess.Popen(self.office.command("import", "list"), stdout=subprocess.DEVNULL,
                                  stderr=subprocess.PIPE, text=True)
        try:
            _, said = process.communicate(timeout=after_s)
        except subprocess.TimeoutExpired:
            process.kill()
            _, said = process.communicate()
        _, read = reader.communicate()
        self.need(reader.returncode == DONE, "a reader is refused beside", words, read)
        return process.returncode, said

    def one(self):
        words = self.next_words()
        before = self.office.dump()
        shutil.rmtree(self.copy.directory, ignore_errors=True)
        shutil.copytree(self.office.directory, self.copy.directory)
        begin = time.monotonic()
        whole = self.copy.run(*words)
        spent = time.monotonic() - begin
        after = counts(self.copy.dump())
        self.need(whole.returncode in (DONE, REFUSED), "neither done nor refused", words,
                  whole.stderr)
        is_hunted = self.chance.random() < 1 / 3
        status, said = self.run_and_kill(words, self.chance.random() * spent if is_hunted else None)
        self.tally[status] = self.tally.get(status, 0) + 1
        self.need(status in (whole.returncode, KILLED), "came to something else", words, said)
        doctor = self.office.run("doctor")
        self.need(doctor.returncode == DONE, "doctor after", words, doctor.stdout + doctor.stderr)
        now = self.office.dump()
        self.need(now == before or counts(now) == after, "half done", words, said)
        self.need(status != REFUSED or now == before, "a refusal changed something", words, said)
        self.need(status != DONE or counts(now) == after, "done, and not there", words, said)

    def run(self, seconds):
        end, number = time.monotonic() + seconds, 0
        while time.monotonic() < end:
            if number % COMMANDS_AN_OFFICE == 0:
                self.begin()
            self.one()
            number += 1
        return number


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("wancun")
    parser.add_argument("source")
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    given = parser.parse_args()
    room = make_room("wancun-soak-")
    soak = Soak(Office(given.wancun, given.source, room / "office"), room, random.Random(given.seed))
    try:
        number = soak.run(given.seconds)
    except AssertionError as wrong:
        print(f"not ok: seed {given.seed}: {wrong}\nleft in {room}", file=sys.stderr)
        return 1
    shutil.rmtree(room)
    tally = soak.tally
    print(f"seed {given.seed}: {number} commands, {tally[DONE]} done, {tally[REFUSED]} refused, "
          f"{tally[KILLED]} killed; the office was whole after each")
    return 0 if number > 0 else 1


sys.exit(main())
