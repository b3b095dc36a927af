# The cube beside DuckDB, a province and a nation; DuckDB's library comes from npm.
set -eu

library=build/bench/node_modules/@duckdb/node-bindings-linux-x64/libduckdb.so
[ -f "$library" ] || npm install --silent --no-audit --no-fund --ignore-scripts \
    --prefix build/bench @duckdb/node-bindings-linux-x64@1.5.6-r.1
ninja -C build --quiet tests/bench/cube_bench
for size in province nation; do
    build/tests/bench/cube_bench "$library" build/bench "$size"
    rm -f "build/bench/cube-$size.csv" "build/bench/cube-$size.duckdb"
done
