# The workbook reader beside openpyxl and OGR, from Debian (python3-openpyxl, python3-gdal). RUNS
# says how many interleaved runs.
set -eu
ninja -C build --quiet tests/bench/sheet_bench
/usr/bin/python3 tests/bench/sheet_peers.py build/tests/bench/sheet_bench "${RUNS:-7}"
