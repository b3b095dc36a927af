/* The cube of a level and period, kept between one question and the next: believed only as it was
 * sealed, brought up to date by what came in since (contract A7, decision 0023). */
#include "office/file/batch.h"
#include "office/indicator/rollup_in.h"

enum {
    FORMAT = 1,       /* rises with every change of what the cube's columns mean */
    CHANGED_PART = 4, /* of all units, one in so many: more changed are made anew */
    NAME_BYTES_MAX = 64,
};

/* ---- whose cube it is ---- */

static struct cube_stamp stamp_of(const struct rollup *in, int64_t generation)
{
    const struct panel *panel = in->panel;
    struct cube_stamp stamp = {.generation = (uint64_t)generation};
    struct buf buf;
    str text = {0};

    buf_init(&buf, panel->cx->arena, 256);
    buf_int(&buf, FORMAT);
    buf_char(&buf, ' ');
    buf_put(&buf, hash_hex(panel->programme->hash, panel->cx->arena));
    buf_char(&buf, ' ');
    buf_int(&buf, panel->level);
    buf_char(&buf, ' ');
    buf_int(&buf, panel->period.key);
    buf_char(&buf, ' ');
    buf_int(&buf, panel->tree->register_day.days);
    MUST(buf_done(&buf, &text));
    struct hash hash = hash_of(text);
    memcpy(stamp.key, hash.bytes, sizeof(stamp.key));
    return stamp;
}

/* One file a level and period: a newer cube takes the place of an older. */
static str path_of(const struct rollup *in, str directory)
{
    const struct panel *panel = in->panel;
    struct buf buf;
    str path = {0};

    buf_init(&buf, panel->cx->arena, directory.len + NAME_BYTES_MAX + 256);
    buf_put(&buf, directory);
    buf_put(&buf, STR("/cube-"));
    buf_put(&buf, panel->programme->levels[panel->level].id);
    buf_char(&buf, '-');
    buf_int(&buf, panel->period.key);
    MUST(buf_done(&buf, &path));
    return path;
}

/* ---- what changed since ---- */

struct changes {
    const struct rollup *rollup;
    bool *is_changed; /* by place in the tree */
    int count;
    bool is_more; /* not values alone */
};

static enum rc note_row(void *self, const struct value_row *row)
{
    struct changes *changes = self;
    const struct unit_tree *tree = changes->rollup->tree;
    int place = unit_tree_find_id(tree, row->unit);

    if (place != NONE && tree->units[place].level == changes->rollup->panel->level &&
        !changes->is_changed[place]) {
        changes->is_changed[place] = true;
        changes->count++;
    }
    return RC_OK;
}

static enum rc note_batch(void *self, int64_t id, str kind)
{
    struct changes *changes = self;

    if (str_equal(kind, STR("wishes"))) {
        return RC_OK;
    }
    changes->is_more = changes->is_more || !str_equal(kind, STR("ledger"));
    return changes->is_more ? RC_OK
                            : value_batch_each(changes->rollup->panel->cx, id, note_row, changes);
}

/* The lowest unit that all changed ones lie in: only its values need to be looked at. */
static int common_place(const struct changes *changes)
{
    const struct unit *units = changes->rollup->tree->units;
    int within = NONE;

    for (int i = 0; i < changes->rollup->tree->count; i++) {
        if (changes->is_changed[i] && within == NONE) {
            within = i;
        }
        while (changes->is_changed[i] && i >= units[within].end) {
            within = units[within].parent;
        }
    }
    return within;
}

/* ---- bringing it up to date ---- */

static enum rc set_value(const struct rollup *in, int leaf, int number, double value,
                         enum expr_state state)
{
    enum expr_state held = EXPR_MISSING;
    double was = cube_value(in->cube, (uint32_t)leaf, number, &held);
    bool is_same = held == state && (state != EXPR_KNOWN || was == value);

    return is_same ? RC_OK
                   : cube_set(in->cube, (uint32_t)leaf, number, value, state, in->panel->cx->err);
}

static enum rc set_column(const struct rollup *in, const struct rollup_column *column,
                          enum expr_state counts, int leaf)
{
    struct rollup_cell cell = rollup_cell(in, column, counts, leaf);

    if (column->num == NONE) {
        return RC_OK;
    }
    if (column->den != NONE) {
        TRY(set_value(in, leaf, column->den, cell.den, cell.state));
    }
    return set_value(in, leaf, column->num, cell.num, cell.state);
}

static enum rc set_derived(const struct rollup *in, int indicator, int leaf)
{
    enum expr_state counts = rollup_counting_at(in, indicator, leaf);

    TRY(set_value(in, leaf, in->own[indicator].num, 1.0, counts));
    for (int i = 0; i < in->inputs[indicator].count; i++) {
        TRY(set_column(in, &in->inputs[indicator].columns[i], counts, leaf));
    }
    return RC_OK;
}

