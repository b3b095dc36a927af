#!/bin/sh
# Long work over HTTP: it holds up nobody; it can be kept as a job, looked on, cancelled; it outlives a
# server that is stopped or killed; and nobody sees what others asked for.
#   jobs.sh SOURCE WANCUN
set -u
source=$1
wancun=$2
room=$(mktemp -d)
trap 'kill "$server" 2>/dev/null; rm -rf "$room"' EXIT

. "$source/tests/demo/checks.sh"
. "$source/tests/web/server.sh"

# asks_job WHO PATH FORM: a job; its number is $job.
asks_job() {
    sends 202 POST "$2" "$3" "$1" -H 'Prefer: respond-async' -D "$room/head" || return 1
    job=$(member job)
    grep -qi "^Location: /api/jobs/$job" "$room/head" && holds '"state":"waiting"'
}
# state_of JOB: what its owner is told.
state_of() {
    asks 200 GET "/api/jobs/$1" -b "$room/cookies.office.man" && member state
}
# comes_to STATE JOB: within a minute.
comes_to() {
    for turn in $(seq 300); do
        state=$(state_of "$2")
        [ "$state" = "$1" ] && return 0
        sleep 0.2
    done
    echo "$2 is $state" >&2
    return 1
}
# has_come PATTERN FILE: within half a minute.
has_come() {
    for turn in $(seq 150); do
        grep -q "$1" "$2" 2>/dev/null && return 0
        sleep 0.2
    done
    return 1
}
# kept STATE JOB: what the table says, when nobody may ask any more; within a minute.
kept() {
    for turn in $(seq 300); do
        state=$(/usr/bin/python3 -c "
import sqlite3, sys
print(sqlite3.connect(sys.argv[1]).execute('SELECT state FROM job WHERE id = ?', [sys.argv[2]]).fetchone()[0])" \
            "$office/wancun.db" "$2")
        [ "$state" = "$1" ] && return 0
        sleep 0.2
    done
    echo "$2 is $state" >&2
    return 1
}
runs_of() {
    on --json runs list | grep -o '"kind":"plan"' | wc -l
}
# keeps_a_file NAME: a small write.
keeps_a_file() {
    asks 200 POST "/api/files?name=$1" -b "$room/cookies.office.man" \
        -H 'Content-Type: application/octet-stream' -d "$1"
}

make_county
make_person office.man programme_office
make_person other.man programme_office
check 'makes an account for the administrator of accounts' 0 on user add safety --name 周安 --kind system
check 'with a password' 0 on user password safety --from-file "$room/password"
check 'and the post' 0 on user post safety system
check 'serves' 0 serve
check 'lets the person in' 0 log_in office.man
check 'and the administrator' 0 log_in safety
check 'and another' 0 log_in other.man
for book in "$room"/ledgers/2024/*.xlsx; do
    check 'takes a ledger as a job' 0 asks 202 POST "/api/ledgers?period=2024&name=$(basename "$book")" \
        -b "$room/cookies.office.man" -H 'Content-Type: application/octet-stream' \
        -H 'Prefer: respond-async' --data-binary "@$book"
    check 'which is done' 0 comes_to done "$(member job)"
done
job=$(member job)
check 'with the answer the request would have got' 0 asks 200 GET "/api/jobs/$job/result" -b "$room/cookies.office.man"
check 'in tables and sentences' 0 holds '"said":\["'
check 'classifies as a job' 0 asks_job office.man /api/tiers '{"period":"2024","draws":1000}'
check 'and does it' 0 comes_to done "$job"
check 'into tables' 0 asks 200 GET "/api/jobs/$job/result" -b "$room/cookies.office.man"
check 'of tiers' 0 holds '"schema":"wancun.tier'
check 'keeps the funds' 0 keeps_a_file funds.yaml
check 'keeps the funds' 0 asks 200 POST '/api/files?name=funds.yaml' -b "$room/cookies.office.man" \
    -H 'Content-Type: application/octet-stream' --data-binary "@$room/funds-2025-2027.yaml"
funds=$(member file)
plan="{\"years\":\"2025\",\"funds\":\"$funds\",\"seconds\":2}"

# Somebody waits for the answer, and others write meanwhile.
curl -s -o "$room/plan" -w '%{http_code}' --unix-socket "$socket" -b "$room/cookies.office.man" \
    -H 'Content-Type: application/json' -d "$plan" http://localhost/api/plans >"$room/plan.status" &
planning=$!
sleep 0.5
for turn in 1 2 3 4 5; do
    check 'writes while a plan is being made' 0 keeps_a_file "note-$turn.txt"
done
check 'which is not done when all has been written' 0 kill -0 "$planning"
check 'and then ends' 0 wait "$planning"
check 'well' 0 grep -q 200 "$room/plan.status"
check 'with its tables' 0 grep -q '"schema":"wancun.plan' "$room/plan"

# Looking on.
check 'plans as a job' 0 asks_job office.man /api/plans "$plan"
check 'tells all of it as it goes' 0 curl -s -N --max-time 100 -o "$room/events" --unix-socket "$socket" \
    -b "$room/cookies.office.man" "http://localhost/api/jobs/$job/events"
check 'step by step' 0 test "$(grep -c '^event: progress' "$room/events")" -ge 3
check 'in numbered events' 0 sh -c "grep '^id: ' '$room/events' | cut -c5- | sort -n -c -u"
check 'with the stage' 0 grep -q '"stage":"求解' "$room/events"
check 'and the end' 0 grep -q '^event: end' "$room/events"
cp "$room/events" "$room/first"
check 'says the end to whoever comes late' 0 curl -s -N --max-time 10 -o "$room/events" --unix-socket "$socket" \
    -b "$room/cookies.office.man" "http://localhost/api/jobs/$job/events"
check 'alone' 0 test "$(grep -c '^event: ' "$room/events")" = 1
check 'and what it is' 0 grep -q '"state":"done"' "$room/events"
check 'has a result' 0 asks 200 GET "/api/jobs/$job/result" -b "$room/cookies.office.man"
check 'the plan' 0 holds '"schema":"wancun.plan'
check 'as large as the one that was waited for' 0 test "$(wc -c <"$room/answer")" = "$(wc -c <"$room/plan")"

check 'computed once' 0 test "$(grep -c '"stage":"求解[^"]*","done":0' "$room/first")" = 1

# What was read is overtaken: it is computed anew.
check 'plans again' 0 asks_job office.man /api/plans "$plan"
curl -s -N --max-time 100 -o "$room/events" --unix-socket "$socket" -b "$room/cookies.office.man" \
    "http://localhost/api/jobs/$job/events" &
looking=$!
check 'and while it is solved' 0 has_come '"stage":"求解[^"]*","done":0' "$room/events"
check 'wishes come in' 0 asks 200 POST /api/wishes?name=wishes.xlsx -b "$room/cookies.office.man" \
    -H 'Content-Type: application/octet-stream' --data-binary "@$room/wishes.xlsx"
check 'it is done' 0 wait "$looking"
check 'well' 0 test "$(state_of "$job")" = done
check 'computed twice' 0 test "$(grep -c '"stage":"求解[^"]*","done":0' "$room/events")" = 2

# Whose it is.
check 'shows it to nobody else' 0 asks 404 GET "/api/jobs/$job" -b "$room/cookies.other.man"
check 'nor its result' 0 asks 404 GET "/api/jobs/$job/result" -b "$room/cookies.other.man"
check 'nor its events' 0 asks 404 GET "/api/jobs/$job/events" -b "$room/cookies.other.man"
check 'nor lets others stop it' 0 asks 404 DELETE "/api/jobs/$job" -b "$room/cookies.other.man"
check 'says the same of one that is none' 0 asks 404 GET /api/jobs/12345 -b "$room/cookies.other.man"
check 'lists to each his own' 0 asks 200 GET /api/jobs -b "$room/cookies.other.man"
check 'here none' 0 holds '{"jobs":\[\]}'
check 'and there some' 0 asks 200 GET /api/jobs -b "$room/cookies.office.man"
check 'with the plan' 0 holds "\"job\":\"$job\",\"state\":\"done\",\"work\":\"plan\""
check 'asks whoever is unknown to log in' 0 asks 401 GET /api/jobs
check 'keeps no job for whoever may not' 0 asks 401 POST /api/plans -H 'Prefer: respond-async' \
    -H 'Content-Type: application/json' -d "$plan"
check 'nor one that is asked wrongly' 0 sends 422 POST /api/plans '{"years":"2025"}' office.man -H 'Prefer: respond-async'

# What fails, fails as it would have.
check 'takes a plan that cannot be' 0 asks_job office.man /api/plans "{\"years\":\"soon\",\"funds\":\"$funds\"}"
check 'which fails' 0 comes_to failed "$job"
check 'as a request would' 0 asks 422 GET "/api/jobs/$job/result" -b "$room/cookies.office.man"
check 'with its problem' 0 holds '"code":"act.years"'
check 'cannot be stopped any more' 0 asks 409 DELETE "/api/jobs/$job" -b "$room/cookies.office.man"

# Stopped by its owner.
plans=$(runs_of)
check 'asks for a long plan' 0 asks_job office.man /api/plans "{\"years\":\"2025\",\"funds\":\"$funds\",\"seconds\":600}"
long=$job
check 'and another' 0 asks_job office.man /api/plans "{\"years\":\"2025\",\"funds\":\"$funds\",\"seconds\":600}"
other=$job
check 'and one that waits' 0 asks_job office.man /api/plans "$plan"
waits=$job
check 'runs two' 0 comes_to running "$other"
check 'the third waits' 0 test "$(state_of "$waits")" = waiting
check 'has no result yet' 0 asks 409 GET "/api/jobs/$waits/result" -b "$room/cookies.office.man"
check 'stops what waits at once' 0 asks 200 DELETE "/api/jobs/$waits" -b "$room/cookies.office.man"
check 'which is said' 0 holds '"state":"cancelled"'
check 'stops what runs' 0 asks 200 DELETE "/api/jobs/$long" -b "$room/cookies.office.man"
check 'soon' 0 comes_to cancelled "$long"
check 'and leaves no plan behind' 0 test "$(runs_of)" = "$plans"

# A line of bounded length.
for turn in 1 2 3 4 5; do
    sends 202 POST /api/plans "{\"years\":\"2025\",\"funds\":\"$funds\",\"seconds\":600}" other.man \
        -H 'Prefer: respond-async' >"$room/out" 2>"$room/err"
done
check 'lets nobody fill the line' 0 sends 503 POST /api/plans "$plan" other.man -H 'Prefer: respond-async'
check 'and says so' 0 holds '"code":"job.of_one"'
check 'and when to try again' 0 sends 503 POST /api/plans "$plan" other.man -H 'Prefer: respond-async' -D "$room/head"
check 'in its head' 0 grep -qi '^Retry-After: [1-9]' "$room/head"
check 'nor by waiting for answers' 0 sends 503 POST /api/plans "$plan" other.man
asks 200 GET /api/jobs -b "$room/cookies.other.man"
for job in $(grep -o '"job":"[0-9]*"' "$room/answer" | tr -dc '0-9\n'); do
    check 'stops one' 0 asks 200 DELETE "/api/jobs/$job" -b "$room/cookies.other.man"
done

# Who may no more when it is to be kept, leaves nothing behind.
check 'asks for a plan' 0 asks_job other.man /api/plans "$plan"
check 'which begins' 0 kept running "$job"
check 'and is shut out meanwhile' 0 sends 200 POST /api/persons/other.man/disable '{}' safety
check 'so that it fails' 0 kept failed "$job"
check 'and leaves no plan behind' 0 test "$(runs_of)" = "$plans"

# Killed: what ran is begun again once; what was asked is not forgotten.
check 'still runs the long one' 0 comes_to running "$other"
check 'asks for one that will wait' 0 asks_job office.man /api/tiers '{"period":"2024","draws":900000}'
kill -KILL "$server"
wait "$server" 2>/dev/null
check 'serves again after it was killed' 0 serve
check 'begins the long one again' 0 comes_to running "$other"
check 'and does the other' 0 comes_to done "$job"
kill -TERM "$server"
check 'stops when it is told to' 0 wait "$server"
check 'serves again after a stop' 0 serve
check 'which did not count: it runs again' 0 comes_to running "$other"
kill -KILL "$server"
wait "$server" 2>/dev/null
check 'serves again after it was killed a second time' 0 serve
check 'and says that the long one is lost' 0 test "$(state_of "$other")" = lost
check 'with the reason' 0 asks 409 GET "/api/jobs/$other/result" -b "$room/cookies.office.man"
check 'in words' 0 holds '"code":"web.job_lost"'
check 'it left no plan behind' 0 test "$(runs_of)" = "$plans"

kill -TERM "$server"
check 'stops when it is told to' 0 wait "$server"
check 'the trace of all this verifies' 0 on audit verify
echo "1..$number"
[ "$failed" = 0 ]
