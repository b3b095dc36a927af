#!/bin/sh
# What a server tells about itself: the log, a JSON line a request without a word of persons or
# data, and the counts for Prometheus.
#   log.sh SOURCE WANCUN
set -u
source=$1
wancun=$2
room=$(mktemp -d)
office=$room/office
server=
trap 'kill "$server" 2>/dev/null; rm -rf "$room"' EXIT

. "$source/tests/demo/checks.sh"

# serve LEVEL: the log is in $room/log, the counts at $room/metrics.
serve() {
    rm -f "$room/socket" "$room/metrics"
    "$wancun" -q -d "$office" serve --listen "unix:$room/socket" --metrics "unix:$room/metrics" \
        --log "$1" 2>"$room/log" &
    server=$!
    for turn in $(seq 50); do
        [ -S "$room/metrics" ] && break
        sleep 0.2
    done
}
stop() {
    kill -TERM "$server"
    wait "$server"
}
# asks STATUS METHOD PATH [CURL OPTION…]
asks() {
    wanted=$1
    method=$2
    path=$3
    shift 3
    status=$(curl -s -o "$room/answer" -D "$room/head" -w '%{http_code}' --unix-socket "$room/socket" \
        -X "$method" "$@" "http://localhost$path")
    [ "$status" = "$wanted" ] || { echo "$status: $(cat "$room/answer")" >&2; false; }
}
logged() { # within a moment: a line is written when its answer has been sent
    for turn in 1 2 3 4 5; do
        grep -q -- "$1" "$room/log" && return
        sleep 0.1
    done
    cat "$room/log" >&2
    false
}

"$wancun" -q demo "$room" --size county --programme "$source/programmes/example-province" --only-files
check 'makes a data directory' 0 "$wancun" init "$office" --programme "$source/programmes/example-province"
check 'imports a register' 0 on import register "$room/register-2024-12-31.csv" --as-of 2024-12-31
county=$(grep ',county,' "$room/register-2024-12-31.csv" | head -1 | cut -d, -f1)
check 'makes an account' 0 on user add plantedlogin --name 种下的姓名
printf 'quiet-lantern-73\n' >"$room/password"
check 'with a password' 0 on user password plantedlogin --from-file "$room/password"
check 'and a post' 0 on user post plantedlogin programme_office --unit 990000000000

serve info
check 'lets the person in' 0 asks 200 POST /api/session -c "$room/cookies" \
    -H 'Content-Type: application/json' -d '{"login":"plantedlogin","password":"quiet-lantern-73"}'
check 'numbers its answers' 0 grep -qi '^x-request-id: [0-9]' "$room/head"
check 'tells who it is' 0 asks 200 GET /api/session -b "$room/cookies"
check 'rolls up' 0 asks 200 GET "/api/rollup?period=2024&unit=$county&indicator=PS04" -b "$room/cookies"
check 'explains' 0 asks 200 GET "/api/values/$county/PS04?period=2024" -b "$room/cookies"
check 'refuses what is wrong' 0 asks 404 GET "/api/values/plantedcode/PS04?period=2024" -b "$room/cookies"
check 'and what is not there' 0 asks 404 GET /plantedpath/plantedlogin
check 'shows the page' 0 asks 200 GET / -b "$room/cookies"
check 'and its style' 0 asks 200 GET /assets/page.css -H 'User-Agent: plantedagent'
check 'takes a file' 0 asks 200 POST '/api/files?name=plantedname.yaml' -b "$room/cookies" \
    -H 'Content-Type: application/octet-stream' -d plantedbytes
request=$(sed -n 's/^[Xx]-[Rr]equest-[Ii]d: \([0-9]*\).*/\1/p' "$room/head")
check 'has a line of it' 0 logged "\"request\":$request,\"method\":\"POST\",\"route\":\"/api/files\",\"status\":200"
check 'a line by the route, not the path' 0 logged '"route":"/api/values/{CODE}/{INDICATOR}","status":404'
check 'a line of what has no route' 0 logged '"route":"(none)","status":404'
check 'says nothing that was sent, and nothing of persons' 0 sh -c "! grep -E 'planted|种下|quiet|$county|PS04|2024|api/rollup\?' '$room/log'"
curl -s --unix-socket "$room/metrics" http://localhost/metrics >"$room/counts"
check 'counts by route' 0 grep -q '^wancun_requests_total{method="GET",route="/api/rollup",class="2xx"} 1$' "$room/counts"
check 'counts what was refused' 0 grep -q '^wancun_http_refused_total{limit="queue"} 0$' "$room/counts"
check 'counts as Prometheus reads' 0 /usr/bin/python3 -c "
import re
seen = {}
for line in open('$room/counts'):
    if line.startswith('# TYPE '):
        name, kind = line.split()[2:]
        assert name not in seen, name
        seen[name] = kind
    elif not line.startswith('# HELP '):
        found = re.fullmatch(r'([a-z_]+)(\{[a-z]+=\"[^\"]*\"(,[a-z]+=\"[^\"]*\")*\})? [0-9.]+\n', line)
        assert found, line
        assert re.sub('_(bucket|sum|count)$', '', found[1]) in seen, line
assert len(seen) > 15, seen
text = open('$room/counts').read()
buckets = [int(n) for n in re.findall(r'_bucket\{le=\"[^\"]*\"\} (\d+)', text)]
assert buckets == sorted(buckets) and buckets[-1] >= 9, buckets"
check 'counts nobody' 0 sh -c "! grep -E 'planted|种下|$county' '$room/counts'"
check 'has nothing else there' 0 test "$(curl -s -o /dev/null -w '%{http_code}' --unix-socket "$room/metrics" http://localhost/api)" = 404
check 'stops' 0 stop
check 'logs lines of JSON alone, each with its members' 0 /usr/bin/python3 -c "
import json, datetime
request = {'time', 'level', 'event', 'request', 'method', 'route', 'status', 'bytes_in', 'bytes_out', 'ms', 'cpu_ms'}
count = 0
for line in open('$room/log'):
    row = json.loads(line)
    datetime.datetime.fromisoformat(row['time'].replace('Z', '+00:00'))
    if row['event'] in ('start', 'stop'):
        assert set(row) == {'time', 'level', 'event', 'detail'}, row
    else:
        assert set(row) - {'cut'} == request, row
        count += 1
assert count >= 9, count"

serve warn
check 'is quiet about what goes well' 0 asks 200 GET /api/session -b "$room/cookies"
sleep 0.3
check 'at the level of warnings' 0 sh -c "! grep request '$room/log'"
stop
check 'knows no other level' 1 on serve --log loud
check 'tells its counts to this machine alone' 1 on serve --listen "unix:$room/socket" --metrics 0.0.0.0:0
echo "1..$number"
[ "$failed" = 0 ]
