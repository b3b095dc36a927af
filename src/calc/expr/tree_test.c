/* Expressions against a naive evaluator in exact fractions, and against their long forms. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/test_arena.h"
#include "calc/expr/expr.h"
#include "calc/stat/draw.h"

__extension__ typedef __int128 wide;

enum { LEAVES = 5, ROWS = 40, TREE_NODES = 14, TREE_TEXT_MAX = 900 };

/* Three numbers with none, one and two decimals, two conditions. */
static const struct {
    str name;
    int64_t scale;
    struct expr_name means;
} LEAF[LEAVES] = {
    {STR_INIT("A"), 1, {.id = 0, .kind = EXPR_NUMBER, .decimals = 0, .unit = STR_INIT("")}},
    {STR_INIT("B"), 10, {.id = 1, .kind = EXPR_NUMBER, .decimals = 1, .unit = STR_INIT("")}},
    {STR_INIT("C"), 100, {.id = 2, .kind = EXPR_NUMBER, .decimals = 2, .unit = STR_INIT("")}},
    {STR_INIT("P"), 1, {.id = 3, .kind = EXPR_BOOL}},
    {STR_INIT("Q"), 1, {.id = 4, .kind = EXPR_BOOL}},
};

struct fraction {
    wide num;
    wide den;
    uint8_t state;
};

struct tree_node {
    str text;
    struct fraction rows[ROWS];
    bool is_condition;
    bool has_division;
};

struct answers {
    double value[ROWS];
    uint8_t state[ROWS];
};

static bool find(void *self, str name, struct expr_name *out)
{
    (void)self;
    for (size_t i = 0; i < LEAVES; i++) {
        if (str_equal(LEAF[i].name, name)) {
            *out = LEAF[i].means;
            return true;
        }
    }
    return false;
}

static str nearest(void *self, str name)
{
    (void)self;
    return str_part(name, 0, 0);
}

static const struct expr *compile(str text)
{
    static const struct expr_names NAMES = {.find = find, .nearest = nearest};
    static const struct expr_want WANTS[] = {{EXPR_BOOL, STR_INIT(""), NULL},
                                             {EXPR_NUMBER, STR_INIT(""), NULL}};
    const struct expr *made = NULL;

    for (size_t i = 0; i < COUNT_OF(WANTS); i++) {
        struct err err = {0};
        if (expr_compile(text, &NAMES, &WANTS[i], &arena, &made, &err) == RC_OK) {
            return made;
        }
    }
    fail_msg("%.*s does not compile", STR_ARG(text));
    return NULL;
}

/* The leaves' rows as columns, and the text run over them. */
static struct answers run(str text, const struct tree_node *leaves)
{
    const struct expr *expr = compile(text);
    struct expr_column columns[LEAVES] = {0};
    struct answers in[LEAVES];
    struct answers out = {0};
    size_t count = 0;
    const struct expr_input *inputs = expr_inputs(expr, &count);

    for (size_t i = 0; i < count; i++) {
        int64_t leaf = inputs[i].id;
        for (size_t r = 0; r < ROWS; r++) {
            struct fraction f = leaves[leaf].rows[r];
            in[i].value[r] = (double)f.num * (double)LEAF[leaf].scale / (double)f.den;
            in[i].state[r] = f.state;
        }
        columns[i] = (struct expr_column){.value = in[i].value, .state = in[i].state};
    }
    expr_run(expr, columns, ROWS, (struct expr_result){out.value, out.state}, &arena);
    return out;
}

static struct fraction of(wide num, wide den, uint8_t state)
{
    wide a = num < 0 ? -num : num;
    wide b = den;

    while (b != 0) {
        wide rest = a % b;
        a = b;
        b = rest;
    }
    return (struct fraction){a == 0 ? 0 : num / a, a == 0 ? 1 : den / a, state};
}

