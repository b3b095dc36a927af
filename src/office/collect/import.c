/* Taking a ledger in. */
#include "office/collect/import.h"

#include "base/num.h"
#include "office/audit/audit.h"
#include "office/collect/import_in.h"

__extension__ typedef __int128 wide;

static struct unit_id home_of(const struct unit_tree *tree, int place)
{
    return tree->units[tree->units[place].home].id;
}

static bool is_same(const struct value *a, const struct value *b)
{
    return a->source == b->source && says_same(a, b);
}

static int rank_of(const struct ledger *ledger, int source_number)
{
    const struct numbers *numbers = ledger->job.numbers;
    int place = source_number > 0 && source_number <= numbers->source_max
                    ? numbers->source_of[source_number]
                    : NONE;

    return place == NONE ? 0 : ledger->job.programme->sources[place].rank;
}

static bool is_outranked(const struct ledger *ledger, const struct value *before,
                         const struct value *after)
{
    bool says_something = before->state == REPORTED || before->state == NOT_APPLICABLE;

    return says_something && rank_of(ledger, after->source) < rank_of(ledger, before->source);
}

/* Is `after` no more than `before`, a share of two counts, as a percentage of the indicator's
 * decimals? So it comes back in a form that was sent out. */
static bool is_shown_share(const struct ledger *ledger, const struct value *before,
                           const struct value *after)
{
    int place = ledger->job.numbers->indicator_of[after->indicator];
    int64_t whole = 100 * num_pow10(ledger->job.programme->indicators[place].decimals);

    if (before->state != REPORTED || after->state != REPORTED || before->source != after->source ||
        before->den <= 0 || after->den != whole) {
        return false;
    }
    wide doubled = 2 * (wide)before->num * whole + before->den;
    return doubled / (2 * (wide)before->den) == after->num;
}

static void compare_row(const struct ledger *ledger, int at, const struct value_row *standing,
                        struct change_list *list)
{
    const struct ledger_row *row = &ledger->rows[at];

    for (int i = 0; i < row->count; i++) {
        const struct value *before = find_value(standing, row->values[i].indicator);
        struct change change = {
            .row = at,
            .before = {.indicator = row->values[i].indicator, .state = NOT_REPORTED},
            .after = row->values[i],
        };
        change.before = before == NULL ? change.before : *before;
        bool says_nothing_new = before == NULL ? change.after.state == NOT_REPORTED
                                               : is_same(before, &change.after) ||
                                                     is_shown_share(ledger, before, &change.after);
        if (says_nothing_new) {
            continue;
        }
        if (is_outranked(ledger, &change.before, &change.after)) {
            list->conflicts[list->conflict_count++] = change;
        } else {
            list->changes[list->count++] = change;
        }
    }
}

/* Conflicts from place `from` on are of the ledger's row `at`; one that was kept out before is
 * nothing new. */
static enum rc drop_known_conflicts(const struct ledger *ledger, int at, int from,
                                    struct change_list *list)
{
    const struct unit_tree *tree = ledger->job.tree;
    int place = ledger->rows[at].place;
    struct kept_out kept = {.arena = ledger->cx->arena};
    int count = from;

    TRY(value_conflict_each(ledger->cx, home_of(tree, place), tree->units[place].id,
                            ledger->job.period, kept_out_take, &kept));
    for (int i = from; i < list->conflict_count; i++) {
        const struct value *known = kept_out_find(&kept, &list->conflicts[i].after);
        if (known == NULL || !is_same(known, &list->conflicts[i].after)) {
            list->conflicts[count++] = list->conflicts[i];
        }
    }
    list->conflict_count = count;
    return RC_OK;
}

enum rc import_compare(const struct ledger *ledger, struct change_list *out)
{
    struct arena *arena = ledger->cx->arena;
    struct change_list list = {
        .changes = ARENA_NEW(arena, struct change, (size_t)ledger->cell_count),
        .conflicts = ARENA_NEW(arena, struct change, (size_t)ledger->cell_count),
    };

    for (int i = 0; i < ledger->row_count; i++) {
        struct arena_mark mark = arena_mark(arena);
        struct value_row standing = {0};
        int conflicts = list.conflict_count;
        TRY(standing_read(ledger->cx, ledger->job.tree->units[ledger->rows[i].place].id,
                          ledger->job.period, &standing));
        compare_row(ledger, i, &standing, &list);
        if (list.conflict_count > conflicts) {
            TRY(drop_known_conflicts(ledger, i, conflicts, &list));
        }
        arena_rewind(arena, mark);
    }
    *out = list;
    return RC_OK;
}

/* The changes of one unit, which stand together in the list. */
struct piece {
    struct value_row row;
    int next;
};

