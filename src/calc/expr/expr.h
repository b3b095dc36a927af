/* The one expression language: derived indicators, gates, data checks, household rules, scores.
 * A text is compiled once, against names with types and units, and run over whole columns.
 *
 *     PS04 / PS02 >= 80 %          DF03 = "mountain" and PS04 >= 500
 *     DF10 <= 2 * DF08             (PS04 - prev(PS04, 3)) / prev(PS04, 3)
 *
 * Three states: a value is known, missing, or not applicable. Missing is never zero. What comes of
 * an unknown operand is unknown: not applicable if one of them is, else missing; only `and` and
 * `or` can be decided by one side alone. A division by zero is missing.
 *
 * Numbers keep their decimals: an input is its scaled integer, so +, - and * are exact below 2^53
 * and a comparison of decimals is one of integers. A percentage is a share inside (60 % is 0.6);
 * an input given as numerator and denominator meets a constant in integers.
 *
 * The whole language is in README.md beside this. */
#ifndef CALC_EXPR_EXPR_H
#define CALC_EXPR_EXPR_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

enum {
    EXPR_TEXT_MAX = 4096, /* bytes */
    EXPR_NODES_MAX = 512,
    EXPR_DEPTH_MAX = 64,      /* brackets and operators that wait for their right side */
    EXPR_UNIT_ATOMS_MAX = 16, /* different units in one expression */
    EXPR_BACK_MAX = 120,      /* periods that prev() may go back */
    EXPR_DECIMALS_MAX = 15,
    EXPR_REAL = -1, /* "decimals" of a value that is not a scaled integer */
};

enum expr_kind { EXPR_NUMBER, EXPR_PERCENT, EXPR_BOOL, EXPR_ENUM };

enum expr_state { EXPR_KNOWN, EXPR_MISSING, EXPR_NOT_APPLICABLE };

/* The values of an enumeration; a value is its place in the list. Two names have the same
 * enumeration when they point to the same labels. */
struct expr_labels {
    const str *names;
    size_t count;
    bool is_ordered; /* < and > mean something: "none" < "drawn up" < "approved" */
};

/* What a name stands for. */
struct expr_name {
    int64_t id;
    enum expr_kind kind;
    int decimals;                     /* of the scaled integer, or EXPR_REAL; percentages: REAL */
    str unit;                         /* EXPR_NUMBER: "人", "元/人", "km²", or "" */
    const struct expr_labels *labels; /* EXPR_ENUM */
};

/* One `name` is `factor` times `base`: {"万元", 10000, "元"}. What has no rule is its own base. */
struct expr_unit_rule {
    str name;
    int64_t factor;
    str base;
};

/* Where names come from. `nearest` is the known name most like a wrong one, or "". */
struct expr_names {
    void *self;
    bool (*find)(void *self, str name, struct expr_name *out);
    str (*nearest)(void *self, str name);
    const struct expr_unit_rule *unit_rules;
    size_t unit_rule_count;
};

/* What the result must be; the unit only matters for EXPR_NUMBER, the labels for EXPR_ENUM. */
struct expr_want {
    enum expr_kind kind;
    str unit;
    const struct expr_labels *labels;
};

struct expr; /* compiled: never changes, may be run by several threads at once */

/* Compile `text`, which is copied, into `arena`; the labels are not copied and must live as long.
 * RC_INVALID and RC_LIMIT: the first argument of the message is the place in `text`, in
 * characters from 1. */
enum rc expr_compile(str text, const struct expr_names *names, const struct expr_want *want,
                     struct arena *arena, const struct expr **out, struct err *err) MUST_CHECK;

/* What it reads, each once, in order of first appearance. `back` periods ago, 0 for now. */
struct expr_input {
    int64_t id;
    int back;
};

const struct expr_input *expr_inputs(const struct expr *expr, size_t *out_count);

/* The rows of one input. A number is its scaled integer, or real as its name was declared; an
 * enumeration its place; a condition 0 or 1; a percentage either `num` and `den` (den <= 0 is
 * missing) or, where those are NULL, a share in `value`. `state` holds enum expr_state; where it
 * is NULL, NaN is missing. */
struct expr_column {
    const double *value;
    const int64_t *num;
    const int64_t *den;
    const uint8_t *state;
};

/* Room for the results of all rows; value is NaN where the state is not EXPR_KNOWN. Numbers are
 * real and unrounded (1.25, not 125), percentages shares. */
struct expr_result {
    double *value;
    uint8_t *state;
};

/* Evaluate `rows` rows; `columns` in the order of expr_inputs. `scratch` is given back. */
void expr_run(const struct expr *expr, const struct expr_column *columns, size_t rows,
              struct expr_result out, struct arena *scratch);

/* One sub-expression of one row, for "explain": its text, and what it came to. */
struct expr_step {
    str text; /* a part of the expression's text */
    enum expr_kind kind;
    enum expr_state state;
    double value; /* as in expr_result */
    str unit;     /* of a number */
    const struct expr_labels *labels;
    int input; /* place in expr_inputs, or -1 */
};

/* Every name and operation of `row`, each after what it is made of; the last is the result. */
const struct expr_step *expr_explain(const struct expr *expr, const struct expr_column *columns,
                                     size_t row, struct arena *arena, size_t *out_count);

#endif
