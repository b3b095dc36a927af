/* Writing a problem down: arrays that grow, and a refusal for what cannot be computed exactly. */
#include "calc/solve/problem.h"

#include <string.h>

struct solve_builder {
    struct arena *arena;
    struct err *err;
    struct solve_problem problem;
    enum solve_sense *sense;
    int64_t *limit;
    int *block;
    int *fixed;
    int *first;
    int64_t *value;
    bool *forbidden;
    int64_t *use_first;
    struct solve_use *use;
    int64_t uses;
    int64_t rows_room;
    int64_t groups_room;
    int64_t options_room;
    int64_t uses_room;
};

enum { ROOM_FIRST = 256 };

/* `old` with room for twice as many; an arena frees nothing, so growing costs twice the memory. */
static void *grown(struct arena *arena, const void *old, int64_t room, int64_t wider, size_t size)
{
    char *wide = arena_take_many(arena, (size_t)wider, size);

    if (room > 0) {
        memcpy(wide, old, (size_t)room * size);
    }
    return wide;
}

static int64_t wider(int64_t room)
{
    return room == 0 ? ROOM_FIRST : room * 2;
}

struct solve_builder *solve_begin(struct arena *arena, struct err *err)
{
    struct solve_builder *builder = ARENA_NEW(arena, struct solve_builder, 1);

    builder->arena = arena;
    builder->err = err;
    return builder;
}

static enum rc limit_reached(struct solve_builder *b, enum msg_id what, int64_t max)
{
    return err_set(b->err, RC_LIMIT, MSG_SOLVE_TOO_MANY, arg_msg(what), arg_count(max));
}

static bool number_fits(int64_t number)
{
    return number >= -SOLVE_NUMBER_MAX && number <= SOLVE_NUMBER_MAX;
}

enum rc solve_row(struct solve_builder *b, enum solve_sense sense, int64_t limit)
{
    struct solve_problem *p = &b->problem;

    if (p->rows == SOLVE_ROWS_MAX) {
        return limit_reached(b, MSG_SOLVE_ROWS, SOLVE_ROWS_MAX);
    }
    if (!number_fits(limit)) {
        return err_set(b->err, RC_INVALID, MSG_SOLVE_LIMIT_RANGE, arg_count(p->rows),
                       arg_count(limit));
    }
    if (p->rows == b->rows_room) {
        int64_t room = wider(b->rows_room);
        b->sense = grown(b->arena, b->sense, b->rows_room, room, sizeof(*b->sense));
        b->limit = grown(b->arena, b->limit, b->rows_room, room, sizeof(*b->limit));
        b->rows_room = room;
    }
    b->sense[p->rows] = sense;
    b->limit[p->rows] = limit;
    p->rows++;
    return RC_OK;
}

enum rc solve_group(struct solve_builder *b, int block)
{
    struct solve_problem *p = &b->problem;

    if (p->groups == SOLVE_GROUPS_MAX) {
        return limit_reached(b, MSG_SOLVE_GROUPS, SOLVE_GROUPS_MAX);
    }
    if (block < 0) {
        return err_set(b->err, RC_INVALID, MSG_SOLVE_BLOCK_RANGE, arg_count(p->groups),
                       arg_count(block));
    }
    if (p->groups == b->groups_room) {
        int64_t room = wider(b->groups_room);
        b->block = grown(b->arena, b->block, b->groups_room, room, sizeof(*b->block));
        b->fixed = grown(b->arena, b->fixed, b->groups_room, room, sizeof(*b->fixed));
        b->first = grown(b->arena, b->first, b->groups_room, room, sizeof(*b->first));
        b->groups_room = room;
    }
    b->block[p->groups] = block;
    b->fixed[p->groups] = SOLVE_FREE;
    b->first[p->groups] = p->options;
    p->groups++;
    return RC_OK;
}

/* Options of the latest group so far. */
static int group_options(const struct solve_builder *b)
{
    MUST(b->problem.groups > 0);
    return b->problem.options - b->first[b->problem.groups - 1];
}

