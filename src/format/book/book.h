/* The faces of a table: plain text, JSON, CSV and workbooks, each a table_sink over a byte sink.
 * A table given to `begin` must live until `end`; cells only until `row` returns. */
#ifndef FORMAT_BOOK_BOOK_H
#define FORMAT_BOOK_BOOK_H

#include "base/arena.h"
#include "base/bytes.h"
#include "base/table.h"
#include "format/xlsx/options.h"

/* Aligned text for a terminal. Column widths come from the first rows (TEXT_SAMPLE_ROWS); a wider
 * cell further down pushes its neighbours. Control characters become blanks. */
struct table_sink text_sink(struct arena *arena, struct byte_sink out);

/* One object a table, one line an object: {"schema":"wancun.<name>/1","title":…,"inputs":{…},
 * "notes":[…],"columns":[{"key":…,"title":…}…],"rows":[{…}…]}. Several tables make NDJSON. */
struct table_sink json_sink(struct arena *arena, struct byte_sink out);

/* A cell as it stands in those rows; `is_id`: in a column of ids. */
struct json;
void json_put_out(struct json *json, const struct out *cell, bool is_id);

/* A row an object, an object a line, as in `rows` above; title, facts, notes and titles of columns
 * are left out. */
struct table_sink ndjson_sink(struct arena *arena, struct byte_sink out);

/* UTF-8 with a byte order mark, RFC 4180. The first line holds the keys; title, facts and notes
 * are left out; an empty line stands between tables. Text that a spreadsheet would calculate gets
 * an apostrophe in front. */
struct table_sink csv_sink(struct arena *arena, struct byte_sink out);

/* A workbook: a sheet a table, and a sheet for a chart that does not fit beside it. */
struct book;

/* Texts of the options must live until the book is closed. RC_BROKEN where the machine refuses
 * anonymous memory or the library fails. */
MUST_CHECK enum rc book_open(struct arena *arena, const struct book_options *options,
                             struct err *err, struct book **out);
/* RC_INVALID: a text is not UTF-8; RC_LIMIT: a text, rows or columns beyond Excel's limits. The
 * book is then spoilt and gives nothing. */
struct table_sink book_sink(struct book *book);
/* Hand over the workbook and free it, whatever the outcome. Nothing is handed over unless every
 * sheet is whole; a full disk is RC_BUSY. */
MUST_CHECK enum rc book_close(struct book *book, struct byte_sink out);
/* Free it and hand over nothing. NULL is fine. */
void book_abandon(struct book *book);

#endif
