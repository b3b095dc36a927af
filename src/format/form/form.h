/* Ledgers to be filled in, as protected workbooks: one sheet with locked units and open cells that
 * check what is typed, one of instructions, and two hidden ones: the lists behind the drop-downs,
 * and "_wancun", by which a filled-in ledger is recognised. */
#ifndef FORMAT_FORM_FORM_H
#define FORMAT_FORM_FORM_H

#include "base/arena.h"
#include "base/bytes.h"
#include "base/form.h"
#include "format/xlsx/options.h"

enum {
    FORM_COLUMNS_MAX = 1000,
    FORM_ROWS_MAX = 200000,
    FORM_HEADS_MAX = 8,
    FORM_LIST_MAX = 5000, /* choices of one column */
};

/* The hidden sheet "_wancun": pairs in columns A and B ("schema" "wancun.form/1", the form's own
 * marks, "tab", "head_row" counted from 1), then a row "column", key, title for each column. The
 * marks are also custom properties "wancun.<key>" of the file. */
#define FORM_MARK_TAB "_wancun"

struct form_book;

MUST_CHECK enum rc form_open(struct arena *arena, const struct book_options *options,
                             struct err *err, struct form_book **out);
/* One form a workbook. The form must live until the book is closed. Failures as book_sink. */
struct form_sink form_sink(struct form_book *form);
MUST_CHECK enum rc form_close(struct form_book *form, struct byte_sink out);
void form_abandon(struct form_book *form);

#endif
