#!/usr/bin/python3
"""The solver beside CBC and HiGHS (scipy), and its gaps over many seeds.

solve_peers.py SOLVE_BENCH [--quick|--long]

Gaps are (bound - value) / bound against the solver's own certificate, checked by the independent
checker; times are CPU seconds, one thread, prices included. Peers get the whole problem as MPS; the
solver's time to the peer's gap is the median of seven runs taken in turn with nothing else."""
import pathlib
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time

import numpy as np
import scipy.optimize
import scipy.sparse

BENCH = sys.argv[1]
QUICK, LONG = "--quick" in sys.argv, "--long" in sys.argv
RUNS = 7
LINE = re.compile(r"value (-?\d+) bound (-?\d+) gap ([0-9.]+) cpu ([0-9.]+).* (sound|NOT SOUND)")


def ours(family, size, seed, seconds):
    out = subprocess.run([BENCH, "run", family, str(size), str(seed), str(seconds)],
                         capture_output=True, text=True, check=True).stderr
    value, bound, gap, cpu, sound = LINE.search(out).groups()
    assert sound == "sound", out
    return int(value), int(bound), float(gap), float(cpu)


def table(rows):
    print(f"{'problem':<16}{'seeds':>6}{'seconds':>9}{'median %':>10}{'worst %':>10}{'CPU s':>8}")
    for family, size, seeds, seconds in rows:
        found = [ours(family, size, seed, seconds) for seed in range(1, seeds + 1)]
        gaps = [f[2] for f in found]
        print(f"{family + ' ' + str(size):<16}{seeds:>6}{seconds:>9}{statistics.median(gaps):>10.5f}"
              f"{max(gaps):>10.5f}{statistics.median(f[3] for f in found):>8.2f}", flush=True)


def child_seconds(call):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    result = call()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return result, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def cbc(path, seconds):
    log, cpu = child_seconds(lambda: subprocess.run(
        ["cbc", str(path), "-sec", str(seconds), "-solve", "-quit"], capture_output=True,
        text=True).stdout)
    value = re.search(r"Objective value:\s+(\S+)", log)
    return (-float(value[1]) if value else None), cpu


def read_mps(path):
    rows, kinds, entries, rhs, section = {}, [], [], {}, ""
    cost = {}
    for line in open(path):
        word = line.split()
        if line[0] != " ":
            section = word[0]
        elif section == "ROWS" and word[0] != "N":
            rows[word[1]] = len(rows)
            kinds.append(word[0])
        elif section == "COLUMNS" and "MARKER" not in line:
            column = int(word[0][1:])
            if word[1] == "C":
                cost[column] = float(word[2])
            else:
                entries.append((rows[word[1]], column, float(word[2])))
        elif section == "RHS":
            rhs[rows[word[1]]] = float(word[2])
    r, c, v = zip(*entries)
    columns = max(c) + 1
    matrix = scipy.sparse.csr_matrix((v, (r, c)), (len(rows), columns))
    high = np.array([rhs.get(i, 0.0) for i in range(len(rows))])
    low = np.where(np.array(kinds) == "E", high, -np.inf)
    return np.array([cost.get(i, 0.0) for i in range(columns)]), matrix, low, high


def highs(path, seconds):
    cost, matrix, low, high = read_mps(path)
    begin = time.process_time()
    result = scipy.optimize.milp(
        cost, constraints=scipy.optimize.LinearConstraint(matrix, low, high),
        integrality=np.ones(len(cost)), bounds=scipy.optimize.Bounds(0, 1),
        options={"time_limit": seconds, "mip_rel_gap": 0})
    cpu = time.process_time() - begin
    return (None if result.x is None else -result.fun), cpu


def time_to(family, size, seed, goal):
    """CPU seconds until the gap is not above the goal: the median of runs with that little time."""
    for seconds in (0.002, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.2, 0.5, 1, 2, 5, 10):
        if ours(family, size, seed, seconds)[2] <= goal:
            return statistics.median(ours(family, size, seed, seconds)[3] for _ in range(RUNS))
    return None


