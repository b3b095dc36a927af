/* What the invented villages and counties have: four factors behind everything, each indicator
 * pulled by them, and what must agree made to agree. All parameters are invented. */
#include <math.h>

#include "base/num.h"
#include "demo/demo_in.h"

/* An indicator's distribution: percentages on the logit scale, positive numbers on the log scale,
 * yes or no on the probit scale, ordered choices as a share of the ladder. */
struct law {
    const char *id;
    double middle;
    double spread;
    double pull[FACTORS]; /* development, size, remoteness, environment */
};

static const struct law COMMON[] = {
    [VALUE_INTEGER] = {"", 0.08, 0.6, {0.4, 0.3, -0.2, 0.1}},
    [VALUE_DECIMAL] = {"", 0.08, 0.6, {0.4, 0.3, -0.2, 0.1}},
    [VALUE_PERCENT] = {"", 60, 0.9, {0.5, 0.1, -0.3, 0.2}},
    [VALUE_BOOLEAN] = {"", 0.65, 1.0, {0.5, 0.1, -0.3, 0.2}},
    [VALUE_ENUM] = {"", 0.5, 0.3, {0.12, 0.03, -0.06, 0.05}},
};

static const struct law LAWS[] = {
    {"EV01", 72, 0.7, {0.4, 0.0, -0.2, 0.5}},        {"EV03", 88, 1.2, {0.4, 0.0, -0.3, 0.6}},
    {"EV05", 55, 1.0, {0.6, 0.1, -0.5, 0.5}},        {"EV16", 78, 0.10, {0.04, 0.0, -0.02, 0.05}},
    {"PU01", 94, 0.9, {0.3, 0.0, -0.5, 0.1}},        {"PU02", 0.96, 1.0, {0.2, 0.0, -0.2, 0.1}},
    {"PU03", 96, 0.9, {0.3, 0.0, -0.6, 0.0}},        {"PU04", 74, 0.8, {0.5, 0.0, -0.3, 0.3}},
    {"GV02", 0.03, 1.0, {-0.2, 0.0, 0.1, 0.0}},      {"GV12", 86, 0.06, {0.02, 0.0, 0.0, 0.02}},
    {"DF06", 22, 0.6, {-0.1, -0.1, 0.5, 0.0}},       {"DF07", 7, 0.6, {0.0, 0.0, 0.4, 0.0}},
    {"IN01", 15500, 0.25, {0.15, 0.02, -0.08, 0.0}}, {"LV03", 90, 0.6, {0.2, 0.0, -0.1, 0.0}},
    {"LV04", 5, 0.5, {-0.3, 0.0, 0.3, 0.0}},         {"LV05", 9, 0.4, {0.1, 0.0, 0.0, 0.0}},
    {"LV06", 96, 0.4, {0.1, 0.0, -0.1, 0.0}},        {"LV07", 93, 0.5, {0.1, 0.0, -0.1, 0.0}},
    {"CI01", 98.5, 0.5, {0.2, 0.0, -0.1, 0.0}},      {"CI02", 93, 0.6, {0.3, 0.0, -0.3, 0.0}},
    {"CI04", 95, 0.5, {0.3, 0.0, -0.1, 0.1}},        {"CI05", 42, 0.6, {0.4, 0.0, -0.3, 0.3}},
    {"CP01", 7, 0.2, {0.1, 0.1, 0.0, 0.0}},          {"CP02", 2.6, 0.25, {0.1, 0.0, -0.1, 0.0}},
    {"CP04", 97, 0.5, {0.2, 0.0, 0.0, 0.0}},         {"CP05", 84, 0.6, {0.3, 0.0, -0.2, 0.0}},
    {"CG01", 96, 0.4, {0.1, 0.0, 0.0, 0.0}},         {"CG02", 91, 0.5, {0.2, 0.0, -0.1, 0.0}},
    {"CE04", 60000, 0.7, {0.5, 0.4, -0.2, 0.0}},     {"CE05", 21000, 0.4, {0.2, 0.4, -0.1, 0.0}},
};

/* Nothing in most places: the share of villages that have one. */
static const struct {
    const char *id;
    double share;
} RARE[] = {
    {"EV07", 0.12}, {"EV14", 0.10}, {"LV08", 0.02}, {"SG06", 0.10}, {"SG08", 0.01},
    {"SG09", 0.05}, {"SG11", 0.02}, {"GV13", 0.01}, {"GV09", 0.15},
};

