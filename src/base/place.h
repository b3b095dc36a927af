/* Places of cells as spreadsheets write them: "C12". */
#ifndef BASE_PLACE_H
#define BASE_PLACE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

enum { PLACE_MAX = 16 };

/* A column from 0 as its letters: 26 is "AA"; the answer points into `text`. */
str place_column(char text[static PLACE_MAX], int column);
/* Row and column from 0; the answer points into `text`. */
str place_name(char text[static PLACE_MAX], int64_t row, int column);
/* "C12" or "$C$12" to row 11, column 2; false for anything else. */
bool place_read(str name, int64_t *out_row, int *out_column);

#endif
