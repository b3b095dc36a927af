#!/bin/sh
# Long work over HTTP: it does not hold up those who write, and what comes of it.
#   jobs.sh SOURCE WANCUN
set -u
source=$1
wancun=$2
room=$(mktemp -d)
trap 'kill "$server" 2>/dev/null; rm -rf "$room"' EXIT

. "$source/tests/demo/checks.sh"
. "$source/tests/web/server.sh"

make_county
make_person office.man programme_office
check 'serves' 0 serve
check 'lets the person in' 0 log_in office.man
for book in "$room"/ledgers/2024/*.xlsx; do
    check 'takes a ledger' 0 asks 200 POST "/api/ledgers?period=2024&name=$(basename "$book")" \
        -b "$room/cookies.office.man" -H 'Content-Type: application/octet-stream' --data-binary "@$book"
done
check 'classifies' 0 sends 200 POST /api/tiers '{"period":"2024","draws":1000}' office.man
check 'keeps the funds' 0 asks 200 POST '/api/files?name=funds.yaml' -b "$room/cookies.office.man" \
    -H 'Content-Type: application/octet-stream' --data-binary "@$room/funds-2025-2027.yaml"
funds=$(member file)

# keeps_a_file NAME: a small write.
keeps_a_file() {
    asks 200 POST "/api/files?name=$1" -b "$room/cookies.office.man" \
        -H 'Content-Type: application/octet-stream' -d "$1"
}
plan="{\"years\":\"2025\",\"funds\":\"$funds\",\"seconds\":4}"
curl -s -o "$room/plan" -w '%{http_code}' --unix-socket "$socket" -b "$room/cookies.office.man" \
    -H 'Content-Type: application/json' -d "$plan" http://localhost/api/plans >"$room/plan.status" &
planning=$!
sleep 1
for turn in 1 2 3 4 5; do
    check 'writes while a plan is being made' 0 keeps_a_file "note-$turn.txt"
done
check 'which is not done when all has been written' 0 kill -0 "$planning"
check 'and then ends' 0 wait "$planning"
check 'well' 0 grep -q 200 "$room/plan.status"
check 'with its tables' 0 grep -q '"schema":"wancun.plan' "$room/plan"

kill -TERM "$server"
check 'stops when it is told to' 0 wait "$server"
check 'the trace of all this verifies' 0 on audit verify
echo "1..$number"
[ "$failed" = 0 ]
