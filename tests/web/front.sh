#!/bin/sh
# The plain page of a server and the accounts for trying out a demonstration: what they show, what
# they let do, and that they are not there where they must not be.
#   front.sh SOURCE WANCUN
set -u
source=$1
wancun=$2
room=$(mktemp -d)
office=$room/office
server=
trap 'kill "$server" 2>/dev/null; rm -rf "$room"' EXIT

. "$source/tests/demo/checks.sh"

# serve OFFICE LISTEN [OPTION…]: start, and learn the address.
serve() {
    where=$1
    listen=$2
    shift 2
    rm -f "$room/log"
    "$wancun" --lang en -d "$where" serve --listen "$listen" "$@" 2>"$room/log" &
    server=$!
    for turn in $(seq 50); do
        grep -qs 'Serving at' "$room/log" && break
        sleep 0.2
    done
    at=$(sed -n 's/.*Serving at \(http[^;]*\);.*/\1/p' "$room/log")
}
stop() {
    kill -TERM "$server"
    wait "$server"
}
# asks STATUS METHOD PATH [CURL OPTION…]: the body is in $room/answer, the head in $room/head.
asks() {
    wanted=$1
    method=$2
    path=$3
    shift 3
    status=$(curl -s -o "$room/answer" -D "$room/head" -w '%{http_code}' -X "$method" "$@" "$at$path")
    [ "$status" = "$wanted" ] || { echo "$status: $(cat "$room/answer")" >&2; false; }
}
holds() {
    grep -q -- "$1" "$room/answer"
}
lacks() {
    ! grep -q -- "$1" "$room/answer"
}
head_says() {
    grep -qi -- "$1" "$room/head"
}

check 'makes a data directory' 0 "$wancun" init "$office" --programme "$source/programmes/example-province"
"$wancun" -q demo "$room" --size county --programme "$source/programmes/example-province" --only-files
check 'imports a register' 0 on import register "$room/register-2024-12-31.csv" --as-of 2024-12-31
sed 's/demonstration: true/demonstration: false/' "$source/programmes/example-province/programme.yaml" >"$room/p.yaml"

serve "$office" 127.0.0.1:0
check 'shows a page to everybody' 0 asks 200 GET / -H 'Accept-Language: zh-CN'
check 'as HTML' 0 head_says '^content-type: text/html; charset=utf-8'
check 'that runs nothing' 0 head_says "^content-security-policy: default-src 'none'"
check 'and says that the data are invented' 0 holds '演示数据'
check 'in English for whoever reads English' 0 asks 200 GET / -H 'Accept-Language: en-GB,en;q=0.9'
check 'with the way to the interface' 0 holds 'href="/docs/en/api.md"'
check 'gives its style' 0 asks 200 GET /assets/page.css
check 'packed for those who take it' 0 asks 200 GET /assets/page.css -H 'Accept-Encoding: gzip'
check 'says that it is packed' 0 head_says '^content-encoding: gzip'
check 'gives the guide' 0 asks 200 GET /docs/api.md
check 'answers a HEAD' 0 test "$(curl -s -I -o /dev/null -w '%{http_code} %{size_download}' "$at/")" = '200 0'
check 'answers a request without Host with 400' 0 sh -c "printf 'GET / HTTP/1.1\r\n\r\n' |
    /usr/bin/python3 -c \"
import socket, sys
door = socket.create_connection(('127.0.0.1', ${at##*:}), 5)
door.sendall(sys.stdin.buffer.read())
assert door.recv(4096).startswith(b'HTTP/1.1 400'), 'not refused'\""

check 'lets a secretary in by one click' 0 asks 303 POST /demo/secretary/county -c "$room/secretary"
check 'by a cookie that scripts do not see' 0 head_says '^set-cookie: wc=.*HttpOnly; SameSite=Lax'
check 'who is then known' 0 asks 200 GET /api/session -b "$room/secretary"
check 'with the post' 0 holds '"post":"secretary"'
check 'and named on the page' 0 asks 200 GET / -b "$room/secretary"
check 'with a way out' 0 holds 'action="/leave"'
check 'lets an administrator in' 0 asks 303 POST /demo/audit/office -c "$room/audit"
check 'knows no other post' 0 asks 422 POST /demo/emperor/province
check 'nor a post at a level where there is none' 0 asks 422 POST /demo/township/county
check 'nor officials of no unit' 0 asks 404 POST /demo/official/office
check 'refuses a click from another site' 0 asks 403 POST /demo/secretary/county -H 'Sec-Fetch-Site: cross-site'
check 'refuses it under another name than its own' 0 asks 404 POST /demo/secretary/county -H 'Host: evil.example'
check 'refuses it through a proxy' 0 asks 404 POST /demo/secretary/county -H 'X-Forwarded-For: 192.0.2.7'
check 'shows no buttons through a proxy' 0 asks 200 GET / -H 'X-Forwarded-For: 192.0.2.7'
check 'none at all' 0 lacks '/demo/'
check 'has no password for these accounts' 0 asks 200 POST /api/session \
    -H 'Content-Type: application/json' -d '{"login":"demo.secretary.county","password":"x"}'
check 'that anybody could guess' 0 holds '{"answer":"wrong"}'
check 'lets him out' 0 asks 303 POST /leave -b "$room/secretary"
check 'and knows him no more' 0 asks 401 GET /api/session -b "$room/secretary"
check 'but shows the page, whatever became of his session' 0 asks 200 GET / -b "$room/secretary"
check 'and lets him in again' 0 asks 303 POST /demo/secretary/county -b "$room/secretary" -c "$room/secretary"
check 'stops when it is told to' 0 stop

serve "$office" 127.0.0.1:0 --https
check 'is not tried out where people come by HTTPS' 0 asks 404 POST /demo/secretary/county
check 'and shows no buttons there' 0 asks 200 GET /
check 'none' 0 lacks '/demo/'
stop
serve "$office" 0.0.0.0:0
check 'is not tried out where others can reach it' 0 asks 404 POST /demo/secretary/county
check 'and shows no buttons there either' 0 asks 200 GET /
check 'not one' 0 lacks '/demo/'
stop

cp -r "$source/programmes/example-province" "$room/real"
cp "$room/p.yaml" "$room/real/programme.yaml"
check 'makes an office that is no demonstration' 0 "$wancun" init "$room/earnest" --programme "$room/real"
check 'with units' 0 "$wancun" -d "$room/earnest" import register "$room/register-2024-12-31.csv" --as-of 2024-12-31
serve "$room/earnest" 127.0.0.1:0
check 'has no accounts to try it out' 0 asks 404 POST /demo/secretary/county
check 'and no buttons for them' 0 asks 200 GET /
check 'none of them' 0 lacks '/demo/'
stop
check 'the trace of all this verifies' 0 on audit verify
echo "1..$number"
[ "$failed" = 0 ]
