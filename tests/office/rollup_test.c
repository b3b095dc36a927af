/* Roll-up against a naive sum over the villages below a unit, with how many it rests on. */
#include <math.h>

#include "office/indicator/rollup.h"
#include "tests/office/rooms.h"
#include "tests/office/shown.h"

enum { VALUES_MAX = 16 };

static const char LEDGER[] =
    "行政区划代码|户籍人口|户数|人均收入|自来水普及率|通硬化路|最远步行|房龄|耕地面积\n"
    "99010101|120|40|9000|20/40|是|5|31|12.5\n"
    "99010102|300|100|12000|90%|否|70|8|0.4\n"
    "99010103|未统计|50|8000|未统计|是|不适用|12|30\n"
    "99010201|80|30|7000|30/30|未统计|9|5|未统计\n"
    "99010202|不适用|20|6500|25%|否|4|40|99.9\n"
    "99020101|501|160|15001|150/160|是|11|3|7.1\n";

struct gathered {
    double value[VALUES_MAX]; /* known ones, in the indicator's unit */
    double weight[VALUES_MAX];
    uint32_t known;
    uint32_t applicable;
};

/* The villages below a unit, one by one. */
static struct gathered gather(const struct panel *panel, int place, int indicator, int weight)
{
    struct gathered out = {.known = 0};

    for (int i = 0; i < panel->count; i++) {
        int at = panel->places[i];
        enum expr_state state = panel_state(panel, indicator, i);
        if (at < place || at >= panel->tree->units[place].end) {
            continue;
        }
        out.applicable += state == EXPR_NOT_APPLICABLE ? 0 : 1;
        if (state == EXPR_KNOWN) {
            out.value[out.known] = panel_number(panel, indicator, i);
            out.weight[out.known++] = panel_number(panel, weight, i);
        }
    }
    return out;
}

static double sum_of(const struct gathered *in)
{
    double sum = 0.0;

    for (uint32_t i = 0; i < in->known; i++) {
        sum += in->value[i];
    }
    return sum;
}

static double weighted_mean(const struct gathered *in)
{
    double sum = 0.0;
    double weights = 0.0;

    for (uint32_t i = 0; i < in->known; i++) {
        if (!isnan(in->weight[i])) {
            sum += in->value[i] * in->weight[i];
            weights += in->weight[i];
        }
    }
    return sum / weights;
}

static double mean_of(const struct gathered *in)
{
    return sum_of(in) / in->known;
}

static double most_of(const struct gathered *in)
{
    double most = in->value[0];

    for (uint32_t i = 1; i < in->known; i++) {
        most = in->value[i] > most ? in->value[i] : most;
    }
    return most;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;

    return (x > y) - (x < y);
}

static double median_of(const struct gathered *in)
{
    struct gathered sorted = *in;

    qsort(sorted.value, sorted.known, sizeof(double), by_size);
    return (sorted.value[(sorted.known - 1) / 2] + sorted.value[sorted.known / 2]) / 2.0;
}

static void make(void **state, const char *text, struct rooms *rooms, struct panel *panel,
                 struct rollup *rollup)
{
    struct change_list list = {0};
    struct batch batch = {0};

    rooms_open(*state, rooms);
    const struct ledger_job job = rooms_job(rooms);
    assert_int_equal(rooms_import(rooms, text, &job, &list, &batch), RC_OK);
    rooms_panel(rooms, 2024, panel);
    assert_int_equal(rollup_make(panel, NULL, rollup), RC_OK);
}

typedef double (*naive)(const struct gathered *in);

/* In every unit above the villages. */
static void expect_naive(void **state, const char *id, const char *weight, naive reference)
{
    struct rooms rooms;
    struct panel panel;
    struct rollup rollup;

    make(state, LEDGER, &rooms, &panel, &rollup);
    int indicator = rooms_indicator(&rooms, id);
    for (int i = 0; i < rooms.tree.count; i++) {
        if (rooms.tree.units[i].level == panel.level) {
            continue;
        }
        struct gathered in = gather(&panel, i, indicator, rooms_indicator(&rooms, weight));
        struct rolled rolled = rollup_unit(&rollup, i, indicator, rooms.cx->arena);
        assert_int_equal(rolled.known, in.known);
        assert_int_equal(rolled.applicable, in.applicable);
        assert_int_equal(rolled.state, in.known == 0 ? EXPR_MISSING : EXPR_KNOWN);
        if (in.known > 0) {
            assert_true(fabs(rolled.value - reference(&in)) < 1e-9);
        }
    }
}

static void sums_are_sums_of_the_villages_that_report(void **state)
{
    expect_naive(state, "POP", "POP", sum_of);
}

static void decimals_are_kept_in_sums(void **state)
{
    expect_naive(state, "LAND", "POP", sum_of);
}

