/* What the files of the PostgreSQL engine share. */
#ifndef STORE_PG_PG_H
#define STORE_PG_PG_H

#include <libpq-fe.h>

#include "store/engine.h"

/* What may be under way before its answers are read. */
enum { SENT_MAX = 4096 };

/* The types a statement may take and give, by their numbers in every
 * PostgreSQL. */
enum { TYPE_BYTEA = 17, TYPE_BIGINT = 20, TYPE_INTEGER = 23, TYPE_TEXT = 25 };

enum sent_kind { SENT_PREPARE, SENT_CHANGE, SENT_ROWS, SENT_FENCE, SENT_COMMIT };

struct sent {
    enum sent_kind kind;
    size_t place; /* of the statement */
};

struct walk;

/* The connection stays in pipeline mode: statements are sent without waiting,
 * and their answers are read when one is needed. */
struct pg {
    struct db db;
    PGconn *conn;
    char *address;
    enum db_mode mode;
    bool is_prepared[STATEMENTS_MAX]; /* by place */
    struct sent sent[SENT_MAX];
    int sent_count;
    struct walk *walk; /* whose rows are coming; NULL: nobody's */
    int64_t epoch;     /* of our lease; 0: we do not own the database */
    int64_t renewed_ms;
    int64_t transaction; /* as the server numbers them, of the last fence; 0: none */
    bool is_lost;        /* another holder followed us: nothing is committed any more */
};

struct pg *pg_of(struct db *db);

/* An answer's failure, or with NULL the connection's, as an outcome: by its
 * class, never its text.
 */
enum rc pg_failed(struct pg *pg, const PGresult *answer, struct err *err) MUST_CHECK;

enum rc pg_open(const char *address, enum db_mode mode, struct db **out,
                struct err *err) MUST_CHECK;
void pg_close(struct db *db);
/* Between transactions: make the connection again if the server has let go of it. */
enum rc pg_revive(struct pg *pg, struct err *err) MUST_CHECK;
/* A text of ours, out of pipeline mode. */
enum rc pg_execute(struct pg *pg, const char *text, struct err *err) MUST_CHECK;

/* The statement's text with PostgreSQL's marks for parameters; to be freed. */
char *pg_text(const struct sql *sql);

enum rc pg_each(struct db *db, const struct sql *sql, const struct val *in, db_take take,
                void *self, struct err *err) MUST_CHECK;
enum rc pg_change(struct db *db, const struct sql *sql, const struct val *in, int64_t *out_changed,
                  struct err *err) MUST_CHECK;
/* A statement joins what was sent. */
enum rc pg_send(struct pg *pg, const struct sql *sql, const struct val *in, enum sent_kind kind,
                struct err *err) MUST_CHECK;
/* A text without parameters joins what was sent. */
enum rc pg_send_text(struct pg *pg, const char *text, enum sent_kind kind,
                     struct err *err) MUST_CHECK;
/* Read every answer that is due: the first failure is told, what was sent after
 * it was not done. Counts the rows that the last one changed, unless
 * `out_changed` is NULL. */
enum rc pg_settle(struct pg *pg, int64_t *out_changed, struct err *err) MUST_CHECK;

/* Settled, and out of pipeline mode, to do what it does not allow; pg_resume
 * goes back. */
enum rc pg_pause(struct pg *pg, struct err *err) MUST_CHECK;
void pg_resume(struct pg *pg);

/* Take the lease, unless another holds it: RC_BUSY. `holder` may follow itself
 * at once. */
enum rc pg_own(struct db *db, str holder, struct err *err) MUST_CHECK;
/* Between transactions: keep it, if it was last renewed more than `after_ms` ago. */
enum { LEASE_RENEW_MS = 10000 };
enum rc pg_lease_renew(struct pg *pg, int64_t after_ms, struct err *err) MUST_CHECK;
/* Inside a transaction: it cannot be committed by a holder that was followed.
 */
enum rc pg_lease_fence(struct pg *pg, struct err *err) MUST_CHECK;
void pg_lease_leave(struct pg *pg);

enum rc pg_prove(struct db *db, const struct sql *sql, struct err *err) MUST_CHECK;
enum rc pg_check(struct db *db, struct err *err) MUST_CHECK;
enum rc pg_facts(struct db *db, db_tell tell, void *self, struct err *err) MUST_CHECK;

#endif
