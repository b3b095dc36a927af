#!/usr/bin/python3
"""Contract 28: plans of one county within ten seconds on two cores, CBC's search included.

solve_contract.py SOLVE_BENCH WANCUN [--quick|--long]

Two kinds of made instances (solve_make.c) by the solver itself and CBC on its core, half of the time
each; and the demonstration's counties, made from the programme's definition with lumpy costs,
for one year and for three, by the product's own commands. Every county stays in
build/bench/county-N. Printed: the median and the worst of the proven gaps over the seeds, CPU
seconds, elapsed ones. Every answer of ours is confirmed by the checker; on made instances a better
plan of CBC's is taken at its word, on counties the product checks it too."""
import json
import pathlib
import re
import resource
import statistics
import subprocess
import sys
import time

BENCH, WANCUN = (str(pathlib.Path(p).resolve()) for p in sys.argv[1:3])
SEEDS = 20 if "--long" in sys.argv else 1 if "--quick" in sys.argv else 2
SECONDS, THREADS, VILLAGES = 10, 2, 300
COUNTIES = pathlib.Path("build/bench")
LINE = re.compile(r"value (-?\d+) bound (-?\d+) gap [0-9.]+ cpu [0-9.]+.* (sound|NOT SOUND)")


def run(*command, text=None):
    return subprocess.run(command, input=text, capture_output=True, text=True, check=True)


def number(pattern, text):
    found = re.search(pattern, text)
    return float(found[1]) if found else None


def made(family, seed):
    """Both cores for half of the time for the solver, then CBC for the other half."""
    core = run(BENCH, "core", family, str(VILLAGES), str(seed), str(SECONDS))
    value, bound, sound = LINE.search(core.stderr).groups()
    assert sound == "sound", core.stderr
    value, bound, base = int(value), int(bound), int(number(r"base (-?\d+)", core.stderr))
    log = run("cbc", "-import", "-", "-sec", str(SECONDS // 2), "-solve", "-quit", text=core.stdout).stdout
    if "proven infeasible" in log:
        return value, value
    plan = number(r"Objective value:\s+(\S+)", log)
    lower = number(r"Lower bound:\s+(\S+)", log)
    lower = plan if lower is None else lower
    value = value if plan is None else max(value, base - round(plan))
    return value, bound if lower is None else max(value, min(bound, int(base - lower + 1e-6)))


def county_of(seed):
    """None where a lock drawn for the demonstration contradicts a standard of its village: no plan is possible."""
    folder = COUNTIES / f"county-{seed}"
    if not (folder / "office").exists():
        subprocess.run([WANCUN, "demo", str(folder), "--size", "county", "--seed", str(seed)], capture_output=True)
    return folder if (folder / "plan.xlsx").exists() else None


def defined(years, folder):
    answer = run(WANCUN, "-d", str(folder / "office"), "plan", "--years", years, "--funds",
                 str(folder / "funds-2025-2027.yaml"), "--lock", str(folder / "locks.yaml"),
                 "--seconds", str(SECONDS), "--json").stdout
    facts = json.loads(answer.splitlines()[0])["inputs"]
    return facts["value"], facts["bound"]


def cpu_seconds():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def measure(name, solve, problems):
    gaps, cpu, wall = [], [], []
    for problem in problems:
        begin, used = time.monotonic(), cpu_seconds()
        value, bound = solve(problem)
        wall.append(time.monotonic() - begin)
        cpu.append(cpu_seconds() - used)
        gaps.append(100 * (bound - value) / bound)
    print(f"contract {name}: median {statistics.median(gaps):.5f} %, worst {max(gaps):.5f} %, {len(gaps)} seeds, "
          f"{statistics.median(cpu):.1f} s CPU, {statistics.median(wall):.1f} s elapsed", flush=True)


seeds = range(1, SEEDS + 1)
counties = [folder for folder in map(county_of, seeds) if folder]
print(f"contract: {len(counties)} of {SEEDS} counties have a plan; in the others a lock contradicts a standard", flush=True)
measure("plain", lambda seed: made("plain", seed), seeds)
measure("lumpy", lambda seed: made("lumpy", seed), seeds)
measure("defined, one year", lambda folder: defined("2025", folder), counties)
measure("defined, three years", lambda folder: defined("2025-2027", folder), counties)
