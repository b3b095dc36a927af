/* Tiles, read back by a reader of their own: geometry against plain formulas, properties, limits.
 * What another program reads is tested by tests/web/map_test.py. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/test_arena.h"
#include "format/tile/tile.h"

enum { POINTS_MAX = 4096, FIELDS_MAX = 400, ROUNDS = 300, GRID = 9, WHOLE = 4096 + 2 * 64 };

static uint64_t dice = 88172645463325252u;

/* xorshift64 (Marsaglia 2003) */
static int roll(int below)
{
    dice ^= dice << 13;
    dice ^= dice >> 7;
    dice ^= dice << 17;
    return (int)(dice % (uint64_t)below);
}

/* ---- a reader of protocol buffers ---- */

static uint64_t take_varint(str *rest)
{
    uint64_t number = 0;

    for (int shift = 0;; shift += 7) {
        assert_true(rest->len > 0 && shift < 64);
        if (rest->at == NULL) {
            return 0; /* for readers that do not know that the line above ends the test */
        }
        unsigned char byte = (unsigned char)rest->at[0];
        *rest = str_part(*rest, 1, rest->len);
        number |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80) {
            return number;
        }
    }
}

struct field {
    int number;
    int wire;
    uint64_t value;
    str bytes;
};

static struct field take_field(str *rest)
{
    uint64_t tag = take_varint(rest);
    struct field field = {.number = (int)(tag >> 3), .wire = (int)(tag & 7)};
    size_t len = 8;

    if (field.wire == 0) {
        field.value = take_varint(rest);
        return field;
    }
    assert_true(field.wire == 1 || field.wire == 2);
    if (field.wire == 2) {
        len = (size_t)take_varint(rest);
    }
    assert_true(len <= rest->len);
    field.bytes = str_part(*rest, 0, len);
    *rest = str_part(*rest, len, rest->len);
    return field;
}

/* The fields of that number, in order. */
static int take_all(str message, int number, struct field *out)
{
    int count = 0;

    while (message.len > 0) {
        struct field field = take_field(&message);
        if (field.number == number) {
            assert_true(count < FIELDS_MAX);
            out[count++] = field;
        }
    }
    return count;
}

struct ring {
    int64_t x[POINTS_MAX];
    int64_t y[POINTS_MAX];
    int count;
};

static int64_t unzigzag(uint64_t number)
{
    return (int64_t)(number >> 1) ^ -(int64_t)(number & 1);
}

static void read_geometry(str commands, struct ring *ring)
{
    int64_t x = 0;
    int64_t y = 0;

    *ring = (struct ring){.count = 0};
    assert_int_equal(take_varint(&commands), 1 << 3 | 1);
    for (uint64_t more = 1; more > 0; more--) {
        x += unzigzag(take_varint(&commands));
        y += unzigzag(take_varint(&commands));
        assert_true(ring->count < POINTS_MAX);
        ring->x[ring->count] = x;
        ring->y[ring->count++] = y;
        if (ring->count == 1) {
            uint64_t command = take_varint(&commands);
            assert_int_equal(command & 7, 2);
            more += command >> 3;
        }
    }
    assert_int_equal(take_varint(&commands), 1 << 3 | 7);
    assert_int_equal(commands.len, 0);
}

static int64_t twice_area(const struct ring *ring)
{
    int64_t area = 0;

    for (int i = 0; i < ring->count; i++) {
        int k = (i + 1) % ring->count;
        area += ring->x[i] * ring->y[k] - ring->x[k] * ring->y[i];
    }
    return area;
}

/* The rings of the only layer. */
static int read_rings(str bytes, struct ring *out)
{
    static struct field features[FIELDS_MAX];
    static struct field layers[FIELDS_MAX];
    static struct field geometry[FIELDS_MAX];
    int count = 0;

    if (take_all(bytes, 3, layers) == 0) {
        return 0;
    }
    count = take_all(layers[0].bytes, 2, features);
    for (int i = 0; i < count; i++) {
        assert_int_equal(take_all(features[i].bytes, 4, geometry), 1);
        read_geometry(geometry[0].bytes, &out[i]);
    }
    return count;
}

static str done(struct tile *tile)
{
    str bytes = {0};

    assert_true(tile_done(tile, &bytes));
    return bytes;
}

