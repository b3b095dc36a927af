/* The expression language: what texts mean, what they refuse, and a naive evaluator beside it. */
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

#define assert_str(got, want) assert_true(str_equal((got), STR(want)))

static const str TERRAIN_NAMES[] = {STR_INIT("plain"), STR_INIT("hill"), STR_INIT("mountain")};
static const struct expr_labels TERRAIN = {TERRAIN_NAMES, 3, false};
static const str PLAN_NAMES[] = {STR_INIT("none"), STR_INIT("drawn up"), STR_INIT("approved")};
static const struct expr_labels PLAN = {PLAN_NAMES, 3, true};

static const struct {
    str text;
    struct expr_name name;
} NAMES[] = {
    {STR_INIT("PS02"), {2, EXPR_NUMBER, 0, STR_INIT("人"), NULL}},
    {STR_INIT("PS04"), {4, EXPR_NUMBER, 0, STR_INIT("人"), NULL}},
    {STR_INIT("常住人口"), {4, EXPR_NUMBER, 0, STR_INIT("人"), NULL}},
    {STR_INIT("DF06"), {6, EXPR_NUMBER, 1, STR_INIT("km"), NULL}},
    {STR_INIT("DF08"), {8, EXPR_NUMBER, 2, STR_INIT("万元"), NULL}},
    {STR_INIT("IN01"), {11, EXPR_NUMBER, 0, STR_INIT("元/人"), NULL}},
    {STR_INIT("DF03"), {3, EXPR_ENUM, 0, STR_INIT(""), &TERRAIN}},
    {STR_INIT("DF01"), {1, EXPR_ENUM, 0, STR_INIT(""), &PLAN}},
    {STR_INIT("EV05"), {5, EXPR_PERCENT, EXPR_REAL, STR_INIT(""), NULL}},
    {STR_INIT("EV06"), {16, EXPR_BOOL, 0, STR_INIT(""), NULL}},
    {STR_INIT("A"), {100, EXPR_NUMBER, 0, STR_INIT(""), NULL}},
    {STR_INIT("B"), {101, EXPR_NUMBER, 1, STR_INIT(""), NULL}},
    {STR_INIT("C"), {102, EXPR_NUMBER, 2, STR_INIT(""), NULL}},
    {STR_INIT("P"), {110, EXPR_BOOL, 0, STR_INIT(""), NULL}},
    {STR_INIT("Q"), {111, EXPR_BOOL, 0, STR_INIT(""), NULL}},
};

static const struct expr_unit_rule RULES[] = {
    {STR_INIT("万元"), 10000, STR_INIT("元")},
    {STR_INIT("km"), 1000, STR_INIT("m")},
};

static bool find(void *self, str name, struct expr_name *out)
{
    (void)self;
    for (size_t i = 0; i < COUNT_OF(NAMES); i++) {
        if (str_equal(NAMES[i].text, name)) {
            *out = NAMES[i].name;
            return true;
        }
    }
    return false;
}

static str nearest(void *self, str name)
{
    (void)self;
    return str_starts(name, STR("PS")) ? STR("PS04") : STR("");
}

static const struct expr_names ALL_NAMES = {
    .find = find, .nearest = nearest, .unit_rules = RULES, .unit_rule_count = COUNT_OF(RULES)};

/* One arena for a test. */
static enum rc compile(str text, struct expr_want want, const struct expr **out, struct err *err)
{
    *err = (struct err){0};
    return expr_compile(text, &ALL_NAMES, &want, &arena, out, err);
}

/* Whatever the text gives: tried as each kind in turn. */
static const struct expr *compile_any(str text)
{
    static const struct expr_want WANTS[] = {
        {EXPR_BOOL, STR_INIT(""), NULL},     {EXPR_NUMBER, STR_INIT(""), NULL},
        {EXPR_PERCENT, STR_INIT(""), NULL},  {EXPR_NUMBER, STR_INIT("人"), NULL},
        {EXPR_NUMBER, STR_INIT("km"), NULL}, {EXPR_ENUM, STR_INIT(""), &TERRAIN},
        {EXPR_NUMBER, STR_INIT("元"), NULL}, {EXPR_NUMBER, STR_INIT("元/人"), NULL},
        {EXPR_NUMBER, STR_INIT("m"), NULL},
    };
    const struct expr *made = NULL;
    struct err err;

    for (size_t i = 0; i < COUNT_OF(WANTS); i++) {
        if (compile(text, WANTS[i], &made, &err) == RC_OK) {
            return made;
        }
    }
    print_message("%.*s: message %d\n", STR_ARG(text), (int)err.msg);
    fail();
    return NULL;
}

