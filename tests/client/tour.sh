#!/bin/sh
# The TypeScript client: built from the description that this build wrote, and used against a server.
#   tour.sh SOURCE WANCUN OPENAPI
set -u
source=$1
wancun=$2
OPENAPI=$(realpath "$3")
export OPENAPI
room=$(mktemp -d)
office=$room/office
trap 'kill "$server" 2>/dev/null; rm -rf "$room"' EXIT

if ! command -v npm >/dev/null; then
    echo '1..0 # SKIP npm is not installed'
    exit
fi

. "$source/tests/demo/checks.sh"

in_client() {
    (cd "$room/client" && "$@" >"$room/said" 2>&1) || { tail -20 "$room/said" >&2; false; }
}

mkdir "$room/client"
(cd "$source/clients/typescript" && tar -cf - --exclude node_modules --exclude dist .) | tar -xf - -C "$room/client"
check 'fetches what it is built from' 0 in_client npm ci --no-progress
check 'builds from the description of the API' 0 in_client npm run build
"$wancun" -q demo "$room" --size county --programme "$source/programmes/example-province" >/dev/null 2>&1
check 'makes an account' 0 on user add office.man --name 经办人
printf 'quiet-lantern-73\n' >"$room/password"
check 'with a password' 0 on user password office.man --from-file "$room/password"
county=$(sed -n '2,$p' "$room/register-2024-12-31.csv" | cut -d, -f1 | grep '0000000000$' | head -1)
check 'and a post' 0 on user post office.man programme_office --unit "$county"
"$wancun" -d "$office" serve --listen 127.0.0.1:0 2>"$room/log" &
server=$!
for turn in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
    address=$(sed -n 's|.*\(http://127.0.0.1:[0-9]*\).*|\1|p' "$room/log" | head -1)
    [ -n "$address" ] && break
    sleep 0.3
done
check 'does what a program wants of it' 0 in_client node --test-reporter=tap dist/test/tour.js "$address" office.man quiet-lantern-73
kill -TERM "$server"
wait "$server"
echo "1..$number"
[ "$failed" = 0 ]
