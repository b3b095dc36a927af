/* Money, land and locks, from a document. */
#include "base/num.h"
#include "office/plan/plan_in.h"

enum { LINES_MAX = 100000 };

struct reading {
    const struct cx *cx;
    const struct unit_tree *tree;
    const struct programme *programme;
    const struct plan_options *options;
    struct plan_limits *to;
};

static enum rc wrong(const struct reading *in, const struct doc *at, enum msg_id msg, str what)
{
    return err_set(in->cx->err, RC_INVALID, msg, arg_text(at->file), arg_number(at->line),
                   arg_text(what));
}

/* A name the programme does not know, and those that it knows. */
static enum rc unknown(const struct reading *in, const struct doc *at, enum msg_id msg, str what,
                       str known)
{
    return err_set(in->cx->err, RC_INVALID, msg, arg_text(at->file), arg_number(at->line),
                   arg_text(what), arg_text(known));
}

static str listed(const struct reading *in, str list, str id)
{
    struct buf buf;
    str longer = {0};

    buf_init(&buf, in->cx->arena, list.len + id.len + 2);
    buf_put(&buf, list);
    buf_put(&buf, list.len > 0 ? STR(", ") : STR(""));
    buf_put(&buf, id);
    return buf_done(&buf, &longer) ? longer : list;
}

static str known_funds(const struct reading *in)
{
    str list = STR("");

    for (int i = 0; i < in->programme->fund_count; i++) {
        list = listed(in, list, in->programme->funds[i].id);
    }
    return list;
}

static str known_measures(const struct reading *in)
{
    str list = STR("");

    for (int i = 0; i < in->programme->measure_count; i++) {
        list = listed(in, list, in->programme->measures[i].id);
    }
    return list;
}

static enum rc text_of(const struct reading *in, const struct doc *line, str key, str *out)
{
    const struct doc *child = doc_get(line, key);

    if (child == NULL || child->kind != DOC_TEXT) {
        return wrong(in, line, MSG_PLAN_LINE_LACKS, key);
    }
    *out = child->text;
    return RC_OK;
}

static enum rc unit_of(const struct reading *in, const struct doc *line, int *out)
{
    bool is_seen = false;
    str code = {0};

    TRY(text_of(in, line, STR("unit"), &code));
    *out = unit_tree_find_code(in->tree, code);
    if (*out != NONE) { /* funds come from above, too */
        TRY(cx_sees_part(in->cx, in->tree->units[*out].id, &is_seen));
    }
    return is_seen ? RC_OK : wrong(in, line, MSG_PLAN_LINE_UNIT, code);
}

/* Lines of other years are for other plans: passed over. */
static enum rc year_of(const struct reading *in, const struct doc *line, int *out)
{
    str text = {0};
    int64_t year = 0;

    TRY(text_of(in, line, STR("year"), &text));
    if (!num_parse_int(text, 1900, 2199, &year)) {
        return wrong(in, line, MSG_PLAN_LINE_NUMBER, text);
    }
    *out = (int)year - in->options->first_year;
    return RC_OK;
}

static enum rc amount_of(const struct reading *in, const struct doc *line, str key, int decimals,
                         int64_t *out)
{
    str text = {0};

    TRY(text_of(in, line, key, &text));
    if (!num_parse_fixed(text, decimals, out) || *out < 0) {
        return wrong(in, line, MSG_PLAN_LINE_NUMBER, text);
    }
    return RC_OK;
}

static enum rc add_money(const struct reading *in, const struct doc *line,
                         const struct plan_money *money)
{
    if (money->year < 0 || money->year >= in->options->year_count) {
        return RC_OK;
    }
    if (in->to->money_count == LINES_MAX) {
        return wrong(in, line, MSG_PLAN_LINES_MANY, STR(""));
    }
    in->to->money[in->to->money_count++] = *money;
    return RC_OK;
}

static enum rc read_fund(const struct reading *in, const struct doc *line)
{
    struct plan_money money = {0};
    str fund = {0};
    int64_t amount = 0;

