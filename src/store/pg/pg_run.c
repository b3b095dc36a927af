/* Statements on PostgreSQL: sent without waiting, rows taken one by one as they
 * come. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/pg/pg.h"

enum { BINARY = 1, NAME_ROOM = 24 };

struct row {
    struct row *next;
    struct val values[COLUMNS_MAX];
};

/* Rows on their way to a db_take. Where another statement comes between them,
 * the rest of them is hoarded first: a connection answers in order. */
struct walk {
    int column_count;
    PGresult *now; /* the row that is looked at */
    struct arena hoard;
    struct row *first;
    struct row **last;
    bool is_over; /* no more is coming */
    enum rc rc;
};

char *pg_text(const struct sql *sql)
{
    char *text = strdup(sql->text_pg == NULL ? sql->text : sql->text_pg);
    bool is_quoted = false;

    MUST(text != NULL);
    for (char *at = text; *at != '\0'; at++) {
        is_quoted = *at == '\'' ? !is_quoted : is_quoted;
        if (*at == '?' && !is_quoted) {
            *at = '$';
        }
    }
    return text;
}

static void put_big_endian(int64_t number, char out[8])
{
    for (int i = 7; i >= 0; i--) {
        out[i] = (char)(number & 0xFF);
        number >>= 8;
    }
}

static int64_t big_endian(const char *at, int len)
{
    uint64_t number = at[0] < 0 ? UINT64_MAX : 0;

    for (int i = 0; i < len; i++) {
        number = number << 8 | (unsigned char)at[i];
    }
    return (int64_t)number;
}

static struct val column(const PGresult *answer, int place)
{
    str text = {PQgetvalue(answer, 0, place), (size_t)PQgetlength(answer, 0, place)};

    if (PQgetisnull(answer, 0, place)) {
        return v_null();
    }
    switch (PQftype(answer, place)) {
    case TYPE_BIGINT:
    case TYPE_INTEGER:
        return v_int(big_endian(text.at, (int)text.len));
    case TYPE_BYTEA:
        return v_blob(text);
    default:
        return v_text(text);
    }
}

static enum rc answer_rc(struct pg *pg, PGresult *answer, enum sent_kind kind, struct err *err)
{
    ExecStatusType status = PQresultStatus(answer);

    if (status == PGRES_PIPELINE_ABORTED) {
        return err_set(err, RC_BROKEN, MSG_STORE_BROKEN, arg_text(STR("not done")));
    }
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && status != PGRES_SINGLE_TUPLE) {
        return pg_failed(pg, answer, err);
    }
    /* What failed and was not taken back cannot be committed: the server rolls
     * back instead. */
    if (kind == SENT_COMMIT && strcmp(PQcmdStatus(answer), "COMMIT") != 0) {
        return err_set(err, RC_BROKEN, MSG_STORE_BROKEN, arg_text(STR("rolled back")));
    }
    if (kind == SENT_FENCE && PQntuples(answer) != 1) {
        pg->is_lost = true;
        return err_set(err, RC_BUSY, MSG_STORE_LEASE_LOST);
    }
    if (kind == SENT_FENCE) {
        pg->transaction = column(answer, 0).number;
    }
    return RC_OK;
}

/* All that answers one thing sent. */
static enum rc read_one(struct pg *pg, const struct sent *sent, int64_t *out_changed,
                        struct err *err)
{
    enum rc rc = RC_OK;
    PGresult *answer = NULL;

    while ((answer = PQgetResult(pg->conn)) != NULL) {
        enum rc one = answer_rc(pg, answer, sent->kind, err);
        rc = rc == RC_OK ? one : rc;
        if (out_changed != NULL && sent->kind == SENT_CHANGE) {
            *out_changed = strtoll(PQcmdTuples(answer), NULL, 10);
        }
        PQclear(answer);
    }
    if (rc != RC_OK && sent->kind == SENT_PREPARE) {
        pg->is_prepared[sent->place] = false;
    }
    return rc;
}

static enum rc read_sent(struct pg *pg, int first, int count, int64_t *out_changed, struct err *err)
{
    enum rc rc = RC_OK;

    for (int i = first; i < first + count; i++) {
        enum rc one = read_one(pg, &pg->sent[i], out_changed, err);
        rc = rc == RC_OK ? one : rc;
    }
    return rc;
}

