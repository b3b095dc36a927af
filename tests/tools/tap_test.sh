#!/bin/sh
# tests/tap.sh lets through what a test says, and turns only what was skipped.
#   tap_test.sh TAP
tap=$1
number=0
failed=0

# gives WHAT WANTED STATUS PROGRAM: the answer and exit status of a test that is run.
gives() {
    number=$((number + 1))
    got=$(sh "$tap" sh -c "$4")
    status=$?
    if [ "$got" = "$2" ] && [ "$status" = "$3" ]; then
        echo "ok $number - $1"
    else
        failed=$((failed + 1))
        echo "not ok $number - $1"
        echo "# $status: $got"
    fi
}

gives 'a test that passes passes' 'ok 1 - a' 0 'echo "ok 1 - a"'
gives 'a test that fails fails' 'not ok 1 - a' 1 'echo "not ok 1 - a"; exit 1'
gives 'a test that was skipped was skipped' 'ok 3 - a # SKIP' 0 'echo "not ok 3 # SKIP a"'
gives 'a program that dies is seen to die' '' 134 'exit 134'
echo "1..$number"
[ "$failed" = 0 ]
