/* What a workbook of ours is told before its first sheet, and Excel's limits. */
#ifndef FORMAT_XLSX_OPTIONS_H
#define FORMAT_XLSX_OPTIONS_H

#include <stdint.h>

#include "base/str.h"

struct book_options {
    str title;          /* of the document */
    str author;         /* the office, or "" */
    str footer;         /* left in the foot of every printed page, or "" */
    int64_t created_ms; /* since 1970 UTC: the same bytes for the same time */
    str scratch; /* directory for the sheets and the packed book; "": the system's, and memory */
};

enum {
    BOOK_TEXT_MAX = 32767, /* UTF-16 units in a cell */
    BOOK_ROWS_MAX = 1048576,
    BOOK_COLUMNS_MAX = 16384,
    BOOK_TAB_MAX = 31, /* UTF-16 units in the name of a sheet */
};

#endif