/* The mark after which statements are taken again. */
static void read_mark(struct pg *pg)
{
    PGresult *answer = NULL;

    do {
        PQclear(answer);
        answer = PQgetResult(pg->conn);
    } while (answer != NULL && PQresultStatus(answer) != PGRES_PIPELINE_SYNC);
    PQclear(answer);
    pg->sent_count = 0;
}

enum rc pg_settle(struct pg *pg, int64_t *out_changed, struct err *err)
{
    enum rc rc = RC_OK;

    if (pg->sent_count == 0) {
        return RC_OK;
    }
    if (PQpipelineSync(pg->conn) != 1) {
        pg->sent_count = 0;
        return pg_failed(pg, NULL, err);
    }
    rc = read_sent(pg, 0, pg->sent_count, out_changed, err);
    read_mark(pg);
    return rc;
}

/* The next row on the wire, or NULL at the end, well or ill. */
static PGresult *read_row(struct pg *pg, struct walk *walk, struct err *err)
{
    PGresult *answer = PQgetResult(pg->conn);

    if (answer != NULL && PQresultStatus(answer) == PGRES_SINGLE_TUPLE) {
        return answer;
    }
    for (; answer != NULL; answer = PQgetResult(pg->conn)) {
        enum rc one = answer_rc(pg, answer, SENT_ROWS, err);
        walk->rc = walk->rc == RC_OK ? one : walk->rc;
        PQclear(answer);
    }
    read_mark(pg);
    walk->is_over = true;
    pg->walk = NULL;
    return NULL;
}

static enum rc hoard(struct pg *pg, struct err *err)
{
    struct walk *walk = pg->walk;
    PGresult *answer = NULL;

    if (walk == NULL) {
        return RC_OK;
    }
    while ((answer = read_row(pg, walk, err)) != NULL) {
        struct row *row = ARENA_NEW(&walk->hoard, struct row, 1);
        for (int i = 0; i < walk->column_count; i++) {
            row->values[i] = column(answer, i);
            if (row->values[i].text.at != NULL) {
                row->values[i].text = arena_str(&walk->hoard, row->values[i].text);
            }
        }
        *walk->last = row;
        walk->last = &row->next;
        PQclear(answer);
    }
    return walk->rc;
}

static enum rc add_sent(struct pg *pg, int was_sent, enum sent_kind kind, size_t place,
                        struct err *err)
{
    if (was_sent != 1) {
        return pg_failed(pg, NULL, err);
    }
    pg->sent[pg->sent_count++] = (struct sent){kind, place};
    return RC_OK;
}

/* Room for a statement and its preparation, and nobody's rows in the way. */
static enum rc make_way(struct pg *pg, struct err *err)
{
    enum rc rc = hoard(pg, err);

    return rc == RC_OK && pg->sent_count > SENT_MAX - 2 ? pg_settle(pg, NULL, err) : rc;
}

static enum rc prepare(struct pg *pg, const struct sql *sql, size_t place, const char *name,
                       struct err *err)
{
    char *text = NULL;

    if (pg->is_prepared[place]) {
        return RC_OK;
    }
    text = pg_text(sql);
    enum rc rc =
        add_sent(pg, PQsendPrepare(pg->conn, name, text, 0, NULL), SENT_PREPARE, place, err);
    free(text);
    pg->is_prepared[place] = rc == RC_OK;
    return rc;
}

static enum rc execute(struct pg *pg, const struct sql *sql, const struct val *in,
                       enum sent_kind kind, struct err *err)
{
    const char *values[PARAMETERS_MAX];
    int lengths[PARAMETERS_MAX];
    int formats[PARAMETERS_MAX];
    char numbers[PARAMETERS_MAX][8];
    char name[NAME_ROOM];
    size_t place = db_place(&pg->db, sql);

    MUST(sql->in_count <= PARAMETERS_MAX);
    for (int i = 0; i < sql->in_count; i++) {
        const char *text = in[i].text.at == NULL ? "" : in[i].text.at;
        bool is_number = in[i].kind == VAL_INT;
        put_big_endian(in[i].number, numbers[i]);
        values[i] = in[i].kind == VAL_NULL ? NULL : is_number ? numbers[i] : text;
        lengths[i] = is_number ? 8 : (int)in[i].text.len;
        formats[i] = BINARY;
    }
    (void)snprintf(name, sizeof(name), "s%zu", place);
    enum rc rc = prepare(pg, sql, place, name, err);
    if (rc != RC_OK) {
        return rc;
    }
    return add_sent(
        pg, PQsendQueryPrepared(pg->conn, name, sql->in_count, values, lengths, formats, BINARY),
        kind, place, err);
}

