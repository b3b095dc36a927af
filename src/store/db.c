/* One database connection, on SQLite. */
#include "store/db.h"

#include <sqlite3.h>
#include <string.h>

#include "base/fault.h"
#include "store/db_in.h"
#include "store/fault_vfs.h"

enum { OUT_MAX = 64, CACHE_ROOM = 512, BUSY_WAIT_MS = 5000, SAVEPOINT_DEPTH_MAX = 8 };

/* "Wanc" */
static const int APPLICATION_ID = 0x57616e63;
/* user_version from the first migration until what founds the office is committed. */
static const int BEING_FOUNDED = 1;

struct cached {
    const struct sql *sql;
    sqlite3_stmt *stmt;
};

struct db {
    sqlite3 *lite;
    struct cached cache[CACHE_ROOM]; /* open addressing by the statement's address */
    int cached_count;
    int depth; /* 0: no transaction; above 1: savepoints */
    int64_t last_id;
};

struct val v_int(int64_t number)
{
    return (struct val){.kind = VAL_INT, .number = number};
}

struct val v_text(str text)
{
    return (struct val){.kind = VAL_TEXT, .text = text};
}

struct val v_blob(str bytes)
{
    return (struct val){.kind = VAL_BLOB, .text = bytes};
}

struct val v_null(void)
{
    return (struct val){.kind = VAL_NULL};
}

