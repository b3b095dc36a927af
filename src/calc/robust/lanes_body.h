/* The inner loops, written once in words that each instruction set defines before including this:
 * KERNEL (its function attribute), TILE_ROWS, the types f32 (32 floats) and i16 (32 short
 * integers), and f32_load, f32_store, f32_all, f32_add, f32_mul, f32_div_or_zero, f32_fma,
 * f32_reaches, f32_to_grade, i16_load, i16_store, i16_all, i16_keep, i16_add_if_reached,
 * i16_reaches. */
#ifndef CALC_ROBUST_LANES_BODY_H
#define CALC_ROBUST_LANES_BODY_H

#include <string.h>

#include "calc/robust/lanes.h"

#ifdef __clang__
#define UNROLLED _Pragma("clang loop unroll(full)")
#else
#define UNROLLED _Pragma("GCC unroll 8")
#endif

enum {
    COUNT_ROWS_MAX = 32767, /* what a 16-bit counter holds */
    HALVE_EVERY = 4,        /* passes of the search; the others interpolate */
};

/* ---- scores ---- */

/* One chain of multiply-adds a row, in criterion order. */
static inline KERNEL void chains(const float *u, const struct score_tile *tile, f32 *out)
{
    UNROLLED
    for (int row = 0; row < TILE_ROWS; row++) {
        out[row] = f32_all(0);
    }
    for (int k = 0; k < tile->criterion_count; k++) {
        f32 weight = f32_load(tile->weights + k * LANES_WIDE);
        UNROLLED
        for (int row = 0; row < TILE_ROWS; row++) {
            out[row] = f32_fma(weight, f32_all(u[k * TILE_ROWS + row]), out[row]);
        }
    }
}

static KERNEL void score(const struct score_tile *tile)
{
    f32 near[TILE_ROWS];

    chains(tile->u, tile, near);
    if (tile->rest != NULL) {
        f32 far[TILE_ROWS];
        chains(tile->rest, tile, far);
        UNROLLED
        for (int row = 0; row < TILE_ROWS; row++) {
            near[row] = f32_div_or_zero(near[row], f32_add(near[row], far[row]));
        }
    }
    UNROLLED
    for (int row = 0; row < TILE_ROWS; row++) {
        f32_store(tile->scores + row * LANES_WIDE, near[row]);
    }
}

/* ---- grades ---- */

/* Listed rows with a grade of at least `line`, lane by lane. */
static inline KERNEL void count(const struct grade_task *task, const int32_t *line, int32_t *out)
{
    int16_t line16[LANES_WIDE] __attribute__((aligned(LANES_ALIGN)));
    int16_t part[LANES_WIDE] __attribute__((aligned(LANES_ALIGN)));

    for (int lane = 0; lane < LANES_WIDE; lane++) {
        line16[lane] = (int16_t)line[lane];
        out[lane] = 0;
    }
    i16 at = i16_load(line16);
    for (int begin = 0; begin < task->row_count; begin += COUNT_ROWS_MAX) {
        int end =
            task->row_count - begin > COUNT_ROWS_MAX ? begin + COUNT_ROWS_MAX : task->row_count;
        i16 even = i16_all(0);
        i16 odd = i16_all(0);
        int i = begin;
        for (; i + 1 < end; i += 2) {
            const int16_t *grades = task->grades + (size_t)i * LANES_WIDE;
            even = i16_add_if_reached(even, i16_load(grades), at);
            odd = i16_add_if_reached(odd, i16_load(grades + LANES_WIDE), at);
        }
        if (i < end) {
            even = i16_add_if_reached(even, i16_load(task->grades + (size_t)i * LANES_WIDE), at);
        }
        i16_store(part, i16_add(even, odd));
        for (int lane = 0; lane < LANES_WIDE; lane++) {
            out[lane] += part[lane];
        }
    }
}

static inline KERNEL void make_grades(const struct grade_task *task)
{
    f32 scale = f32_all(task->scale);
    f32 offset = f32_load(task->offset);

    for (int i = 0; i < task->row_count; i++) {
        int row = task->rows[i];
        f32 score = f32_load(task->scores + (size_t)row * LANES_WIDE);
        f32 at = f32_fma(f32_add(score, f32_all(task->bonus[i])), scale, offset);
        i16 grade = i16_keep(f32_to_grade(at), ~task->taken[row]);
        i16_store(task->grades + (size_t)i * LANES_WIDE, grade);
    }
}

/* The search for each lane's line: enough rows reach `low`, too few reach `high`. */
struct search {
    int32_t low[LANES_WIDE];
    int32_t high[LANES_WIDE];
    int32_t at_low[LANES_WIDE];
    int32_t at_high[LANES_WIDE];
    int32_t wanted[LANES_WIDE];
    int32_t try[LANES_WIDE];
    int32_t reached[LANES_WIDE];
};

