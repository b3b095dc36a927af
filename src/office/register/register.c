/* Taking in a register: is it one tree, is it newer, who is who, and then writing it down. */
#include "base/num.h"
#include "office/audit/audit.h"
#include "office/file/batch.h"
#include "office/register/register_in.h"
#include "office/register/register_sql.h"
#include "office/unit/tree.h"

static const struct stamped REGISTERS = {STR_INIT("register"), &ALL_REGISTERS, NULL};

const struct replay_table REGISTER_TABLES[] = {
    {STR_INIT("register"), replay_stamped, &REGISTERS},
    {{0}, NULL, NULL},
};

enum rc register_stamp(const struct cx *cx, const struct event_ref *cause)
{
    TRY(stamp_add(cx, &REGISTERS, 0, cause));
    return lineage_stamp(cx, cause);
}

/* The rows by full code, and those of each level by the digits that name it. */
struct rows_index {
    struct map codes;
    struct map by_level[PROGRAMME_LEVELS_MAX];
};

static enum rc refuse(const struct cx *cx, const struct register_row *row, enum msg_id why)
{
    return err_set(cx->err, RC_INVALID, why, arg_count(row->row), arg_text(row->code),
                   arg_text(row->name));
}

static str own_prefix(const struct programme *programme, int level, str code)
{
    return str_part(code, 0, (size_t)programme->levels[level].code_digits);
}

static enum rc index_rows(const struct cx *cx, const struct register_reader *reader,
                          struct rows_index *index)
{
    map_init(&index->codes, cx->arena, (size_t)reader->count);
    for (int l = 0; l < reader->programme->level_count; l++) {
        map_init(&index->by_level[l], cx->arena, 16);
    }
    for (int i = 0; i < reader->count; i++) {
        const struct register_row *row = &reader->rows[i];
        if (!map_put(&index->codes, row->code, i)) {
            return refuse(cx, row, MSG_UNIT_ROW_TWICE);
        }
        if (reader->programme->levels[row->level].code_digits > 0) {
            (void)map_put(&index->by_level[row->level],
                          own_prefix(reader->programme, row->level, row->code), i);
        }
    }
    return RC_OK;
}

/* The row of the nearest higher level whose digits `code` begins with. */
static int parent_by_code(const struct register_reader *reader, const struct rows_index *index,
                          const struct register_row *row)
{
    for (int l = row->level - 1; l >= 0; l--) {
        str prefix = own_prefix(reader->programme, l, row->code);
        int64_t found = NONE;
        if (prefix.len > 0 && map_get(&index->by_level[l], prefix, &found)) {
            return (int)found;
        }
    }
    return NONE;
}

static enum rc find_parent(const struct cx *cx, const struct register_reader *reader,
                           const struct rows_index *index, const struct register_row *row, int *out)
{
    int64_t found = NONE;

    if (row->parent.len == 0) {
        *out = parent_by_code(reader, index, row);
        return RC_OK;
    }
    if (!map_get(&index->codes, row->parent, &found)) {
        return refuse(cx, row, MSG_UNIT_ROW_PARENT);
    }
    if (reader->rows[found].level >= row->level) {
        return refuse(cx, row, MSG_UNIT_ROW_PARENT_LEVEL);
    }
    *out = (int)found;
    return RC_OK;
}

static struct tree_row tree_row_of(const struct register_reader *reader, int i, int parent)
{
    const struct register_row *row = &reader->rows[i];

    return (struct tree_row){
        .parent_id = parent + 1,
        .unit =
            {
                .id = {i + 1},
                .code = row->code,
                .name = row->name,
                .base = unit_base_name(reader->programme, row->level, row->name),
                .level = row->level,
                .kind = row->kind,
            },
    };
}

/* The tree of a register; ids are the rows' numbers, not yet those of units. */
static enum rc tree_of_rows(const struct cx *cx, const struct register_reader *reader,
                            struct unit_tree *out)
{
    struct tree_row *rows = ARENA_NEW(cx->arena, struct tree_row, (size_t)reader->count);
    struct rows_index index = {0};
    int root = NONE;

