/* What the parts of the demonstration share. */
#ifndef DEMO_DEMO_IN_H
#define DEMO_DEMO_IN_H

#include "base/buf.h"
#include "demo/demo.h"

enum demo_level { PROVINCE, CITY, COUNTY, TOWNSHIP, VILLAGE, DEMO_LEVELS };

enum { DEVELOPMENT, SIZE, REMOTENESS, ENVIRONMENT, FACTORS };

enum { DEMO_LAST = DEMO_YEARS - 1, DEMO_TEXT_MAX = 512 };

/* ---- sizes.c ---- */

struct demo_size {
    int city; /* from 1 */
    bool is_zone;
    str townships; /* "villages/residents" of each, with blanks between */
};
extern const struct demo_size DEMO_SIZES[];
extern const int DEMO_SIZE_COUNT;

/* ---- dice.c: numbers that depend on the seed and on what they are for, not on their order ---- */

enum demo_salt {
    SALT_NAMES,
    SALT_FATE,
    SALT_END,
    SALT_BIRTH,
    SALT_FACTOR,
    SALT_PEOPLE,
    SALT_OWN,
    SALT_DRIFT,
    SALT_RARE,
    SALT_GAP,
    SALT_STYLE,
};
struct dice {
    uint64_t state;
};
struct dice dice_of(uint64_t seed, enum demo_salt salt, int a, int b);
uint64_t dice_next(struct dice *dice);
/* In [0, 1); in [0, below); standard normal. */
double dice_share(struct dice *dice);
int dice_below(struct dice *dice, int below);
double dice_normal(struct dice *dice);

/* ---- units.c and changes.c ---- */

/* The name of place `number` among the names of a township; none comes twice below 3,900. */
str demo_village_name(const struct demo_world *world, int township, int number, str ending,
                      struct arena *arena);
/* `head` and three digits and `tail`. */
str demo_code(struct arena *arena, str head, int number, const char *tail);
/* What befalls units is settled by dice of this many sides. */
enum { CHANCES = 10000, SURE_VILLAGES = 20 };
void demo_change_all(struct demo_world *world, struct arena *arena);

/* ---- model.c ---- */

/* Units that may follow a change have these rooms from the start. */
enum { DEMO_UNITS_EXTRA = 2000, DEMO_CHANGES_MAX = 20000 };

/* People of a village as the size of the place has it. */
double demo_people(const struct demo_world *world, int unit);
const struct demo_shape *demo_shapes(const struct programme *programme, struct arena *arena);
bool demo_is_collected(const struct indicator *indicator, int level);

/* What a county is made of in a year: sums over its villages. */
struct demo_sums {
    int villages;
    double people;
    double farmland;
    double income; /* by people */
};
void demo_county(const struct demo_world *world, int unit, int year, const struct demo_sums *sums,
                 struct demo_value *out);
/* Add a village to the sums of its county. */
void demo_add(const struct demo_world *world, const struct demo_value *values,
              struct demo_sums *sums);

/* ---- ledgers.c, planted.c, papers.c ---- */

struct demo_job {
    const struct demo_world *world;
    struct demo_sink out;
    struct arena *arena;
    struct err *err;
};
struct paper;
enum rc demo_open_paper(const struct demo_job *job, str title, struct paper **out) MUST_CHECK;
/* Close what was written with outcome `rc`, as a file when all went well. */
enum rc demo_close_paper(const struct demo_job *job, struct paper *paper, enum rc rc,
                         str path) MUST_CHECK;
enum rc demo_write_ledgers(const struct demo_job *job) MUST_CHECK;
enum rc demo_write_planted(const struct demo_job *job) MUST_CHECK;
enum rc demo_write_papers(const struct demo_job *job) MUST_CHECK;

/* Texts put together; `arena` holds them. */
str demo_join(struct arena *arena, const str *parts, int count);
#define JOIN(arena, ...)                                                                           \
    demo_join((arena), (const str[]){__VA_ARGS__},                                                 \
              (int)(sizeof((const str[]){__VA_ARGS__}) / sizeof(str)))
str demo_digits(struct arena *arena, int64_t number);

#endif
