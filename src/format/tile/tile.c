/* The bytes of a tile (Mapbox Vector Tile specification 2.1; protocol buffers). */
#include "base/buf.h"
#include "base/map.h"
#include "base/must.h"
#include "format/tile/clip.h"

enum { VERSION = 2, WIRE_VARINT = 0, WIRE_DOUBLE = 1, WIRE_BYTES = 2, POLYGON = 3 };
enum { TILE_LAYER = 3 };
enum {
    LAYER_NAME = 1,
    LAYER_FEATURE = 2,
    LAYER_KEY = 3,
    LAYER_VALUE = 4,
    LAYER_EXTENT = 5,
    LAYER_VERSION = 15,
};
enum { FEATURE_ID = 1, FEATURE_TAGS = 2, FEATURE_TYPE = 3, FEATURE_GEOMETRY = 4 };
enum { VALUE_TEXT = 1, VALUE_DOUBLE = 3, VALUE_SIGNED = 6, VALUE_BOOL = 7 };
enum { MOVE_TO = 1, LINE_TO = 2, CLOSE_PATH = 7, EXPECTED = 64 };

struct tile {
    struct arena *arena;
    struct tile_at at;
    struct buf out;
    /* the layer in hand */
    str name;
    int feature_count;
    struct buf features;
    struct buf keys; /* as they stand in the layer, with their numbers by text; values likewise */
    struct map key_numbers;
    struct buf values;
    struct map value_numbers;
    /* the feature in hand */
    bool has_feature;
    uint64_t id;
    struct buf tags;
    struct buf geometry;
    struct buf value;
};

/* ---- protocol buffers ---- */

static void put_varint(struct buf *to, uint64_t number)
{
    while (number > 0x7f) {
        buf_char(to, (char)((number & 0x7f) | 0x80));
        number >>= 7;
    }
    buf_char(to, (char)number);
}

static uint64_t zigzag(int64_t number)
{
    return ((uint64_t)number << 1) ^ (number < 0 ? UINT64_MAX : 0);
}

static void put_tag(struct buf *to, int field, int wire)
{
    put_varint(to, (uint64_t)field << 3 | (uint64_t)wire);
}

static void put_number(struct buf *to, int field, uint64_t number)
{
    put_tag(to, field, WIRE_VARINT);
    put_varint(to, number);
}

static void put_bytes(struct buf *to, int field, str bytes)
{
    put_tag(to, field, WIRE_BYTES);
    put_varint(to, bytes.len);
    buf_put(to, bytes);
}

/* A message or packed list that has been written on the side; one that is overfull makes what it
 * goes into overfull. */
static void put_part(struct buf *to, int field, const struct buf *part)
{
    str bytes = {0};

    to->overfull = !buf_done(part, &bytes) || to->overfull;
    put_bytes(to, field, bytes);
}

/* ---- layers and features ---- */

static void renew(struct tile *tile, struct buf *buf)
{
    buf_init(buf, tile->arena, TILE_BYTES_MAX);
}

struct tile *tile_new(struct tile_at at, struct arena *arena)
{
    struct tile *tile = ARENA_NEW(arena, struct tile, 1);

    MUST(tile_is_there(at));
    tile->arena = arena;
    tile->at = at;
    renew(tile, &tile->out);
    renew(tile, &tile->tags);
    renew(tile, &tile->geometry);
    renew(tile, &tile->value);
    return tile;
}

static void end_feature(struct tile *tile)
{
    struct buf feature;

    if (!tile->has_feature) {
        return;
    }
    renew(tile, &feature);
    put_number(&feature, FEATURE_ID, tile->id);
    put_part(&feature, FEATURE_TAGS, &tile->tags);
    put_number(&feature, FEATURE_TYPE, POLYGON);
    put_part(&feature, FEATURE_GEOMETRY, &tile->geometry);
    put_part(&tile->features, LAYER_FEATURE, &feature);
    tile->feature_count++;
    tile->has_feature = false;
}

static void put_all(struct buf *to, const struct buf *part)
{
    str bytes = {0};

    to->overfull = !buf_done(part, &bytes) || to->overfull;
    buf_put(to, bytes);
}

