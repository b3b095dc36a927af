/* Migrations from db/migrations, embedded by the build. */
#include "store/migrate.h"

#include "base/hash.h"
#include "store/db_in.h"
#include "store/migrations.h"

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
    return (int)COUNT_OF(MIGRATIONS);
}

static enum rc current_version(struct db *db, int64_t *out, struct err *err)
{
    bool is_ours = false;
    bool is_empty = false;
    enum rc rc = db_check_claim(db, &is_ours, &is_empty, err);

    *out = 0;
    if (rc != RC_OK || is_empty) {
        return rc;
    }
    if (!is_ours) {
        return err_set(err, RC_CONFLICT, MSG_STORE_FOREIGN);
    }
    return db_number(db, "SELECT coalesce(max(version), 0) FROM schema_log", out, err);
}

static enum rc check_hash(struct db *db, int version, struct err *err)
{
    struct arena arena;
    struct val row = {0};
    const struct val in[] = {v_int(version)};
    struct hash now = hash_of(MIGRATIONS[version - 1].text);

    arena_init(&arena, ARENA_MIB);
    enum rc rc = db_one(db, &APPLIED_HASH, in, &row, &arena, err);
    if (rc == RC_OK && !str_equal(row.text, hash_bytes(&now))) {
        rc = err_set(err, RC_CONFLICT, MSG_STORE_SCHEMA_CHANGED, arg_count(version));
    }
    arena_done(&arena);
    return rc;
}

static enum rc apply(struct db *db, int version, int64_t now_ms, struct err *err)
{
    const struct migration *migration = &MIGRATIONS[version - 1];
    struct hash hash = hash_of(migration->text);
    const struct val in[] = {
        v_int(version), v_text(migration->name),     v_blob(hash_bytes(&hash)),
        v_int(now_ms),  v_text(STR(WANCUN_VERSION)),
    };
    enum rc rc = db_begin(db, DB_WRITE, err);

    if (rc != RC_OK) {
        return rc;
    }
    rc = db_script(db, migration->text.at, err);
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

static enum rc check_applied(struct db *db, int64_t version, struct err *err)
{
    if (version > db_schema_newest()) {
        return err_set(err, RC_CONFLICT, MSG_STORE_SCHEMA_NEWER, arg_count(version),
                       arg_count(db_schema_newest()));
    }
    for (int i = 1; i <= version; i++) {
        enum rc rc = check_hash(db, i, err);
        if (rc != RC_OK) {
            return rc;
        }
    }
    return RC_OK;
}

enum rc db_migrate(struct db *db, int64_t now_ms, struct err *err)
{
    int64_t version = 0;
    enum rc rc = current_version(db, &version, err);

    if (rc == RC_OK && version == 0) {
        rc = db_claim(db, err);
    }
    if (rc == RC_OK) {
        rc = check_applied(db, version, err);
    }
    for (int i = (int)version + 1; rc == RC_OK && i <= db_schema_newest(); i++) {
        rc = apply(db, i, now_ms, err);
    }
    return rc;
}

enum rc db_need_schema(struct db *db, struct err *err)
{
    int64_t version = 0;
    enum rc rc = current_version(db, &version, err);

    if (rc == RC_OK) {
        rc = check_applied(db, version, err);
    }
    if (rc == RC_OK && version < db_schema_newest()) {
        rc = err_set(err, RC_CONFLICT, MSG_STORE_SCHEMA_OLDER, arg_count(version),
                     arg_count(db_schema_newest()));
    }
    return rc;
}