    TRY(index_rows(cx, reader, &index));
    for (int i = 0; i < reader->count; i++) {
        int parent = NONE;
        TRY(find_parent(cx, reader, &index, &reader->rows[i], &parent));
        if (parent == NONE && root != NONE) {
            int lower = reader->rows[i].level > reader->rows[root].level ? i : root;
            return refuse(cx, &reader->rows[lower], MSG_UNIT_ROW_ROOT);
        }
        root = parent == NONE ? i : root;
        rows[i] = tree_row_of(reader, i, parent);
    }
    MUST(tree_build(cx, rows, reader->count, 0, out));
    return RC_OK;
}

/* Is there a newer register, or another one for this day? `*out_again`: this very one. */
static enum rc check_order(const struct cx *cx, const struct register_options *options,
                           bool *out_first, bool *out_again)
{
    struct val newest[2] = {0};
    struct val on_day[2] = {0};
    const struct val day[] = {v_int(date_key(options->as_of))};
    enum rc rc = db_one(cx->db, &REGISTER_NEWEST, NULL, newest, cx->arena, cx->err);

    *out_first = rc == RC_MISSING;
    *out_again = false;
    if (rc == RC_MISSING) {
        return RC_OK;
    }
    TRY(rc);
    rc = db_one(cx->db, &REGISTER_GET, day, on_day, cx->arena, cx->err);
    if (rc == RC_OK) {
        *out_again = str_equal(on_day[1].text, hash_bytes(&options->file_hash));
        return *out_again ? RC_OK : err_set(cx->err, RC_CONFLICT, MSG_UNIT_REGISTER_OTHER);
    }
    if (rc == RC_MISSING && newest[0].number > date_key(options->as_of)) {
        struct buf newest_day;
        str text = {0};
        buf_init(&newest_day, cx->arena, NUM_TEXT_MAX);
        date_put(&newest_day, date_from_key((int32_t)newest[0].number));
        MUST(buf_done(&newest_day, &text));
        return err_set(cx->err, RC_CONFLICT, MSG_UNIT_REGISTER_OLD, arg_text(text));
    }
    return rc == RC_MISSING ? RC_OK : rc;
}

static struct lineage_list list_of(const struct cx *cx, const struct unit_tree *tree)
{
    struct lineage_unit *units = ARENA_NEW(cx->arena, struct lineage_unit, (size_t)tree->count);

    for (int i = 0; i < tree->count; i++) {
        const struct unit *unit = &tree->units[i];
        units[i] = (struct lineage_unit){
            .code = unit->code,
            .name = unit->name,
            .base = unit->base,
            .level = unit->level,
            .kind = unit->kind,
            .parent = unit->parent,
        };
    }
    return (struct lineage_list){units, tree->count};
}

/* Who goes on: those beyond doubt, and those whose continuation is accepted. */
static void compare(const struct cx *cx, struct change *change)
{
    struct lineage_answer answer = {0};
    int *before_of = ARENA_NEW(cx->arena, int, (size_t)change->after->count);

    lineage_compare(list_of(cx, change->before), list_of(cx, change->after), cx->arena, &answer);
    for (int i = 0; i < change->after->count; i++) {
        before_of[i] = answer.same[i];
    }
    for (int i = 0; i < answer.link_count; i++) {
        const struct lineage_link *link = &answer.links[i];
        if (lineage_continues(link->kind) && change_accepts(change, link)) {
            before_of[link->after] = link->before;
        }
    }
    change->before_of = before_of;
    change->links = answer.links;
    change->link_count = answer.link_count;
}

/* The first register makes every unit; that needs no lineage. */
static void begin_all(const struct cx *cx, struct change *change)
{
    int *before_of = ARENA_NEW(cx->arena, int, (size_t)change->after->count);

    for (int i = 0; i < change->after->count; i++) {
        before_of[i] = NONE;
    }
    change->before_of = before_of;
}

static enum rc write_register(const struct cx *cx, const struct register_options *options,
                              const struct change *change)
{
    const struct val row[] = {
        v_int(date_key(options->as_of)),
        v_int(change->batch),
        v_blob(hash_bytes(&options->file_hash)),
        v_int(change->after->count),
    };

    return db_change_one(cx->db, &REGISTER_INSERT, row, cx->err);
}

