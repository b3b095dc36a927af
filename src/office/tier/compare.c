/* Two runs side by side: who moved, and why. */
#include "base/must.h"
#include "office/tier/tier_in.h"

static const struct column_row COLUMNS[] = {
    {STR_INIT("code"), MSG_TIER_COLUMN_CODE, 15, true},
    {STR_INIT("name"), MSG_TIER_COLUMN_UNIT, 20, false},
    {STR_INIT("before"), MSG_TIER_BEFORE, 18, false},
    {STR_INIT("after"), MSG_TIER_AFTER, 18, false},
    {STR_INIT("why"), MSG_TIER_WHY, 40, false},
    {STR_INIT("score_before"), MSG_TIER_SCORE_BEFORE, 10, false},
    {STR_INIT("score_after"), MSG_TIER_SCORE_AFTER, 10, false},
    {STR_INIT("rank_before"), MSG_TIER_RANK_BEFORE, 10, false},
    {STR_INIT("rank_after"), MSG_TIER_RANK_AFTER, 10, false},
};

/* What moved a unit: its own doing, a gate, a decision, or the others. */
enum why {
    WHY_NEW,
    WHY_GONE,
    WHY_DECIDED,
    WHY_RELEASED,
    WHY_UNKNOWN,
    WHY_KNOWN,
    WHY_GATE,
    WHY_GATE_OPEN,
    WHY_GATE_PASSED,
    WHY_FELL,
    WHY_ROSE,
    WHY_OVERTAKEN,
    WHY_FREED,
};

static const struct {
    str key;
    enum msg_id says;
} WHYS[] = {
    [WHY_NEW] = {STR_INIT("new"), MSG_TIER_WHY_NEW},
    [WHY_GONE] = {STR_INIT("gone"), MSG_TIER_WHY_GONE},
    [WHY_DECIDED] = {STR_INIT("decided"), MSG_TIER_WHY_DECIDED},
    [WHY_RELEASED] = {STR_INIT("released"), MSG_TIER_WHY_RELEASED},
    [WHY_UNKNOWN] = {STR_INIT("too_little_known"), MSG_TIER_WHY_UNKNOWN},
    [WHY_KNOWN] = {STR_INIT("enough_known"), MSG_TIER_WHY_KNOWN},
    [WHY_GATE] = {STR_INIT("gate_failed"), MSG_TIER_WHY_GATE},
    [WHY_GATE_OPEN] = {STR_INIT("gate_undetermined"), MSG_TIER_WHY_GATE_OPEN},
    [WHY_GATE_PASSED] = {STR_INIT("gate_passed"), MSG_TIER_WHY_GATE_PASSED},
    [WHY_FELL] = {STR_INIT("score_fell"), MSG_TIER_WHY_FELL},
    [WHY_ROSE] = {STR_INIT("score_rose"), MSG_TIER_WHY_ROSE},
    [WHY_OVERTAKEN] = {STR_INIT("overtaken"), MSG_TIER_WHY_OVERTAKEN},
    [WHY_FREED] = {STR_INIT("place_freed"), MSG_TIER_WHY_FREED},
};

struct side {
    const struct cx *cx;
    const struct unit_tree *tree;
    struct tier_result *results; /* by place in the tree */
    bool *has;
    int64_t strangers; /* results of units in sight that are no longer in the tree */
};

static enum rc take(void *self, struct unit_id unit, const struct tier_result *result)
{
    struct side *side = self;
    int place = unit_tree_find_id(side->tree, unit);
    bool is_seen = false;

    TRY(cx_sees(side->cx, unit, &is_seen));
    if (!is_seen) {
        return RC_OK;
    }
    if (place == NONE) {
        side->strangers++;
        return RC_OK;
    }
    side->results[place] = *result;
    side->has[place] = true;
    return RC_OK;
}

