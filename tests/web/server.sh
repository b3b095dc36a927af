# A server of a small county's office, for tests by curl: sourced, with $source, $wancun and $room set.
office=$room/office
socket=$room/socket

# asks STATUS METHOD PATH [CURL OPTIONS]: the answer's body is in $room/answer, its head in $room/head.
asks() {
    wanted=$1
    method=$2
    path=$3
    shift 3
    status=$(curl -s -D "$room/head" -o "$room/answer" -w '%{http_code}' --unix-socket "$socket" \
        -X "$method" "$@" "http://localhost$path")
    [ "$status" = "$wanted" ] || { echo "$status: $(head -c 2000 "$room/answer")" >&2; false; }
}
# sends STATUS METHOD PATH FORM WHO [CURL OPTIONS]: a JSON form, by somebody who has logged in.
sends() {
    form=$4
    who=$5
    wanted=$1
    method=$2
    path=$3
    shift 5
    asks "$wanted" "$method" "$path" -b "$room/cookies.$who" -H 'Content-Type: application/json' -d "$form" "$@"
}
holds() {
    grep -q -- "$1" "$room/answer"
}
# member NAME: the text or number of that name in the answer.
member() {
    sed 's/.*"'"$1"'":"\{0,1\}\([^",}]*\).*/\1/' "$room/answer"
}

# A county with its register, and its files in $room.
make_county() {
    check 'makes a data directory' 0 "$wancun" init "$office" --programme "$source/programmes/example-province"
    "$wancun" -q demo "$room" --size county --programme "$source/programmes/example-province" --only-files
    check 'imports the first register' 0 on import register "$room/register-2024-12-31.csv" --as-of 2024-12-31
    county=$(sed -n '2,$p' "$room/register-2024-12-31.csv" | cut -d, -f1 | grep '0000000000$' | head -1)
}
# make_person LOGIN POST: an account with a password, and a post at the county.
make_person() {
    check "makes an account for $1" 0 on user add "$1" --name 经办人
    printf 'quiet-lantern-73\n' >"$room/password"
    check 'with a password' 0 on user password "$1" --from-file "$room/password"
    check "and a post: $2" 0 on user post "$1" "$2" --unit "$county"
}
log_in() {
    asks 200 POST /api/session -c "$room/cookies.$1" -H 'Content-Type: application/json' \
        -d "{\"login\":\"$1\",\"password\":\"quiet-lantern-73\"}" && holds '"answer":"in"'
}
# Begin to serve; the process is $server.
serve() {
    rm -f "$socket"
    "$wancun" -d "$office" serve --listen "unix:$socket" 2>>"$room/log" &
    server=$!
    for turn in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
        [ -S "$socket" ] && return 0
        sleep 0.2
    done
    return 1
}