/* ---- plain formulas ---- */

static double tile_x(struct tile_at at, double lon)
{
    return ((lon + 180.0) / 360.0 * pow(2.0, at.z) - (double)at.x) * 4096.0;
}

static double tile_y(struct tile_at at, double lat)
{
    double radians = lat * 3.14159265358979323846 / 180.0;
    double part = asinh(tan(radians)) / 3.14159265358979323846;

    return ((1.0 - part) / 2.0 * pow(2.0, at.z) - (double)at.y) * 4096.0;
}

/* A tile near 0, 0 where a province would lie. */
static struct tile_at some_tile(void)
{
    int z = 6 + roll(9);

    return (struct tile_at){z, (1 << (z - 1)) - 1 - roll(3), (1 << (z - 1)) - 1 + roll(3)};
}

static struct geo_point point_in(struct tile_at at, double x, double y)
{
    double lon = ((x / 4096.0 + (double)at.x) / pow(2.0, at.z)) * 360.0 - 180.0;
    double part = 1.0 - 2.0 * (y / 4096.0 + (double)at.y) / pow(2.0, at.z);
    double lat = atan(sinh(part * 3.14159265358979323846)) * 180.0 / 3.14159265358979323846;

    return (struct geo_point){(int32_t)lround(lon * 1e6), (int32_t)lround(lat * 1e6)};
}

/* ---- tests ---- */

static const struct tile_at MIDDLE = {10, 512, 511};

static struct geo_ring square(struct tile_at at, double x, double y, double side)
{
    struct geo_point *points = ARENA_NEW(&arena, struct geo_point, 4);

    points[0] = point_in(at, x, y + side);
    points[1] = point_in(at, x + side, y + side);
    points[2] = point_in(at, x + side, y);
    points[3] = point_in(at, x, y);
    return (struct geo_ring){points, 4};
}

static void a_square_comes_out_where_it_went_in(void **state)
{
    static struct ring rings[2];
    struct tile *tile = tile_new(MIDDLE, &arena);

    (void)state;
    tile_layer(tile, STR("village"));
    assert_true(tile_polygon(tile, 7, square(MIDDLE, 800, 1600, 240)));
    assert_int_equal(read_rings(done(tile), rings), 1);
    assert_int_equal(rings[0].count, 4);
    assert_true(twice_area(&rings[0]) == (int64_t)2 * 240 * 240);
    for (int i = 0; i < 4; i++) {
        assert_true(rings[0].x[i] == 800 || rings[0].x[i] == 1040);
        assert_true(rings[0].y[i] == 1600 || rings[0].y[i] == 1840);
    }
}

static void corners_lie_where_the_formula_of_the_projection_says(void **state)
{
    static struct ring rings[2];

    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        struct tile_at at = some_tile();
        struct geo_ring ring = square(at, roll(3000), roll(3000), 100 + roll(900));
        struct tile *tile = tile_new(at, &arena);
        tile_layer(tile, STR("a"));
        assert_true(tile_polygon(tile, 1, ring));
        assert_int_equal(read_rings(done(tile), rings), 1);
        for (size_t i = 0; i < ring.count; i++) {
            double x = tile_x(at, ring.at[i].lon / 1e6);
            double y = tile_y(at, ring.at[i].lat / 1e6);
            bool is_there = false;
            for (int k = 0; k < rings[0].count; k++) {
                is_there = is_there || (fabs((double)rings[0].x[k] - x) <= TILE_STEP / 2.0 + 0.01 &&
                                        fabs((double)rings[0].y[k] - y) <= TILE_STEP / 2.0 + 0.01);
            }
            assert_true(is_there);
        }
    }
}

/* A net of crooked four-sided pieces over the tile and far around it. */
static struct geo_point net[GRID][GRID];

static void make_net(struct tile_at at)
{
    for (int i = 0; i < GRID; i++) {
        for (int k = 0; k < GRID; k++) {
            net[i][k] = point_in(at, -2000 + 1000 * i + roll(400), -2000 + 1000 * k + roll(400));
        }
    }
}

static struct geo_ring piece(int i, int k)
{
    struct geo_point *points = ARENA_NEW(&arena, struct geo_point, 4);

