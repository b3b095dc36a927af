#!/usr/bin/env python3
"""sheet_peers.py SHEET_BENCH [ROUNDS]: the workbook reader beside openpyxl (read-only) and OGR.

Every round runs each reader once in a process of its own, CPU time taken around the reading alone.
Before that, every cell of the product's reading is compared with openpyxl's. Prints medians, spread
and ratios. Peers: python3-openpyxl, python3-gdal. OGR only walks the features it has parsed; no
field is asked of it."""
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time


def openpyxl_rows(path):
    import openpyxl
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    for row in book.worksheets[0].iter_rows(values_only=True):
        yield row


def run_openpyxl(path):
    import openpyxl  # noqa: F401 (its import is not the reading)
    began = time.process_time()
    cells = sum(1 for row in openpyxl_rows(path) for value in row if value is not None)
    return cells, time.process_time() - began


def run_ogr(path):
    from osgeo import ogr
    ogr.UseExceptions()
    began = time.process_time()
    source = ogr.Open(path)
    layer = source.GetLayer(0)
    rows = sum(1 for _ in layer)
    return rows * layer.GetLayerDefn().GetFieldCount(), time.process_time() - began


def peer(which, path):
    cells, seconds = {"openpyxl": run_openpyxl, "ogr": run_ogr}[which](path)
    status = pathlib.Path("/proc/self/status").read_text()
    peak = int(status.split("VmHWM:")[1].split()[0])
    print(json.dumps({"cells": cells, "cpu_us": seconds * 1e6, "peak_kib": peak}))


def compare(bench, path):
    """Cells that differ between the product and openpyxl, numbers beyond 15 digits."""
    ours = subprocess.Popen([bench, "dump", path], stdout=subprocess.PIPE, text=True)
    compared = different = 0
    for number, row in enumerate(openpyxl_rows(path), 1):
        for column, value in enumerate(row):
            if value is None:
                continue
            said = ours.stdout.readline().rstrip("\n").split("\t")
            same = said[:2] == [str(number), str(column)] and (
                said[3] == value if isinstance(value, str)
                else abs(float(said[3]) - value) <= 1e-14 * abs(value))
            compared += 1
            different += not same
    different += len(ours.stdout.read().splitlines())
    return compared, different


def once(which, bench, path):
    command = ([bench, "read", path] if which == "product" else
               [sys.executable, __file__, "--peer", which, path])
    out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if which == "product":
        words = out.split()
        return dict(zip(words[::2], map(float, words[1::2])))
    return json.loads(out)


def versions():
    import openpyxl
    from osgeo import gdal
    return f"openpyxl {openpyxl.__version__}, GDAL {gdal.__version__}, Python {sys.version.split()[0]}"


def main():
    bench, rounds = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 7
    with tempfile.TemporaryDirectory() as folder:
        path = str(pathlib.Path(folder) / "bench.xlsx")
        subprocess.run([bench, "make", path], check=True)
        compared, different = compare(bench, path)
        print(f"{compared} cells compared with openpyxl, {different} different ({versions()})")
        seen = {"product": [], "openpyxl": [], "ogr": []}
        for _ in range(rounds):
            for which, runs in seen.items():
                runs.append(once(which, bench, path))
        size = pathlib.Path(path).stat().st_size / 1024
        product = statistics.median(run["cpu_us"] for run in seen["product"])
        for which, runs in seen.items():
            times = [run["cpu_us"] / 1e6 for run in runs]
            peak = max(run["peak_kib"] for run in runs) / 1024
            ratios = [theirs["cpu_us"] / ours["cpu_us"] for theirs, ours in zip(runs, seen["product"])]
            print(f"{which:9} cells {runs[0]['cells']:.0f}  CPU s median {statistics.median(times):.3f} "
                  f"({min(times):.3f}–{max(times):.3f})  ratio median {statistics.median(ratios):.2f} "
                  f"({min(ratios):.2f}–{max(ratios):.2f})  peak {peak:.1f} MiB"
                  + (f", of which the file {size / 1024:.1f}" if which == "product" else ""))
        return 0 if different == 0 and product > 0 else 1


if sys.argv[1] == "--peer":
    peer(sys.argv[2], sys.argv[3])
else:
    sys.exit(main())