/* A third of the rows unknown, half of those not applicable. */
static void plant(struct tree_node *nodes, uint64_t seed)
{
    for (uint64_t k = 0; k < LEAVES; k++) {
        nodes[k] = (struct tree_node){.text = LEAF[k].name,
                                      .is_condition = LEAF[k].means.kind == EXPR_BOOL};
        for (uint64_t i = 0; i < ROWS; i++) {
            uint64_t bits = draw_bits((struct draw_at){seed, k, i}).first;
            int64_t value = nodes[k].is_condition ? (int64_t)(bits % 2) : (int64_t)(bits % 21) - 10;
            uint8_t state = (bits >> 60) % 6 < 3 ? (uint8_t)((bits >> 60) % 6) : EXPR_KNOWN;
            nodes[k].rows[i] = of(value, LEAF[k].scale, state);
        }
    }
}

enum tree_op { ADD, SUBTRACT, MULTIPLY, LEAST, FIRST, CHOICE, MORE, SAME, UNKNOWN, DIVIDE };

static const char *const FORMATS[] = {
    "(1 + 2)",     "(1 - 2)", "(1 * 2)", "min(1, 2)",  "coalesce(1, 2)",
    "if(3, 1, 2)", "(1 > 2)", "(1 = 2)", "missing(1)", "(1 / 2)",
};

static struct fraction divided(struct fraction a, struct fraction b, uint8_t state)
{
    if (b.num == 0) {
        return of(0, 1, state == EXPR_KNOWN ? EXPR_MISSING : state);
    }
    wide num = a.num * b.den;
    wide den = a.den * b.num;
    return den < 0 ? of(-num, -den, state) : of(num, den, state);
}

/* What the language says of one row, operation by operation. */
static struct fraction apply(enum tree_op op, struct fraction a, struct fraction b,
                             struct fraction condition)
{
    uint8_t state = a.state > b.state ? a.state : b.state;
    wide difference = a.num * b.den - b.num * a.den;

    switch (op) {
    case ADD:
        return of(a.num * b.den + b.num * a.den, a.den * b.den, state);
    case SUBTRACT:
        return of(difference, a.den * b.den, state);
    case MULTIPLY:
        return of(a.num * b.num, a.den * b.den, state);
    case LEAST:
        a = difference > 0 ? b : a;
        return of(a.num, a.den, state);
    case FIRST:
        return a.state == EXPR_KNOWN ? a : b;
    case CHOICE:
        a = condition.num != 0 ? a : b;
        return condition.state != EXPR_KNOWN ? condition : a;
    case MORE:
        return of(difference > 0, 1, state);
    case SAME:
        return of(difference == 0, 1, state);
    case UNKNOWN:
        return of(a.state == EXPR_MISSING, 1, EXPR_KNOWN);
    case DIVIDE:
        break;
    }
    return divided(a, b, state);
}

/* `format` with 1, 2 and 3 replaced by the texts. */
static str joined(const char *format, const struct tree_node *const parts[3])
{
    struct buf buf;
    str text = {0};

    buf_init(&buf, &arena, ARENA_MIB);
    for (const char *at = format; *at != '\0'; at++) {
        if (*at >= '1' && *at <= '3') {
            buf_put(&buf, parts[*at - '1']->text);
        } else {
            buf_char(&buf, *at);
        }
    }
    (void)buf_done(&buf, &text);
    return text;
}

static bool fits(enum tree_op op, const struct tree_node *const parts[3])
{
    bool compares = op == MORE || op == SAME;

    /* A comparison after a division may meet numbers that differ by rounding only. */
    return !parts[0]->is_condition && !parts[1]->is_condition && parts[2]->is_condition &&
           !(compares && (parts[0]->has_division || parts[1]->has_division)) &&
           !(op == CHOICE && parts[2]->has_division);
}

/* Add one operation over nodes drawn at random; false when it would not fit or grow too big. */
static bool grow(struct tree_node *nodes, uint64_t count, uint64_t seed)
{
    struct draw_bits bits = draw_bits((struct draw_at){seed, 99, count});
    const struct tree_node *const parts[] = {&nodes[bits.first % count],
                                             &nodes[(bits.first >> 16) % count],
                                             &nodes[(bits.first >> 32) % count]};
    enum tree_op op = (enum tree_op)(bits.second % COUNT_OF(FORMATS));
    struct tree_node *made = &nodes[count];

    if (!fits(op, parts)) {
        return false;
    }
    made->text = joined(FORMATS[op], parts);
    made->is_condition = op == MORE || op == SAME || op == UNKNOWN;
    made->has_division = parts[0]->has_division || parts[1]->has_division || op == DIVIDE;
    for (int i = 0; i < ROWS; i++) {
        made->rows[i] = apply(op, parts[0]->rows[i], parts[1]->rows[i], parts[2]->rows[i]);
        if (made->rows[i].den > 1000000000 || made->rows[i].num > 1000000000) {
            return false;
        }
    }
    return made->text.len < TREE_TEXT_MAX;
}

