/* Setting up the lanes, listing, joining, and reading the answers back. */
#include "calc/solve/engine/near.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "calc/solve/engine/pack.h"
#include "calc/solve/engine/random.h"

enum {
    LANES_MAX = KERNEL_LANES * KERNEL_WIDTH_MAX,
    LANE_BITS = 26, /* of a single move */
    LOSS_BITS = 24, /* of the gap */
    JOIN_WORTH = 4, /* joins may cost this much more than the lists */
    THIRD_ENTRIES_MAX = 65536,
    JOIN_STEPS_MAX = 32, /* not even the first join, of an empty C, more than this */
    THIRD_BATCH = 8,     /* entries of C between two looks at the steps */
    ROOM_MAX = 1 << 30,
    FRACTION_BITS = 20,
};

static const double GAP_ROUNDING = 2e-5; /* for sums in single precision */
static const double GAP_MIN = 1e-6;
static const double LOST_WORTH = 0.3; /* of splitting by value lost, against loss */
static const double LANE_WORTH = 1;   /* of splitting by a row without price */

#define TOOLS_MEMORY_MAX (ARENA_MIB * 1024)

void near_tools_init(struct near_tools *tools, const struct model *m)
{
    *tools = (struct near_tools){0};
    arena_init(&tools->arena, TOOLS_MEMORY_MAX);
    tools->lanes.row = ARENA_NEW(&tools->arena, int, LANES_MAX);
    tools->lanes.shift = ARENA_NEW(&tools->arena, int, LANES_MAX);
    tools->lanes.lane_of = ARENA_NEW(&tools->arena, int, (size_t)m->rows);
    tools->taken = ARENA_NEW(&tools->arena, bool, (size_t)m->groups);
    tools->high = ARENA_NEW(&tools->arena, double, (size_t)m->rows);
    tools->room = pack_take(&tools->arena, LANES_MAX, sizeof(int32_t));
    tools->room_all = pack_take(&tools->arena, LANES_MAX, sizeof(int32_t));
    tools->unit_price = pack_take(&tools->arena, LANES_MAX, sizeof(float));
    tools->scale = ARENA_NEW(&tools->arena, float, LANES_MAX);
    for (int r = 0; r < m->rows; r++) {
        tools->lanes.lane_of[r] = LIST_NONE;
    }
}

void near_tools_done(struct near_tools *tools)
{
    arena_done(&tools->arena);
}

/* What is lost in value when group leaves the prices' choice for the option; rows that are only
 * priced count at their price. */
static double lost_by(const struct near_frame *f, const struct near_task *task, int group,
                      int option)
{
    const struct model *m = f->model;
    int best = f->best[group];
    double lost = (double)(m->value[m->first[group] + best] - m->value[m->first[group] + option]);

    if (task->priced == NULL) {
        return lost;
    }
    const int *row = m->row_of + m->rows_first[group];
    const int64_t *from = model_use(m, group, best);
    const int64_t *to = model_use(m, group, option);
    for (int k = 0; k < model_rows(m, group); k++) {
        if (task->priced[row[k]]) {
            lost += f->price[row[k]] * (double)(to[k] - from[k]);
        }
    }
    return lost;
}

/* Could the option be part of an answer? */
static bool may_move(const struct near_frame *f, const struct near_task *task, int group,
                     int option)
{
    return option != f->best[group] && f->loss[f->model->first[group] + option] <= task->gap;
}

/* Note a row that a move changes; false when there is no lane left for it. */
static bool touch_row(struct near_tools *t, int row, double change)
{
    struct lanes *lanes = &t->lanes;

    if (lanes->lane_of[row] == LIST_NONE) {
        if (lanes->rows == NEAR_ROWS_MAX) {
            return false;
        }
        lanes->lane_of[row] = lanes->rows;
        lanes->row[lanes->rows++] = row;
        t->high[row] = 0;
    }
    t->high[row] = fmax(t->high[row], fabs(change));
    return true;
}