/* The one row that the tables below speak of, by id: a number, or not known. */
static struct expr_column row_of(struct expr_input input)
{
    static const double HAVE[] = {0, 2, 800, 2, 600, 0, 123, 0, 1250, 0, 0, 9000};
    static const double LETTERS[] = {7, 25, 110};
    static const double YES_NO[] = {1, 0};
    static const int64_t NUM = 3;
    static const int64_t DEN = 5;
    static const double LAST_YEAR = 500;

    if (input.back > 0) {
        return (struct expr_column){.value = &LAST_YEAR};
    }
    if (input.id == 5) {
        return (struct expr_column){.num = &NUM, .den = &DEN};
    }
    if (input.id >= 110) {
        return (struct expr_column){.value = &YES_NO[input.id - 110]};
    }
    if (input.id >= 100) {
        return (struct expr_column){.value = &LETTERS[input.id - 100]};
    }
    return (struct expr_column){.value = input.id == 16 ? &YES_NO[0] : &HAVE[input.id]};
}

static const struct expr_column *columns_of(const struct expr *expr)
{
    size_t count = 0;
    const struct expr_input *inputs = expr_inputs(expr, &count);
    struct expr_column *columns = ARENA_NEW(&arena, struct expr_column, count);

    for (size_t i = 0; i < count; i++) {
        columns[i] = row_of(inputs[i]);
    }
    return columns;
}

static double value_of(str text)
{
    const struct expr *expr = compile_any(text);
    double value = 0;
    uint8_t state = 0;

    expr_run(expr, columns_of(expr), 1, (struct expr_result){&value, &state}, &arena);
    assert_int_equal(state, isnan(value) ? EXPR_MISSING : EXPR_KNOWN);
    return value;
}

static const struct {
    str text;
    double value;
} MEANT[] = {
    {STR_INIT("PS04 / PS02"), 0.75},
    {STR_INIT("常住人口 ÷ PS02 ≥ 75 %"), 1},
    {STR_INIT("DF08 <= 2 * DF08"), 1},
    {STR_INIT("DF03 = \"mountain\" and PS04 >= 500"), 1},
    {STR_INIT("DF03 in (“plain”， 'hill')"), 0},
    {STR_INIT("DF03 not in (\"plain\", \"hill\")"), 1},
    {STR_INIT("DF01 >= \"approved\""), 1},
    {STR_INIT("DF01 between \"none\" and \"drawn up\""), 0},
    {STR_INIT("PS04 between 500 and 600 and EV06"), 1},
    {STR_INIT("PS04 not between 500 and 600 or no"), 0},
    {STR_INIT("not EV06 = no"), 1},
    {STR_INIT("EV06 <> yes"), 0},
    {STR_INIT("EV05"), 0.6},
    {STR_INIT("EV05 >= 60 %"), 1},
    {STR_INIT("EV05 > 60%"), 0},
    {STR_INIT("100 % - EV05"), 0.4},
    {STR_INIT("EV05 * PS02"), 480},
    {STR_INIT("EV05 / 2"), 0.3},
    {STR_INIT("2 * EV05"), 1.2},
    {STR_INIT("if(DF03 = \"mountain\", 500, 1000)"), 500},
    {STR_INIT("PS04 >= if(DF03 = \"mountain\", 500, 1000)"), 1},
    {STR_INIT("if(yes, DF03, \"hill\")"), 2},
    {STR_INIT("min(3, 1, 2) + max(3, 1, 2)"), 4},
    {STR_INIT("abs(-3) - -3"), 6},
    {STR_INIT("round(2.5) + round(-2.5)"), 0},
    {STR_INIT("round(2 / 3, 2)"), 0.67},
    {STR_INIT("round(1.25, 1)"), 1.3},
    {STR_INIT("round(-1.005, 2)"), -1.01},
    {STR_INIT("round(3, 2)"), 3},
    {STR_INIT("missing(PS04)"), 0},
    {STR_INIT("applicable(PS04)"), 1},
    {STR_INIT("missing(1 / 0)"), 1},
    {STR_INIT("coalesce(1 / 0, 2 / 0, 5)"), 5},
    {STR_INIT("coalesce(EV05, 0)"), 0.6},
    {STR_INIT("(PS04 - prev(PS04)) / prev(PS04, 3)"), 0.2},
    {STR_INIT("DF06"), 12.3},
    {STR_INIT("to(DF06, \"m\")"), 12300},
    {STR_INIT("to(DF08 / PS04, \"元/人\")"), 12.5 * 10000 / 600},
    {STR_INIT("to(IN01 * PS04, \"万元\") = 540"), 1},
    {STR_INIT("0.1 + 0.2 = 0.3"), 1},
    {STR_INIT("DF08 + 0.01 = 12.51"), 1},
    {STR_INIT("1.1 * 1.1 = 1.21"), 1},
    {STR_INIT("A * B * C"), 7 * 2.5 * 1.1},
    {STR_INIT("B - C - 1.4"), 0},
    {STR_INIT("min(A, B, C)"), 1.1},
    {STR_INIT("1 / 0 > 1"), (double)NAN},
};