static void option_room(struct solve_builder *b, int uses)
{
    if (b->problem.options == b->options_room) {
        int64_t room = wider(b->options_room);
        b->value = grown(b->arena, b->value, b->options_room, room, sizeof(*b->value));
        b->forbidden = grown(b->arena, b->forbidden, b->options_room, room, sizeof(bool));
        b->use_first = grown(b->arena, b->use_first, b->options_room, room, sizeof(int64_t));
        b->options_room = room;
    }
    while (b->uses + uses > b->uses_room) {
        int64_t room = wider(b->uses_room);
        b->use = grown(b->arena, b->use, b->uses_room, room, sizeof(*b->use));
        b->uses_room = room;
    }
}

static enum rc bad_option(struct solve_builder *b, enum msg_id msg, int64_t number)
{
    return err_set(b->err, RC_INVALID, msg, arg_count(b->problem.groups - 1),
                   arg_count(group_options(b)), arg_count(number));
}

/* Put one use in its place among those of the option, which began at `from`. */
static enum rc add_use(struct solve_builder *b, int64_t from, struct solve_use use)
{
    int64_t at = b->uses;

    if (use.row < 0 || use.row >= b->problem.rows) {
        return bad_option(b, MSG_SOLVE_ROW_UNKNOWN, use.row);
    }
    if (!number_fits(use.amount)) {
        return bad_option(b, MSG_SOLVE_USE_RANGE, use.amount);
    }
    for (; at > from && b->use[at - 1].row >= use.row; at--) {
        if (b->use[at - 1].row == use.row) {
            return bad_option(b, MSG_SOLVE_ROW_TWICE, use.row);
        }
        b->use[at] = b->use[at - 1];
    }
    b->use[at] = use;
    b->uses++;
    return RC_OK;
}

static void drop_zeros(struct solve_builder *b, int64_t from)
{
    int64_t kept = from;

    for (int64_t i = from; i < b->uses; i++) {
        if (b->use[i].amount != 0) {
            b->use[kept++] = b->use[i];
        }
    }
    b->uses = kept;
}

static enum rc option_limits(struct solve_builder *b, int uses)
{
    if (b->problem.options == SOLVE_OPTIONS_MAX) {
        return limit_reached(b, MSG_SOLVE_OPTIONS, SOLVE_OPTIONS_MAX);
    }
    if (group_options(b) == SOLVE_GROUP_OPTIONS_MAX) {
        return limit_reached(b, MSG_SOLVE_GROUP_OPTIONS, SOLVE_GROUP_OPTIONS_MAX);
    }
    if (uses < 0 || uses > SOLVE_OPTION_USES_MAX) {
        return limit_reached(b, MSG_SOLVE_OPTION_USES, SOLVE_OPTION_USES_MAX);
    }
    if (b->uses + uses > SOLVE_USES_MAX) {
        return limit_reached(b, MSG_SOLVE_USES, SOLVE_USES_MAX);
    }
    return RC_OK;
}

enum rc solve_option(struct solve_builder *b, int64_t value, const struct solve_use *use, int uses)
{
    enum rc rc = option_limits(b, uses);

    if (rc != RC_OK) {
        return rc;
    }
    if (!number_fits(value)) {
        return bad_option(b, MSG_SOLVE_VALUE_RANGE, value);
    }
    option_room(b, uses);
    int64_t from = b->uses;
    for (int i = 0; i < uses; i++) {
        rc = add_use(b, from, use[i]);
        if (rc != RC_OK) {
            return rc;
        }
    }
    drop_zeros(b, from);
    b->value[b->problem.options] = value;
    b->forbidden[b->problem.options] = false;
    b->use_first[b->problem.options] = from;
    b->problem.options++;
    return RC_OK;
}

static enum rc option_known(struct solve_builder *b, int option)
{
    if (option < 0 || option >= group_options(b)) {
        return err_set(b->err, RC_INVALID, MSG_SOLVE_OPTION_UNKNOWN,
                       arg_count(b->problem.groups - 1), arg_count(option));
    }
    return RC_OK;
}

enum rc solve_fix(struct solve_builder *b, int option)
{
    enum rc rc = option_known(b, option);

