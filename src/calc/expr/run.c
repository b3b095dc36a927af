/* Typed nodes to the steps of a stack machine; and the machine: each step runs over a block of
 * rows before the next one begins. */
#include <math.h>

#include "base/num.h"
#include "calc/expr/expr_in.h"

enum { BLOCK_ROWS = 256 };

struct emitter {
    struct compiler *c;
    struct expr *expr;
    int depth;
};

static struct step *add_step(struct emitter *e, enum op op, int count)
{
    struct step *step = &e->expr->steps[e->expr->step_count++];

    e->depth -= count;
    *step = (struct step){
        .op = op, .slot = e->depth, .count = count, .number = 1, .divisor = 1, .note = -1};
    e->depth++;
    if (e->depth > e->expr->slot_count) {
        e->expr->slot_count = e->depth;
    }
    return step;
}

static enum expr_kind public_kind(enum type_kind kind)
{
    switch (kind) {
    case TYPE_NUMBER:
        return EXPR_NUMBER;
    case TYPE_PERCENT:
        return EXPR_PERCENT;
    case TYPE_BOOL:
        return EXPR_BOOL;
    case TYPE_ENUM:
        return EXPR_ENUM;
    case TYPE_TEXT:
        break;
    }
    NEVER("a text is no result");
}

static int add_note(struct emitter *e, const struct node *node)
{
    struct note *note = &e->expr->notes[e->expr->note_count];

    note->text = arena_str(e->c->arena, str_part(e->c->text, node->begin, node->end - node->begin));
    note->kind = public_kind(node->type.kind);
    note->decimals = node->type.decimals;
    note->unit = arena_str(e->c->arena, unit_text(e->c, node->type.unit));
    note->labels = node->type.labels;
    note->input = node->op == OP_NAME ? node->input : -1;
    return (int)e->expr->note_count++;
}

static double power_of_ten(int exponent)
{
    return (double)num_pow10(exponent);
}

/* From decimals `from` to `to`: a multiplication, a division, or nothing. */
static void set_scale(struct step *step, int from, int to)
{
    int have = from == EXPR_REAL ? 0 : from;

    if (to == EXPR_REAL) {
        step->divisor = power_of_ten(have);
    } else if (to >= have) {
        step->number = power_of_ten(to - have);
    } else {
        step->divisor = power_of_ten(have - to);
    }
}

static void set_operands(struct emitter *e, struct step *step, const struct node *node)
{
    switch ((int)node->op) {
    case OP_NUMBER:
    case OP_LABEL:
        step->number = (double)node->number;
        return;
    case OP_NAME:
        step->input = node->input;
        break;
    case OP_ROUND:
        set_scale(step, e->c->nodes[node->first].type.decimals, (int)node->number);
        break;
    case OP_TO:
        step->number = node->factor[0];
        step->divisor = node->factor[1];
        break;
    default:
        break;
    }
    step->note = add_note(e, node);
}

static void emit_node(struct emitter *e, const struct node *node)
{
    struct step *step = add_step(e, node->op, node->count);

    set_operands(e, step, node);
    if (node->decimals_wanted != node->type.decimals && node->type.decimals != EXPR_REAL) {
        step = add_step(e, OP_SCALE, 1);
        set_scale(step, node->type.decimals, node->decimals_wanted);
    }
}

static struct expr *emit(struct compiler *c)
{
    struct expr *expr = ARENA_NEW(c->arena, struct expr, 1);
    struct emitter e = {.c = c, .expr = expr};

    expr->steps = ARENA_NEW(c->arena, struct step, 2 * (size_t)c->node_count);
    expr->notes = ARENA_NEW(c->arena, struct note, (size_t)c->node_count);
    expr->inputs = c->inputs;
    expr->input_count = c->input_count;
    for (int i = 0; i < c->node_count; i++) {
        emit_node(&e, &c->nodes[i]);
    }
    return expr;
}

enum rc expr_compile(str text, const struct expr_names *names, const struct expr_want *want,
                     struct arena *arena, const struct expr **out, struct err *err)
{
    struct compiler *c = ARENA_NEW(arena, struct compiler, 1);