static inline KERNEL void search_begin(struct search *search, const struct grade_task *task)
{
    for (int lane = 0; lane < LANES_WIDE; lane++) {
        int32_t wanted = task->places[lane];
        int32_t available = task->available[lane];
        wanted = wanted < 1 ? 1 : wanted;
        search->wanted[lane] = wanted > available ? available : wanted;
        search->low[lane] = GRADE_MIN;
        search->at_low[lane] = available;
        search->high[lane] = GRADE_MAX + 1;
        search->at_high[lane] = 0;
        search->try[lane] = 0;
    }
}

/* Take in what the last try found. */
static inline KERNEL void search_narrow(struct search *search)
{
    for (int lane = 0; lane < LANES_WIDE; lane++) {
        int32_t try = search->try[lane];
        int32_t reached = search->reached[lane];
        bool enough = reached >= search->wanted[lane];
        search->low[lane] = enough ?
        try : search
            ->low[lane];
        search->at_low[lane] = enough ? reached : search->at_low[lane];
        search->high[lane] = enough ? search->high[lane] : try;
        search->at_high[lane] = enough ? search->at_high[lane] : reached;
    }
}

/* The next try of every lane: a step by density until the line is enclosed, then interpolation
 * between the ends, now and then the middle. False when every lane has its line. */
static inline KERNEL bool search_next(struct search *search, float per_row, bool halve)
{
    int32_t open_count = 0;

    for (int lane = 0; lane < LANES_WIDE; lane++) {
        int32_t low = search->low[lane];
        int32_t high = search->high[lane];
        int32_t over = search->at_low[lane] - search->wanted[lane];
        int32_t span = search->at_low[lane] - search->at_high[lane];
        bool open = over != 0 && high - low > 1;
        float share = ((float)over + 0.5F) / (float)(span > 0 ? span : 1);
        share = halve ? 0.5F : share;
        float inside = (float)low + share * (float)(high - low);
        float up = (float)low + per_row * ((float)over + 0.5F);
        float down = (float)high - per_row * ((float)(span - over) + 0.5F);
        float next = high > GRADE_MAX ? up : low <= GRADE_MIN ? down : inside;
        next = next < (float)GRADE_MIN ? (float)GRADE_MIN : next;
        next = next > (float)GRADE_MAX ? (float)GRADE_MAX : next;
        int32_t try = (int32_t)next;
        try = try <= low ? low + 1 : try;
        try = try >= high ? high - 1 : try;
        search->try[lane] = open ?
        try : low
            ;
        open_count += open;
    }
    return open_count > 0;
}

static inline KERNEL void find_lines(struct grade_task *task)
{
    struct search search;
    int pass = 0;

    for (int lane = 0; lane < LANES_WIDE; lane++) {
        search.try[lane] = GRADE_MIN;
    }
    count(task, search.try, task->available);
    search_begin(&search, task);
    do {
        count(task, search.try, search.reached);
        search_narrow(&search);
        pass++;
    } while (search_next(&search, 1.0F / task->density, pass % HALVE_EVERY == 0));
    memcpy(task->line, search.low, sizeof(task->line));
    memcpy(task->reached, search.at_low, sizeof(task->reached));
}

static KERNEL void grade(struct grade_task *task)
{
    int16_t line16[LANES_WIDE] __attribute__((aligned(LANES_ALIGN)));
    uint32_t none = 0;

    make_grades(task);
    find_lines(task);
    for (int lane = 0; lane < LANES_WIDE; lane++) {
        line16[lane] = (int16_t)task->line[lane];
        none |= (uint32_t)(task->places[lane] < 1) << lane;
    }
    i16 line = i16_load(line16);
    for (int i = 0; i < task->row_count; i++) {
        i16 grades = i16_load(task->grades + (size_t)i * LANES_WIDE);
        task->admitted[i] = i16_reaches(grades, line) & ~none;
    }
}

static KERNEL void reach(struct grade_task *task, float threshold)
{
    for (int i = 0; i < task->row_count; i++) {
        int row = task->rows[i];
        f32 score = f32_load(task->scores + (size_t)row * LANES_WIDE);
        f32 with_bonus = f32_add(score, f32_all(task->bonus[i]));
        task->admitted[i] = f32_reaches(with_bonus, f32_all(threshold)) & ~task->taken[row];
    }
}

#define LANES_OPS                                                                                  \
    {                                                                                              \
        .tile_rows = TILE_ROWS, .score = score, .grade = grade, .reach = reach                     \
    }

#endif
