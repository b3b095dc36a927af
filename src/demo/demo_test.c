/* The invented province: its shape, its figures, the truth about its changes. The figures found are
 * printed. */
#include <math.h>

#include "base/map.h"
#include "base/num.h"
#include "demo/room_test.h"
#include "office/unit/unit.h"

/* ---- shape ---- */

static void count_levels(const struct demo_world *world, int year, int out[5], int *out_villages)
{
    memset(out, 0, 5 * sizeof(out[0]));
    *out_villages = 0;
    for (int i = 0; i < world->order_count[year]; i++) {
        const struct demo_unit *unit = unit_at(world, year, i);
        out[unit->level]++;
        *out_villages += unit->faces[year].is_village ? 1 : 0;
    }
}

static void the_province_has_the_size_of_a_real_one(void **state)
{
    const struct room *room = *state;
    int levels[5];
    int villages = 0;

    count_levels(room->world, LAST, levels, &villages);
    assert_int_equal(levels[0], 1);
    assert_int_equal(levels[1], 11);
    assert_int_equal(levels[COUNTY], 117 + 4);
    assert_int_equal(villages, 18851);
    count_levels(room->world, 0, levels, &villages);
    assert_int_equal(levels[TOWNSHIP], 1352);
    assert_true(villages > 18851 && villages < 19300);
}

static void the_county_has_428_villages(void **state)
{
    struct room *room = *state;
    int levels[5];
    int villages = 0;

    count_levels(make(room, 7, true), LAST, levels, &villages);
    assert_int_equal(levels[COUNTY], 1);
    assert_int_equal(villages, 428);
}

static void a_tree_without_orphans_doubles_or_foreign_codes(void **state)
{
    const struct room *room = *state;
    static const size_t DIGITS[] = {2, 4, 6, 9, 12};

    for (int year = 0; year < DEMO_YEARS; year++) {
        str before = {0};
        for (int i = 0; i < room->world->order_count[year]; i++) {
            const struct demo_unit *unit = unit_at(room->world, year, i);
            const struct demo_face *face = &unit->faces[year];
            assert_int_equal(face->code.len, 12);
            assert_true(str_starts(face->code, STR("99")));
            assert_true(str_compare(before, face->code) < 0);
            before = face->code;
            if (unit->level > 0) {
                const struct demo_face *parent = &room->world->units[face->parent].faces[year];
                assert_true(parent->is_there);
                assert_true(
                    str_starts(face->code, str_part(parent->code, 0, DIGITS[unit->level - 1])));
            }
        }
    }
}

/* Ledgers by name rest on it. */
static void names_are_unique_below_one_parent(void **state)
{
    struct room *room = *state;

    for (int year = 0; year < DEMO_YEARS; year++) {
        struct map names;
        map_init(&names, &room->arena, 1 << 16);
        for (int i = 0; i < room->world->order_count[year]; i++) {
            const struct demo_unit *unit = unit_at(room->world, year, i);
            const struct demo_face *face = &unit->faces[year];
            struct buf key;
            str text = {0};
            buf_init(&key, &room->arena, 256);
            buf_int(&key, face->parent);
            buf_put(&key, unit_base_name(room->programme, unit->level, face->name));
            assert_true(buf_done(&key, &text));
            assert_true(map_put(&names, text, 1));
        }
    }
}

static void another_programme_is_refused(void **state)
{
    struct room *room = *state;
    struct programme other = *room->programme;
    const struct demo_options options = {.seed = 1};
    struct demo_world *world = NULL;
    struct err err = {0};

    other.level_count--;
    assert_int_equal(demo_world_make(&options, &other, &room->arena, &err, &world), RC_INVALID);
    assert_int_equal(err.msg, MSG_DEMO_PROGRAMME);
}

/* ---- figures ---- */

static struct demo_value *values_room(struct room *room)
{
    return ARENA_NEW(&room->arena, struct demo_value, (size_t)room->programme->indicator_count);
}

static bool is_asked(const struct indicator *indicator)
{
    return indicator->formula.code == NULL && (indicator->levels >> VILLAGE & 1U) != 0;
}

static void assert_within(const struct indicator *about, int64_t scaled)
{
    switch (about->type) {
    case VALUE_ENUM:
        assert_non_null(indicator_choice(about, scaled));
        return;
    case VALUE_BOOLEAN:
        assert_true(scaled == 0 || scaled == 1);
        return;
    case VALUE_INTEGER:
    case VALUE_DECIMAL:
    case VALUE_PERCENT:
        assert_true(scaled >= about->min && scaled <= about->max);
        return;
    }
}

