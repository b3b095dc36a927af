/* For tests of plans: the programme of board.yaml on two counties, their tiers and their plans. */
#ifndef TESTS_OFFICE_BOARD_H
#define TESTS_OFFICE_BOARD_H

#include "office/plan/plan.h"
#include "tests/office/rooms.h"
#include "tests/office/shown.h"

struct board_room {
    struct rooms rooms;
    struct tier_case tiers;
    struct run run; /* of the tiers */
    struct plan_options options;
    struct plan_limits limits;
    struct plan_case *plan;
    struct plan_answer answer;
};

/* With `count` places of the programme changed; the values of 2024 are in, tiers are kept, and
 * there is no money yet. One year from 2025 unless `options` is changed. */
void board_open(void *world, const struct edit *edits, int count, struct board_room *out);
/* Limits as a file says them. */
enum rc board_limit(struct board_room *room, const char *yaml);
/* Prepare; prepare and compute. */
enum rc board_prepare(struct board_room *room);
enum rc board_compute(struct board_room *room);
/* Keep the plan computed last. */
enum rc board_keep(struct board_room *room);

/* The problem of a board with money for everything (BOARD_MONEY) over `years` years. Its groups, by
 * village: water with its bridge, light; the third village has no water reported, and in one year
 * no bridge either. Rows: money of the province and of the two counties (each over all years),
 * farmland of the counties, the cap on water. */
extern const char BOARD_MONEY[];
const struct solve_problem *board_problem(void *world, const struct edit *edits, int count,
                                          int years, struct board_room *room);
/* What an option uses of a row; what the best option of a group is worth. */
int64_t board_use(const struct solve_problem *problem, int option, int row);
int64_t board_best(const struct solve_problem *problem, int group);

#endif
