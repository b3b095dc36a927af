#!/bin/sh
# check.sh WANCUN SOURCE [--write]: the command pages in docs are what the program prints; with
# --write they are made anew.
set -u

wancun=$1
docs=$2/docs
status=0
for lang in zh en; do
    page=$docs/cli.md
    [ $lang = zh ] || page=$docs/en/cli.md
    printed=$("$wancun" help page --lang $lang) || exit 1
    if [ "${3:-}" = --write ]; then
        printf '%s\n' "$printed" >"$page"
    elif ! printf '%s\n' "$printed" | diff -u "$page" - >&2; then
        echo "$page differs from what the program prints; make it anew: sh tests/docs/check.sh" \
            "build/src/app/wancun . --write" >&2
        status=1
    fi
done
exit $status
