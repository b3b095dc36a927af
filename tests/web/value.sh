#!/bin/sh
# One value over HTTP, from what a loop remembers: it says what the long way says, for those alone
# who may read it, and whatever is committed holds from the next request.
#   value.sh SOURCE WANCUN
set -u
source=$1
wancun=$2
room=$(mktemp -d)
office=$room/office
server=
trap 'kill "$server" 2>/dev/null; rm -rf "$room"' EXIT

. "$source/tests/demo/checks.sh"

# asks STATUS TOKEN METHOD PATH [CURL OPTION…]
asks() {
    wanted=$1
    shown=$2
    method=$3
    path=$4
    shift 4
    status=$(curl -s -o "$room/answer" -w '%{http_code}' -H "Authorization: Bearer $shown" -X "$method" "$@" "$at$path")
    [ "$status" = "$wanted" ] || { echo "$status: $(cat "$room/answer")" >&2; false; }
}
holds() {
    grep -q -- "$1" "$room/answer"
}
token_of() {
    on -q --json user token "$1" --purpose test --rights "$2" --days 1 | sed 's/.*"secret":"\([^"]*\)".*/\1/'
}

"$wancun" -q demo "$room" --size county --programme "$source/programmes/example-province" --only-files
check 'makes a data directory' 0 "$wancun" init "$office" --programme "$source/programmes/example-province"
check 'imports a register' 0 on import register "$room/register-2024-12-31.csv" --as-of 2024-12-31
check 'imports a ledger' 0 on import ledger "$room"/ledgers/2024/*.xlsx --period 2024
villages=$(awk -F, '$2 == "village" && substr($1, 10) >= 200 {print $1}' "$room/register-2024-12-31.csv")
village=$(echo "$villages" | head -1)
town=$(echo "$village" | cut -c1-9)000
other=$(echo "$villages" | grep -v "^$(echo "$village" | cut -c1-9)" | head -1)
printf 'quiet-lantern-73\n' >"$room/password"
for login in reader worker chief; do
    on -q user add $login --name $login >/dev/null
    on -q user password $login --from-file "$room/password"
done
on -q user post reader township --unit "$town" >/dev/null
on -q user post worker programme_office --unit 990000000000 >/dev/null
for kind in security system; do
    on -q user add $kind.man --name $kind --kind $kind >/dev/null
    on -q user password $kind.man --from-file "$room/password"
    on -q user post $kind.man $kind >/dev/null
done
reader=$(token_of reader read)
worker=$(token_of worker read,import)
"$wancun" --lang en -d "$office" serve --listen 127.0.0.1:0 2>"$room/log" &
server=$!
for turn in $(seq 50); do
    grep -qs 'Serving at' "$room/log" && break
    sleep 0.2
done
at=$(sed -n 's/.*Serving at \(http[^;]*\);.*/\1/p' "$room/log")

check 'tells a value' 0 asks 200 "$reader" GET "/api/values/$village/PS04/2024"
check 'as JSON' 0 /usr/bin/python3 -c "
import json
value = json.load(open('$room/answer'))
assert list(value) == ['unit', 'indicator', 'period', 'value', 'source'], value
assert value['unit'] == '$village' and value['period'] == '2024', value"
check 'not to whoever has not logged in' 0 asks 401 '' GET "/api/values/$village/PS04/2024"
check 'nor with another token' 0 asks 401 "x$reader" GET "/api/values/$village/PS04/2024"
check 'nor out of sight' 0 asks 404 "$reader" GET "/api/values/$other/PS04/2024"
cp "$room/answer" "$room/unseen"
check 'which it says like of no unit' 0 asks 404 "$reader" GET "/api/values/999999999999/PS04/2024"
check 'in the same words' 0 sh -c "[ \"\$(sed 's/$other/CODE/; s/\"request\".*//' '$room/unseen')\" = \
    \"\$(sed 's/999999999999/CODE/; s/\"request\".*//' '$room/answer')\" ]"
check 'knows no such indicator' 0 asks 404 "$reader" GET "/api/values/$village/XX99/2024"
check 'nor one that is computed' 0 asks 404 "$reader" GET "/api/values/$village/PS05/2024"
check 'nor such a period' 0 asks 422 "$reader" GET "/api/values/$village/PS04/soon"
check 'says what was never reported' 0 asks 200 "$reader" GET "/api/values/$village/PS04/2019"
check 'so' 0 holds '"value":{"state":"not_reported"}'
check 'tells the same in the short way and in the long one' 0 /usr/bin/python3 -c "
import http.client, re, time
door = http.client.HTTPConnection('127.0.0.1', ${at##*:})
def ask(path):
    while True:
        door.request('GET', path, headers={'Authorization': 'Bearer $worker'})
        answer = door.getresponse()
        body = answer.read()
        if answer.status != 429:
            return answer.status, body
        time.sleep(1)
text = open('$source/programmes/example-province/indicators-place.yaml').read()
names = re.findall(r'^  ([A-Z]{2}[0-9]{2}):', text, re.M)
count = 0
for code in '''$villages'''.split()[:3]:
    for name in names[::2]:
        quick, long = ask(f'/api/values/{code}/{name}/2024'), ask(f'/api/values/{code}/{name}/2024?lang=zh')
        if quick[0] == 200:
            assert quick == long, (quick, long)
            count += 1
assert count >= 30, count"
sleep 3
check 'logs it by its route' 0 grep -q '"route":"/api/values/{CODE}/{INDICATOR}/{PERIOD}","status":200' "$room/log"

# What is committed holds from the next request, on whichever loop: each is asked until both know.
always() {
    for turn in 1 2 3 4 5 6; do
        "$@" || return
    done
}
tells() {
    asks 200 "$worker" GET "/api/values/$village/PS04/2024" && holds "$1"
}
name=$(sed -n "s/^$village,village,\(.*\)/\1/p" "$room/register-2024-12-31.csv" | tr -d '\r')
printf '代码,村名,常住人口（人）\n%s,%s,1234\n' "$village" "$name" >"$room/one.csv"
check 'tells everywhere what stands' 0 always tells '"value":'
check 'takes another value' 0 asks 200 "$worker" POST '/api/ledgers?period=2024&name=one.csv' \
    -H 'Content-Type: application/octet-stream' --data-binary "@$room/one.csv"
check 'and tells the new one everywhere' 0 always tells '"value":1234,'
enters() {
    asks 200 '' POST /api/session -c "$room/$1" -H 'Content-Type: application/json' \
        -d "{\"login\":\"$1\",\"password\":\"quiet-lantern-73\"}" && holds '"answer":"in"'
}
# does LOGIN METHOD PATH JSON: by the session, without a token
does() {
    curl -s -o "$room/answer" --fail-with-body -b "$room/$1" -X "$2" -H 'Content-Type: application/json' -d "$4" "$at$3"
}
there=$(echo "$other" | cut -c1-9)000
check 'shows the reader nothing of the other town' 0 always asks 404 "$reader" GET "/api/values/$other/PS04/2024"
check 'lets whoever manages posts in' 0 enters security.man
check 'who gives the reader a second post' 0 does security.man POST /api/persons/reader/posts/township "{\"unit\":\"$there\"}"
check 'which the next request knows' 0 always asks 200 "$reader" GET "/api/values/$other/PS04/2024"
check 'lets whoever manages accounts in' 0 enters system.man
check 'who closes the account' 0 does system.man POST /api/persons/reader/disable '{}'
check 'which the next request knows, too' 0 always asks 401 "$reader" GET "/api/values/$village/PS04/2024"
kill -TERM "$server"
wait "$server"
echo "1..$number"
[ "$failed" = 0 ]
