/* Roll-ups in the boundaries of now against a naive walk over the villages of then and their
 * shares: what moves, what does not, what stays unallocated; and who is expected to report. */
#include <math.h>

#include "office/indicator/rollup.h"
#include "office/lineage/lineage.h"
#include "office/register/register.h"
#include "tests/office/rooms.h"

static const char LEDGER[] =
    "行政区划代码|户籍人口|户数|耕地面积|人均收入|自来水普及率|通硬化路|最远步行|房龄\n"
    "99010101|120|40|100.5|9000|20/40|是|5|31\n"
    "99010102|300|100|200.1|12000|90%|否|70|8\n"
    "99010103|99|50|7.3|8000|未统计|是|不适用|12\n"
    "99010201|80|30|未统计|7000|30/30|未统计|9|5\n"
    "99010202|61|20|31.7|6500|25%|否|4|40\n"
    "99020101|501|160|90|15001|150/160|是|11|3\n";

/* 王庄 has gone into 李庄 of its township, 张庄 nobody knows where; 赵庄 was divided between 李庄
 * of the other township and a new village; 周庄 has moved to the other county; 西镇 is gone. */
static const char NOW[] = "code|level|name\n"
                          "99|province|示范省\n"
                          "9901|county|甲县\n"
                          "990101|township|东镇\n"
                          "99010101|village|李庄村\n"
                          "99010104|village|西岭村\n"
                          "99010105|village|新立村\n"
                          "99010106|village|周庄村\n"
                          "9902|county|乙县\n"
                          "990201|township|南镇\n"
                          "99020101|village|孙庄村\n";

struct moved {
    struct rooms rooms;
    struct unit_tree now;
    struct unit_crosswalk crosswalk;
    struct panel panel;
    struct rollup then;
    struct rollup rollup;
};

static struct unit_id id_of(const struct unit_tree *tree, const char *code)
{
    int place = unit_tree_find_code(tree, str_from(code));

    assert_int_not_equal(place, NONE);
    return tree->units[place].id;
}

/* A confirmed step from a village of then; `after` "": nobody knows where to. */
struct step {
    enum lineage_kind kind;
    const char *before;
    const char *after;
    int64_t num;
    int64_t den;
};

static void add_step(struct moved *in, int64_t batch, const struct step *step)
{
    const struct cx *cx = in->rooms.cx;
    const struct lineage_row row = {
        .id = db_new_id(cx->db, cx->now_ms),
        .day = date_of(2026, 1, 1),
        .kind = step->kind,
        .from = id_of(&in->rooms.tree, step->before),
        .to = step->after[0] == '\0' ? (struct unit_id){0} : id_of(&in->now, step->after),
        .share_num = step->num,
        .share_den = step->den,
        .confidence = LINEAGE_SURE,
        .reason = LINEAGE_BY_HAND,
        .state = LINEAGE_CONFIRMED,
        .basis = STR("minutes 1"),
        .home = id_of(&in->rooms.tree, "9901"),
    };

    assert_int_equal(office_enter(cx, DB_WRITE), RC_OK);
    assert_int_equal(office_leave(cx, lineage_insert(cx, &row, batch)), RC_OK);
}

static void add_steps(struct moved *in, int64_t batch)
{
    static const struct step STEPS[] = {
        {LINEAGE_MERGE, "99010102", "99010101", 1, 1},
        {LINEAGE_MERGE, "99010103", "", 1, 1},
        {LINEAGE_MERGE, "99010201", "99010104", 1, 1},
        {LINEAGE_SPLIT, "99010202", "99010101", 1, 3},
        {LINEAGE_SPLIT, "99010202", "99010105", 2, 3},
        {LINEAGE_MERGE, "99020102", "99010106", 1, 1},
    };

    for (size_t i = 0; i < COUNT_OF(STEPS); i++) {
        add_step(in, batch, &STEPS[i]);
    }
}

static void make(void **state, const char *ledger, struct moved *out)
{
    struct change_list list = {0};
    struct batch batch = {0};
    struct rooms *rooms = &out->rooms;

    *out = (struct moved){.now = {.count = 0}};
    rooms_open(*state, rooms);
    const struct ledger_job job = rooms_job(rooms);
    assert_int_equal(rooms_import(rooms, ledger, &job, &list, &batch), RC_OK);
    int64_t register_batch =
        rooms_register_from(rooms, NOW, date_of(2026, 1, 1), REGISTER_ACCEPT_NONE);
    assert_int_equal(unit_tree_load(rooms->cx, rooms->programme, date_of(2027, 1, 1), &out->now),
                     RC_OK);
    add_steps(out, register_batch);
    assert_int_equal(unit_crosswalk_load(rooms->cx, &rooms->tree, &out->now, &out->crosswalk),
                     RC_OK);
    rooms_panel(rooms, 2024, &out->panel);
    const struct rollup_bounds bounds = {&out->now, &out->crosswalk};
    assert_int_equal(rollup_make(&out->panel, NULL, &out->then), RC_OK);
    assert_int_equal(rollup_make(&out->panel, &bounds, &out->rollup), RC_OK);
}

