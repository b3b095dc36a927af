/* Types and units of nodes, children before parents: what goes together and what comes of it. */
#include "calc/expr/expr_in.h"

static enum msg_id kind_name(enum type_kind kind)
{
    static const enum msg_id NAMES[] = {
        [TYPE_NUMBER] = MSG_EXPR_KIND_NUMBER, [TYPE_PERCENT] = MSG_EXPR_KIND_PERCENT,
        [TYPE_BOOL] = MSG_EXPR_KIND_BOOL,     [TYPE_ENUM] = MSG_EXPR_KIND_ENUM,
        [TYPE_TEXT] = MSG_EXPR_KIND_TEXT,
    };

    return NAMES[kind];
}

static struct node *child_of(struct compiler *c, const struct node *node, int nth)
{
    struct node *child = &c->nodes[node->first];

    for (int i = 0; i < nth; i++) {
        child = &c->nodes[child->next];
    }
    return child;
}

static struct node *after(struct compiler *c, const struct node *child)
{
    return child->next == NO_NODE ? NULL : &c->nodes[child->next];
}

static bool is_number(struct type type)
{
    return type.kind == TYPE_NUMBER || type.kind == TYPE_PERCENT;
}

static struct type bool_type(void)
{
    return (struct type){.kind = TYPE_BOOL};
}

static enum rc fail_kinds(struct compiler *c, const struct node *child, struct type other)
{
    return err_set(c->err, RC_INVALID, MSG_EXPR_KINDS, expr_at(c, child->begin),
                   arg_msg(kind_name(child->type.kind)), arg_msg(kind_name(other.kind)));
}

static enum rc need_number(struct compiler *c, const struct node *child)
{
    if (is_number(child->type)) {
        return RC_OK;
    }
    return err_set(c->err, RC_INVALID, MSG_EXPR_NEED_NUMBER, expr_at(c, child->begin),
                   arg_msg(kind_name(child->type.kind)));
}

static enum rc need_bool(struct compiler *c, const struct node *child)
{
    if (child->type.kind == TYPE_BOOL) {
        return RC_OK;
    }
    return err_set(c->err, RC_INVALID, MSG_EXPR_NEED_BOOL, expr_at(c, child->begin),
                   arg_msg(kind_name(child->type.kind)));
}

/* A text becomes the label it names. */
static enum rc set_label(struct compiler *c, struct node *text, const struct expr_labels *labels)
{
    for (size_t i = 0; i < labels->count; i++) {
        if (str_equal(labels->names[i], text->text)) {
            text->op = OP_LABEL;
            text->number = (int64_t)i;
            text->type = (struct type){.kind = TYPE_ENUM, .labels = labels};
            return RC_OK;
        }
    }
    str near = expr_nearest(text->text, labels->names, labels->count);
    if (near.len > 0) {
        return err_set(c->err, RC_INVALID, MSG_EXPR_LABEL_NEAR, expr_at(c, text->begin),
                       arg_text(text->text), arg_text(near));
    }
    return err_set(c->err, RC_INVALID, MSG_EXPR_LABEL, expr_at(c, text->begin),
                   arg_text(text->text));
}

/* Can `child` stand where a percentage does? A bare 60 cannot: 60 or 60 %? Zero is zero. */
static enum rc agree_percent(struct compiler *c, const struct node *child)
{
    bool is_zero = child->op == OP_NUMBER && child->number == 0;

    if (child->type.kind == TYPE_PERCENT || is_zero) {
        return RC_OK;
    }
    if (child->type.is_plain) {
        return err_set(c->err, RC_INVALID, MSG_EXPR_PERCENT, expr_at(c, child->begin));
    }
    return unit_is_none(child->type.unit)
               ? RC_OK
               : fail_kinds(c, child, (struct type){.kind = TYPE_PERCENT});
}

