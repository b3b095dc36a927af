/* What is looked at on PostgreSQL: statements against the schema, the database against itself. */
#include <stdlib.h>

#include "store/pg/pg.h"

static enum rc refuse(const struct sql *sql, const char *why, struct err *err)
{
    return err_set(err, RC_BROKEN, MSG_STORE_PROOF, arg_text(str_from(sql->name)),
                   arg_text(str_from(why)));
}

static bool is_kept_type(Oid type)
{
    return type == TYPE_BIGINT || type == TYPE_TEXT || type == TYPE_BYTEA;
}

/* Whole numbers go as BIGINT: a parameter whose type the context leaves narrower, or a column that
 * becomes NUMERIC or a fraction, needs a cast. */
static enum rc prove_types(const PGresult *described, const struct sql *sql, struct err *err)
{
    if (PQnparams(described) != sql->in_count || PQnfields(described) != sql->out_count) {
        return refuse(sql, "other parameters or columns than declared", err);
    }
    for (int i = 0; i < sql->in_count; i++) {
        if (!is_kept_type(PQparamtype(described, i))) {
            return refuse(sql, "a parameter that is not BIGINT, TEXT or BYTEA: cast it", err);
        }
    }
    for (int i = 0; i < sql->out_count; i++) {
        Oid type = PQftype(described, i);
        if (!is_kept_type(type) && type != TYPE_INTEGER) {
            return refuse(sql, "a column that is not BIGINT, TEXT or BYTEA: cast it", err);
        }
    }
    return RC_OK;
}

enum rc pg_prove(struct db *db, const struct sql *sql, struct err *err)
{
    struct pg *pg = pg_of(db);
    char *text = pg_text(sql);
    PGresult *answer = NULL;
    enum rc rc = pg_pause(pg, err);

    if (rc == RC_OK) {
        answer = PQprepare(pg->conn, "", text, 0, NULL);
        rc = PQresultStatus(answer) == PGRES_COMMAND_OK ? RC_OK : pg_failed(pg, answer, err);
        PQclear(answer);
    }
    if (rc == RC_OK) {
        answer = PQdescribePrepared(pg->conn, "");
        rc = PQresultStatus(answer) == PGRES_COMMAND_OK ? prove_types(answer, sql, err)
                                                        : pg_failed(pg, answer, err);
        PQclear(answer);
    }
    pg_resume(pg);
    free(text);
    return rc;
}

static const struct sql UNPROVEN = {
    .name = "unproven",
    .text = "SELECT CAST(conname AS TEXT) FROM pg_catalog.pg_constraint"
            " WHERE contype = 'f' AND NOT convalidated"
            " AND connamespace = CAST(current_schema() AS regnamespace) ORDER BY 1 LIMIT 1",
    .out_count = 1,
};

enum rc pg_check(struct db *db, struct err *err)
{
    struct arena arena;
    struct val row = {0};

    arena_init(&arena, ARENA_MIB);
    enum rc rc = db_one(db, &UNPROVEN, NULL, &row, &arena, err);
    if (rc == RC_OK) {
        rc = err_set(err, RC_BROKEN, MSG_STORE_DANGLING, arg_text(row.text));
    }
    arena_done(&arena);
    return rc == RC_MISSING ? RC_OK : rc;
}
