#!/usr/bin/env python3
"""loop.py WANCUN SOURCE [--sample]: every step of the main job, made to fail at every place.

The program must be built with -Dfaults=true. Each command of the scenario runs once to its end; then
again with the 1st, 2nd, 3rd … passing of a fault point failing (WANCUN_FAULT), family by family,
until it passes clean. After each failure: the exit status and the message are those of a machine
that failed, doctor finds nothing, the state is that before the command or that after it and nothing
between, no file is left half written, and the command run again does its work. --sample tries the
1st, 4th, 16th, 64th … passing only. A step with more places than PLACES_MAX in a family is tried at
that many, evenly spread, and says so."""
import argparse
import pathlib
import shutil
import sys

from tiny import VILLAGE, Office, counts, make_room

# arena: memory; store and file: our own acts; lite and heap: files and memory of SQLite.
FAMILIES = ("arena.", "store.", "file.", "lite.", "heap.")
PLACES_MAX = {"heap.": 100}  # of a family in a command, else
PLACES_ELSE_MAX = 400
EXIT_MACHINE, EXIT_ABORT = 3, -6


def scenario(office, room):
    """(name, words) of each command, in order; words are made when its turn comes."""
    data = office.data
    later = str(data / "register-later.csv")
    decided = room / "decided.csv"
    yield "init", office.init_words()
    yield "register", ("import", "register", str(data / "register.csv"), "--as-of", "2022-12-31")
    for year in ("2023", "2024"):
        ledger = str(data / f"ledger-{year}.csv")
        yield f"ledger {year}", ("import", "ledger", ledger, "--period", year)
    yield "county's ledger", ("import", "ledger", str(data / "county-2024.csv"), "--period", "2024",
                              "--level", "county")
    yield "wishes", ("import", "wishes", str(data / "wishes.csv"))
    yield "revert", ("import", "revert", office.batches("ledger")[-1], "--reason", "wrong year")
    yield "override", ("override", "tier", VILLAGE, "exemplary", "--reason", "minutes 1")
    yield "classify", ("classify", "--period", "2024", "--draws", "100",
                       "-o", str(room / "out.xlsx"))
    yield "approve", ("approve", office.newest_run("tier"), "--resolution", "minutes 2")
    yield "plan", ("plan", "--years", "2025", "--seconds", "1", "--funds", str(data / "funds.yaml"),
                   "-o", str(room / "out.xlsx"))
    yield "later register", ("import", "register", later, "--as-of", "2023-12-31")
    office.decided_lineage(decided)
    yield "lineage", ("lineage", "apply", str(decided), "--reason", "minutes 3")
    yield "export", ("export", "ledger", "--period", "2024", "-o", str(room / "out.xlsx"))


class Step:
    """One command: the directory before it, and what it makes of it."""

    def __init__(self, name, words, office, room):
        self.name, self.words, self.room = name, words, room
        self.before_directory = room / "before"
        self.trial = office.at(room / "trial")
        shutil.rmtree(self.before_directory, ignore_errors=True)
        if office.directory.exists():
            shutil.copytree(office.directory, self.before_directory)
        self.before = office.dump()
        self.need_exit(office.run(*words), "runs at all", wanted=0)
        self.after = counts(office.dump())
        self.has_changed = self.after != counts(self.before)

    def restore(self):
        shutil.rmtree(self.trial.directory, ignore_errors=True)
        (self.room / "out.xlsx").unlink(missing_ok=True)
        if self.before_directory.exists():
            shutil.copytree(self.before_directory, self.trial.directory)

    def need_exit(self, done, what, wanted):
        if done.returncode != wanted:
            self.fail(what, done)

    def fail(self, what, done=None):
        said = "" if done is None else f"\n  exit {done.returncode}: {done.stderr.strip()}"
        raise AssertionError(f"{self.name}: {what}{said}")

    def try_once(self, family, nth):
        """False when the command came to its end before the nth place."""
        self.restore()
        done = self.trial.run(*self.words, env={"WANCUN_FAULT": f"{family}:{nth}"})
        if "fault: " not in done.stderr:
            self.need_exit(done, f"passes clean at {family}{nth}", wanted=0)
            return False
        self.check(done, f"{family}{nth}")
        return True

    def check(self, done, place):
        aborted = done.returncode == EXIT_ABORT
        is_sensible = done.returncode in (0, EXIT_MACHINE, EXIT_ABORT)
        if not is_sensible or aborted != ("broken promise" in done.stderr):
            self.fail(f"exit status at {place}", done)
        if not aborted and done.returncode != 0 and "wancun: " not in done.stderr:
            self.fail(f"says nothing at {place}", done)
        doctor = self.trial.run("doctor")
        now = self.trial.dump()
        if doctor.returncode != (1 if now is None else 0):
            self.fail(f"doctor after {place}", doctor)
        if not aborted and list(self.room.glob("*.part")):
            self.fail(f"leaves half a file at {place}", done)
        if now == self.before:
            if done.returncode == 0 and self.has_changed:
                self.fail(f"says it is done and is not, at {place}", done)
            self.run_again(place)
        elif counts(now) != self.after:
            self.fail(f"is half done at {place}", done)

    def run_again(self, place):
        self.need_exit(self.trial.run(*self.words), f"run again after {place}", wanted=0)
        if counts(self.trial.dump()) != self.after:
            self.fail(f"run again after {place} comes to something else")

    def count_places(self, family):
        """How many there are, found by doubling and halving."""
        low, high = 0, 1
        while self.fires(family, high):
            low, high = high, 2 * high
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self.fires(family, middle) else (low, middle)
        return low

    def fires(self, family, nth):
        self.restore()
        done = self.trial.run(*self.words, env={"WANCUN_FAULT": f"{family}:{nth}"})
        return "fault: " in done.stderr

    def places(self, family, sample):
        if sample:
            return (4 ** i for i in range(15))
        count, most = self.count_places(family), PLACES_MAX.get(family, PLACES_ELSE_MAX)
        if count <= most:
            return range(1, count + 1)
        print(f"  {self.name}: {most} of {count} places of {family}")
        return sorted({1 + i * (count - 1) // (most - 1) for i in range(most)})

    def loop(self, sample):
        tried = 0
        for family in FAMILIES:
            for nth in self.places(family, sample):
                if not self.try_once(family, nth):
                    break
                tried += 1
        return tried


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("wancun")
    parser.add_argument("source")
    parser.add_argument("--sample", action="store_true")
    given = parser.parse_args()
    room = make_room("wancun-faults-")
    office = Office(given.wancun, given.source, room / "office")
    tried = 0
    try:
        for name, words in scenario(office, room):
            here = Step(name, words, office, room).loop(given.sample)
            print(f"{name}: {here} places failed", flush=True)
            tried += here
    except AssertionError as wrong:
        print(f"not ok: {wrong}", file=sys.stderr)
        return 1
    finally:
        shutil.rmtree(room)
    print(f"{tried} places failed, nothing half done")
    return 0 if tried > 0 else 1


sys.exit(main())
