/* Natural breaks by dynamic programming over the different values; each row by divide and conquer,
 * because the best begin of a last class never moves left when its end moves right. */
#include "calc/stat/breaks.h"

#include <math.h>
#include <stdint.h>

#include "base/must.h"
#include "calc/stat/sample.h"

/* Different values in order; sums over the first i of them, moved to the mean of all so that the
 * difference of squares below keeps its digits. */
struct series {
    double *value;
    double *weight;
    double *sum;
    double *square;
    size_t count;
};

/* Solve ends [low, high], whose best begins are known to lie in [from, to]. */
struct piece {
    size_t low;
    size_t high;
    size_t from;
    size_t to;
};

enum { PIECES_MAX = 128 }; /* halving: two a level, 64 levels */

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;

    return (x > y) - (x < y);
}

static struct series make_series(const double *values, size_t count, struct arena *arena)
{
    struct series s = {0};
    double *sorted = ARENA_NEW(arena, double, count);
    double mean = 0;

    if (count > 0) {
        memcpy(sorted, values, count * sizeof(*sorted));
    }
    count = sample_pack(sorted, count);
    qsort(sorted, count, sizeof(*sorted), compare);
    s.value = ARENA_NEW(arena, double, count);
    s.weight = ARENA_NEW(arena, double, count + 1);
    s.sum = ARENA_NEW(arena, double, count + 1);
    s.square = ARENA_NEW(arena, double, count + 1);
    for (size_t i = 0; i < count; i++) {
        mean += sorted[i] / (double)count;
    }
    for (size_t i = 0; i < count; i++) {
        double moved = sorted[i] - mean;
        if (i == 0 || sorted[i] != sorted[i - 1]) {
            s.value[s.count++] = sorted[i];
            s.weight[s.count] = s.weight[s.count - 1];
            s.sum[s.count] = s.sum[s.count - 1];
            s.square[s.count] = s.square[s.count - 1];
        }
        s.weight[s.count] += 1;
        s.sum[s.count] += moved;
        s.square[s.count] += moved * moved;
    }
    return s;
}

/* The sum of squared deviations of the values [begin, end) from their mean. */
static double cost(const struct series *s, size_t begin, size_t end)
{
    double sum = s->sum[end] - s->sum[begin];
    double loss =
        s->square[end] - s->square[begin] - sum * sum / (s->weight[end] - s->weight[begin]);

    return end - begin == 1 || loss < 0 ? 0 : loss;
}

/* The best begin in [from, to] of a last class that ends at `end`; `before` is the cost of what
 * lies in front of it. */
static size_t best_begin(const struct series *s, const double *before, const struct piece *piece,
                         size_t end, double *out_cost)
{
    size_t last = piece->to < end - 1 ? piece->to : end - 1;
    size_t best = piece->from;
    double least = HUGE_VAL;

    for (size_t begin = piece->from; begin <= last; begin++) {
        double total = before[begin] + cost(s, begin, end);
        if (total < least) {
            least = total;
            best = begin;
        }
    }
    *out_cost = least;
    return best;
}

/* One more class: costs and begins for every end, from those with one class less. */
static void add_class(const struct series *s, const double *before, size_t class_count,
                      double *out_cost, uint32_t *out_begin)
{
    struct piece pieces[PIECES_MAX];
    size_t waiting = 0;

    pieces[waiting++] = (struct piece){class_count, s->count, class_count - 1, s->count - 1};
    while (waiting > 0) {
        struct piece piece = pieces[--waiting];
        size_t middle = piece.low + (piece.high - piece.low) / 2;
        size_t best = best_begin(s, before, &piece, middle, &out_cost[middle]);
        out_begin[middle] = (uint32_t)best;
        MUST(waiting + 2 <= PIECES_MAX);
        if (middle < piece.high) {
            pieces[waiting++] = (struct piece){middle + 1, piece.high, best, piece.to};
        }
        if (middle > piece.low) {
            pieces[waiting++] = (struct piece){piece.low, middle - 1, piece.from, best};
        }
    }
}

size_t breaks_find(const double *values, size_t count, size_t classes, double *out,
                   struct arena *scratch)
{
    struct arena_mark mark = arena_mark(scratch);
    struct series s = make_series(values, count, scratch);
    uint32_t *begins[BREAKS_CLASSES_MAX];
    double *before = ARENA_NEW(scratch, double, s.count + 1);
    double *after = ARENA_NEW(scratch, double, s.count + 1);

    MUST(classes >= 1 && classes <= BREAKS_CLASSES_MAX && count <= UINT32_MAX);
    classes = s.count < classes ? s.count : classes;
    for (size_t end = 1; end <= s.count; end++) {
        before[end] = cost(&s, 0, end);
    }
    for (size_t c = 1; c < classes; c++) {
        begins[c] = ARENA_NEW(scratch, uint32_t, s.count + 1);
        add_class(&s, before, c + 1, after, begins[c]);
        double *swapped = before;
        before = after;
        after = swapped;
    }
    size_t end = s.count;
    for (size_t c = classes; c-- > 0;) {
        size_t begin = c == 0 ? 0 : begins[c][end];
        out[c] = s.value[begin];
        end = begin;
    }
    arena_rewind(scratch, mark);
    return classes;
}

size_t breaks_class(const double *breaks, size_t classes, double value)
{
    size_t found = 0;

    while (found + 1 < classes && value >= breaks[found + 1]) {
        found++;
    }
    return found;
}