static void texts_mean_what_an_office_reads(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(MEANT); i++) {
        double got = value_of(MEANT[i].text);
        bool is_same = isnan(MEANT[i].value) ? isnan(got) : fabs(got - MEANT[i].value) < 1e-12;
        if (!is_same) {
            print_message("%.*s = %.17g, not %.17g\n", STR_ARG(MEANT[i].text), got, MEANT[i].value);
        }
        assert_true(is_same);
    }
}

/* What is refused, why, and at which character. */
static const struct {
    str text;
    enum msg_id msg;
    int at;
} REFUSED[] = {
    {STR_INIT("PS04 + DF06"), MSG_EXPR_UNITS, 8},
    {STR_INIT("常住人口 + DF06"), MSG_EXPR_UNITS, 8},
    {STR_INIT("DF06 > PS04"), MSG_EXPR_UNITS, 8},
    {STR_INIT("max(1, PS04, DF06)"), MSG_EXPR_UNITS, 14},
    {STR_INIT("PS04 / PS02 + PS04"), MSG_EXPR_UNITS, 15},
    {STR_INIT("to(PS04, \"km\")"), MSG_EXPR_CONVERT, 1},
    {STR_INIT("to(EV05, \"km\")"), MSG_EXPR_CONVERT, 1},
    {STR_INIT("to(DF06, \"m//s\")"), MSG_EXPR_UNIT_EMPTY, 1},
    {STR_INIT("EV05 >= 60"), MSG_EXPR_PERCENT, 9},
    {STR_INIT("EV05 >= 0.6"), MSG_EXPR_PERCENT, 9},
    {STR_INIT("1 - EV05"), MSG_EXPR_PERCENT, 1},
    {STR_INIT("EV05 + PS04"), MSG_EXPR_KINDS, 8},
    {STR_INIT("PS04 and EV06"), MSG_EXPR_NEED_BOOL, 1},
    {STR_INIT("if(PS04, 1, 2)"), MSG_EXPR_NEED_BOOL, 4},
    {STR_INIT("EV06 + EV06"), MSG_EXPR_NEED_NUMBER, 1},
    {STR_INIT("2 * EV06"), MSG_EXPR_NEED_NUMBER, 5},
    {STR_INIT("EV06 = 1"), MSG_EXPR_KINDS, 8},
    {STR_INIT("DF03 = DF01"), MSG_EXPR_KINDS, 8},
    {STR_INIT("DF03 > \"hill\""), MSG_EXPR_ORDER, 6},
    {STR_INIT("EV06 < no"), MSG_EXPR_ORDER, 6},
    {STR_INIT("DF03 = \"mountian\""), MSG_EXPR_LABEL_NEAR, 8},
    {STR_INIT("DF03 = \"zzzzzzzzzz\""), MSG_EXPR_LABEL, 8},
    {STR_INIT("\"a\" = \"a\""), MSG_EXPR_TEXT_ALONE, 1},
    {STR_INIT("missing(\"a\")"), MSG_EXPR_TEXT_ALONE, 9},
    {STR_INIT("\"a\""), MSG_EXPR_WANT_KIND, 1},
    {STR_INIT("PS05 > 1"), MSG_EXPR_NAME_NEAR, 1},
    {STR_INIT("1 + true"), MSG_EXPR_NAME, 5},
    {STR_INIT("mni(1, 2)"), MSG_EXPR_FUNCTION_NEAR, 1},
    {STR_INIT("standarddeviation(1)"), MSG_EXPR_FUNCTION, 1},
    {STR_INIT("min(1)"), MSG_EXPR_ARGUMENTS, 1},
    {STR_INIT("abs(1, 2)"), MSG_EXPR_ARGUMENTS, 1},
    {STR_INIT("round(1.5, 1.5)"), MSG_EXPR_WHOLE, 12},
    {STR_INIT("round(1, 99)"), MSG_EXPR_WHOLE, 10},
    {STR_INIT("prev(PS04, A)"), MSG_EXPR_WHOLE, 12},
    {STR_INIT("prev(PS04 + 1)"), MSG_EXPR_PREV, 6},
    {STR_INIT("prev(prev(PS04))"), MSG_EXPR_PREV, 6},
    {STR_INIT("prev(PS04, 0)"), MSG_EXPR_PREV, 6},
    {STR_INIT("to(DF06, m)"), MSG_EXPR_TO, 10},
    {STR_INIT(""), MSG_EXPR_END, 1},
    {STR_INIT("1 +"), MSG_EXPR_END, 4},
    {STR_INIT("1 + * 2"), MSG_EXPR_OPERAND, 5},
    {STR_INIT("1 + and"), MSG_EXPR_OPERAND, 5},
    {STR_INIT("min()"), MSG_EXPR_OPERAND, 5},
    {STR_INIT("1 2"), MSG_EXPR_OPERATOR, 3},
    {STR_INIT("1.2万"), MSG_EXPR_OPERATOR, 4},
    {STR_INIT("1 not 2"), MSG_EXPR_OPERATOR, 3},
    {STR_INIT("(1 + 2"), MSG_EXPR_OPEN, 1},
    {STR_INIT("1 + 2)"), MSG_EXPR_CLOSE, 6},
    {STR_INIT("1,000 > 2"), MSG_EXPR_COMMA, 2},
    {STR_INIT("(1, 2)"), MSG_EXPR_COMMA, 3},
    {STR_INIT("1 < 2 < 3"), MSG_EXPR_CHAIN, 7},
    {STR_INIT("1 < 2 in (3)"), MSG_EXPR_CHAIN, 7},
    {STR_INIT("A between 1 or 2"), MSG_EXPR_BETWEEN, 3},
    {STR_INIT("A between 1"), MSG_EXPR_BETWEEN, 3},
    {STR_INIT("A in 1"), MSG_EXPR_IN, 6},
    {STR_INIT("A > 1 & P"), MSG_EXPR_CHARACTER, 7},
    {STR_INIT("DF03 = \"hill"), MSG_EXPR_QUOTE, 8},
    {STR_INIT("1.2.3"), MSG_EXPR_NUMBER, 1},
    {STR_INIT("12345678901234567890"), MSG_EXPR_NUMBER, 1},
    {STR_INIT("A*A*A"), MSG_EXPR_WANT_KIND, 1},
};