static enum rc agree(struct compiler *c, struct node *child, struct type type)
{
    if (child->type.kind == TYPE_TEXT && type.kind == TYPE_ENUM) {
        return set_label(c, child, type.labels);
    }
    if (type.kind == TYPE_PERCENT && child->type.kind == TYPE_NUMBER) {
        return agree_percent(c, child);
    }
    if (child->type.kind != type.kind || child->type.labels != type.labels) {
        return fail_kinds(c, child, type);
    }
    if (type.kind == TYPE_TEXT) {
        return err_set(c->err, RC_INVALID, MSG_EXPR_TEXT_ALONE, expr_at(c, child->begin));
    }
    if (type.kind == TYPE_NUMBER && !child->type.is_plain &&
        !unit_equal(child->type.unit, type.unit)) {
        return err_set(c->err, RC_INVALID, MSG_EXPR_UNITS, expr_at(c, child->begin),
                       arg_text(unit_text(c, child->type.unit)), arg_text(unit_text(c, type.unit)));
    }
    return RC_OK;
}

/* How much a child says about the type of all: a text least, a percentage most. */
static int weight_of(struct type type)
{
    if (type.kind == TYPE_TEXT) {
        return 0;
    }
    if (type.is_plain) {
        return 1;
    }
    return type.kind == TYPE_PERCENT ? 3 : 2;
}

/* One type for the children of `node` from `first` on, or the first that does not fit. */
static enum rc unify(struct compiler *c, const struct node *node, int first, struct type *out)
{
    struct node *begin = child_of(c, node, first);
    struct type type = begin->type;

    for (struct node *child = begin; child != NULL; child = after(c, child)) {
        type = weight_of(child->type) > weight_of(type) ? child->type : type;
    }
    int decimals = 0;
    for (struct node *child = begin; child != NULL; child = after(c, child)) {
        enum rc rc = agree(c, child, type);
        if (rc != RC_OK) {
            return rc;
        }
        bool is_real = decimals == EXPR_REAL || child->type.decimals == EXPR_REAL;
        int more = child->type.decimals > decimals ? child->type.decimals : decimals;
        decimals = is_real ? EXPR_REAL : more;
    }
    for (struct node *child = begin; child != NULL; child = after(c, child)) {
        child->decimals_wanted = decimals;
    }
    type.decimals = decimals;
    *out = type;
    return RC_OK;
}

static enum rc add_input(struct compiler *c, struct node *node, struct expr_name name)
{
    int back = (int)node->number;

    node->input = (int)c->input_count;
    for (size_t i = 0; i < c->input_count; i++) {
        if (c->inputs[i].id == name.id && c->inputs[i].back == back) {
            node->input = (int)i;
            return RC_OK;
        }
    }
    c->inputs[c->input_count++] = (struct expr_input){name.id, back};
    return RC_OK;
}

static enum rc type_name(struct compiler *c, struct node *node)
{
    static const enum type_kind KINDS[] = {
        [EXPR_NUMBER] = TYPE_NUMBER,
        [EXPR_PERCENT] = TYPE_PERCENT,
        [EXPR_BOOL] = TYPE_BOOL,
        [EXPR_ENUM] = TYPE_ENUM,
    };
    struct expr_name name = {0};

    if (!c->names->find(c->names->self, node->text, &name)) {
        str near = c->names->nearest(c->names->self, node->text);
        if (near.len > 0) {
            return err_set(c->err, RC_INVALID, MSG_EXPR_NAME_NEAR, expr_at(c, node->mark),
                           arg_text(node->text), arg_text(near));
        }
        return err_set(c->err, RC_INVALID, MSG_EXPR_NAME, expr_at(c, node->mark),
                       arg_text(node->text));
    }
    MUST(name.decimals >= EXPR_REAL && name.decimals <= EXPR_DECIMALS_MAX);
    MUST((name.kind == EXPR_ENUM) == (name.labels != NULL));
    node->type = (struct type){.kind = KINDS[name.kind], .labels = name.labels};
    if (name.kind == EXPR_PERCENT) {
        node->type.decimals = EXPR_REAL;
    }
    if (name.kind == EXPR_NUMBER) {
        node->type.decimals = name.decimals;
        enum rc rc = unit_read(c, name.unit, node->mark, &node->type.unit);
        if (rc != RC_OK) {
            return rc;
        }
    }
    return add_input(c, node, name);
}

static enum rc need_order(struct compiler *c, const struct node *node, struct type type)
{
    bool has_order = is_number(type) || (type.kind == TYPE_ENUM && type.labels->is_ordered);

