/* Cells of a table on its way out. */
#include "base/table.h"

struct out out_none(str key, str text)
{
    return (struct out){.kind = OUT_NONE, .key = key, .text = text};
}

struct out out_text(str text)
{
    return (struct out){.kind = OUT_TEXT, .text = text};
}

struct out out_named(str key, str text)
{
    return (struct out){.kind = OUT_TEXT, .key = key, .text = text};
}

struct out out_int(int64_t number)
{
    return out_fixed(number, 0);
}

struct out out_fixed(int64_t scaled, int decimals)
{
    return (struct out){.kind = OUT_FIXED, .number = scaled, .decimals = decimals};
}

struct out out_ratio(int64_t num, int64_t den, int decimals)
{
    return (struct out){.kind = OUT_RATIO, .number = num, .whole = den, .decimals = decimals};
}

struct out out_money(int64_t fen, int decimals)
{
    return (struct out){.kind = OUT_MONEY, .number = fen, .decimals = decimals};
}

struct out out_toned(struct out cell, enum tone tone)
{
    cell.tone = tone;
    return cell;
}

const struct column *columns_in(enum lang lang, const struct column_row *rows, int count,
                                struct arena *arena)
{
    struct column *columns = ARENA_NEW(arena, struct column, (size_t)count);

    for (int i = 0; i < count; i++) {
        columns[i] = (struct column){
            .key = rows[i].key,
            .title = msg_text(lang, rows[i].title),
            .width = rows[i].width,
            .is_id = rows[i].is_id,
        };
    }
    return columns;
}