/* Choices with shares of their own, per cent; pulled by one factor, or alike in a township. */
enum { CHOICES_MAX = 8, ALIKE = FACTORS, OF_TOWNSHIP };
struct nominal {
    const char *id;
    int pull; /* a factor; ALIKE: neighbours resemble; OF_TOWNSHIP: its remoteness alone */
    int shares[CHOICES_MAX];
};
static const struct nominal NOMINALS[] = {
    {"DF02", ALIKE, {45, 15, 8, 7, 25}},           {"DF03", OF_TOWNSHIP, {36, 36, 28}},
    {"DF13", ENVIRONMENT, {82, 10, 4, 3, 1}},      {"DF14", DEVELOPMENT, {70, 16, 8, 5, 1}},
    {"IN02", ALIKE, {38, 17, 10, 14, 8, 4, 3, 6}}, {"IN04", DEVELOPMENT, {72, 15, 8, 4, 1}},
    {"GV10", DEVELOPMENT, {55, 25, 12, 6, 2}},     {"CC01", DEVELOPMENT, {30, 50, 20}},
};

/* Numbers that must agree with one another, worked out together. */
enum figure {
    RESIDENTS,
    REGISTERED,
    HOUSEHOLDS,
    REGISTERED_HOUSEHOLDS,
    OLD,
    YOUNG,
    WORKING,
    AWAY,
    LIFTED,
    ON_RECORD,
    OVERDUE,
    FARMLAND,
    GOOD,
    GOOD_SHARE,
    AREA,
    HAMLETS,
    INCOME,
    OPERATING,
    DEBT,
    STREETS,
    LAND,
    LAND_TASK,
    GRAIN_AREA,
    GRAIN_TASK,
    GRAIN,
    TOWN_PEOPLE,
    COUNTRY_PEOPLE,
    VILLAGES,
    TOWN_INCOME,
    COUNTRY_INCOME,
    FIGURES
};
static const char *const FIGURE_IDS[FIGURES] = {
    [RESIDENTS] = "PS04",
    [REGISTERED] = "PS02",
    [HOUSEHOLDS] = "PS03",
    [REGISTERED_HOUSEHOLDS] = "PS01",
    [OLD] = "PS06",
    [YOUNG] = "PS11",
    [WORKING] = "PS07",
    [AWAY] = "PS08",
    [LIFTED] = "LV01",
    [ON_RECORD] = "LV02",
    [OVERDUE] = "LV11",
    [FARMLAND] = "DF11",
    [GOOD] = "DF12",
    [GOOD_SHARE] = "DF15",
    [AREA] = "DF04",
    [HAMLETS] = "DF05",
    [INCOME] = "DF08",
    [OPERATING] = "DF09",
    [DEBT] = "DF10",
    [STREETS] = "PU17",
    [LAND] = "CL05",
    [LAND_TASK] = "CL06",
    [GRAIN_AREA] = "CL01",
    [GRAIN_TASK] = "CL02",
    [GRAIN] = "CL03",
    [TOWN_PEOPLE] = "CC02",
    [COUNTRY_PEOPLE] = "CC03",
    [VILLAGES] = "CC04",
    [TOWN_INCOME] = "CE01",
    [COUNTRY_INCOME] = "CE02",
};

struct demo_shape {
    const struct law *law;
    const struct nominal *nominal; /* NULL: ordered */
    double rare;                   /* 0: not rare */
    int figure;                    /* NONE */
    bool has_own;                  /* a law of its own: `middle` is in the indicator's unit */
};

static const struct nominal *nominal_of(str id)
{
    for (size_t i = 0; i < COUNT_OF(NOMINALS); i++) {
        if (str_equal(id, str_from(NOMINALS[i].id))) {
            return &NOMINALS[i];
        }
    }
    return NULL;
}

static struct demo_shape shape_of(const struct indicator *indicator)
{
    struct demo_shape shape = {
        .law = &COMMON[indicator->type], .nominal = nominal_of(indicator->id), .figure = NONE};

