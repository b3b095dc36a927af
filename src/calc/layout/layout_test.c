/* The schematic map: properties on random trees, against slow references. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/test_arena.h"
#include "calc/layout/layout.h"
#include "calc/stat/draw.h"

enum { TREES = 60, TREE_MAX = 400, CURVE = 20000, PROVINCE_LEVELS = 4 };

static uint64_t dice;

static int roll(int below)
{
    return (int)(draw_bits((struct draw_at){17, 3, dice++}).first % (uint64_t)below);
}

struct world {
    int *parent;
    int64_t *rank;
    int count;
    struct layout layout;
};

static struct world room_for(int count)
{
    return (struct world){
        .parent = ARENA_NEW(&arena, int, (size_t)count),
        .rank = ARENA_NEW(&arena, int64_t, (size_t)count),
        .count = count,
    };
}

static struct world random_tree(void)
{
    struct world world = room_for(1 + roll(TREE_MAX));
    int fan = 1 + roll(40);

    world.parent[0] = -1;
    for (int i = 0; i < world.count; i++) {
        int from = i > fan ? i - fan : 0;
        world.parent[i] = i == 0 ? -1 : (from + roll(i - from)) / (1 + roll(3));
        world.rank[i] = roll(50);
    }
    layout_make(world.parent, world.rank, world.count, &arena, &world.layout);
    return world;
}

/* The shape of a real province: 11 cities, 117 counties, 1352 townships, 18851 villages. */
static struct world province(void)
{
    static const int COUNTS[PROVINCE_LEVELS] = {11, 117, 1352, 18851};
    struct world world = room_for(1 + 11 + 117 + 1352 + 18851);
    int above = 0;
    int above_count = 1;
    int at = 1;

    world.parent[0] = -1;
    for (int level = 0; level < PROVINCE_LEVELS; level++) {
        int begin = at;
        for (int i = 0; i < COUNTS[level]; i++) {
            double where = sqrt((double)i / COUNTS[level]); /* sizes differ by several times */
            world.parent[at] = above + (int)(where * above_count);
            world.rank[at] = at;
            at++;
        }
        above = begin;
        above_count = COUNTS[level];
    }
    layout_make(world.parent, world.rank, world.count, &arena, &world.layout);
    return world;
}

static int distance(struct layout_cell a, struct layout_cell b)
{
    int q = abs(a.q - b.q);
    int r = abs(a.r - b.r);
    int s = abs(a.q + a.r - b.q - b.r);

    return (q + r + s) / 2;
}

static bool is_leaf(const struct world *world, int unit)
{
    for (int i = unit + 1; i < world->count; i++) {
        if (world->parent[i] == unit) {
            return false;
        }
    }
    return true;
}

static double twice_area(struct geo_ring ring)
{
    double area = 0.0;

    for (size_t i = 0; i < ring.count; i++) {
        struct geo_point a = ring.at[i];
        struct geo_point b = ring.at[(i + 1) % ring.count];
        area += (double)a.lon * b.lat - (double)b.lon * a.lat;
    }
    return area;
}

static bool has(struct geo_ring ring, double lon, double lat)
{
    bool is_in = false;

    for (size_t i = 0; i < ring.count; i++) {
        struct geo_point a = ring.at[i];
        struct geo_point b = ring.at[(i + 1) % ring.count];
        if ((a.lat > lat) != (b.lat > lat) &&
            lon < (double)(b.lon - a.lon) * (lat - a.lat) / (double)(b.lat - a.lat) + a.lon) {
            is_in = !is_in;
        }
    }
    return is_in;
}

/* The text with every A and B as its rule has it. */
static str rewrite(str text)
{
    static const str RULES[] = {STR_INIT("A-B--B+A++AA+B-"), STR_INIT("+A-BB--B-A++A+B")};
    struct buf next;
    str out = {0};

    buf_init(&next, &arena, 16 * text.len + 16);
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        buf_put(&next, c == 'A' || c == 'B' ? RULES[c - 'A'] : str_part(text, i, 1));
    }
    assert_true(buf_done(&next, &out));
    return out;
}