    points[0] = net[i][k];
    points[1] = net[i][k + 1];
    points[2] = net[i + 1][k + 1];
    points[3] = net[i + 1][k];
    return (struct geo_ring){points, 4};
}

/* So borders are shared to the unit: no gap, no overlap, after simplifying and clipping. */
static void pieces_that_fill_the_plane_fill_every_tile(void **state)
{
    static struct ring rings[GRID * GRID];

    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        struct tile_at at = some_tile();
        struct tile *tile = tile_new(at, &arena);
        int64_t area = 0;
        make_net(at);
        tile_layer(tile, STR("a"));
        for (int i = 0; i < (GRID - 1) * (GRID - 1); i++) {
            (void)tile_polygon(tile, (uint64_t)i, piece(i / (GRID - 1), i % (GRID - 1)));
        }
        int count = read_rings(done(tile), rings);
        for (int i = 0; i < count; i++) {
            assert_true(twice_area(&rings[i]) > 0);
            area += twice_area(&rings[i]);
        }
        assert_true(area == 2 * (int64_t)WHOLE * WHOLE);
    }
}

static void nothing_lies_beyond_the_buffer_and_no_corner_is_needless(void **state)
{
    static struct ring rings[2];

    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        struct tile_at at = some_tile();
        size_t count = 3 + (size_t)roll(200);
        struct geo_point *points = ARENA_NEW(&arena, struct geo_point, count);
        for (size_t i = 0; i < count; i++) { /* crossing itself as it likes */
            points[i] = point_in(at, roll(8000) - 2000, roll(8000) - 2000);
        }
        struct tile *tile = tile_new(at, &arena);
        tile_layer(tile, STR("a"));
        bool is_there = tile_polygon(tile, 1, (struct geo_ring){points, count});
        assert_int_equal(read_rings(done(tile), rings), is_there ? 1 : 0);
        for (int i = 0; is_there && i < rings[0].count; i++) {
            int n = rings[0].count;
            int a = (i + n - 1) % n;
            int b = (i + 1) % n;
            int64_t turn = (rings[0].x[i] - rings[0].x[a]) * (rings[0].y[b] - rings[0].y[i]) -
                           (rings[0].y[i] - rings[0].y[a]) * (rings[0].x[b] - rings[0].x[i]);
            assert_true(turn != 0);
            assert_true(rings[0].x[i] >= -64 && rings[0].x[i] <= 4096 + 64);
            assert_true(rings[0].y[i] >= -64 && rings[0].y[i] <= 4096 + 64);
        }
    }
}

static void what_its_box_does_not_touch_is_not_in_a_tile(void **state)
{
    (void)state;
    for (int round = 0; round < 20 * ROUNDS; round++) {
        struct tile_at at = some_tile();
        struct geo_box box = tile_box(at);
        struct geo_ring ring = square(at, roll(9000) - 2500, roll(9000) - 2500, 1 + roll(900));
        bool is_apart = ring.at[0].lon > box.east || ring.at[1].lon < box.west ||
                        ring.at[2].lat < box.south || ring.at[0].lat > box.north;
        struct tile *tile = tile_new(at, &arena);
        tile_layer(tile, STR("a"));
        if (tile_polygon(tile, 1, ring)) {
            assert_false(is_apart);
        }
    }
}

static void what_is_smaller_than_half_a_pixel_is_left_out(void **state)
{
    struct tile *tile = tile_new(MIDDLE, &arena);

    (void)state;
    tile_layer(tile, STR("a"));
    assert_false(tile_polygon(tile, 1, square(MIDDLE, 801, 801, 2)));
    tile_text(tile, STR("name"), STR("passed over"));
    assert_int_equal(done(tile).len, 0);
}

