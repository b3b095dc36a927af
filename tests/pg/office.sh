#!/bin/sh
# The tests of the store and the office on the database that WANCUN_TEST_DATABASE names.
set -eu
cd "$(dirname "$0")/../.."

: "${WANCUN_TEST_DATABASE:?start it by tests/pg/with_pg.sh}"
# shellcheck disable=SC2046
exec meson test -C build --no-rebuild --print-errorlogs --logbase pg \
    $(meson test -C build --no-rebuild --list 2>/dev/null | sed -n 's#.*room / \(store/pg\|office.*\)#\1#p')
