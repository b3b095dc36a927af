#!/bin/sh
# The server by curl alone: what everybody may ask, what is refused and how, and how it stops.
#   session.sh SOURCE WANCUN
set -u
source=$1
wancun=$2
room=$(mktemp -d)
office=$room/office
socket=$room/socket
trap 'kill "$server" 2>/dev/null; rm -rf "$room"' EXIT

. "$source/tests/demo/checks.sh"

# asks STATUS METHOD PATH [CURL OPTIONS]: the answer's body is in $room/answer.
asks() {
    wanted=$1
    method=$2
    path=$3
    shift 3
    status=$(curl -s -o "$room/answer" -w '%{http_code}' --unix-socket "$socket" -X "$method" "$@" \
        "http://localhost$path")
    [ "$status" = "$wanted" ] || { echo "# $status: $(cat "$room/answer")"; false; }
}
holds() {
    grep -q "$1" "$room/answer"
}

check 'makes a data directory' 0 "$wancun" init "$office" --programme "$source/programmes/example-province"
"$wancun" -d "$office" serve --listen "unix:$socket" 2>"$room/log" &
server=$!
for turn in 1 2 3 4 5 6 7 8 9 10; do
    [ -S "$socket" ] && break
    sleep 0.3
done

check 'describes its interface to everybody' 0 asks 200 GET /api
check 'as JSON that names every path' 0 python3 -c "
import json, sys
api = json.load(open('$room/answer'))
assert api['openapi'].startswith('3.1'), api
assert '/api/tiers/{CODE}' in api['paths'] and len(api['paths']) > 20, list(api['paths'])"
check 'asks whoever is unknown to log in' 0 asks 401 GET /api/runs
check 'says so as a problem' 0 holds '"code":"access.login"'
check 'in the language that is asked for' 0 asks 401 GET '/api/runs?lang=en'
check 'in English' 0 holds '[Ll]og in'
check 'lets nobody in by a wrong password' 0 asks 200 POST /api/session \
    -H 'Content-Type: application/json' -d '{"login":"nobody","password":"wrong"}'
check 'and says no more than that' 0 holds '{"answer":"wrong"}'
check 'takes no form that is no JSON' 0 asks 422 POST /api/session \
    -H 'Content-Type: application/json' -d '{"login":'
check 'takes no form of another type' 0 asks 422 POST /api/session -H 'Content-Type: text/plain' -d x
check 'refuses a request that another site sends' 0 asks 403 POST /api/session \
    -H 'Sec-Fetch-Site: cross-site' -H 'Content-Type: application/json' -d '{}'
check 'knows no other path' 0 asks 404 GET /api/nothing
check 'nor another method, and names those there are' 0 asks 405 PUT /api/runs
check 'refuses a name it does not know' 0 asks 422 GET '/api?colour=red'
check 'lets no second program write' 3 "$wancun" -d "$office" import wishes "$room/none.csv"
kill -TERM "$server"
check 'stops when it is told to' 0 wait "$server"
echo "1..$number"
[ "$failed" = 0 ]
