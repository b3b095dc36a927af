# The solver over seeds, and beside CBC and HiGHS: --quick in the environment's BENCH_OPTIONS for
# some minutes of it, --long for many more seeds. Last contract 28, over 20 seeds when --long.
set -eu
ninja -C build tests/bench/solve_bench >/dev/null
/usr/bin/python3 tests/bench/solve_peers.py build/tests/bench/solve_bench ${BENCH_OPTIONS:-}
/usr/bin/python3 tests/bench/solve_contract.py build/tests/bench/solve_bench build/src/app/wancun ${BENCH_OPTIONS:-}
