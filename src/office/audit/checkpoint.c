/* Signing the heads of all logs. */
#include "office/audit/checkpoint.h"

#include "office/audit/checkpoint_sql.h"
#include "office/audit/tree.h"

str checkpoint_leaf(const struct log_head *head, struct arena *arena)
{
    struct event_body body;
    str bytes = {0};

    event_body_init(&body, arena);
    event_body_int(&body, head->log.v);
    event_body_int(&body, head->at.size);
    event_body_hash(&body, head->at.root);
    MUST(buf_done(&body.bytes, &bytes));
    return bytes;
}

struct hash checkpoint_root(const struct log_heads *heads, struct arena *arena)
{
    struct merkle_range range = {.algorithm = MERKLE_SHA256};

    for (int i = 0; i < heads->count; i++) {
        struct arena_mark mark = arena_mark(arena);
        str leaf = checkpoint_leaf(&heads->heads[i], arena);
        MUST(merkle_append(&range, merkle_leaf(MERKLE_SHA256, leaf), NULL) == RC_OK);
        arena_rewind(arena, mark);
    }
    return merkle_root(&range);
}

/* Heads as they are read, one log after the other. */
struct listing {
    const struct cx *cx;
    struct log_heads heads;
    int room;
};

static struct log_head *next_head(struct listing *in)
{
    if (in->heads.count == in->room) {
        int room = in->room == 0 ? 64 : 2 * in->room;
        struct log_head *more = ARENA_NEW(in->cx->arena, struct log_head, (size_t)room);
        for (int i = 0; i < in->heads.count; i++) {
            more[i] = in->heads.heads[i];
        }
        in->heads.heads = more;
        in->room = room;
    }
    return &in->heads.heads[in->heads.count++];
}

static enum rc take_head(void *self, const struct val *row)
{
    struct listing *in = self;
    struct log_head *head = next_head(in);
    struct merkle_range range;

    head->log = (struct unit_id){row[0].number};
    TRY(tree_head(in->cx, head->log, &range));
    head->at = (struct merkle_claim){range.size, merkle_root(&range)};
    return RC_OK;
}

static enum rc take_signed(void *self, const struct val *row)
{
    struct log_head *head = next_head(self);

    *head = (struct log_head){.log = {row[0].number}, .at = {.size = row[1].number}};
    if (row[2].text.len == HASH_BYTES) {
        memcpy(head->at.root.bytes, row[2].text.at, HASH_BYTES);
    }
    return RC_OK;
}

enum rc checkpoint_heads(const struct cx *cx, int64_t number, struct log_heads *out)
{
    struct listing in = {.cx = cx};
    const struct val by_number[] = {v_int(number)};

    TRY(db_each(cx->db, &CHECKPOINT_HEADS, by_number, take_signed, &in, cx->err));
    *out = in.heads;
    return RC_OK;
}

static enum rc read_note(const struct cx *cx, const struct val *row, struct note *out)
{
    return note_read(row[1].text, cx->arena, out)
               ? RC_OK
               : event_wrong(cx, (struct event_ref){LOG_OFFICE, 0}, MSG_AUDIT_NOTE_BROKEN,
                             STR("checkpoint"));
}

enum rc checkpoint_newest(const struct cx *cx, struct note *out)
{
    struct val row[2] = {{0}};

    TRY(db_one(cx->db, &CHECKPOINT_LAST, NULL, row, cx->arena, cx->err));
    return read_note(cx, row, out);
}

enum rc checkpoint_get(const struct cx *cx, int64_t number, str *out_text, struct note *out)
{
    const struct val in[] = {v_int(number)};
    struct val row[2] = {{0}};

    TRY(db_one(cx->db, &CHECKPOINT_GET, in, row, cx->arena, cx->err));
    *out_text = row[1].text;
    return read_note(cx, row, out);
}

static enum rc begin_one(void *self, struct unit_id log)
{
    struct merkle_range head;

    return tree_begin(self, log, &head);
}

/* The heads that have grown since they were last signed, as rows of the new checkpoint. */
static enum rc put_heads(const struct cx *cx, const struct log_heads *now,
                         const struct log_heads *before, int64_t number)
{
    int k = 0;

    for (int i = 0; i < now->count; i++) {
        const struct log_head *head = &now->heads[i];
        while (k < before->count && before->heads[k].log.v < head->log.v) {
            k++;
        }
        if (k < before->count && before->heads[k].log.v == head->log.v &&
            before->heads[k].at.size == head->at.size) {
            continue;
        }
        const struct val in[] = {
            v_int(head->log.v),
            v_int(number),
            v_int(head->at.size),
            v_blob(hash_bytes(&head->at.root)),
        };
        TRY(db_change(cx->db, &CHECKPOINT_HEAD_ADD, in, cx->err));
    }
    return RC_OK;
}

static enum rc put_checkpoint(const struct cx *cx, const struct note *note,
                              const struct sign_key *key)
{
    const struct val in[] = {
        v_int(note->number),
        v_int(note->at_ms),
        v_text(note_sign(note, key, cx->arena)),
    };

    return db_change_one(cx->db, &CHECKPOINT_ADD, in, cx->err);
}

static bool is_same(const struct hash *a, const struct hash *b)
{
    return memcmp(a->bytes, b->bytes, HASH_BYTES) == 0;
}

enum rc checkpoint_sign(const struct cx *cx, const struct sign_key *key, bool *out_is_made)
{
    struct listing now = {.cx = cx};
    struct log_heads before = {0};
    struct note last = {0};
    struct cx writing = *cx;
    enum rc rc = checkpoint_newest(cx, &last);

    if (rc == RC_MISSING) {
        TRY(tree_each_log(cx, begin_one, &writing));
    } else {
        TRY(rc);
    }
    TRY(db_each(cx->db, &CHECKPOINT_LOGS, NULL, take_head, &now, cx->err));
    TRY(checkpoint_heads(cx, last.number, &before));
    struct sign_public public = sign_key_public(key);
    struct note note = {
        .origin = note_origin(&public, cx->arena),
        .root = checkpoint_root(&now.heads, cx->arena),
        .number = last.number + 1,
        .logs = now.heads.count,
        .at_ms = cx->now_ms,
    };
    for (int i = 0; i < now.heads.count; i++) {
        note.size += now.heads.heads[i].at.size;
    }
    *out_is_made = note.size > 0 && !(note.size == last.size && is_same(&note.root, &last.root));
    if (!*out_is_made) {
        return RC_OK;
    }
    TRY(put_checkpoint(cx, &note, key));
    return put_heads(cx, &now.heads, &before, note.number);
}
