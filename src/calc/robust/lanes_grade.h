/* Grades, and who is admitted by them, in words that each instruction set defines before it
 * includes this: KERNEL (its function attribute), TILE_ROWS, the types f32 (32 floats), i16 (32
 * short integers), where (a condition in 32 lanes), and what can be done with them. */
#ifndef CALC_ROBUST_LANES_GRADE_H
#define CALC_ROBUST_LANES_GRADE_H

#include "calc/robust/lanes_search.h"

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
static inline KERNEL struct graded make_grades(const struct grade_task *task, bool any_taken)
{
    const int *rows = task->rows;
    const int *last = rows + task->row_count;
    const float *bonus = task->bonus;
    const float *scores = task->scores;
    const uint32_t *taken = task->taken;
    int16_t *grades = task->grades;
    f32 scale = f32_all((float)GRADE_AT_WIDTH / task->width);
    f32 offset = f32_sub(f32_all(0), f32_mul(scale, find_guess(task)));
    struct graded sum = {f32_all(any_taken ? 0.0F : (float)task->row_count), f32_all(0)};

    while (rows < last) {
        const int *end = last - rows < COUNT_ROWS_MAX ? last : rows + COUNT_ROWS_MAX;
        i16 available = i16_all(0);
        i16 at_guess = i16_all(0);
        BY_FOURS
        for (; rows < end; rows++, bonus++, grades += LANES_WIDE) {
            f32 score = f32_load(scores + (size_t)*rows * LANES_WIDE);
            i16 grade = f32_to_grade(f32_fma(f32_add(score, f32_all(*bonus)), scale, offset));
            if (any_taken) {
                grade = i16_keep(grade, ~taken[*rows]);
                available = i16_add_if_reached(available, grade, i16_all(GRADE_MIN));
            }
            at_guess = i16_add_if_reached(at_guess, grade, i16_all(0));
            i16_store(grades, grade);
        }
        sum.available = f32_add(sum.available, i16_to_f32(available));
        sum.at_guess = f32_add(sum.at_guess, i16_to_f32(at_guess));
    }
    return sum;
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
    BY_FOURS
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
    struct graded graded = task->none_taken ? make_grades(task, false) : make_grades(task, true);
    struct search search = find(task, places, &graded);

    sort_out(task, &search, where_bits(f32_at_least(places, f32_all(1))));
    report(task, &search, places, graded.available);
}

#endif
