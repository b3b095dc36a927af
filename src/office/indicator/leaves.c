/* The leaves of a roll-up: whole units in the boundaries of their own time, parts of them in later
 * ones; and what each gives to the sums (contracts B9). */
#include "office/indicator/rollup_in.h"

#include <math.h>
#include <stdlib.h>

#include "base/num.h"

static int by_place(const void *a, const void *b)
{
    const struct rollup_leaf *first = a;
    const struct rollup_leaf *second = b;

    return first->place != second->place ? first->place - second->place : first->row - second->row;
}

/* Of a unit that has come to stand lower than its level, the unit above is the leaf's place. */
static int place_of_leaf(const struct rollup *in, int place)
{
    while (in->level_of[place] == NONE) {
        place = in->tree->units[place].parent;
    }
    return place;
}

/* The parts of one unit, in its own boundaries itself. */
static void add_parts(const struct rollup_bounds *bounds, struct rollup_leaf leaf,
                      struct rollup *out, struct rollup_leaf *leaves)
{
    int from = leaf.place;

    if (bounds == NULL) {
        leaves[out->leaf_count++] = leaf;
        return;
    }
    for (int i = bounds->crosswalk->first[from]; i < bounds->crosswalk->first[from + 1]; i++) {
        const struct unit_share *share = &bounds->crosswalk->shares[i];
        leaf.place = place_of_leaf(out, share->to);
        leaf.share = (double)share->num / (double)share->den;
        leaf.is_whole = share->is_whole;
        leaves[out->leaf_count++] = leaf;
    }
}

static void find_first(struct rollup *out)
{
    struct arena *arena = out->panel->cx->arena;
    int *first = ARENA_NEW(arena, int, (size_t)out->tree->count + 1);
    uint32_t *numbers = ARENA_NEW(arena, uint32_t, (size_t)out->leaf_count);
    int at = 0;

    for (int place = 0; place <= out->tree->count; place++) {
        while (at < out->leaf_count && out->leaves[at].place < place) {
            at++;
        }
        first[place] = at;
    }
    for (int i = 0; i < out->leaf_count; i++) {
        numbers[i] = (uint32_t)i;
    }
    out->first_leaf = first;
    out->leaf_numbers = numbers;
}

void rollup_find_leaves(const struct rollup_bounds *bounds, struct rollup *out)
{
    const struct panel *panel = out->panel;
    int room = bounds == NULL ? panel->count : bounds->crosswalk->count;
    struct rollup_leaf *leaves = ARENA_NEW(panel->cx->arena, struct rollup_leaf, (size_t)room);
    uint32_t kinds = panel_asked_kinds(panel);

    for (int row = 0; row < panel->count; row++) {
        const struct rollup_leaf leaf = {
            .row = row,
            .place = panel->places[row],
            .share = 1.0,
            .is_whole = true,
            .is_asked = panel_asks(panel, row, kinds),
        };
        add_parts(bounds, leaf, out, leaves);
    }
    qsort(leaves, (size_t)out->leaf_count, sizeof(*leaves), by_place);
    out->leaves = leaves;
    find_first(out);
}

/* A mean that is weighted cannot stay one where units come in parts: there it is the sum of value
 * times weight over the sum of weights. */
bool rollup_is_pair(const struct rollup *rollup, int indicator)
{
    const struct indicator *about = &rollup->panel->programme->indicators[indicator];

    if (about->aggregate == AGGREGATE_WEIGHTED) {
        return rollup->is_moved && about->weight != NONE;
    }
    return about->aggregate == AGGREGATE_RATIO && about->type == VALUE_PERCENT;
}

static double plain_value(const struct panel_column *column, int row)
{
    return column->num == NULL ? column->value[row]
                               : (double)column->num[row] / (double)column->den[row];
}

/* One row, before it is taken apart. */
struct sides {
    double num;
    double den; /* NaN where nobody knows it */
};

/* A village that gave only a percentage has as many of what it is a percentage of as it reported;
 * where it did not report them, its percentage says nothing about the sum. */
static struct sides sides_of_ratio(const struct panel *panel, int indicator, int row)
{
    const struct indicator *about = &panel->programme->indicators[indicator];
    const struct panel_column *column = &panel->columns[indicator];
    bool is_bare =
        about->denominator != NONE && column->den[row] == 100 * num_pow10(about->decimals);

    if (!is_bare) {
        return (struct sides){(double)column->num[row], (double)column->den[row]};
    }
    double den = panel_number(panel, about->denominator, row);
    return (struct sides){den * (double)column->num[row] / (double)column->den[row], den};
}

static struct sides sides_of_mean(const struct panel *panel, int indicator, int row)
{
    double value = plain_value(&panel->columns[indicator], row);
    double weight = panel_number(panel, panel->programme->indicators[indicator].weight, row);

    return (struct sides){value * weight, weight};
}

static struct sides sides_of(const struct rollup *in, int indicator, int row)
{
    switch (in->panel->programme->indicators[indicator].aggregate) {
    case AGGREGATE_RATIO:
        return sides_of_ratio(in->panel, indicator, row);
    case AGGREGATE_WEIGHTED:
        return sides_of_mean(in->panel, indicator, row);
    case AGGREGATE_NONE:
    case AGGREGATE_SUM:
    case AGGREGATE_FROM_INPUTS:
    case AGGREGATE_COUNT_TRUE:
    case AGGREGATE_MIN:
    case AGGREGATE_MAX:
    case AGGREGATE_MEDIAN:
        break;
    }
    NEVER("no pair");
}

