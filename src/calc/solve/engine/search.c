/* Neighbourhoods in a pipeline: task n starts from the incumbent as it is after task n - LAG, so
 * that what is found does not depend on which thread is faster. */
#include "calc/solve/engine/search.h"

#include <math.h>
#include <pthread.h>
#include <string.h>

#include "calc/solve/engine/random.h"

enum { LAG = 4, KINDS = 4, AROUND_ALL = 4 };

static const double ENTRIES_GROWTH = 1.12; /* after a neighbourhood without improvement */
static const double GAP_FIRST = 1e-3;      /* of the bound, while there is no choice yet */

static const double MOVE_COST = 0.4; /* of what an improvement may cost, around the incumbent */
static const double MOVE_COST_SPREAD = 4;

/* One task and, until it is merged, its outcome. */
struct slot {
    struct choice choice; /* what it started from, then what it found */
    int64_t value_before;
    struct near_frame frame;
    int *base; /* [groups] of a task around the incumbent, the free ones' alone: what they take */
    double *loss; /* [options] and what another loses more */
    int *group;   /* the free ones */
    int *pick_before;
    int groups;
    int64_t *room;
    bool all_free;
    bool done;
    bool found;
    bool complete;
    int64_t steps;
    struct near_task task;
};

struct search {
    const struct near_frame *frame;
    const struct search_opts *opts;
    double bound;
    struct choice *choice;
    double entries;
    double gap_guess;
    int *row_groups; /* [rows] how many groups use it */
    int *block_rows; /* [blocks] that only it uses */
    int shared_rows;
    int *block; /* [blocks] in a random order */
    int64_t steps;
    bool proven;
    bool finished;
    int claimed; /* numbers of tasks given out */
    int tasks;   /* set up */
    int merged;
    struct slot slot[LAG];
    struct near_tools *tools; /* [threads] */
    pthread_mutex_t lock;
    pthread_cond_t turn;
};

/* The row with much priced leftover, drawn by it. */
static int draw_row(const struct search *s, uint64_t *state)
{
    const struct model *m = s->frame->model;
    double sum = 0;

    for (int r = 0; r < m->rows; r++) {
        sum += s->frame->price[r] * (double)s->choice->left[r] + 1;
    }
    double at = sum * random_unit(state);
    for (int r = 0; r < m->rows - 1; r++) {
        at -= s->frame->price[r] * (double)s->choice->left[r] + 1;
        if (at < 0) {
            return r;
        }
    }
    return m->rows - 1;
}

static bool uses_row(const struct model *m, int group, int row)
{
    for (int i = m->rows_first[group]; i < m->rows_first[group + 1]; i++) {
        if (m->row_of[i] == row) {
            return true;
        }
    }
    return false;
}

/* Which groups are free: all; those of a row; a random share; all but some of the departures. */
static void free_groups(struct search *s, struct slot *slot, uint64_t *state)
{
    const struct model *m = s->frame->model;
    int kind = s->choice->any ? random_below(state, KINDS) : 0;
    int percent = 15 + random_below(state, 80);
    int keep = 10 + random_below(state, 60);
    int row = kind == 1 ? draw_row(s, state) : 0;

    if (kind == 1 && s->row_groups[row] == m->groups) {
        kind = 2; /* a row of all groups says nothing */
    }
    for (int g = 0; g < m->groups; g++) {
        bool departed = s->choice->pick[g] != s->frame->best[g];
        bool free = kind == 0 || (kind == 1 && uses_row(m, g, row)) ||
                    (kind == 2 && random_below(state, 100) < percent) ||
                    (kind == 3 && (!departed || random_below(state, 100) >= keep));
        if (free) {
            slot->group[slot->groups++] = g;
        }
    }
    slot->all_free = slot->groups == m->groups;
}

