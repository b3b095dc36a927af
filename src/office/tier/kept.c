/* What a kept run said of the units in sight. */
#include "office/tier/tier_in.h"

static const struct column_row COLUMNS[] = {
    {STR_INIT("code"), MSG_TIER_COLUMN_CODE, 15, true},
    {STR_INIT("name"), MSG_TIER_COLUMN_UNIT, 20, false},
    {STR_INIT("tier"), MSG_TIER_COLUMN_TIER, 18, false},
    {STR_INIT("score"), MSG_TIER_COLUMN_SCORE, 10, false},
    {STR_INIT("rank"), MSG_TIER_COLUMN_RANK, 10, false},
};

struct listing {
    const struct cx *cx;
    const struct unit_tree *tree;
    const struct programme *programme;
    int scheme;
    const struct table_sink *sink;
};

struct out tier_kept_out(const struct cx *cx, const struct programme *programme, int scheme,
                         int tier)
{
    for (int i = 0; tier != TIER_NONE && i < programme->tier_count; i++) {
        const struct tier *about = &programme->tiers[i];
        tier -= about->scheme == scheme ? 1 : 0;
        if (about->scheme == scheme && tier < 0) {
            return tier_named(cx, about);
        }
    }
    return out_none(STR("undecided"), msg_text(cx->lang, MSG_TIER_UNDECIDED));
}

static enum rc put_one(void *self, struct unit_id unit, const struct tier_result *result)
{
    const struct listing *in = self;
    const struct cx *cx = in->cx;
    int place = unit_tree_find_id(in->tree, unit);
    bool is_seen = false;

    TRY(cx_sees(cx, unit, &is_seen));
    if (!is_seen || place == NONE) {
        return RC_OK;
    }
    const struct out none = out_none(STR("none"), STR(""));
    const struct out cells[] = {
        out_text(in->tree->units[place].code),
        out_text(in->tree->units[place].name),
        tier_kept_out(cx, in->programme, in->scheme, result->tier),
        out_fixed(result->score / 100, 2),
        result->rank > 0 ? out_int(result->rank) : none,
    };
    return in->sink->row(in->sink->self, cells);
}

enum rc tier_kept_table(const struct cx *cx, const struct unit_tree *tree, const struct run *run,
                        const struct table_sink *sink)
{
    struct listing in = {
        .cx = cx,
        .tree = tree,
        .programme = tree->programme,
        .scheme = programme_scheme(tree->programme, run->scheme),
        .sink = sink,
    };
    const struct table table = {
        .name = STR("tiers_kept"),
        .title = msg_text(cx->lang, MSG_TIER_KEPT_TITLE),
        .columns = columns_in(cx->lang, COLUMNS, COUNT_OF(COLUMNS), cx->arena),
        .column_count = COUNT_OF(COLUMNS),
    };

    TRY(sink->begin(sink->self, &table));
    TRY(tier_each(cx, run->id, put_one, &in));
    return sink->end(sink->self);
}