    TRY(text_of(in, line, STR("fund"), &fund));
    money.fund = programme_fund(in->programme, fund);
    if (money.fund == NONE) {
        return unknown(in, line, MSG_PLAN_LINE_FUND, fund, known_funds(in));
    }
    TRY(unit_of(in, line, &money.place));
    if (in->tree->units[money.place].level != in->programme->funds[money.fund].level) {
        return wrong(in, line, MSG_PLAN_LINE_LEVEL, fund);
    }
    TRY(year_of(in, line, &money.year));
    TRY(amount_of(in, line, STR("amount"), 4, &amount));
    if (__builtin_mul_overflow(amount, in->programme->money.display_fen, &money.amount)) {
        return wrong(in, line, MSG_PLAN_LINE_NUMBER, fund);
    }
    money.amount /= 10000;
    return add_money(in, line, &money);
}

static enum rc read_land(const struct reading *in, const struct doc *line)
{
    struct plan_money money = {.fund = NONE};

    TRY(unit_of(in, line, &money.place));
    TRY(year_of(in, line, &money.year));
    TRY(amount_of(in, line, STR("amount"), LAND_DECIMALS, &money.amount));
    return add_money(in, line, &money);
}

static enum rc lock_level(const struct reading *in, const struct doc *line, struct plan_lock *lock)
{
    const struct doc *child = doc_get(line, STR("level"));
    int64_t level = 0;

    if (child == NULL) {
        return RC_OK;
    }
    if (!num_parse_int(child->text, 1, in->programme->measures[lock->measure].level_count,
                       &level)) {
        return wrong(in, line, MSG_PLAN_LINE_NUMBER, child->text);
    }
    lock->level = (int)level;
    return RC_OK;
}

static enum rc read_lock(const struct reading *in, const struct doc *line)
{
    struct plan_lock lock = {0};
    str measure = {0};
    str choice = {0};

    TRY(unit_of(in, line, &lock.place));
    TRY(text_of(in, line, STR("measure"), &measure));
    lock.measure = programme_measure(in->programme, measure);
    if (lock.measure == NONE) {
        return unknown(in, line, MSG_PLAN_LINE_MEASURE, measure, known_measures(in));
    }
    TRY(text_of(in, line, STR("choice"), &choice));
    lock.is_in = str_equal(choice, STR("in"));
    if (!lock.is_in && !str_equal(choice, STR("out"))) {
        return wrong(in, line, MSG_PLAN_LINE_CHOICE, choice);
    }
    TRY(text_of(in, line, STR("reason"), &lock.reason));
    TRY(lock_level(in, line, &lock));
    if (in->to->lock_count == LINES_MAX) {
        return wrong(in, line, MSG_PLAN_LINES_MANY, STR(""));
    }
    in->to->locks[in->to->lock_count++] = lock;
    return RC_OK;
}

static enum rc read_list(const struct reading *in, const struct doc *list,
                         enum rc (*read)(const struct reading *in, const struct doc *line))
{
    if (list != NULL && list->kind != DOC_LIST && list->kind != DOC_NULL) {
        return wrong(in, list, MSG_PLAN_NOT_A_LIST, list->key);
    }
    for (const struct doc *line = list == NULL ? NULL : list->first; line != NULL;
         line = line->next) {
        TRY(read(in, line));
    }
    return RC_OK;
}

enum rc plan_read_limits(const struct cx *cx, const struct doc *doc, const struct unit_tree *tree,
                         const struct programme *programme, const struct plan_options *options,
                         struct plan_limits *to)
{
    static const struct {
        str key;
        enum rc (*read)(const struct reading *in, const struct doc *line);
    } LISTS[] = {
        {STR_INIT("funds"), read_fund},
        {STR_INIT("land"), read_land},
        {STR_INIT("locks"), read_lock},
    };
    const struct reading in = {cx, tree, programme, options, to};

    if (to->money == NULL) {
        to->money = ARENA_NEW(cx->arena, struct plan_money, LINES_MAX);
        to->locks = ARENA_NEW(cx->arena, struct plan_lock, LINES_MAX);
    }
    for (const struct doc *child = doc->first; child != NULL; child = child->next) {
        bool is_known = false;
        for (size_t i = 0; i < COUNT_OF(LISTS); i++) {
            if (str_equal(child->key, LISTS[i].key)) {
                is_known = true;
                TRY(read_list(&in, child, LISTS[i].read));
            }
        }
        if (!is_known) {
            return wrong(&in, child, MSG_PLAN_SECTION_UNKNOWN, child->key);
        }
    }
    return RC_OK;
}