/* The first register is the office's; a later one stands in the log of the root unit, with a
 * digest a partition of what was confirmed at once, and each partition is told. */
static enum rc write_event(const struct cx *cx, const struct register_options *options,
                           const struct change *change, const struct lineage_row *rows)
{
    bool is_first = change->before->count == 0;
    struct event_body body;
    struct event_ref ref = {0};
    struct lineage_digest *digests = NULL;
    int count = 0;

    lineage_digests(cx, rows, change->link_count, &digests, &count);
    event_body_init(&body, cx->arena);
    event_body_int(&body, change->batch);
    event_body_int(&body, date_key(options->as_of));
    event_body_hash(&body, options->file_hash);
    event_body_int(&body, change->after->count);
    event_body_int(&body, change->link_count);
    lineage_put_digests(&body, digests, count);
    TRY(event_add(cx, is_first ? LOG_OFFICE : change->ids[0], STR("register.import"), &body, NULL,
                  &ref));
    const struct lineage_act act = {STR("lineage.confirm"), change->batch, digests, count};
    TRY(lineage_tell_homes(cx, &act, &ref));
    TRY(lineage_tell_logs(cx, rows, change->link_count, &ref));
    return register_stamp(cx, &ref);
}

static void count_result(const struct change *change, struct register_result *out)
{
    int goes_on = 0;
    int confirmed = 0;

    for (int i = 0; i < change->after->count; i++) {
        goes_on += change->before_of[i] == NONE ? 0 : 1;
    }
    for (int i = 0; i < change->link_count; i++) {
        confirmed += change_accepts(change, &change->links[i]) ? 1 : 0;
    }
    *out = (struct register_result){
        .batch = change->batch,
        .unit_count = change->after->count,
        .created = change->after->count - goes_on,
        .ended = change->before->count - goes_on,
        .going_on = goes_on,
        .confirmed = confirmed,
        .proposed = change->link_count - confirmed,
    };
}

static enum rc write_change(const struct cx *cx, const struct register_options *options,
                            struct change *change, struct register_result *out)
{
    struct batch batch = {
        .kind = STR("register"),
        .file_name = options->file_name,
        .file = options->file_hash,
        .unit_count = change->after->count,
    };

    TRY(batch_add(cx, &batch));
    change->batch = batch.id;
    TRY(write_register(cx, options, change));
    TRY(change_write(cx, change));
    struct lineage_row *rows = ARENA_NEW(cx->arena, struct lineage_row, (size_t)change->link_count);
    TRY(change_write_lineage(cx, change, rows));
    TRY(write_event(cx, options, change, rows));
    count_result(change, out);
    batch.changed_count = out->created + out->ended;
    return batch_count(cx, &batch);
}

enum rc register_import(const struct cx *cx, const struct register_reader *rows,
                        const struct register_options *options, struct register_result *out)
{
    const struct programme *programme = rows->programme;
    struct unit_tree before = {.programme = programme};
    struct unit_tree after = {.programme = programme, .at = options->as_of};
    bool is_first = true;
    bool is_again = false;

    if (rows->count == 0) {
        return err_set(cx->err, RC_INVALID, MSG_UNIT_REGISTER_EMPTY);
    }
    TRY(tree_of_rows(cx, rows, &after));
    TRY(check_order(cx, options, &is_first, &is_again));
    if (is_again) {
        *out = (struct register_result){.unit_count = rows->count, .going_on = rows->count};
        return RC_OK;
    }
    struct change change = {
        .programme = programme,
        .before = &before,
        .after = &after,
        .ids = ARENA_NEW(cx->arena, struct unit_id, (size_t)after.count),
        .accept_min = options->accept_min,
        .day = options->as_of,
    };
    if (is_first) {
        begin_all(cx, &change);
    } else {
        TRY(unit_tree_load(cx, programme, options->as_of, &before));
        compare(cx, &change);
    }
    return write_change(cx, options, &change, out);
}
