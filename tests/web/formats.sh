#!/bin/sh
# Answers as files: every format of a list says what the command line writes of it; who may take
# them out, how much alone, and that it is on record.
#   formats.sh SOURCE WANCUN
set -u
source=$1
wancun=$2
room=$(mktemp -d)
trap 'kill "$server" 2>/dev/null; rm -rf "$room"' EXIT

. "$source/tests/demo/checks.sh"
. "$source/tests/web/server.sh"

heads() {
    grep -qi -- "$1" "$room/head"
}
same() {
    cmp "$room/answer" "$1"
}
# compare ANSWER FILE: two files of tables, cell by cell.
compare() {
    /usr/bin/python3 "$source/tests/web/compare.py" "$1" "$2"
}
# enters NAME: a log-in, whose cookies are $room/NAME.
enters() {
    asks 200 POST /api/session -c "$room/$1" -H 'Content-Type: application/json' \
        -d "{\"login\":\"$1\",\"password\":\"quiet-lantern-73\"}" && holds '"answer":"in"'
}

cp -r "$source/programmes/example-province" "$room/programme"
sed -i 's/^  demonstration: true/&\n  export_rows: 100/' "$room/programme/programme.yaml"
check 'makes a data directory' 0 "$wancun" init "$office" --programme "$room/programme"
"$wancun" -q demo "$room" --size county --programme "$source/programmes/example-province" --only-files
on import register "$room/register-2024-12-31.csv" --as-of 2024-12-31 >/dev/null 2>&1
county=$(sed -n '2,$p' "$room/register-2024-12-31.csv" | cut -d, -f1 | grep '0000000000$' | head -1)
township=$(cut -d, -f1 "$room/register-2024-12-31.csv" | grep '1[0-9][0-9]000$' | head -1)
printf 'quiet-lantern-73\n' >"$room/password"
for person in office.man:programme_office chief:secretary watcher:inspector; do
    login=${person%:*}
    on user add "$login" --name "$login" >/dev/null 2>&1
    on user password "$login" --from-file "$room/password" >/dev/null 2>&1
    check "gives $login a post" 0 on user post "$login" "${person#*:}" --unit "$county"
done
on user add near --name near >/dev/null 2>&1
on user password near --from-file "$room/password" >/dev/null 2>&1
check 'and one at a township' 0 on user post near township --unit "$township"
check 'imports the ledgers' 0 on import ledger "$room"/ledgers/2024/*.xlsx --period 2024
"$wancun" -d "$office" serve --listen "unix:$socket" 2>"$room/log" &
server=$!
for turn in 1 2 3 4 5 6 7 8 9 10; do
    [ -S "$socket" ] && break
    sleep 0.3
done
for login in office.man chief watcher near; do
    check "lets $login in" 0 enters "$login"
done

check 'describes the formats of a list' 0 asks 200 GET /api
check 'each by its type' 0 /usr/bin/python3 -c "
import json, sys
paths = json.load(open(sys.argv[1]))['paths']
got = paths['/api/rollup']['get']['responses']['200']['content']
assert {'application/json', 'text/csv', 'application/x-ndjson'} < set(got) and len(got) == 4, got
names = [each['name'] for each in paths['/api/rollup']['get']['parameters']]
assert {'format', 'table', 'reason'} < set(names), names
assert list(paths['/api/session']['get']['responses']['200']['content']) == ['application/json']
assert 'text/csv' not in paths['/api/form']['get']['responses']['200']['content']" "$room/answer"

rollup="/api/rollup?period=2024&unit=$county&indicator=PS04,EV05&lang=en"
for face in csv ndjson json xlsx; do
    on rollup --period 2024 --unit "$county" --indicator PS04,EV05 -o "$room/rollup.$face" 2>/dev/null
done
for face in csv ndjson; do
    check "gives a list as $face" 0 asks 200 GET "$rollup&format=$face" -b "$room/office.man"
    check 'to the byte what the command line writes' 0 same "$room/rollup.$face"
done
check 'gives it by Accept, too' 0 asks 200 GET "$rollup" -b "$room/office.man" \
    -H 'Accept: text/html, text/csv;q=0.8, */*;q=0.1'
