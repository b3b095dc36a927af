#!/usr/bin/python3
"""Robustness beside numpy with OpenBLAS, on the same data and the same drawn weights.

weigh_peers.py WEIGH_BENCH DIR [RUNS]

Peers, each in the fastest form found, one thread: a matrix product a pool, then
  partition  np.partition for the two lines of the quotas (what one would write)
  sort       np.sort of every draw (numpy's AVX-512 sort beats its own partition)
Runs are interleaved; CPU seconds; the peers read ready weights while ours draws them, too. All
counts are compared: they may differ only where scores lie within 1e-5 of a line."""
import os
import pathlib
import statistics
import subprocess
import sys
import time

os.environ["OPENBLAS_NUM_THREADS"] = "1"
import numpy as np  # noqa: E402  (after the number of threads is set)

CRITERIA, TIERS, CHUNK = 20, 3, 1000


def load(folder):
    utilities = np.fromfile(folder / "utilities.f4", "f4").reshape(-1, CRITERIA)
    weights = np.fromfile(folder / "weights.f4", "f4").reshape(-1, CRITERIA)
    pool = np.fromfile(folder / "pool.i4", "i4")
    quota = np.fromfile(folder / "quota.i4", "i4").reshape(-1, TIERS)
    ends = np.r_[np.flatnonzero(np.r_[True, pool[1:] != pool[:-1]]), len(pool)]
    return utilities, weights, quota, ends


def lines_by_partition(scores, first, both):
    count = scores.shape[1]
    parted = np.partition(scores, (count - both, count - first), axis=1)
    return parted[:, count - first, None], parted[:, count - both, None]


def lines_by_sort(scores, first, both):
    count = scores.shape[1]
    ordered = np.sort(scores, axis=1)
    return ordered[:, count - first, None], ordered[:, count - both, None]


def peer(data, find_lines):
    utilities, weights, quota, ends = data
    counts = np.zeros((len(utilities), TIERS), "i8")
    for begin in range(0, len(weights), CHUNK):
        drawn = weights[begin:begin + CHUNK]
        for at, (low, high) in enumerate(zip(ends[:-1], ends[1:])):
            first, both = quota[at, 0], quota[at, 0] + quota[at, 1]
            scores = drawn @ utilities[low:high].T
            upper, lower = find_lines(scores, first, both)
            in_first = np.count_nonzero(scores >= upper, axis=0)
            counts[low:high, 0] += in_first
            counts[low:high, 1] += np.count_nonzero(scores >= lower, axis=0) - in_first
    counts[:, 2] = len(weights) - counts[:, 0] - counts[:, 1]
    return counts


def near_a_line(data, place):
    """Draws in which the place's score lies within 1e-5 of a line of its pool."""
    utilities, weights, quota, ends = data
    at = np.searchsorted(ends, place, side="right") - 1
    scores = weights @ utilities[ends[at]:ends[at + 1]].T
    upper, lower = lines_by_partition(scores, quota[at, 0], quota[at, 0] + quota[at, 1])
    own = scores[:, place - ends[at], None]
    # the line lies between the last admitted and the next: both neighbours count
    ordered = -np.sort(-scores, axis=1)
    close = np.zeros(len(weights), bool)
    for rank in (quota[at, 0], quota[at, 0] + quota[at, 1]):
        for neighbour in (rank - 1, rank):
            if neighbour < scores.shape[1]:
                close |= np.abs(own[:, 0] - ordered[:, neighbour]) < 1e-5
    return int(close.sum())


def compare(data, ours, theirs):
    differing = np.flatnonzero((ours != theirs).any(axis=1))
    for place in differing:
        off = int(np.abs(ours[place] - theirs[place]).max())
        assert off <= near_a_line(data, place), f"place {place} differs by {off} draws"
    worst = int(np.abs(ours - theirs).max())
    return f"{len(differing)} of {len(ours)} places differ, by at most {worst} draws, all near a line"


def spread(times):
    return f"{statistics.median(times):8.3f} s  ({min(times):.3f} to {max(times):.3f})"


def measure(bench, folder, model, runs):
    subprocess.run([bench, "make", folder, model], check=True)
    data = load(folder)
    forms = {"partition": lines_by_partition, "sort": lines_by_sort}
    times = {"wancun": [], "wancun, wall": [], **{name: [] for name in forms}}
    for _ in range(runs):
        out = subprocess.run([bench, "run", folder, model], check=True, capture_output=True, text=True)
        cpu, wall = map(float, out.stdout.split())
        times["wancun"].append(cpu / 1e3)
        times["wancun, wall"].append(wall / 1e3)
        for name, find_lines in forms.items():
            begin = time.process_time()
            theirs = peer(data, find_lines)
            times[name].append(time.process_time() - begin)
    ours = np.fromfile(folder / "counts.u4", "u4").reshape(-1, TIERS).astype("i8")
    print(f"weights drawn: {model}; {runs} interleaved runs, CPU, median (least to most)")
    for name, taken in times.items():
        print(f"  {name:14}{spread(taken)}")
    for name in forms:
        ratios = [theirs / mine for theirs, mine in zip(times[name], times["wancun"])]
        print(f"  ratio to {name}: {statistics.median(ratios):.1f} ({min(ratios):.1f} to {max(ratios):.1f})")
    print(f"  {compare(data, ours, theirs)}")


def main():
    bench, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    runs = int(sys.argv[3]) if len(sys.argv) > 3 else 7
    folder.mkdir(parents=True, exist_ok=True)
    print(f"numpy {np.__version__}, one thread")
    for model in ("around", "any"):
        measure(bench, folder, model, runs)


if __name__ == "__main__":
    main()