    if (has_order || node->op == OP_EQUAL || node->op == OP_UNEQUAL || node->op == OP_IN) {
        return RC_OK;
    }
    return err_set(c->err, RC_INVALID, MSG_EXPR_ORDER, expr_at(c, node->mark));
}

static enum rc type_comparison(struct compiler *c, struct node *node)
{
    struct type type = {0};
    enum rc rc = unify(c, node, 0, &type);

    node->type = bool_type();
    return rc == RC_OK ? need_order(c, node, type) : rc;
}

/* Numbers of one unit stay numbers of it: + - min max, and abs and - of one. */
static enum rc type_same(struct compiler *c, struct node *node)
{
    enum rc rc = unify(c, node, 0, &node->type);

    return rc == RC_OK ? need_number(c, child_of(c, node, 0)) : rc;
}

static enum rc type_if(struct compiler *c, struct node *node)
{
    enum rc rc = need_bool(c, child_of(c, node, 0));

    return rc == RC_OK ? unify(c, node, 1, &node->type) : rc;
}

static enum rc type_logic(struct compiler *c, struct node *node)
{
    node->type = bool_type();
    for (struct node *child = child_of(c, node, 0); child != NULL; child = after(c, child)) {
        enum rc rc = need_bool(c, child);
        if (rc != RC_OK) {
            return rc;
        }
    }
    return RC_OK;
}

/* A percentage of a percentage, or several times a percentage, is one; of people it is people. */
static enum type_kind product_kind(struct type a, struct type b, bool is_division)
{
    bool left = a.kind == TYPE_PERCENT;
    bool right = b.kind == TYPE_PERCENT;

    if (is_division) {
        return left && b.is_plain ? TYPE_PERCENT : TYPE_NUMBER;
    }
    return (left && (right || b.is_plain)) || (right && a.is_plain) ? TYPE_PERCENT : TYPE_NUMBER;
}

static int product_decimals(int a, int b)
{
    return a == EXPR_REAL || b == EXPR_REAL || a + b > EXPR_DECIMALS_MAX ? EXPR_REAL : a + b;
}

static enum rc type_product(struct compiler *c, struct node *node)
{
    bool is_division = node->op == OP_DIVIDE;
    struct node *left = child_of(c, node, 0);
    struct node *right = child_of(c, node, 1);
    struct type made = {.is_plain = left->type.is_plain && right->type.is_plain};
    enum rc rc = need_number(c, left);

    rc = rc == RC_OK ? need_number(c, right) : rc;
    if (rc != RC_OK) {
        return rc;
    }
    if (!unit_times(left->type.unit, right->type.unit, is_division ? -1 : 1, &made.unit)) {
        return err_set(c->err, RC_LIMIT, MSG_EXPR_PRODUCT, expr_at(c, node->mark));
    }
    made.kind = product_kind(left->type, right->type, is_division);
    made.decimals = product_decimals(left->type.decimals, right->type.decimals);
    if (is_division) {
        bool is_real = left->type.decimals == EXPR_REAL || right->type.decimals == EXPR_REAL;
        int more =
            left->type.decimals > right->type.decimals ? left->type.decimals : right->type.decimals;
        left->decimals_wanted = right->decimals_wanted = is_real ? EXPR_REAL : more;
        made.decimals = EXPR_REAL;
    } else if (made.decimals == EXPR_REAL) {
        left->decimals_wanted = right->decimals_wanted = EXPR_REAL;
    }
    node->type = made;
    return RC_OK;
}

static enum rc type_round(struct compiler *c, struct node *node)
{
    enum rc rc = type_same(c, node);

    node->type.decimals = (int)node->number;
    return rc;
}

static enum rc type_to(struct compiler *c, struct node *node)
{
    struct node *child = child_of(c, node, 0);
    struct unit wanted = {0};
    enum rc rc = need_number(c, child);

