/* The invented province: units, codes, names. */
#include <stdlib.h>

#include "base/num.h"
#include "demo/demo_in.h"

enum { NAME_BYTES = 3, TEXT_ROOM = 96, CITIES_MAX = 16, COUNTIES_PER_KIND = 20 };

/* Syllables that real places seldom bear, one after the other; all of them take three bytes. */
static const char HEADS[] = "澄霁岚芷珩昀濯璟筠翎霏岫蘅砚煦";
static const char TAILS[] = "渚坞屿汀圩浦泷濑埭畈垸墩塬坂墕";
static const char TREES[] = "槐柳杏梨枣桑榆松柏竹荷莲苇蒲菱石泉溪沙坪岭";
static const char PLACES[] = "庄沟湾坡洼岔凹峁滩渠井桥堡寨";
static const char WATERS[] = "川河岭原台关";
static const char GATES[] = "口上源坪";

static int count_of(const char *syllables)
{
    return (int)(str_from(syllables).len / NAME_BYTES);
}

static str syllable(const char *syllables, int number)
{
    return (str){syllables + (ptrdiff_t)NAME_BYTES * number, NAME_BYTES};
}

str demo_join(struct arena *arena, const str *parts, int count)
{
    struct buf buf;
    str text = {0};

    buf_init(&buf, arena, ARENA_MIB);
    for (int i = 0; i < count; i++) {
        buf_put(&buf, parts[i]);
    }
    MUST(buf_done(&buf, &text));
    return text;
}

str demo_digits(struct arena *arena, int64_t number)
{
    char text[NUM_TEXT_MAX];

    return arena_str(arena, num_print(text, number, 0));
}

str demo_code(struct arena *arena, str head, int number, const char *tail)
{
    const char digits[] = {(char)('0' + number / 100), (char)('0' + number / 10 % 10),
                           (char)('0' + number % 10)};

    return JOIN(arena, head, (str){digits, sizeof(digits)}, str_from(tail));
}

/* The `number`-th of `total` names in an order of the seed's own: a walk that meets each once. */
static int shuffled(const struct demo_world *world, int whose, int number, int total)
{
    struct dice dice = dice_of(world->options.seed, SALT_NAMES, whose, total);
    int64_t begin = dice_below(&dice, total);
    int64_t step = 1 + dice_below(&dice, total - 1);

    for (bool meets_all = false; !meets_all; step += meets_all ? 0 : 1) {
        int64_t a = total;
        int64_t b = step;
        while (b != 0) {
            int64_t rest = a % b;
            a = b;
            b = rest;
        }
        meets_all = a == 1;
    }
    return (int)((begin + step * number) % total);
}

str demo_village_name(const struct demo_world *world, int township, int number, str ending,
                      struct arena *arena)
{
    int trees = count_of(TREES);
    int places = count_of(PLACES);
    int at = shuffled(world, township, number, count_of(HEADS) * trees * places);

    return JOIN(arena, syllable(HEADS, at / places / trees), syllable(TREES, at / places % trees),
                syllable(PLACES, at % places), ending);
}

static str county_name(const struct demo_world *world, int number, str ending, struct arena *arena)
{
    int tails = count_of(TAILS);
    int at = shuffled(world, PROVINCE, number, count_of(HEADS) * tails);

    return JOIN(arena, syllable(HEADS, at / tails), syllable(TAILS, at % tails), ending);
}

static str township_name(const struct demo_world *world, int county, int number, str ending,
                         struct arena *arena)
{
    int waters = count_of(WATERS);
    int gates = count_of(GATES);
    int at = shuffled(world, county, number, count_of(HEADS) * waters * gates);

    return JOIN(arena, syllable(HEADS, at / gates / waters), syllable(WATERS, at / gates % waters),
                syllable(GATES, at % gates), ending);
}

/* Place of a new unit; `face` is its first one, of year `since`. */
static int unit_add(struct demo_world *world, int level, int since, struct demo_face face)
{
    int place = world->count++;
    struct demo_unit *unit = &world->units[place];

    *unit = (struct demo_unit){.level = level};
    face.is_there = true;
    for (int year = since; year < DEMO_YEARS; year++) {
        unit->faces[year] = face;
    }
    for (int f = 0; f < FACTORS; f++) {
        static const double OWN[DEMO_LEVELS] = {0, 0, 0.4, 0.45, 0.8};
        struct dice dice = dice_of(world->options.seed, SALT_FACTOR, place, f);
        double above = face.parent < 0 ? 0 : (double)world->units[face.parent].factors[f];
        unit->factors[f] = (float)(above + OWN[level] * dice_normal(&dice));
    }
    for (int year = 0; level == VILLAGE && year < DEMO_YEARS; year++) {
        unit->people[year] = (float)demo_people(world, place);
    }
    return place;
}

/* How a village ends, in ten thousandths a year; rates as real registers show in quiet years. */
static const struct {
    enum lineage_kind kind;
    int chance;
} ENDS[] = {{LINEAGE_MERGE, 60}, {LINEAGE_UPGRADE, 20}, {LINEAGE_ABOLISH, 8}};

