/* Who may write: a row with the holder's name, a term, and an epoch that grows
 * with every holder. */
#include "base/clock.h"
#include "store/pg/pg.h"

/* A holder that stays silent for so long may be followed by another. */
#define LEASE_TEXT "30000"

/* The server's clock is everybody's. */
static const struct sql SERVER_NOW = {
    .name = "server_now",
    .text = "SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)",
    .out_count = 1,
};
static const struct sql LEASE_TAKE = {
    .name = "lease_take",
    .text = "UPDATE store_lease SET epoch = epoch + 1, holder = ?1,"
            " until_ms = CAST(?2 AS BIGINT) + " LEASE_TEXT
            " WHERE id = 1 AND (until_ms < CAST(?2 AS BIGINT) OR holder = ?1)",
    .in_count = 2,
};
static const struct sql LEASE_RENEW = {
    .name = "lease_renew",
    .text = "UPDATE store_lease SET until_ms = CAST(?2 AS BIGINT) + " LEASE_TEXT
            " WHERE id = 1 AND epoch = ?1",
    .in_count = 2,
};
static const struct sql LEASE_LEAVE = {
    .name = "lease_leave",
    .text = "UPDATE store_lease SET until_ms = 0 WHERE id = 1 AND epoch = ?1",
    .in_count = 1,
};
static const struct sql LEASE_READ = {
    .name = "lease_read",
    .text = "SELECT epoch, holder FROM store_lease WHERE id = 1",
    .out_count = 2,
};
/* Shared, so that several transactions of one holder go side by side; a follower waits for them.
 * The transaction's number tells later what became of it. */
static const struct sql LEASE_FENCE = {
    .name = "lease_fence",
    .text = "SELECT txid_current() FROM store_lease WHERE id = 1 AND epoch = ?1 FOR SHARE",
    .in_count = 1,
    .out_count = 1,
};

static enum rc take(struct pg *pg, str holder, struct arena *arena, struct err *err)
{
    struct val now = {0};
    struct val row[2] = {{0}};
    enum rc rc = db_one(&pg->db, &SERVER_NOW, NULL, &now, arena, err);

    if (rc == RC_OK) {
        const struct val in[] = {v_text(holder), now};
        rc = db_change_one(&pg->db, &LEASE_TAKE, in, err);
    }
    bool is_taken = rc == RC_OK;
    if (is_taken || rc == RC_CONFLICT) {
        rc = db_one(&pg->db, &LEASE_READ, NULL, row, arena, err);
    }
    if (rc == RC_OK && !is_taken) {
        return err_set(err, RC_BUSY, MSG_STORE_LEASED, arg_text(row[1].text));
    }
    pg->epoch = rc == RC_OK ? row[0].number : 0;
    return rc;
}

enum rc pg_own(struct db *db, str holder, struct err *err)
{
    struct pg *pg = pg_of(db);
    struct arena arena;
    enum rc rc = db_begin(db, DB_WRITE, err);

    if (rc != RC_OK) {
        return rc;
    }
    arena_init(&arena, ARENA_MIB);
    rc = take(pg, holder, &arena, err);
    if (rc == RC_OK) {
        rc = db_commit(db, err);
    }
    if (rc != RC_OK) {
        pg->epoch = 0;
        db_rollback(db);
    }
    pg->renewed_ms = clock_steady_ms();
    arena_done(&arena);
    return rc;
}

enum rc pg_lease_renew(struct pg *pg, int64_t after_ms, struct err *err)
{
    struct val now = {0};

    if (pg->is_lost) {
        return err_set(err, RC_BUSY, MSG_STORE_LEASE_LOST);
    }
    if (pg->epoch == 0 || clock_steady_ms() - pg->renewed_ms < after_ms) {
        return RC_OK;
    }
    enum rc rc = db_one(&pg->db, &SERVER_NOW, NULL, &now, NULL, err);
    if (rc == RC_OK) {
        const struct val in[] = {v_int(pg->epoch), now};
        rc = db_change_one(&pg->db, &LEASE_RENEW, in, err);
    }
    if (rc == RC_CONFLICT) {
        pg->is_lost = true;
        return err_set(err, RC_BUSY, MSG_STORE_LEASE_LOST);
    }
    pg->renewed_ms = rc == RC_OK ? clock_steady_ms() : pg->renewed_ms;
    return rc;
}

enum rc pg_lease_fence(struct pg *pg, struct err *err)
{
    const struct val in[] = {v_int(pg->epoch)};

    pg->transaction = 0;
    return pg->epoch == 0 ? RC_OK : pg_send(pg, &LEASE_FENCE, in, SENT_FENCE, err);
}

void pg_lease_leave(struct pg *pg)
{
    const struct val in[] = {v_int(pg->epoch)};
    struct err ignored = {0};

    if (pg->epoch != 0 && !pg->is_lost && pg->db.depth == 0) {
        (void)!db_change(&pg->db, &LEASE_LEAVE, in, &ignored);
    }
}
