#!/bin/sh
# limits.sh LIMITS_PAGE SOURCE [--write]: docs/limits.md and docs/en/limits.md are what the table says.
set -eu
page=$1
source=$2
status=0
for lang in zh en; do
    file=$source/docs/limits.md
    [ "$lang" = zh ] || file=$source/docs/en/limits.md
    if [ "${3:-}" = --write ]; then
        "$page" "$lang" >"$file"
    else
        "$page" "$lang" | diff -u "$file" - || status=1
    fi
done
exit $status