enum { BIRTH_CHANCE = 150 }; /* that a township gets a new village, a year */

/* A township on its way: the next number of its villages and of its names. */
struct growing {
    struct demo_world *world;
    struct arena *arena;
    int township;
    int number;
    int name;
};

static int add_village(struct growing *in, bool is_village, int since)
{
    str head = str_part(in->world->units[in->township].faces[0].code, 0, 9);
    str ending = is_village ? STR("村委会") : STR("社区居委会");

    return unit_add(
        in->world, VILLAGE, since,
        (struct demo_face){
            .code = demo_code(in->arena, head, in->number++, ""),
            .name = demo_village_name(in->world, in->township, in->name++, ending, in->arena),
            .parent = in->township,
            .is_village = is_village,
        });
}

/* The year in which the `at`-th last village of the township begins. */
static int first_year(const struct growing *in, int at)
{
    int year = DEMO_LAST - at;
    struct dice dice = dice_of(in->world->options.seed, SALT_BIRTH, in->township, year);

    if (year < 1) {
        return 0;
    }
    return in->world->sure == in->township || dice_below(&dice, CHANCES) < BIRTH_CHANCE ? year : 0;
}

static void add_ending(struct growing *in, enum lineage_kind end, int year)
{
    int place = add_village(in, true, 0);

    in->world->units[place].end = end;
    in->world->units[place].last_year = year;
}

/* How many of the villages of a township end so in a year. */
static int ending_count(const struct growing *in, struct dice *dice, size_t end, int villages)
{
    int count = in->world->sure == in->township ? 1 : 0;

    for (int i = 0; i < villages; i++) {
        count += dice_below(dice, CHANCES) < ENDS[end].chance ? 1 : 0;
    }
    return count;
}

/* Villages beyond those that stay: what they are when the last register is made, they end before.
 */
static void add_endings(struct growing *in, int villages)
{
    struct dice dice = dice_of(in->world->options.seed, SALT_END, in->township, 0);

    for (int year = 1; year < DEMO_YEARS; year++) {
        for (size_t e = 0; e < COUNT_OF(ENDS); e++) {
            for (int left = ending_count(in, &dice, e, villages); left > 0; left--) {
                add_ending(in, ENDS[e].kind, year);
            }
        }
    }
}

static void add_villages(struct demo_world *world, int township, const int counts[2],
                         struct arena *arena)
{
    struct growing in = {world, arena, township, 1, 0};

    if (world->sure == 0 && counts[0] >= SURE_VILLAGES) {
        world->sure = township;
    }
    for (int i = 0; i < counts[1]; i++) {
        (void)add_village(&in, false, 0);
    }
    in.number = 200;
    for (int i = 0; i < counts[0]; i++) {
        (void)add_village(&in, true, first_year(&in, counts[0] - 1 - i));
    }
    add_endings(&in, counts[0]);
}

/* A street where residents prevail, a town or a rural township elsewhere. */
static void add_township(struct demo_world *world, int county, int number, const int counts[2],
                         struct arena *arena)
{
    static const str ENDINGS[] = {STR_INIT("街道"), STR_INIT("镇"), STR_INIT("乡")};
    struct dice dice = dice_of(world->options.seed, SALT_NAMES, county, -1 - number);
    int kind = counts[1] > counts[0] ? 0 : 1 + dice_below(&dice, 2);
    int own = kind == 0 ? 1 + number : 100 * kind + number;
    str head = str_part(world->units[county].faces[0].code, 0, 6);
    int place = unit_add(world, TOWNSHIP, 0,
                         (struct demo_face){
                             .code = demo_code(arena, head, own, "000"),
                             .name = township_name(world, county, number, ENDINGS[kind], arena),
                             .parent = county,
                         });

    add_villages(world, place, counts, arena);
}

/* Villages and residents' committees of the next township of a county; false after the last. */
static bool next_size(str *sizes, int out_counts[2])
{
    str piece = {0};
    str villages = {0};
    int64_t counts[2] = {0, 0};

    if (!str_cut(sizes, ' ', &piece)) {
        return false;
    }
    MUST(str_cut(&piece, '/', &villages) && num_parse_int(villages, 0, 199, &counts[0]) &&
         num_parse_int(piece, 0, 199, &counts[1]));
    out_counts[0] = (int)counts[0];
    out_counts[1] = (int)counts[1];
    return true;
}

static void add_townships(struct demo_world *world, int county, str sizes, struct arena *arena)
{
    int counts[2] = {0, 0};

    for (int number = 0; next_size(&sizes, counts); number++) {
        add_township(world, county, number, counts, arena);
    }
}

struct making {
    struct demo_world *world;
    struct arena *arena;
    int cities[CITIES_MAX];
    int inside[CITIES_MAX]; /* counties made so far */
    int names;
};