/* What the naive walk adds up. */
struct naive {
    double num;
    double den;
    double most;
    uint32_t known;
    uint32_t applicable;
    double values[16]; /* known ones, ascending where a median is asked for */
};

typedef void (*adding)(const struct moved *in, int row, const struct unit_share *share,
                       struct naive *out);

static double share_of(const struct unit_share *share)
{
    return (double)share->num / (double)share->den;
}

static double value_of(const struct moved *in, const char *id, int row)
{
    return panel_number(&in->panel, rooms_indicator(&in->rooms, id), row);
}

/* Every share of every village of then that lies in `place`, or right at it (`is_rest`). */
static struct naive walk(const struct moved *in, int place, bool is_rest, int indicator,
                         bool needs_whole, adding add)
{
    struct naive out = {.most = -1.0};

    for (int i = 0; i < in->crosswalk.count; i++) {
        const struct unit_share *share = &in->crosswalk.shares[i];
        int row = in->panel.rows[share->from];
        bool is_there = is_rest ? share->to == place
                                : share->to >= place && share->to < in->now.units[place].end;
        if (row == NONE || !is_there) {
            continue;
        }
        enum expr_state state = panel_state(&in->panel, indicator, row);
        out.applicable += state == EXPR_NOT_APPLICABLE ? 0 : 1;
        if (state == EXPR_KNOWN && (!needs_whole || share->is_whole)) {
            out.known++;
            add(in, row, share, &out);
        }
    }
    return out;
}

static void expect(const struct moved *in, const char *id, bool needs_whole, adding add,
                   double (*result)(const struct naive *naive))
{
    int indicator = rooms_indicator(&in->rooms, id);

    for (int place = 0; place < in->now.count; place++) {
        for (int is_rest = 0; is_rest < (in->now.units[place].level < 3 ? 2 : 1); is_rest++) {
            struct naive naive = walk(in, place, is_rest == 1, indicator, needs_whole, add);
            struct rolled rolled =
                is_rest ? rollup_rest(&in->rollup, place, indicator, in->rooms.cx->arena)
                        : rollup_unit(&in->rollup, place, indicator, in->rooms.cx->arena);
            assert_int_equal(rolled.known, naive.known);
            assert_int_equal(rolled.applicable, naive.applicable);
            assert_int_equal(rolled.state, naive.known == 0 ? EXPR_MISSING : EXPR_KNOWN);
            if (naive.known > 0) {
                assert_true(fabs(rolled.value - result(&naive)) < 1e-9);
            }
        }
    }
}

static double num_of(const struct naive *naive)
{
    return naive->num;
}

static double ratio_of(const struct naive *naive)
{
    return naive->num / naive->den;
}

static double most_of(const struct naive *naive)
{
    return naive->most;
}

static void add_people(const struct moved *in, int row, const struct unit_share *share,
                       struct naive *out)
{
    out->num += value_of(in, "POP", row) * share_of(share);
}

static void add_land(const struct moved *in, int row, const struct unit_share *share,
                     struct naive *out)
{
    out->num += value_of(in, "LAND", row) * share_of(share);
}

static void stocks_move_by_share(void **state)
{
    struct moved in;

    make(state, LEDGER, &in);
    expect(&in, "POP", false, add_people, num_of);
    expect(&in, "LAND", false, add_land, num_of);
}

static void add_income(const struct moved *in, int row, const struct unit_share *share,
                       struct naive *out)
{
    double people = value_of(in, "POP", row) * share_of(share);

    out->num += value_of(in, "INCOME", row) * people;
    out->den += people;
}

static void add_water(const struct moved *in, int row, const struct unit_share *share,
                      struct naive *out)
{
    double homes = value_of(in, "HOMES", row) * share_of(share);

    out->num += value_of(in, "WATER", row) * homes;
    out->den += homes;
}

static void ratios_and_means_move_by_both_sides(void **state)
{
    struct moved in;

    make(state, LEDGER, &in);
    expect(&in, "INCOME", false, add_income, ratio_of);
    expect(&in, "WATER", false, add_water, ratio_of);
}

static void add_road(const struct moved *in, int row, const struct unit_share *share,
                     struct naive *out)
{
    (void)share;
    out->num += value_of(in, "ROAD", row);
    out->den += 1.0;
}

static void add_far(const struct moved *in, int row, const struct unit_share *share,
                    struct naive *out)
{
    (void)share;
    out->most = fmax(out->most, value_of(in, "FAR", row));
}

static void add_middle(const struct moved *in, int row, const struct unit_share *share,
                       struct naive *out)
{
    double x = value_of(in, "MIDDLE", row);
    uint32_t at = out->known - 1;

    (void)share;
    for (; at > 0 && out->values[at - 1] > x; at--) {
        out->values[at] = out->values[at - 1];
    }
    out->values[at] = x;
}

static double middle_of(const struct naive *naive)
{
    return (naive->values[(naive->known - 1) / 2] + naive->values[naive->known / 2]) / 2.0;
}