/* The properties of one feature by the layer's keys and values. */
static void properties_come_back_and_equal_ones_stand_once(void **state)
{
    static struct field fields[FIELDS_MAX];
    static struct field features[FIELDS_MAX];
    static struct field keys[FIELDS_MAX];
    static struct field values[FIELDS_MAX];
    struct tile *tile = tile_new(MIDDLE, &arena);
    double number = 0.0;

    (void)state;
    tile_layer(tile, STR("empty"));
    tile_layer(tile, STR("village"));
    for (int i = 0; i < 2; i++) {
        assert_true(tile_polygon(tile, 300 + (uint64_t)i, square(MIDDLE, 800 * i, 80, 240)));
        tile_text(tile, STR("name"), STR("示范村"));
        tile_int(tile, STR("known"), -3);
        tile_number(tile, STR("share"), 62.5);
        tile_bool(tile, STR("approved"), true);
    }
    assert_int_equal(take_all(done(tile), 3, fields), 1);
    str layer = fields[0].bytes;
    assert_int_equal(take_all(layer, 15, fields), 1);
    assert_int_equal(fields[0].value, 2);
    assert_int_equal(take_all(layer, 5, fields), 1);
    assert_int_equal(fields[0].value, 4096);
    assert_int_equal(take_all(layer, 1, fields), 1);
    assert_true(str_equal(fields[0].bytes, STR("village")));
    assert_int_equal(take_all(layer, 2, features), 2);
    assert_int_equal(take_all(layer, 3, keys), 4);
    assert_int_equal(take_all(layer, 4, values), 4);
    assert_true(str_equal(keys[1].bytes, STR("known")));
    assert_int_equal(take_all(features[1].bytes, 1, fields), 1);
    assert_int_equal(fields[0].value, 301);
    assert_int_equal(take_all(features[1].bytes, 3, fields), 1);
    assert_int_equal(fields[0].value, 3);
    assert_int_equal(take_all(features[1].bytes, 2, fields), 1);
    assert_int_equal(fields[0].bytes.len, 8);
    assert_memory_equal(fields[0].bytes.at, "\0\0\1\1\2\2\3\3", 8);
    assert_int_equal(take_all(values[0].bytes, 1, fields), 1);
    assert_true(str_equal(fields[0].bytes, STR("示范村")));
    assert_int_equal(take_all(values[1].bytes, 6, fields), 1);
    assert_int_equal(unzigzag(fields[0].value), -3);
    assert_int_equal(take_all(values[2].bytes, 3, fields), 1);
    assert_true(fields[0].bytes.len == sizeof(number));
    if (fields[0].bytes.at != NULL) {
        memcpy(&number, fields[0].bytes.at, sizeof(number));
    }
    assert_true(number == 62.5);
    assert_int_equal(take_all(values[3].bytes, 7, fields), 1);
    assert_int_equal(fields[0].value, 1);
}

static void a_tile_that_grows_too_big_says_so(void **state)
{
    struct tile *tile = tile_new(MIDDLE, &arena);
    char *text = ARENA_NEW(&arena, char, 64 << 10);
    str bytes = {0};

    (void)state;
    memset(text, 'a', 64 << 10);
    tile_layer(tile, STR("a"));
    for (int i = 0; i < 140; i++) {
        assert_true(tile_polygon(tile, (uint64_t)i, square(MIDDLE, 800, 80, 240)));
        text[0] = (char)i;
        tile_text(tile, STR("name"), (str){text, 64 << 10});
    }
    assert_false(tile_done(tile, &bytes));
}

static void only_tiles_of_the_world_are_there(void **state)
{
    (void)state;
    assert_true(tile_is_there((struct tile_at){0, 0, 0}));
    assert_true(tile_is_there((struct tile_at){22, (1 << 22) - 1, 0}));
    assert_false(tile_is_there((struct tile_at){23, 0, 0}));
    assert_false(tile_is_there((struct tile_at){-1, 0, 0}));
    assert_false(tile_is_there((struct tile_at){3, 8, 0}));
    assert_false(tile_is_there((struct tile_at){3, 0, 8}));
    assert_false(tile_is_there((struct tile_at){3, -1, 0}));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_ARENA(a_square_comes_out_where_it_went_in),
        WITH_ARENA(corners_lie_where_the_formula_of_the_projection_says),
        WITH_ARENA(pieces_that_fill_the_plane_fill_every_tile),
        WITH_ARENA(nothing_lies_beyond_the_buffer_and_no_corner_is_needless),
        WITH_ARENA(what_its_box_does_not_touch_is_not_in_a_tile),
        WITH_ARENA(what_is_smaller_than_half_a_pixel_is_left_out),
        WITH_ARENA(properties_come_back_and_equal_ones_stand_once),
        WITH_ARENA(a_tile_that_grows_too_big_says_so),
        WITH_ARENA(only_tiles_of_the_world_are_there),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
