#!/bin/sh
# Run a command beside a PostgreSQL of its own: a new cluster, reached by a socket in its own folder
# alone, stopped and removed afterwards. The command finds it by WANCUN_TEST_DATABASE. Its default
# collation is Chinese, so that a schema which leans on the default is found out.
# Whoever wants to stop and start it does so by the command in WANCUN_TEST_SERVER.
#   with_pg.sh COMMAND…
set -u

bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | tail -1)
[ -n "$bin" ] || { echo "with_pg: PostgreSQL is not installed" >&2; exit 77; }
[ -w /dev/shm ] && base=/dev/shm || base=${TMPDIR:-/tmp}
room=$(mktemp -d "$base/wancun-pg-XXXXXX")

# The server refuses to be run by root.
as_server() { "$@"; }
if [ "$(id -u)" = 0 ]; then
    as_server() { runuser -u postgres -- "$@"; }
    chown postgres "$room"
fi
stop() {
    as_server "$bin/pg_ctl" -D "$room/data" -m immediate -s stop
    rm -rf "$room"
}
trap stop EXIT
trap 'exit 130' INT TERM HUP

(
    cd "$room" || exit 1
    as_server "$bin/initdb" -D "$room/data" -A trust -U postgres -E UTF8 --locale=C.UTF-8 \
        --locale-provider=icu --icu-locale=zh --no-sync --wal-segsize=4 >"$room.log" 2>&1 &&
        as_server tee -a "$room/data/postgresql.conf" >/dev/null <<SETTINGS &&
listen_addresses = ''
unix_socket_directories = '$room'
max_wal_size = 256MB
shared_buffers = 64MB
SETTINGS
        as_server "$bin/pg_ctl" -D "$room/data" -l "$room/data/log" -w -s start &&
        as_server "$bin/createuser" -h "$room" -U postgres wancun &&
        as_server "$bin/createdb" -h "$room" -U postgres -O wancun wancun
) || { cat "$room.log" >&2; exit 1; }
rm -f "$room.log"
[ "$(id -u)" = 0 ] && as_owner='runuser -u postgres -- ' || as_owner=
WANCUN_TEST_SERVER="$as_owner$bin/pg_ctl -D $room/data -l $room/data/log -w -s"
export WANCUN_TEST_SERVER
WANCUN_TEST_DATABASE="postgres://wancun@/wancun?host=$room" "$@"
