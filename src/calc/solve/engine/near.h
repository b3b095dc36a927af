/* The best departures from the prices' choice within a set of groups, found by joining lists.
 *
 * For every choice that keeps the rows, bound - value = losses + price × what is left over. So a
 * good choice is one of small losses whose uses meet the priced rows almost exactly: a problem of
 * sums in many dimensions, solved by meeting in the middle. The groups are parted at random in
 * three, A, B, C; combinations of small loss are listed in each; for every entry of C the trees
 * over A and B are joined. */
#ifndef CALC_SOLVE_ENGINE_NEAR_H
#define CALC_SOLVE_ENGINE_NEAR_H

#include "calc/solve/engine/crew.h"
#include "calc/solve/engine/list.h"

enum { NEAR_ROWS_MAX = KERNEL_LANES * KERNEL_WIDTH_MAX - 2 }; /* that the free groups may touch */

/* What the prices say; fixed during a search. */
struct near_frame {
    const struct model *model;
    const struct kernel *kernel;
    const double *price; /* [rows] */
    const double *loss;  /* [options] */
    const int *best;     /* [groups] the prices' choice */
};

struct near_task {
    const int *group; /* the free ones */
    int groups;
    const int64_t *room; /* [rows] left over when the free groups take the prices' choice */
    const bool *priced;  /* [rows] kept by its price alone, without limit; NULL: none */
    double gap;          /* losses and priced leftovers of an answer stay within it */
    double lost_max;     /* so does what it loses in value (less what priced rows save) */
    double saved_max;    /* losses below zero add up to no more; then nothing is proven */
    double move_cost;    /* what a move adds, about, to its loss in the order of the lists */
    int keep;            /* how many answers */
    int entries;         /* of the lists A and B */
    uint64_t seed;
    int64_t steps_max;
    struct stopper *stopper;
};

struct near_answer {
    double lost;
    int moves_first; /* into `group` and `option` */
    int moves;
};

/* The answers, the best first. */
struct near_found {
    struct near_answer *answer;
    int answers;
    int *group; /* departures from the prices' choice */
    int *option;
    int moves;
    bool complete; /* there is no other within gap and lost_max */
    int64_t steps;
};

struct near_kept {
    int32_t lost;
    int id[3];
};

/* Memory of one worker; nothing carries over from one task to the next. */
struct near_tools {
    struct arena arena;
    struct list list[3];
    struct lanes lanes;
    bool *taken;  /* [groups] */
    double *high; /* [rows] scratch: the largest change of use of a move */
    int32_t *room;
    int32_t *room_all;
    float *unit_price; /* [lanes] */
    float *scale;
    struct near_kept *kept; /* a heap, the worst first */
    int kept_room;
    int order_room;
    int *order;
    struct near_found found;
    int moves;          /* of the task in hand */
    double lost_high;   /* the most value one of them loses or gains */
    double priced_room; /* of the lanes, at the prices' choice */
    float gap;          /* in loss units */
    int answers;
};

void near_tools_init(struct near_tools *tools, const struct model *model);
void near_tools_done(struct near_tools *tools);
/* False when the groups touch more rows than there are lanes for; nothing is found then. */
bool near_search(struct near_tools *tools, const struct near_frame *frame,
                 const struct near_task *task);

#endif