check 'the same bytes' 0 same "$room/rollup.csv"
check 'says what it is' 0 heads '^content-type: text/csv'
check 'and under which name it is to be kept' 0 heads 'filename="rollup.csv"'
check 'CSV begins with a byte order mark' 0 /usr/bin/python3 -c "
import sys
assert open(sys.argv[1], 'rb').read(3) == b'\xef\xbb\xbf'" "$room/answer"
check 'gives it as a workbook' 0 asks 200 GET "$rollup&format=xlsx" -b "$room/office.man"
cp "$room/answer" "$room/answer.xlsx"
check 'with the cells that the command line writes' 0 compare "$room/answer.xlsx" "$room/rollup.xlsx"
check 'gives JSON to everybody else' 0 asks 200 GET "$rollup" -b "$room/office.man" -H 'Accept: image/png'
check 'with the same table' 0 /usr/bin/python3 -c "
import json, sys
got = json.load(open(sys.argv[1]))
want = [json.loads(line) for line in open(sys.argv[2])]
assert got['tables'] == want, got" "$room/answer" "$room/rollup.json"
check 'knows no other format' 0 asks 422 GET "$rollup&format=pdf" -b "$room/office.man"
check 'and no table of another name' 0 asks 404 GET "$rollup&format=csv&table=nothing" -b "$room/office.man"
check 'nor a format of what is no table' 0 asks 422 GET '/api/session?format=csv' -b "$room/office.man"

check 'classifies' 0 asks 200 POST '/api/tiers?format=xlsx' -b "$room/office.man" \
    -H 'Content-Type: application/json' -d '{"period":"2024","draws":1000}'
values="/api/values?period=2024&indicator=PS04&lang=en"
check 'lists every value' 0 asks 403 GET "$values&format=csv" -b "$room/office.man"
on values list --period 2024 --indicator PS04 -o "$room/values.csv" 2>/dev/null
check 'which make the sum that is rolled up' 0 /usr/bin/python3 -c "
import csv, sys
rows = list(csv.DictReader(open(sys.argv[1], encoding='utf-8-sig')))
total = next(csv.DictReader(open(sys.argv[2], encoding='utf-8-sig')))
known = [int(row['value']) for row in rows if row['value']]
assert (len(known), sum(known)) == (int(total['known']), int(total['value'])), total
assert all(row['actor'] and row['batch'] and row['source'] and row['at'] for row in rows)" \
    "$room/values.csv" "$room/rollup.csv"
check 'shows a township its own' 0 asks 200 GET "$values" -b "$room/near"
check 'and no other' 0 /usr/bin/python3 -c "
import json, sys
rows = json.load(open(sys.argv[1]))['tables'][0]['rows']
assert len(rows) > 3 and all(row['code'].startswith(sys.argv[2][:9]) for row in rows), rows" \
    "$room/answer" "$township"

village=$(cut -d, -f1 "$room/register-2024-12-31.csv" | grep '^[0-9]*$' | grep '2[0-9][0-9]$' | head -1)
explain="/api/tiers/$village?lang=en"
check 'gives the first of several tables' 0 asks 200 GET "$explain&format=ndjson" -b "$room/office.man"
check 'and names the others' 0 heads '^link: .*rel="related"; title="'
other=$(sed -n 's/^[Ll]ink: <\([^>]*\)>.*/\1/p' "$room/head")
check 'which the link then gives' 0 asks 200 GET "/api/tiers/$village$other" -b "$room/office.man"
check 'as lines of JSON' 0 /usr/bin/python3 -c "
import json, sys
assert [json.loads(line) for line in open(sys.argv[1])]" "$room/answer"

check 'shows an inspector what he may read' 0 asks 200 GET "$rollup" -b "$room/watcher"
check 'but gives him no file' 0 asks 403 GET "$rollup&format=csv" -b "$room/watcher"

wide="/api/rollup?period=2024&unit=$county&lang=en"
check 'gives nobody alone more rows than the programme allows' 0 asks 403 GET "$wide&format=csv" \
    -b "$room/office.man"
check 'and says so' 0 holds '"code":"web.export_bulk"'
check 'not as JSON either' 0 asks 403 GET "$wide" -b "$room/office.man"
check 'takes no reason from another site' 0 asks 403 GET "$wide&format=csv&reason=x" \
    -b "$room/office.man" -H 'Sec-Fetch-Site: cross-site'
check 'asks for a reason that says something' 0 asks 422 GET "$wide&format=csv&reason=" -b "$room/office.man"
check 'proposes it when there is a reason' 0 asks 202 GET "$wide&format=csv&reason=monthly%20report" \
    -b "$room/office.man"
