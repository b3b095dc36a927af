/* Lists of departures: choices near the one the prices make, cheapest first, as whole numbers in
 * lanes; two of them are joined through box trees. */
#ifndef CALC_SOLVE_ENGINE_LIST_H
#define CALC_SOLVE_ENGINE_LIST_H

#include "calc/solve/engine/kernel.h"
#include "calc/solve/engine/model.h"

enum {
    LIST_MOVES_DEEP = 24, /* departures in one entry */
    LIST_ENTRIES_MAX = 1 << 18,
    LIST_LANE_MAX = 1 << 28,
    LIST_NONE = -1,
};

/* One group leaves the prices' choice for another option. */
struct move {
    int group;
    int option;
    double cost; /* by which it is listed: its loss, and more where moves are to be few */
};

/* What the lanes of a join mean. Lane i < rows is row `row[i]`, in units of 2^shift[i]; then
 * value lost and loss, in units of their own. */
struct lanes {
    int rows;
    int width; /* vectors of 16 */
    int *row;
    int *shift;
    int *lane_of; /* [rows of the model] or LIST_NONE */
    double lost_unit;
    double loss_unit;
    bool exact; /* every lane counts in ones */
};

static inline int lanes_lost(const struct lanes *lanes)
{
    return lanes->rows;
}

static inline int lanes_loss(const struct lanes *lanes)
{
    return lanes->rows + 1;
}

/* A list and its tree; grows to what is asked and is used again. */
struct list {
    struct move *move;
    int32_t *move_lanes;
    int moves;
    int moves_room;
    int32_t *entry; /* [entries × lanes]; the tree moves entries about */
    int *id;        /* [entries] where the entry was when listed */
    int *parent;    /* [id] */
    int *by;        /* [id] the move that made it of its parent, or LIST_NONE */
    float *loss;    /* [id] in loss units */
    int entries;
    int64_t room; /* of entries × width */
    struct kernel_node *node;
    int32_t *box;
    int nodes;
    bool complete; /* nothing was left out */
};

/* List the combinations of moves of least cost, at most `entries_max`, none above `cost_max`.
 * `taken` [groups of the model] is all false before and after. Returns the steps it cost. */
int64_t list_fill(struct list *list, const struct lanes *lanes, int entries_max, double cost_max,
                  bool *taken, struct arena *arena);
/* Put the tree over the entries; `scale` [lanes] is what a unit of each lane is worth. */
int64_t list_tree(struct list *list, const struct lanes *lanes, const float *scale,
                  const struct kernel *kernel);
/* Room for the moves of a join that is being set up. */
void list_moves_room(struct list *list, int moves, int width, struct arena *arena);

#endif
