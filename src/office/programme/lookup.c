/* Questions to a programme that has been read. */
#include "office/programme/programme.h"

__extension__ typedef __int128 wide;

str text_in(struct text text, enum lang lang)
{
    return lang == LANG_ZH ? text.zh : text.en;
}

/* The place of `id` among `count` objects of `size` bytes that each begin with their id. */
static int find(const void *objects, int count, size_t size, str id)
{
    const char *at = objects;

    for (int i = 0; i < count; i++) {
        const str *name = (const void *)(at + (size_t)i * size);
        if (str_equal(*name, id)) {
            return i;
        }
    }
    return NONE;
}

int programme_level(const struct programme *programme, str id)
{
    return find(programme->levels, programme->level_count, sizeof(struct level), id);
}

int programme_indicator(const struct programme *programme, str id)
{
    return find(programme->indicators, programme->indicator_count, sizeof(struct indicator), id);
}

int programme_scheme(const struct programme *programme, str id)
{
    return find(programme->schemes, programme->scheme_count, sizeof(struct scheme), id);
}

int programme_tier(const struct programme *programme, str id)
{
    return find(programme->tiers, programme->tier_count, sizeof(struct tier), id);
}

int programme_fund(const struct programme *programme, str id)
{
    return find(programme->funds, programme->fund_count, sizeof(struct fund), id);
}

int programme_measure(const struct programme *programme, str id)
{
    return find(programme->measures, programme->measure_count, sizeof(struct measure), id);
}

int programme_recipe(const struct programme *programme, str id)
{
    return find(programme->recipes, programme->recipe_count, sizeof(struct recipe), id);
}

int programme_money_decimals(const struct programme *programme)
{
    int decimals = 0;

    for (int64_t least = programme->money.display_fen; least >= 10; least /= 10) {
        decimals++;
    }
    return decimals;
}

int programme_gauge(const struct programme *programme, str id)
{
    return find(programme->gauges, programme->gauge_count, sizeof(struct gauge), id);
}

int programme_post(const struct programme *programme, str id)
{
    return find(programme->posts, programme->post_count, sizeof(struct post_kind), id);
}

str programme_gauge_text(const struct programme *programme, int gauge)
{
    return gauge == NONE ? STR("") : programme->gauges[gauge].id;
}

static bool is_spelt(const struct gauge *gauge, str spelling)
{
    for (int i = 0; i < gauge->spellings.count; i++) {
        if (str_equal(gauge->spellings.at[i], spelling)) {
            return true;
        }
    }
    return str_equal(gauge->id, spelling);
}

int programme_gauge_spelt(const struct programme *programme, str spelling)
{
    for (int i = 0; i < programme->gauge_count; i++) {
        if (is_spelt(&programme->gauges[i], spelling)) {
            return i;
        }
    }
    return NONE;
}

bool programme_convert(const struct programme *programme, int from, int to, int64_t *value)
{
    const struct gauge *source = &programme->gauges[from];
    const struct gauge *target = &programme->gauges[to];
    wide num = (wide)source->num * target->den;
    wide den = (wide)source->den * target->num;

    if (!str_equal(source->quantity, target->quantity)) {
        return false;
    }
    wide product = 0;
    if (__builtin_mul_overflow((wide)*value, num, &product) || product % den != 0 ||
        product / den > INT64_MAX || product / den < INT64_MIN) {
        return false;
    }
    *value = (int64_t)(product / den);
    return true;
}

const struct choice *indicator_choice(const struct indicator *indicator, int64_t number)
{
    for (int i = 0; i < indicator->choice_count; i++) {
        if (indicator->choices[i].number == number) {
            return &indicator->choices[i];
        }
    }
    return NULL;
}

double criterion_worth(const struct criterion *criterion, double x)
{
    const struct point *points = criterion->points;
    int last = criterion->point_count - 1;

    if (x <= points[0].x) {
        return points[0].u;
    }
    for (int i = 1; i <= last; i++) {
        if (x <= points[i].x) {
            double part = (x - points[i - 1].x) / (points[i].x - points[i - 1].x);
            return points[i - 1].u + part * (points[i].u - points[i - 1].u);
        }
    }
    return points[last].u;
}