static bool touch_move(struct near_tools *t, const struct near_frame *f,
                       const struct near_task *task, int group, int option)
{
    const struct model *m = f->model;
    const int *row = m->row_of + m->rows_first[group];
    const int64_t *from = model_use(m, group, f->best[group]);
    const int64_t *to = model_use(m, group, option);
    bool room = true;

    for (int k = 0; k < model_rows(m, group) && room; k++) {
        if (to[k] != from[k] && (task->priced == NULL || !task->priced[row[k]])) {
            room = touch_row(t, row[k], (double)(to[k] - from[k]));
        }
    }
    return room;
}

/* Find the rows that moves change, and how far; count the moves; note the largest loss of value. */
static bool measure(struct near_tools *t, const struct near_frame *f, const struct near_task *task)
{
    t->lanes.rows = 0;
    t->moves = 0;
    t->lost_high = 0;
    for (int i = 0; i < task->groups; i++) {
        int g = task->group[i];
        for (int j = 0; j < model_options(f->model, g); j++) {
            if (!may_move(f, task, g, j)) {
                continue;
            }
            if (!touch_move(t, f, task, g, j)) {
                return false;
            }
            t->lost_high = fmax(t->lost_high, fabs(lost_by(f, task, g, j)));
            t->moves++;
        }
    }
    return true;
}

/* The power of two that brings `high` within 2^bits. */
static int shift_for(double high, int bits)
{
    int exponent = 0;

    (void)frexp(high, &exponent);
    return exponent > bits ? exponent - bits : 0;
}

/* Units of the lanes, and the room in them. */
static void set_lanes(struct near_tools *t, const struct near_frame *f,
                      const struct near_task *task)
{
    struct lanes *lanes = &t->lanes;
    int exponent = 0;

    lanes->width = (lanes->rows + 2 + KERNEL_LANES - 1) / KERNEL_LANES;
    lanes->exact = true;
    t->priced_room = 0;
    (void)frexp(fmax(task->gap, 1e-6), &exponent);
    lanes->loss_unit = ldexp(1, exponent - LOSS_BITS);
    (void)frexp(fmax(t->lost_high, 1e-6), &exponent);
    exponent = exponent > LANE_BITS - FRACTION_BITS ? exponent - LANE_BITS : -FRACTION_BITS;
    if (task->priced == NULL && exponent < 0) {
        exponent = 0; /* values are whole */
    }
    lanes->lost_unit = ldexp(1, exponent);
    lanes->exact = task->priced == NULL && exponent == 0;
    for (int i = 0; i < LANES_MAX; i++) {
        t->room_all[i] = ROOM_MAX;
        t->unit_price[i] = 0;
        t->scale[i] = 0;
    }
    for (int i = 0; i < lanes->rows; i++) {
        int row = lanes->row[i];
        int shift = shift_for(t->high[row], LANE_BITS);
        int64_t room = task->room[row] >> shift;
        lanes->shift[i] = shift;
        lanes->exact = lanes->exact && shift == 0;
        room = room > ROOM_MAX ? ROOM_MAX : room < -ROOM_MAX ? -ROOM_MAX : room;
        t->room_all[i] = (int32_t)room;
        t->priced_room += f->price[row] * (double)task->room[row];
        t->unit_price[i] = (float)(ldexp(f->price[row], shift) / lanes->loss_unit);
        t->scale[i] = t->unit_price[i] + (float)(1e-3 * LANE_WORTH / (t->high[row] + 1));
    }
    t->scale[lanes_loss(lanes)] = 1;
    t->scale[lanes_lost(lanes)] = (float)(LOST_WORTH * lanes->lost_unit / lanes->loss_unit);
}

/* Room for the loss and for the value lost, and what may be lost altogether: losses and priced
 * leftovers together are the value lost and the priced room. */
