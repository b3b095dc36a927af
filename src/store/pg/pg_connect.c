/* Connections to a server: how one is made, looked at and made again. */
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "store/db_in.h"
#include "store/pg/pg.h"

enum { ADDRESS_ROOM = 2049 };
/* How long a server may take to let us in, and to take what was sent. */
#define CONNECT_S  "10"
#define SILENCE_MS "30000"

/* What a session asks of the server. Whoever waits for a lock longer is told to come back.
 * Statements are proven to find their rows by an index unless they say why not, so the server is
 * kept to plans of that kind: where it has counted nothing yet it would scan, hash and sort tables
 * that were empty when it first looked. A commit that is answered is on the disk, whatever the
 * server thinks enough. */
static const char SESSION[] = "SET lock_timeout = '5s'; SET client_min_messages = 'error';"
                              "SET TimeZone = 'UTC'; SET jit = off;"
                              "SET enable_seqscan = off; SET enable_hashjoin = off;"
                              "SET enable_mergejoin = off; SET max_parallel_workers_per_gather = 0;"
                              "SELECT set_config('synchronous_commit', 'on', false)"
                              " WHERE current_setting('synchronous_commit') = 'off';";

static enum rc configure(struct pg *pg, struct err *err)
{
    const char *encoding = PQparameterStatus(pg->conn, "server_encoding");

    if (encoding == NULL || strcmp(encoding, "UTF8") != 0) {
        return err_set(err, RC_CONFLICT, MSG_STORE_SETTING, arg_text(STR("server_encoding")),
                       arg_text(str_from(encoding == NULL ? "" : encoding)), arg_text(STR("UTF8")));
    }
    enum rc rc = pg_execute(pg, SESSION, err);
    if (rc == RC_OK && pg->mode == DB_READ) {
        rc = pg_execute(pg, "SET default_transaction_read_only = on", err);
    }
    return rc;
}

static bool has_password(const PQconninfoOption *options)
{
    for (; options->keyword != NULL; options++) {
        if (strcmp(options->keyword, "password") == 0 && options->val != NULL) {
            return true;
        }
    }
    return false;
}

enum rc db_check_address(str place, struct err *err)
{
    char text[ADDRESS_ROOM] = "";
    char *why = NULL;

    if (!db_is_server(place) || place.len >= sizeof(text)) {
        return err_set(err, RC_INVALID, MSG_STORE_ADDRESS, arg_text(place), arg_text(STR("")));
    }
    memcpy(text, place.at, place.len);
    PQconninfoOption *options = PQconninfoParse(text, &why);
    enum rc rc = RC_OK;
    if (options == NULL) {
        rc = err_set(err, RC_INVALID, MSG_STORE_ADDRESS, arg_text(place),
                     arg_text(str_trim(str_from(why == NULL ? "" : why))));
    } else if (has_password(options)) {
        rc = err_set(err, RC_INVALID, MSG_STORE_ADDRESS_PASSWORD);
    }
    PQconninfoFree(options);
    PQfreemem(why);
    return rc;
}

/* Passwords come as libpq takes them: PGPASSFILE, PGPASSWORD. What stands before the address is
 * what holds where it says nothing: who does not answer is given up. */
static enum rc connect(struct pg *pg, struct err *err)
{
    static const char *const NAMES[] = {"connect_timeout", "tcp_user_timeout",          "dbname",
                                        "client_encoding", "fallback_application_name", NULL};
    const char *const values[] = {CONNECT_S, SILENCE_MS, pg->address, "UTF8", "wancun", NULL};

    pg->conn = PQconnectdbParams(NAMES, values, 1);
    if (PQstatus(pg->conn) != CONNECTION_OK) {
        return err_set(err, RC_BUSY, MSG_STORE_UNREACHABLE,
                       arg_text(str_trim(str_from(PQerrorMessage(pg->conn)))));
    }
    enum rc rc = configure(pg, err);
    if (rc == RC_OK) {
        pg_resume(pg);
    }
    return rc;
}

/* Has the server let go? It is looked at without waiting. */
static bool is_cut(const struct pg *pg)
{
    struct pollfd socket = {.fd = PQsocket(pg->conn), .events = POLLRDHUP};

    return PQstatus(pg->conn) != CONNECTION_OK || poll(&socket, 1, 0) != 0;
}

enum rc pg_revive(struct pg *pg, struct err *err)
{
    if (!is_cut(pg)) {
        return RC_OK;
    }
    PQfinish(pg->conn);
    memset(pg->is_prepared, 0, sizeof(pg->is_prepared));
    pg->sent_count = 0;
    pg->walk = NULL;
    return connect(pg, err);
}

enum rc pg_open(const char *address, enum db_mode mode, struct db **out, struct err *err)
{
    struct pg *pg = calloc(1, sizeof(*pg));

    MUST(pg != NULL);
    pg->mode = mode;
    pg->address = strdup(address);
    MUST(pg->address != NULL);
    enum rc rc = connect(pg, err);
    if (rc != RC_OK) {
        pg_close(&pg->db);
        return rc;
    }
    *out = &pg->db;
    return RC_OK;
}

void pg_close(struct db *db)
{
    struct pg *pg = pg_of(db);

    pg_lease_leave(pg);
    PQfinish(pg->conn);
    free(pg->address);
    free(pg);
}