static struct piece take_piece(const struct ledger *ledger, const struct change *changes, int count,
                               int begin, int64_t batch)
{
    const struct unit_tree *tree = ledger->job.tree;
    int at = changes[begin].row;
    struct piece piece = {.next = begin};

    while (piece.next < count && changes[piece.next].row == at) {
        piece.next++;
    }
    piece.row = (struct value_row){
        .home = home_of(tree, ledger->rows[at].place),
        .unit = tree->units[ledger->rows[at].place].id,
        .period = ledger->job.period,
        .values = ARENA_NEW(ledger->cx->arena, struct value, (size_t)(piece.next - begin)),
        .count = piece.next - begin,
    };
    for (int i = begin; i < piece.next; i++) {
        piece.row.values[i - begin] = changes[i].after;
        piece.row.values[i - begin].batch = batch;
    }
    return piece;
}

/* One digest a partition, over the digests of its units in the ledger's order. */
struct digests {
    struct unit_id *homes;
    struct event_body *bodies;
    int count;
};

static struct event_body *body_of(struct arena *arena, struct digests *digests, struct unit_id home)
{
    for (int i = digests->count - 1; i >= 0; i--) {
        if (digests->homes[i].v == home.v) {
            return &digests->bodies[i];
        }
    }
    digests->homes[digests->count] = home;
    event_body_init(&digests->bodies[digests->count], arena);
    return &digests->bodies[digests->count++];
}

static void digest_all(const struct ledger *ledger, const struct change_list *list, int64_t batch,
                       struct digests *out)
{
    struct arena *arena = ledger->cx->arena;

    out->homes = ARENA_NEW(arena, struct unit_id, (size_t)ledger->row_count);
    out->bodies = ARENA_NEW(arena, struct event_body, (size_t)ledger->row_count);
    for (int i = 0; i < list->count;) {
        struct piece piece = take_piece(ledger, list->changes, list->count, i, batch);
        str cells = value_pack(piece.row.values, piece.row.count, arena);
        event_body_hash(body_of(arena, out, piece.row.home), hash_of(cells));
        i = piece.next;
    }
}

static enum rc add_root_event(const struct ledger *ledger, const struct change_list *list,
                              const struct batch *batch, struct event_ref *out)
{
    const struct cx *cx = ledger->cx;
    struct digests digests = {.count = 0};
    struct event_body body;

    digest_all(ledger, list, batch->id, &digests);
    event_body_init(&body, cx->arena);
    event_body_int(&body, batch->id);
    event_body_int(&body, ledger->job.period.key);
    event_body_hash(&body, batch->file);
    for (int i = 0; i < digests.count; i++) {
        str bytes = {0};
        MUST(buf_done(&digests.bodies[i].bytes, &bytes));
        event_body_int(&body, digests.homes[i].v);
        event_body_hash(&body, hash_of(bytes));
    }
    return event_add(cx, ledger->job.tree->units[0].id, STR("ledger.import"), &body, NULL, out);
}

static enum rc write_piece(const struct ledger *ledger, const struct value_row *row,
                           const struct event_ref *cause)
{
    const struct cx *cx = ledger->cx;
    struct hash digest = {{0}};

    TRY(value_put(cx, row, row->values[0].batch, &digest));
    return value_tell(cx, row, row->values[0].batch, digest, cause);
}

static enum rc write_conflicts(const struct ledger *ledger, const struct change_list *list,
                               int64_t batch, const struct event_ref *cause)
{
    for (int i = 0; i < list->conflict_count;) {
        struct piece piece = take_piece(ledger, list->conflicts, list->conflict_count, i, batch);
        TRY(value_put_conflict(ledger->cx, &piece.row, batch, cause));
        i = piece.next;
    }
    return RC_OK;
}

static enum rc write_changes(const struct ledger *ledger, const struct change_list *list,
                             struct batch *batch)
{
    struct arena *arena = ledger->cx->arena;
    struct event_ref root = {0};

    TRY(add_root_event(ledger, list, batch, &root));
    for (int i = 0; i < list->count;) {
        struct arena_mark mark = arena_mark(arena);
        struct piece piece = take_piece(ledger, list->changes, list->count, i, batch->id);
        TRY(write_piece(ledger, &piece.row, &root));
        batch->unit_count++;
        i = piece.next;
        arena_rewind(arena, mark);
    }
    return write_conflicts(ledger, list, batch->id, &root);
}

enum rc import_write(const struct ledger *ledger, const struct change_list *list,
                     struct batch *batch)
{
    const struct cx *cx = ledger->cx;

    if (ledger->errors > 0) {
        return err_set(cx->err, RC_INVALID, MSG_COLLECT_HAS_ERRORS, arg_count(ledger->errors),
                       arg_text(batch->file_name));
    }
    if (list->count == 0 && list->conflict_count == 0) {
        return RC_OK;
    }
    batch->kind = STR("ledger");
    batch->period = ledger->job.period;
    TRY(batch_add(cx, batch));
    batch->value_count = ledger->cell_count;
    batch->changed_count = list->count;
    TRY(write_changes(ledger, list, batch));
    return batch_count(cx, batch);
}
