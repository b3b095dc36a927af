/* The database of one data directory: connections, statements, transactions. Knows no word of the
 * domain. The engine is SQLite or PostgreSQL; nothing above this header may tell. */
#ifndef STORE_DB_H
#define STORE_DB_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

struct db;

/* One statement, made by sqlgen from a .sql file. */
struct sql {
    const char *name;
    const char *text;
    int in_count;
    int out_count;
    const char *scans;   /* why it may scan a table; NULL: it may not */
    const char *text_pg; /* what PostgreSQL runs instead; NULL: the same */
};

enum val_kind { VAL_NULL, VAL_INT, VAL_TEXT, VAL_BLOB };

struct val {
    enum val_kind kind;
    int64_t number;
    str text; /* VAL_TEXT, VAL_BLOB */
};

struct val v_int(int64_t number);
struct val v_text(str text);
struct val v_blob(str bytes);
struct val v_null(void);

enum db_mode { DB_READ, DB_WRITE };

/* Open the database at `place`: a file, which is made when `mode` is DB_WRITE, or a server's, by
 * its address "postgres://…" as libpq reads it. */
enum rc db_open(const char *place, enum db_mode mode, struct db **out, struct err *err) MUST_CHECK;
/* NULL is fine. An open transaction is rolled back. */
void db_close(struct db *db);

/* A transaction; a savepoint inside one. Only dispatchers begin and commit. */
enum rc db_begin(struct db *db, enum db_mode mode, struct err *err) MUST_CHECK;
enum rc db_commit(struct db *db, struct err *err) MUST_CHECK;
void db_rollback(struct db *db);

/* Did two transactions stand in each other's way? */
bool db_is_crossed(const struct err *err);
/* If so, whoever began ours does the whole act again, from before db_begin, a few times at most.
 * Waits a moment, a little longer after each try. */
bool db_try_again(const struct err *err, int tried);

/* Exactly one row, texts copied to `arena`; none is RC_MISSING without touching `err`. `out` has
 * room for out_count values. */
enum rc db_one(struct db *db, const struct sql *sql, const struct val *in, struct val *out,
               struct arena *arena, struct err *err) MUST_CHECK;

/* Every row in turn; texts live until `take` returns. A failure of `take` ends it. */
typedef enum rc (*db_take)(void *self, const struct val *row);
enum rc db_each(struct db *db, const struct sql *sql, const struct val *in, db_take take,
                void *self, struct err *err) MUST_CHECK;

/* Change rows: any number of them; exactly one, else RC_CONFLICT without touching `err`. A failure
 * of db_change inside a transaction may be told by a later call, at the latest by the commit. */
enum rc db_change(struct db *db, const struct sql *sql, const struct val *in,
                  struct err *err) MUST_CHECK;
enum rc db_change_one(struct db *db, const struct sql *sql, const struct val *in,
                      struct err *err) MUST_CHECK;

/* A new 64-bit id: time-sortable, made here and not by the engine. `now_ms` is the moment of the
 * request; ids of one process never repeat. */
int64_t db_new_id(struct db *db, int64_t now_ms);

/* Prove a statement against the schema: it prepares, its counts are as declared, and it scans a
 * table if and only if it says why it may. */
enum rc db_prove(struct db *db, const struct sql *sql, struct err *err) MUST_CHECK;

/* A copy of all that the transaction at hand sees, while others write: an open file without a name,
 * the caller's to close. It stands at `path` for a moment. RC_CONFLICT where the database is on a
 * server, whose own tools back it up. */
enum rc db_copy(struct db *db, const char *path, int *out_file, struct err *err) MUST_CHECK;

/* Is the file whole, and does every reference lead to a row? RC_BROKEN says what is wrong first. */
enum rc db_check(struct db *db, struct err *err) MUST_CHECK;

/* What the engine is and how it is set up, a fact at a time: `wrong` is NULL where that is well,
 * else it says what is wrong and what to do. Texts live until `tell` returns. */
typedef enum rc (*db_tell)(void *self, enum msg_id what, str value, const struct err *wrong);
enum rc db_facts(struct db *db, db_tell tell, void *self, struct err *err) MUST_CHECK;

#endif
