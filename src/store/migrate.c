/* Migrations from db/migrations, embedded by the build. */
#include "store/migrate.h"

#include "base/hash.h"
#include "store/db_in.h"
#include "store/migrations.h"

enum { SCHEMA_EMPTY = 0 };

static const struct sql APPLIED_LAST = {
    .name = "applied_last",
    .text = "SELECT coalesce(max(version), 0) FROM schema_log",
    .out_count = 1,
};
static const struct sql APPLIED_HASH = {
    .name = "applied_hash",
    .text = "SELECT sha256 FROM schema_log WHERE version = ?1",
    .in_count = 1,
    .out_count = 1,
};
static const struct sql APPLIED_ADD = {
    .name = "applied_add",
    .text = "INSERT INTO schema_log (version, name, sha256, at_ms, program)"
            " VALUES (?1, ?2, ?3, ?4, ?5)",
    .in_count = 5,
};

int db_schema_newest(void)
{
    return MIGRATIONS[COUNT_OF(MIGRATIONS) - 1].version;
}

static enum rc current_version(struct db *db, int64_t *out, struct err *err)
{
    struct claim claim = {0};
    struct val row = {0};
    enum rc rc = db_look(db, &claim, err);

    *out = 0;
    if (rc != RC_OK || claim.is_empty) {
        return rc;
    }
    if (!claim.is_ours) {
        return err_set(err, RC_CONFLICT, MSG_STORE_FOREIGN);
    }
    rc = db_one(db, &APPLIED_LAST, NULL, &row, NULL, err);
    *out = row.number;
    return rc;
}

/* Is the migration applied, and was it the same text? */
static enum rc check_one(struct db *db, const struct migration *migration, bool *out_is_applied,
                         struct err *err)
{
    struct arena arena;
    struct val row = {0};
    const struct val in[] = {v_int(migration->version)};
    struct hash now = hash_of(migration->text);

    arena_init(&arena, ARENA_MIB);
    enum rc rc = db_one(db, &APPLIED_HASH, in, &row, &arena, err);
    *out_is_applied = rc == RC_OK;
    if (rc == RC_OK && !str_equal(row.text, hash_bytes(&now))) {
        rc = err_set(err, RC_CONFLICT, MSG_STORE_SCHEMA_CHANGED, arg_count(migration->version));
    }
    arena_done(&arena);
    return rc == RC_MISSING ? RC_OK : rc;
}

static enum rc apply(struct db *db, const struct migration *migration, int64_t now_ms,
                     struct err *err)
{
    struct hash hash = hash_of(migration->text);
    const struct val in[] = {
        v_int(migration->version),   v_text(migration->name),
        v_blob(hash_bytes(&hash)),   v_int(now_ms),
        v_text(STR(WANCUN_VERSION)),
    };
    enum rc rc = db_begin(db, DB_WRITE, err);

    if (rc != RC_OK) {
        return rc;
    }
    const str text = db->engine->dialect == DIALECT_PG ? migration->text_pg : migration->text;
    rc = db_script(db, text.at, err);
    if (rc == RC_OK) {
        rc = db_change(db, &APPLIED_ADD, in, err);
    }
    if (rc == RC_OK) {
        rc = db_commit(db, err);
    }
    if (rc != RC_OK) {
        db_rollback(db);
    }
    return rc;
}

/* A migration may be younger than one of a higher number: each is applied that is not. */
struct standing {
    bool is_applied[COUNT_OF(MIGRATIONS)];
    int missing;
};

static enum rc look_at_applied(struct db *db, int64_t version, struct standing *out,
                               struct err *err)
{
    *out = (struct standing){.missing = (int)COUNT_OF(MIGRATIONS)};
    if (version > db_schema_newest()) {
        return err_set(err, RC_CONFLICT, MSG_STORE_SCHEMA_NEWER, arg_count(version),
                       arg_count(db_schema_newest()));
    }
    for (size_t i = 0; version != SCHEMA_EMPTY && i < COUNT_OF(MIGRATIONS); i++) {
        enum rc rc = check_one(db, &MIGRATIONS[i], &out->is_applied[i], err);
        if (rc != RC_OK) {
            return rc;
        }
        out->missing -= out->is_applied[i] ? 1 : 0;
    }
    return RC_OK;
}

enum rc db_migrate(struct db *db, int64_t now_ms, struct err *err)
{
    struct standing standing;
    int64_t version = SCHEMA_EMPTY;
    enum rc rc = current_version(db, &version, err);

    if (rc == RC_OK && version == SCHEMA_EMPTY) {
        rc = db_claim(db, err);
    }
    if (rc == RC_OK) {
        rc = look_at_applied(db, version, &standing, err);
    }
    for (size_t i = 0; rc == RC_OK && i < COUNT_OF(MIGRATIONS); i++) {
        rc = standing.is_applied[i] ? RC_OK : apply(db, &MIGRATIONS[i], now_ms, err);
    }
    return rc;
}

enum rc db_need_schema(struct db *db, struct err *err)
{
    struct standing standing;
    int64_t version = SCHEMA_EMPTY;
    enum rc rc = current_version(db, &version, err);

    if (rc == RC_OK) {
        rc = look_at_applied(db, version, &standing, err);
    }
    if (rc == RC_OK && standing.missing > 0) {
        rc = err_set(err, RC_CONFLICT, MSG_STORE_SCHEMA_OLDER, arg_count(version),
                     arg_count(db_schema_newest()));
    }
    return rc;
}
