/* What the stages hand on: text, tokens, nodes, types, steps. Private to this folder. */
#ifndef CALC_EXPR_EXPR_IN_H
#define CALC_EXPR_EXPR_IN_H

#include "calc/expr/expr.h"

/* OP_TEXT becomes OP_LABEL when its enumeration is known; OP_PREV is folded into its name by the
 * parser; OP_SCALE, between decimals, is made by the emitter. */
enum op {
    OP_NUMBER,
    OP_TEXT,
    OP_LABEL,
    OP_NAME,
    OP_NEGATE,
    OP_NOT,
    OP_ADD,
    OP_SUBTRACT,
    OP_MULTIPLY,
    OP_DIVIDE,
    OP_EQUAL,
    OP_UNEQUAL,
    OP_LESS,
    OP_LESS_EQUAL,
    OP_GREATER,
    OP_GREATER_EQUAL,
    OP_AND,
    OP_OR,
    OP_BETWEEN,
    OP_IN,
    OP_IF,
    OP_MIN,
    OP_MAX,
    OP_ABS,
    OP_ROUND,
    OP_MISSING,
    OP_APPLICABLE,
    OP_PREV,
    OP_COALESCE,
    OP_TO,
    OP_SCALE,
};

enum token_kind {
    TOKEN_END,
    TOKEN_NUMBER,
    TOKEN_TEXT,
    TOKEN_NAME,
    TOKEN_OPEN,
    TOKEN_CLOSE,
    TOKEN_COMMA,
    TOKEN_PERCENT,
    TOKEN_OP,
};

struct token {
    enum token_kind kind;
    enum op op; /* TOKEN_OP */
    size_t begin;
    size_t end;
    str text; /* TOKEN_TEXT: without its quotes; else as written */
};

/* A unit is a product of powers: one exponent for each unit named in the expression. */
struct unit {
    signed char power[EXPR_UNIT_ATOMS_MAX];
};

struct unit_table {
    str atoms[EXPR_UNIT_ATOMS_MAX];
    size_t count;
};

enum type_kind { TYPE_NUMBER, TYPE_PERCENT, TYPE_BOOL, TYPE_ENUM, TYPE_TEXT };

struct type {
    enum type_kind kind;
    bool is_plain; /* made of bare numbers only: takes any unit */
    int decimals;  /* or EXPR_REAL */
    struct unit unit;
    const struct expr_labels *labels;
};

enum { NO_NODE = -1 };

struct node {
    enum op op;
    size_t begin; /* the part of the text it stands for */
    size_t end;
    size_t mark; /* its operator, where errors point */
    int first;   /* children, in order */
    int next;
    int count;
    int64_t number;   /* OP_NUMBER: scaled; OP_LABEL: place; OP_ROUND: decimals; OP_NAME: back */
    str text;         /* OP_TEXT, OP_NAME; OP_TO: the unit wanted */
    int input;        /* OP_NAME */
    double factor[2]; /* OP_TO: multiply by the first, divide by the second */
    struct type type;
    int decimals_wanted; /* by its parent: type.decimals, more of them, or EXPR_REAL */
};

/* Nodes stand after their children. */
struct compiler {
    str text;
    const struct expr_names *names;
    struct arena *arena;
    struct err *err;
    size_t place; /* of the lexer */
    struct token token;
    struct node *nodes;
    int node_count;
    int node_max; /* no node without a byte of text, and EXPR_NODES_MAX */
    int root;
    struct unit_table units;
    struct expr_input *inputs;
    size_t input_count;
};

struct waiting {
    enum { WAIT_OPERATOR, WAIT_GROUP, WAIT_CALL, WAIT_LIST, WAIT_LOW, WAIT_HIGH } kind;
    enum op op;
    int power;    /* how tightly it binds: enum power of the parser */
    size_t begin; /* of its token */
    int base;     /* operands that lie below its own */
    bool is_negated;
};

struct parser {
    struct compiler *c;
    struct waiting waiting[EXPR_DEPTH_MAX];
    int waiting_count;
    int operands[EXPR_NODES_MAX];
    int operand_count;
    bool wants_operand;
    size_t close_end; /* while a bracket closes: where the node made of it ends */
};

/* One step of the stack machine: `count` operands from slot `slot` on become one value there. */
struct step {
    enum op op;
    int slot;
    int count;
    int input;      /* OP_NAME */
    double number;  /* a literal; else the value is multiplied by it, */
    double divisor; /* and divided by this: OP_ROUND, OP_TO, OP_SCALE */
    int note;       /* place in notes, or -1 */
};

/* What explain says of a step. */
struct note {
    str text;
    enum expr_kind kind;
    int decimals;
    str unit;
    const struct expr_labels *labels;
    int input;
};

struct expr {
    struct step *steps;
    size_t step_count;
    int slot_count;
    struct expr_input *inputs;
    size_t input_count;
    struct note *notes;
    size_t note_count;
};

/* The first argument of every message: the place of byte `at`, in characters from 1. */
struct arg expr_at(const struct compiler *c, size_t at);
/* The one of `words` nearest to `word`, or "" when none is near. */
str expr_nearest(str word, const str *words, size_t count);

/* Read the next token into c->token. */
enum rc expr_lex(struct compiler *c) MUST_CHECK;
/* Text to nodes. */
enum rc expr_parse(struct compiler *c) MUST_CHECK;
/* Push what waits for its right side; RC_LIMIT when too much does. */
enum rc parser_wait(struct parser *p, struct waiting waiting) MUST_CHECK;
/* Make the operands from `base` on children of one node, which takes their place. */
enum rc parser_join(struct parser *p, enum op op, int base, size_t mark) MUST_CHECK;
/* A name before an opening bracket; and its closing bracket. */
enum rc expr_call(struct parser *p, struct token name) MUST_CHECK;
enum rc expr_call_close(struct parser *p, const struct waiting *w) MUST_CHECK;
/* Give every node its type; check that operands go together. */
enum rc expr_type(struct compiler *c) MUST_CHECK;
/* Check the result against what the caller wants. */
enum rc expr_check_result(struct compiler *c, const struct expr_want *want) MUST_CHECK;

/* "元/人" as powers; RC_INVALID, RC_LIMIT with `at` as place. */
enum rc unit_read(struct compiler *c, str text, size_t at, struct unit *out) MUST_CHECK;
/* a * b (sign 1) or a / b (-1); false when a power gets too high. */
bool unit_times(struct unit a, struct unit b, int sign, struct unit *out) MUST_CHECK;
bool unit_equal(struct unit a, struct unit b);
bool unit_is_none(struct unit a);
str unit_text(const struct compiler *c, struct unit unit);
/* How many `to` one `from` is, by the caller's rules: out[0] / out[1]. False when they measure
 * different things. */
bool unit_factor(struct compiler *c, struct unit from, struct unit to, double out[2]) MUST_CHECK;

#endif
