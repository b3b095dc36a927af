#!/usr/bin/env python3
"""planted_test SOURCE WANCUN: every planted error of the demonstration is found, and nothing else;
and the manners of writing a ledger make no difference to what is read.

Each workbook of planted/ is read with --dry-run in an office that holds the registers and the year
before; what is said is held against planted/errors.csv. Prints precision and recall."""
import csv
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

SOURCE, WANCUN = map(pathlib.Path, sys.argv[1:3])
SEEDS = ("1", "2", "3", "4", "5")  # a county of another manner each


def run(*words, expected=0):
    done = subprocess.run([WANCUN, "--lang", "zh", *words], capture_output=True, text=True)
    assert expected is None or done.returncode == expected, (words, done.stderr)
    return done


def make_office(room, seed):
    programme = SOURCE / "programmes/example-province"
    run("demo", room, "--size", "county", "--seed", seed, "--only-files", "--programme", programme)
    office = room / "office"
    run("init", office, "--programme", programme)
    for year in (2022, 2023, 2024):
        run("-d", office, "import", "register", room / f"register-{year}-12-31.csv",
            "--as-of", f"{year}-12-31", "--accept", "95")
    run("-q", "-d", office, "import", "ledger", *sorted((room / "ledgers/2023").glob("*.xlsx")),
        "--period", "2023")
    return office


def expected_of(room):
    """[(file, cell, severity, part of what is said)], the cell "" for a whole file."""
    with open(room / "planted/errors.csv", encoding="utf-8") as file:
        rows = list(csv.reader(file))[2:]
    return [(name, letters + row, "error" if kind == "错误" else "warning", says)
            for name, _, row, letters, _, kind, says in rows]


def said_about(office, path):
    """The marks of one file, or its one refusal."""
    done = run("--json", "-d", office, "import", "ledger", path, "--period", "2024", "--dry-run",
               expected=None)
    marks = []
    for line in done.stdout.splitlines():
        answer = json.loads(line)
        if answer["schema"] == "wancun.marks/1":
            marks += [(path.name, m["cell"], m["severity"], m["says"]) for m in answer["rows"]]
    if done.returncode != 0 and not marks:
        marks.append((path.name, "", "error", done.stderr))
    return marks


def changes_of(office, path, period):
    """[(indicator, row)]: what the file would change."""
    done = run("--json", "-d", office, "import", "ledger", path, "--period", period, "--dry-run")
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    return [(row["indicator"], row["row"]) for answer in answers
            if answer["schema"] == "wancun.changes/1" for row in answer["rows"]]


def fits(mark, wanted):
    return mark[:3] == wanted[:3] and wanted[3] in mark[3]


class Planted(unittest.TestCase):
    def check(self, seed):
        with tempfile.TemporaryDirectory() as name:
            room = pathlib.Path(name)
            office = make_office(room, seed)
            # Plain cells beside the county's own: what differs is what was planted.
            self.assertEqual(5, len(changes_of(office, room / "planted/years.xlsx", "2023")))
            wanted = expected_of(room)
            said = [m for path in sorted((room / "planted").glob("*.xlsx"))
                    for m in said_about(office, path)]
        missed = [w for w in wanted if not any(fits(m, w) for m in said)]
        extra = [m for m in said if not any(fits(m, w) for w in wanted)]
        print(f"planted_test: seed {seed}: {len(wanted)} planted, {len(said)} said; "
              f"recall {1 - len(missed) / len(wanted):.3f}, "
              f"precision {1 - len(extra) / max(1, len(said)):.3f}")
        self.assertGreater(len(wanted), 50)
        self.assertEqual([], missed)
        self.assertEqual([], extra)

    def test_every_planted_error_is_found_and_nothing_else(self):
        for seed in SEEDS:
            with self.subTest(seed=seed):
                self.check(seed)


unittest.main(argv=sys.argv[:1])
