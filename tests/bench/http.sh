# Beside nginx `return`: a constant public JSON, and values of a county by somebody with a token,
# checked against rights and scope, each request logged. CPU microseconds a request, all with two
# loops, the same client (wrk, one thread, 64 connections), RUNS interleaved. Values are asked at
# random among all that villages reported. Contract 37: at most 1.25 and 2.5 times.
set -eu
seconds=${SECONDS_EACH:-3}
ninja -C build --quiet tests/bench/http_bench tests/bench/value_bench src/app/wancun
work=build/bench/http
mkdir -p "$work"
cat >"$work/nginx.conf" <<CONF
worker_processes 2;
pid nginx.pid;
error_log stderr crit;
events { worker_connections 1024; }
http {
    access_log off;
    client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fcgi;
    uwsgi_temp_path uwsgi; scgi_temp_path scgi;
    keepalive_requests 100000000;
    server {
        listen 127.0.0.1:18643;
        default_type application/json;
        location / { return 200 '{"name":"wancun","state":"well"}'; }
    }
}
CONF
cpu_of() { # user and system ticks (10 ms) of the processes named
    for pid in "$@"; do cut -d' ' -f14,15 "/proc/$pid/stat"; done |
        awk '{ticks += $1 + $2} END {print ticks * 10000}'
}
ask() { # wrk's number of requests, all of which must have been answered
    wrk -t1 -c64 -d"${seconds}s" -s "$work/values.lua" "http://127.0.0.1:$1/" >"$work/asked"
    grep -q '^errors 0$' "$work/asked" || { cat "$work/asked" >&2; exit 1; }
    awk '/requests in/ {print $1}' "$work/asked"
}
run_nginx() {
    /usr/sbin/nginx -p "$PWD/$work" -c nginx.conf -e stderr
    sleep 0.5
    workers=$(pgrep -P "$(cat "$work/nginx.pid")")
    # shellcheck disable=SC2086
    before=$(cpu_of $workers)
    requests=$(ask 18643)
    # shellcheck disable=SC2086
    after=$(cpu_of $workers)
    kill "$(cat "$work/nginx.pid")"
    awk "BEGIN {printf \"%.2f\n\", ($after - $before) / $requests}"
}
run_ours() {
    build/tests/bench/http_bench $((seconds + 2)) >"$work/ours" &
    ours=$!
    sleep 0.5
    ask "$(head -1 "$work/ours")" >/dev/null
    wait "$ours"
    tail -1 "$work/ours" | awk '{printf "%.2f\n", $2 / $1}'
}
# An office of a county, a token that may read it, and the paths of its values.
make_office() {
    wancun=build/src/app/wancun
    rm -rf "$work/office" "$work/data"
    $wancun -q demo "$work/data" --size county --programme programmes/example-province --only-files
    $wancun -q init "$work/office" --programme programmes/example-province
    $wancun -q -d "$work/office" import register "$work/data/register-2024-12-31.csv" --as-of 2024-12-31
    $wancun -q -d "$work/office" import ledger "$work/data/ledgers/2024"/*.xlsx --period 2024 2>/dev/null
    $wancun -q -d "$work/office" user add bench --name bench >/dev/null
    echo quiet-lantern-73 >"$work/password"
    $wancun -q -d "$work/office" user password bench --from-file "$work/password"
    $wancun -q -d "$work/office" user post bench programme_office --unit 990000000000 >/dev/null
    token=$($wancun -q --json -d "$work/office" user token bench --purpose bench --rights read --days 1 |
        sed 's/.*"secret":"\([^"]*\)".*/\1/')
    {
        echo 'paths = {'
        awk -F, '$2 == "village" && substr($1, 10) >= 200 {print $1}' "$work/data/register-2024-12-31.csv" |
            while read -r code; do
                for indicator in $indicators; do echo "\"/api/values/$code/$indicator/2024\","; done
            done
        echo '}'
        echo "wrk.headers['Authorization'] = 'Bearer $token'"
        echo 'function init() for i, path in ipairs(paths) do paths[i] = wrk.format("GET", path) end end'
        echo 'function request() return paths[math.random(#paths)] end'
        echo 'function done(summary) print("errors " .. summary.errors.status) end'
    } >"$work/values.lua"
}
run_values() {
    build/tests/bench/value_bench "$work/office" $((seconds + 2)) >"$work/values" 2>"$work/values.log" &
    ours=$!
    sleep 1
    before=$(cpu_of $ours)
    requests=$(ask "$(head -1 "$work/values")")
    after=$(cpu_of $ours)
    wait "$ours"
    awk "BEGIN {printf \"%.2f\n\", ($after - $before) / $requests}"
}
indicators='PS01 PS02 PS03 PS04 IN01 IN02'
make_office
: >"$work/nginx.us"
: >"$work/ours.us"
: >"$work/values.us"
for _ in $(seq "${RUNS:-7}"); do
    run_nginx >>"$work/nginx.us"
    run_ours >>"$work/ours.us"
    run_values >>"$work/values.us"
done
median() { sort -n "$1" | awk '{a[NR] = $1} END {print a[int((NR + 1) / 2)]}'; }
nginx=$(median "$work/nginx.us")
ours=$(median "$work/ours.us")
values=$(median "$work/values.us")
echo "nginx return: $nginx us a request ($(sort -n "$work/nginx.us" | sed -n '1p;$p' | paste -sd-))"
echo "wancun http:  $ours us a request ($(sort -n "$work/ours.us" | sed -n '1p;$p' | paste -sd-))"
awk "BEGIN {printf \"ratio: %.2f (at most 1.25)\n\", $ours / $nginx}"
echo "wancun value: $values us a request ($(sort -n "$work/values.us" | sed -n '1p;$p' | paste -sd-))"
awk "BEGIN {printf \"ratio: %.2f (at most 2.5)\n\", $values / $nginx}"