static void end_layer(struct tile *tile)
{
    struct buf layer;

    end_feature(tile);
    if (tile->feature_count == 0) {
        return;
    }
    renew(tile, &layer);
    put_number(&layer, LAYER_VERSION, VERSION);
    put_bytes(&layer, LAYER_NAME, tile->name);
    put_all(&layer, &tile->features);
    put_all(&layer, &tile->keys);
    put_all(&layer, &tile->values);
    put_number(&layer, LAYER_EXTENT, TILE_EXTENT);
    put_part(&tile->out, TILE_LAYER, &layer);
    tile->feature_count = 0;
}

void tile_layer(struct tile *tile, str name)
{
    end_layer(tile);
    tile->name = arena_str(tile->arena, name);
    renew(tile, &tile->features);
    renew(tile, &tile->keys);
    renew(tile, &tile->values);
    map_init(&tile->key_numbers, tile->arena, EXPECTED);
    map_init(&tile->value_numbers, tile->arena, EXPECTED);
}

/* ---- geometry ---- */

static void put_command(struct buf *to, int command, size_t count)
{
    put_varint(to, (uint64_t)count << 3 | (uint64_t)command);
}

static void put_step(struct buf *to, struct tile_point from, struct tile_point at)
{
    put_varint(to, zigzag(at.x - from.x));
    put_varint(to, zigzag(at.y - from.y));
}

bool tile_polygon(struct tile *tile, uint64_t id, struct geo_ring ring)
{
    struct tile_ring kept = tile_clip(tile->at, ring, tile->arena);
    struct tile_point from = {0, 0};

    MUST(tile->name.at != NULL);
    end_feature(tile);
    if (kept.count == 0) {
        return false;
    }
    buf_clear(&tile->tags);
    buf_clear(&tile->geometry);
    for (size_t i = 0; i < kept.count; i++) {
        if (i < 2) {
            put_command(&tile->geometry, i == 0 ? MOVE_TO : LINE_TO, i == 0 ? 1 : kept.count - 1);
        }
        put_step(&tile->geometry, from, kept.at[i]);
        from = kept.at[i];
    }
    put_command(&tile->geometry, CLOSE_PATH, 1);
    tile->id = id;
    tile->has_feature = true;
    return true;
}

/* ---- properties ---- */

/* The number under which the layer knows the bytes; they are added when it does not. */
static uint64_t number_of(struct tile *tile, struct map *numbers, struct buf *list, int field,
                          str bytes)
{
    int64_t number = (int64_t)numbers->count;

    if (!map_get(numbers, bytes, &number)) {
        (void)map_put(numbers, arena_str(tile->arena, bytes), number);
        put_bytes(list, field, bytes);
    }
    return (uint64_t)number;
}

static void put_property(struct tile *tile, str key)
{
    str bytes = {0};

    if (!tile->has_feature) {
        return;
    }
    tile->out.overfull = !buf_done(&tile->value, &bytes) || tile->out.overfull;
    put_varint(&tile->tags, number_of(tile, &tile->key_numbers, &tile->keys, LAYER_KEY, key));
    put_varint(&tile->tags,
               number_of(tile, &tile->value_numbers, &tile->values, LAYER_VALUE, bytes));
}

void tile_text(struct tile *tile, str key, str value)
{
    buf_clear(&tile->value);
    put_bytes(&tile->value, VALUE_TEXT, value);
    put_property(tile, key);
}

void tile_int(struct tile *tile, str key, int64_t value)
{
    buf_clear(&tile->value);
    put_number(&tile->value, VALUE_SIGNED, zigzag(value));
    put_property(tile, key);
}

/* Doubles go out with their lowest byte first. */
void tile_number(struct tile *tile, str key, double value)
{
    uint64_t bits = 0;

    buf_clear(&tile->value);
    memcpy(&bits, &value, sizeof(bits));
    put_tag(&tile->value, VALUE_DOUBLE, WIRE_DOUBLE);
    for (int i = 0; i < 8; i++) {
        buf_char(&tile->value, (char)(bits >> (8 * i) & 0xff));
    }
    put_property(tile, key);
}

void tile_bool(struct tile *tile, str key, bool value)
{
    buf_clear(&tile->value);
    put_number(&tile->value, VALUE_BOOL, value ? 1 : 0);
    put_property(tile, key);
}

bool tile_done(struct tile *tile, str *out)
{
    end_layer(tile);
    return buf_done(&tile->out, out);
}
