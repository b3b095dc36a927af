/* The engine of a server of its own: PostgreSQL. */
#include "store/pg/pg.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "store/db_in.h"

enum { ADDRESS_ROOM = 2049 };

/* What a session asks of the server. Whoever waits for a lock longer is told to
 * come back. Statements are proven to find their rows by an index unless they
 * say why not, so the server is kept from planning scans for tables that were
 * empty when it first looked: it has counted nothing yet. */
static const char SESSION[] = "SET lock_timeout = '5s'; SET client_min_messages = 'error';"
                              "SET TimeZone = 'UTC'; SET jit = off;"
                              "SET enable_seqscan = off;";

struct pg *pg_of(struct db *db)
{
    return (struct pg *)db;
}

/* The classes of SQLSTATE that are told apart; the first that fits says it. */
static const struct {
    const char *begins;
    enum rc rc;
    enum msg_id msg;
} CLASSES[] = {
    {"40001", RC_BUSY, MSG_STORE_RETRY},       /* two transactions that cannot both be */
    {"40P01", RC_BUSY, MSG_STORE_RETRY},       /* a deadlock */
    {"55P03", RC_BUSY, MSG_STORE_BUSY},        /* a lock that was waited for in vain */
    {"57P", RC_BUSY, MSG_STORE_UNREACHABLE},   /* the server stops or starts */
    {"58030", RC_BUSY, MSG_STORE_UNREACHABLE}, /* it cannot read or write */
    {"53300", RC_BUSY, MSG_STORE_UNREACHABLE}, /* too many connections */
    {"08", RC_BUSY, MSG_STORE_UNREACHABLE},    /* the connection is lost */
    {"53100", RC_BROKEN, MSG_STORE_DISK_FULL}, {"23", RC_CONFLICT, MSG_STORE_CONSTRAINT},
    {"", RC_BROKEN, MSG_STORE_BROKEN},
};

enum rc pg_failed(struct pg *pg, const PGresult *answer, struct err *err)
{
    const char *state = PQresultErrorField(answer, PG_DIAG_SQLSTATE);
    const char *why = PQresultErrorField(answer, PG_DIAG_MESSAGE_PRIMARY);
    size_t i = 0;

    if (state == NULL) {
        state = PQstatus(pg->conn) == CONNECTION_BAD ? "08006" : "";
    }
    if (why == NULL) {
        why = PQerrorMessage(pg->conn);
    }
    while (!str_starts(str_from(state), str_from(CLASSES[i].begins))) {
        i++;
    }
    return err_set(err, CLASSES[i].rc, CLASSES[i].msg, arg_text(str_trim(str_from(why))));
}

static enum rc execute(struct pg *pg, const char *text, struct err *err)
{
    PGresult *answer = PQexec(pg->conn, text);
    ExecStatusType status = PQresultStatus(answer);
    enum rc rc = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK
                     ? RC_OK
                     : pg_failed(pg, answer, err);

    PQclear(answer);
    return rc;
}

static enum rc pg_script(struct db *db, const char *text, struct err *err)
{
    struct pg *pg = pg_of(db);
    enum rc rc = pg_pause(pg, err);

    if (rc == RC_OK) {
        rc = execute(pg, text, err);
    }
    pg_resume(pg);
    return rc;
}

static void pg_undo(struct db *db, const char *text)
{
    struct pg *pg = pg_of(db);
    struct err ignored = {0};

    (void)!pg_pause(pg, &ignored);
    (void)!execute(pg, text, &ignored);
    pg_resume(pg);
}

static void pg_close(struct db *db)
{
    struct pg *pg = pg_of(db);

    pg_lease_leave(pg);
    PQfinish(pg->conn);
    free(pg);
}

static enum rc configure(struct pg *pg, enum db_mode mode, struct err *err)
{
    const char *encoding = PQparameterStatus(pg->conn, "server_encoding");