static void every_value_lies_within_its_range(void **state)
{
    struct room *room = *state;
    struct demo_value *values = values_room(room);
    int64_t cells = 0;
    int64_t silent = 0;

    for (int i = 0; i < room->world->order_count[LAST]; i++) {
        if (!unit_at(room->world, LAST, i)->faces[LAST].is_village) {
            continue;
        }
        demo_village(room->world, room->world->order[LAST][i], LAST, values);
        for (int k = 0; k < room->programme->indicator_count; k++) {
            const struct indicator *about = &room->programme->indicators[k];
            if (is_asked(about)) {
                cells++;
                silent += values[k].state == DEMO_KNOWN ? 0 : 1;
                assert_within(about, values[k].scaled);
            }
        }
    }
    double share = (double)silent / (double)cells;
    print_message("# %lld cells, %.2f %% without a number\n", (long long)cells, 100 * share);
    assert_true(share > 0.025 && share < 0.045);
}

static double number(const struct room *room, const struct demo_value *values, const char *id)
{
    int place = programme_indicator(room->programme, str_from(id));

    assert_true(place != NONE);
    return num_to_double(values[place].scaled, room->programme->indicators[place].decimals);
}

static void what_must_agree_agrees(void **state)
{
    struct room *room = *state;
    struct demo_value *v = values_room(room);

    for (int i = 0; i < room->world->count; i += 7) {
        for (int year = 0; year < DEMO_YEARS; year++) {
            if (!room->world->units[i].faces[year].is_village) {
                continue;
            }
            demo_village(room->world, i, year, v);
            double people = number(room, v, "PS04");
            double ages = number(room, v, "PS07") + number(room, v, "PS11") +
                          people * number(room, v, "PS06") / 100;
            assert_true(fabs(ages - people) <= 0.02 * people);
            assert_true(number(room, v, "PS03") <= people);
            assert_true(people <= 3 * number(room, v, "PS02"));
            assert_true(number(room, v, "PS08") <= number(room, v, "PS02"));
            assert_true(number(room, v, "LV01") <= number(room, v, "PS01"));
            assert_true(number(room, v, "LV11") <= number(room, v, "LV02"));
            assert_true(number(room, v, "DF12") <= number(room, v, "DF11"));
            assert_true(number(room, v, "DF09") <= number(room, v, "DF08"));
            assert_true(number(room, v, "DF11") <= 1500 * number(room, v, "DF04"));
        }
    }
}

/* Pearson's, of two figures of villages, or of one in two years. */
static double correlation(struct room *room, const char *a, const char *b, int year_of_b)
{
    struct demo_value *values = values_room(room);
    double n = 0;
    double sums[5] = {0};

    for (int i = 0; i < room->world->count; i += 3) {
        const struct demo_face *faces = room->world->units[i].faces;
        if (!faces[LAST].is_village || !faces[year_of_b].is_village) {
            continue;
        }
        demo_village(room->world, i, LAST, values);
        double x = number(room, values, a);
        demo_village(room->world, i, year_of_b, values);
        double y = number(room, values, b);
        n++;
        sums[0] += x;
        sums[1] += y;
        sums[2] += x * x;
        sums[3] += y * y;
        sums[4] += x * y;
    }
    double r = (n * sums[4] - sums[0] * sums[1]) /
               sqrt((n * sums[2] - sums[0] * sums[0]) * (n * sums[3] - sums[1] * sums[1]));
    print_message("# %s with %s: %.2f\n", a, b, r);
    return r;
}

static void figures_hang_together_as_in_real_villages(void **state)
{
    struct room *room = *state;

    assert_true(correlation(room, "EV01", "EV05", LAST) > 0.3);  /* toilets and sewers */
    assert_true(correlation(room, "EV05", "DF06", LAST) < -0.2); /* sewers and remoteness */
    assert_true(correlation(room, "IN01", "PU04", LAST) > 0.15); /* income and paved roads */
    assert_true(correlation(room, "PS04", "DF11", LAST) > 0.6);  /* people and fields */
    assert_true(correlation(room, "GV12", "PS04", LAST) < 0.2);  /* content, whatever the size */
    assert_true(correlation(room, "EV05", "EV05", 0) > 0.95);    /* the village it was */
}

/* ---- the truth about changes ---- */

static struct lineage_list list_of(struct room *room, int year)
{
    const struct demo_world *world = room->world;
    int count = world->order_count[year];
    struct lineage_unit *units = ARENA_NEW(&room->arena, struct lineage_unit, (size_t)count);
    int *place = ARENA_NEW(&room->arena, int, (size_t)world->count);

    for (int i = 0; i < count; i++) {
        const struct demo_unit *unit = unit_at(world, year, i);
        const struct demo_face *face = &unit->faces[year];
        place[world->order[year][i]] = i;
        units[i] = (struct lineage_unit){
            .code = face->code,
            .name = face->name,
            .base = unit_base_name(room->programme, unit->level, face->name),
            .level = unit->level,
            .kind = unit_kind_of_code(room->programme, unit->level, face->code),
            .parent = face->parent < 0 ? LINEAGE_NONE : place[face->parent],
        };
    }
    return (struct lineage_list){units, count};
}