/* So many blocks, the first of the random order, that their rows have room in a join. */
static int draw_blocks(struct search *s, uint64_t *state)
{
    int blocks = s->frame->model->blocks;
    int rows = s->shared_rows;
    int count = 0;

    for (; count < blocks; count++) {
        int at = count + random_below(state, blocks - count);
        int drawn = s->block[at];
        rows += s->block_rows[drawn];
        if (count > 0 && rows > NEAR_ROWS_MAX) {
            break;
        }
        s->block[at] = s->block[count];
        s->block[count] = drawn;
    }
    return count < blocks ? 1 + random_below(state, count) : count;
}

/* The group is free and counts from what it takes now; a better option saves. */
static void free_around(const struct search *s, struct slot *slot, int group)
{
    const struct model *m = s->frame->model;
    int pick = slot->choice.pick[group];
    double now = s->frame->loss[m->first[group] + pick];

    for (int o = m->first[group]; o < m->first[group + 1]; o++) {
        slot->loss[o] = s->frame->loss[o] - now;
    }
    slot->base[group] = pick;
    slot->task.saved_max += now;
    slot->group[slot->groups++] = group;
}

/* Few moves away from the incumbent, all groups that lose at the prices free among others: where
 * many groups do not care, the prices' choice is too far away to be the middle of a neighbourhood.
 */
static void look_around(struct search *s, struct slot *slot, uint64_t *state)
{
    const struct model *m = s->frame->model;
    int percent = random_below(state, AROUND_ALL) == 0 ? 100 : 5 + random_below(state, 90);
    int blocks = draw_blocks(s, state);
    double may_cost = 0;

    slot->frame.best = slot->base;
    slot->frame.loss = slot->loss;
    for (int i = 0; i < blocks; i++) {
        for (int g = m->block_first[s->block[i]]; g < m->block_first[s->block[i] + 1]; g++) {
            bool loses = s->frame->loss[m->first[g] + slot->choice.pick[g]] > 0;
            if (random_below(state, 100) < percent || loses) {
                free_around(s, slot, g);
            }
        }
    }
    for (int r = 0; r < m->rows; r++) {
        may_cost += s->frame->price[r] * (double)slot->choice.left[r];
    }
    may_cost += slot->task.saved_max;
    slot->task.move_cost = MOVE_COST * may_cost * pow(MOVE_COST_SPREAD, random_unit(state) - 0.5);
}

/* Room when the free groups take the frame's choice; and what an improvement may cost. */
static void measure_room(const struct search *s, struct slot *slot)
{
    const struct model *m = s->frame->model;
    const struct choice *c = &slot->choice;
    struct near_task *task = &slot->task;
    int64_t above = 0;

    memcpy(slot->room, c->left, (size_t)m->rows * sizeof(*slot->room));
    task->gap = task->saved_max + 1e-6;
    for (int r = 0; r < m->rows; r++) {
        task->gap += s->frame->price[r] * (double)c->left[r];
    }
    for (int i = 0; i < slot->groups; i++) {
        int g = slot->group[i];
        const int *row = m->row_of + m->rows_first[g];
        const int64_t *from = model_use(m, g, c->pick[g]);
        const int64_t *to = model_use(m, g, slot->frame.best[g]);
        for (int k = 0; k < model_rows(m, g); k++) {
            slot->room[row[k]] += from[k] - to[k];
        }
        task->gap += slot->frame.loss[m->first[g] + c->pick[g]];
        above += m->value[m->first[g] + c->pick[g]] - m->value[m->first[g] + slot->frame.best[g]];
    }
    task->lost_max = (double)(-above - 1);
    if (!c->any) {
        task->gap = s->gap_guess;
        task->lost_max = (double)INFINITY;
    }
}

