/* The engine of one machine: SQLite. */
#include "store/lite/lite.h"

#include "store/lite/fault_vfs.h"

enum { BUSY_WAIT_MS = 5000 };

/* "Wanc" */
static const int APPLICATION_ID = 0x57616e63;
/* user_version from the first migration until what founds the office is committed. */
static const int BEING_FOUNDED = 1;

struct lite {
    struct db db;
    sqlite3 *raw;
    sqlite3_stmt *prepared[STATEMENTS_MAX]; /* by place */
};

static struct lite *lite_of(struct db *db)
{
    return (struct lite *)db;
}

sqlite3 *lite_raw(struct db *db)
{
    return lite_of(db)->raw;
}

enum rc lite_broken(struct db *db, struct err *err)
{
    int code = sqlite3_errcode(lite_raw(db)) & 0xFF;
    str why = str_from(sqlite3_errmsg(lite_raw(db)));

    if (code == SQLITE_BUSY || code == SQLITE_LOCKED) {
        return err_set(err, RC_BUSY, MSG_STORE_BUSY);
    }
    if (code == SQLITE_FULL) {
        return err_set(err, RC_BROKEN, MSG_STORE_DISK_FULL);
    }
    if (code == SQLITE_CONSTRAINT) {
        return err_set(err, RC_CONFLICT, MSG_STORE_CONSTRAINT, arg_text(why));
    }
    return err_set(err, RC_BROKEN, MSG_STORE_BROKEN, arg_text(why));
}

static enum rc lite_script(struct db *db, const char *text, struct err *err)
{
    if (sqlite3_exec(lite_raw(db), text, NULL, NULL, NULL) != SQLITE_OK) {
        return lite_broken(db, err);
    }
    return RC_OK;
}

/* Durability first: a commit is on the disk before it is answered. */
static enum rc configure(struct db *db, enum db_mode mode, struct err *err)
{
    sqlite3 *raw = lite_raw(db);

