# Robustness of a province beside numpy with OpenBLAS, from Debian (python3-numpy,
# libopenblas0-pthread). RUNS says how many interleaved runs.
ninja -C build --quiet tests/bench/weigh_bench
/usr/bin/python3 tests/bench/weigh_peers.py build/tests/bench/weigh_bench build/bench/weigh "${RUNS:-7}"
