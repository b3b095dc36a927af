/* Marks in the sender's own workbook: the file that came in goes back as it was, the cells that
 * are wrong coloured and commented. What is not marked stays byte for byte. */
#ifndef FORMAT_PATCH_PATCH_H
#define FORMAT_PATCH_PATCH_H

#include "base/bytes.h"
#include "base/msg.h"
#include "base/table.h"
#include "format/sheet/sheet.h"

enum mark_severity { MARK_WARNING, MARK_ERROR };

struct mark {
    int sheet;      /* as sheet_info.index counts */
    str sheet_name; /* for the list, when the file itself cannot be marked */
    int64_t row;    /* from 1 */
    int column;     /* from 0 */
    enum mark_severity severity;
    str value; /* what stood in the cell, for the list */
    str text;  /* what is wrong and how to mend it, in the reader's language */
};

enum {
    MARKS_MAX = 20000,
    MARK_TEXT_MAX = 1000, /* bytes of one comment; longer is cut at a whole character */
    MARK_ROW_MAX = 1048576,
    MARK_COLUMN_MAX = 16384,
};

struct mark_options {
    str author; /* of the comments: the office */
    enum lang lang;
    const struct sheet_limits *limits;
};

/* `original` with its marked cells coloured (each keeps its other formatting) and commented; marks
 * inside a merged range go to its first cell, several in a cell into one comment. RC_INVALID: the
 * file is encrypted, signed, damaged, or of a shape we do not change without breaking it — then
 * mark_list is the way; RC_LIMIT: more than MARKS_MAX marks, or the file is beyond the limits. */
MUST_CHECK enum rc mark_book(str original, const struct mark *marks, size_t count,
                             const struct mark_options *options, struct byte_sink out,
                             struct err *err);

/* The same marks as a table: sheet, cell, original value, severity, reason. */
MUST_CHECK enum rc mark_list(const struct mark *marks, size_t count, enum lang lang,
                             struct table_sink sink);

#endif
