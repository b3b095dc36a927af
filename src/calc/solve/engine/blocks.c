/* Pools of choices for every block, and the choice among them. */
#include "calc/solve/engine/blocks.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "calc/solve/engine/random.h"

enum {
    ROWS_FLAT = 14, /* with no more rows than this all groups are searched together */
    POOL_MIN = 16,  /* ways kept for a block, at least */
    POOL_MAX = 512,
    WAYS_MAX = 1 << 16, /* over all blocks, where POOL_MIN allows */
    ENTRIES_FIRST = 1 << 10,
    MASTER_ENTRIES = 1 << 10,
    MOVES_MAX = 3 * LIST_MOVES_DEEP,
};

static const double MASTER_SHARE = 0.5; /* of the steps of a round */
static const double AROUND_FIRST = 0.5; /* of them too, for neighbourhoods between two rounds */
static const double AROUND_MIN = 0.125;
static const double AROUND_MAX = 4;

/* One way to choose in a block: departures from the prices' choice. */
struct way {
    double lost;
    uint64_t mark; /* a sum over the departures, to know equal ways */
    int moves;
    int group[MOVES_MAX];
    int option[MOVES_MAX];
};

struct pool {
    struct way **way; /* [ways_max], the best first */
    int ways;
    double own_gap; /* priced leftovers of the block's own rows at the prices' choice */
};

struct blocks {
    const struct near_frame *frame;
    const struct search_opts *opts;
    double bound;
    double around; /* share of the steps */
    struct choice *choice;
    struct arena *arena;
    bool *shared;  /* [rows] */
    int64_t *room; /* [rows] at the prices' choice: of own rows, what its block leaves */
    double *now;   /* [blocks] loss and priced leftovers of own rows in the choice in hand */
    struct pool *pool;
    struct near_tools *tools; /* [threads] */
    int *group;               /* 0, 1, 2… */
    int ways_max;             /* of a block */
    int entries;
    int round;
    int64_t steps;
    int64_t steps_block; /* at most for one block in this round */
    int64_t *spent;      /* [blocks] in this round */
    atomic_int next;
};

bool blocks_apply(const struct model *m)
{
    int first = MODEL_SHARED;
    bool several = false;

    for (int r = 0; r < m->rows; r++) {
        if (m->row_block[r] == MODEL_SHARED) {
            continue;
        }
        several = several || (first != MODEL_SHARED && m->row_block[r] != first);
        first = m->row_block[r];
    }
    return several && m->rows > ROWS_FLAT;
}

/* What is left of the rows at the prices' choice. */
static void measure_room(struct blocks *s)
{
    const struct model *m = s->frame->model;

    memcpy(s->room, m->limit, (size_t)m->rows * sizeof(*s->room));
    for (int g = 0; g < m->groups; g++) {
        const int64_t *use = model_use(m, g, s->frame->best[g]);
        for (int k = 0; k < model_rows(m, g); k++) {
            s->room[m->row_of[m->rows_first[g] + k]] -= use[k];
        }
    }
    for (int r = 0; r < m->rows; r++) {
        s->shared[r] = m->row_block[r] == MODEL_SHARED;
        if (!s->shared[r]) {
            s->pool[m->row_block[r]].own_gap += s->frame->price[r] * (double)s->room[r];
        }
    }
}

/* Loss and priced leftovers of every block in the choice in hand: what a way must not exceed. */
static void measure_now(struct blocks *s)
{
    const struct model *m = s->frame->model;

    memset(s->now, 0, (size_t)m->blocks * sizeof(*s->now));
    for (int b = 0; b < m->blocks; b++) {
        for (int g = m->block_first[b]; g < m->block_first[b + 1]; g++) {
            s->now[b] += s->frame->loss[m->first[g] + s->choice->pick[g]];
        }
    }
    for (int r = 0; r < m->rows; r++) {
        if (!s->shared[r]) {
            s->now[m->row_block[r]] += s->frame->price[r] * (double)s->choice->left[r];
        }
    }
}

static uint64_t mark_of(const int *group, const int *option, int moves)
{
    uint64_t mark = 0;

    for (int i = 0; i < moves; i++) {
        mark += random_stream((uint64_t)group[i], (uint64_t)option[i]);
    }
    return mark;
}

/* Put a way into its place in the pool, unless it is there already or all are better. */
static void pool_put(struct blocks *s, struct pool *pool, const struct way *new)
{
    int at = pool->ways;

    for (int i = 0; i < pool->ways; i++) {
        if (pool->way[i]->mark == new->mark) {
            return;
        }
    }
    if (at == s->ways_max) {
        at--;
        if (new->lost >= pool->way[at]->lost) {
            return;
        }
    }
    struct way *way = pool->way[at]; /* a free place, or that of the worst */
    for (; at > 0 && pool->way[at - 1]->lost > new->lost; at--) {
        pool->way[at] = pool->way[at - 1];
    }
    pool->way[at] = way;
    *way = *new;
    pool->ways += pool->ways < s->ways_max;
}