static enum rc set_leaf(const struct rollup *in, int leaf)
{
    for (int i = 0; i < in->panel->programme->indicator_count; i++) {
        if (in->own[i].num != NONE) {
            TRY(rollup_is_from_inputs(in, i) ? set_derived(in, i, leaf)
                                             : set_column(in, &in->own[i], EXPR_KNOWN, leaf));
        }
    }
    return RC_OK;
}

/* The values of the changed units alone, put into the kept cube. */
static enum rc update(const struct rollup *kept, const struct panel_of *of,
                      const struct changes *changes)
{
    struct arena *arena = kept->panel->cx->arena;
    struct rollup_leaf *leaves = ARENA_NEW(arena, struct rollup_leaf, (size_t)kept->leaf_count);
    struct panel_of part = *of;
    struct panel panel = {0};
    struct rollup now = *kept;

    part.within = common_place(changes);
    TRY(panel_load(kept->panel->cx, &part, kept->panel->period, &panel));
    now.panel = &panel;
    now.leaves = leaves;
    for (int i = 0; i < kept->leaf_count; i++) {
        leaves[i] = kept->leaves[i];
        leaves[i].row = panel.rows[leaves[i].place];
        if (changes->is_changed[leaves[i].place]) {
            TRY(set_leaf(&now, i));
        }
    }
    return RC_OK;
}

/* ---- keeping it ---- */

/* A reader who may not write goes without: the next one makes it anew. */
static void keep(const struct rollup *in, const struct cube_stamp *stamp, str directory, str path)
{
    struct err ignored = {0};
    enum rc rc = file_is_directory(directory) ? RC_OK : file_make_directory(directory, &ignored);

    if (rc == RC_OK) {
        rc = file_write_whole(path, cube_to_bytes(in->cube, stamp), &ignored);
    }
    (void)rc;
}

/* True when a sealed cube of this key lies there. */
static bool take_kept(struct rollup *out, const struct cube_stamp *stamp, str path)
{
    const struct cx *cx = out->panel->cx;
    struct err ignored = {0};

    if (file_map(path, &out->map, &ignored) != RC_OK) {
        return false;
    }
    if (cube_from_bytes(out->map.at, out->map.len, stamp->key, cx->arena, &out->cube, &ignored) !=
        RC_OK) {
        file_unmap(&out->map);
        return false;
    }
    return cube_generation(out->cube) <= stamp->generation;
}

/* `*out_done`: the kept cube is of today's data now. */
static enum rc bring_up_to_date(struct rollup *kept, const struct panel_of *of, bool *out_done)
{
    const struct cx *cx = kept->panel->cx;
    struct changes changes = {
        .rollup = kept,
        .is_changed = ARENA_NEW(cx->arena, bool, (size_t)kept->tree->count),
    };

    TRY(batch_each_after(cx, (int64_t)cube_generation(kept->cube), note_batch, &changes));
    *out_done = !changes.is_more && changes.count <= kept->leaf_count / CHANGED_PART;
    if (*out_done && changes.count > 0) {
        TRY(update(kept, of, &changes));
    }
    return RC_OK;
}

static enum rc make_anew(struct rollup *out, const struct panel_of *of,
                         const struct cube_tree *tree)
{
    const struct panel *frame = out->panel;
    struct panel panel = {0};

    TRY(panel_load(frame->cx, of, frame->period, &panel));
    out->panel = &panel;
    enum rc rc = rollup_fill_cube(out, tree);
    out->panel = frame;
    return rc;
}

enum rc rollup_open(const struct cx *cx, const struct panel_of *of, struct period period,
                    str directory, struct rollup *out)
{
    struct panel *frame = ARENA_NEW(cx->arena, struct panel, 1);
    struct cube_tree tree = {0};
    int64_t generation = 0;
    bool is_current = false;

    *out = (struct rollup){0};
    panel_frame(cx, of, period, frame);
    TRY(rollup_shape(frame, NULL, &tree, out));
    TRY(batch_newest(cx, &generation));
    const struct cube_stamp stamp = stamp_of(out, generation);
    str path = directory.len == 0 ? STR("") : path_of(out, directory);
    bool is_kept = path.len > 0 && take_kept(out, &stamp, path);
    if (is_kept && cube_generation(out->cube) == stamp.generation) {
        return RC_OK;
    }
    if (is_kept) {
        TRY(bring_up_to_date(out, of, &is_current));
    }
    if (!is_current) {
        TRY(make_anew(out, of, &tree));
    }
    if (path.len > 0) {
        keep(out, &stamp, directory, path);
    }
    return RC_OK;
}

void rollup_close(struct rollup *rollup)
{
    file_unmap(&rollup->map);
}
