/* The engine of a server of its own: PostgreSQL. */
#include "store/pg/pg.h"

#include <poll.h>

#include "base/str.h"
#include "store/db_in.h"

/* How long a server that was cut off while it committed is waited for: five seconds. */
enum { FATE_TRIES = 11, FATE_WAIT_MS = 500 };

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

enum rc pg_execute(struct pg *pg, const char *text, struct err *err)
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
        rc = pg_execute(pg, text, err);
    }
    pg_resume(pg);
    return rc;
}

static void pg_undo(struct db *db, const char *text)
{
    struct pg *pg = pg_of(db);
    struct err ignored = {0};

    (void)!pg_pause(pg, &ignored);
    (void)!pg_execute(pg, text, &ignored);
    pg_resume(pg);
}

/* Whoever writes sees what would have been, had all others come before or
 * after; whoever reads sees one moment. */
static enum rc pg_begin(struct db *db, enum db_mode mode, struct err *err)
{
    struct pg *pg = pg_of(db);
    enum rc rc = pg_revive(pg, err);

    if (rc != RC_OK) {
        return rc;
    }
    if (mode == DB_READ) {
        return pg_send_text(pg, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", SENT_CHANGE,
                            err);
    }
    rc = pg_lease_renew(pg, LEASE_RENEW_MS, err);
    if (rc == RC_OK) {
        rc = pg_send_text(pg, "BEGIN ISOLATION LEVEL SERIALIZABLE READ WRITE", SENT_CHANGE, err);
    }
    return rc == RC_OK ? pg_lease_fence(pg, err) : rc;
}

static const struct sql FATE = {
    .name = "fate",
    .text = "SELECT txid_status(?1)",
    .in_count = 1,
    .out_count = 1,
};

/* What became of our transaction, as far as the server knows by now: "" when it does not say. */
static bool is_settled(struct pg *pg, bool *out_is_done)
{
    const struct val in[] = {v_int(pg->transaction)};
    struct arena arena;
    struct val fate = {0};
    struct err ignored = {0};

    arena_init(&arena, ARENA_MIB);
    enum rc rc = pg_revive(pg, &ignored);
    if (rc == RC_OK) {
        rc = db_one(&pg->db, &FATE, in, &fate, &arena, &ignored);
    }
    *out_is_done = rc == RC_OK && str_equal(fate.text, STR("committed"));
    bool is_undone = rc == RC_OK && str_equal(fate.text, STR("aborted"));
    arena_done(&arena);
    return *out_is_done || is_undone;
}

/* The connection was lost between the question and the answer: only the server knows whether it
 * had done it. It is asked while it may be coming back. */
static enum rc learn_fate(struct pg *pg, struct err *err)
{
    bool is_done = false;
    bool is_known = false;

    err_clear(err);
    if (pg->transaction == 0) { /* it was about the lease alone */
        return err_set(err, RC_BUSY, MSG_STORE_UNREACHABLE, arg_text(STR("COMMIT")));
    }
    for (int i = 0; !is_known && i < FATE_TRIES; i++) {
        (void)poll(NULL, 0, i == 0 ? 0 : FATE_WAIT_MS);
        is_known = is_settled(pg, &is_done);
    }
    if (is_done) {
        return RC_OK;
    }
    return is_known ? err_set(err, RC_BUSY, MSG_STORE_UNREACHABLE, arg_text(STR("COMMIT")))
                    : err_set(err, RC_BUSY, MSG_STORE_UNSURE);
}

/* The answer of the fence is read before the commit is sent. */
static enum rc pg_commit(struct db *db, struct err *err)
{
    struct pg *pg = pg_of(db);
    enum rc rc = pg_settle(pg, NULL, err);

    if (rc == RC_OK && pg->is_lost) {
        rc = err_set(err, RC_BUSY, MSG_STORE_LEASE_LOST);
    }
    if (rc == RC_OK && PQstatus(pg->conn) != CONNECTION_OK) {
        rc = pg_failed(pg, NULL, err);
    }
    if (rc != RC_OK) {
        return rc;
    }
    rc = pg_send_text(pg, "COMMIT", SENT_COMMIT, err);
    if (rc == RC_OK) {
        rc = pg_settle(pg, NULL, err);
    }
    return rc != RC_OK && PQstatus(pg->conn) != CONNECTION_OK ? learn_fate(pg, err) : rc;
}

static enum rc pg_renew(struct db *db, struct err *err)
{
    enum rc rc = pg_revive(pg_of(db), err);

    return rc == RC_OK ? pg_lease_renew(pg_of(db), 0, err) : rc;
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
    .facts = pg_facts,
    .claim = pg_claim,
    .look = pg_look,
    .found = pg_found,
    .own = pg_own,
    .renew = pg_renew,
};
