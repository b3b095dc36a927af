/* The search for each lane's line among grades, in the words of an instruction set (see
 * lanes_grade.h). */
#ifndef CALC_ROBUST_LANES_SEARCH_H
#define CALC_ROBUST_LANES_SEARCH_H

#include "calc/robust/lanes.h"

enum {
    COUNT_ROWS_MAX = 32767, /* what a 16-bit counter holds */
    HALVE_EVERY = 4,        /* passes of the search; the others interpolate */
    WALK_ROWS = 3,          /* so near to its line a lane walks to it from row to row */
};

/* How many listed rows have no tier yet, and how many of them reach the guess. */
struct graded {
    f32 available;
    f32 at_guess;
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
        BY_FOURS
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

/* A step by density until the line is enclosed, then interpolation between the ends, now and then
 * the middle. */
static inline KERNEL f32 search_step(const struct search *search, float grade_per_row, bool halve)
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
    return f32_choose(f32_at_least(search->high, f32_all(GRADE_MAX + 1)), up, next);
}

/* Whether in every lane one of the ends is WALK_ROWS rows or fewer from the line. */
static inline KERNEL bool search_is_near(const struct search *search)
{
    f32 over = f32_sub(search->at_low, search->wanted);
    f32 under = f32_sub(search->wanted, search->at_high);

    return where_bits(f32_at_least(f32_min(over, under), f32_all(WALK_ROWS + 1))) == 0;
}

/* From the nearer end of every lane to the row at which its line is, unless grades are equal: down
 * to the best rows below the upper end, or, with all grades turned round, up from the lower end. */
static inline KERNEL f32 search_walk(const struct grade_task *task, const struct search *search)
{
    f32 over = f32_sub(search->at_low, search->wanted);
    f32 under = f32_sub(search->wanted, search->at_high);
    where is_up = f32_at_least(under, over);
    i16 turn = f32_to_grade(f32_choose(is_up, f32_all(-1), f32_all(0)));
    i16 end = f32_to_grade(f32_choose(is_up, f32_sub(f32_all(0), search->low), search->high));
    i16 best[WALK_ROWS];

    UNROLLED
    for (int i = 0; i < WALK_ROWS; i++) {
        best[i] = i16_all(GRADE_TAKEN);
    }
    BY_FOURS
    for (int row = 0; row < task->row_count; row++) {
        i16 grade = i16_load(task->grades + (size_t)row * LANES_WIDE);
        grade = i16_if_below(i16_turned(grade, turn), end);
        UNROLLED
        for (int i = 0; i < WALK_ROWS; i++) {
            i16 lesser = i16_min(best[i], grade);
            best[i] = i16_max(best[i], grade);
            grade = lesser;
        }
    }
    f32 line = i16_to_f32(i16_turned(best[0], turn));
    UNROLLED
    for (int i = 1; i < WALK_ROWS; i++) {
        where farther = f32_at_least(f32_min(over, under), f32_all((float)i + 1));
        line = f32_choose(farther, i16_to_f32(i16_turned(best[i], turn)), line);
    }
    return f32_choose(is_up, f32_add(line, f32_all(1)), line);
}

/* A try between the ends; a lane that has its line tries it again. */
static inline KERNEL f32 search_inside(const struct search *search, f32 next)
{
    next = f32_max(f32_whole(next), f32_add(search->low, f32_all(1)));
    next = f32_min(next, f32_sub(search->high, f32_all(1)));
    return f32_choose(f32_at_least(search->wanted, search->at_low), search->low, next);
}

/* Counts at ever better tries. As soon as all lanes are near their lines, one walk tells the next
 * try; another count says whether it was right. */
static inline KERNEL struct search find(const struct grade_task *task, f32 places,
                                        const struct graded *graded)
{
    float grade_per_row = (float)GRADE_AT_WIDTH / (task->density * task->width);
    struct search search = {
        .wanted = f32_min(f32_max(places, f32_all(1)), graded->available),
        .low = f32_all(GRADE_MIN),
        .high = f32_all(GRADE_MAX + 1),
        .at_low = graded->available,
        .at_high = f32_all(0),
    };
    f32 try = f32_all(0);
    bool is_open = true;
    bool has_walked = false;

    search_narrow(&search, try, graded->at_guess);
    for (int pass = 1; is_open; pass++) {
        if (!has_walked && search_is_near(&search)) {
            try = search_inside(&search, search_walk(task, &search));
            has_walked = true;
        } else {
            bool halve = pass % HALVE_EVERY == 0;
            try = search_inside(&search, search_step(&search, grade_per_row, halve));
        }
        is_open = where_bits(f32_differs(try, search.low)) != 0;
        if (is_open) {
            search_narrow(&search, try, count(task, f32_to_grade(try)));
        }
    }
    /* A lane that found its line has nothing between the ends any more. */
    where found = f32_at_least(search.wanted, search.at_low);
    search.high = f32_choose(found, search.low, search.high);
    search.at_high = f32_choose(found, search.at_low, search.at_high);
    return search;
}

#endif