/* As the two rewriting rules say it, symbol by symbol. */
static void the_curve_is_that_of_its_two_rules(void **state)
{
    str text = rewrite(rewrite(rewrite(rewrite(rewrite(STR("A"))))));
    double lon = 0.0;
    double lat = 0.0;
    int turn = 0;
    int at = 0;

    (void)state;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        turn += c == '+' ? 1 : c == '-' ? -1 : 0;
        if (c == 'A' || c == 'B') {
            struct layout_cell cell = layout_curve(at++);
            assert_true(fabs(cell.q + 0.5 * cell.r - lon) < 1e-6);
            assert_true(fabs(sqrt(0.75) * cell.r - lat) < 1e-6);
            lon += cos(turn * acos(0.5));
            lat += sin(turn * acos(0.5));
        }
    }
    assert_int_equal(at, 16807);
}

static void the_curve_goes_from_neighbour_to_neighbour(void **state)
{
    (void)state;
    for (int i = 1; i < CURVE; i++) {
        assert_int_equal(distance(layout_curve(i - 1), layout_curve(i)), 1);
    }
}

static void everybody_finds_a_cell_in_the_open_sea(void **state)
{
    (void)state;
    for (int i = 0; i < LAYOUT_UNITS_MAX; i += 97) {
        struct layout_cell at = layout_curve(i);
        assert_true(abs((2 * at.q + at.r) * LAYOUT_STEP_LON) < LAYOUT_REACH);
        assert_true(abs(3 * at.r * LAYOUT_STEP_LAT) < LAYOUT_REACH);
    }
}

static void every_lowest_unit_has_a_cell_of_its_own_in_its_parents(void **state)
{
    (void)state;
    for (int tree = 0; tree < TREES; tree++) {
        struct world world = random_tree();
        int *owners = ARENA_NEW(&arena, int, (size_t)world.layout.cell_count);
        for (int i = 0; i < world.count; i++) {
            int first = world.layout.first[i];
            int above = world.parent[i];
            if (is_leaf(&world, i)) {
                assert_int_equal(world.layout.cells[i], 1);
                assert_int_equal(owners[first]++, 0);
            }
            if (above >= 0) {
                assert_true(first >= world.layout.first[above]);
                assert_true(first + world.layout.cells[i] <=
                            world.layout.first[above] + world.layout.cells[above]);
            }
        }
        for (int i = 0; i < world.layout.cell_count; i++) {
            assert_int_equal(owners[i], 1);
        }
    }
}

static void units_of_one_parent_lie_in_order_of_rank(void **state)
{
    (void)state;
    for (int tree = 0; tree < TREES; tree++) {
        struct world world = random_tree();
        for (int i = 1; i < world.count; i++) {
            for (int k = 1; k < world.count; k++) {
                if (world.parent[i] == world.parent[k] && world.rank[i] < world.rank[k]) {
                    assert_true(world.layout.first[i] < world.layout.first[k]);
                }
            }
        }
    }
}

/* Sides of the unit's cells beyond which nothing of it lies, counted one by one. */
static size_t count_sides(const struct layout *layout, int unit)
{
    int first = layout->first[unit];
    int count = layout->cells[unit];
    size_t inner = 0;

    for (int i = first; i < first + count; i++) {
        for (int k = first; k < first + count; k++) {
            inner += distance(layout->at[i], layout->at[k]) == 1 ? 1 : 0;
        }
    }
    return LAYOUT_SIDES * (size_t)count - inner;
}

/* One ring takes in all sides, so that there is no hole and no second piece; its area is that of
 * the cells, so that it does not cross itself, and positive: counterclockwise. */