    if (encoding == NULL || strcmp(encoding, "UTF8") != 0) {
        return err_set(err, RC_CONFLICT, MSG_STORE_SETTING, arg_text(STR("server_encoding")),
                       arg_text(str_from(encoding == NULL ? "" : encoding)), arg_text(STR("UTF8")));
    }
    enum rc rc = execute(pg, SESSION, err);
    if (rc == RC_OK && mode == DB_READ) {
        rc = execute(pg, "SET default_transaction_read_only = on", err);
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

/* Passwords come as libpq takes them: PGPASSFILE, PGPASSWORD. */
static enum rc pg_open(const char *url, enum db_mode mode, struct db **out, struct err *err)
{
    static const char *const NAMES[] = {"dbname", "client_encoding", "fallback_application_name",
                                        NULL};
    const char *const values[] = {url, "UTF8", "wancun", NULL};
    struct pg *pg = calloc(1, sizeof(*pg));
    enum rc rc = RC_OK;

    MUST(pg != NULL);
    pg->conn = PQconnectdbParams(NAMES, values, 1);
    if (PQstatus(pg->conn) != CONNECTION_OK) {
        rc = err_set(err, RC_BUSY, MSG_STORE_UNREACHABLE,
                     arg_text(str_trim(str_from(PQerrorMessage(pg->conn)))));
    }
    if (rc == RC_OK) {
        rc = configure(pg, mode, err);
    }
    if (rc != RC_OK) {
        pg_close(&pg->db);
        return rc;
    }
    pg_resume(pg);
    *out = &pg->db;
    return RC_OK;
}

/* Whoever writes sees what would have been, had all others come before or
 * after; whoever reads sees one moment. */
static enum rc pg_begin(struct db *db, enum db_mode mode, struct err *err)
{
    struct pg *pg = pg_of(db);

    if (mode == DB_READ) {
        return pg_send_text(pg, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", SENT_CHANGE,
                            err);
    }
    enum rc rc = pg_lease_renew(pg, err);
    if (rc == RC_OK) {
        rc = pg_send_text(pg, "BEGIN ISOLATION LEVEL SERIALIZABLE READ WRITE", SENT_CHANGE, err);
    }
    return rc == RC_OK ? pg_lease_fence(pg, err) : rc;
}

/* The answer of the fence is read before the commit is sent. */
static enum rc pg_commit(struct db *db, struct err *err)
{
    struct pg *pg = pg_of(db);
    enum rc rc = pg_settle(pg, NULL, err);

    if (rc == RC_OK && pg->is_lost) {
        rc = err_set(err, RC_BUSY, MSG_STORE_LEASE_LOST);
    }
    if (rc == RC_OK) {
        rc = pg_send_text(pg, "COMMIT", SENT_COMMIT, err);
    }
    return rc == RC_OK ? pg_settle(pg, NULL, err) : rc;
}

/* The lease is the mark of our databases: store_lease has one row. */
static enum rc pg_claim(struct db *db, struct err *err)
{
    return pg_script(db,
                     "CREATE TABLE IF NOT EXISTS store_lease ("
                     " id BIGINT PRIMARY KEY CHECK (id = 1),"
                     " is_being_founded BIGINT NOT NULL,"
                     " epoch BIGINT NOT NULL,"
                     " holder TEXT COLLATE \"C\" NOT NULL,"
                     " until_ms BIGINT NOT NULL);"
                     "INSERT INTO store_lease VALUES (1, 1, 0, '', 0)"
                     " ON CONFLICT (id) DO UPDATE SET is_being_founded = 1",
                     err);
}

static const struct sql TABLES = {
    .name = "tables",
    .text = "SELECT count(*) FILTER (WHERE tablename = 'store_lease'),"
            " count(*) FILTER (WHERE tablename <> 'store_lease')"
            " FROM pg_catalog.pg_tables WHERE schemaname = current_schema()",
    .out_count = 2,
};
static const struct sql BEING_FOUNDED = {
    .name = "being_founded",
    .text = "SELECT is_being_founded FROM store_lease WHERE id = 1",
    .out_count = 1,
};

static enum rc pg_look(struct db *db, struct claim *out, struct err *err)
{
    struct val tables[2] = {{0}};
    struct val mark = {0};
    enum rc rc = db_one(db, &TABLES, NULL, tables, NULL, err);

    if (rc == RC_OK && tables[0].number > 0) {
        rc = db_one(db, &BEING_FOUNDED, NULL, &mark, NULL, err);
    }
    *out = (struct claim){
        .is_ours = tables[0].number > 0,
        .is_empty = tables[1].number == 0,
        .is_being_founded = mark.number != 0,
    };
    return rc;
}

static enum rc pg_found(struct db *db, struct err *err)
{
    return pg_script(db, "UPDATE store_lease SET is_being_founded = 0 WHERE id = 1", err);
}

const struct engine PG_ENGINE = {
    .dialect = DIALECT_PG,
    .open = pg_open,
    .close = pg_close,
    .begin = pg_begin,
    .commit = pg_commit,
    .script = pg_script,
    .undo = pg_undo,
    .each = pg_each,
    .change = pg_change,
    .prove = pg_prove,
    .check = pg_check,
    .claim = pg_claim,
    .look = pg_look,
    .found = pg_found,
    .own = pg_own,
};