static void set_gap(struct near_tools *t, const struct near_task *task, double lost_max)
{
    const struct lanes *lanes = &t->lanes;
    double gap = fmin(task->gap, lost_max + t->priced_room + GAP_MIN);

    gap = fmax(gap, -task->saved_max);
    double lost = floor(lost_max / lanes->lost_unit);
    double loss = ceil((gap + GAP_ROUNDING * fabs(gap)) / lanes->loss_unit) + 1;

    t->room_all[lanes_lost(lanes)] = (int32_t)fmax(fmin(lost, ROOM_MAX), -ROOM_MAX);
    t->room_all[lanes_loss(lanes)] = (int32_t)fmin(loss, ROOM_MAX);
    t->gap = (float)loss;
}

/* A whole number of units that is not less (up) or not more than the amount. */
static int32_t units_up(double amount, double unit)
{
    return (int32_t)ceil(amount / unit);
}

static void set_move(struct near_tools *t, const struct near_frame *f, const struct near_task *task,
                     struct list *list, struct move move)
{
    const struct model *m = f->model;
    const struct lanes *lanes = &t->lanes;
    const int *row = m->row_of + m->rows_first[move.group];
    const int64_t *from = model_use(m, move.group, f->best[move.group]);
    const int64_t *to = model_use(m, move.group, move.option);
    int32_t *lane = list->move_lanes + (size_t)list->moves * (size_t)lanes->width * KERNEL_LANES;

    list->move[list->moves++] = move;
    for (int k = 0; k < model_rows(m, move.group); k++) {
        int i = lanes->lane_of[row[k]];
        if (i != LIST_NONE) {
            int64_t up = ((int64_t)1 << lanes->shift[i]) - 1;
            lane[i] = (int32_t)((to[k] - from[k] + up) >> lanes->shift[i]);
        }
    }
    lane[lanes_lost(lanes)] = units_up(lost_by(f, task, move.group, move.option), lanes->lost_unit);
    double loss = f->loss[m->first[move.group] + move.option];
    lane[lanes_loss(lanes)] = (int32_t)floor(loss / lanes->loss_unit);
}

/* The place of a move in the lists: by its loss and, where moves cost, by a draw. */
static double cost_of(const struct near_frame *f, const struct near_task *task, int option,
                      uint64_t *state)
{
    double loss = fmax(0, f->loss[option]);

    return task->move_cost > 0 ? loss + task->move_cost * (0.5 + random_unit(state)) : loss;
}

/* Part the groups at random: C gets 10 to 50 %, A and B half of the rest each. */
static void part(struct near_tools *t, const struct near_frame *f, const struct near_task *task)
{
    uint64_t state = task->seed;
    int third_permille = 100 + random_below(&state, 400);

    for (int h = 0; h < 3; h++) {
        list_moves_room(&t->list[h], t->moves, t->lanes.width, &t->arena);
    }
    for (int i = 0; i < task->groups; i++) {
        int g = task->group[i];
        bool third = random_below(&state, 1000) < third_permille;
        struct list *list = &t->list[third ? 2 : random_below(&state, 2)];
        for (int j = 0; j < model_options(f->model, g); j++) {
            if (may_move(f, task, g, j)) {
                double cost = cost_of(f, task, f->model->first[g] + j, &state);
                set_move(t, f, task, list, (struct move){g, j, cost});
            }
        }
    }
}

/* The joins of one task: what the kernel's call for a hit needs. */
struct joining {
    struct near_tools *tools;
    const struct near_task *task;
    struct kernel_join join;
    int third; /* id in C */
    int32_t third_lost;
    float third_loss;
    int kept;
};

static void sink(struct near_kept *heap, int count, int at)
{
    while (true) {
        int largest = at;
        for (int child = 2 * at + 1; child <= 2 * at + 2 && child < count; child++) {
            largest = heap[child].lost > heap[largest].lost ? child : largest;
        }
        if (largest == at) {
            return;
        }
        struct near_kept moved = heap[at];
        heap[at] = heap[largest];
        heap[largest] = moved;
        at = largest;
    }
}

static void rise(struct near_kept *heap, int at)
{
    while (at > 0 && heap[(at - 1) / 2].lost < heap[at].lost) {
        struct near_kept moved = heap[at];
        heap[at] = heap[(at - 1) / 2];
        heap[(at - 1) / 2] = moved;
        at = (at - 1) / 2;
    }
}

