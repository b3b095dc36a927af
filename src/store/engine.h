/* What an engine of the store does. db.c speaks to the one that holds the
 * connection; nobody else knows which it is. */
#ifndef STORE_ENGINE_H
#define STORE_ENGINE_H

#include "store/db.h"

enum { STATEMENTS_MAX = 512, COLUMNS_MAX = 64, PARAMETERS_MAX = 32 };

/* What stands in a database before anybody asks for a row. */
struct claim {
    bool is_ours;
    bool is_empty; /* no migration was applied */
    bool is_being_founded;
};

enum dialect { DIALECT_LITE, DIALECT_PG };

/* Every call works on a connection that its own `open` made. Outermost
 * transactions only: savepoints are scripts. */
struct engine {
    enum dialect dialect; /* of migrations */
    enum rc (*open)(const char *place, enum db_mode mode, struct db **out, struct err *err);
    void (*close)(struct db *db);

    enum rc (*begin)(struct db *db, enum db_mode mode, struct err *err);
    enum rc (*commit)(struct db *db, struct err *err);
    /* Statements of our own text, without parameters. */
    enum rc (*script)(struct db *db, const char *text, struct err *err);
    /* A script that takes back: it runs whatever failed before. */
    void (*undo)(struct db *db, const char *text);

    /* `in` has in_count values, none with more than out_count columns may come to
     * `take`. */
    enum rc (*each)(struct db *db, const struct sql *sql, const struct val *in, db_take take,
                    void *self, struct err *err);
    /* Counts the rows it changed; a NULL `out_changed` lets the engine answer
     * later. */
    enum rc (*change)(struct db *db, const struct sql *sql, const struct val *in,
                      int64_t *out_changed, struct err *err);

    enum rc (*prove)(struct db *db, const struct sql *sql, struct err *err);
    enum rc (*check)(struct db *db, struct err *err);
    enum rc (*facts)(struct db *db, db_tell tell, void *self, struct err *err);

    /* Mark the database as ours and as being founded; the mark of being founded
     * goes with the transaction that says all is there. */
    enum rc (*claim)(struct db *db, struct err *err);
    enum rc (*look)(struct db *db, struct claim *out, struct err *err);
    enum rc (*found)(struct db *db, struct err *err);
    /* Become the one who writes, of all machines; RC_BUSY names who is. NULL
     * where the lock of the data directory says it. */
    enum rc (*own)(struct db *db, str holder, struct err *err);
    /* See db_copy; NULL where the server's own tools do it. */
    enum rc (*copy)(struct db *db, const char *path, int *out_file, struct err *err);
    /* Between transactions: stay it. NULL likewise. */
    enum rc (*renew)(struct db *db, struct err *err);
};

extern const struct engine LITE_ENGINE;
extern const struct engine PG_ENGINE;

/* The part of a connection that is the same for all; an engine's own follows
 * it. */
struct db {
    const struct engine *engine;
    int depth; /* 0: no transaction; above 1: savepoints */
    int64_t last_id;
    const char *statements[STATEMENTS_MAX]; /* prepared ones; open addressing by
                                               their text's address */
    int statement_count;
};

/* The place of a statement among those prepared on this connection: the engine
 * keeps what it made of the statement under the same place. */
size_t db_place(struct db *db, const struct sql *sql);

#endif
