/* Tokens to nodes: operator precedence with a stack of what still waits for its right side. */
#include "base/num.h"
#include "calc/expr/expr_in.h"

/* What binds tighter is higher; brackets and calls hold back everything inside them. */
enum power {
    POWER_BARRIER,
    POWER_OR,
    POWER_AND,
    POWER_NOT,
    POWER_COMPARE,
    POWER_ADD,
    POWER_MULTIPLY,
    POWER_NEGATE,
};

static int power_of(enum op op)
{
    switch ((int)op) {
    case OP_OR:
        return POWER_OR;
    case OP_AND:
        return POWER_AND;
    case OP_ADD:
    case OP_SUBTRACT:
        return POWER_ADD;
    case OP_MULTIPLY:
    case OP_DIVIDE:
        return POWER_MULTIPLY;
    default:
        return POWER_COMPARE;
    }
}

static struct waiting *top_of(struct parser *p)
{
    return p->waiting_count == 0 ? NULL : &p->waiting[p->waiting_count - 1];
}

enum rc parser_wait(struct parser *p, struct waiting waiting)
{
    if (p->waiting_count == EXPR_DEPTH_MAX) {
        return err_set(p->c->err, RC_LIMIT, MSG_EXPR_DEEP, expr_at(p->c, waiting.begin),
                       arg_count(EXPR_DEPTH_MAX));
    }
    p->waiting[p->waiting_count++] = waiting;
    return RC_OK;
}

static enum rc add_node(struct parser *p, struct node node)
{
    struct compiler *c = p->c;

    if (c->node_count == c->node_max) {
        return err_set(c->err, RC_LIMIT, MSG_EXPR_MANY, expr_at(c, node.begin),
                       arg_count(EXPR_NODES_MAX));
    }
    p->operands[p->operand_count++] = c->node_count;
    c->nodes[c->node_count++] = node;
    return RC_OK;
}

enum rc parser_join(struct parser *p, enum op op, int base, size_t mark)
{
    struct compiler *c = p->c;
    struct node node = {
        .op = op, .mark = mark, .begin = mark, .end = p->close_end, .first = p->operands[base]};

    for (int i = base; i < p->operand_count; i++) {
        struct node *child = &c->nodes[p->operands[i]];
        child->next = i + 1 < p->operand_count ? p->operands[i + 1] : NO_NODE;
        node.begin = child->begin < node.begin ? child->begin : node.begin;
        node.end = child->end > node.end ? child->end : node.end;
    }
    node.count = p->operand_count - base;
    p->operand_count = base;
    return add_node(p, node);
}

static enum rc join_negated(struct parser *p, const struct waiting *w, enum op op)
{
    enum rc rc = parser_join(p, op, w->base, w->begin);

    if (rc == RC_OK && w->is_negated) {
        rc = parser_join(p, OP_NOT, w->base, w->begin);
    }
    return rc;
}

/* Join the operators on top that bind at least as tightly as `power`. */
static enum rc reduce(struct parser *p, int power)
{
    struct waiting *top = top_of(p);

    while (top != NULL && top->power >= power && top->power != POWER_BARRIER) {
        if (top->kind == WAIT_LOW) {
            return err_set(p->c->err, RC_INVALID, MSG_EXPR_BETWEEN, expr_at(p->c, top->begin));
        }
        p->waiting_count--;
        enum rc rc = join_negated(p, top, top->op);
        if (rc != RC_OK) {
            return rc;
        }
        top = top_of(p);
    }
    return RC_OK;
}

static enum rc take_comparison(struct parser *p, struct waiting waiting)
{
    enum rc rc = reduce(p, POWER_ADD);

    if (rc != RC_OK) {
        return rc;
    }
    const struct waiting *top = top_of(p);
    if (top != NULL && top->power == POWER_COMPARE) {
        return err_set(p->c->err, RC_INVALID, MSG_EXPR_CHAIN, expr_at(p->c, waiting.begin));
    }
    waiting.power = POWER_COMPARE;
    waiting.base = p->operand_count - 1;
    p->wants_operand = true;
    return parser_wait(p, waiting);
}

static enum rc take_infix(struct parser *p, enum op op, size_t begin)
{
    struct waiting waiting = {.op = op, .power = power_of(op), .begin = begin};

    if (waiting.power == POWER_COMPARE) {
        return take_comparison(p, waiting);
    }
    enum rc rc = reduce(p, op == OP_AND ? POWER_ADD : waiting.power);
    struct waiting *top = top_of(p);
    if (rc == RC_OK && op == OP_AND && top != NULL && top->kind == WAIT_LOW) {
        top->kind = WAIT_HIGH;
        p->wants_operand = true;
        return RC_OK;
    }
    if (rc == RC_OK) {
        rc = reduce(p, waiting.power);
    }
    if (rc != RC_OK) {
        return rc;
    }
    waiting.base = p->operand_count - 1;
    p->wants_operand = true;
    return parser_wait(p, waiting);
}

static enum rc take_in(struct parser *p, bool is_negated, size_t begin)
{
    struct compiler *c = p->c;
    enum rc rc = expr_lex(c);

