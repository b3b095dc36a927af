/* A ledger against what stands: the programme's rules of data quality, and the checks over many
 * values at once. Marks land on the cell that brought the value. */
#include <math.h>

#include "office/collect/ledger_in.h"

struct checking {
    struct ledger *ledger;
    struct panel *panel;
    const int *row_of; /* ledger row, by panel row; NONE: not in this ledger */
};

/* The cell a value of the indicator came from in this ledger; NULL when it did not. */
static const struct value *cell_of(const struct checking *in, int panel_row, int indicator)
{
    int at = in->row_of[panel_row];
    int number = in->ledger->job.numbers->of_indicator[indicator];

    if (at == NONE) {
        return NULL;
    }
    const struct ledger_row *row = &in->ledger->rows[at];
    for (int i = 0; i < row->count; i++) {
        if (row->values[i].indicator == number) {
            return &row->values[i];
        }
    }
    return NULL;
}

static void mark_cell(const struct checking *in, const struct value *cell, enum severity severity,
                      str says)
{
    MUST(cell != NULL);
    const struct spot spot = {cell->sheet, cell->row, cell->column, STR("")};
    const struct arg args[] = {arg_text(says)};

    ledger_mark(in->ledger, severity, spot, MSG_COLLECT_RULE, args, 1);
}

/* The first cell of this ledger among the inputs of a rule, or among the inputs of those inputs
 * that are derived. */
static const struct value *cell_of_rule(const struct checking *in, int panel_row,
                                        const struct expr *code)
{
    size_t count = 0;
    const struct expr_input *inputs = expr_inputs(code, &count);

    for (size_t i = 0; i < count; i++) {
        const struct value *cell = cell_of(in, panel_row, (int)inputs[i].id);
        if (inputs[i].back == 0 && cell != NULL) {
            return cell;
        }
    }
    return NULL;
}

static void run_rule(const struct checking *in, const struct rule *rule)
{
    struct expr_result result = panel_run(in->panel, rule->formula.code);

    for (int i = 0; i < in->panel->count; i++) {
        bool is_broken = result.state[i] == EXPR_KNOWN && result.value[i] < 0.5;
        const struct value *cell = is_broken ? cell_of_rule(in, i, rule->formula.code) : NULL;
        if (cell != NULL) {
            mark_cell(in, cell, rule->severity, text_in(rule->says, in->ledger->cx->lang));
        }
    }
}

static bool is_watched(const struct check *check, const struct programme *programme, int indicator)
{
    const struct indicator *about = &programme->indicators[indicator];
    bool is_of_type = check->types == 0 || (check->types >> about->type & 1U) != 0;

    if (about->formula.code != NULL || !is_of_type) {
        return false;
    }
    for (int i = 0; i < check->indicators.count; i++) {
        if (check->indicators.at[i] == indicator) {
            return true;
        }
    }
    return check->indicators.count == 0;
}

/* Changed by more than `limit` per cent since the year before. */
static bool is_jump(double now, double before, double limit)
{
    return before != 0.0 && fabs(now - before) > fabs(before) * limit / 100.0;
}

/* Off by about `limit` times either way: filled in in another unit. */
static bool is_other_scale(double now, double before, double limit)
{
    double ratio = before == 0.0 ? 1.0 : now / before;

    return (ratio > limit / 2.0 && ratio < limit * 2.0) ||
           (ratio > 0.5 / limit && ratio < 2.0 / limit);
}

static void compare_years(const struct checking *in, const struct check *check, int indicator,
                          const struct panel *before)
{
    for (int i = 0; i < in->panel->count; i++) {
        const struct value *cell = cell_of(in, i, indicator);
        double now = cell == NULL ? (double)NAN : panel_number(in->panel, indicator, i);
        double then = cell == NULL ? (double)NAN : panel_number(before, indicator, i);
        if (isnan(now) || isnan(then)) {
            continue;
        }
        bool is_odd = check->kind == CHECK_JUMP ? is_jump(now, then, check->limit)
                                                : is_other_scale(now, then, check->limit);
        if (is_odd) {
            mark_cell(in, cell, check->severity, text_in(check->says, in->ledger->cx->lang));
        }
    }
}

static void run_years(const struct checking *in, const struct check *check)
{
    const struct programme *programme = in->ledger->job.programme;
    const struct panel *before = panel_back(in->panel, 1);

    for (int i = 0; i < programme->indicator_count; i++) {
        if (is_watched(check, programme, i) && in->panel->columns[i].state != NULL) {
            compare_years(in, check, i, before);
        }
    }
}

static bool is_same_value(const struct value *a, const struct value *b)
{
    return a->indicator == b->indicator && a->state == b->state && a->num == b->num &&
           a->den == b->den;
}