static void refusals_say_what_and_where(void **state)
{
    const struct expr *made = NULL;
    struct err err;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(REFUSED); i++) {
        enum rc rc = compile(REFUSED[i].text, (struct expr_want){.kind = EXPR_BOOL}, &made, &err);
        if (rc != RC_INVALID || err.msg != REFUSED[i].msg || err.args[0].number != REFUSED[i].at) {
            print_message("%.*s: rc %d message %d (want %d) at %d\n", STR_ARG(REFUSED[i].text),
                          (int)rc, (int)err.msg, (int)REFUSED[i].msg, (int)err.args[0].number);
            fail();
        }
    }
}

/* A bare number takes any unit, but what it is multiplied with keeps its own. */
static void a_bare_factor_leaves_the_unit_as_it_is(void **state)
{
    const struct expr *made = NULL;
    struct err err;
    const struct expr_want condition = {.kind = EXPR_BOOL};

    (void)state;
    assert_int_equal(compile(STR("2 * PS04 > PS02"), condition, &made, &err), RC_OK);
    assert_int_equal(compile(STR("2 * PS04 > DF06"), condition, &made, &err), RC_INVALID);
    assert_int_equal(compile(STR("PS04 / 2 > DF06"), condition, &made, &err), RC_INVALID);
}

static void the_result_must_be_what_is_wanted(void **state)
{
    const struct expr *made = NULL;
    struct err err;

    (void)state;
    struct expr_want yuan = {.kind = EXPR_NUMBER, .unit = STR("元/人")};
    assert_int_equal(compile(STR("to(DF08, \"元\") / PS04"), yuan, &made, &err), RC_OK);
    assert_int_equal(compile(STR("12"), yuan, &made, &err), RC_OK);
    assert_int_equal(compile(STR("DF08 / PS04"), yuan, &made, &err), RC_INVALID);
    assert_int_equal(err.msg, MSG_EXPR_WANT_UNIT);
    assert_str(err.args[1].text, "万元/人");
    struct expr_want share = {.kind = EXPR_PERCENT};
    assert_int_equal(compile(STR("PS04 / PS02"), share, &made, &err), RC_OK);
    assert_int_equal(compile(STR("PS04"), share, &made, &err), RC_INVALID);
    assert_int_equal(compile(STR("60"), share, &made, &err), RC_INVALID);
    assert_int_equal(err.msg, MSG_EXPR_PERCENT);
    struct expr_want plan = {.kind = EXPR_ENUM, .labels = &PLAN};
    assert_int_equal(compile(STR("DF01"), plan, &made, &err), RC_OK);
    assert_int_equal(compile(STR("DF03"), plan, &made, &err), RC_INVALID);
}

