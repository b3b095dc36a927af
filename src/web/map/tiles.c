/* Vector tiles: a layer a level. */
#include "base/num.h"
#include "format/tile/tile.h"
#include "web/map/map_in.h"

static void put_text(void *self, str key, str text)
{
    tile_text(self, key, text);
}

static void put_number(void *self, str key, int64_t scaled, int decimals)
{
    if (decimals == 0) {
        tile_int(self, key, scaled);
    } else {
        tile_number(self, key, num_to_double(scaled, decimals));
    }
}

static void put_yes(void *self, str key, bool is_true)
{
    tile_bool(self, key, is_true);
}

/* A tile leaves it out. */
static void put_none(void *self, str key, enum property_kind kind)
{
    (void)self;
    (void)key;
    (void)kind;
}

/* "8", "127", "128.mvt" */
static enum rc read_at(struct call *call, struct tile_at *out)
{
    struct act *act = &call->act;
    str row = act->operands[2];
    int64_t z = 0;
    bool is_tile = str_ends(row, STR(".mvt"));

    row = is_tile ? str_part(row, 0, row.len - 4) : row;
    is_tile = is_tile && num_parse_int(act->operands[0], 0, SKETCH_ZOOM_MAX, &z) &&
              num_parse_int(act->operands[1], 0, INT32_MAX, &out->x) &&
              num_parse_int(row, 0, INT32_MAX, &out->y);
    out->z = (int)z;
    return is_tile && tile_is_there(*out)
               ? RC_OK
               : err_set(&act->err, RC_MISSING, MSG_MAP_TILE_NONE, arg_number(SKETCH_ZOOM_MAX));
}

/* Codes of digits alone are numbers that every reader gets whole; 0: none. */
static uint64_t id_of(str code)
{
    int64_t number = 0;

    return num_parse_int(code, 1, (int64_t)1 << 53, &number) ? (uint64_t)number : 0;
}

static void put_layer(const struct mapping *mapping, int level, struct geo_box box,
                      struct tile *tile)
{
    const struct sketch *sketch = &mapping->sketch;
    const struct property_sink sink = {tile, put_text, put_number, put_yes, put_none};

    tile_layer(tile, sketch->programme->levels[level].id);
    for (int i = 0; i < sketch->tree->count; i++) {
        bool is_here = sketch->tree->units[i].level == level && sketch->is_seen[i] &&
                       geo_box_meets(sketch->layout.boxes[i], box);
        if (is_here && tile_polygon(tile, id_of(sketch->tree->units[i].code),
                                    layout_ring(&sketch->layout, i, sketch->cx->arena))) {
            mapping_properties(mapping, i, &sink);
        }
    }
}

static enum rc put_tile(const struct mapping *mapping, struct tile_at at)
{
    struct call *call = mapping->call;
    struct tile *tile = tile_new(at, &call->act.arena);
    struct byte_sink out = spool_sink(call->faces.spool);
    str bytes = {0};

    for (int level = 0; level < call->programme->level_count; level++) {
        if (at.z >= sketch_zoom(&mapping->sketch, level)) {
            put_layer(mapping, level, tile_box(at), tile);
        }
    }
    if (!tile_done(tile, &bytes)) {
        return err_set(&call->act.err, RC_LIMIT, MSG_MAP_TILE_LARGE,
                       arg_count(TILE_BYTES_MAX >> 20));
    }
    return out.take(out.self, bytes);
}

enum rc map_tile(struct call *call)
{
    struct mapping mapping;
    struct tile_at at = {0};
    bool is_known = false;

    TRY(read_at(call, &at));
    TRY(mapping_begin(call, &mapping, &is_known));
    call->type = str_from(call->route->type);
    if (is_known) {
        return RC_OK;
    }
    enum rc rc = mapping_make(&mapping);
    rc = rc == RC_OK ? put_tile(&mapping, at) : rc;
    sketch_close(&mapping.sketch);
    return rc;
}