/* What a unit of the older register truly became: a place in the newer one, or NONE. */
struct truth {
    int *after; /* by place of the older list */
    int *place; /* by unit: its place in the newer list, or NONE */
};

static struct truth truth_of(struct room *room, int year)
{
    const struct demo_world *world = room->world;
    struct truth truth = {
        ARENA_NEW(&room->arena, int, (size_t)world->order_count[year - 1]),
        ARENA_NEW(&room->arena, int, (size_t)world->count),
    };
    int *into = ARENA_NEW(&room->arena, int, (size_t)world->count);

    for (int i = 0; i < world->count; i++) {
        truth.place[i] = NONE;
        into[i] = i;
    }
    for (int i = 0; i < world->order_count[year]; i++) {
        truth.place[world->order[year][i]] = i;
    }
    for (int i = 0; i < world->change_count; i++) {
        const struct demo_change *change = &world->changes[i];
        if (change->year == year && change->kind == LINEAGE_MERGE) {
            into[change->unit] = change->into;
        }
    }
    for (int i = 0; i < world->order_count[year - 1]; i++) {
        truth.after[i] = truth.place[into[world->order[year - 1][i]]];
    }
    return truth;
}

struct tally {
    int sure;
    int sure_wrong;
    int continued;
    int found;
};

/* Hold one link against the truth; marks the older unit that it rightly continues. */
static void judge(const struct lineage_link *link, const struct truth *truth, bool *is_found,
                  struct tally *tally)
{
    bool has_both = link->before != LINEAGE_NONE && link->after != LINEAGE_NONE;
    bool is_right = has_both && truth->after[link->before] == link->after;

    if (has_both && link->confidence >= 950) {
        tally->sure++;
        tally->sure_wrong += is_right ? 0 : 1;
    }
    if (is_right && lineage_continues(link->kind)) {
        is_found[link->before] = true;
    }
}

static struct tally compare_year(struct room *room, int year)
{
    struct lineage_answer answer = {0};
    struct truth truth = truth_of(room, year);
    struct tally tally = {0};
    bool *is_found = ARENA_NEW(&room->arena, bool, (size_t)room->world->order_count[year - 1] + 1);

    lineage_compare(list_of(room, year - 1), list_of(room, year), &room->arena, &answer);
    for (int i = 0; i < answer.link_count; i++) {
        judge(&answer.links[i], &truth, is_found, &tally);
    }
    for (int i = 0; i < room->world->order_count[year]; i++) {
        if (answer.same[i] != LINEAGE_NONE) {
            assert_int_equal(truth.after[answer.same[i]], i);
            is_found[answer.same[i]] = true;
        }
    }
    for (int i = 0; i < room->world->order_count[year - 1]; i++) {
        bool goes_on = truth.place[room->world->order[year - 1][i]] != NONE;
        tally.continued += goes_on ? 1 : 0;
        tally.found += goes_on && is_found[i] ? 1 : 0;
    }
    return tally;
}

static void what_became_of_units_is_found_again(void **state)
{
    struct room *room = *state;

    for (int year = 1; year < DEMO_YEARS; year++) {
        struct tally tally = compare_year(room, year);
        print_message("# year %d: %d sure links, %d wrong; %d of %d units found again\n",
                      DEMO_FIRST_YEAR + year, tally.sure, tally.sure_wrong, tally.found,
                      tally.continued);
        assert_int_equal(tally.sure_wrong, 0);
        assert_true(tally.found * 1000 >= tally.continued * 995);
    }
}

static void every_kind_of_change_happens_every_year(void **state)
{
    struct room *room = *state;
    const struct demo_world *county = make(room, 3, true);
    static const enum lineage_kind KINDS[] = {LINEAGE_RENAME, LINEAGE_RECODE,  LINEAGE_UPGRADE,
                                              LINEAGE_MERGE,  LINEAGE_ABOLISH, LINEAGE_CREATE};

    for (int year = 1; year < DEMO_YEARS; year++) {
        for (size_t k = 0; k < COUNT_OF(KINDS); k++) {
            int count = 0;
            for (int i = 0; i < county->change_count; i++) {
                const struct demo_change *change = &county->changes[i];
                count += change->year == year && change->kind == KINDS[k] ? 1 : 0;
            }
            assert_true(count > 0);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_province_has_the_size_of_a_real_one),
        cmocka_unit_test(the_county_has_428_villages),
        cmocka_unit_test(a_tree_without_orphans_doubles_or_foreign_codes),
        cmocka_unit_test(names_are_unique_below_one_parent),
        cmocka_unit_test(another_programme_is_refused),
        cmocka_unit_test(every_value_lies_within_its_range),
        cmocka_unit_test(what_must_agree_agrees),
        cmocka_unit_test(figures_hang_together_as_in_real_villages),
        cmocka_unit_test(what_became_of_units_is_found_again),
        cmocka_unit_test(every_kind_of_change_happens_every_year),
    };

    return cmocka_run_group_tests(tests, begin, end);
}