    if (rc != RC_OK) {
        return rc;
    }
    if (c->token.kind != TOKEN_OPEN) {
        return err_set(c->err, RC_INVALID, MSG_EXPR_IN, expr_at(c, c->token.begin));
    }
    rc = take_comparison(
        p,
        (struct waiting){.kind = WAIT_LIST, .op = OP_IN, .begin = begin, .is_negated = is_negated});
    if (rc == RC_OK) {
        p->waiting[p->waiting_count - 1].power = POWER_BARRIER;
    }
    return rc;
}

/* and, or, between, in, not between, not in: the words that may follow an operand. */
static enum rc take_word(struct parser *p, bool *out_taken)
{
    struct compiler *c = p->c;
    size_t begin = c->token.begin;
    bool is_negated = str_equal(c->token.text, STR("not"));

    *out_taken = true;
    if (is_negated) {
        enum rc rc = expr_lex(c);
        if (rc != RC_OK) {
            return rc;
        }
    }
    if (str_equal(c->token.text, STR("in"))) {
        return take_in(p, is_negated, begin);
    }
    if (str_equal(c->token.text, STR("between"))) {
        return take_comparison(
            p, (struct waiting){
                   .kind = WAIT_LOW, .op = OP_BETWEEN, .begin = begin, .is_negated = is_negated});
    }
    if (!is_negated && str_equal(c->token.text, STR("and"))) {
        return take_infix(p, OP_AND, begin);
    }
    if (!is_negated && str_equal(c->token.text, STR("or"))) {
        return take_infix(p, OP_OR, begin);
    }
    *out_taken = false;
    return RC_OK;
}

static enum rc take_close(struct parser *p)
{
    struct compiler *c = p->c;
    enum rc rc = reduce(p, POWER_OR);
    const struct waiting *top = top_of(p);

    if (rc != RC_OK) {
        return rc;
    }
    if (top == NULL) {
        return err_set(c->err, RC_INVALID, MSG_EXPR_CLOSE, expr_at(c, c->token.begin));
    }
    p->waiting_count--;
    p->close_end = c->token.end;
    if (top->kind == WAIT_CALL) {
        rc = expr_call_close(p, top);
    } else if (top->kind == WAIT_LIST) {
        rc = join_negated(p, top, OP_IN);
    } else {
        c->nodes[p->operands[p->operand_count - 1]].begin = top->begin;
    }
    c->nodes[p->operands[p->operand_count - 1]].end = p->close_end;
    p->close_end = 0;
    return rc;
}

static enum rc take_comma(struct parser *p)
{
    struct compiler *c = p->c;
    enum rc rc = reduce(p, POWER_OR);
    const struct waiting *top = top_of(p);

    if (rc != RC_OK) {
        return rc;
    }
    if (top == NULL || top->kind == WAIT_GROUP) {
        return err_set(c->err, RC_INVALID, MSG_EXPR_COMMA, expr_at(c, c->token.begin));
    }
    p->wants_operand = true;
    return RC_OK;
}

static enum rc take_end(struct parser *p)
{
    enum rc rc = reduce(p, POWER_OR);
    const struct waiting *top = top_of(p);

    if (rc != RC_OK) {
        return rc;
    }
    if (top != NULL) {
        return err_set(p->c->err, RC_INVALID, MSG_EXPR_OPEN, expr_at(p->c, top->begin));
    }
    p->c->root = p->operands[0];
    return RC_OK;
}

static enum rc after_operand(struct parser *p)
{
    struct compiler *c = p->c;
    struct token token = c->token;
    bool taken = false;
    enum rc rc = RC_OK;

    switch (token.kind) {
    case TOKEN_END:
        return take_end(p);
    case TOKEN_CLOSE:
        return take_close(p);
    case TOKEN_COMMA:
        return take_comma(p);
    case TOKEN_OP:
        return take_infix(p, token.op, token.begin);
    case TOKEN_NAME:
        rc = take_word(p, &taken);
        break;
    case TOKEN_NUMBER:
    case TOKEN_TEXT:
    case TOKEN_OPEN:
    case TOKEN_PERCENT:
        break;
    }
    if (rc == RC_OK && !taken) {
        rc = err_set(c->err, RC_INVALID, MSG_EXPR_OPERATOR, expr_at(c, token.begin),
                     arg_text(str_part(c->text, token.begin, token.end - token.begin)));
    }
    return rc;
}

/* Digits, perhaps with a point, perhaps followed by a percent sign. */
static enum rc take_number(struct parser *p, bool *out_is_ahead)
{
    struct compiler *c = p->c;
    struct token token = c->token;
    size_t point = str_find(token.text, STR("."));
    int decimals = point == STR_NONE ? 0 : (int)(token.text.len - point - 1);
    struct node node = {.op = OP_NUMBER, .begin = token.begin, .mark = token.begin};
    bool is_number = decimals <= EXPR_DECIMALS_MAX - 2 && token.text.len <= EXPR_DECIMALS_MAX + 1 &&
                     num_parse_fixed(token.text, decimals, &node.number);