static void every_unit_is_one_piece_without_holes(void **state)
{
    const double cell = 12.0 * LAYOUT_STEP_LON * LAYOUT_STEP_LAT;

    (void)state;
    for (int tree = 0; tree < TREES; tree++) {
        struct world world = random_tree();
        for (int i = 0; i < world.count; i++) {
            struct geo_ring ring = layout_ring(&world.layout, i, &arena);
            assert_int_equal(ring.count, count_sides(&world.layout, i));
            assert_true(twice_area(ring) == cell * world.layout.cells[i]);
        }
    }
}

static void a_provinces_units_have_no_holes_either(void **state)
{
    const double cell = 12.0 * LAYOUT_STEP_LON * LAYOUT_STEP_LAT;
    struct world world = province();

    (void)state;
    for (int i = 0; i < world.count; i++) {
        struct arena_mark mark = arena_mark(&arena);
        struct geo_ring ring = layout_ring(&world.layout, i, &arena);
        assert_true(twice_area(ring) == cell * world.layout.cells[i]);
        arena_rewind(&arena, mark);
    }
}

static void the_border_takes_in_exactly_the_units_own_cells(void **state)
{
    (void)state;
    for (int tree = 0; tree < TREES; tree++) {
        struct world world = random_tree();
        int unit = roll(world.count);
        struct geo_ring ring = layout_ring(&world.layout, unit, &arena);
        for (int i = 0; i < world.layout.cell_count; i++) {
            struct layout_cell at = world.layout.at[i];
            bool is_own = i >= world.layout.first[unit] &&
                          i < world.layout.first[unit] + world.layout.cells[unit];
            assert_int_equal(has(ring, (2.0 * at.q + at.r) * LAYOUT_STEP_LON,
                                 3.0 * at.r * LAYOUT_STEP_LAT + 0.5),
                             is_own);
        }
    }
}

static struct geo_box box_around(struct geo_ring ring)
{
    struct geo_box box = {ring.at[0].lon, ring.at[0].lat, ring.at[0].lon, ring.at[0].lat};

    for (size_t k = 0; k < ring.count; k++) {
        struct geo_point at = ring.at[k];
        box = geo_box_join(box, (struct geo_box){at.lon, at.lat, at.lon, at.lat});
    }
    return box;
}

static void the_box_of_a_unit_is_that_of_its_border(void **state)
{
    (void)state;
    for (int tree = 0; tree < TREES; tree++) {
        struct world world = random_tree();
        for (int i = 0; i < world.count; i++) {
            struct geo_box box = box_around(layout_ring(&world.layout, i, &arena));
            assert_memory_equal(&box, &world.layout.boxes[i], sizeof(box));
        }
    }
}

static double cross(struct geo_point a, struct geo_point b, struct geo_point c)
{
    return (double)(b.lon - a.lon) * (c.lat - a.lat) - (double)(b.lat - a.lat) * (c.lon - a.lon);
}

static bool sides_cross(struct geo_point a, struct geo_point b, struct geo_point c,
                        struct geo_point d)
{
    return cross(a, b, c) * cross(a, b, d) < 0.0 && cross(c, d, a) * cross(c, d, b) < 0.0;
}

/* By its border alone: a corner of one in the other, or sides that cross. */
static bool ring_meets(struct geo_ring ring, struct geo_box box)
{
    const struct geo_point corners[] = {
        {box.west, box.south}, {box.east, box.south}, {box.east, box.north}, {box.west, box.north}};
    bool is_met = has(ring, box.west + 0.25, box.south + 0.25);

    for (size_t i = 0; i < ring.count; i++) {
        struct geo_point a = ring.at[i];
        struct geo_point b = ring.at[(i + 1) % ring.count];
        is_met = is_met || (a.lon >= box.west && a.lon <= box.east && a.lat >= box.south &&
                            a.lat <= box.north);
        for (int k = 0; k < 4; k++) {
            is_met = is_met || sides_cross(a, b, corners[k], corners[(k + 1) % 4]);
        }
    }
    return is_met;
}

