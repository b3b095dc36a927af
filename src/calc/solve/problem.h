/* A plain problem of choice: one option of every group, maximise the sum of values, keep every row.
 *
 * A row is a limited thing (money of a county, a fund, land): the uses of the chosen options add
 * up and are held against a limit. All numbers are integers, at most 2^53 in absolute value; the
 * caller chooses the units (fen, square metres, millionths of a point). "Nothing" is an option
 * like any other: value 0, no uses. The arrays belong to the arena of the builder. */
#ifndef CALC_SOLVE_PROBLEM_H
#define CALC_SOLVE_PROBLEM_H

#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"

enum {
    SOLVE_ROWS_MAX = 65536,
    SOLVE_GROUPS_MAX = 8 * 1024 * 1024,
    SOLVE_OPTIONS_MAX = 64 * 1024 * 1024,
    SOLVE_GROUP_OPTIONS_MAX = 4096,
    SOLVE_OPTION_USES_MAX = 256,
    SOLVE_GROUP_ROWS_MAX = 256,
    SOLVE_FREE = -1, /* in `fixed`: the group is free to choose */
};

#define SOLVE_NUMBER_MAX ((int64_t)1 << 53) /* values, uses, limits */
#define SOLVE_USES_MAX   ((int64_t)1 << 30) /* uses of all options together */
#define SOLVE_TOTAL_MAX  ((int64_t)1 << 61) /* what a row, or the value, can add up to */

enum solve_sense { SOLVE_AT_MOST, SOLVE_AT_LEAST, SOLVE_EQUAL };

struct solve_use {
    int row;
    int64_t amount;
};

struct solve_problem {
    int rows;
    int groups;
    int options;
    const enum solve_sense *sense; /* [rows] */
    const int64_t *limit;          /* [rows] */
    const int *block;              /* [groups] the county of a group: any number ≥ 0 */
    const int *fixed;              /* [groups] option within the group, or SOLVE_FREE */
    const int *first;            /* [groups + 1] the options of group g: first[g]…first[g+1]-1 */
    const int64_t *value;        /* [options] */
    const bool *forbidden;       /* [options] */
    const int64_t *use_first;    /* [options + 1] */
    const struct solve_use *use; /* by option; rows ascending within one */
};

/* A problem being written down. A failed call leaves it unusable. */
struct solve_builder;

struct solve_builder *solve_begin(struct arena *arena, struct err *err);
/* Rows are numbered 0, 1, 2… as they are added. */
MUST_CHECK enum rc solve_row(struct solve_builder *builder, enum solve_sense sense, int64_t limit);
/* Groups are numbered as they are added; the options that follow are its own, numbered from 0.
 * A row is local when the groups that use it are all of one block: say the county's number, or 0
 * when there is no such structure. A group may stay without options: nothing can be chosen then. */
MUST_CHECK enum rc solve_group(struct solve_builder *builder, int block);
/* Uses in any order, each row at most once; amounts may be negative; zeros are dropped. */
MUST_CHECK enum rc solve_option(struct solve_builder *builder, int64_t value,
                                const struct solve_use *use, int uses);
/* Of the latest group: only this option may be taken; this option may not be taken. */
MUST_CHECK enum rc solve_fix(struct solve_builder *builder, int option);
MUST_CHECK enum rc solve_forbid(struct solve_builder *builder, int option);
/* The finished problem: RC_LIMIT when a row or the value could add up beyond SOLVE_TOTAL_MAX. */
MUST_CHECK enum rc solve_end(struct solve_builder *builder, struct solve_problem *out);

/* May the option (numbered over all groups) of the group be taken? */
bool solve_allowed(const struct solve_problem *problem, int group, int option);
/* Groups of which nothing may be taken, ascending; the answer is their number. */
int solve_impossible(const struct solve_problem *problem, struct arena *arena, int **out_groups);

#endif
