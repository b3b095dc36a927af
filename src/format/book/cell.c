/* One cell as people read it. */
#include "format/book/cell.h"

#include "base/num.h"

__extension__ typedef __int128 wide;

enum { MONEY_DECIMALS_SHOWN = 2 };

/* 100 * num / den with `decimals`, halves away from zero, scaled. */
static int64_t percent_of(const struct out *cell)
{
    wide top = (wide)cell->number * 100 * num_pow10(cell->decimals);
    wide below = cell->whole;
    if (below < 0) {
        top = -top;
        below = -below;
    }
    wide half = top < 0 ? -below / 2 : below / 2;
    return (int64_t)((top + half) / below);
}

static bool is_known(const struct out *cell)
{
    return cell->kind != OUT_NONE && (cell->kind != OUT_RATIO || cell->whole != 0);
}

bool cell_is_number(const struct column *column, const struct out *cell)
{
    return is_known(cell) && cell->kind != OUT_TEXT && !column->is_id;
}

static void show_fixed(struct buf *out, const struct column *column, const struct out *cell)
{
    if (column->is_id) {
        buf_fixed(out, cell->number, cell->decimals);
    } else {
        buf_fixed_grouped(out, cell->number, cell->decimals);
    }
}

static void show_money(struct buf *out, const struct out *cell)
{
    int64_t shown = 0;

    MUST(num_rescale(cell->number, cell->decimals, MONEY_DECIMALS_SHOWN, &shown));
    buf_fixed_grouped(out, shown, MONEY_DECIMALS_SHOWN);
}

void cell_show(struct buf *out, const struct column *column, const struct out *cell)
{
    if (!is_known(cell)) {
        buf_put(out, cell->text.len > 0 ? cell->text : STR("—"));
        return;
    }
    switch (cell->kind) {
    case OUT_NONE:
    case OUT_TEXT:
        buf_put(out, cell->text);
        break;
    case OUT_FIXED:
        show_fixed(out, column, cell);
        break;
    case OUT_RATIO:
        buf_fixed_grouped(out, percent_of(cell), cell->decimals);
        buf_char(out, '%');
        break;
    case OUT_MONEY:
        show_money(out, cell);
        break;
    }
}

void cell_spell(struct buf *out, const struct out *cell)
{
    if (!is_known(cell)) {
        return;
    }
    switch (cell->kind) {
    case OUT_NONE:
        break;
    case OUT_TEXT:
        buf_put(out, cell->key.len > 0 ? cell->key : cell->text);
        break;
    case OUT_FIXED:
    case OUT_MONEY:
        buf_fixed(out, cell->number, cell->decimals);
        break;
    case OUT_RATIO:
        buf_fixed(out, percent_of(cell), cell->decimals);
        buf_char(out, '%');
        break;
    }
}
