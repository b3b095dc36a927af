#!/bin/sh
# The server by curl alone: what everybody may ask, the main job of a county by somebody who has
# logged in, what is refused and how, and how it stops.
#   session.sh SOURCE WANCUN
set -u
source=$1
wancun=$2
room=$(mktemp -d)
trap 'kill "$server" 2>/dev/null; rm -rf "$room"' EXIT

. "$source/tests/demo/checks.sh"
. "$source/tests/web/server.sh"

check 'makes a data directory' 0 "$wancun" init "$office" \
    --programme "$source/programmes/example-province" $(on_server session)
"$wancun" -q demo "$room" --size county --programme "$source/programmes/example-province" --only-files
check 'imports the first register' 0 on import register "$room/register-2024-12-31.csv" --as-of 2024-12-31
county=$(sed -n '2,$p' "$room/register-2024-12-31.csv" | cut -d, -f1 | grep '0000000000$' | head -1)
check 'makes an account' 0 on user add office.man --name 经办人
printf 'quiet-lantern-73\n' >"$room/password"
check 'with a password' 0 on user password office.man --from-file "$room/password"
check 'and a post at the root' 0 on user post office.man programme_office --unit "$county"
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
check 'each operation with a name of its own, and an answer that is described' 0 python3 -c "
import json, re
text = open('$room/answer').read()
api = json.loads(text)
named = re.findall(r'#/components/schemas/([^\"]+)', text)
assert set(named) <= set(api['components']['schemas']), named
names = [operation['operationId'] for path in api['paths'].values() for operation in path.values()]
assert len(set(names)) == len(names) > 40, names
assert 'village' in text and api['components']['schemas']['runs-list']['properties']['tables'], text[:200]"
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
check 'lets the person in' 0 asks 200 POST /api/session -c "$room/cookies" \
    -H 'Content-Type: application/json' -d '{"login":"office.man","password":"quiet-lantern-73"}'
check 'who is then known' 0 asks 200 GET /api/session -b "$room/cookies"
check 'with the post' 0 holds '"post":"programme_office"'
for book in "$room"/ledgers/2024/*.xlsx; do
    check 'takes a ledger' 0 asks 200 POST "/api/ledgers?period=2024&name=$(basename "$book")" \
        -b "$room/cookies" -H 'Content-Type: application/octet-stream' --data-binary "@$book"
done
check 'rolls up' 0 asks 200 GET '/api/rollup?period=2024&indicator=PS04' -b "$room/cookies"
check 'classifies' 0 asks 200 POST /api/tiers -b "$room/cookies" \
    -H 'Content-Type: application/json' -d '{"period":"2024","draws":1000}'
check 'into tables' 0 holds '"schema":"wancun.tier'
check 'keeps the funds' 0 asks 200 POST '/api/files?name=funds.yaml' -b "$room/cookies" \
    -H 'Content-Type: application/octet-stream' --data-binary "@$room/funds-2025-2027.yaml"
funds=$(sed 's/.*"file":"\([^"]*\)".*/\1/' "$room/answer")
check 'plans one year' 0 asks 200 POST /api/plans -b "$room/cookies" \
    -H 'Content-Type: application/json' -d "{\"years\":\"2025\",\"funds\":\"$funds\",\"seconds\":1}"
check 'and shows the plan' 0 holds '"schema":"wancun.plan'
check 'lists the runs' 0 asks 200 GET /api/runs -b "$room/cookies"
run=$(/usr/bin/python3 -c "
import json
print([row['run'] for row in json.load(open('$room/answer'))['tables'][0]['rows']][-1])")
check 'knows no run that is not there' 0 asks 404 POST /api/runs/1/approval -b "$room/cookies" \
    -H 'Content-Type: application/json' -d '{"resolution":"x"}'
check 'proposes the tiers for approval' 0 asks 200 POST "/api/runs/$run/approval" -b "$room/cookies" \
    -H 'Content-Type: application/json' -d '{"resolution":"县委农办会议","on":"2025-01-10","minutes":"1"}'
check 'and lists what waits' 0 asks 200 GET /api/proposals -b "$room/cookies"
proposal=$(grep -o '"[0-9]\{15,\}"' "$room/answer" | head -1 | tr -d '"')
check 'decides nothing: that is not his right' 0 asks 403 PUT "/api/proposals/$proposal/approve" \
    -b "$room/cookies" -H 'Content-Type: application/json' -d '{}'
check 'has no accounts to show him' 0 asks 403 GET /api/persons -b "$room/cookies"
hold_database() {
    if [ -e "$office/database" ]; then
        psql -q "$(cat "$office/database")" -c BEGIN -c 'SELECT 1 FROM store_lease FOR UPDATE' \
            -c "\\! touch $room/held" -c 'SELECT pg_sleep(8)' -c COMMIT
        return
    fi
    /usr/bin/python3 -c "
import sqlite3, sys, time
held = sqlite3.connect(sys.argv[1], isolation_level=None)
held.execute('BEGIN IMMEDIATE')
open(sys.argv[2], 'w').close()
time.sleep(8)" "$office/wancun.db" "$room/held"
}
hold_database >"$room/holder" 2>&1 &
holder=$!
while [ ! -e "$room/held" ]; do sleep 0.1; done
check 'says that it is busy while something else holds the database' 0 asks 503 POST \
    '/api/files?name=late.yaml' -b "$room/cookies" -H 'Content-Type: application/octet-stream' -d x
wait "$holder"
check 'and goes on when that has ended' 0 asks 200 POST '/api/files?name=late.yaml' -b "$room/cookies" \
    -H 'Content-Type: application/octet-stream' -d x
check 'lets him out' 0 asks 200 DELETE /api/session -b "$room/cookies"
check 'and knows him no more' 0 asks 401 GET /api/runs -b "$room/cookies"
kill -TERM "$server"
check 'stops when it is told to' 0 wait "$server"
check 'the trace of all this verifies' 0 on audit verify
echo "1..$number"
[ "$failed" = 0 ]