/* Room for the pair of A and B that the entry of C leaves. */
static void set_room(struct joining *j)
{
    struct near_tools *t = j->tools;
    const struct lanes *lanes = &t->lanes;
    const int32_t *third =
        t->list[2].entry + (size_t)j->third * (size_t)lanes->width * KERNEL_LANES;

    for (int i = 0; i < lanes->width * KERNEL_LANES; i++) {
        t->room[i] = t->room_all[i] - third[i];
    }
    j->join.gap = t->gap - (float)third[lanes_loss(lanes)];
}

/* Keep a pair; when all places are taken, only what loses less than the worst kept can follow. */
static void hit(struct kernel_join *join, int a, int b)
{
    struct joining *j = join->hit_cx;
    struct near_tools *t = j->tools;
    const struct lanes *lanes = &t->lanes;
    size_t size = (size_t)lanes->width * KERNEL_LANES;
    size_t lane = (size_t)lanes_lost(lanes);
    int32_t lost = t->list[0].entry[(size_t)a * size + lane] +
                   t->list[1].entry[(size_t)b * size + lane] + j->third_lost;
    struct near_kept kept = {lost, {t->list[0].id[a], t->list[1].id[b], j->third}};

    if (j->kept < j->task->keep) {
        t->kept[j->kept] = kept;
        rise(t->kept, j->kept++);
    } else {
        t->kept[0] = kept;
        sink(t->kept, j->kept, 0);
    }
    if (j->kept == j->task->keep) {
        double lost_max = (t->kept[0].lost - 1) * lanes->lost_unit;
        set_gap(t, j->task, lost_max);
        set_room(j);
    }
}

static int64_t join_all(struct near_tools *t, const struct near_frame *f,
                        const struct near_task *task, int64_t steps, bool *complete)
{
    const struct list *third = &t->list[2];
    size_t size = (size_t)t->lanes.width * KERNEL_LANES;
    int64_t steps_max =
        JOIN_STEPS_MAX * steps < task->steps_max ? JOIN_STEPS_MAX * steps : task->steps_max;
    double dearest = -task->saved_max / t->lanes.loss_unit; /* what A and B can still make good */
    struct joining j = {.tools = t, .task = task};

    j.join = (struct kernel_join){
        .width = t->lanes.width,
        .a = {t->list[0].entry, t->list[0].node, t->list[0].box},
        .b = {t->list[1].entry, t->list[1].node, t->list[1].box},
        .room = t->room,
        .price = t->unit_price,
        .loss_lane = lanes_loss(&t->lanes),
        .steps_max = steps_max,
        .hit = hit,
        .hit_cx = &j,
    };
    for (int i = 0; i < third->entries; i++) {
        j.third = t->order[i];
        j.third_lost = third->entry[(size_t)j.third * size + (size_t)lanes_lost(&t->lanes)];
        set_room(&j);
        if (j.join.gap < (float)dearest) {
            break;
        }
        if (i % THIRD_BATCH == 0 &&
            (j.join.steps > JOIN_WORTH * steps || stopper_asks(task->stopper))) {
            *complete = false;
            break;
        }
        f->kernel->join(&j.join);
        if (j.join.steps >= j.join.steps_max) {
            *complete = false;
            break;
        }
    }
    t->answers = j.kept;
    return j.join.steps;
}

static int by_lost(const void *a, const void *b)
{
    const struct near_kept *x = a;
    const struct near_kept *y = b;

    if (x->lost != y->lost) {
        return x->lost < y->lost ? -1 : 1;
    }
    return memcmp(x->id, y->id, sizeof(x->id));
}

/* Follow the entries of an answer back to their moves. */
static void read_back(struct near_tools *t, const struct near_kept *kept, struct near_answer *out)
{
    struct near_found *found = &t->found;

    out->lost = kept->lost * t->lanes.lost_unit;
    out->moves_first = found->moves;
    for (int h = 0; h < 3; h++) {
        const struct list *list = &t->list[h];
        for (int id = kept->id[h]; list->by[id] != LIST_NONE; id = list->parent[id]) {
            found->group[found->moves] = list->move[list->by[id]].group;
            found->option[found->moves] = list->move[list->by[id]].option;
            found->moves++;
        }
    }
    out->moves = found->moves - out->moves_first;
}