static void means_are_weighted_by_what_the_programme_says(void **state)
{
    expect_naive(state, "INCOME", "POP", weighted_mean);
}

static void percentages_are_sums_over_sums(void **state)
{
    expect_naive(state, "WATER", "HOMES", weighted_mean);
}

static void a_percentage_of_nobody_knows_how_many_is_not_in_the_sum(void **state)
{
    static const char TEXT[] = "行政区划代码|户数|自来水普及率\n"
                               "99010101|40|20/40\n99010102|未统计|90%\n99010103|60|75%\n";
    struct rooms rooms;
    struct panel panel;
    struct rollup rollup;

    make(state, TEXT, &rooms, &panel, &rollup);
    struct rolled rolled =
        rollup_unit(&rollup, 0, rooms_indicator(&rooms, "WATER"), rooms.cx->arena);
    assert_int_equal(rolled.known, 2);
    assert_true(fabs(rolled.value - 65.0) < 1e-9);
}

static void conditions_are_shares_of_the_villages_that_report(void **state)
{
    expect_naive(state, "ROAD", "POP", mean_of);
}

static void the_largest_is_the_largest(void **state)
{
    expect_naive(state, "FAR", "POP", most_of);
}

static void the_median_is_the_middle_of_the_sorted_values(void **state)
{
    expect_naive(state, "MIDDLE", "POP", median_of);
}

/* A ratio of sums, not a mean of ratios. */
static void derived_values_are_computed_on_sums(void **state)
{
    struct rooms rooms;
    struct panel panel;
    struct rollup rollup;

    make(state, LEDGER, &rooms, &panel, &rollup);
    struct rolled rolled = rollup_unit(&rollup, rooms_place(&rooms, "9902"),
                                       rooms_indicator(&rooms, "SIZE"), rooms.cx->arena);
    assert_int_equal(rolled.state, EXPR_KNOWN);
    assert_true(fabs(rolled.value - 501.0 / 160.0) < 1e-9);
    rolled = rollup_unit(&rollup, rooms_place(&rooms, "990101"), rooms_indicator(&rooms, "SIZE"),
                         rooms.cx->arena);
    assert_int_equal(rolled.known, 2); /* of three: one did not report its people */
    assert_int_equal(rolled.applicable, 3);
}

static struct rolled roll(const struct rooms *rooms, const struct rollup *rollup, const char *code,
                          const char *id)
{
    return rollup_unit(rollup, rooms_place(rooms, code), rooms_indicator(rooms, id),
                       rooms->cx->arena);
}

/* A unit, then those below it; every number with what it is counted in and how many it is of. */
static void a_table_has_a_unit_and_those_below_it(void **state)
{
    struct rooms rooms;
    struct panel panel;
    struct rollup rollup;
    struct shown shown;

    make(state, LEDGER, &rooms, &panel, &rollup);
    const int asked[] = {rooms_indicator(&rooms, "POP"), rooms_indicator(&rooms, "WATER")};
    shown_begin(&shown);
    const struct table_sink sink = shown_sink(&shown);
    assert_int_equal(rollup_table(&rollup, 0, asked, 2, &sink), RC_OK);
    const struct shown_table *table = shown_table(&shown, "rollup");
    assert_int_equal(table->rows, 6);
    assert_int_equal(table->about.note_count, 0);
    assert_true(shown_is(shown_cell(table, 0, "code"), "99"));
    assert_int_equal(shown_cell(table, 0, "value")->number, 1001);
    assert_int_equal(shown_cell(table, 0, "known")->number, 4);
    assert_int_equal(shown_cell(table, 0, "of")->number, 6);
    assert_true(shown_is(shown_cell(table, 0, "gauge"), "人"));
    assert_true(shown_is(shown_cell(table, 1, "gauge"), "%"));
    assert_true(shown_is(shown_cell(table, 2, "unit"), "甲县"));
    assert_true(shown_is(shown_cell(table, 4, "code"), "9902"));
    assert_int_equal(shown_cell(table, 4, "value")->number, 501);
    assert_int_equal(shown_cell(table, 5, "value")->number, 938);
    shown_end(&shown);
}

/* The homes of a village whose people are unknown are in no ratio of people to homes. */
static void derived_values_rest_on_villages_that_have_every_input(void **state)
{
    struct rooms rooms;
    struct panel panel;
    struct rollup rollup;

    make(state, LEDGER, &rooms, &panel, &rollup);
    struct rolled size = roll(&rooms, &rollup, "990101", "SIZE");
    assert_true(fabs(size.value - (120.0 + 300.0) / (40.0 + 100.0)) < 1e-9);
    assert_int_equal(size.known, 2);
    size = roll(&rooms, &rollup, "99", "SIZE");
    assert_true(fabs(size.value - (120.0 + 300.0 + 80.0 + 501.0) / (40.0 + 100.0 + 30.0 + 160.0)) <
                1e-9);
    assert_int_equal(size.known, 4);
    assert_int_equal(size.applicable, 6); /* of seven villages one has no people to count */
    assert_true(roll(&rooms, &rollup, "990101", "HOMES").value == 190.0);
}

