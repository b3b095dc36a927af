/* Order statistics: select, quantile, ranks, robust outliers. */
#include "calc/stat/sample.h"

#include <math.h>
#include <stdint.h>

#include "base/must.h"

enum { SMALL_COUNT = 24 };

size_t sample_pack(double *values, size_t count)
{
    size_t known = 0;

    for (size_t i = 0; i < count; i++) {
        values[known] = values[i];
        known += isnan(values[i]) ? 0U : 1U;
    }
    return known;
}

static void insert_sort(double *values, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        double moved = values[i];
        size_t j = i;
        while (j > 0 && values[j - 1] > moved) {
            values[j] = values[j - 1];
            j--;
        }
        values[j] = moved;
    }
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;

    return (x > y) - (x < y);
}

static double median_of_three(double a, double b, double c)
{
    double low = a < b ? a : b;
    double high = a < b ? b : a;

    return c < low ? low : (c > high ? high : c);
}

static void swap(double *a, double *b)
{
    double held = *a;

    *a = *b;
    *b = held;
}

/* Reorder: smaller than `pivot`, equal, larger. The equal ones are [*out_equal, *out_larger). */
static void part(double *values, size_t count, double pivot, size_t *out_equal, size_t *out_larger)
{
    size_t equal = 0;
    size_t larger = count;
    size_t i = 0;

    while (i < larger) {
        if (values[i] < pivot) {
            swap(&values[i++], &values[equal++]);
        } else if (values[i] > pivot) {
            swap(&values[i], &values[--larger]);
        } else {
            i++;
        }
    }
    *out_equal = equal;
    *out_larger = larger;
}

double sample_select(double *values, size_t count, size_t k)
{
    int rounds = 64; /* halving takes fewer; bad luck ends in a sort */

    MUST(k < count);
    while (count > SMALL_COUNT && rounds-- > 0) {
        size_t equal = 0;
        size_t larger = 0;
        part(values, count, median_of_three(values[0], values[count / 2], values[count - 1]),
             &equal, &larger);
        if (k < equal) {
            count = equal;
        } else if (k < larger) {
            return values[k];
        } else {
            values += larger;
            count -= larger;
            k -= larger;
        }
    }
    if (count > SMALL_COUNT) {
        qsort(values, count, sizeof(*values), compare);
    } else {
        insert_sort(values, count);
    }
    return values[k];
}

double sample_quantile(double *values, size_t count, double share)
{
    MUST(share >= 0.0 && share <= 1.0);
    if (count == 0) {
        return (double)NAN;
    }
    double place = share * (double)(count - 1);
    size_t below = (size_t)place;
    double rest = place - (double)below;
    double low = sample_select(values, count, below);
    if (rest == 0.0) {
        return low;
    }
    double high = values[below + 1];
    for (size_t i = below + 2; i < count; i++) {
        high = values[i] < high ? values[i] : high;
    }
    return low + rest * (high - low);
}

struct placed {
    double value;
    size_t place;
};

static int compare_placed(const void *a, const void *b)
{
    const struct placed *x = a;
    const struct placed *y = b;
    int by_value = (x->value < y->value) - (x->value > y->value);

    return by_value != 0 ? by_value : (x->place > y->place) - (x->place < y->place);
}

void sample_ranks(const double *values, size_t count, enum sample_ties ties, double *out,
                  struct arena *scratch)
{
    struct arena_mark mark = arena_mark(scratch);
    struct placed *sorted = ARENA_NEW(scratch, struct placed, count);
    size_t known = 0;

    for (size_t i = 0; i < count; i++) {
        out[i] = (double)NAN;
        if (!isnan(values[i])) {
            sorted[known++] = (struct placed){values[i], i};
        }
    }
    qsort(sorted, known, sizeof(*sorted), compare_placed);
    for (size_t begin = 0; begin < known;) {
        size_t end = begin + 1;
        while (end < known && sorted[end].value == sorted[begin].value) {
            end++;
        }
        double rank = ties == TIES_LEAST ? (double)begin + 1 : (double)(begin + end + 1) / 2;
        for (; begin < end; begin++) {
            out[sorted[begin].place] = rank;
        }
    }
    arena_rewind(scratch, mark);
}

/* One robust standard deviation around `middle`, 0 when all values are equal. */
static double spread(double *values, size_t count, double middle)
{
    double sum = 0;

    for (size_t i = 0; i < count; i++) {
        values[i] = fabs(values[i] - middle);
        sum += values[i];
    }
    double median = sample_quantile(values, count, 0.5);
    return median > 0 ? median / 0.6745 : 1.2533 * sum / (double)count;
}

void sample_outlier_scores(const double *values, size_t count, double *out, struct arena *scratch)
{
    struct arena_mark mark = arena_mark(scratch);
    double *copy = ARENA_NEW(scratch, double, count);

    if (count > 0) {
        memcpy(copy, values, count * sizeof(*copy));
    }
    size_t known = sample_pack(copy, count);
    double middle = sample_quantile(copy, known, 0.5);
    double unit = known == 0 ? 0 : spread(copy, known, middle);
    for (size_t i = 0; i < count; i++) {
        out[i] = isnan(values[i]) || unit > 0 ? (values[i] - middle) / unit : 0;
    }
    arena_rewind(scratch, mark);
}
