/* The search for the lines, in words that each instruction set defines before it includes this:
 * KERNEL (its function attribute), TILE_ROWS, the types f32 (32 floats), i16 (32 short integers),
 * where (a condition in 32 lanes), and what can be done with them. */
#ifndef CALC_ROBUST_LANES_GRADE_H
#define CALC_ROBUST_LANES_GRADE_H

#include "calc/robust/lanes.h"

enum {
    COUNT_ROWS_MAX = 32767, /* what a 16-bit counter holds */
    HALVE_EVERY = 4,        /* passes of the search; the others interpolate */
};

/* Listed rows with a grade of at least `line`, lane by lane. */
static inline KERNEL f32 count(const struct grade_task *task, i16 line)
{
    f32 sum = f32_all(0);

    for (int begin = 0; begin < task->row_count; begin += COUNT_ROWS_MAX) {
        int left = task->row_count - begin;
        const int16_t *at = task->grades + (size_t)begin * LANES_WIDE;
        const int16_t *end =
            at + (size_t)(left < COUNT_ROWS_MAX ? left : COUNT_ROWS_MAX) * LANES_WIDE;
        i16 even = i16_all(0);
        i16 odd = i16_all(0);
        for (; at + LANES_WIDE < end; at += (size_t)2 * LANES_WIDE) {
            even = i16_add_if_reached(even, i16_load(at), line);
            odd = i16_add_if_reached(odd, i16_load(at + LANES_WIDE), line);
        }
        if (at < end) {
            even = i16_add_if_reached(even, i16_load(at), line);
        }
        sum = f32_add(sum, i16_to_f32(i16_add(even, odd)));
    }
    return sum;
}

static inline KERNEL f32 find_guess(const struct grade_task *task)
{
    f32 sum = f32_all(0);
    float share = task->guide_count > 0 ? 1.0F / (float)task->guide_count : 0.0F;

    for (int i = 0; i < task->guide_count; i++) {
        sum = f32_add(sum, f32_load(task->scores + (size_t)task->guides[i] * LANES_WIDE));
    }
    return f32_fma(sum, f32_all(share), f32_all(task->shift));
}

/* The task is copied: for all the compiler knows, a stored grade may change the original. */
static inline KERNEL void make_grades(const struct grade_task *task, bool any_taken)
{
    const int *rows = task->rows;
    const int *end = rows + task->row_count;
    const float *bonus = task->bonus;
    const float *scores = task->scores;
    const uint32_t *taken = task->taken;
    int16_t *grades = task->grades;
    f32 scale = f32_all((float)GRADE_AT_WIDTH / task->width);
    f32 offset = f32_sub(f32_all(0), f32_mul(scale, find_guess(task)));

    for (; rows < end; rows++, bonus++, grades += LANES_WIDE) {
        f32 score = f32_load(scores + (size_t)*rows * LANES_WIDE);
        i16 grade = f32_to_grade(f32_fma(f32_add(score, f32_all(*bonus)), scale, offset));
        i16_store(grades, any_taken ? i16_keep(grade, ~taken[*rows]) : grade);
    }
}

/* The search for each lane's line, in whole numbers kept as floats: enough rows reach `low`, too
 * few reach `high`. */
struct search {
    f32 wanted;
    f32 low;
    f32 high;
    f32 at_low;
    f32 at_high;
};

/* Take in how many rows reached the last try. */
static inline KERNEL void search_narrow(struct search *search, f32 try, f32 reached)
{
    where enough = f32_at_least(reached, search->wanted);

    search->low = f32_choose(enough, try, search->low);
    search->at_low = f32_choose(enough, reached, search->at_low);
    search->high = f32_choose(enough, search->high, try);
    search->at_high = f32_choose(enough, search->at_high, reached);
}

/* The next try of every lane: a step by density until the line is enclosed, then interpolation
 * between the ends, now and then the middle. A lane that has its line tries it again. */
static inline KERNEL f32 search_next(const struct search *search, float grade_per_row, bool halve)
{
    f32 over = f32_sub(search->at_low, search->wanted);
    f32 span = f32_sub(search->at_low, search->at_high);
    f32 width = f32_sub(search->high, search->low);
    f32 beyond = f32_add(over, f32_all(0.5F));
    f32 short_of = f32_add(f32_sub(span, over), f32_all(0.5F));
    f32 share = halve ? f32_all(0.5F) : f32_div(beyond, f32_add(span, f32_all(1)));
    f32 up = f32_fma(f32_all(grade_per_row), beyond, search->low);
    f32 down = f32_fma(f32_all(-grade_per_row), short_of, search->high);
    f32 next = f32_fma(share, width, search->low);

    next = f32_choose(f32_at_least(f32_all(GRADE_MIN), search->low), down, next);
    next = f32_choose(f32_at_least(search->high, f32_all(GRADE_MAX + 1)), up, next);
    next = f32_max(f32_whole(next), f32_add(search->low, f32_all(1)));
    next = f32_min(next, f32_sub(search->high, f32_all(1)));
    return f32_choose(f32_at_least(over, f32_all(1)), next, search->low);
}