static void put_answer(struct blocks *s, struct pool *pool, const struct near_found *found,
                       int answer)
{
    const struct near_answer *a = &found->answer[answer];
    struct way way = {.lost = a->lost, .moves = a->moves};

    memcpy(way.group, found->group + a->moves_first, (size_t)a->moves * sizeof(int));
    memcpy(way.option, found->option + a->moves_first, (size_t)a->moves * sizeof(int));
    way.mark = mark_of(way.group, way.option, way.moves);
    pool_put(s, pool, &way);
}

/* Search one block for ways better than the worst in its pool. */
static void fill_pool(struct blocks *s, int b, struct near_tools *tools)
{
    const struct model *m = s->frame->model;
    struct pool *pool = &s->pool[b];
    double gap = s->now[b] * (1 + 1e-9) + 1e-6;

    if (pool->ways == s->ways_max) {
        gap = fmin(gap, pool->way[pool->ways - 1]->lost + pool->own_gap);
    }
    const struct near_task task = {
        .group = s->group + m->block_first[b],
        .groups = m->block_first[b + 1] - m->block_first[b],
        .room = s->room,
        .priced = s->shared,
        .gap = gap,
        .lost_max = gap - pool->own_gap,
        .keep = s->ways_max,
        .entries = s->entries,
        .seed =
            random_stream(s->opts->seed, (uint64_t)s->round * (uint64_t)m->blocks + (uint64_t)b),
        .steps_max = s->steps_block,
        .stopper = s->opts->stopper,
    };
    if (!near_search(tools, s->frame, &task)) {
        return;
    }
    s->spent[b] = tools->found.steps;
    for (int i = 0; i < tools->found.answers; i++) {
        put_answer(s, pool, &tools->found, i);
    }
}

static void work(void *cx, int worker)
{
    struct blocks *s = cx;
    int blocks = s->frame->model->blocks;

    for (int b = atomic_fetch_add(&s->next, 1); b < blocks; b = atomic_fetch_add(&s->next, 1)) {
        if (!stopper_asks(s->opts->stopper)) {
            fill_pool(s, b, &s->tools[worker]);
        }
    }
}

/* The problem of choosing a way for every block. The last option of a group is the choice in
 * hand, so that there is always an answer. */
struct master {
    struct model model;
    double *price;
    double *loss;
    int *best;
    int *row_of_model; /* [rows] */
    int *master_row;   /* [rows of the model] or -1 */
    struct choice choice;
};

static void master_rows(struct blocks *s, struct master *x, struct arena *arena)
{
    const struct model *m = s->frame->model;

    x->master_row = ARENA_NEW(arena, int, (size_t)m->rows);
    x->row_of_model = ARENA_NEW(arena, int, (size_t)m->rows);
    x->price = ARENA_NEW(arena, double, (size_t)m->rows);
    x->model.limit = ARENA_NEW(arena, int64_t, (size_t)m->rows);
    for (int r = 0; r < m->rows; r++) {
        x->master_row[r] = -1;
        if (s->shared[r]) {
            x->master_row[r] = x->model.rows;
            x->row_of_model[x->model.rows] = r;
            x->price[x->model.rows] = s->frame->price[r];
            x->model.limit[x->model.rows++] = m->limit[r];
        }
    }
}

static void master_init(struct blocks *s, struct master *x, struct arena *arena)
{
    const struct model *m = s->frame->model;
    size_t blocks = (size_t)m->blocks;
    size_t options = blocks * ((size_t)s->ways_max + 1);

    *x = (struct master){0};
    master_rows(s, x, arena);
    size_t rows = (size_t)x->model.rows;
    x->model.groups = m->blocks;
    x->model.blocks = 1;
    x->model.block_first = ARENA_NEW(arena, int, 2);
    x->model.block_first[1] = m->blocks;
    x->model.first = ARENA_NEW(arena, int, blocks + 1);
    x->model.rows_first = ARENA_NEW(arena, int, blocks + 1);
    x->model.use_first = ARENA_NEW(arena, int64_t, blocks);
    x->model.row_of = ARENA_NEW(arena, int, blocks *rows);
    x->model.value = ARENA_NEW(arena, int64_t, options);
    x->model.use = ARENA_NEW(arena, int64_t, options * rows);
    x->loss = ARENA_NEW(arena, double, options);
    x->best = ARENA_NEW(arena, int, blocks);
    for (int b = 0; b < m->blocks; b++) {
        x->model.rows_first[b + 1] = (b + 1) * x->model.rows;
        for (int r = 0; r < x->model.rows; r++) {
            x->model.row_of[b * x->model.rows + r] = r;
        }
    }
    choice_init(&x->model, arena, &x->choice);
}

