#!/bin/sh
# The tests of the store, the office, the main job and the server on the database that
# WANCUN_TEST_DATABASE names.
set -eu
cd "$(dirname "$0")/../.."

: "${WANCUN_TEST_DATABASE:?start it by tests/pg/with_pg.sh}"
on_both='store/pg|office.*|main job|web|pg/.*'
meson test -C build --no-rebuild --list 2>/dev/null | sed 's#^[^/]* / ##' |
    grep -xE "$on_both" | tr '\n' '\0' |
    xargs -0 meson test -C build --no-rebuild --print-errorlogs --logbase pg