    for (size_t i = 0; i < COUNT_OF(LAWS); i++) {
        if (str_equal(indicator->id, str_from(LAWS[i].id))) {
            shape.law = &LAWS[i];
            shape.has_own = true;
        }
    }
    for (size_t i = 0; i < COUNT_OF(RARE); i++) {
        shape.rare = str_equal(indicator->id, str_from(RARE[i].id)) ? RARE[i].share : shape.rare;
    }
    for (int i = 0; i < FIGURES; i++) {
        shape.figure = str_equal(indicator->id, str_from(FIGURE_IDS[i])) ? i : shape.figure;
    }
    return shape;
}

const struct demo_shape *demo_shapes(const struct programme *programme, struct arena *arena)
{
    struct demo_shape *shapes =
        ARENA_NEW(arena, struct demo_shape, (size_t)programme->indicator_count);

    for (int i = 0; i < programme->indicator_count; i++) {
        shapes[i] = shape_of(&programme->indicators[i]);
    }
    return shapes;
}

bool demo_is_collected(const struct indicator *indicator, int level)
{
    return indicator->formula.code == NULL && (indicator->levels >> level & 1U) != 0;
}

/* ---- one indicator of one unit ---- */

struct asked {
    const struct demo_world *world;
    const struct demo_shape *shape;
    const struct indicator *about;
    int place; /* of the indicator */
    int unit;
    int year;
    const double *factors;
};

static double normal_for(const struct asked *ask, enum demo_salt salt, int unit, int b)
{
    struct dice dice = dice_of(ask->world->options.seed, salt, unit, b);

    return dice_normal(&dice);
}

static double share_for(const struct asked *ask, enum demo_salt salt, int b)
{
    struct dice dice = dice_of(ask->world->options.seed, salt, ask->unit, b);

    return dice_share(&dice);
}

static double phi(double z)
{
    return 0.5 * erfc(-z / sqrt(2.0));
}

/* Where the unit stands: what pulls, what is its own and stays, and a little that changes. */
static double latent(const struct asked *ask, int year)
{
    static const double OWN = 0.75;
    static const double DRIFT = 0.04;
    static const double TREND = 0.06;
    const struct law *law = ask->shape->law;
    int change = ask->place * DEMO_YEARS + year;
    double z = OWN * normal_for(ask, SALT_OWN, ask->unit, ask->place) +
               DRIFT * normal_for(ask, SALT_DRIFT, ask->unit, change) + TREND * (year - DEMO_LAST);

    for (int f = 0; f < FACTORS; f++) {
        z += law->pull[f] * ask->factors[f] / law->spread;
    }
    return z;
}

static int64_t nominal_choice(const struct asked *ask)
{
    static const double HALF = 0.70710678;
    const struct nominal *nominal = ask->shape->nominal;
    int township = ask->world->units[ask->unit].faces[ask->year].parent;
    double z = normal_for(ask, SALT_OWN, ask->unit, ask->place);
    double left = 0;

    if (nominal->pull == OF_TOWNSHIP) {
        z = (double)ask->world->units[township].factors[REMOTENESS] / 0.6;
    } else if (nominal->pull == ALIKE) {
        z = HALF * (z + normal_for(ask, SALT_OWN, township, ask->place));
    } else {
        z = HALF * (z + ask->factors[nominal->pull]);
    }
    left = 100 * phi(z);
    for (int i = 0; i < ask->about->choice_count; i++) {
        left -= i < CHOICES_MAX ? nominal->shares[i] : 0;
        if (left < 0) {
            return ask->about->choices[i].number;
        }
    }
    return ask->about->choices[ask->about->choice_count - 1].number;
}

static int64_t ordered_choice(const struct asked *ask, double z)
{
    const struct law *law = ask->shape->law;
    double share = fmin(0.999, fmax(0, law->middle + law->spread * z));

    return ask->about->choices[(int)(share * ask->about->choice_count)].number;
}

static int64_t scaled_within(const struct indicator *about, double x)
{
    int64_t scaled = 0;
    double whole = about->type == VALUE_INTEGER ? floor(x) : x;

    MUST(num_from_double(whole, about->decimals, &scaled));
    scaled = scaled < about->min ? about->min : scaled;
    return scaled > about->max ? about->max : scaled;
}