/* Start task n from the incumbent. Called in the order of the tasks, with the lock held. */
static void set_up(struct search *s, int n, struct slot *slot)
{
    uint64_t state = random_stream(s->opts->seed, (uint64_t)n);

    choice_copy(s->frame->model, &slot->choice, s->choice);
    slot->value_before = s->choice->value;
    slot->done = false;
    slot->found = false;
    slot->complete = false;
    slot->task = (struct near_task){
        .group = slot->group,
        .room = slot->room,
        .keep = 1,
        .entries = (int)s->entries,
        .steps_max = (s->opts->steps_max - s->steps) / LAG + 1, /* LAG of them at a time */
        .stopper = s->opts->stopper,
    };
    slot->frame = *s->frame;
    slot->groups = 0;
    slot->all_free = false;
    if (slot->choice.any && random_below(&state, 100) < s->opts->around) {
        look_around(s, slot, &state);
    } else {
        free_groups(s, slot, &state);
    }
    slot->task.groups = slot->groups;
    slot->task.seed = random_next(&state);
    measure_room(s, slot);
}

/* Search the neighbourhood and put what was found into the slot's choice. */
static void carry_out(struct search *s, struct slot *slot, struct near_tools *tools)
{
    const struct model *m = s->frame->model;
    bool any = slot->choice.any;
    bool searched = near_search(tools, &slot->frame, &slot->task);

    slot->complete = searched && tools->found.complete;
    slot->steps = tools->found.steps + slot->groups;
    slot->found = searched && tools->found.answers > 0;
    if (!slot->found) {
        return;
    }
    for (int i = 0; i < slot->groups; i++) {
        int g = slot->group[i];
        slot->pick_before[i] = slot->choice.pick[g];
        choice_move(m, &slot->choice, g, slot->frame.best[g]);
    }
    for (int i = 0; i < tools->found.answer[0].moves; i++) {
        choice_move(m, &slot->choice, tools->found.group[i], tools->found.option[i]);
    }
    slot->choice.any = choice_fits(m, &slot->choice);
    slot->found = slot->choice.any && (!any || slot->choice.value > slot->value_before);
}

/* Make the slot's changes to the incumbent, which may have moved on; undo them if that does not
 * improve it. */
static bool graft(struct search *s, const struct slot *slot, int *undo)
{
    const struct model *m = s->frame->model;
    struct choice *c = s->choice;
    int64_t before = c->value;

    for (int i = 0; i < slot->groups; i++) {
        int g = slot->group[i];
        undo[i] = c->pick[g];
        if (slot->choice.pick[g] != slot->pick_before[i]) {
            choice_move(m, c, g, slot->choice.pick[g]);
        }
    }
    if (c->value > before && choice_fits(m, c)) {
        return true;
    }
    for (int i = 0; i < slot->groups; i++) {
        if (c->pick[slot->group[i]] != undo[i]) {
            choice_move(m, c, slot->group[i], undo[i]);
        }
    }
    return false;
}

static void merge(struct search *s, struct slot *slot)
{
    bool improved = false;

    s->steps += slot->steps;
    if (slot->found) {
        improved = s->choice->any && graft(s, slot, slot->pick_before + slot->groups);
        if (!improved && (!s->choice->any || slot->choice.value > s->choice->value)) {
            choice_copy(s->frame->model, s->choice, &slot->choice);
            improved = true;
        }
    }
    if (!improved) {
        s->entries = fmin(s->entries * ENTRIES_GROWTH, LIST_ENTRIES_MAX);
        s->gap_guess *= 2;
    }
    if (slot->all_free && slot->complete && s->choice->any && slot->choice.any &&
        s->choice->value >= slot->choice.value) {
        s->proven = true;
    }
    s->merged++;
}

static bool over(struct search *s)
{
    return s->proven || s->steps >= s->opts->steps_max ||
           (s->choice->any && (double)s->choice->value > s->bound - 1) ||
           stopper_asks(s->opts->stopper);
}

/* Wait for the turn of the next task and start it; NULL when there is none any more. */
static struct slot *next_task(struct search *s)
{
    int n = s->claimed++;
    struct slot *slot = &s->slot[n % LAG];

