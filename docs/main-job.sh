#!/bin/sh
# The main job over HTTP, by curl alone: registers, ledgers and wishes in; tiers; a plan; workbooks
# out; approval by two persons; notice, objection, answer.
#
#   main-job.sh ADDRESS DATA
#
# ADDRESS is where `wancun serve` listens, "http://127.0.0.1:8600"; DATA is a folder of files that
# `wancun demo DATA --only-files` made. The office has its first register (only the owner of the
# data directory can bring that in: before it there are no units to hold posts at) and is a
# demonstration, so that one request logs in; elsewhere people log in with a password (see log_in).
set -eu
at=$1
data=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# log_in WHO POST LEVEL: the cookie of the session is kept in $work/WHO.
log_in() {
    curl --silent --show-error --fail-with-body --cookie-jar "$work/$1" --output "$work/answer" \
        --request POST "$at/demo/$2/$3"
    # with an account of one's own:
    #   curl --cookie-jar jar -H 'Content-Type: application/json' \
    #       -d '{"login":"li.min","password":"…"}' "$at/api/session"
}

# ask WHO METHOD PATH [OPTION…]: the answer is in $work/answer. What the server refuses because it
# is busy is asked again when it says; any other problem ends the job.
ask() {
    who=$1
    method=$2
    path=$3
    shift 3
    curl --silent --show-error --fail-with-body --retry 10 --cookie "$work/$who" \
        --output "$work/answer" --request "$method" "$@" "$at$path" || {
        cat "$work/answer" >&2
        exit 1
    }
}

# say WHO METHOD PATH JSON: the same with a form.
say() {
    ask "$1" "$2" "$3" --header 'Content-Type: application/json' --data "$4"
}

# send WHO PATH FILE: the same with a file, under its own name; PATH ends with "?" or "&".
send() {
    ask "$1" POST "$2name=$(basename "$3")" \
        --header 'Content-Type: application/octet-stream' --data-binary "@$3"
}

# number NAME: the first number of that column in the answer.
number() {
    tr ',{}[]' '\n' <"$work/answer" | sed -n "s/^\"$1\":\"\{0,1\}\([0-9][0-9]*\)\"\{0,1\}\$/\1/p" | head -1
}

# 1. Whoever works, decides, and goes around.
log_in office programme_office province
log_in secretary secretary province
log_in inspector inspector province
ask office GET /api/session

# 2. Registers and ledgers of three years, wishes.
for year in 2022 2023 2024; do
    [ $year = 2022 ] || # the first one is there
        send office "/api/registers?as-of=$year-12-31&accept=95&" "$data/register-$year-12-31.csv"
    for book in "$data/ledgers/$year"/*.xlsx; do
        send office "/api/ledgers?period=$year&" "$book"
    done
    send office "/api/ledgers?period=$year&level=county&" "$data/ledgers/$year/counties.csv"
done
send office '/api/wishes?' "$data/wishes.xlsx"

# 3. Tiers, as a workbook, and why a village has its own.
say office POST '/api/tiers?format=xlsx' '{"period":"2024"}'
cp "$work/answer" "$data/http-tiers.xlsx"
ask office GET /api/runs
tiers=$(number run)
village=$(awk -F, '$2 == "village" && substr($1, 10) >= 200 {print $1; exit}' \
    "$data/register-2024-12-31.csv")
ask office GET "/api/tiers/$village"
ask office GET "/api/values/$village/PS05?period=2024"
ask office GET '/api/rollup?period=2024&indicator=PS04'

# 4. A plan of three years from the funds and what is settled already; why a village gets what.
send office '/api/files?' "$data/funds-2025-2027.yaml"
funds=$(sed 's/.*"file":"\([^"]*\)".*/\1/' "$work/answer")
send office '/api/files?' "$data/locks.yaml"
locks=$(sed 's/.*"file":"\([^"]*\)".*/\1/' "$work/answer")
say office POST '/api/plans?format=xlsx' "{\"years\":\"2025-2027\",\"funds\":\"$funds\",\"lock\":\"$locks\"}"
cp "$work/answer" "$data/http-plan.xlsx"
ask office GET /api/runs
plan=$(number run)
ask office GET "/api/plans/$village"

# 5. A list for other programs, and the form for next year's ledgers.
ask office GET "/api/runs/$tiers?format=csv"
ask office GET '/api/form?period=2024'
cp "$work/answer" "$data/http-form.xlsx"

# 6. The office proposes what a body resolved, the secretary decides; nobody decides his own.
for run in "$tiers" "$plan"; do
    say office POST "/api/runs/$run/approval" \
        '{"resolution":"省委农办会议","on":"2025-01-10","minutes":"纪要第1号"}'
    ask secretary GET /api/proposals
    say secretary PUT "/api/proposals/$(number proposal)/approve" '{}'
done

# 7. The tiers are made public; an inspector objects for a village; the secretary answers.
say office POST "/api/runs/$tiers/notice" "{\"to\":\"$(date -d '+7 days' +%F)\",\"place\":\"村务公开栏\"}"
ask office GET /api/notices
notice=$(number notice)
say inspector POST "/api/notices/$notice/appeals/$village" \
    '{"who":"李敏","text":"垃圾转运站未计入","ground":"2024年已建成"}'
ask secretary GET "/api/notices/$notice/appeals"
say secretary PUT "/api/appeals/$(number appeal)/$village/dismissed" '{"reason":"验收资料不全"}'

# 8. All of it is in the trace.
ask office DELETE /api/session
echo "tiers $tiers, plan $plan, notice $notice"