enum rc pg_send(struct pg *pg, const struct sql *sql, const struct val *in, enum sent_kind kind,
                struct err *err)
{
    enum rc rc = make_way(pg, err);

    return rc == RC_OK ? execute(pg, sql, in, kind, err) : rc;
}

enum rc pg_send_text(struct pg *pg, const char *text, enum sent_kind kind, struct err *err)
{
    enum rc rc = make_way(pg, err);

    if (rc != RC_OK) {
        return rc;
    }
    return add_sent(pg, PQsendQueryParams(pg->conn, text, 0, NULL, NULL, NULL, NULL, BINARY), kind,
                    0, err);
}

enum rc pg_change(struct db *db, const struct sql *sql, const struct val *in, int64_t *out_changed,
                  struct err *err)
{
    struct pg *pg = pg_of(db);
    enum rc rc = pg_send(pg, sql, in, SENT_CHANGE, err);

    if (rc != RC_OK || (out_changed == NULL && db->depth > 0)) {
        return rc;
    }
    return pg_settle(pg, out_changed, err);
}

/* The next row, hoarded or from the wire; false at the end. */
static bool next_row(struct pg *pg, struct walk *walk, struct val *out, struct err *err)
{
    PQclear(walk->now);
    walk->now = NULL;
    if (walk->first != NULL) {
        memcpy(out, walk->first->values, sizeof(walk->first->values));
        walk->first = walk->first->next;
        return true;
    }
    if (walk->is_over || (walk->now = read_row(pg, walk, err)) == NULL) {
        return false;
    }
    for (int i = 0; i < walk->column_count; i++) {
        out[i] = column(walk->now, i);
    }
    return true;
}

static void end_walk(struct pg *pg, struct walk *walk)
{
    struct err ignored = {0};

    PQclear(walk->now);
    while (!walk->is_over) {
        PQclear(read_row(pg, walk, &ignored));
    }
    arena_done(&walk->hoard);
}

static enum rc walk_rows(struct pg *pg, struct walk *walk, db_take take, void *self,
                         struct err *err)
{
    struct val row[COLUMNS_MAX];
    enum rc rc = RC_OK;

    pg->walk = walk;
    (void)PQsetSingleRowMode(pg->conn);
    while (rc == RC_OK && next_row(pg, walk, row, err)) {
        rc = take(self, row);
    }
    end_walk(pg, walk);
    return rc == RC_OK ? walk->rc : rc;
}

enum rc pg_each(struct db *db, const struct sql *sql, const struct val *in, db_take take,
                void *self, struct err *err)
{
    struct pg *pg = pg_of(db);
    struct walk walk = {.column_count = sql->out_count};
    enum rc rc = pg_send(pg, sql, in, SENT_ROWS, err);

    MUST(sql->out_count <= COLUMNS_MAX);
    walk.last = &walk.first;
    arena_init(&walk.hoard, ARENA_JOB_MAX);
    if (rc != RC_OK) {
        return rc;
    }
    if (PQpipelineSync(pg->conn) != 1) {
        pg->sent_count = 0;
        return pg_failed(pg, NULL, err);
    }
    rc = read_sent(pg, 0, pg->sent_count - 1, NULL, err);
    if (rc != RC_OK) {
        struct err ignored = {0};
        (void)!read_sent(pg, pg->sent_count - 1, 1, NULL, &ignored);
        read_mark(pg);
        return rc;
    }
    return walk_rows(pg, &walk, take, self, err);
}

enum rc pg_pause(struct pg *pg, struct err *err)
{
    enum rc rc = hoard(pg, err);

    if (rc == RC_OK) {
        rc = pg_settle(pg, NULL, err);
    }
    (void)PQexitPipelineMode(pg->conn);
    return rc;
}

void pg_resume(struct pg *pg)
{
    (void)PQenterPipelineMode(pg->conn);
}
