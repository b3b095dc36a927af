#!/bin/sh
# The main job of a county by the script that docs/api.md shows, and what must be there after it.
#   main_job.sh SOURCE WANCUN
set -u
source=$1
wancun=$2
room=$(mktemp -d)
office=$room/office
server=
trap 'kill "$server" 2>/dev/null; rm -rf "$room"' EXIT

. "$source/tests/demo/checks.sh"

"$wancun" -q demo "$room" --size county --programme "$source/programmes/example-province" --only-files
check 'makes a data directory' 0 "$wancun" init "$office" --programme "$source/programmes/example-province"
check 'imports the first register' 0 on import register "$room/register-2022-12-31.csv" --as-of 2022-12-31
"$wancun" --lang en -d "$office" serve --listen 127.0.0.1:0 2>"$room/log" &
server=$!
for turn in $(seq 50); do
    grep -q 'Serving at' "$room/log" && break
    sleep 0.2
done
at=$(sed -n 's/.*Serving at \(http[^;]*\);.*/\1/p' "$room/log")
check 'does the main job by curl alone' 0 sh "$source/docs/main-job.sh" "$at" "$room"
says 'says what it made' '^tiers [0-9]*, plan [0-9]*, notice [0-9]*$'
check 'wrote workbooks' 0 test "$(ls "$room"/http-*.xlsx | wc -l)" = 3
check 'that are workbooks' 0 /usr/bin/python3 -c "
import glob, openpyxl
for name in glob.glob('$room/http-*.xlsx'):
    book = openpyxl.load_workbook(name, read_only=True)
    assert sum(1 for sheet in book for _ in sheet.rows) > 10, name"
kill -TERM "$server"
check 'stops when it is told to' 0 wait "$server"
check 'lists the runs' 0 on --json runs list
check 'both approved' 0 test "$(grep -o '省委农办会议' "$room/out" | wc -l)" = 2
check 'the trace of all this verifies' 0 on audit verify
check 'doctor finds nothing' 0 on doctor
echo "1..$number"
[ "$failed" = 0 ]