static inline KERNEL struct search find(const struct grade_task *task, f32 places, f32 available)
{
    float grade_per_row = (float)GRADE_AT_WIDTH / (task->density * task->width);
    struct search search = {
        .wanted = f32_min(f32_max(places, f32_all(1)), available),
        .low = f32_all(GRADE_MIN),
        .high = f32_all(GRADE_MAX + 1),
        .at_low = available,
        .at_high = f32_all(0),
    };
    f32 try = f32_all(0);
    bool is_open = true;

    for (int pass = 1; is_open; pass++) {
        search_narrow(&search, try, count(task, f32_to_grade(try)));
        try = search_next(&search, grade_per_row, pass % HALVE_EVERY == 0);
        is_open = where_bits(f32_differs(try, search.low)) != 0;
    }
    /* A lane that found its line has nothing between the ends any more. */
    where found = f32_at_least(search.wanted, search.at_low);
    search.high = f32_choose(found, search.low, search.high);
    search.at_high = f32_choose(found, search.at_low, search.at_high);
    return search;
}

/* Rows that reach the upper end are in; those between the ends, of one grade, are contested. */
static inline KERNEL void sort_out(struct grade_task *task, const struct search *search,
                                   uint32_t lanes)
{
    i16 low = f32_to_grade(search->low);
    i16 high = f32_to_grade(search->high);
    uint32_t tied = where_bits(f32_differs(search->low, search->high)) & lanes;
    uint32_t above_all = where_bits(f32_at_least(search->high, f32_all(GRADE_MAX + 1)));
    const int16_t *grades = task->grades;
    uint32_t *admitted = task->admitted;
    int row_count = task->row_count;
    int contested = 0;

    lanes &= ~above_all;
    for (int i = 0; i < row_count; i++) {
        admitted[i] = i16_reaches(i16_load(grades + (size_t)i * LANES_WIDE), high) & lanes;
    }
    for (int i = 0; tied != 0 && i < row_count; i++) {
        i16 grade = i16_load(grades + (size_t)i * LANES_WIDE);
        uint32_t between = i16_reaches(grade, low) & tied & ~admitted[i];
        task->contested[contested] = i;
        task->contested_lanes[contested] = between;
        contested += between != 0;
    }
    task->contested_count = contested;
}

/* Where the lines are, for whom it may concern. */
static inline KERNEL void report(struct grade_task *task, const struct search *search, f32 places,
                                 f32 available)
{
    where some = f32_at_least(places, f32_all(1));
    where not_all = f32_at_least(available, f32_add(places, f32_all(1)));
    where not_low = f32_at_least(search->low, f32_all(1 - GRADE_AT_WIDTH));
    where not_high = f32_at_least(f32_all(GRADE_AT_WIDTH - 1), search->high);
    f32 away = f32_max(search->low, f32_sub(f32_all(0), search->low));
    uint32_t real = where_bits(some) & where_bits(not_all);

    task->open = where_bits(f32_differs(search->low, search->high)) & where_bits(some);
    task->outside = ~(real & where_bits(not_low) & where_bits(not_high));
    task->far = real & where_bits(f32_at_least(away, f32_all((float)task->seen + 1)));
    f32_to_i32(task->places, places);
    f32_to_i32(task->available, available);
    f32_to_i32(task->certain, search->at_high);
    f32_to_i32(task->line, search->low);
    f32_to_i32(task->spilled, f32_max(f32_sub(places, available), f32_all(0)));
}

static KERNEL void grade(struct grade_task *task)
{
    f32 room = f32_add(i32_to_f32(task->spilled), f32_all((float)task->room));
    f32 places = f32_sub(f32_max(room, f32_all(0)), f32_all((float)task->sure));
    f32 available = f32_all((float)task->row_count);

    if (task->none_taken) {
        make_grades(task, false);
    } else {
        make_grades(task, true);
        available = count(task, i16_all(GRADE_MIN));
    }
    struct search search = find(task, places, available);
    sort_out(task, &search, where_bits(f32_at_least(places, f32_all(1))));
    report(task, &search, places, available);
}

#endif