static void expect_rows(const struct tree_node *leaves, const struct tree_node *made)
{
    struct answers got = run(made->text, leaves);

    for (size_t r = 0; r < ROWS; r++) {
        double want = (double)made->rows[r].num / (double)made->rows[r].den;
        double slack = made->has_division ? 1e-9 * (fabs(want) + 1) : 0;
        assert_int_equal(got.state[r], made->rows[r].state);
        assert_true(got.state[r] != EXPR_KNOWN || fabs(got.value[r] - want) <= slack);
    }
}

static void random_expressions_agree_with_a_naive_evaluator(void **state)
{
    static struct tree_node nodes[TREE_NODES];
    int compared = 0;

    (void)state;
    for (uint64_t seed = 1; seed <= 1500; seed++) {
        struct arena_mark mark = arena_mark(&arena);
        uint64_t count = LEAVES;
        plant(nodes, seed);
        for (uint64_t tries = 0; tries < 60 && count < TREE_NODES; tries++) {
            if (grow(nodes, count, seed * 1000 + tries)) {
                expect_rows(nodes, &nodes[count]);
                compared++;
                count++;
            }
        }
        arena_rewind(&arena, mark);
    }
    assert_true(compared > 8000);
}

/* Two texts that must mean the same in every state of their names. */
static const str SAME_MEANING[][2] = {
    {STR_INIT("A + B * C - A"), STR_INIT("(A + (B * C)) - A")},
    {STR_INIT("-A * B"), STR_INIT("(0 - A) * B")},
    {STR_INIT("A - B - C"), STR_INIT("(A - B) - C")},
    {STR_INIT("A / B / C"), STR_INIT("(A / B) / C")},
    {STR_INIT("A < B or A < C and P"), STR_INIT("(A < B) or ((A < C) and P)")},
    {STR_INIT("not P and Q"), STR_INIT("(not P) and Q")},
    {STR_INIT("not A = B"), STR_INIT("not (A = B)")},
    {STR_INIT("A between B and C or P"), STR_INIT("((A >= B) and (A <= C)) or P")},
    {STR_INIT("A not between B and C"), STR_INIT("not (A >= B and A <= C)")},
    {STR_INIT("A not in (B, C)"), STR_INIT("not (A = B or A = C)")},
    {STR_INIT("A <> B"), STR_INIT("not (A = B)")},
    {STR_INIT("A > B"), STR_INIT("B < A")},
    {STR_INIT("A >= B"), STR_INIT("not (A < B)")},
    {STR_INIT("P or Q"), STR_INIT("not (not P and not Q)")},
    {STR_INIT("min(A, B, C)"), STR_INIT("if(min(A, B) < C, min(A, B), C)")},
    {STR_INIT("abs(A)"), STR_INIT("max(A, -A)")},
    {STR_INIT("coalesce(A, B)"), STR_INIT("if(missing(A) or not applicable(A), B, A)")},
};

static void precedence_and_abbreviations_mean_their_long_forms(void **state)
{
    static struct tree_node leaves[LEAVES];

    (void)state;
    for (uint64_t seed = 1; seed <= 25; seed++) {
        plant(leaves, seed);
        for (size_t t = 0; t < COUNT_OF(SAME_MEANING); t++) {
            struct answers a = run(SAME_MEANING[t][0], leaves);
            struct answers b = run(SAME_MEANING[t][1], leaves);
            assert_memory_equal(a.state, b.state, sizeof(a.state));
            for (size_t r = 0; r < ROWS; r++) {
                assert_true(a.state[r] != EXPR_KNOWN || a.value[r] == b.value[r]);
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_ARENA(random_expressions_agree_with_a_naive_evaluator),
        WITH_ARENA(precedence_and_abbreviations_mean_their_long_forms),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