static bool has_same_values(const struct ledger_row *a, const struct ledger_row *b)
{
    for (int i = 0; a->count == b->count && i < a->count; i++) {
        if (!is_same_value(&a->values[i], &b->values[i])) {
            return false;
        }
    }
    return a->count == b->count && a->count > 0;
}

struct sibling {
    int parent;
    int row;
};

static int by_parent(const void *a, const void *b)
{
    const struct sibling *x = a;
    const struct sibling *y = b;

    return x->parent != y->parent ? x->parent - y->parent : x->row - y->row;
}

static struct sibling *siblings_of(const struct ledger *ledger)
{
    size_t count = (size_t)ledger->row_count;
    struct sibling *siblings = ARENA_NEW(ledger->cx->arena, struct sibling, count);

    for (int i = 0; i < ledger->row_count; i++) {
        siblings[i] = (struct sibling){ledger->job.tree->units[ledger->rows[i].place].parent, i};
    }
    qsort(siblings, count, sizeof(*siblings), by_parent);
    return siblings;
}

/* `limit` or more units of one parent with all values alike: filled in once and copied. */
static void run_copied(const struct checking *in, const struct check *check)
{
    const struct ledger *ledger = in->ledger;
    const struct sibling *siblings = siblings_of(ledger);

    for (int i = 0; i < ledger->row_count; i++) {
        const struct ledger_row *row = &ledger->rows[siblings[i].row];
        int alike = 1;
        int k = i + 1;
        for (; k < ledger->row_count && siblings[k].parent == siblings[i].parent; k++) {
            alike += has_same_values(row, &ledger->rows[siblings[k].row]) ? 1 : 0;
        }
        if (alike >= (int)check->limit) {
            const struct spot spot = {row->sheet, row->row, NONE,
                                      ledger->job.tree->units[row->place].name};
            const struct arg args[] = {arg_text(text_in(check->says, ledger->cx->lang))};
            ledger_mark(in->ledger, check->severity, spot, MSG_COLLECT_RULE, args, 1);
        }
    }
}

struct heap {
    int exact; /* values that are exactly the standard's */
    int known;
    const struct value *first; /* of the exact ones in this ledger */
};

static struct heap heap_at(const struct checking *in, int indicator, double at)
{
    struct heap heap = {0};

    for (int i = 0; i < in->panel->count; i++) {
        double x = panel_number(in->panel, indicator, i);
        heap.known += isnan(x) ? 0 : 1;
        if (x == at) {
            heap.exact++;
            heap.first = heap.first == NULL ? cell_of(in, i, indicator) : heap.first;
        }
    }
    return heap;
}

/* More than `limit` per cent of the units report exactly what a standard asks for. */
static void run_heaping(const struct checking *in, const struct check *check)
{
    const struct programme *programme = in->ledger->job.programme;

    for (int s = 0; s < programme->standard_count; s++) {
        const struct standard *standard = &programme->standards[s];
        bool is_here = is_watched(check, programme, standard->indicator) &&
                       in->panel->columns[standard->indicator].state != NULL;
        struct heap heap = {0};
        if (is_here) {
            heap = heap_at(in, standard->indicator, standard->value);
        }
        if (heap.first != NULL && 100.0 * heap.exact > check->limit * heap.known &&
            heap.exact > 2) {
            mark_cell(in, heap.first, check->severity, text_in(check->says, in->ledger->cx->lang));
        }
    }
}

static void run_check(const struct checking *in, const struct check *check)
{
    switch (check->kind) {
    case CHECK_JUMP:
    case CHECK_GAUGE:
        run_years(in, check);
        return;
    case CHECK_COPIED:
        run_copied(in, check);
        return;
    case CHECK_HEAPING:
        run_heaping(in, check);
        return;
    }
    NEVER("a check of no kind");
}

static const int *put_rows(struct ledger *ledger, struct panel *panel)
{
    int *row_of = ARENA_NEW(ledger->cx->arena, int, (size_t)panel->count);

    for (int i = 0; i < panel->count; i++) {
        row_of[i] = NONE;
    }
    for (int i = 0; i < ledger->row_count; i++) {
        int at = panel->rows[ledger->rows[i].place];
        MUST(at != NONE);
        row_of[at] = i;
        for (int k = 0; k < ledger->rows[i].count; k++) {
            panel_put(panel, at, &ledger->rows[i].values[k]);
        }
    }
    return row_of;
}

void ledger_check(struct ledger *ledger, struct panel *panel)
{
    const struct programme *programme = ledger->job.programme;
    const struct checking in = {ledger, panel, put_rows(ledger, panel)};

    panel_derive(panel);
    for (int i = 0; i < programme->rule_count; i++) {
        if (programme->rules[i].level == ledger->job.level) {
            run_rule(&in, &programme->rules[i]);
        }
    }
    for (int i = 0; i < programme->check_count; i++) {
        run_check(&in, &programme->checks[i]);
    }
}