/* Small counts stay for years in most places. */
static double amount(const struct asked *ask)
{
    enum { SMALL = 12 };
    static const double STAYS = 0.9;
    const struct law *law = ask->shape->law;
    double low = num_to_double(ask->about->min, ask->about->decimals);
    double high = num_to_double(ask->about->max, ask->about->decimals);
    double middle = ask->shape->has_own ? law->middle : low + (high - low) * pow(law->middle, 1.5);
    double now = middle * exp(law->spread * latent(ask, ask->year));
    bool stays = now < SMALL && ask->about->type == VALUE_INTEGER &&
                 share_for(ask, SALT_DRIFT, -1 - ask->place) < STAYS;

    return stays ? middle * exp(law->spread * latent(ask, DEMO_LAST)) : now;
}

/* The top lies a little above 100, so that many places reach it. */
static double percentage(const struct asked *ask)
{
    static const double TOP = 101;
    const struct law *law = ask->shape->law;
    double x = log(law->middle / (TOP - law->middle)) + law->spread * latent(ask, ask->year);

    return TOP / (1 + exp(-x));
}

static int64_t drawn(const struct asked *ask)
{
    const struct indicator *about = ask->about;

    if (ask->shape->rare > 0) {
        return share_for(ask, SALT_RARE, ask->place) < ask->shape->rare ? num_pow10(about->decimals)
                                                                        : 0;
    }
    if (about->type == VALUE_ENUM) {
        return ask->shape->nominal != NULL ? nominal_choice(ask)
                                           : ordered_choice(ask, latent(ask, ask->year));
    }
    if (about->type == VALUE_BOOLEAN) {
        return phi(latent(ask, ask->year)) > 1 - ask->shape->law->middle ? 1 : 0;
    }
    return scaled_within(about, about->type == VALUE_PERCENT ? percentage(ask) : amount(ask));
}

/* Now and then nothing, now and then a dash; seldom where there is mostly nothing anyway, and never
 * where a county's plan rests on it: without its farmland known, nothing may be built on any. */
static enum demo_state shown(const struct asked *ask)
{
    double dice = share_for(ask, SALT_GAP, ask->place * DEMO_YEARS + ask->year);

    bool is_needed = (ask->about->use & USE_PLAN) != 0 && (ask->about->levels >> VILLAGE & 1U) == 0;
    if (is_needed || dice >= (ask->shape->rare > 0 ? 0.005 : 0.04)) {
        return DEMO_KNOWN;
    }
    return dice < 0.003 || dice > 0.02 ? DEMO_SILENT : DEMO_DASH;
}

static void fill(struct asked *ask, int level, const double figures[FIGURES],
                 struct demo_value *out)
{
    const struct programme *programme = ask->world->programme;

    for (int i = 0; i < programme->indicator_count; i++) {
        ask->place = i;
        ask->about = &programme->indicators[i];
        ask->shape = &ask->world->shapes[i];
        if (demo_is_collected(ask->about, level)) {
            out[i].state = shown(ask);
            out[i].scaled = ask->shape->figure == NONE
                                ? drawn(ask)
                                : scaled_within(ask->about, figures[ask->shape->figure]);
        }
    }
}

/* ---- a village ---- */

double demo_people(const struct demo_world *world, int unit)
{
    struct dice dice = dice_of(world->options.seed, SALT_PEOPLE, unit, -1);
    double size = (double)world->units[unit].factors[SIZE];

    return fmin(9000, fmax(60, 690 * exp(0.75 * size + 0.3 * dice_normal(&dice))));
}

static void people_figures(const struct demo_unit *unit, int year, struct dice *dice,
                           double *figures)
{
    double settled = (double)unit->people[year];
    double people = floor(settled * (1 + 0.012 * (DEMO_LAST - year)));
    double old = round(1000 * (0.16 + 0.12 * dice_share(dice))) / 10;

    figures[RESIDENTS] = people;
    figures[REGISTERED] = floor(settled * (1.15 + 0.25 * dice_share(dice)));
    figures[HOUSEHOLDS] = floor(people / (2.5 + 0.5 * dice_share(dice)));
    figures[REGISTERED_HOUSEHOLDS] = floor(figures[REGISTERED] / 2.7);
    figures[OLD] = old;
    figures[YOUNG] = floor(people * (0.10 + 0.08 * dice_share(dice)));
    figures[WORKING] = people - figures[YOUNG] - round(people * old / 100);
    figures[AWAY] = floor(figures[REGISTERED] * 0.22);
    figures[LIFTED] = floor(settled / 2.7 * 0.12 * dice_share(dice));
    figures[ON_RECORD] = floor(figures[LIFTED] / 8);
    figures[OVERDUE] = figures[ON_RECORD] > 2 && dice_share(dice) < 0.15 ? 1 : 0;
}