/* Add value and shared uses of one pick to an option of the master. */
static void master_add(struct blocks *s, struct master *x, int group, int option, int sign,
                       int master_option)
{
    const struct model *m = s->frame->model;
    const int *row = m->row_of + m->rows_first[group];
    const int64_t *use = model_use(m, group, option);
    int64_t *to = x->model.use + (int64_t)master_option * x->model.rows;

    x->model.value[master_option] += sign * m->value[m->first[group] + option];
    for (int k = 0; k < model_rows(m, group); k++) {
        if (s->shared[row[k]]) {
            to[x->master_row[row[k]]] += sign * use[k];
        }
    }
}

/* The options of a block: its ways, then the choice in hand. */
static void master_block(struct blocks *s, struct master *x, int b)
{
    const struct model *m = s->frame->model;
    const struct pool *pool = &s->pool[b];
    int base = x->model.options + pool->ways; /* first the prices' choice is added up there */
    int64_t rows = x->model.rows;

    x->model.first[b] = x->model.options;
    x->model.use_first[b] = x->model.options * rows;
    x->model.options += pool->ways + 1;
    x->model.first[b + 1] = x->model.options;
    memset(x->model.value + x->model.first[b], 0, (size_t)(pool->ways + 1) * sizeof(int64_t));
    memset(x->model.use + x->model.use_first[b], 0,
           (size_t)(pool->ways + 1) * (size_t)rows * sizeof(int64_t));
    for (int g = m->block_first[b]; g < m->block_first[b + 1]; g++) {
        master_add(s, x, g, s->frame->best[g], 1, base);
    }
    for (int i = 0; i < pool->ways; i++) {
        int o = x->model.first[b] + i;
        const struct way *way = pool->way[i];
        x->model.value[o] = x->model.value[base];
        memcpy(x->model.use + o * rows, x->model.use + base * rows, (size_t)rows * sizeof(int64_t));
        for (int k = 0; k < way->moves; k++) {
            master_add(s, x, way->group[k], s->frame->best[way->group[k]], -1, o);
            master_add(s, x, way->group[k], way->option[k], 1, o);
        }
    }
    for (int g = m->block_first[b]; g < m->block_first[b + 1]; g++) {
        if (s->choice->pick[g] != s->frame->best[g]) {
            master_add(s, x, g, s->frame->best[g], -1, base);
            master_add(s, x, g, s->choice->pick[g], 1, base);
        }
    }
    x->choice.pick[b] = pool->ways;
}

/* Losses at the prices of the shared rows. */
static void master_losses(struct master *x)
{
    const struct model *m = &x->model;

    for (int b = 0; b < m->groups; b++) {
        double top = -(double)INFINITY;
        for (int j = 0; j < model_options(m, b); j++) {
            const int64_t *use = model_use(m, b, j);
            double worth = (double)m->value[m->first[b] + j];
            for (int k = 0; k < m->rows; k++) {
                worth -= x->price[k] * (double)use[k];
            }
            x->loss[m->first[b] + j] = worth;
            if (worth > top) {
                top = worth;
                x->best[b] = j;
            }
        }
        for (int j = 0; j < model_options(m, b); j++) {
            x->loss[m->first[b] + j] = top - x->loss[m->first[b] + j];
        }
    }
}

/* Make the master's choice the choice in hand. */
static void take_ways(struct blocks *s, const struct master *x)
{
    const struct model *m = s->frame->model;

    for (int b = 0; b < m->blocks; b++) {
        const struct pool *pool = &s->pool[b];
        if (x->choice.pick[b] == pool->ways) {
            continue; /* as it was */
        }
        const struct way *way = pool->way[x->choice.pick[b]];
        for (int g = m->block_first[b]; g < m->block_first[b + 1]; g++) {
            if (s->choice->pick[g] != s->frame->best[g]) {
                choice_move(m, s->choice, g, s->frame->best[g]);
            }
        }
        for (int i = 0; i < way->moves; i++) {
            choice_move(m, s->choice, way->group[i], way->option[i]);
        }
    }
    MUST(choice_fits(m, s->choice));
}

static void choose_ways(struct blocks *s, struct master *x, int64_t steps_max)
{
    struct arena_mark mark = arena_mark(s->arena);
    bool proven = false;
    const struct near_frame frame = {&x->model, s->frame->kernel, x->price, x->loss, x->best};
    const struct search_opts opts = {
        .seed = random_stream(s->opts->seed, (uint64_t)s->round),
        .threads = s->opts->threads,
        .steps_max = steps_max,
        .entries_first = MASTER_ENTRIES,
        .around = s->opts->around,
        .stopper = s->opts->stopper,
    };

    x->model.options = 0;
    for (int b = 0; b < x->model.groups; b++) {
        master_block(s, x, b);
    }
    master_losses(x);
    MUST(choice_take(&x->model, &x->choice, x->choice.pick));
    s->steps += search_run(&frame, &opts, s->bound, &x->choice, s->arena, &proven);
    take_ways(s, x);
    arena_rewind(s->arena, mark);
}