proposal=$(sed 's/.*"proposal":"\([0-9]*\)".*/\1/' "$room/answer")
check 'once' 0 asks 409 GET "$wide&format=csv&reason=monthly%20report" -b "$room/office.man"
check 'which alone opens nothing' 0 asks 403 GET "$wide&format=csv" -b "$room/office.man"
check 'nor can he release it himself' 0 asks 403 PUT "/api/proposals/$proposal/approve" \
    -b "$room/office.man" -H 'Content-Type: application/json' -d '{}'
check 'shows the proposal to whoever may release it' 0 asks 200 GET /api/proposals -b "$room/chief"
check 'with what is asked' 0 holds '/api/rollup?format=csv&period=2024'
check 'who releases it' 0 asks 200 PUT "/api/proposals/$proposal/approve" -b "$room/chief" \
    -H 'Content-Type: application/json' -d '{}'
check 'for that request alone' 0 asks 403 GET "$wide&format=xlsx" -b "$room/office.man"
check 'and that person alone' 0 asks 403 GET "$wide&format=csv" -b "$room/chief"
check 'to whom it is given' 0 asks 200 GET "$wide&format=csv" -b "$room/office.man"
on rollup --period 2024 --unit "$county" -o "$room/wide.csv" 2>/dev/null
check 'whole' 0 same "$room/wide.csv"
check 'once' 0 asks 403 GET "$wide&format=csv" -b "$room/office.man"

head -c 3000000 /dev/urandom >"$room/large"
: >"$room/empty"
for file in large empty; do
    check "keeps a file that is $file" 0 asks 200 POST "/api/files?name=$file" -b "$room/office.man" \
        -H 'Content-Type: application/octet-stream' -T "$room/$file"
    check 'under the hash of its bytes' 0 holds "sha256:$(sha256sum "$room/$file" | cut -d' ' -f1)/$file"
done
head -c 100000000 /dev/zero >"$room/huge"
check 'takes a very large one' 0 /usr/bin/python3 "$source/tests/web/peak.py" "$server" 20000 curl -sf \
    -o "$room/answer" --unix-socket "$socket" -b "$room/office.man" -X POST \
    -H 'Content-Type: application/octet-stream' -T "$room/huge" 'http://localhost/api/files?name=huge'
check 'whole, without holding it in memory' 0 holds "sha256:$(sha256sum "$room/huge" | cut -d' ' -f1)/huge"

kill -TERM "$server"
check 'stops when it is told to' 0 wait "$server"
check 'the trace of all this verifies' 0 on audit verify
check 'and exports' 0 on audit export -o "$room/trace.ndjson"
check 'with every file that went out' 0 /usr/bin/python3 -c "
import base64, json, sys
events = [base64.b64decode(line['bytes']) for line in map(json.loads, open(sys.argv[1]))
          if line['kind'] == 'event']
told = [event for event in events if b'data.export' in event]
assert len(told) == 7, len(told)
assert sum(b'format=xlsx' in event for event in told) == 1
assert all(b'/api/' in event for event in told)" "$room/trace.ndjson"
sed -i 's/export_rows: 100/export_rows: 0/' "$room/programme/programme.yaml"
check 'adopts a programme that sets no limit' 0 on programme apply "$room/programme"
on values list --period 2024 -o "$room/values.csv" 2>/dev/null
(trap '' XFSZ; exec "$wancun" -d "$office" serve --listen "unix:$socket" 2>"$room/log") &
server=$!
for turn in 1 2 3 4 5 6 7 8 9 10; do
    [ -S "$socket" ] && curl -s -o /dev/null --unix-socket "$socket" http://localhost/api && break
    sleep 0.3
done
check 'is there again' 0 enters office.man
prlimit --pid "$server" --fsize=2000000:
for face in json csv ndjson xlsx; do
    check "says that the disk is full, and nothing of the answer, as $face" 0 asks 503 GET \
        "/api/values?period=2024&format=$face" -b "$room/office.man"
    check 'as a problem' 0 holds '"code":"\(store.spool_full\|book.not_made\)"'
    check 'and when to come again' 0 heads '^retry-after: 10'
done
check 'answers what is small' 0 asks 200 GET '/api/rollup?period=2024&indicator=PS04&format=csv' -b "$room/office.man"
prlimit --pid "$server" --fsize=unlimited:
check 'and what is large when there is room again' 0 asks 200 GET '/api/values?period=2024&format=csv&lang=en' \
    -b "$room/office.man"
check 'whole' 0 same "$room/values.csv"
kill -TERM "$server"
check 'stops again' 0 wait "$server"
echo "1..$number"
[ "$failed" = 0 ]