    (void)sqlite3_busy_timeout(raw, BUSY_WAIT_MS);
    (void)sqlite3_db_config(raw, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    (void)sqlite3_db_config(raw, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    (void)sqlite3_db_config(raw, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    (void)sqlite3_db_config(raw, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
    enum rc rc = lite_script(db,
                             "PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL;"
                             "PRAGMA cache_size = -65536; PRAGMA mmap_size = 268435456;"
                             "PRAGMA temp_store = MEMORY;",
                             err);
    if (rc == RC_OK && mode == DB_WRITE) {
        rc = lite_script(db, "PRAGMA journal_mode = WAL; PRAGMA journal_size_limit = 67108864;",
                         err);
    }
    if (rc == RC_OK && mode == DB_READ) {
        rc = lite_script(db, "PRAGMA query_only = ON;", err);
    }
    return rc;
}

static void lite_close(struct db *db)
{
    struct lite *lite = lite_of(db);

    for (int i = 0; i < STATEMENTS_MAX; i++) {
        (void)sqlite3_finalize(lite->prepared[i]);
    }
    (void)sqlite3_close(lite->raw);
    free(lite);
}

static enum rc lite_open(const char *path, enum db_mode mode, struct db **out, struct err *err)
{
    struct lite *lite = calloc(1, sizeof(*lite));
    int flags = SQLITE_OPEN_NOMUTEX | (mode == DB_WRITE ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
                                                        : SQLITE_OPEN_READWRITE);
    enum rc rc = RC_OK;

    MUST(lite != NULL);
#ifdef WANCUN_FAULTS
    fault_vfs_use();
#endif
    if (sqlite3_open_v2(path, &lite->raw, flags, NULL) != SQLITE_OK) {
        rc = err_set(err, RC_BROKEN, MSG_STORE_OPEN, arg_text(str_from(path)),
                     arg_text(str_from(sqlite3_errmsg(lite->raw))));
    }
    if (rc == RC_OK) {
        rc = configure(&lite->db, mode, err);
    }
    if (rc != RC_OK) {
        lite_close(&lite->db);
        return rc;
    }
    *out = &lite->db;
    return RC_OK;
}

static enum rc lite_begin(struct db *db, enum db_mode mode, struct err *err)
{
    return lite_script(db, mode == DB_WRITE ? "BEGIN IMMEDIATE" : "BEGIN", err);
}

static enum rc lite_commit(struct db *db, struct err *err)
{
    return lite_script(db, "COMMIT", err);
}

static void lite_undo(struct db *db, const char *text)
{
    struct err ignored = {0};

    (void)!lite_script(db, text, &ignored);
}

static int bind_one(sqlite3_stmt *stmt, int place, const struct val *val)
{
    const char *at = val->text.at == NULL ? "" : val->text.at;

    switch (val->kind) {
    case VAL_NULL:
        return sqlite3_bind_null(stmt, place);
    case VAL_INT:
        return sqlite3_bind_int64(stmt, place, val->number);
    case VAL_TEXT:
        return sqlite3_bind_text64(stmt, place, at, val->text.len, SQLITE_STATIC, SQLITE_UTF8);
    case VAL_BLOB:
        return sqlite3_bind_blob64(stmt, place, at, val->text.len, SQLITE_STATIC);
    }
    NEVER("a value of no kind");
}

static enum rc bind_all(struct db *db, sqlite3_stmt *stmt, const struct sql *sql,
                        const struct val *in, struct err *err)
{
    for (int i = 0; i < sql->in_count; i++) {
        if (bind_one(stmt, i + 1, &in[i]) != SQLITE_OK) {
            return lite_broken(db, err);
        }
    }
    return RC_OK;
}

static struct val column(sqlite3_stmt *stmt, int place)
{
    str text = {0};

    switch (sqlite3_column_type(stmt, place)) {
    case SQLITE_INTEGER:
        return v_int(sqlite3_column_int64(stmt, place));
    case SQLITE_TEXT:
        text.at = (const char *)sqlite3_column_text(stmt, place);
        text.len = (size_t)sqlite3_column_bytes(stmt, place);
        return v_text(text);
    case SQLITE_BLOB:
        text.at = sqlite3_column_blob(stmt, place);
        text.len = (size_t)sqlite3_column_bytes(stmt, place);
        return v_blob(text.at == NULL ? STR("") : text);
    default:
        return v_null();
    }
}

static enum rc prepare(struct db *db, const struct sql *sql, unsigned flags, sqlite3_stmt **out,
                       struct err *err)
{
    int code = sqlite3_prepare_v3(lite_raw(db), sql->text, -1, flags, out, NULL);

    return code == SQLITE_OK ? RC_OK : lite_broken(db, err);
}

/* The kept statement. A walk inside a walk of the same statement gets one of its own: `is_own` says
 * to finalize it. */
static enum rc begin_statement(struct db *db, const struct sql *sql, const struct val *in,
                               sqlite3_stmt **out, bool *is_own, struct err *err)
{
    sqlite3_stmt **kept = &lite_of(db)->prepared[db_place(db, sql)];
    enum rc rc = RC_OK;

    *is_own = *kept != NULL && sqlite3_stmt_busy(*kept) != 0;
    if (*is_own) {
        rc = prepare(db, sql, 0, out, err);
    } else if (*kept == NULL) {
        rc = prepare(db, sql, SQLITE_PREPARE_PERSISTENT, kept, err);
    }
    if (!*is_own) {
        *out = *kept;
    }
    return rc == RC_OK ? bind_all(db, *out, sql, in, err) : rc;
}

static void end_statement(sqlite3_stmt *stmt, bool is_own)
{
    (void)(is_own ? sqlite3_finalize(stmt) : sqlite3_reset(stmt));
}

static enum rc lite_each(struct db *db, const struct sql *sql, const struct val *in, db_take take,
                         void *self, struct err *err)
{
    struct val row[COLUMNS_MAX];
    sqlite3_stmt *stmt = NULL;
    bool is_own = false;
    int step = SQLITE_DONE;
    enum rc rc = begin_statement(db, sql, in, &stmt, &is_own, err);

    MUST(sql->out_count <= COLUMNS_MAX);
    while (rc == RC_OK && (step = sqlite3_step(stmt)) == SQLITE_ROW) {
        for (int i = 0; i < sql->out_count; i++) {
            row[i] = column(stmt, i);
        }
        rc = take(self, row);
    }
    if (rc == RC_OK && step != SQLITE_DONE) {
        rc = lite_broken(db, err);
    }
    end_statement(stmt, is_own);
    return rc;
}

static enum rc lite_change(struct db *db, const struct sql *sql, const struct val *in,
                           int64_t *out_changed, struct err *err)
{
    sqlite3_stmt *stmt = NULL;
    bool is_own = false;
    enum rc rc = begin_statement(db, sql, in, &stmt, &is_own, err);

    if (rc == RC_OK && sqlite3_step(stmt) != SQLITE_DONE) {
        rc = lite_broken(db, err);
    }
    end_statement(stmt, is_own);
    if (rc == RC_OK && out_changed != NULL) {
        *out_changed = sqlite3_changes64(lite_raw(db));
    }
    return rc;
}

static enum rc number(struct db *db, const char *text, int64_t *out, struct err *err)
{
    const struct sql sql = {.text = text};
    sqlite3_stmt *stmt = NULL;
    enum rc rc = prepare(db, &sql, 0, &stmt, err);

    if (rc == RC_OK && sqlite3_step(stmt) == SQLITE_ROW) {
        *out = sqlite3_column_int64(stmt, 0);
    } else if (rc == RC_OK) {
        rc = lite_broken(db, err);
    }
    (void)sqlite3_finalize(stmt);
    return rc;
}

static enum rc lite_claim(struct db *db, struct err *err)
{
    char text[96];

    (void)snprintf(text, sizeof(text), "PRAGMA user_version = %d; PRAGMA application_id = %d",
                   BEING_FOUNDED, APPLICATION_ID);
    return lite_script(db, text, err);
}

static enum rc lite_look(struct db *db, struct claim *out, struct err *err)
{
    int64_t id = 0;
    int64_t mark = 0;
    int64_t tables = 0;
    enum rc rc = number(db, "PRAGMA application_id", &id, err);

    if (rc == RC_OK) {
        rc = number(db, "PRAGMA user_version", &mark, err);
    }
    if (rc == RC_OK) {
        rc = number(db, "SELECT count(*) FROM sqlite_schema", &tables, err);
    }
    *out = (struct claim){
        .is_ours = id == APPLICATION_ID,
        .is_empty = tables == 0,
        .is_being_founded = mark == BEING_FOUNDED,
    };
    return rc;
}

static enum rc lite_found(struct db *db, struct err *err)
{
    return lite_script(db, "PRAGMA user_version = 0", err);
}

const struct engine LITE_ENGINE = {
    .dialect = DIALECT_LITE,
    .open = lite_open,
    .close = lite_close,
    .begin = lite_begin,
    .commit = lite_commit,
    .script = lite_script,
    .undo = lite_undo,
    .each = lite_each,
    .change = lite_change,
    .prove = lite_prove,
    .check = lite_check,
    .facts = lite_facts,
    .claim = lite_claim,
    .look = lite_look,
    .found = lite_found,
    .copy = lite_copy,
};
