/* The problem as the solver sees it: every row "at most", only groups with a choice, only options
 * that no other makes useless, limits lowered to sums that can be reached. */
#ifndef CALC_SOLVE_ENGINE_MODEL_H
#define CALC_SOLVE_ENGINE_MODEL_H

#include "calc/solve/problem.h"

enum { MODEL_SHARED = -1 };

/* Groups are in order of their blocks. The uses of group g are a table of its options by its rows
 * (the rows in which its options differ). */
struct model {
    int groups;
    int rows;
    int options;
    int blocks;
    int *block_first;   /* [blocks + 1] groups of a block */
    int *first;         /* [groups + 1] options of a group */
    int *rows_first;    /* [groups + 1] into row_of */
    int *row_of;        /* rows of a group, ascending */
    int64_t *use_first; /* [groups] into use */
    int64_t *use;
    int64_t *value;     /* [options] */
    int64_t *limit;     /* [rows] what is left for these groups */
    int *row_block;     /* [rows] the block whose groups alone use it, or MODEL_SHARED */
    int64_t value_kept; /* of the groups that have no choice */
    bool impossible;    /* proven while reducing: a group without option, a row out of reach */

    int *group_origin;  /* [groups] group of the problem */
    int *option_origin; /* [options] option within that group */
    int *row_origin;    /* [rows] row of the problem */
    int *row_sign;      /* [rows] +1: at most, -1: at least, turned round */
    int *pick_kept;     /* [groups of the problem] the only option left, or SOLVE_FREE */
};

void model_of(const struct solve_problem *problem, struct arena *arena, struct model *out);

/* Set row_block of a model made otherwise. */
void model_find_blocks(struct model *model, struct arena *arena);

static inline int model_rows(const struct model *m, int group)
{
    return m->rows_first[group + 1] - m->rows_first[group];
}

static inline int model_options(const struct model *m, int group)
{
    return m->first[group + 1] - m->first[group];
}

/* The uses of one option (numbered within its group), in the order of the group's rows. */
static inline const int64_t *model_use(const struct model *m, int group, int option)
{
    return m->use + m->use_first[group] + (int64_t)option * model_rows(m, group);
}

/* What the prices (scaled, ≥ 0) prove, in 128-bit integers: no choice is worth more. `loss`
 * [options] is what an option falls short of the best of its group at these prices, `best`
 * [groups] is that best. */
int64_t model_bound(const struct model *model, const int64_t *prices, double *loss, int *best);

/* A choice for the model's groups. */
struct choice {
    bool any;      /* there is one, and it keeps every row */
    int64_t value; /* without value_kept */
    int *pick;     /* [groups] */
    int64_t *left; /* [rows] */
};

void choice_init(const struct model *model, struct arena *arena, struct choice *out);
/* Take the picks; says whether every row holds. */
bool choice_take(const struct model *model, struct choice *choice, const int *pick);
void choice_copy(const struct model *model, struct choice *to, const struct choice *from);
/* Change one group's option; `any` is left as it was. */
void choice_move(const struct model *model, struct choice *choice, int group, int option);
bool choice_fits(const struct model *model, const struct choice *choice);

#endif