    if (text.len > EXPR_TEXT_MAX) {
        return err_set(err, RC_LIMIT, MSG_EXPR_LONG, arg_count(1), arg_count(EXPR_TEXT_MAX));
    }
    c->text = arena_str(arena, text);
    c->names = names;
    c->arena = arena;
    c->err = err;
    c->node_max = text.len < EXPR_NODES_MAX ? (int)text.len : EXPR_NODES_MAX;
    c->nodes = ARENA_NEW(arena, struct node, (size_t)c->node_max);
    c->inputs = ARENA_NEW(arena, struct expr_input, (size_t)c->node_max);
    enum rc rc = expr_parse(c);
    if (rc == RC_OK) {
        rc = expr_type(c);
    }
    if (rc == RC_OK) {
        rc = expr_check_result(c, want);
    }
    if (rc == RC_OK) {
        *out = emit(c);
    }
    return rc;
}

const struct expr_input *expr_inputs(const struct expr *expr, size_t *out_count)
{
    *out_count = expr->input_count;
    return expr->inputs;
}

/* A slot of the stack: it points into a column, or to its own room. */
struct lane {
    const double *value;
    const uint8_t *state;
    double *own_value;
    uint8_t *own_state;
};

struct cell {
    double value;
    uint8_t state;
};

static const double UNKNOWN = (double)NAN;
static const struct cell YES = {1.0, EXPR_KNOWN};
static const struct cell NO = {0.0, EXPR_KNOWN};

static struct cell cell_at(const struct lane *lane, size_t i)
{
    return (struct cell){lane->value[i], lane->state[i]};
}

static void put_cell(struct lane *lane, size_t i, struct cell cell)
{
    lane->own_value[i] = cell.value;
    lane->own_state[i] = cell.state;
}

static void settle(struct lane *lane)
{
    lane->value = lane->own_value;
    lane->state = lane->own_state;
}

/* Not applicable outweighs missing: whatever was not reported, the formula does not apply. */
static uint8_t worse(uint8_t a, uint8_t b)
{
    return a > b ? a : b;
}

static struct cell known_if(double value, struct cell a, struct cell b)
{
    return (struct cell){value, worse(a.state, b.state)};
}

static struct cell quotient(struct cell a, struct cell b)
{
    bool is_by_zero = b.state == EXPR_KNOWN && b.value == 0.0;

    return (struct cell){a.value / b.value,
                         worse(worse(a.state, b.state), is_by_zero ? EXPR_MISSING : EXPR_KNOWN)};
}

static struct cell both(struct cell a, struct cell b)
{
    if ((a.state == EXPR_KNOWN && a.value == 0.0) || (b.state == EXPR_KNOWN && b.value == 0.0)) {
        return NO;
    }
    return known_if(1.0, a, b);
}

static struct cell opposite(struct cell a)
{
    return (struct cell){1.0 - a.value, a.state};
}

static struct cell either(struct cell a, struct cell b)
{
    return opposite(both(opposite(a), opposite(b)));
}

static struct cell smaller(struct cell a, struct cell b)
{
    return known_if(a.value < b.value ? a.value : b.value, a, b);
}

static struct cell larger(struct cell a, struct cell b)
{
    return known_if(a.value > b.value ? a.value : b.value, a, b);
}

static struct cell first_known(struct cell a, struct cell b)
{
    return a.state == EXPR_KNOWN ? a : b;
}

static struct cell equal(struct cell a, struct cell b)
{
    return known_if(a.value == b.value, a, b);
}

static struct cell at_most(struct cell a, struct cell b)
{
    return known_if(a.value <= b.value, a, b);
}

static struct cell scaled(const struct step *step, struct cell a)
{
    return (struct cell){a.value * step->number / step->divisor, a.state};
}

static struct cell rounded(const struct step *step, struct cell a)
{
    return (struct cell){round(scaled(step, a).value), a.state};
}

static struct cell chosen(struct cell condition, struct cell yes, struct cell no)
{
    if (condition.state != EXPR_KNOWN) {
        return condition;
    }
    return condition.value != 0.0 ? yes : no;
}

/* One function a step: `made` of operand a, of a and b, or of a, b and d. */
#define UNARY(name, made)                                                                          \
    static void name(const struct step *step, struct lane *l, size_t n)                            \
    {                                                                                              \
        (void)step;                                                                                \
        for (size_t i = 0; i < n; i++) {                                                           \
            struct cell a = cell_at(&l[0], i);                                                     \
            put_cell(&l[0], i, made);                                                              \
        }                                                                                          \
    }