/* Sums are taken apart; what cannot be stays with units that are what they were. */
static bool can_move(const struct rollup *in, int indicator, const struct rollup_leaf *leaf)
{
    bool is_sum = in->panel->programme->indicators[indicator].aggregate == AGGREGATE_SUM;

    return leaf->is_whole || is_sum || rollup_is_pair(in, indicator);
}

/* A unit that nobody asks is not expected to answer; where it does, it counts. */
static enum expr_state state_of(const struct rollup *in, int indicator, int leaf)
{
    const struct rollup_leaf *part = &in->leaves[leaf];
    enum expr_state state = panel_state(in->panel, indicator, part->row);

    if (state == EXPR_KNOWN) {
        return can_move(in, indicator, part) ? EXPR_KNOWN : EXPR_MISSING;
    }
    return state == EXPR_MISSING && !part->is_asked ? EXPR_NOT_APPLICABLE : state;
}

static struct rollup_cell pair_cell(const struct rollup *in, int indicator, int leaf)
{
    const struct rollup_leaf *part = &in->leaves[leaf];
    struct sides sides = sides_of(in, indicator, part->row);

    return (struct rollup_cell){
        .num = sides.num * part->share,
        .den = sides.den * part->share,
        .state = isnan(sides.den) ? EXPR_MISSING : EXPR_KNOWN,
    };
}

static struct rollup_cell plain_cell(const struct rollup *in, int indicator, int leaf)
{
    const struct rollup_leaf *part = &in->leaves[leaf];
    bool is_sum = in->panel->programme->indicators[indicator].aggregate == AGGREGATE_SUM;
    double value = plain_value(&in->panel->columns[indicator], part->row);

    return (struct rollup_cell){
        .num = is_sum ? value * part->share : value,
        .den = (double)NAN,
        .state = EXPR_KNOWN,
    };
}

struct rollup_cell rollup_cell(const struct rollup *rollup, const struct rollup_column *to,
                               enum expr_state counts, int leaf)
{
    enum expr_state state = counts == EXPR_KNOWN ? state_of(rollup, to->indicator, leaf) : counts;

    if (state != EXPR_KNOWN) {
        return (struct rollup_cell){(double)NAN, (double)NAN, state};
    }
    return to->den != NONE ? pair_cell(rollup, to->indicator, leaf)
                           : plain_cell(rollup, to->indicator, leaf);
}

struct rollup_filling rollup_fill(const struct rollup *rollup, const struct rollup_column *to,
                                  const uint8_t *counts)
{
    struct arena *arena = rollup->panel->cx->arena;
    size_t count = (size_t)rollup->leaf_count;
    struct rollup_filling out = {
        .num = ARENA_NEW(arena, double, count),
        .den = ARENA_NEW(arena, double, count),
        .state = ARENA_NEW(arena, uint8_t, count),
    };

    for (int i = 0; i < rollup->leaf_count; i++) {
        enum expr_state count_as = counts == NULL ? EXPR_KNOWN : (enum expr_state)counts[i];
        struct rollup_cell cell = rollup_cell(rollup, to, count_as, i);
        out.num[i] = cell.num;
        out.den[i] = cell.den;
        out.state[i] = (uint8_t)cell.state;
    }
    return out;
}

/* Is everything there that a derived indicator needs? Or, without what the unit did not report, is
 * all there that it did? */
static bool has_inputs(const struct rollup *in, int indicator, int leaf, bool needs_all)
{
    const struct rollup_inputs *inputs = &in->inputs[indicator];

    for (int i = 0; i < inputs->count; i++) {
        int input = inputs->columns[i].indicator;
        bool is_reported = panel_state(in->panel, input, in->leaves[leaf].row) == EXPR_KNOWN;
        if ((needs_all || is_reported) && state_of(in, input, leaf) != EXPR_KNOWN) {
            return false;
        }
    }
    return true;
}

/* A village counts where the derived value is known; also where everything is there but the value
 * itself cannot be computed, as of a village without homes: its people belong to the sum. */
enum expr_state rollup_counting_at(const struct rollup *rollup, int indicator, int leaf)
{
    const struct rollup_leaf *part = &rollup->leaves[leaf];
    enum expr_state state = panel_state(rollup->panel, indicator, part->row);

    if (has_inputs(rollup, indicator, leaf, true)) {
        return EXPR_KNOWN;
    }
    if (state == EXPR_KNOWN) {
        return has_inputs(rollup, indicator, leaf, false) ? EXPR_KNOWN : EXPR_MISSING;
    }
    return state == EXPR_MISSING && !part->is_asked ? EXPR_NOT_APPLICABLE : state;
}

uint8_t *rollup_counting(const struct rollup *rollup, int indicator)
{
    uint8_t *counts = ARENA_NEW(rollup->panel->cx->arena, uint8_t, (size_t)rollup->leaf_count);

    for (int i = 0; i < rollup->leaf_count; i++) {
        counts[i] = (uint8_t)rollup_counting_at(rollup, indicator, i);
    }
    return counts;
}