    if (rc == RC_OK) {
        b->fixed[b->problem.groups - 1] = option;
    }
    return rc;
}

enum rc solve_forbid(struct solve_builder *b, int option)
{
    enum rc rc = option_known(b, option);

    if (rc == RC_OK) {
        b->forbidden[b->first[b->problem.groups - 1] + option] = true;
    }
    return rc;
}

/* What the groups can add up to, in each row and (in the place after the rows) in value. */
struct totals {
    int64_t *total;
    int64_t *widest; /* of the group in hand */
    int *touched;
    int count;
};

static void touch(struct totals *totals, int row, int64_t amount)
{
    amount = amount < 0 ? -amount : amount;
    if (totals->widest[row] == 0 && amount > 0) {
        totals->touched[totals->count++] = row;
    }
    totals->widest[row] = amount > totals->widest[row] ? amount : totals->widest[row];
}

static void touch_group(const struct solve_problem *p, int group, struct totals *totals)
{
    for (int o = p->first[group]; o < p->first[group + 1]; o++) {
        touch(totals, p->rows, p->value[o]);
        for (int64_t u = p->use_first[o]; u < p->use_first[o + 1]; u++) {
            touch(totals, p->use[u].row, p->use[u].amount);
        }
    }
}

static enum rc check_totals(struct solve_builder *b)
{
    const struct solve_problem *p = &b->problem;
    struct totals totals = {
        .total = ARENA_NEW(b->arena, int64_t, (size_t)p->rows + 1),
        .widest = ARENA_NEW(b->arena, int64_t, (size_t)p->rows + 1),
        .touched = ARENA_NEW(b->arena, int, (size_t)p->rows + 1),
    };

    for (int g = 0; g < p->groups; g++) {
        touch_group(p, g, &totals);
        if (totals.count > SOLVE_GROUP_ROWS_MAX) {
            return limit_reached(b, MSG_SOLVE_GROUP_ROWS, SOLVE_GROUP_ROWS_MAX);
        }
        while (totals.count > 0) {
            int row = totals.touched[--totals.count];
            totals.total[row] += totals.widest[row];
            totals.widest[row] = 0;
            if (totals.total[row] > SOLVE_TOTAL_MAX) {
                return err_set(b->err, RC_LIMIT, MSG_SOLVE_TOTAL, arg_count(row));
            }
        }
    }
    return RC_OK;
}

enum rc solve_end(struct solve_builder *b, struct solve_problem *out)
{
    struct solve_problem *p = &b->problem;

    if (p->groups == b->groups_room) {
        b->first = grown(b->arena, b->first, b->groups_room, p->groups + 1, sizeof(*b->first));
    }
    if (p->options == b->options_room) {
        b->use_first =
            grown(b->arena, b->use_first, b->options_room, p->options + 1, sizeof(int64_t));
    }
    b->first[p->groups] = p->options;
    b->use_first[p->options] = b->uses;
    p->sense = b->sense;
    p->limit = b->limit;
    p->block = b->block;
    p->fixed = b->fixed;
    p->first = b->first;
    p->value = b->value;
    p->forbidden = b->forbidden;
    p->use_first = b->use_first;
    p->use = b->use;
    enum rc rc = check_totals(b);
    if (rc == RC_OK) {
        *out = *p;
    }
    return rc;
}

bool solve_allowed(const struct solve_problem *problem, int group, int option)
{
    int fixed = problem->fixed[group];

    return !problem->forbidden[option] &&
           (fixed == SOLVE_FREE || problem->first[group] + fixed == option);
}

int solve_impossible(const struct solve_problem *problem, struct arena *arena, int **out_groups)
{
    int *groups = ARENA_NEW(arena, int, (size_t)problem->groups);
    int count = 0;

    for (int g = 0; g < problem->groups; g++) {
        bool possible = false;
        for (int o = problem->first[g]; o < problem->first[g + 1] && !possible; o++) {
            possible = solve_allowed(problem, g, o);
        }
        if (!possible) {
            groups[count++] = g;
        }
    }
    *out_groups = groups;
    return count;
}