    while (!s->finished && (s->merged < n - LAG || (n >= LAG && !slot->done))) {
        (void)pthread_cond_wait(&s->turn, &s->lock);
    }
    if (s->finished) {
        return NULL;
    }
    if (n >= LAG) {
        merge(s, slot);
    }
    if (over(s)) {
        s->finished = true;
        (void)pthread_cond_broadcast(&s->turn);
        return NULL;
    }
    set_up(s, n, slot);
    s->tasks++;
    (void)pthread_cond_broadcast(&s->turn);
    return slot;
}

static void work(void *cx, int worker)
{
    struct search *s = cx;

    (void)pthread_mutex_lock(&s->lock);
    for (struct slot *slot = next_task(s); slot != NULL; slot = next_task(s)) {
        (void)pthread_mutex_unlock(&s->lock);
        carry_out(s, slot, &s->tools[worker]);
        (void)pthread_mutex_lock(&s->lock);
        slot->done = true;
        (void)pthread_cond_broadcast(&s->turn);
    }
    (void)pthread_mutex_unlock(&s->lock);
}

static double mean_loss(const struct near_frame *frame)
{
    double sum = 0;

    for (int o = 0; o < frame->model->options; o++) {
        sum += frame->loss[o];
    }
    return sum / (frame->model->options + 1);
}

static void count_block_rows(struct search *s, struct arena *arena)
{
    const struct model *m = s->frame->model;

    s->block_rows = ARENA_NEW(arena, int, (size_t)m->blocks);
    s->block = ARENA_NEW(arena, int, (size_t)m->blocks);
    for (int b = 0; b < m->blocks; b++) {
        s->block[b] = b;
    }
    for (int r = 0; r < m->rows && m->blocks > 1; r++) {
        bool is_shared = m->row_block[r] == MODEL_SHARED;
        s->shared_rows += is_shared;
        s->block_rows[is_shared ? 0 : m->row_block[r]] += !is_shared;
    }
}

static void search_init(struct search *s, struct arena *arena)
{
    const struct model *m = s->frame->model;
    size_t groups = (size_t)m->groups;

    for (int i = 0; i < LAG; i++) {
        choice_init(m, arena, &s->slot[i].choice);
        s->slot[i].group = ARENA_NEW(arena, int, groups);
        s->slot[i].pick_before = ARENA_NEW(arena, int, 2 * groups);
        s->slot[i].base = ARENA_NEW(arena, int, groups);
        s->slot[i].loss = ARENA_NEW(arena, double, (size_t)m->options);
        s->slot[i].room = ARENA_NEW(arena, int64_t, (size_t)m->rows);
    }
    s->row_groups = ARENA_NEW(arena, int, (size_t)m->rows);
    for (int i = 0; i < m->rows_first[m->groups]; i++) {
        s->row_groups[m->row_of[i]]++;
    }
    count_block_rows(s, arena);
    s->tools = ARENA_NEW(arena, struct near_tools, (size_t)s->opts->threads);
    for (int i = 0; i < s->opts->threads; i++) {
        near_tools_init(&s->tools[i], m);
    }
    if (!s->choice->any) { /* the first tasks start from the prices' choice */
        (void)choice_take(m, s->choice, s->frame->best);
    }
}

int64_t search_run(const struct near_frame *frame, const struct search_opts *opts, double bound,
                   struct choice *choice, struct arena *arena, bool *out_proven)
{
    struct search s = {
        .frame = frame,
        .opts = opts,
        .bound = bound,
        .choice = choice,
        .entries = opts->entries_first,
        .gap_guess = fmax(GAP_FIRST * fabs(bound), mean_loss(frame)),
        .lock = PTHREAD_MUTEX_INITIALIZER,
        .turn = PTHREAD_COND_INITIALIZER,
    };

    search_init(&s, arena);
    crew_run(opts->threads, work, &s);
    while (s.merged < s.tasks) {
        merge(&s, &s.slot[s.merged % LAG]);
    }
    for (int i = 0; i < opts->threads; i++) {
        near_tools_done(&s.tools[i]);
    }
    *out_proven = s.proven;
    return s.steps;
}
