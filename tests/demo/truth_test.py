#!/usr/bin/env python3
"""The demonstration knows what became of its units (lineage-truth.csv): what the program proposes, accepts
by itself and shows once decided, against it, by kind.

truth_test.py SOURCE WANCUN"""
import collections
import csv
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

SOURCE, WANCUN = pathlib.Path(sys.argv[1]), sys.argv[2]
PROGRAMME = SOURCE / "programmes" / "example-province"
YEARS = (2022, 2023, 2024)
SURE = {"rename", "recode", "transfer", "upgrade"}  # kinds that continue a unit under a name or code of its own
faults = []


def check(what, holds, seen=""):
    print(f"# {'ok' if holds else 'NOT OK'}: {what}" + (f" ({seen})" if seen != "" else ""))
    if not holds:
        faults.append(what)


def run(*words):
    done = subprocess.run([WANCUN, "--lang", "en", *map(str, words)], capture_output=True, text=True)
    assert done.returncode == 0, (words, done.stderr)
    return done.stdout


def rows(*words):
    return [row for line in run("--json", *words).splitlines() for row in json.loads(line)["rows"]]


def truth_of(room):
    with open(room / "lineage-truth.csv", encoding="utf-8-sig") as file:
        lines = [line for line in csv.reader(file) if len(line) == 6 and line[0][:2] == "20"]
    return {(day, kind, before, after) for day, kind, before, _, after, _ in lines}


def office_of(room, name, *accept):
    """An office with the registers of all years."""
    office = room / name
    run("init", office, "--programme", PROGRAMME)
    for year in YEARS:
        day = f"{year}-12-31"
        run("-d", office, "import", "register", room / f"register-{day}.csv", "--as-of", day, *accept)
    return office


def step(row):
    return row["day"], row["kind"], row["code_before"], row["code_after"]


def by_kind(steps):
    return collections.Counter(kind for _, kind, _, _ in steps)


def check_proposals(truth, proposed):
    """Recall and precision by kind; a merge whose successor nobody can see is proposed without one."""
    found = by_kind(truth & proposed)
    asked, made = by_kind(truth), by_kind(proposed)
    for kind in sorted(asked | made):
        recall = f"recall {found[kind]}/{asked[kind]}"
        print(f"#   {kind}: {recall}, precision {found[kind]}/{made[kind]}")
    for kind in sorted(SURE):
        check(f"every {kind} of the truth is proposed as what it is", found[kind] == asked[kind], f"{found[kind]}/{asked[kind]}")
        check(f"no {kind} is proposed that is none", found[kind] == made[kind], f"{found[kind]}/{made[kind]}")
    ends = {(day, before) for day, kind, before, _ in truth if kind in ("merge", "abolish")}
    open_ends = {(day, before) for day, kind, before, after in proposed if kind in ("merge", "abolish")}
    check("every unit that was merged or abolished is asked about, and no other", ends == open_ends,
          f"{len(ends & open_ends)} of {len(ends)}, {len(open_ends)} asked")
    named = {s for s in proposed if s[1] == "merge" and s[3] != ""}
    check("a successor that is named is the true one", named <= truth, named - truth)
    check("every new unit is seen", found["create"] == asked["create"] == made["create"], f"{found['create']}/{asked['create']}")


def check_accepted(truth, proposed, room):
    """What is confirmed without asking anybody is true."""
    office = office_of(room, "accepting", "--accept", "95")
    accepted = proposed - {step(row) for row in rows("-d", office, "lineage", "propose")}
    check("nothing is accepted at 95 % that is not true", accepted <= truth, accepted - truth)
    check("something is", len(accepted) > 0, len(accepted))
    confirmed = sum(row["confirmed"] for row in sums_of(office).values())
    check("what is shown as confirmed is what was accepted", confirmed == len(accepted), confirmed)


def sums_of(office):
    """What every register changed, the whole of it: the first row of each day."""
    sums = {}
    for row in rows("-d", office, "lineage", "show"):
        sums.setdefault(row["day"], row)
    return sums


def decide(room, office, truth):
    """Fill in what a person who knows would: confirm what is true, name the true successor, refuse the rest."""
    successor = {(day, before): after for day, kind, before, after in truth if kind == "merge"}
    path = room / "decided.csv"
    with open(path, "w", newline="") as file:
        out = csv.writer(file)
        out.writerow(["id", "decision", "successor"])
        for row in rows("-d", office, "lineage", "propose"):
            after = successor.get((row["day"], row["code_before"]), "")
            is_true = step(row) in truth
            word = "confirm" if is_true else "other" if after else "reject"
            out.writerow([row["id"], word, after if word == "other" else ""])
    run("-d", office, "lineage", "apply", path, "--reason", "test")


def check_decided(truth, room, office):
    decide(room, office, truth)
    check("nothing waits any more", rows("-d", office, "lineage", "propose") == [])
    sums = sums_of(office)
    true = collections.Counter((day, kind) for day, kind, _, _ in truth)
    for day in sorted(sums):
        for kind in sorted(SURE | {"merge", "create"}):
            check(f"{day} shows as many of kind {kind} as there were", sums[day][kind] == true[day, kind],
                  f"{sums[day][kind]}/{true[day, kind]}")


def main():
    room = pathlib.Path(tempfile.mkdtemp())
    run("demo", room / "demo", "--size", "county", "--programme", PROGRAMME, "--only-files")
    room = room / "demo"
    truth = truth_of(room)
    check("there is a truth of every kind", len(by_kind(truth)) >= 6, dict(by_kind(truth)))
    office = office_of(room, "asking")
    proposed = {step(row) for row in rows("-d", office, "lineage", "propose")}
    check_proposals(truth, proposed)
    check_accepted(truth, proposed, room)
    check_decided(truth, room, office)
    shutil.rmtree(room.parent)
    return 1 if faults else 0


sys.exit(main())
