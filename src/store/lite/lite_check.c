/* What is looked at: statements against the schema, the database file against itself. */
#include "store/lite/lite.h"

/* A step that reads a whole table or index, or makes an index for the one time. */
static bool is_scan(str step)
{
    return (str_starts(step, STR("SCAN ")) && str_find(step, STR("CONSTANT ROW")) == STR_NONE) ||
           str_find(step, STR("AUTOMATIC")) != STR_NONE;
}

/* A scan and its reason belong together: neither may stand without the other. */
static enum rc prove_scans(struct db *db, const struct sql *sql, struct err *err)
{
    char text[8192];
    sqlite3_stmt *stmt = NULL;
    bool scans = false;
    enum rc rc = RC_OK;

    (void)snprintf(text, sizeof(text), "EXPLAIN QUERY PLAN %s", sql->text);
    if (sqlite3_prepare_v2(lite_raw(db), text, -1, &stmt, NULL) != SQLITE_OK) {
        return lite_broken(db, err);
    }
    while (rc == RC_OK && sqlite3_step(stmt) == SQLITE_ROW) {
        str step = str_from((const char *)sqlite3_column_text(stmt, 3));
        scans = scans || is_scan(step);
        if (is_scan(step) && sql->scans == NULL) {
            rc = err_set(err, RC_BROKEN, MSG_STORE_PROOF, arg_text(str_from(sql->name)),
                         arg_text(step));
        }
    }
    (void)sqlite3_finalize(stmt);
    if (rc == RC_OK && sql->scans != NULL && !scans) {
        rc = err_set(err, RC_BROKEN, MSG_STORE_PROOF, arg_text(str_from(sql->name)),
                     arg_text(STR("a reason to scan, and no scan")));
    }
    return rc;
}

enum rc lite_prove(struct db *db, const struct sql *sql, struct err *err)
{
    sqlite3_stmt *stmt = NULL;

    if (sqlite3_prepare_v2(lite_raw(db), sql->text, -1, &stmt, NULL) != SQLITE_OK) {
        return lite_broken(db, err);
    }
    bool agrees = sqlite3_bind_parameter_count(stmt) == sql->in_count &&
                  sqlite3_column_count(stmt) == sql->out_count;
    (void)sqlite3_finalize(stmt);
    if (!agrees) {
        return err_set(err, RC_BROKEN, MSG_STORE_PROOF, arg_text(str_from(sql->name)),
                       arg_text(STR("other parameters or columns than declared")));
    }
    return prove_scans(db, sql, err);
}

/* The first text that a question about the file answers; none is "". */
static enum rc ask(struct db *db, const char *question, char *out, size_t room, struct err *err)
{
    sqlite3_stmt *stmt = NULL;
    enum rc rc = RC_OK;

    out[0] = '\0';
    if (sqlite3_prepare_v2(lite_raw(db), question, -1, &stmt, NULL) != SQLITE_OK) {
        return lite_broken(db, err);
    }
    int step = sqlite3_step(stmt);
    if (step == SQLITE_ROW) {
        (void)snprintf(out, room, "%s", (const char *)sqlite3_column_text(stmt, 0));
    } else if (step != SQLITE_DONE) {
        rc = lite_broken(db, err);
    }
    (void)sqlite3_finalize(stmt);
    return rc;
}

enum rc lite_check(struct db *db, struct err *err)
{
    char answer[512];
    enum rc rc = ask(db, "PRAGMA integrity_check(1)", answer, sizeof(answer), err);

    if (rc == RC_OK && !str_equal(str_from(answer), STR("ok"))) {
        rc = err_set(err, RC_BROKEN, MSG_STORE_DAMAGED, arg_text(str_from(answer)));
    }
    if (rc == RC_OK) {
        rc = ask(db, "PRAGMA foreign_key_check", answer, sizeof(answer), err);
    }
    if (rc == RC_OK && answer[0] != '\0') {
        rc = err_set(err, RC_BROKEN, MSG_STORE_DANGLING, arg_text(str_from(answer)));
    }
    return rc;
}

enum rc lite_facts(struct db *db, db_tell tell, void *self, struct err *err)
{
    struct err wrong = {0};
    char journal[32];
    enum rc rc = tell(self, MSG_STORE_FACT_ENGINE, str_from("SQLite " SQLITE_VERSION), NULL);

    if (rc == RC_OK) {
        rc = ask(db, "PRAGMA journal_mode", journal, sizeof(journal), err);
    }
    if (rc != RC_OK) {
        return rc;
    }
    str mode = str_from(journal);
    if (!str_equal(mode, STR("wal"))) {
        (void)err_set(&wrong, RC_CONFLICT, MSG_STORE_JOURNAL, arg_text(mode));
    }
    return tell(self, MSG_STORE_FACT_JOURNAL, mode, wrong.rc == RC_OK ? NULL : &wrong);
}
