/* How alike two names are. A shared character says the more the rarer it is: weights are those of
 * inverse document frequency (K. Spärck Jones, 1972) over the names of both registers. */
#include <math.h>

#include "base/utf8.h"
#include "calc/lineage/match_in.h"

enum { PLANE = 1 << 16 };

struct points {
    uint32_t at[LINEAGE_NAME_MAX];
    int count;
};

static uint32_t letter(uint32_t point)
{
    return point < PLANE ? point : 0;
}

static struct points points_of(str name)
{
    struct points points = {.count = 0};
    size_t place = 0;
    uint32_t point = 0;

    while (points.count < LINEAGE_NAME_MAX && utf8_next(name, &place, &point)) {
        points.at[points.count++] = letter(point);
    }
    return points;
}

void letters_init(struct match *match)
{
    int *count = ARENA_NEW(match->arena, int, PLANE);
    int names = 0;

    for (int side = 0; side < SIDES; side++) {
        for (int i = 0; i < match->list[side].count; i++) {
            struct points points = points_of(unit_at(match, side, i)->base);
            for (int k = 0; k < points.count; k++) {
                count[points.at[k]]++;
            }
            names++;
        }
    }
    match->letters.weight = ARENA_NEW(match->arena, float, PLANE);
    for (int i = 0; i < PLANE; i++) {
        match->letters.weight[i] = (float)log((2.0 + names) / (1.0 + count[i]));
    }
}

static double weight_of(const struct match *match, const struct points *points)
{
    double sum = 0;

    for (int i = 0; i < points->count; i++) {
        sum += (double)match->letters.weight[points->at[i]];
    }
    return sum;
}

/* The heaviest common subsequence, by the usual table, one row at a time. */
static double common(const struct match *match, const struct points *a, const struct points *b)
{
    double row[LINEAGE_NAME_MAX + 1] = {0};

    for (int i = 0; i < a->count; i++) {
        double corner = 0;
        for (int k = 0; k < b->count; k++) {
            double above = row[k + 1];
            double taken = corner + (double)match->letters.weight[a->at[i]];
            double skipped = above > row[k] ? above : row[k];
            row[k + 1] = a->at[i] == b->at[k] && taken > skipped ? taken : skipped;
            corner = above;
        }
    }
    return row[b->count];
}

double letters_alike(const struct match *match, str a, str b)
{
    const struct points first = points_of(a);
    const struct points second = points_of(b);
    double whole = weight_of(match, &first) + weight_of(match, &second);

    return whole > 0 ? 2 * common(match, &first, &second) / whole : 0;
}

double match_alike(const struct match *match, int before, int after)
{
    return letters_alike(match, unit_at(match, BEFORE, before)->base,
                         unit_at(match, AFTER, after)->base);
}
