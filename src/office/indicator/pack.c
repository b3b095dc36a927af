/* The packed form of a unit's values. Whole numbers are written seven bits a byte, low end first
 * (LEB128); signed ones zig-zag. First the batches, each once, then the cells:
 *
 *     count of batches, batch…, count of cells,
 *     per cell: indicator less the one before, state + 4 * source, place of the batch,
 *               sheet, row, column, num, den */
#include "office/indicator/value.h"

enum { PACKED_MAX = 1 << 20, VARINT_BYTES_MAX = 10, STATE_COUNT = 4 };

static void put_number(struct buf *out, uint64_t number)
{
    while (number >= 0x80) {
        buf_char(out, (char)(number | 0x80));
        number >>= 7;
    }
    buf_char(out, (char)number);
}

static void put_signed(struct buf *out, int64_t number)
{
    put_number(out, (uint64_t)number << 1 ^ (uint64_t)(number >> 63));
}

static int place_of(const int64_t *batches, int count, int64_t batch)
{
    for (int i = count - 1; i >= 0; i--) {
        if (batches[i] == batch) {
            return i;
        }
    }
    return NONE;
}

/* The batches in order of first use. */
static int collect_batches(const struct value *values, int count, int64_t *out)
{
    int found = 0;

    for (int i = 0; i < count; i++) {
        if (place_of(out, found, values[i].batch) == NONE) {
            out[found++] = values[i].batch;
        }
    }
    return found;
}

str value_pack(const struct value *values, int count, struct arena *arena)
{
    int64_t *batches = ARENA_NEW(arena, int64_t, (size_t)count);
    int batch_count = collect_batches(values, count, batches);
    struct buf out;
    str cells = {0};
    int before = 0;

    buf_init(&out, arena, PACKED_MAX);
    put_number(&out, (uint64_t)batch_count);
    for (int i = 0; i < batch_count; i++) {
        put_number(&out, (uint64_t)batches[i]);
    }
    put_number(&out, (uint64_t)count);
    for (int i = 0; i < count; i++) {
        const struct value *value = &values[i];
        MUST(value->indicator > before && value->source >= 0);
        put_number(&out, (uint64_t)(value->indicator - before));
        put_number(&out, (uint64_t)value->state + STATE_COUNT * (uint64_t)value->source);
        put_number(&out, (uint64_t)place_of(batches, batch_count, value->batch));
        put_number(&out, (uint64_t)value->sheet);
        put_number(&out, (uint64_t)value->row);
        put_number(&out, (uint64_t)value->column);
        put_signed(&out, value->num);
        put_signed(&out, value->den);
        before = value->indicator;
    }
    MUST(buf_done(&out, &cells));
    return cells;
}

struct unpacking {
    str cells;
    size_t place;
    bool is_broken;
};

static uint64_t take_number(struct unpacking *from, uint64_t max)
{
    uint64_t number = 0;

    for (int i = 0; i < VARINT_BYTES_MAX && from->place < from->cells.len; i++) {
        unsigned char byte = (unsigned char)from->cells.at[from->place++];
        number |= (uint64_t)(byte & 0x7FU) << (7 * i);
        if (byte < 0x80) {
            from->is_broken = from->is_broken || number > max;
            return number > max ? 0 : number;
        }
    }
    from->is_broken = true;
    return 0;
}

static int64_t take_signed(struct unpacking *from)
{
    uint64_t number = take_number(from, UINT64_MAX);

    return (int64_t)(number >> 1) ^ -(int64_t)(number & 1);
}

static struct value take_value(struct unpacking *from, int before, const int64_t *batches,
                               int batch_count)
{
    struct value value = {.indicator = before + (int)take_number(from, INT16_MAX)};
    uint64_t state = take_number(from, STATE_COUNT * ((uint64_t)INT16_MAX + 1));

    value.state = (enum value_state)(state % STATE_COUNT);
    value.source = (int)(state / STATE_COUNT);
    uint64_t batch = take_number(from, INT16_MAX);
    if (batch >= (uint64_t)batch_count) {
        from->is_broken = true;
        return value;
    }
    value.batch = batches[batch];
    value.sheet = (int)take_number(from, INT32_MAX);
    value.row = (int)take_number(from, INT32_MAX);
    value.column = (int)take_number(from, INT32_MAX);
    value.num = take_signed(from);
    value.den = take_signed(from);
    return value;
}

enum rc value_unpack(str cells, struct arena *arena, struct value **out, int *out_count,
                     struct err *err)
{
    struct unpacking from = {.cells = cells};
    int batch_count = (int)take_number(&from, VALUE_CELLS_MAX);
    int64_t *batches = ARENA_NEW(arena, int64_t, (size_t)batch_count);

    for (int i = 0; i < batch_count; i++) {
        batches[i] = (int64_t)take_number(&from, INT64_MAX);
    }
    int count = (int)take_number(&from, VALUE_CELLS_MAX);
    struct value *values = ARENA_NEW(arena, struct value, (size_t)count);
    int before = 0;
    for (int i = 0; i < count && !from.is_broken; i++) {
        values[i] = take_value(&from, before, batches, batch_count);
        from.is_broken = from.is_broken || values[i].indicator == before;
        before = values[i].indicator;
    }
    if (from.is_broken || from.place != cells.len) {
        return err_set(err, RC_BROKEN, MSG_VALUE_ROW_BROKEN);
    }
    *out = values;
    *out_count = count;
    return RC_OK;
}