    rc = rc == RC_OK ? unit_read(c, node->text, node->mark, &wanted) : rc;
    if (rc != RC_OK) {
        return rc;
    }
    if (child->type.kind == TYPE_PERCENT ||
        !unit_factor(c, child->type.unit, wanted, node->factor)) {
        return err_set(c->err, RC_INVALID, MSG_EXPR_CONVERT, expr_at(c, node->mark),
                       arg_text(unit_text(c, child->type.unit)), arg_text(node->text));
    }
    node->type = child->type;
    node->type.is_plain = false;
    node->type.unit = wanted;
    if (node->factor[1] != 1.0) {
        child->decimals_wanted = node->type.decimals = EXPR_REAL;
    }
    return RC_OK;
}

/* Any value may be asked whether it is known; a text is not a value. */
static enum rc type_question(struct compiler *c, struct node *node)
{
    const struct node *child = child_of(c, node, 0);

    node->type = bool_type();
    if (child->type.kind == TYPE_TEXT) {
        return err_set(c->err, RC_INVALID, MSG_EXPR_TEXT_ALONE, expr_at(c, child->begin));
    }
    return RC_OK;
}

static enum rc type_node(struct compiler *c, struct node *node)
{
    switch (node->op) {
    case OP_NAME:
        return type_name(c, node);
    case OP_EQUAL:
    case OP_UNEQUAL:
    case OP_LESS:
    case OP_LESS_EQUAL:
    case OP_GREATER:
    case OP_GREATER_EQUAL:
    case OP_BETWEEN:
    case OP_IN:
        return type_comparison(c, node);
    case OP_AND:
    case OP_OR:
    case OP_NOT:
        return type_logic(c, node);
    case OP_ADD:
    case OP_SUBTRACT:
    case OP_MIN:
    case OP_MAX:
    case OP_ABS:
    case OP_NEGATE:
        return type_same(c, node);
    case OP_MULTIPLY:
    case OP_DIVIDE:
        return type_product(c, node);
    case OP_IF:
        return type_if(c, node);
    case OP_COALESCE:
        return unify(c, node, 0, &node->type);
    case OP_ROUND:
        return type_round(c, node);
    case OP_TO:
        return type_to(c, node);
    case OP_MISSING:
    case OP_APPLICABLE:
        return type_question(c, node);
    case OP_NUMBER:
    case OP_TEXT:
        return RC_OK;
    case OP_LABEL:
    case OP_PREV:
    case OP_SCALE:
        break;
    }
    NEVER("the parser makes no such node");
}

enum rc expr_type(struct compiler *c)
{
    for (int i = 0; i < c->node_count; i++) {
        enum rc rc = type_node(c, &c->nodes[i]);
        if (rc != RC_OK) {
            return rc;
        }
        c->nodes[i].decimals_wanted = c->nodes[i].type.decimals;
    }
    return RC_OK;
}

static enum rc check_unit(struct compiler *c, struct type type, str wanted_text)
{
    struct unit wanted = {0};
    enum rc rc = unit_read(c, wanted_text, 0, &wanted);

    if (rc != RC_OK || type.is_plain || unit_equal(type.unit, wanted)) {
        return rc;
    }
    return err_set(c->err, RC_INVALID, MSG_EXPR_WANT_UNIT, expr_at(c, 0),
                   arg_text(unit_text(c, type.unit)), arg_text(wanted_text));
}

enum rc expr_check_result(struct compiler *c, const struct expr_want *want)
{
    static const enum type_kind WANTED[] = {
        [EXPR_NUMBER] = TYPE_NUMBER,
        [EXPR_PERCENT] = TYPE_PERCENT,
        [EXPR_BOOL] = TYPE_BOOL,
        [EXPR_ENUM] = TYPE_ENUM,
    };
    struct node *root = &c->nodes[c->root];
    enum type_kind kind = WANTED[want->kind];

    root->decimals_wanted = EXPR_REAL;
    if (kind == TYPE_PERCENT && root->type.kind == TYPE_NUMBER) {
        return agree_percent(c, root);
    }
    if (root->type.kind != kind || (kind == TYPE_ENUM && root->type.labels != want->labels)) {
        return err_set(c->err, RC_INVALID, MSG_EXPR_WANT_KIND, expr_at(c, 0),
                       arg_msg(kind_name(root->type.kind)), arg_msg(kind_name(kind)));
    }
    return kind == TYPE_NUMBER ? check_unit(c, root->type, want->unit) : RC_OK;
}
