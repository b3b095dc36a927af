/* Headings for comparison. */
#include "base/heading.h"

#include "base/fold.h"
#include "base/must.h"

static const str DROPPED[] = {
    STR_INIT(" "), STR_INIT("("),  STR_INIT(")"), STR_INIT("_"),  STR_INIT(":"),
    STR_INIT("*"), STR_INIT("\""), STR_INIT("'"), STR_INIT("`"),  STR_INIT("“"),
    STR_INIT("”"), STR_INIT("‘"),  STR_INIT("’"), STR_INIT("「"), STR_INIT("」"),
};

static size_t dropped_length(str s)
{
    for (size_t i = 0; i < COUNT_OF(DROPPED); i++) {
        if (str_starts(s, DROPPED[i])) {
            return DROPPED[i].len;
        }
    }
    return 0;
}

static str without_dropped(str s, struct arena *arena)
{
    struct buf out;
    str kept = {0};

    buf_init(&out, arena, s.len);
    while (s.len > 0) {
        size_t skip = dropped_length(s);
        if (skip == 0) {
            buf_char(&out, s.at[0]);
        }
        s = str_part(s, skip == 0 ? 1 : skip, s.len);
    }
    MUST(buf_done(&out, &kept));
    return kept;
}

/* The place of the bracket that the last ')' closes, or STR_NONE when the text does not end so. */
static size_t last_bracket(str s)
{
    int depth = 0;

    if (!str_ends(s, STR(")"))) {
        return STR_NONE;
    }
    for (size_t i = s.len; i > 0; i--) {
        depth += s.at[i - 1] == ')' ? 1 : 0;
        depth -= s.at[i - 1] == '(' ? 1 : 0;
        if (depth == 0) {
            return i - 1;
        }
    }
    return STR_NONE;
}

struct heading heading_of(str text, struct arena *arena)
{
    struct buf folded;
    str all = {0};

    buf_init(&folded, arena, text.len);
    fold_put(&folded, text);
    MUST(buf_done(&folded, &all));
    all = str_trim(all);
    size_t bracket = last_bracket(all);
    if (bracket == STR_NONE || str_trim(str_part(all, 0, bracket)).len == 0) {
        str whole = without_dropped(all, arena);
        return (struct heading){.whole = whole, .name = whole, .unit = STR("")};
    }
    str unit = without_dropped(str_part(all, bracket, all.len), arena);
    if (str_starts(unit, STR("单位"))) {
        unit = str_part(unit, STR("单位").len, unit.len);
    }
    return (struct heading){
        .whole = without_dropped(all, arena),
        .name = without_dropped(str_part(all, 0, bracket), arena),
        .unit = unit,
    };
}
