/* Checkpoints against their signatures and the heads they list. */
#include "office/replay/checkpoints_sql.h"
#include "office/replay/replay.h"

enum { LOGS_MAX = 1 << 16 };

/* A head that was listed with a checkpoint. */
struct listed {
    int64_t number;
    struct log_head head;
};

/* The heads as they stand at a checkpoint, in order of log. */
struct state {
    const struct cx *cx;
    const struct sign_public *key;
    struct log_head heads[LOGS_MAX];
    int count;
    int64_t number;        /* of the latest checkpoint */
    struct listed *listed; /* all there are, in order of checkpoint */
    int64_t listed_count;
    int64_t listed_room;
    int64_t listed_next;
};

static enum rc wrong(const struct state *state, enum msg_id why)
{
    return event_wrong(state->cx, (struct event_ref){LOG_OFFICE, 0}, why,
                       replay_where(state->cx, STR("checkpoint"), state->number));
}

static enum rc take_listed(void *self, const struct val *row)
{
    struct state *state = self;

    if (state->listed_count == state->listed_room) {
        int64_t room = state->listed_room == 0 ? 1024 : 2 * state->listed_room;
        struct listed *more = ARENA_NEW(state->cx->arena, struct listed, (size_t)room);
        for (int64_t i = 0; i < state->listed_count; i++) {
            more[i] = state->listed[i];
        }
        state->listed = more;
        state->listed_room = room;
    }
    struct listed *listed = &state->listed[state->listed_count++];
    *listed = (struct listed){row[0].number, {{row[1].number}, {.size = row[2].number}}};
    if (row[3].text.len == HASH_BYTES) {
        memcpy(listed->head.at.root.bytes, row[3].text.at, HASH_BYTES);
    }
    return RC_OK;
}

/* Heads only grow, and each log stands once. */
static bool set_head(struct state *state, const struct log_head *head)
{
    int at = state->count;

    while (at > 0 && state->heads[at - 1].log.v >= head->log.v) {
        at--;
    }
    bool is_new = at == state->count || state->heads[at].log.v != head->log.v;
    if (state->count == LOGS_MAX || (!is_new && state->heads[at].at.size >= head->at.size)) {
        return false;
    }
    if (is_new) {
        memmove(&state->heads[at + 1], &state->heads[at],
                sizeof(struct log_head) * (size_t)(state->count - at));
        state->count++;
    }
    state->heads[at] = *head;
    return true;
}

static bool set_heads(struct state *state)
{
    bool is_right = true;

    while (is_right && state->listed_next < state->listed_count &&
           state->listed[state->listed_next].number <= state->number) {
        const struct listed *listed = &state->listed[state->listed_next++];
        is_right = listed->number == state->number && set_head(state, &listed->head);
    }
    return is_right;
}

static struct hash leaf_of(const struct log_head *head)
{
    unsigned char bytes[2 * 9 + 5 + HASH_BYTES] = {'i'};

    for (int i = 0; i < 8; i++) {
        bytes[1 + i] = (unsigned char)((uint64_t)head->log.v >> (56 - 8 * i));
        bytes[10 + i] = (unsigned char)((uint64_t)head->at.size >> (56 - 8 * i));
    }
    bytes[9] = 'i';
    bytes[18] = 't';
    bytes[22] = HASH_BYTES;
    memcpy(bytes + 23, head->at.root.bytes, HASH_BYTES);
    return hash_of_two((str){"", 1}, (str){(const char *)bytes, sizeof(bytes)});
}

/* Level by level: pairs joined, an odd one goes up as it is. */
static struct hash root_of(const struct state *state)
{
    struct arena_mark mark = arena_mark(state->cx->arena);
    struct hash *row = ARENA_NEW(state->cx->arena, struct hash, (size_t)state->count + 1);

    row[0] = hash_of(STR(""));
    for (int i = 0; i < state->count; i++) {
        row[i] = leaf_of(&state->heads[i]);
    }
    for (int n = state->count; n > 1; n = (n + 1) / 2) {
        for (int i = 0; i < n; i += 2) {
            char both[1 + 2 * HASH_BYTES] = {1};
            memcpy(both + 1, row[i].bytes, HASH_BYTES);
            memcpy(both + 1 + HASH_BYTES, i + 1 < n ? row[i + 1].bytes : row[i].bytes, HASH_BYTES);
            row[i / 2] = i + 1 < n ? hash_of((str){both, sizeof(both)}) : row[i];
        }
    }
    struct hash root = row[0];
    arena_rewind(state->cx->arena, mark);
    return root;
}