static void blocks_init(struct blocks *s)
{
    const struct model *m = s->frame->model;
    size_t blocks = (size_t)m->blocks;

    s->ways_max = WAYS_MAX / m->blocks;
    s->ways_max = s->ways_max > POOL_MAX ? POOL_MAX : s->ways_max;
    s->ways_max = s->ways_max < POOL_MIN ? POOL_MIN : s->ways_max;
    s->shared = ARENA_NEW(s->arena, bool, (size_t)m->rows);
    s->room = ARENA_NEW(s->arena, int64_t, (size_t)m->rows);
    s->now = ARENA_NEW(s->arena, double, blocks);
    s->spent = ARENA_NEW(s->arena, int64_t, blocks);
    s->pool = ARENA_NEW(s->arena, struct pool, blocks);
    s->group = ARENA_NEW(s->arena, int, (size_t)m->groups);
    s->tools = ARENA_NEW(s->arena, struct near_tools, (size_t)s->opts->threads);
    for (int b = 0; b < m->blocks; b++) {
        struct way *way = ARENA_NEW(s->arena, struct way, (size_t)s->ways_max);
        s->pool[b].way = ARENA_NEW(s->arena, struct way *, (size_t)s->ways_max);
        for (int i = 0; i < s->ways_max; i++) {
            s->pool[b].way[i] = &way[i];
        }
    }
    for (int g = 0; g < m->groups; g++) {
        s->group[g] = g;
    }
    for (int i = 0; i < s->opts->threads; i++) {
        near_tools_init(&s->tools[i], m);
    }
    measure_room(s);
}

/* Between two rounds: neighbourhoods of the choice in hand, of several blocks and with the shared
 * rows. They get more of the steps while they gain more by a step than the round did. */
static void look_around(struct blocks *s, int64_t round_steps, int64_t round_gain)
{
    struct arena_mark mark = arena_mark(s->arena);
    int64_t before = s->choice->value;
    int64_t rest = s->opts->steps_max - s->steps;
    double most = s->around * (double)round_steps + 1;
    bool proven = false;
    const struct search_opts opts = {
        .seed = random_stream(s->opts->seed, (uint64_t)s->round),
        .threads = s->opts->threads,
        .steps_max = most < (double)rest ? (int64_t)most : rest,
        .entries_first = s->entries,
        .around = 100,
        .stopper = s->opts->stopper,
    };
    int64_t steps = search_run(s->frame, &opts, s->bound, s->choice, s->arena, &proven);
    double gain = (double)(s->choice->value - before) / (double)(steps + 1);
    double other = (double)round_gain / (double)(round_steps + 1);

    if (gain != other) {
        s->around =
            gain > other ? fmin(2 * s->around, AROUND_MAX) : fmax(s->around / 2, AROUND_MIN);
    }
    s->steps += steps;
    arena_rewind(s->arena, mark);
}

static bool over(const struct blocks *s)
{
    return s->steps >= s->opts->steps_max || (double)s->choice->value > s->bound - 1 ||
           stopper_asks(s->opts->stopper);
}

int64_t blocks_run(const struct near_frame *frame, const struct search_opts *opts, double bound,
                   struct choice *choice, struct arena *arena)
{
    struct blocks s = {
        .frame = frame,
        .opts = opts,
        .bound = bound,
        .choice = choice,
        .arena = arena,
        .entries = ENTRIES_FIRST,
        .around = AROUND_FIRST,
    };
    struct master master;
    int blocks = frame->model->blocks;

    blocks_init(&s);
    master_init(&s, &master, arena);
    for (; !over(&s); s.round++) {
        int64_t before = s.steps;
        int64_t value = s.choice->value;
        measure_now(&s);
        s.steps_block = (opts->steps_max - s.steps) / blocks + 1;
        atomic_store(&s.next, 0);
        crew_run(opts->threads, work, &s);
        for (int b = 0; b < blocks; b++) {
            s.steps += s.spent[b] + 1;
            s.spent[b] = 0;
        }
        choose_ways(&s, &master, (int64_t)(MASTER_SHARE * (double)(s.steps - before)) + 1);
        if (!over(&s)) {
            look_around(&s, s.steps - before, s.choice->value - value);
        }
        s.entries = s.entries < LIST_ENTRIES_MAX ? s.entries * 2 : LIST_ENTRIES_MAX;
    }
    for (int i = 0; i < opts->threads; i++) {
        near_tools_done(&s.tools[i]);
    }
    return s.steps;
}
