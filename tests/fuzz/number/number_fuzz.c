/* Any text as a quantity of every kind, as a heading, and as the stored number of a cell. What is
 * read must say the same when it is printed and read again. */
#include <math.h>
#include <stdint.h>

#include "base/heading.h"
#include "base/num.h"
#include "base/quantity.h"
#include "base/utf8.h"
#include "format/sheet/xlsx_in.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { LONG_TEXT = 200 };

static const str UNITS[] = {STR_INIT("\xE4\xB8\x87\xE5\x85\x83"), STR_INIT("km\xC2\xB2")};

static void check_quantity(str text, enum quantity_want want, int decimals)
{
    char room[NUM_TEXT_MAX];
    struct quantity_ask ask = {
        .want = want, .decimals = decimals, .units = UNITS, .unit_count = COUNT_OF(UNITS)};
    struct quantity first = quantity_read(text, &ask);

    MUST((first.kind == QUANTITY_UNREADABLE) == (first.why != 0) || first.why == 0);
    if (first.kind == QUANTITY_NUMBER || first.kind == QUANTITY_PERCENT) {
        str printed = num_print(room, first.scaled, decimals);
        struct quantity second = quantity_read(printed, &ask);
        MUST(second.kind == first.kind && second.scaled == first.scaled && !second.is_rounded);
    }
}

static void check_heading(str text, struct arena *arena)
{
    struct heading first = heading_of(text, arena);
    struct heading second = heading_of(first.name, arena);

    MUST(utf8_is_valid(first.whole) && utf8_is_valid(first.name) && utf8_is_valid(first.unit));
    MUST(str_equal(second.whole, first.name));
}

/* The text a person sees is a fixed point, and as a number within 15 digits of what is stored. */
static void check_number(str text, struct arena *arena)
{
    str shown = number_text(text, arena);

    if (shown.at == NULL) {
        return;
    }
    str again = number_text(shown, arena);
    MUST(str_equal(shown, again));
    double stored = strtod(arena_str(arena, text).at, NULL);
    double seen = strtod(arena_str(arena, shown).at, NULL);
    MUST(stored == seen || fabs(stored - seen) <= 1e-14 * fabs(stored));
    (void)serial_text(shown, false, arena);
    (void)serial_text(shown, true, arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    str text = {size == 0 ? "" : (const char *)data, size};

    if (!utf8_is_valid(text)) {
        return 0;
    }
    arena_init(&arena, 16 * ARENA_MIB);
    for (int decimals = 0; decimals <= 4; decimals += 2) {
        check_quantity(text, WANT_NUMBER, decimals);
        check_quantity(text, WANT_PERCENT, decimals);
    }
    check_quantity(text, WANT_BOOL, 0);
    check_quantity(text, WANT_DATE, 0);
    check_heading(text, &arena);
    if (size < LONG_TEXT) {
        check_number(text, &arena);
    }
    str plain = unescaped_text(text, &arena);
    MUST(utf8_is_valid(plain) && plain.len <= text.len);
    (void)moment_text(text, &arena);
    (void)look_of_code(text);
    arena_done(&arena);
    return 0;
}
