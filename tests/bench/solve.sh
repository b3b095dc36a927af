# The solver over seeds, and beside CBC and HiGHS: --quick in the environment's BENCH_OPTIONS for
# two minutes of it, --long for many more seeds.
set -eu
ninja -C build tests/bench/solve_bench >/dev/null
/usr/bin/python3 tests/bench/solve_peers.py build/tests/bench/solve_bench ${BENCH_OPTIONS:-}