/* `count` times `piece` between `head` and `tail`. */
static str repeated(str head, str piece, int count, str tail)
{
    struct buf buf;
    str text;

    buf_init(&buf, &arena, ARENA_MIB);
    buf_put(&buf, head);
    for (int i = 0; i < count; i++) {
        buf_put(&buf, piece);
    }
    buf_put(&buf, tail);
    assert_true(buf_done(&buf, &text));
    return text;
}

static void limits_have_names_and_hold(void **state)
{
    const struct {
        str text;
        enum msg_id msg;
    } TOO_MUCH[] = {
        {repeated(STR("1"), STR(" "), EXPR_TEXT_MAX, STR("")), MSG_EXPR_LONG},
        {repeated(STR(""), STR("("), EXPR_DEPTH_MAX + 1, STR("1")), MSG_EXPR_DEEP},
        {repeated(STR("1"), STR("+1"), EXPR_NODES_MAX / 2 + 1, STR("")), MSG_EXPR_MANY},
        {repeated(STR("to(1,\"m"), STR("*m"), 9, STR("\")")), MSG_EXPR_UNIT_POWER},
        {repeated(STR("to(1,\"m"), STR("mmm"), 99, STR("\")")), MSG_EXPR_UNIT_LONG},
        {repeated(STR("PS04"), STR("*PS04"), 9, STR("")), MSG_EXPR_PRODUCT},
        {STR("to(1,\"a*b*c*d*e*f*g*h*i*j*k*l*m*n*o*p*q\")"), MSG_EXPR_UNITS_MANY},
    };
    const struct expr *made = NULL;
    struct err err;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(TOO_MUCH); i++) {
        struct expr_want want = {.kind = EXPR_NUMBER, .unit = STR("")};
        assert_int_equal(compile(TOO_MUCH[i].text, want, &made, &err), RC_LIMIT);
        assert_int_equal(err.msg, TOO_MUCH[i].msg);
    }
    (void)compile_any(repeated(STR("1"), STR("+1"), EXPR_NODES_MAX / 2 - 1, STR("")));
    (void)compile_any(repeated(STR("A in (1"), STR(",1"), EXPR_NODES_MAX - 4, STR(")")));
}