static int city_of(struct making *making, int number)
{
    struct demo_world *world = making->world;

    if (making->cities[number] == 0) {
        making->cities[number] =
            unit_add(world, CITY, 0,
                     (struct demo_face){
                         .code = JOIN(making->arena, STR("9"),
                                      demo_code(making->arena, STR(""), 900 + number, "00000000")),
                         .name = county_name(world, making->names++, STR("市"), making->arena),
                     });
    }
    return making->cities[number];
}

/* The first of a city is its district, then counties, every sixth a county-level city; a city has
 * one zone at most, numbered as zones are. */
static void add_county(struct making *making, const struct demo_size *size, int city_number)
{
    struct demo_world *world = making->world;
    int city = city_of(making, city_number);
    int ordinal = ++making->inside[city_number];
    bool is_city = !size->is_zone && ordinal % 6 == 0;
    int own = size->is_zone ? 71 : ordinal + (is_city ? 80 : 0);
    str ending = size->is_zone ? STR("示范区") : is_city ? STR("市") : STR("县");
    str digits = demo_code(making->arena, STR(""), own, "000000");
    str head = str_part(world->units[city].faces[0].code, 0, 4);

    MUST(ordinal < COUNTIES_PER_KIND);
    ending = ordinal == 1 && !world->options.is_county ? STR("区") : ending;
    int place = unit_add(world, COUNTY, 0,
                         (struct demo_face){
                             .code = JOIN(making->arena, head, str_part(digits, 1, 8)),
                             .name = county_name(world, making->names++, ending, making->arena),
                             .parent = city,
                         });
    add_townships(world, place, size->townships, making->arena);
}

static int villages_in(str sizes)
{
    int counts[2] = {0, 0};
    int sum = 0;

    while (next_size(&sizes, counts)) {
        sum += counts[0];
    }
    return sum;
}

static void make_units(struct demo_world *world, struct arena *arena)
{
    enum { COUNTY_VILLAGES = 428 };
    struct making making = {.world = world, .arena = arena};

    (void)unit_add(
        world, PROVINCE, 0,
        (struct demo_face){.code = STR("990000000000"), .name = STR("示范省"), .parent = NONE});
    for (int i = 0; i < DEMO_SIZE_COUNT; i++) {
        bool is_the_county = villages_in(DEMO_SIZES[i].townships) == COUNTY_VILLAGES;
        if (!world->options.is_county) {
            add_county(&making, &DEMO_SIZES[i], DEMO_SIZES[i].city);
        } else if (is_the_county) {
            add_county(&making, &DEMO_SIZES[i], 1);
        }
    }
}

struct coded {
    str code;
    int place;
};

static int by_code(const void *a, const void *b)
{
    return str_compare(((const struct coded *)a)->code, ((const struct coded *)b)->code);
}

/* The units of a year as a register lists them. */
static void put_in_order(struct demo_world *world, int year, struct arena *arena)
{
    struct coded *coded = ARENA_NEW(arena, struct coded, (size_t)world->count);
    int count = 0;

    for (int i = 0; i < world->count; i++) {
        const struct demo_face *face = &world->units[i].faces[year];
        if (face->is_there) {
            coded[count++] = (struct coded){face->code, i};
        }
    }
    qsort(coded, (size_t)count, sizeof(*coded), by_code);
    world->order[year] = ARENA_NEW(arena, int, (size_t)count);
    world->order_count[year] = count;
    for (int i = 0; i < count; i++) {
        world->order[year][i] = coded[i].place;
    }
}

static bool fits(const struct programme *programme)
{
    static const str LEVELS[DEMO_LEVELS] = {STR_INIT("province"), STR_INIT("city"),
                                            STR_INIT("county"), STR_INIT("township"),
                                            STR_INIT("village")};

    for (int i = 0; i < DEMO_LEVELS; i++) {
        if (programme_level(programme, LEVELS[i]) != i) {
            return false;
        }
    }
    return programme->level_count == DEMO_LEVELS;
}

static int room_for_units(void)
{
    int room = DEMO_UNITS_EXTRA;

    for (int i = 0; i < DEMO_SIZE_COUNT; i++) {
        str sizes = DEMO_SIZES[i].townships;
        int counts[2] = {0, 0};
        while (next_size(&sizes, counts)) {
            room += 1 + counts[0] + counts[1];
        }
    }
    return room;
}

enum rc demo_world_make(const struct demo_options *options, const struct programme *programme,
                        struct arena *arena, struct err *err, struct demo_world **out)
{
    struct demo_world *world = ARENA_NEW(arena, struct demo_world, 1);

    if (!fits(programme)) {
        return err_set(err, RC_INVALID, MSG_DEMO_PROGRAMME, arg_text(programme->id));
    }
    *world = (struct demo_world){.options = *options, .programme = programme};
    world->units = ARENA_NEW(arena, struct demo_unit, (size_t)room_for_units());
    world->changes = ARENA_NEW(arena, struct demo_change, DEMO_CHANGES_MAX);
    world->shapes = demo_shapes(programme, arena);
    make_units(world, arena);
    demo_change_all(world, arena);
    for (int year = 0; year < DEMO_YEARS; year++) {
        put_in_order(world, year, arena);
    }
    *out = world;
    return RC_OK;
}
