# A constant public JSON beside nginx `return`: CPU microseconds a request, both with two loops, the
# same client (wrk, one thread, 64 connections), RUNS interleaved. Contract 37: at most 1.25 times.
set -eu
seconds=${SECONDS_EACH:-3}
ninja -C build --quiet tests/bench/http_bench
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
ask() { # wrk's number of requests
    wrk -t1 -c64 -d"${seconds}s" "http://127.0.0.1:$1/" | awk '/requests in/ {print $1}'
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
: >"$work/nginx.us"
: >"$work/ours.us"
for _ in $(seq "${RUNS:-7}"); do
    run_nginx >>"$work/nginx.us"
    run_ours >>"$work/ours.us"
done
median() { sort -n "$1" | awk '{a[NR] = $1} END {print a[int((NR + 1) / 2)]}'; }
nginx=$(median "$work/nginx.us")
ours=$(median "$work/ours.us")
echo "nginx return: $nginx us a request ($(sort -n "$work/nginx.us" | sed -n '1p;$p' | paste -sd-))"
echo "wancun http:  $ours us a request ($(sort -n "$work/ours.us" | sed -n '1p;$p' | paste -sd-))"
awk "BEGIN {printf \"ratio: %.2f (at most 1.25)\n\", $ours / $nginx}"
