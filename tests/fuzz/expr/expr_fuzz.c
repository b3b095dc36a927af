/* Any text as an expression: compiled against a few names, run and explained where it compiles. */
#include <math.h>
#include <stdint.h>

#include "base/utf8.h"
#include "calc/expr/expr.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const str LABELS[] = {STR_INIT("plain"), STR_INIT("hill"), STR_INIT("mountain")};
static const struct expr_labels TERRAIN = {LABELS, COUNT_OF(LABELS), true};
static const struct expr_unit_rule RULES[] = {{STR_INIT("km"), 1000, STR_INIT("m")}};

/* The first letter of a name says what it is. */
static bool find(void *self, str name, struct expr_name *out)
{
    (void)self;
    *out = (struct expr_name){.id = name.at[0], .kind = EXPR_NUMBER, .decimals = 1};
    switch (name.at[0]) {
    case 'P':
        out->unit = STR("人");
        return true;
    case 'D':
        out->unit = STR("km");
        return true;
    case 'E':
        out->kind = EXPR_PERCENT;
        return true;
    case 'B':
        out->kind = EXPR_BOOL;
        return true;
    case 'T':
        out->kind = EXPR_ENUM;
        out->labels = &TERRAIN;
        return true;
    default:
        return false;
    }
}

static str nearest(void *self, str name)
{
    (void)self;
    return name;
}

static void run(const struct expr *expr, struct arena *arena)
{
    static const double VALUES[] = {0, 1, 2, (double)NAN, 1e300};
    static const uint8_t STATES[] = {0, 0, 0, EXPR_MISSING, EXPR_NOT_APPLICABLE};
    enum { ROWS = 5 };
    double values[ROWS];
    uint8_t states[ROWS];
    size_t count = 0;
    (void)expr_inputs(expr, &count);
    struct expr_column *columns = ARENA_NEW(arena, struct expr_column, count);

    for (size_t i = 0; i < count; i++) {
        columns[i] = (struct expr_column){.value = VALUES, .state = STATES};
    }
    expr_run(expr, columns, ROWS, (struct expr_result){values, states}, arena);
    for (size_t i = 0; i < ROWS; i++) {
        MUST((states[i] == EXPR_KNOWN) == (isfinite(values[i]) != 0));
        const struct expr_step *steps = expr_explain(expr, columns, i, arena, &count);
        MUST(count == 0 || steps[count - 1].text.len > 0);
    }
}

static void compile(str text, enum expr_kind kind)
{
    const struct expr_names names = {
        .find = find, .nearest = nearest, .unit_rules = RULES, .unit_rule_count = 1};
    struct expr_want want = {.kind = kind, .unit = STR(""), .labels = &TERRAIN};
    const struct expr *expr = NULL;
    struct err err = {0};
    struct arena arena;

    arena_init(&arena, ARENA_REQUEST_MAX);
    if (expr_compile(text, &names, &want, &arena, &expr, &err) == RC_OK) {
        run(expr, &arena);
    } else {
        MUST(err.args[0].number >= 1 && err.args[0].number <= (int64_t)text.len + 1);
    }
    arena_done(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    str text = {(const char *)data, size};

    if (utf8_is_valid(text)) {
        compile(text, EXPR_BOOL);
        compile(text, EXPR_NUMBER);
        compile(text, EXPR_PERCENT);
        compile(text, EXPR_ENUM);
    }
    return 0;
}