/* Of 李庄, which took others in, nobody knows whether it has a road now. */
static void conditions_and_extremes_stay_only_one_to_one(void **state)
{
    struct moved in;

    make(state, LEDGER, &in);
    expect(&in, "ROAD", true, add_road, ratio_of);
    expect(&in, "FAR", true, add_far, most_of);
    expect(&in, "MIDDLE", true, add_middle, middle_of);
}

static double rolled_value(const struct moved *in, const struct rollup *rollup, const char *id)
{
    return rollup_unit(rollup, 0, rooms_indicator(&in->rooms, id), in->rooms.cx->arena).value;
}

static void totals_are_the_same_in_any_boundaries(void **state)
{
    static const char *const IDS[] = {"POP", "HOMES", "LAND", "INCOME", "WATER", "SIZE"};
    struct moved in;

    make(state, LEDGER, &in);
    for (size_t i = 0; i < COUNT_OF(IDS); i++) {
        double then = rolled_value(&in, &in.then, IDS[i]);
        assert_true(fabs(rolled_value(&in, &in.rollup, IDS[i]) - then) < 1e-9 * then);
    }
    assert_true(fabs(rolled_value(&in, &in.rollup, "POP") - 1161.0) < 1e-9);
}

/* A unit is what lies below it and what is unallocated in it. */
static void what_is_below_and_what_is_unallocated_make_the_unit(void **state)
{
    struct moved in;

    make(state, LEDGER, &in);
    struct arena *arena = in.rooms.cx->arena;
    int people = rooms_indicator(&in.rooms, "POP");
    for (int place = 0; place < in.now.count; place++) {
        double below = 0.0;
        for (int at = place + 1; at < in.now.units[place].end; at = in.now.units[at].end) {
            struct rolled part = rollup_unit(&in.rollup, at, people, arena);
            below += part.state == EXPR_KNOWN ? part.value : 0.0;
        }
        if (in.now.units[place].level < 3) {
            struct rolled rest = rollup_rest(&in.rollup, place, people, arena);
            below += rest.state == EXPR_KNOWN ? rest.value : 0.0;
            assert_true(fabs(rollup_unit(&in.rollup, place, people, arena).value - below) < 1e-9);
        }
    }
    int town = unit_tree_find_code(&in.now, STR("990101"));
    assert_true(rollup_rest(&in.rollup, town, people, arena).value == 99.0);
}

/* Two of the seven villages are residents' committees, which the programme's scheme does not
 * place: one is silent, one reported though nobody asked. */
static void only_kinds_that_are_asked_are_expected(void **state)
{
    static const char TEXT[] = "行政区划代码|户籍人口|户数\n"
                               "99010101|120|40\n99010103|99|未统计\n";
    struct rooms rooms;
    struct panel panel;
    struct rollup rollup;
    struct change_list list = {0};
    struct batch batch = {0};

    rooms_open(*state, &rooms);
    const struct ledger_job job = rooms_job(&rooms);
    assert_int_equal(rooms_import(&rooms, TEXT, &job, &list, &batch), RC_OK);
    struct unit *units = ARENA_NEW(rooms.cx->arena, struct unit, (size_t)rooms.tree.count);
    for (int i = 0; i < rooms.tree.count; i++) {
        units[i] = rooms.tree.units[i];
    }
    units[rooms_place(&rooms, "99010103")].kind = NONE;
    units[rooms_place(&rooms, "99010102")].kind = NONE;
    rooms.tree.units = units;
    rooms_panel(&rooms, 2024, &panel);
    assert_int_equal(rollup_make(&panel, NULL, &rollup), RC_OK);
    int town = rooms_place(&rooms, "990101");
    struct arena *arena = rooms.cx->arena;
    struct rolled people = rollup_unit(&rollup, town, rooms_indicator(&rooms, "POP"), arena);
    assert_int_equal(people.known, 2);
    assert_int_equal(people.applicable, 2);
    struct rolled homes = rollup_unit(&rollup, town, rooms_indicator(&rooms, "HOMES"), arena);
    assert_int_equal(homes.known, 1);
    assert_int_equal(homes.applicable, 1);
    struct rolled size = rollup_unit(&rollup, town, rooms_indicator(&rooms, "SIZE"), arena);
    assert_int_equal(size.known, 1);
    assert_int_equal(size.applicable, 1);
    assert_int_equal(rollup_unit(&rollup, 0, rooms_indicator(&rooms, "POP"), arena).applicable, 6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_WORLD(stocks_move_by_share),
        IN_A_WORLD(ratios_and_means_move_by_both_sides),
        IN_A_WORLD(conditions_and_extremes_stay_only_one_to_one),
        IN_A_WORLD(totals_are_the_same_in_any_boundaries),
        IN_A_WORLD(what_is_below_and_what_is_unallocated_make_the_unit),
        IN_A_WORLD(only_kinds_that_are_asked_are_expected),
    };
    return cmocka_run_group_tests_name("moved", tests, NULL, NULL);
}