/* Three-valued logic written out: 0 no, 1 yes, 2 missing, 3 not applicable. */
static void unknown_operands_give_unknown_results_unless_one_side_decides(void **state)
{
    static const int AND[4][4] = {{0, 0, 0, 0}, {0, 1, 2, 3}, {0, 2, 2, 3}, {0, 3, 3, 3}};
    static const int OR[4][4] = {{0, 1, 2, 3}, {1, 1, 1, 1}, {2, 1, 2, 3}, {3, 1, 3, 3}};
    static const int EQUAL[4][4] = {{1, 0, 2, 3}, {0, 1, 2, 3}, {2, 2, 2, 3}, {3, 3, 3, 3}};
    const struct {
        str text;
        const int (*want)[4];
    } OPS[] = {{STR("P and Q"), AND}, {STR("P or Q"), OR}, {STR("P = Q"), EQUAL}};

    (void)state;
    for (size_t t = 0; t < COUNT_OF(OPS); t++) {
        const struct expr *expr = compile_any(OPS[t].text);
        for (int pair = 0; pair < 16; pair++) {
            int p = pair / 4;
            int q = pair % 4;
            double values[2] = {p, q};
            uint8_t states[2] = {(uint8_t)(p < 2 ? 0 : p - 1), (uint8_t)(q < 2 ? 0 : q - 1)};
            struct expr_column columns[] = {{.value = &values[0], .state = &states[0]},
                                            {.value = &values[1], .state = &states[1]}};
            double got = 0;
            uint8_t got_state = 0;
            expr_run(expr, columns, 1, (struct expr_result){&got, &got_state}, &arena);
            int code = got_state == EXPR_KNOWN ? (int)got : got_state + 1;
            assert_int_equal(code, OPS[t].want[p][q]);
        }
    }
}

/* 100 * num against t * den in 128-bit integers, near the threshold and far from it. */
static void a_percentage_gate_is_as_exact_as_one_in_integers(void **state)
{
    static const struct {
        str text;
        int64_t above; /* the threshold is above / below */
        int64_t below;
    } GATES[] = {
        {STR_INIT("EV05 >= 60 %"), 60, 100},
        {STR_INIT("EV05 >= 33.3 %"), 333, 1000},
        {STR_INIT("EV05 >= 99.99 %"), 9999, 10000},
        {STR_INIT("EV05 >= 7 %"), 7, 100},
    };
    enum { ROWS = 3000 };
    static int64_t num[ROWS];
    static int64_t den[ROWS];
    static double got[ROWS];
    static uint8_t got_state[ROWS];

    (void)state;
    for (size_t g = 0; g < COUNT_OF(GATES); g++) {
        const struct expr *expr = compile_any(GATES[g].text);
        for (uint64_t i = 0; i < ROWS; i++) {
            uint64_t bits = draw_bits((struct draw_at){5, g, i}).first;
            den[i] = (int64_t)(bits >> (26 + i % 36)) + 1;
            num[i] =
                (int64_t)((wide)den[i] * GATES[g].above / GATES[g].below) + (int64_t)(bits % 3) - 1;
        }
        struct expr_column column = {.num = num, .den = den};
        expr_run(expr, &column, ROWS, (struct expr_result){got, got_state}, &arena);
        for (size_t i = 0; i < ROWS; i++) {
            bool want = (wide)num[i] * GATES[g].below >= (wide)den[i] * GATES[g].above;
            assert_int_equal(got[i] != 0, want);
        }
    }
}

static void a_share_of_nothing_is_missing(void **state)
{
    const struct expr *expr = compile_any(STR("EV05"));
    const int64_t num[] = {0, 1, 1, 1};
    const int64_t den[] = {0, 2, 4, -1};
    const uint8_t states[] = {EXPR_KNOWN, EXPR_KNOWN, EXPR_NOT_APPLICABLE, EXPR_KNOWN};
    const uint8_t want[] = {EXPR_MISSING, EXPR_KNOWN, EXPR_NOT_APPLICABLE, EXPR_MISSING};
    double got[4];
    uint8_t got_state[4];

    (void)state;
    struct expr_column column = {.num = num, .den = den, .state = states};
    expr_run(expr, &column, 4, (struct expr_result){got, got_state}, &arena);
    assert_memory_equal(got_state, want, sizeof(want));
    assert_true(got[1] == 0.5 && isnan(got[0]) && isnan(got[2]));
}

