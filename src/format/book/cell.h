/* One cell as people read it. */
#ifndef FORMAT_BOOK_CELL_H
#define FORMAT_BOOK_CELL_H

#include "base/buf.h"
#include "base/table.h"

/* Grouped numbers, percentages, a dash for what is not known. */
void cell_show(struct buf *out, const struct column *column, const struct out *cell);
/* The same without grouping, exact, and empty for what is not known: for other programs. */
void cell_spell(struct buf *out, const struct out *cell);
bool cell_is_number(const struct column *column, const struct out *cell);

#endif