def beside_peers(family, size, seed, seconds):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "problem.mps"
        with open(path, "w") as out:
            subprocess.run([BENCH, "write", family, str(size), str(seed)], stdout=out, check=True)
        bound = ours(family, size, seed, 1)[1]
        for name, peer in (("CBC 2.10", cbc), (f"HiGHS (scipy {scipy.__version__})", highs)):
            value, cpu = peer(path, seconds)
            if value is None:
                print(f"{family} {size} seed {seed}: {name}: no plan in {cpu:.1f} s CPU", flush=True)
                continue
            gap = 100 * (bound - value) / bound
            own = time_to(family, size, seed, gap)
            ratio = f"{cpu / own:.0f} x" if own else "not reached"
            print(f"{family} {size} seed {seed}: {name} {gap:.5f} % in {cpu:.1f} s; "
                  f"the same in {own if own else 0:.3f} s: {ratio}", flush=True)


def beyond(family, size, seed, times):
    """Our gap after a tenth of a second, and CBC's after so many times the seconds: at least that ratio, if it is not there."""
    runs = [ours(family, size, seed, 0.1) for _ in range(RUNS)]
    bound, gap = runs[0][1], runs[0][2]
    own = statistics.median(run[3] for run in runs)
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "problem.mps"
        with open(path, "w") as out:
            subprocess.run([BENCH, "write", family, str(size), str(seed)], stdout=out, check=True)
        value, cpu = cbc(path, round(times * own) + 1)
    theirs = 100 * (bound - value) / bound if value else 100.0
    word = "at least" if theirs > gap else "at most"
    print(f"{family} {size} seed {seed}: ours {gap:.5f} % in {own:.3f} s; CBC 2.10 {theirs:.5f} % after "
          f"{cpu:.1f} s: {word} {cpu / own:.0f} x", flush=True)


def again(size, runs):
    """A province's money cut by 2 %: the first plan from the old answer on, and what it takes."""
    found = []
    for _ in range(runs):
        out = subprocess.run([BENCH, "again", "plain", str(size), "1"], capture_output=True, text=True,
                             check=True).stderr
        lines = [LINE.search(line).groups() for line in out.splitlines() if LINE.search(line)]
        found.append((float(lines[1][3]), float(lines[1][2])))
    times = [cpu for cpu, _ in found]
    print(f"plain {size} again: {statistics.median(times):.3f} s CPU ({min(times):.3f} to {max(times):.3f}), "
          f"gap {found[0][1]:.5f} %, {runs} runs", flush=True)


def long_table():
    table([("plain", 300, 20, 0.1), ("plain", 300, 20, 1), ("lumpy", 300, 20, 0.1), ("lumpy", 300, 20, 1),
           ("years", 300, 20, 1), ("plain", 2500, 20, 0.3), ("plain", 2500, 20, 1), ("lumpy", 2500, 20, 1),
           ("years", 2500, 20, 3), ("general", 100, 20, 1), ("general", 200, 20, 1), ("general", 400, 20, 1),
           ("plain", 18851, 5, 1), ("plain", 18851, 3, 5), ("lumpy", 18851, 3, 2), ("years", 18851, 1, 9),
           ("plain", 300, 5, 10), ("general", 100, 5, 10), ("general", 200, 5, 10), ("general", 400, 5, 10)])


def page_table():
    table([("plain", 300, 20, 0.1), ("plain", 300, 20, 1), ("lumpy", 300, 20, 0.1), ("lumpy", 300, 20, 1),
           ("plain", 2500, 3, 1), ("plain", 18851, 3, 1), ("plain", 18851, 3, 10), ("lumpy", 18851, 1, 2),
           ("years", 18851, 1, 10)])


def main():
    if QUICK:
        table([("plain", 300, 3, 0.1), ("plain", 300, 3, 1), ("plain", 2500, 1, 1), ("plain", 18851, 1, 1)])
        beside_peers("plain", 300, 1, 10)
        return
    long_table() if LONG else page_table()
    again(18851, 3)
    for seed in range(1, 8):
        beside_peers("plain", 300, seed, 5)
    beside_peers("general", 100, 1, 10)
    beside_peers("plain", 2500, 1, 60)
    beyond("plain", 2500, 1, 1050)


main()
