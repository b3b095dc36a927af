/* One database connection: what is the same on every engine. */
#include "store/db.h"

#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "base/fault.h"
#include "store/db_in.h"
#include "store/engine.h"

enum { SAVEPOINT_DEPTH_MAX = 8, TRIES_MAX = 5, TRY_WAIT_MS = 25 };

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

bool db_is_server(str place)
{
    return str_starts(place, STR("postgres://")) || str_starts(place, STR("postgresql://"));
}

enum rc db_open(const char *place, enum db_mode mode, struct db **out, struct err *err)
{
    const struct engine *engine = db_is_server(str_from(place)) ? &PG_ENGINE : &LITE_ENGINE;
    enum rc rc = engine->open(place, mode, out, err);

    if (rc == RC_OK) {
        (*out)->engine = engine;
    }
    return rc;
}

void db_close(struct db *db)
{
    if (db != NULL) {
        db->engine->close(db);
    }
}

enum rc db_begin(struct db *db, enum db_mode mode, struct err *err)
{
    MUST(db->depth < SAVEPOINT_DEPTH_MAX);
    enum rc rc = db->depth == 0 ? db->engine->begin(db, mode, err)
                                : db->engine->script(db, "SAVEPOINT within_act", err);

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
    enum rc rc = db->depth == 1 ? db->engine->commit(db, err)
                                : db->engine->script(db, "RELEASE within_act", err);
    if (rc == RC_OK) {
        db->depth--;
    }
    return rc;
}

void db_rollback(struct db *db)
{
    MUST(db->depth > 0);
    db->depth--;
    db->engine->undo(db,
                     db->depth == 0 ? "ROLLBACK" : "ROLLBACK TO within_act; RELEASE within_act");
}

size_t db_place(struct db *db, const struct sql *sql)
{
    size_t place = ((uintptr_t)sql->text >> 3) % STATEMENTS_MAX;

    while (db->statements[place] != NULL && db->statements[place] != sql->text) {
        place = (place + 1) % STATEMENTS_MAX;
    }
    if (db->statements[place] == NULL) {
        MUST(db->statement_count < STATEMENTS_MAX - 1);
        db->statements[place] = sql->text;
        db->statement_count++;
    }
    return place;
}

/* Text ends nowhere before its end: not every engine can keep a zero byte, so
 * none does. */
static enum rc check_texts(const struct sql *sql, const struct val *in, struct err *err)
{
    for (int i = 0; i < sql->in_count; i++) {
        if (in[i].kind == VAL_TEXT && in[i].text.len > 0 &&
            memchr(in[i].text.at, '\0', in[i].text.len) != NULL) {
            return err_set(err, RC_INVALID, MSG_STORE_ZERO_BYTE, arg_text(in[i].text));
        }
    }
    return RC_OK;
}

enum rc db_each(struct db *db, const struct sql *sql, const struct val *in, db_take take,
                void *self, struct err *err)
{
    enum rc rc = check_texts(sql, in, err);

    return rc == RC_OK ? db->engine->each(db, sql, in, take, self, err) : rc;
}

struct first {
    struct val *out;
    int count;
    struct arena *arena;
    bool is_found;
};

static enum rc take_first(void *self, const struct val *row)
{
    struct first *first = self;

    for (int i = 0; !first->is_found && i < first->count; i++) {
        first->out[i] = row[i];
        if (row[i].text.at != NULL) {
            first->out[i].text = arena_str(first->arena, row[i].text);
        }
    }
    first->is_found = true;
    return RC_OK;
}

enum rc db_one(struct db *db, const struct sql *sql, const struct val *in, struct val *out,
               struct arena *arena, struct err *err)
{
    struct first first = {.out = out, .count = sql->out_count, .arena = arena};
    enum rc rc = db_each(db, sql, in, take_first, &first, err);

    return rc == RC_OK && !first.is_found ? RC_MISSING : rc;
}

static enum rc change(struct db *db, const struct sql *sql, const struct val *in,
                      int64_t *out_changed, struct err *err)
{
    enum rc rc = check_texts(sql, in, err);

    if (rc == RC_OK && FAULT("store.change")) {
        rc = err_set(err, RC_BROKEN, MSG_STORE_BROKEN, arg_text(STR("fault")));
    }
    return rc == RC_OK ? db->engine->change(db, sql, in, out_changed, err) : rc;
}

enum rc db_change(struct db *db, const struct sql *sql, const struct val *in, struct err *err)
{
    return change(db, sql, in, NULL, err);
}

enum rc db_change_one(struct db *db, const struct sql *sql, const struct val *in, struct err *err)
{
    int64_t changed = 0;
    enum rc rc = change(db, sql, in, &changed, err);

    return rc == RC_OK && changed != 1 ? RC_CONFLICT : rc;
}

int64_t db_new_id(struct db *db, int64_t now_ms)
{
    int64_t first = now_ms << DB_ID_SERIAL_BITS;

    db->last_id = db->last_id >= first ? db->last_id + 1 : first;
    return db->last_id;
}

enum rc db_prove(struct db *db, const struct sql *sql, struct err *err)
{
    return db->engine->prove(db, sql, err);
}

enum rc db_check(struct db *db, struct err *err)
{
    return db->engine->check(db, err);
}

enum rc db_facts(struct db *db, db_tell tell, void *self, struct err *err)
{
    return db->engine->facts(db, tell, self, err);
}

enum rc db_copy(struct db *db, const char *path, int *out_file, struct err *err)
{
    return db->engine->copy != NULL ? db->engine->copy(db, path, out_file, err)
                                    : err_set(err, RC_CONFLICT, MSG_STORE_COPY_SERVER);
}

enum rc db_script(struct db *db, const char *text, struct err *err)
{
    return db->engine->script(db, text, err);
}

enum rc db_claim(struct db *db, struct err *err)
{
    return db->engine->claim(db, err);
}

enum rc db_look(struct db *db, struct claim *out, struct err *err)
{
    return db->engine->look(db, out, err);
}

enum rc db_found(struct db *db, struct err *err)
{
    return db->engine->found(db, err);
}

enum rc db_own(struct db *db, str holder, struct err *err)
{
    struct claim claim = {0};
    enum rc rc = db_look(db, &claim, err);

    if (rc == RC_OK && !claim.is_ours) {
        rc = claim.is_empty ? db_claim(db, err) : err_set(err, RC_CONFLICT, MSG_STORE_FOREIGN);
    }
    return rc == RC_OK && db->engine->own != NULL ? db->engine->own(db, holder, err) : rc;
}

enum rc db_renew(struct db *db, struct err *err)
{
    return db->engine->renew != NULL ? db->engine->renew(db, err) : RC_OK;
}

bool db_is_crossed(const struct err *err)
{
    return err->rc == RC_BUSY && err->msg == MSG_STORE_RETRY;
}

/* Not all for the same time: they would meet again. */
bool db_try_again(const struct err *err, int tried)
{
    unsigned char dice = 0;

    if (!db_is_crossed(err) || tried >= TRIES_MAX) {
        return false;
    }
    (void)!getentropy(&dice, sizeof(dice));
    (void)poll(NULL, 0, (tried * TRY_WAIT_MS) + (dice % TRY_WAIT_MS));
    return true;
}
