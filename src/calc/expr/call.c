/* Functions: their names, how many arguments they take, and arguments that must be literals. */
#include "calc/expr/expr_in.h"

struct function {
    str name;
    enum op op;
    int min;
    int max;
};

enum { ARGUMENTS_MAX = 32 };

static const struct function FUNCTIONS[] = {
    {STR_INIT("if"), OP_IF, 3, 3},
    {STR_INIT("min"), OP_MIN, 2, ARGUMENTS_MAX},
    {STR_INIT("max"), OP_MAX, 2, ARGUMENTS_MAX},
    {STR_INIT("abs"), OP_ABS, 1, 1},
    {STR_INIT("round"), OP_ROUND, 1, 2},
    {STR_INIT("missing"), OP_MISSING, 1, 1},
    {STR_INIT("applicable"), OP_APPLICABLE, 1, 1},
    {STR_INIT("prev"), OP_PREV, 1, 2},
    {STR_INIT("coalesce"), OP_COALESCE, 2, ARGUMENTS_MAX},
    {STR_INIT("to"), OP_TO, 2, 2},
};

/* A last argument that must be a bare whole number or a text is not a value: keep what it says in
 * the call, and forget the node, which is the newest. */
static enum rc fold_number(struct parser *p, struct node *literal, int64_t max, int64_t *out)
{
    struct compiler *c = p->c;

    if (literal->op != OP_NUMBER || literal->type.decimals != 0 ||
        literal->type.kind != TYPE_NUMBER || literal->number > max) {
        return err_set(c->err, RC_INVALID, MSG_EXPR_WHOLE, expr_at(c, literal->begin),
                       arg_count(max));
    }
    *out = literal->number;
    p->operand_count--;
    c->node_count--;
    return RC_OK;
}

static enum rc close_prev(struct parser *p, const struct waiting *w)
{
    struct compiler *c = p->c;
    struct node *name = &c->nodes[p->operands[w->base]];
    int64_t back = 1;
    enum rc rc = RC_OK;

    if (name->op != OP_NAME || name->number != 0) {
        return err_set(c->err, RC_INVALID, MSG_EXPR_PREV, expr_at(c, name->begin));
    }
    if (p->operand_count - w->base == 2) {
        rc = fold_number(p, &c->nodes[c->node_count - 1], EXPR_BACK_MAX, &back);
    }
    if (rc == RC_OK && back == 0) {
        rc = err_set(c->err, RC_INVALID, MSG_EXPR_PREV, expr_at(c, name->begin));
    }
    name->number = back;
    name->begin = w->begin;
    return rc;
}

static enum rc close_to(struct parser *p, const struct waiting *w)
{
    struct compiler *c = p->c;
    struct node *unit = &c->nodes[c->node_count - 1];

    if (unit->op != OP_TEXT) {
        return err_set(c->err, RC_INVALID, MSG_EXPR_TO, expr_at(c, unit->begin));
    }
    str text = unit->text;
    p->operand_count--;
    c->node_count--;
    enum rc rc = parser_join(p, OP_TO, w->base, w->begin);
    c->nodes[c->node_count - 1].text = text;
    return rc;
}

static enum rc close_round(struct parser *p, const struct waiting *w)
{
    struct compiler *c = p->c;
    int64_t decimals = 0;
    enum rc rc = RC_OK;

    if (p->operand_count - w->base == 2) {
        rc = fold_number(p, &c->nodes[c->node_count - 1], EXPR_DECIMALS_MAX, &decimals);
    }
    if (rc == RC_OK) {
        rc = parser_join(p, OP_ROUND, w->base, w->begin);
    }
    if (rc == RC_OK) {
        c->nodes[c->node_count - 1].number = decimals;
    }
    return rc;
}

static const struct function *function_of(enum op op)
{
    for (size_t i = 0; i < COUNT_OF(FUNCTIONS); i++) {
        if (FUNCTIONS[i].op == op) {
            return &FUNCTIONS[i];
        }
    }
    NEVER("an operation without a function was called");
}

enum rc expr_call_close(struct parser *p, const struct waiting *w)
{
    const struct function *function = function_of(w->op);
    int count = p->operand_count - w->base;

    if (count < function->min || count > function->max) {
        return err_set(p->c->err, RC_INVALID, MSG_EXPR_ARGUMENTS, expr_at(p->c, w->begin),
                       arg_text(function->name), arg_count(function->min),
                       arg_count(function->max));
    }
    switch ((int)w->op) {
    case OP_PREV:
        return close_prev(p, w);
    case OP_TO:
        return close_to(p, w);
    case OP_ROUND:
        return close_round(p, w);
    default:
        return parser_join(p, w->op, w->base, w->begin);
    }
}

enum rc expr_call(struct parser *p, struct token name)
{
    struct compiler *c = p->c;
    str known[COUNT_OF(FUNCTIONS)];

    for (size_t i = 0; i < COUNT_OF(FUNCTIONS); i++) {
        if (str_equal(FUNCTIONS[i].name, name.text)) {
            p->wants_operand = true;
            return parser_wait(p, (struct waiting){.kind = WAIT_CALL,
                                                   .op = FUNCTIONS[i].op,
                                                   .begin = name.begin,
                                                   .base = p->operand_count});
        }
        known[i] = FUNCTIONS[i].name;
    }
    str nearest = expr_nearest(name.text, known, COUNT_OF(known));
    if (nearest.len > 0) {
        return err_set(c->err, RC_INVALID, MSG_EXPR_FUNCTION_NEAR, expr_at(c, name.begin),
                       arg_text(name.text), arg_text(nearest));
    }
    return err_set(c->err, RC_INVALID, MSG_EXPR_FUNCTION, expr_at(c, name.begin),
                   arg_text(name.text));
}