    if (!is_number) {
        return err_set(c->err, RC_INVALID, MSG_EXPR_NUMBER, expr_at(c, token.begin),
                       arg_text(token.text));
    }
    node.end = token.end;
    node.type = (struct type){.kind = TYPE_NUMBER, .is_plain = true, .decimals = decimals};
    enum rc rc = expr_lex(c);
    *out_is_ahead = true;
    if (rc == RC_OK && c->token.kind == TOKEN_PERCENT) {
        node.end = c->token.end;
        node.type = (struct type){.kind = TYPE_PERCENT, .decimals = decimals + 2};
        *out_is_ahead = false;
    }
    return rc == RC_OK ? add_node(p, node) : rc;
}

static bool is_word(str text)
{
    static const str WORDS[] = {STR_INIT("and"), STR_INIT("or"), STR_INIT("in"),
                                STR_INIT("between")};

    for (size_t i = 0; i < COUNT_OF(WORDS); i++) {
        if (str_equal(text, WORDS[i])) {
            return true;
        }
    }
    return false;
}

static enum rc need_operand(const struct compiler *c)
{
    if (c->token.kind == TOKEN_END) {
        return err_set(c->err, RC_INVALID, MSG_EXPR_END, expr_at(c, c->token.begin));
    }
    return err_set(c->err, RC_INVALID, MSG_EXPR_OPERAND, expr_at(c, c->token.begin),
                   arg_text(str_part(c->text, c->token.begin, c->token.end - c->token.begin)));
}

/* A name, a call, yes, no, or the prefix not. */
static enum rc take_name(struct parser *p, bool *out_is_ahead)
{
    struct compiler *c = p->c;
    struct token name = c->token;
    bool is_yes = str_equal(name.text, STR("yes"));

    if (str_equal(name.text, STR("not"))) {
        p->wants_operand = true;
        return parser_wait(p, (struct waiting){.op = OP_NOT,
                                               .power = POWER_NOT,
                                               .begin = name.begin,
                                               .base = p->operand_count});
    }
    if (is_word(name.text)) {
        return need_operand(c);
    }
    if (is_yes || str_equal(name.text, STR("no"))) {
        return add_node(p, (struct node){.op = OP_NUMBER,
                                         .begin = name.begin,
                                         .end = name.end,
                                         .mark = name.begin,
                                         .number = is_yes,
                                         .type = {.kind = TYPE_BOOL}});
    }
    enum rc rc = expr_lex(c);
    if (rc != RC_OK) {
        return rc;
    }
    if (c->token.kind == TOKEN_OPEN) {
        return expr_call(p, name);
    }
    *out_is_ahead = true;
    return add_node(p, (struct node){.op = OP_NAME,
                                     .begin = name.begin,
                                     .end = name.end,
                                     .mark = name.begin,
                                     .text = name.text});
}

static enum rc take_group(struct parser *p)
{
    p->wants_operand = true;
    return parser_wait(p, (struct waiting){.kind = WAIT_GROUP, .begin = p->c->token.begin});
}

static enum rc take_negation(struct parser *p)
{
    p->wants_operand = true;
    return parser_wait(p, (struct waiting){.op = OP_NEGATE,
                                           .power = POWER_NEGATE,
                                           .begin = p->c->token.begin,
                                           .base = p->operand_count});
}

/* `*out_is_ahead`: the token behind the operand has been read already. */
static enum rc operand(struct parser *p, bool *out_is_ahead)
{
    struct compiler *c = p->c;

    p->wants_operand = false;
    switch (c->token.kind) {
    case TOKEN_NUMBER:
        return take_number(p, out_is_ahead);
    case TOKEN_TEXT:
        return add_node(p, (struct node){.op = OP_TEXT,
                                         .begin = c->token.begin,
                                         .end = c->token.end,
                                         .mark = c->token.begin,
                                         .text = c->token.text,
                                         .type = {.kind = TYPE_TEXT}});
    case TOKEN_NAME:
        return take_name(p, out_is_ahead);
    case TOKEN_OPEN:
        return take_group(p);
    case TOKEN_OP:
        return c->token.op == OP_SUBTRACT ? take_negation(p) : need_operand(c);
    case TOKEN_END:
    case TOKEN_CLOSE:
    case TOKEN_COMMA:
    case TOKEN_PERCENT:
        break;
    }
    return need_operand(c);
}

enum rc expr_parse(struct compiler *c)
{
    struct parser *p = ARENA_NEW(c->arena, struct parser, 1);
    enum rc rc = expr_lex(c);

    *p = (struct parser){.c = c, .wants_operand = true};
    while (rc == RC_OK) {
        bool is_ahead = false;
        bool is_end = !p->wants_operand && c->token.kind == TOKEN_END;

        rc = p->wants_operand ? operand(p, &is_ahead) : after_operand(p);
        if (is_end) {
            break;
        }
        if (rc == RC_OK && !is_ahead) {
            rc = expr_lex(c);
        }
    }
    return rc;
}
