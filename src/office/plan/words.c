/* Words that several sheets of the plan use. */
#include "base/num.h"
#include "office/plan/plan_in.h"

enum { SENTENCE_BYTES_MAX = 8192 };

static str msg(const struct plan_case *plan, enum msg_id id)
{
    return msg_text(plan->cx->lang, id);
}

str plan_sentence(const struct plan_case *plan, enum msg_id id, const struct arg *args, int count)
{
    struct buf buf;
    str text = {0};

    buf_init(&buf, plan->cx->arena, SENTENCE_BYTES_MAX);
    msg_put(&buf, plan->cx->lang, id, args, count);
    return buf_done(&buf, &text) ? text : STR("…");
}

str plan_path(const struct plan_case *plan, int unit)
{
    struct buf path;
    str text = {0};

    buf_init(&path, plan->cx->arena, SENTENCE_BYTES_MAX);
    unit_tree_put_path(plan->tiers->tree, unit, &path);
    MUST(buf_done(&path, &text));
    return text;
}

static bool is_money(const struct plan_row *row)
{
    return row->kind == ROW_MONEY || row->kind == ROW_CAP;
}

str plan_row_name(const struct plan_case *plan, const struct plan_row *row)
{
    enum lang lang = plan->cx->lang;

    switch (row->kind) {
    case ROW_MONEY:
        return text_in(plan->programme->funds[row->fund].name, lang);
    case ROW_LAND:
        return msg(plan, MSG_PLAN_ROW_LAND);
    case ROW_FARMLAND:
        return msg(plan, row->is_unknown ? MSG_PLAN_ROW_FARMLAND_UNKNOWN : MSG_PLAN_ROW_FARMLAND);
    case ROW_CAP:
        return text_in(plan->programme->caps[row->fund].name, lang);
    }
    NEVER("a row of no kind");
}

str plan_row_unit(const struct plan_case *plan, const struct plan_row *row)
{
    const struct programme *programme = plan->programme;
    int land = programme->money.land_gauge;

    if (is_money(row)) {
        return text_in(programme->money.display_name, plan->cx->lang);
    }
    return land == NONE ? STR("") : text_in(programme->gauges[land].name, plan->cx->lang);
}

struct out plan_row_amount(const struct plan_case *plan, const struct plan_row *row, int64_t amount)
{
    return is_money(row) ? out_money(amount, programme_money_decimals(plan->programme))
                         : out_fixed(amount, LAND_DECIMALS);
}

str plan_value_text(const struct cx *cx, const struct indicator *indicator, double x)
{
    const struct choice *choice = indicator_choice(indicator, (int64_t)x);
    struct buf buf;
    str text = {0};

    if (indicator->type == VALUE_ENUM && choice != NULL) {
        return text_in(choice->name, cx->lang);
    }
    if (indicator->type == VALUE_BOOLEAN) {
        return msg_text(cx->lang, x > 0.5 ? MSG_VALUE_YES : MSG_VALUE_NO);
    }
    buf_init(&buf, cx->arena, NUM_TEXT_MAX);
    buf_fixed(&buf, (int64_t)(x * 10.0 + 0.5), 1);
    MUST(buf_done(&buf, &text));
    return str_ends(text, STR(".0")) ? str_part(text, 0, text.len - 2) : text;
}

str plan_standard_value(const struct plan_case *plan, const struct standard *standard)
{
    return plan_value_text(plan->cx, &plan->programme->indicators[standard->indicator],
                           standard->value);
}

str plan_standard_text(const struct plan_case *plan, const struct standard *standard)
{
    const struct indicator *indicator = &plan->programme->indicators[standard->indicator];
    bool is_word = indicator->type == VALUE_ENUM || indicator->type == VALUE_BOOLEAN;
    enum msg_id sign = is_word                ? MSG_PLAN_STANDARD_IS
                       : standard->is_at_most ? MSG_PLAN_STANDARD_AT_MOST
                                              : MSG_PLAN_STANDARD_AT_LEAST;

    return SENTENCE(plan, sign, arg_text(text_in(indicator->name, plan->cx->lang)),
                    arg_text(plan_standard_value(plan, standard)), arg_number(standard->by_year));
}

str plan_group_text(const struct plan_case *plan, int group)
{
    const struct plan_group *about = &plan->groups[group];
    str text = {0};

    for (int i = 0; i < about->count; i++) {
        str name = text_in(plan->programme->measures[about->measures[i]].name, plan->cx->lang);
        text = i == 0 ? name : SENTENCE(plan, MSG_PLAN_LIST_WORDS, arg_text(text), arg_text(name));
    }
    return text;
}

str plan_standards_text(const struct plan_case *plan, int group, int place)
{
    uint64_t due = plan_standards_due(plan, place) & plan->groups[group].standards;
    str text = {0};

    for (int s = 0; due != 0; s++, due >>= 1) {
        if ((due & 1U) != 0) {
            str one = plan_standard_text(plan, &plan->programme->standards[s]);
            text = text.len == 0
                       ? one
                       : SENTENCE(plan, MSG_PLAN_LIST_CLAUSES, arg_text(text), arg_text(one));
        }
    }
    return text;
}

str plan_lock_text(const struct plan_case *plan, const struct plan_lock *lock)
{
    const struct measure *measure = &plan->programme->measures[lock->measure];
    str name = text_in(measure->name, plan->cx->lang);

    if (lock->level > 0) {
        str level = text_in(measure->levels[lock->level - 1].name, plan->cx->lang);
        return SENTENCE(plan, MSG_PLAN_LOCK_LEVEL, arg_text(name), arg_text(level),
                        arg_text(lock->reason));
    }
    return SENTENCE(plan, lock->is_in ? MSG_PLAN_LOCK_IN : MSG_PLAN_LOCK_OUT, arg_text(name),
                    arg_text(lock->reason));
}

const struct column *plan_columns(const struct plan_case *plan, const struct column_row *rows,
                                  int count, int money)
{
    enum lang lang = plan->cx->lang;
    const struct column *made = columns_in(lang, rows, count, plan->cx->arena);
    struct column *columns = ARENA_NEW(plan->cx->arena, struct column, (size_t)count);

    memcpy(columns, made, (size_t)count * sizeof(*columns));
    columns[money].title = SENTENCE(plan, MSG_PLAN_IN_UNIT, arg_text(columns[money].title),
                                    arg_text(text_in(plan->programme->money.display_name, lang)));
    return columns;
}