static void read_all(struct near_tools *t)
{
    qsort(t->kept, (size_t)t->answers, sizeof(*t->kept), by_lost);
    t->found.moves = 0;
    t->found.answers = t->answers;
    for (int i = 0; i < t->answers; i++) {
        read_back(t, &t->kept[i], &t->found.answer[i]);
    }
}

static void room_for(struct near_tools *t, const struct near_task *task)
{
    if (task->keep > t->kept_room) {
        size_t keep = (size_t)task->keep;
        t->kept_room = task->keep;
        t->kept = ARENA_NEW(&t->arena, struct near_kept, keep);
        t->found.answer = ARENA_NEW(&t->arena, struct near_answer, keep);
        t->found.group = ARENA_NEW(&t->arena, int, keep * 3 * LIST_MOVES_DEEP);
        t->found.option = ARENA_NEW(&t->arena, int, keep * 3 * LIST_MOVES_DEEP);
    }
}

/* The entries of C in order of loss. */
struct ranked {
    int32_t loss;
    int at;
};

static int by_rank(const void *a, const void *b)
{
    const struct ranked *x = a;
    const struct ranked *y = b;

    if (x->loss != y->loss) {
        return x->loss < y->loss ? -1 : 1;
    }
    return x->at - y->at;
}

static void order_third(struct near_tools *t)
{
    const struct list *third = &t->list[2];
    size_t size = (size_t)t->lanes.width * KERNEL_LANES;

    if (third->entries > t->order_room) {
        t->order_room = 2 * third->entries;
        t->order = ARENA_NEW(&t->arena, int, (size_t)t->order_room);
    }
    struct arena_mark mark = arena_mark(&t->arena);
    struct ranked *ranked = ARENA_NEW(&t->arena, struct ranked, (size_t)third->entries);
    for (int i = 0; i < third->entries; i++) {
        ranked[i].loss = third->entry[(size_t)i * size + (size_t)lanes_loss(&t->lanes)];
        ranked[i].at = i;
    }
    qsort(ranked, (size_t)third->entries, sizeof(*ranked), by_rank);
    for (int i = 0; i < third->entries; i++) {
        t->order[i] = ranked[i].at;
    }
    arena_rewind(&t->arena, mark);
}

static int64_t list_all(struct near_tools *t, const struct near_frame *f,
                        const struct near_task *task, bool *complete)
{
    int64_t steps = t->moves;

    for (int h = 0; h < 3; h++) {
        int most = task->entries;
        if (h == 2 && most > THIRD_ENTRIES_MAX) {
            most = THIRD_ENTRIES_MAX;
        }
        steps += list_fill(&t->list[h], &t->lanes, most, task->gap * (1 + GAP_ROUNDING), t->taken,
                           &t->arena);
        *complete = *complete && t->list[h].complete;
        if (h < 2) {
            steps += list_tree(&t->list[h], &t->lanes, t->scale, f->kernel);
        }
    }
    order_third(t);
    return steps;
}

bool near_search(struct near_tools *t, const struct near_frame *f, const struct near_task *task)
{
    bool room = measure(t, f, task);
    bool complete = task->saved_max <= 0 && task->move_cost <= 0;

    t->found.answers = 0;
    t->found.steps = 0;
    if (room) {
        set_lanes(t, f, task);
        set_gap(t, task, task->lost_max);
        room_for(t, task);
        part(t, f, task);
        int64_t steps = list_all(t, f, task, &complete);
        t->found.steps = steps + join_all(t, f, task, steps, &complete);
        t->found.complete = complete && t->lanes.exact;
        read_all(t);
    }
    for (int i = 0; i < t->lanes.rows; i++) {
        t->lanes.lane_of[t->lanes.row[i]] = LIST_NONE;
    }
    return room;
}