/* Through a derived input, too; the median is of the same villages as the sums. */
static void derived_values_of_derived_values_rest_on_the_same_villages(void **state)
{
    static const char TEXT[] = "行政区划代码|户籍人口|户数|房龄\n"
                               "99010101|120|40|10\n99010102|300|100|20\n"
                               "99010103|未统计|50|12\n99010201|80|未统计|90\n";
    struct rooms rooms;
    struct panel panel;
    struct rollup rollup;

    make(state, TEXT, &rooms, &panel, &rollup);
    struct rolled twice = roll(&rooms, &rollup, "9901", "TWICE");
    assert_int_equal(twice.state, EXPR_KNOWN);
    assert_true(fabs(twice.value - (420.0 / 140.0 + 420.0 / 15.0)) < 1e-9);
    assert_int_equal(twice.known, 2);
    assert_int_equal(roll(&rooms, &rollup, "990102", "TWICE").state, EXPR_MISSING);
    assert_int_equal(roll(&rooms, &rollup, "990102", "TWICE").known, 0);
}

/* Where a formula does without an input, its village counts with what it has. */
static void a_village_counts_where_the_formula_does_without_an_input(void **state)
{
    static const char TEXT[] = "行政区划代码|户数|最远步行\n"
                               "99010101|40|5\n99010102|未统计|9\n99010103|60|未统计\n";
    struct rooms rooms;
    struct panel panel;
    struct rollup rollup;

    make(state, TEXT, &rooms, &panel, &rollup);
    struct rolled either = roll(&rooms, &rollup, "990101", "EITHER");
    assert_true(fabs(either.value - (40.0 + 9.0)) < 1e-9);
    assert_int_equal(either.known, 2);
}

/* A village without homes has no ratio of its own, but its people belong to the sum. */
static void a_village_that_divides_by_zero_belongs_to_the_sum(void **state)
{
    static const char TEXT[] = "行政区划代码|户籍人口|户数\n99010101|120|40\n99010102|8|0\n";
    struct rooms rooms;
    struct panel panel;
    struct rollup rollup;

    make(state, TEXT, &rooms, &panel, &rollup);
    struct rolled size = roll(&rooms, &rollup, "990101", "SIZE");
    assert_true(fabs(size.value - 128.0 / 40.0) < 1e-9);
    assert_int_equal(size.known, 2);
}

/* The sums of another year are not at hand here: what changes from year to year has none. */
static void what_looks_back_a_year_is_not_computed_on_sums(void **state)
{
    struct rooms rooms;
    struct panel panel;
    struct rollup rollup;
    struct change_list list = {0};
    struct batch batch = {0};

    rooms_open(*state, &rooms);
    struct ledger_job job = rooms_job(&rooms);
    for (int year = 2023; year <= 2024; year++) {
        job.period = period_of_year(year);
        assert_int_equal(rooms_import(&rooms, LEDGER, &job, &list, &batch), RC_OK);
    }
    rooms_panel(&rooms, 2024, &panel);
    assert_int_equal(panel_state(&panel, rooms_indicator(&rooms, "GROWTH"), 0), EXPR_KNOWN);
    assert_int_equal(rollup_make(&panel, NULL, &rollup), RC_OK);
    assert_int_equal(roll(&rooms, &rollup, "9901", "GROWTH").state, EXPR_MISSING);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_WORLD(sums_are_sums_of_the_villages_that_report),
        IN_A_WORLD(decimals_are_kept_in_sums),
        IN_A_WORLD(means_are_weighted_by_what_the_programme_says),
        IN_A_WORLD(percentages_are_sums_over_sums),
        IN_A_WORLD(a_percentage_of_nobody_knows_how_many_is_not_in_the_sum),
        IN_A_WORLD(conditions_are_shares_of_the_villages_that_report),
        IN_A_WORLD(the_largest_is_the_largest),
        IN_A_WORLD(the_median_is_the_middle_of_the_sorted_values),
        IN_A_WORLD(derived_values_are_computed_on_sums),
        IN_A_WORLD(a_table_has_a_unit_and_those_below_it),
        IN_A_WORLD(derived_values_rest_on_villages_that_have_every_input),
        IN_A_WORLD(derived_values_of_derived_values_rest_on_the_same_villages),
        IN_A_WORLD(a_village_counts_where_the_formula_does_without_an_input),
        IN_A_WORLD(a_village_that_divides_by_zero_belongs_to_the_sum),
        IN_A_WORLD(what_looks_back_a_year_is_not_computed_on_sums),
    };
    return cmocka_run_group_tests_name("roll-up", tests, NULL, NULL);
}
