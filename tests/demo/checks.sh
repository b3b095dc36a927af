# Checks of a job on the command line, as TAP: sourced by the end-to-end tests, which set $wancun,
# $room (a folder of their own) and $office.
number=0
failed=0

# check NAME EXPECTED-EXIT COMMAND…: the exit status must be as expected.
check() {
    name=$1
    expected=$2
    shift 2
    number=$((number + 1))
    "$@" >"$room/out" 2>"$room/err"
    status=$?
    if [ "$status" = "$expected" ]; then
        echo "ok $number - $name"
    else
        failed=$((failed + 1))
        echo "not ok $number - $name"
        echo "# exit $status, expected $expected: $*"
        sed 's/^/# /' "$room/err" | head -5
    fi
}

# says NAME TEXT: what was just printed must hold it.
says() {
    number=$((number + 1))
    if grep -q -- "$2" "$room/out" "$room/err"; then
        echo "ok $number - $1"
    else
        failed=$((failed + 1))
        echo "not ok $number - $1"
        sed 's/^/# /' "$room/out" "$room/err" | head -8
    fi
}

# on_server NAME: what `init` is to be told where the tests run on a server: a schema of its own there.
on_server() {
    [ -n "${WANCUN_TEST_DATABASE:-}" ] || return 0
    psql -q "$WANCUN_TEST_DATABASE" -c "CREATE SCHEMA $1_$$" >&2
    echo "--database $WANCUN_TEST_DATABASE&options=-csearch_path%3D$1_$$"
}

on() { "$wancun" --lang en -d "$office" "$@"; }