static void inputs_are_listed_once_each_with_their_periods(void **state)
{
    size_t count = 0;
    const struct expr *expr =
        compile_any(STR("PS04 + prev(PS04) + 常住人口 + prev(PS04, 2) + PS02"));
    const struct expr_input *inputs = expr_inputs(expr, &count);

    (void)state;
    assert_int_equal(count, 4);
    assert_true(inputs[0].id == 4 && inputs[0].back == 0);
    assert_true(inputs[1].id == 4 && inputs[1].back == 1);
    assert_true(inputs[2].id == 4 && inputs[2].back == 2);
    assert_true(inputs[3].id == 2 && inputs[3].back == 0);
}

static void explain_shows_every_part_with_its_value(void **state)
{
    const struct expr *expr =
        compile_any(STR("DF06 < 12.5 and (PS04 / PS02 >= 80 % or DF03 = \"hill\")"));
    static const struct {
        str text;
        double value;
        int input;
    } WANT[] = {
        {STR_INIT("DF06"), 12.3, 0},
        {STR_INIT("DF06 < 12.5"), 1, -1},
        {STR_INIT("PS04"), 600, 1},
        {STR_INIT("PS02"), 800, 2},
        {STR_INIT("PS04 / PS02"), 0.75, -1},
        {STR_INIT("PS04 / PS02 >= 80 %"), 0, -1},
        {STR_INIT("DF03"), 2, 3},
        {STR_INIT("DF03 = \"hill\""), 0, -1},
        {STR_INIT("(PS04 / PS02 >= 80 % or DF03 = \"hill\")"), 0, -1},
        {STR_INIT("DF06 < 12.5 and (PS04 / PS02 >= 80 % or DF03 = \"hill\")"), 0, -1},
    };
    size_t count = 0;
    const struct expr_step *steps = expr_explain(expr, columns_of(expr), 0, &arena, &count);

    (void)state;
    assert_int_equal(count, COUNT_OF(WANT));
    for (size_t i = 0; i < count; i++) {
        assert_true(str_equal(steps[i].text, WANT[i].text));
        assert_true(steps[i].value == WANT[i].value);
        assert_int_equal(steps[i].input, WANT[i].input);
        assert_int_equal(steps[i].state, EXPR_KNOWN);
    }
    assert_str(steps[0].unit, "km");
    assert_true(steps[6].labels == &TERRAIN);
    steps = expr_explain(compile_any(STR("prev(PS04, 3) > 1")),
                         (struct expr_column[]){{.value = (double[]){7}}}, 0, &arena, &count);
    assert_str(steps[0].text, "prev(PS04, 3)");
}

static void rows_beyond_a_block_are_like_the_first(void **state)
{
    enum { ROWS = 1027 };
    static double values[ROWS];
    static double got[ROWS];
    static uint8_t got_state[ROWS];
    const struct expr *expr = compile_any(STR("round(A * 3 / 7, 3)"));

    (void)state;
    for (int i = 0; i < ROWS; i++) {
        values[i] = i % 10 == 3 ? (double)NAN : i;
    }
    struct expr_column column = {.value = values};
    expr_run(expr, &column, ROWS, (struct expr_result){got, got_state}, &arena);
    for (int i = 0; i < ROWS; i++) {
        assert_int_equal(got_state[i], i % 10 == 3 ? EXPR_MISSING : EXPR_KNOWN);
        assert_true(i % 10 == 3 || got[i] == round(i * 3 / 7.0 * 1000) / 1000);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_ARENA(texts_mean_what_an_office_reads),
        WITH_ARENA(refusals_say_what_and_where),
        WITH_ARENA(a_bare_factor_leaves_the_unit_as_it_is),
        WITH_ARENA(the_result_must_be_what_is_wanted),
        WITH_ARENA(limits_have_names_and_hold),
        WITH_ARENA(unknown_operands_give_unknown_results_unless_one_side_decides),
        WITH_ARENA(a_percentage_gate_is_as_exact_as_one_in_integers),
        WITH_ARENA(a_share_of_nothing_is_missing),
        WITH_ARENA(inputs_are_listed_once_each_with_their_periods),
        WITH_ARENA(explain_shows_every_part_with_its_value),
        WITH_ARENA(rows_beyond_a_block_are_like_the_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
