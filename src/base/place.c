/* Places of cells. */
#include "base/place.h"

#include "base/must.h"
#include "base/num.h"

enum { ROW_MAX = 1048576, COLUMN_MAX = 16384 };

str place_column(char text[static PLACE_MAX], int column)
{
    size_t begin = PLACE_MAX;

    for (int rest = column + 1; rest > 0; rest = (rest - 1) / 26) {
        text[--begin] = (char)('A' + (rest - 1) % 26);
    }
    return (str){text + begin, PLACE_MAX - begin};
}

str place_name(char text[static PLACE_MAX], int64_t row, int column)
{
    char number[NUM_TEXT_MAX];
    str digits = num_print(number, row + 1, 0);
    str letters = place_column(text, column);

    MUST(row >= 0 && letters.len + digits.len <= PLACE_MAX);
    memmove(text, letters.at, letters.len);
    memcpy(text + letters.len, digits.at, digits.len);
    return (str){text, letters.len + digits.len};
}

static str behind_dollar(str s)
{
    return str_starts(s, STR("$")) ? str_part(s, 1, s.len) : s;
}

bool place_read(str name, int64_t *out_row, int *out_column)
{
    int column = 0;

    name = behind_dollar(name);
    while (name.len > 0 && name.at[0] >= 'A' && name.at[0] <= 'Z' && column <= COLUMN_MAX) {
        column = column * 26 + (name.at[0] - 'A' + 1);
        name = str_part(name, 1, name.len);
    }
    name = behind_dollar(name);
    if (column < 1 || column > COLUMN_MAX || !num_parse_int(name, 1, ROW_MAX, out_row)) {
        return false;
    }
    *out_row -= 1;
    *out_column = column - 1;
    return true;
}