static enum rc load(const struct cx *cx, const struct unit_tree *tree, int64_t run,
                    struct side *out)
{
    *out = (struct side){
        .cx = cx,
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

    return tier_kept_out(cx, in->programme, scheme,
                         side->has[place] ? side->results[place].tier : TIER_NONE);
}

static bool has_moved(const struct side *before, const struct side *after, int place)
{
    return before->has[place] != after->has[place] ||
           (after->has[place] && before->results[place].tier != after->results[place].tier);
}

static enum why why_lower(const struct tier_result *before, const struct tier_result *after)
{
    if (after->reason == REASON_GATE) {
        return WHY_GATE;
    }
    if (after->reason == REASON_GATE_UNDETERMINED) {
        return WHY_GATE_OPEN;
    }
    return after->score < before->score ? WHY_FELL : WHY_OVERTAKEN;
}

static enum why why_higher(const struct tier_result *before, const struct tier_result *after)
{
    if (before->reason == REASON_GATE || before->reason == REASON_GATE_UNDETERMINED) {
        return WHY_GATE_PASSED;
    }
    return after->score > before->score ? WHY_ROSE : WHY_FREED;
}

/* Decisions come before data, data before gates, gates before scores: the first that applies. */
static enum why why_of(const struct side *before, const struct side *after, int place)
{
    const struct tier_result *was = &before->results[place];
    const struct tier_result *is = &after->results[place];

    if (!before->has[place] || !after->has[place]) {
        return before->has[place] ? WHY_GONE : WHY_NEW;
    }
    if (is->reason == REASON_LOCKED || was->reason == REASON_LOCKED) {
        return is->reason == REASON_LOCKED ? WHY_DECIDED : WHY_RELEASED;
    }
    if (is->tier == TIER_NONE || was->tier == TIER_NONE) {
        return is->tier == TIER_NONE ? WHY_UNKNOWN : WHY_KNOWN;
    }
    return is->tier > was->tier ? why_lower(was, is) : why_higher(was, is);
}

static struct out score_out(const struct side *side, int place)
{
    return side->has[place] ? out_fixed(side->results[place].score / 100, 2)
                            : out_none(STR("none"), STR(""));
}

static struct out rank_out(const struct side *side, int place)
{
    return side->has[place] && side->results[place].rank > 0 ? out_int(side->results[place].rank)
                                                             : out_none(STR("none"), STR(""));
}

static enum rc put_moved(const struct cx *cx, const struct tier_comparison *comparison,
                         const struct side *before, const struct side *after,
                         const struct table_sink *sink)
{
    const struct unit_tree *tree = comparison->tree;

    for (int i = 0; i < tree->count; i++) {
        if (!has_moved(before, after, i)) {
            continue;
        }
        enum why reason = why_of(before, after, i);
        const struct out cells[] = {
            out_text(tree->units[i].code),
            out_text(tree->units[i].name),
            tier_name(cx, comparison, comparison->before, before, i),
            tier_name(cx, comparison, comparison->after, after, i),
            out_named(WHYS[reason].key, msg_text(cx->lang, WHYS[reason].says)),
            score_out(before, i),
            score_out(after, i),
            rank_out(before, i),
            rank_out(after, i),
        };
        TRY(sink->row(sink->self, cells));
    }
    return RC_OK;
}

static str strangers_note(const struct cx *cx, int64_t count)
{
    const struct arg arg = arg_count(count);
    struct buf buf;
    str text = {0};

    buf_init(&buf, cx->arena, 1024);
    msg_put(&buf, cx->lang, MSG_TIER_COMPARE_STRANGERS, &arg, 1);
    MUST(buf_done(&buf, &text));
    return text;
}

enum rc tier_compare(const struct cx *cx, const struct tier_comparison *comparison,
                     const struct table_sink *sink)
{
    struct side before;
    struct side after;

    TRY(load(cx, comparison->tree, comparison->before->id, &before));
    TRY(load(cx, comparison->tree, comparison->after->id, &after));
    const str notes[] = {strangers_note(cx, before.strangers)};
    const struct table table = {
        .name = STR("runs_compared"),
        .title = msg_text(cx->lang, MSG_TIER_COMPARE_TITLE),
        .columns = columns_in(cx->lang, COLUMNS, COUNT_OF(COLUMNS), cx->arena),
        .column_count = COUNT_OF(COLUMNS),
        .notes = notes,
        .note_count = before.strangers > 0 ? 1 : 0,
    };
    TRY(sink->begin(sink->self, &table));
    TRY(put_moved(cx, comparison, &before, &after, sink));
    return sink->end(sink->self);
}