#define BINARY(name, made)                                                                         \
    static void name(const struct step *step, struct lane *l, size_t n)                            \
    {                                                                                              \
        (void)step;                                                                                \
        for (size_t i = 0; i < n; i++) {                                                           \
            struct cell a = cell_at(&l[0], i);                                                     \
            struct cell b = cell_at(&l[1], i);                                                     \
            put_cell(&l[0], i, made);                                                              \
        }                                                                                          \
    }
#define TERNARY(name, made)                                                                        \
    static void name(const struct step *step, struct lane *l, size_t n)                            \
    {                                                                                              \
        (void)step;                                                                                \
        for (size_t i = 0; i < n; i++) {                                                           \
            struct cell a = cell_at(&l[0], i);                                                     \
            struct cell b = cell_at(&l[1], i);                                                     \
            struct cell d = cell_at(&l[2], i);                                                     \
            put_cell(&l[0], i, made);                                                              \
        }                                                                                          \
    }
/* All operands, from left to right. */
#define FOLD(name, made)                                                                           \
    static void name(const struct step *step, struct lane *l, size_t n)                            \
    {                                                                                              \
        for (size_t i = 0; i < n; i++) {                                                           \
            struct cell a = cell_at(&l[0], i);                                                     \
            for (int k = 1; k < step->count; k++) {                                                \
                struct cell b = cell_at(&l[k], i);                                                 \
                a = made;                                                                          \
            }                                                                                      \
            put_cell(&l[0], i, a);                                                                 \
        }                                                                                          \
    }

UNARY(run_negate, ((struct cell){-a.value, a.state}))
UNARY(run_abs, ((struct cell){fabs(a.value), a.state}))
UNARY(run_not, opposite(a))
UNARY(run_missing, a.state == EXPR_MISSING ? YES : NO)
UNARY(run_applicable, a.state == EXPR_NOT_APPLICABLE ? NO : YES)
UNARY(run_scale, scaled(step, a))
UNARY(run_round, rounded(step, a))
BINARY(run_add, known_if(a.value + b.value, a, b))
BINARY(run_subtract, known_if(a.value - b.value, a, b))
BINARY(run_multiply, known_if(a.value *b.value, a, b))
BINARY(run_divide, quotient(a, b))
BINARY(run_equal, equal(a, b))
BINARY(run_unequal, opposite(equal(a, b)))
BINARY(run_less, opposite(at_most(b, a)))
BINARY(run_less_equal, at_most(a, b))
BINARY(run_greater, opposite(at_most(a, b)))
BINARY(run_greater_equal, at_most(b, a))
BINARY(run_and, both(a, b))
BINARY(run_or, either(a, b))
TERNARY(run_between, both(at_most(b, a), at_most(a, d)))
TERNARY(run_if, chosen(a, b, d))
FOLD(run_min, smaller(a, b))
FOLD(run_max, larger(a, b))
FOLD(run_coalesce, first_known(a, b))

/* x in (p, q): x = p or x = q. */
static void run_in(const struct step *step, struct lane *l, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct cell x = cell_at(&l[0], i);
        struct cell found = NO;
        for (int k = 1; k < step->count; k++) {
            found = either(found, equal(x, cell_at(&l[k], i)));
        }
        put_cell(&l[0], i, found);
    }
}

static void run_literal(const struct step *step, struct lane *l, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        put_cell(&l[0], i, (struct cell){step->number, EXPR_KNOWN});
    }
}

typedef void (*run_step)(const struct step *step, struct lane *l, size_t n);

static const run_step RUN[] = {
    [OP_NUMBER] = run_literal,
    [OP_LABEL] = run_literal,
    [OP_NEGATE] = run_negate,
    [OP_NOT] = run_not,
    [OP_ADD] = run_add,
    [OP_SUBTRACT] = run_subtract,
    [OP_MULTIPLY] = run_multiply,
    [OP_DIVIDE] = run_divide,
    [OP_EQUAL] = run_equal,
    [OP_UNEQUAL] = run_unequal,
    [OP_LESS] = run_less,
    [OP_LESS_EQUAL] = run_less_equal,
    [OP_GREATER] = run_greater,
    [OP_GREATER_EQUAL] = run_greater_equal,
    [OP_AND] = run_and,
    [OP_OR] = run_or,
    [OP_BETWEEN] = run_between,
    [OP_IN] = run_in,
    [OP_IF] = run_if,
    [OP_MIN] = run_min,
    [OP_MAX] = run_max,
    [OP_ABS] = run_abs,
    [OP_ROUND] = run_round,
    [OP_MISSING] = run_missing,
    [OP_APPLICABLE] = run_applicable,
    [OP_COALESCE] = run_coalesce,
    [OP_TO] = run_scale,
    [OP_SCALE] = run_scale,
};

