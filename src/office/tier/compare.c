/* Two runs side by side: who moved. */
#include "office/tier/tier.h"

static const struct column_row COLUMNS[] = {
    {STR_INIT("code"), MSG_TIER_COLUMN_CODE, 15, true},
    {STR_INIT("name"), MSG_TIER_COLUMN_UNIT, 20, false},
    {STR_INIT("before"), MSG_TIER_BEFORE, 18, false},
    {STR_INIT("after"), MSG_TIER_AFTER, 18, false},
    {STR_INIT("score_before"), MSG_TIER_SCORE_BEFORE, 10, false},
    {STR_INIT("score_after"), MSG_TIER_SCORE_AFTER, 10, false},
};

struct side {
    const struct unit_tree *tree;
    struct tier_result *results; /* by place in the tree */
    bool *has;
};

static enum rc take(void *self, struct unit_id unit, const struct tier_result *result)
{
    struct side *side = self;
    int place = unit_tree_find_id(side->tree, unit);

    if (place != NONE) {
        side->results[place] = *result;
        side->has[place] = true;
    }
    return RC_OK;
}

static enum rc load(const struct cx *cx, const struct unit_tree *tree, int64_t run,
                    struct side *out)
{
    *out = (struct side){
        .tree = tree,
        .results = ARENA_NEW(cx->arena, struct tier_result, (size_t)tree->count),
        .has = ARENA_NEW(cx->arena, bool, (size_t)tree->count),
    };
    return tier_each(cx, run, take, out);
}

static struct out tier_name(const struct cx *cx, const struct tier_comparison *in,
                            const struct run *run, const struct side *side, int place)
{
    int scheme = programme_scheme(in->programme, run->scheme);
    int tier = side->has[place] ? side->results[place].tier : TIER_NONE;

    for (int i = 0; tier != TIER_NONE && i < in->programme->tier_count; i++) {
        const struct tier *about = &in->programme->tiers[i];
        tier -= about->scheme == scheme ? 1 : 0;
        if (about->scheme == scheme && tier < 0) {
            return out_toned(out_named(about->id, text_in(about->name, cx->lang)), about->tone);
        }
    }
    return out_none(STR("undecided"), msg_text(cx->lang, MSG_TIER_UNDECIDED));
}

static bool has_moved(const struct side *before, const struct side *after, int place)
{
    return before->has[place] != after->has[place] ||
           (after->has[place] && before->results[place].tier != after->results[place].tier);
}

enum rc tier_compare(const struct cx *cx, const struct tier_comparison *comparison,
                     const struct table_sink *sink)
{
    const struct unit_tree *tree = comparison->tree;
    struct side before;
    struct side after;
    const struct table table = {
        .name = STR("runs_compared"),
        .title = msg_text(cx->lang, MSG_TIER_COMPARE_TITLE),
        .columns = columns_in(cx->lang, COLUMNS, COUNT_OF(COLUMNS), cx->arena),
        .column_count = COUNT_OF(COLUMNS),
    };

    TRY(load(cx, tree, comparison->before->id, &before));
    TRY(load(cx, tree, comparison->after->id, &after));
    TRY(sink->begin(sink->self, &table));
    for (int i = 0; i < tree->count; i++) {
        if (!has_moved(&before, &after, i)) {
            continue;
        }
        const struct out cells[] = {
            out_text(tree->units[i].code),
            out_text(tree->units[i].name),
            tier_name(cx, comparison, comparison->before, &before, i),
            tier_name(cx, comparison, comparison->after, &after, i),
            out_fixed(before.results[i].score / 100, 2),
            out_fixed(after.results[i].score / 100, 2),
        };
        TRY(sink->row(sink->self, cells));
    }
    return sink->end(sink->self);
}