static int64_t events_of(const struct state *state)
{
    int64_t sum = 0;

    for (int i = 0; i < state->count; i++) {
        sum += state->heads[i].at.size;
    }
    return sum;
}

/* One signature, ours, and nothing behind it. */
static bool is_one_line(str signatures)
{
    return str_find(signatures, STR("\n")) == signatures.len - 1 && signatures.len > 0;
}

static enum rc check_note(struct state *state, const struct val *row)
{
    struct note note = {0};

    if (!note_read(row[2].text, state->cx->arena, &note) || note.number != state->number ||
        note.at_ms != row[1].number) {
        return wrong(state, MSG_AUDIT_NOTE_BROKEN);
    }
    if (!is_one_line(note.signatures) || !note_is_signed(&note, state->key, state->cx->arena)) {
        return wrong(state, MSG_AUDIT_SIGNATURE_WRONG);
    }
    bool is_right = set_heads(state);
    struct hash root = root_of(state);
    if (!is_right || note.logs != state->count || note.size != events_of(state) ||
        memcmp(root.bytes, note.root.bytes, HASH_BYTES) != 0) {
        return wrong(state, MSG_AUDIT_ROOT_DIFFERS);
    }
    return RC_OK;
}

static enum rc check_one(void *self, const struct val *row)
{
    struct state *state = self;
    struct arena_mark mark = arena_mark(state->cx->arena);

    state->number++;
    if (row[0].number != state->number) {
        return wrong(state, MSG_AUDIT_CHECKPOINT_LOST);
    }
    TRY(check_note(state, row));
    arena_rewind(state->cx->arena, mark);
    return RC_OK;
}

/* Every head there is must be the one that was signed last. */
static enum rc check_covered(void *self, const struct val *row)
{
    const struct state *state = self;

    for (int i = 0; i < state->count; i++) {
        if (state->heads[i].log.v == row[0].number && state->heads[i].at.size == row[1].number) {
            return RC_OK;
        }
    }
    return event_wrong(state->cx, (struct event_ref){{row[0].number}, row[1].number},
                       MSG_AUDIT_UNSIGNED, STR("event_head"));
}

enum rc replay_checkpoints(const struct cx *cx, const struct sign_public *key,
                           struct replay_count *out)
{
    struct state *state = ARENA_NEW(cx->arena, struct state, 1);

    state->cx = cx;
    state->key = key;
    TRY(db_each(cx->db, &CHECKPOINTS_LISTED, NULL, take_listed, state, cx->err));
    TRY(db_each(cx->db, &CHECKPOINTS_EVERY, NULL, check_one, state, cx->err));
    out->rows = state->number;
    if (state->listed_next < state->listed_count) {
        state->number++;
        return wrong(state, MSG_AUDIT_CHECKPOINT_LOST);
    }
    return db_each(cx->db, &CHECKPOINTS_COVERED, NULL, check_covered, state, cx->err);
}

enum rc replay_note(const struct cx *cx, str text)
{
    struct note kept = {0};
    struct note ours = {0};
    str ours_text = {0};

    if (!note_read(text, cx->arena, &kept)) {
        return err_set(cx->err, RC_INVALID, MSG_AUDIT_NOTE_UNREADABLE);
    }
    str where = replay_where(cx, STR("checkpoint"), kept.number);
    enum rc rc = checkpoint_get(cx, kept.number, &ours_text, &ours);
    if (rc == RC_MISSING) {
        return event_wrong(cx, (struct event_ref){LOG_OFFICE, 0}, MSG_AUDIT_ROLLED_BACK, where);
    }
    TRY(rc);
    return str_equal(ours.body, kept.body)
               ? RC_OK
               : event_wrong(cx, (struct event_ref){LOG_OFFICE, 0}, MSG_AUDIT_FORKED, where);
}