static void a_box_meets_the_units_whose_border_or_land_it_touches(void **state)
{
    int met = 0;

    (void)state;
    for (int tree = 0; tree < 10 * TREES; tree++) {
        struct world world = random_tree();
        int unit = roll(world.count);
        struct geo_box all = world.layout.boxes[0];
        struct geo_box box = {.west = all.west - 9001 + 2 * roll((all.east - all.west) / 2),
                              .south = all.south - 9001 + 2 * roll((all.north - all.south) / 2)};
        box.east = box.west + 1 + roll(40000);
        box.north = box.south + 1 + roll(40000);
        bool is_met = ring_meets(layout_ring(&world.layout, unit, &arena), box);
        assert_int_equal(layout_meets(&world.layout, unit, box), is_met);
        met += is_met ? 1 : 0;
    }
    assert_true(met > TREES / 2);
}

/* What lies so many cells further on the curve is at most 2.8 times the root of it away: so a few
 * units that come or go move nobody far. */
static void what_is_near_on_the_curve_is_near_on_the_map(void **state)
{
    struct layout_cell *at = ARENA_NEW(&arena, struct layout_cell, CURVE);

    (void)state;
    for (int i = 0; i < CURVE; i++) {
        at[i] = layout_curve(i);
    }
    for (int pair = 0; pair < 2000000; pair++) {
        int i = roll(CURVE - 1);
        int k = 1 + roll(pair % 2 == 0 ? 100 : CURVE - 1 - i);
        if (i + k < CURVE) {
            assert_true(distance(at[i], at[i + k]) <= 2.8 * sqrt(k));
        }
    }
}

/* A real year: 85 villages go, 105 come, newest last within their township. */
static void after_a_year_of_changes_everybody_is_near_his_place(void **state)
{
    struct world before = province();
    int villages = before.count - 18851;
    struct world after = room_for(before.count - 85 + 105);
    int *was = ARENA_NEW(&arena, int, (size_t)after.count);
    bool *goes = ARENA_NEW(&arena, bool, (size_t)before.count);
    int64_t total = 0;
    int most = 0;
    int stay = 0;

    (void)state;
    for (int gone = 0; gone < 85;) {
        int unit = villages + roll(18851);
        gone += goes[unit] ? 0 : 1;
        goes[unit] = true;
    }
    for (int i = 0; i < before.count; i++) {
        if (!goes[i]) {
            after.parent[stay] = before.parent[i]; /* nobody above the villages goes */
            after.rank[stay] = before.rank[i];
            was[stay++] = i;
        }
    }
    for (int i = stay; i < after.count; i++) {
        after.parent[i] = villages - 1 - roll(1352);
        after.rank[i] = before.count + i;
    }
    layout_make(after.parent, after.rank, after.count, &arena, &after.layout);
    for (int i = villages; i < stay; i++) {
        int moved = distance(after.layout.at[after.layout.first[i]],
                             before.layout.at[before.layout.first[was[i]]]);
        total += moved;
        most = moved > most ? moved : most;
    }
    print_message("# moved %.2f hexagons on average, %d at most, of a map some 150 wide\n",
                  (double)total / (stay - villages), most);
    assert_true(most <= 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_ARENA(the_curve_is_that_of_its_two_rules),
        WITH_ARENA(the_curve_goes_from_neighbour_to_neighbour),
        WITH_ARENA(everybody_finds_a_cell_in_the_open_sea),
        WITH_ARENA(every_lowest_unit_has_a_cell_of_its_own_in_its_parents),
        WITH_ARENA(units_of_one_parent_lie_in_order_of_rank),
        WITH_ARENA(every_unit_is_one_piece_without_holes),
        WITH_ARENA(a_provinces_units_have_no_holes_either),
        WITH_ARENA(the_border_takes_in_exactly_the_units_own_cells),
        WITH_ARENA(the_box_of_a_unit_is_that_of_its_border),
        WITH_ARENA(a_box_meets_the_units_whose_border_or_land_it_touches),
        WITH_ARENA(what_is_near_on_the_curve_is_near_on_the_map),
        WITH_ARENA(after_a_year_of_changes_everybody_is_near_his_place),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