static uint8_t state_at(const struct expr_column *column, size_t row, double value)
{
    uint8_t said = column->state == NULL ? EXPR_KNOWN : column->state[row];

    return said == EXPR_KNOWN && isnan(value) ? EXPR_MISSING : said;
}

static void load_ratio(const struct expr_column *column, size_t from, struct lane *lane, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        int64_t den = column->den[from + i];
        double value = den > 0 ? (double)column->num[from + i] / (double)den : UNKNOWN;
        put_cell(lane, i, (struct cell){value, state_at(column, from + i, value)});
    }
    settle(lane);
}

static void load(const struct expr_column *column, size_t from, struct lane *lane, size_t n)
{
    if (column->num != NULL) {
        load_ratio(column, from, lane, n);
        return;
    }
    lane->value = column->value + from;
    for (size_t i = 0; i < n; i++) {
        lane->own_state[i] = state_at(column, from + i, lane->value[i]);
    }
    lane->state = lane->own_state;
}

static void run_one(const struct step *step, const struct expr_column *columns, size_t from,
                    struct lane *lanes, size_t n)
{
    struct lane *lane = &lanes[step->slot];

    if (step->op == OP_NAME) {
        load(&columns[step->input], from, lane, n);
        return;
    }
    RUN[step->op](step, lane, n);
    settle(lane);
}

static struct lane *make_lanes(const struct expr *expr, size_t rows, struct arena *arena)
{
    size_t count = (size_t)expr->slot_count;
    struct lane *lanes = ARENA_NEW(arena, struct lane, count);

    for (size_t i = 0; i < count; i++) {
        lanes[i].own_value = ARENA_NEW(arena, double, rows);
        lanes[i].own_state = ARENA_NEW(arena, uint8_t, rows);
        settle(&lanes[i]);
    }
    return lanes;
}

/* What leaves is finite: a number too big to be one is missing. */
static struct cell result_of(struct cell cell)
{
    if (cell.state == EXPR_KNOWN && isfinite(cell.value)) {
        return cell;
    }
    return (struct cell){UNKNOWN, cell.state == EXPR_KNOWN ? EXPR_MISSING : cell.state};
}

void expr_run(const struct expr *expr, const struct expr_column *columns, size_t rows,
              struct expr_result out, struct arena *scratch)
{
    struct arena_mark mark = arena_mark(scratch);
    struct lane *lanes = make_lanes(expr, BLOCK_ROWS, scratch);

    for (size_t from = 0; from < rows; from += BLOCK_ROWS) {
        size_t n = rows - from < BLOCK_ROWS ? rows - from : BLOCK_ROWS;
        for (size_t s = 0; s < expr->step_count; s++) {
            run_one(&expr->steps[s], columns, from, lanes, n);
        }
        for (size_t i = 0; i < n; i++) {
            struct cell cell = result_of(cell_at(&lanes[0], i));
            out.value[from + i] = cell.value;
            out.state[from + i] = cell.state;
        }
    }
    arena_rewind(scratch, mark);
}

static struct expr_step explained(const struct note *note, struct cell cell)
{
    bool is_scaled = note->decimals > 0;
    double divisor = 1.0;

    for (int i = 0; is_scaled && i < note->decimals; i++) {
        divisor *= 10.0;
    }
    cell = result_of((struct cell){cell.value / divisor, cell.state});
    return (struct expr_step){
        .text = note->text,
        .kind = note->kind,
        .state = (enum expr_state)cell.state,
        .value = cell.value,
        .unit = note->unit,
        .labels = note->labels,
        .input = note->input,
    };
}

const struct expr_step *expr_explain(const struct expr *expr, const struct expr_column *columns,
                                     size_t row, struct arena *arena, size_t *out_count)
{
    struct expr_step *steps = ARENA_NEW(arena, struct expr_step, expr->note_count);
    struct lane *lanes = make_lanes(expr, 1, arena);
    size_t count = 0;

    for (size_t s = 0; s < expr->step_count; s++) {
        const struct step *step = &expr->steps[s];
        run_one(step, columns, row, lanes, 1);
        if (step->note >= 0) {
            steps[count++] = explained(&expr->notes[step->note], cell_at(&lanes[step->slot], 0));
        }
    }
    *out_count = count;
    return steps;
}
