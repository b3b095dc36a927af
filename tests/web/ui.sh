#!/bin/sh
# ui: a server for one person, who is let in by an address that works once.
#   ui.sh SOURCE WANCUN
set -u
source=$1
wancun=$(realpath "$2")
room=$(mktemp -d)
server=
trap 'kill "$server" 2>/dev/null; rm -rf "$room"' EXIT
export HOME="$room/home" XDG_DATA_HOME="$room/home/data"
office=$XDG_DATA_HOME/wancun

. "$source/tests/demo/checks.sh"

mkdir -p "$room/bin" "$HOME"
cat >"$room/bin/xdg-open" <<'P'
#!/bin/sh
stat -c '%a' "$1" >"$HOME/mode"
sed -n 's/.*url=\([^"]*\)".*/\1/p' "$1" >"$HOME/address"
P
chmod +x "$room/bin/xdg-open"
PATH=$room/bin:$PATH

# open [DIR]: the address without the key is $at, the path with it $key.
open() {
    rm -f "$HOME/address"
    (cd "$source" && exec "$wancun" --lang en ui "$@" 2>"$room/log") &
    server=$!
    for turn in $(seq 100); do
        [ -s "$HOME/address" ] && break
        sleep 0.2
    done
    at=$(sed 's|/enter/.*||' "$HOME/address")
    key=$(sed 's|.*\(/enter/.*\)|\1|' "$HOME/address")
}
# asks STATUS METHOD PATH [CURL OPTION…]
asks() {
    wanted=$1
    method=$2
    path=$3
    shift 3
    status=$(curl -s -o "$room/answer" -w '%{http_code}' -X "$method" "$@" "$at$path")
    [ "$status" = "$wanted" ] || { echo "$status: $(cat "$room/answer")" >&2; false; }
}
holds() {
    grep -q -- "$1" "$room/answer"
}

open
check 'makes a directory of its own' 0 test -f "$office/wancun.db"
check 'opens the browser at a page that nobody else can read' 0 grep -qx 400 "$HOME/mode"
check 'with an address on this machine' 0 sh -c "echo '$at' | grep -qx 'http://127.0.0.1:[0-9]*'"
check 'which is said, too' 0 grep -q "$key" "$room/log"
check 'lets nobody in without it' 0 asks 401 GET /api/session
check 'nor by a wrong one' 0 asks 401 GET /enter/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
check 'nor under another name than its own' 0 asks 401 GET "$key" -H 'Host: evil.example'
check 'lets the owner in' 0 asks 303 GET "$key" -c "$room/owner"
check 'once' 0 asks 401 GET "$key"
check 'who is known' 0 asks 200 GET /api/session -b "$room/owner"
check 'as at the command line' 0 holds '"owner":"local:'
check 'is shown the first step' 0 asks 200 GET / -b "$room/owner"
check 'in words' 0 holds '/api/registers'
"$wancun" -q demo "$room" --size county --programme "$source/programmes/example-province" --only-files
check 'takes that step' 0 asks 200 POST '/api/registers?as-of=2024-12-31&name=register.csv' -b "$room/owner" \
    -H 'Content-Type: application/octet-stream' --data-binary "@$room/register-2024-12-31.csv"
check 'makes accounts' 0 asks 200 POST /api/persons/li.min -b "$room/owner" -H 'Content-Type: application/json' -d '{"name":"李敏"}'
check 'refuses what another site sends in his name' 0 asks 403 POST /api/persons/li.ming -b "$room/owner" \
    -H 'Sec-Fetch-Site: cross-site' -H 'Content-Type: application/json' -d '{"name":"x"}'
check 'lets him out' 0 asks 303 POST /leave -b "$room/owner"
check 'and knows him no more' 0 asks 401 GET /api/session -b "$room/owner"
kill -TERM "$server"
check 'stops when it is told to' 0 wait "$server"
check 'leaves no address behind' 1 test -e "$office/open.html"
check 'did it in his name' 0 sh -c "sqlite3 '$office/wancun.db' 'select distinct actor from person' 2>/dev/null | grep -q '^local:' ||
    /usr/bin/python3 -c \"import sqlite3; assert sqlite3.connect('$office/wancun.db').execute('select actor from person').fetchone()[0].startswith('local:')\""
check 'and the trace verifies' 0 on audit verify

"$wancun" -d "$office" serve --listen "unix:$room/socket" 2>/dev/null &
server=$!
for turn in $(seq 50); do
    [ -S "$room/socket" ] && break
    sleep 0.2
done
check 'has no such address where it only serves' 0 test "$(curl -s -o /dev/null -w '%{http_code}' \
    --unix-socket "$room/socket" "http://localhost$key")" = 401
check 'does not run beside another server' 3 "$wancun" ui "$office"
kill -TERM "$server"
wait "$server"
echo "1..$number"
[ "$failed" = 0 ]
