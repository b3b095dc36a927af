#!/bin/sh
# One's own account over the network: the first password, proving anew, another password, one-time codes,
# sessions, tokens; and requests of other sites.
#   self.sh SOURCE WANCUN
set -u
source=$1
wancun=$2
room=$(mktemp -d)
trap 'kill "$server" 2>/dev/null; rm -rf "$room"' EXIT

. "$source/tests/demo/checks.sh"
. "$source/tests/web/server.sh"

# sends STATUS METHOD PATH FORM [CURL OPTIONS]
sends() {
    wanted=$1
    method=$2
    path=$3
    form=$4
    shift 4
    asks "$wanted" "$method" "$path" -H 'Content-Type: application/json' -d "$form" "$@"
}
of() { /usr/bin/python3 -c "
import json, sys
at = json.load(open('$room/answer'))
for word in sys.argv[1:]: at = at[int(word) if word.isdigit() else word]
print(at)" "$@"; }
# The one-time code of a secret, by RFC 6238 alone.
code_of() { /usr/bin/python3 -c "
import base64, hashlib, hmac, struct, sys, time
key = base64.b32decode(sys.argv[1])
digest = hmac.new(key, struct.pack('>Q', int(time.time()) // 30 + int(sys.argv[2])), hashlib.sha1).digest()
at = digest[-1] & 15
print('%06d' % ((struct.unpack('>I', digest[at:at + 4])[0] & 0x7fffffff) % 1000000))" "$1" "$2"; }

check 'makes a data directory' 0 "$wancun" init "$office" --programme "$source/programmes/example-province"
check 'takes a register' 0 on import register "$source/tests/data/tiny/register.csv" --as-of 2024-12-31
"$wancun" -d "$office" --json user add li.min --name 李敏 >"$room/answer"
start=$(of rows 0 secret)
check 'gives a post' 0 on user post li.min programme_office --unit 990101000000
"$wancun" -d "$office" serve --listen "unix:$socket" 2>"$room/log" &
server=$!
for turn in 1 2 3 4 5 6 7 8 9 10; do
    [ -S "$socket" ] && break
    sleep 0.3
done

check 'refuses a start token that is nobodys' 0 sends 401 POST /api/start '{"start":"xxxx","password":"quiet-lantern-73"}'
check 'refuses a password in everybodys list' 0 sends 422 POST /api/start "{\"start\":\"$start\",\"password\":\"password123\"}"
check 'takes the first password by the start token' 0 sends 200 POST /api/start "{\"start\":\"$start\",\"password\":\"quiet-lantern-73\"}"
check 'and says whose it is' 0 holds '"login":"li.min"'
check 'once' 0 sends 401 POST /api/start "{\"start\":\"$start\",\"password\":\"other-lantern-73\"}"
check 'he logs in' 0 sends 200 POST /api/session '{"login":"li.min","password":"quiet-lantern-73"}' -c "$room/cookies"
check 'nobody proves anew who has not logged in' 0 sends 401 POST /api/session/proof '{"password":"quiet-lantern-73"}'
check 'a wrong password proves nothing' 0 sends 200 POST /api/session/proof '{"password":"wrong"}' -b "$room/cookies"
check 'and is told so' 0 holds '"answer":"wrong"'
check 'the right one does' 0 sends 200 POST /api/session/proof '{"password":"quiet-lantern-73"}' -b "$room/cookies" -c "$room/cookies"
check 'and the session goes on by another token' 0 asks 200 GET /api/session -b "$room/cookies"
check 'a second device logs in' 0 sends 200 POST /api/session '{"login":"li.min","password":"quiet-lantern-73"}' -c "$room/other"
check 'he sees both sessions' 0 asks 200 GET /api/sessions -b "$room/cookies"
check 'which are two' 0 test "$(/usr/bin/python3 -c "import json; print(len(json.load(open('$room/answer'))['tables'][0]['rows']))")" = 2
check 'keeps the password when the old one is wrong' 0 sends 200 PUT /api/session/password \
    '{"password":"wrong","new":"amber-kettle-19"}' -b "$room/cookies"
check 'and says so' 0 holds '"answer":"wrong"'
check 'changes it' 0 sends 200 PUT /api/session/password '{"password":"quiet-lantern-73","new":"amber-kettle-19"}' \
    -b "$room/cookies" -c "$room/cookies"
check 'goes on in this session' 0 asks 200 GET /api/session -b "$room/cookies"
check 'and ends the other' 0 asks 401 GET /api/session -b "$room/other"
check 'offers a secret for one-time codes' 0 asks 200 POST /api/session/codes -b "$room/cookies"
secret=$(of secret)
check 'not in force before a code of it' 0 sends 200 POST /api/session '{"login":"li.min","password":"amber-kettle-19"}' -c "$room/other"
check 'so that he is let in without' 0 holds '"answer":"in"'
check 'refuses a wrong code' 0 sends 403 PUT /api/session/codes '{"code":"000000"}' -b "$room/cookies"
check 'takes a right one' 0 sends 200 PUT /api/session/codes "{\"code\":\"$(code_of "$secret" 0)\"}" -b "$room/cookies"
recovery=$(of recovery 0)
check 'from then on asks for it' 0 sends 200 POST /api/session '{"login":"li.min","password":"amber-kettle-19"}'
check 'in so many words' 0 holds '"answer":"needs_code"'
check 'takes a recovery code instead' 0 sends 200 POST /api/session "{\"login\":\"li.min\",\"password\":\"amber-kettle-19\",\"code\":\"$recovery\"}" -c "$room/other"
check 'which lets him in' 0 holds '"answer":"in"'
check 'gives a token for programs' 0 sends 200 POST /api/tokens '{"purpose":"report","rights":"read","days":"30"}' -b "$room/cookies"
token=$(of tables 0 rows 0 secret)
check 'by which a program reads' 0 asks 200 GET /api/runs -H "Authorization: Bearer $token"
check 'does no more' 0 sends 403 POST /api/tiers '{"period":"2024"}' -H "Authorization: Bearer $token"
check 'and asks for no tokens itself' 0 sends 403 POST /api/tokens '{"purpose":"x","rights":"read","days":"1"}' -H "Authorization: Bearer $token"
check 'is told a token for a unit out of scope like one that is not there' 0 sends 404 POST /api/tokens \
    '{"purpose":"x","rights":"read","days":"1","unit":"990100000000"}' -b "$room/cookies"
check 'lists it' 0 asks 200 GET /api/sessions -b "$room/cookies"
number_of_token=$(/usr/bin/python3 -c "
import json
rows = json.load(open('$room/answer'))['tables'][0]['rows']
print([list(row.values())[0] for row in rows if 'report' in str(row)][0])")
check 'ends it' 0 asks 200 DELETE "/api/sessions/$number_of_token" -b "$room/cookies"
check 'at once' 0 asks 401 GET /api/runs -H "Authorization: Bearer $token"
check 'ends no session of anybody else' 0 asks 404 DELETE /api/sessions/17 -b "$room/cookies"

check 'takes what its own pages send' 0 asks 200 DELETE /api/session -b "$room/other" -H 'Origin: http://localhost'
check 'refuses what another site sends, told by the origin alone' 0 asks 403 DELETE /api/session -b "$room/cookies" \
    -H 'Origin: https://evil.example'
check 'or by no origin that can be named' 0 asks 403 DELETE /api/session -b "$room/cookies" -H 'Origin: null'
check 'and nothing of that was done' 0 asks 200 GET /api/session -b "$room/cookies"
kill -TERM "$server"
check 'stops' 0 wait "$server"
check 'the trace of all this verifies' 0 on audit verify
echo "1..$number"
[ "$failed" = 0 ]