static void place_figures(const struct asked *ask, const struct demo_unit *unit, struct dice *dice,
                          double *figures)
{
    double settled = (double)unit->people[ask->year];
    double farmland = round(10 * settled * (0.9 + 1.8 * dice_share(dice))) / 10;
    double share = fmin(0.95, fmax(0.02, 0.45 + 0.2 * ask->factors[DEVELOPMENT]));
    double good = round(10 * farmland * share) / 10;
    double income = 12 * exp(0.8 * ask->factors[DEVELOPMENT] + 0.5 * dice_normal(dice));

    income = round(100 * income * pow(1.06, ask->year - DEMO_LAST)) / 100;
    figures[FARMLAND] = farmland;
    figures[GOOD] = good;
    figures[GOOD_SHARE] = 100 * good / farmland;
    figures[AREA] = farmland / 300 + 1 + 5 * dice_share(dice);
    figures[HAMLETS] = 1 + dice_below(dice, 4);
    figures[INCOME] = income;
    figures[OPERATING] = income * (0.4 + 0.4 * dice_share(dice));
    figures[DEBT] = income * 1.2 * dice_share(dice);
    figures[STREETS] = 2 + settled / 300;
}

void demo_village(const struct demo_world *world, int unit, int year, struct demo_value *out)
{
    const struct demo_unit *about = &world->units[unit];
    struct dice dice = dice_of(world->options.seed, SALT_PEOPLE, unit, 0);
    double factors[FACTORS];
    double figures[FIGURES] = {0};
    struct asked ask = {.world = world, .unit = unit, .year = year, .factors = factors};

    for (int f = 0; f < FACTORS; f++) {
        factors[f] = (double)about->factors[f];
    }
    people_figures(about, year, &dice, figures);
    place_figures(&ask, about, &dice, figures);
    fill(&ask, VILLAGE, figures, out);
}

/* ---- a county ---- */

static double number_of(const struct demo_world *world, const struct demo_value *values, int figure)
{
    int place = programme_indicator(world->programme, str_from(FIGURE_IDS[figure]));

    return place == NONE
               ? 0
               : num_to_double(values[place].scaled, world->programme->indicators[place].decimals);
}

void demo_add(const struct demo_world *world, const struct demo_value *values,
              struct demo_sums *sums)
{
    int income = programme_indicator(world->programme, STR("IN01"));
    double people = number_of(world, values, RESIDENTS);

    sums->villages++;
    sums->people += people;
    sums->farmland += number_of(world, values, FARMLAND);
    sums->income += income == NONE ? 0 : people * (double)values[income].scaled;
}

static void county_figures(const struct demo_sums *sums, struct dice *dice, double *figures)
{
    double land = round(sums->farmland * 1.04);
    double grain = round(land * 0.8);

    figures[LAND] = land;
    figures[LAND_TASK] = round(land * 0.985);
    figures[GRAIN_AREA] = grain;
    figures[GRAIN_TASK] = round(grain * (0.97 + 0.04 * dice_share(dice)));
    figures[GRAIN] = round(grain * (0.36 + 0.12 * dice_share(dice)));
    figures[COUNTRY_PEOPLE] = floor(sums->people * 1.04);
    figures[TOWN_PEOPLE] = floor((sums->people + 40000) * (0.5 + dice_share(dice)));
    figures[VILLAGES] = sums->villages;
    figures[COUNTRY_INCOME] = sums->people > 0 ? floor(sums->income / sums->people) : 18000;
    figures[TOWN_INCOME] = floor(figures[COUNTRY_INCOME] * (1.9 + 0.5 * dice_share(dice)));
}

void demo_county(const struct demo_world *world, int unit, int year, const struct demo_sums *sums,
                 struct demo_value *out)
{
    static const double ABOVE = 0.4; /* how far counties differ among villages' factors */
    struct dice dice = dice_of(world->options.seed, SALT_PEOPLE, unit, 0);
    double factors[FACTORS];
    double figures[FIGURES] = {0};
    struct asked ask = {.world = world, .unit = unit, .year = year, .factors = factors};

    for (int f = 0; f < FACTORS; f++) {
        factors[f] = (double)world->units[unit].factors[f] / ABOVE;
    }
    county_figures(sums, &dice, figures);
    fill(&ask, COUNTY, figures, out);
}