enum rc db_broken(struct db *db, struct err *err)
{
    int code = sqlite3_errcode(db->lite) & 0xFF;
    str why = str_from(sqlite3_errmsg(db->lite));

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

static enum rc execute(struct db *db, const char *text, struct err *err)
{
    if (sqlite3_exec(db->lite, text, NULL, NULL, NULL) != SQLITE_OK) {
        return db_broken(db, err);
    }
    return RC_OK;
}

/* Durability first: a commit is on the disk before it is answered. */
static enum rc configure(struct db *db, enum db_mode mode, struct err *err)
{
    (void)sqlite3_busy_timeout(db->lite, BUSY_WAIT_MS);
    (void)sqlite3_db_config(db->lite, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    (void)sqlite3_db_config(db->lite, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    (void)sqlite3_db_config(db->lite, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    (void)sqlite3_db_config(db->lite, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
    enum rc rc = execute(db,
                         "PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL;"
                         "PRAGMA cache_size = -65536; PRAGMA mmap_size = 268435456;"
                         "PRAGMA temp_store = MEMORY;",
                         err);
    if (rc == RC_OK && mode == DB_WRITE) {
        rc = execute(db, "PRAGMA journal_mode = WAL; PRAGMA journal_size_limit = 67108864;", err);
    }
    if (rc == RC_OK && mode == DB_READ) {
        rc = execute(db, "PRAGMA query_only = ON;", err);
    }
    return rc;
}

enum rc db_open(const char *path, enum db_mode mode, struct db **out, struct err *err)
{
    struct db *db = calloc(1, sizeof(*db));
    int flags = SQLITE_OPEN_NOMUTEX | (mode == DB_WRITE ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
                                                        : SQLITE_OPEN_READWRITE);

    MUST(db != NULL);
#ifdef WANCUN_FAULTS
    fault_vfs_use();
#endif
    if (sqlite3_open_v2(path, &db->lite, flags, NULL) != SQLITE_OK) {
        enum rc rc = err_set(err, RC_BROKEN, MSG_STORE_OPEN, arg_text(str_from(path)),
                             arg_text(str_from(sqlite3_errmsg(db->lite))));
        db_close(db);
        return rc;
    }
    enum rc rc = configure(db, mode, err);
    if (rc != RC_OK) {
        db_close(db);
        return rc;
    }
    *out = db;
    return RC_OK;
}

void db_close(struct db *db)
{
    if (db == NULL) {
        return;
    }
    for (int i = 0; i < CACHE_ROOM; i++) {
        (void)sqlite3_finalize(db->cache[i].stmt);
    }
    (void)sqlite3_close(db->lite);
    free(db);
}

enum rc db_begin(struct db *db, enum db_mode mode, struct err *err)
{
    enum rc rc = RC_OK;

    MUST(db->depth < SAVEPOINT_DEPTH_MAX);
    if (db->depth == 0) {
        rc = execute(db, mode == DB_WRITE ? "BEGIN IMMEDIATE" : "BEGIN", err);
    } else {
        rc = execute(db, "SAVEPOINT inner", err);
    }
    if (rc == RC_OK) {
        db->depth++;
    }
    return rc;
}

enum rc db_commit(struct db *db, struct err *err)
{
    MUST(db->depth > 0);
    if (FAULT("store.commit")) {
        return err_set(err, RC_BROKEN, MSG_STORE_BROKEN, arg_text(STR("fault")));
    }
    enum rc rc = execute(db, db->depth == 1 ? "COMMIT" : "RELEASE inner", err);
    if (rc == RC_OK) {
        db->depth--;
    }
    return rc;
}

void db_rollback(struct db *db)
{
    struct err ignored = {0};

    MUST(db->depth > 0);
    db->depth--;
    if (db->depth == 0) {
        (void)execute(db, "ROLLBACK", &ignored);
    } else {
        (void)execute(db, "ROLLBACK TO inner; RELEASE inner", &ignored);
    }
}

static struct cached *cache_slot(struct db *db, const struct sql *sql)
{
    size_t place = ((uintptr_t)sql >> 4) % CACHE_ROOM;

    while (db->cache[place].sql != NULL && db->cache[place].sql != sql) {
        place = (place + 1) % CACHE_ROOM;
    }
    return &db->cache[place];
}

static enum rc prepared(struct db *db, const struct sql *sql, sqlite3_stmt **out, struct err *err)
{
    struct cached *slot = cache_slot(db, sql);

    if (slot->sql == NULL) {
        MUST(db->cached_count < CACHE_ROOM - 1);
        if (sqlite3_prepare_v3(db->lite, sql->text, -1, SQLITE_PREPARE_PERSISTENT, &slot->stmt,
                               NULL) != SQLITE_OK) {
            return db_broken(db, err);
        }
        slot->sql = sql;
        db->cached_count++;
    }
    MUST(sqlite3_stmt_busy(slot->stmt) == 0);
    *out = slot->stmt;
    return RC_OK;
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
            return db_broken(db, err);
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

static void read_row(sqlite3_stmt *stmt, int count, struct val *out)
{
    for (int i = 0; i < count; i++) {
        out[i] = column(stmt, i);
    }
}

static enum rc begin_statement(struct db *db, const struct sql *sql, const struct val *in,
                               sqlite3_stmt **out, struct err *err)
{
    enum rc rc = prepared(db, sql, out, err);

    return rc == RC_OK ? bind_all(db, *out, sql, in, err) : rc;
}

enum rc db_one(struct db *db, const struct sql *sql, const struct val *in, struct val *out,
               struct arena *arena, struct err *err)
{
    sqlite3_stmt *stmt = NULL;
    enum rc rc = begin_statement(db, sql, in, &stmt, err);

    if (rc != RC_OK) {
        return rc;
    }
    int step = sqlite3_step(stmt);
    if (step == SQLITE_ROW) {
        read_row(stmt, sql->out_count, out);
        for (int i = 0; i < sql->out_count; i++) {
            out[i].text = out[i].text.at == NULL ? out[i].text : arena_str(arena, out[i].text);
        }
    } else {
        rc = step == SQLITE_DONE ? RC_MISSING : db_broken(db, err);
    }
    (void)sqlite3_reset(stmt);
    return rc;
}

/* A walk inside a walk of the same statement gets one of its own: `is_own` says to finalize it. */
static enum rc walk_statement(struct db *db, const struct sql *sql, sqlite3_stmt **out,
                              bool *is_own, struct err *err)
{
    struct cached *slot = cache_slot(db, sql);

    *is_own = slot->sql != NULL && sqlite3_stmt_busy(slot->stmt) != 0;
    if (!*is_own) {
        return prepared(db, sql, out, err);
    }
    return sqlite3_prepare_v2(db->lite, sql->text, -1, out, NULL) == SQLITE_OK ? RC_OK
                                                                               : db_broken(db, err);
}

enum rc db_each(struct db *db, const struct sql *sql, const struct val *in, db_take take,
                void *self, struct err *err)
{
    struct val row[OUT_MAX];
    sqlite3_stmt *stmt = NULL;
    bool is_own = false;
    int step = SQLITE_DONE;

    MUST(sql->out_count <= OUT_MAX);
    enum rc rc = walk_statement(db, sql, &stmt, &is_own, err);
    if (rc != RC_OK) {
        return rc;
    }
    rc = bind_all(db, stmt, sql, in, err);
    while (rc == RC_OK && (step = sqlite3_step(stmt)) == SQLITE_ROW) {
        read_row(stmt, sql->out_count, row);
        rc = take(self, row);
    }
    if (rc == RC_OK && step != SQLITE_DONE) {
        rc = db_broken(db, err);
    }
    (void)(is_own ? sqlite3_finalize(stmt) : sqlite3_reset(stmt));
    return rc;
}

enum rc db_change(struct db *db, const struct sql *sql, const struct val *in, struct err *err)
{
    sqlite3_stmt *stmt = NULL;
    enum rc rc = begin_statement(db, sql, in, &stmt, err);

    if (rc != RC_OK) {
        return rc;
    }
    if (FAULT("store.change")) {
        return err_set(err, RC_BROKEN, MSG_STORE_BROKEN, arg_text(STR("fault")));
    }
    if (sqlite3_step(stmt) != SQLITE_DONE) {
        rc = db_broken(db, err);
    }
    (void)sqlite3_reset(stmt);
    return rc;
}

enum rc db_change_one(struct db *db, const struct sql *sql, const struct val *in, struct err *err)
{
    enum rc rc = db_change(db, sql, in, err);

    return rc == RC_OK && sqlite3_changes(db->lite) != 1 ? RC_CONFLICT : rc;
}

int64_t db_changed(const struct db *db)
{
    return sqlite3_changes64(db->lite);
}

int64_t db_new_id(struct db *db, int64_t now_ms)
{
    int64_t first = now_ms << DB_ID_SERIAL_BITS;

    db->last_id = db->last_id >= first ? db->last_id + 1 : first;
    return db->last_id;
}

struct sqlite3 *db_lite(struct db *db)
{
    return db->lite;
}

enum rc db_script(struct db *db, const char *text, struct err *err)
{
    return execute(db, text, err);
}

enum rc db_number(struct db *db, const char *text, int64_t *out, struct err *err)
{
    const struct sql sql = {.text = text, .out_count = 1};
    sqlite3_stmt *stmt = NULL;
    enum rc rc = RC_OK;

    if (sqlite3_prepare_v2(db->lite, sql.text, -1, &stmt, NULL) != SQLITE_OK) {
        return db_broken(db, err);
    }
    if (sqlite3_step(stmt) == SQLITE_ROW) {
        *out = sqlite3_column_int64(stmt, 0);
    } else {
        rc = db_broken(db, err);
    }
    (void)sqlite3_finalize(stmt);
    return rc;
}

enum rc db_claim(struct db *db, struct err *err)
{
    char text[96];

    (void)snprintf(text, sizeof(text), "PRAGMA user_version = %d; PRAGMA application_id = %d",
                   BEING_FOUNDED, APPLICATION_ID);
    return execute(db, text, err);
}

enum rc db_check_claim(struct db *db, bool *out_is_ours, bool *out_is_empty, struct err *err)
{
    int64_t id = 0;
    int64_t tables = 0;
    enum rc rc = db_number(db, "PRAGMA application_id", &id, err);

    if (rc == RC_OK) {
        rc = db_number(db, "SELECT count(*) FROM sqlite_schema", &tables, err);
    }
    *out_is_ours = id == APPLICATION_ID;
    *out_is_empty = tables == 0;
    return rc;
}

enum rc db_found(struct db *db, struct err *err)
{
    return execute(db, "PRAGMA user_version = 0", err);
}

enum rc db_check_founded(struct db *db, bool *out_is_founded, struct err *err)
{
    bool is_ours = false;
    bool is_empty = false;
    int64_t mark = 0;
    enum rc rc = db_check_claim(db, &is_ours, &is_empty, err);

    if (rc == RC_OK) {
        rc = db_number(db, "PRAGMA user_version", &mark, err);
    }
    *out_is_founded = !is_empty && !(is_ours && mark == BEING_FOUNDED);
    return rc;
}
