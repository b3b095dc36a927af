/* Registers (行政区划名录): a dated list of all units. The first one makes the units; a later one
 * is compared with the newest, and what changed is proposed as lineage (lineage.h). */
#ifndef OFFICE_REGISTER_REGISTER_H
#define OFFICE_REGISTER_REGISTER_H

#include "base/hash.h"
#include "base/sheet.h"
#include "base/table.h"
#include "office/file/batch.h"
#include "office/unit/unit.h"

enum {
    REGISTER_HEADER_ROWS_MAX = 20, /* the heading stands within these */
    REGISTER_COLUMNS = 5,
    REGISTER_ACCEPT_NONE = 1001, /* a confidence nobody reaches */
};

/* One row, checked by itself. */
struct register_row {
    int64_t row; /* as the file counts */
    str code;
    str name;
    str parent; /* code of the parent, "" when the list gives none */
    int level;
    int kind; /* NONE: by the code's range */
};

/* Takes a register from any sheet or CSV reader: the first sheet that has a heading with code,
 * level and name (their spellings: messages unit.column_*). Rows are kept in cx->arena. */
struct register_reader {
    const struct cx *cx;
    const struct programme *programme;
    struct register_row *rows;
    int count;
    int room;
    int columns[REGISTER_COLUMNS]; /* code, level, name, parent, kind; NONE */
    enum { REGISTER_SEEKING, REGISTER_READING, REGISTER_READ } state;
};

void register_reader_init(struct register_reader *reader, const struct cx *cx,
                          const struct programme *programme);
struct sheet_reader register_reader_sheet(struct register_reader *reader);

/* Where the rows came from and what is to be done with them. */
struct register_options {
    str file_name;
    struct hash file_hash;
    date as_of;
    int accept_min; /* confirm at once what is at least so sure, in thousandths */
};

/* What an import did. */
struct register_result {
    int64_t batch; /* 0: this very file was taken in before, nothing changed */
    int unit_count;
    int created;
    int ended;
    int going_on;  /* under their ids, changed or not */
    int confirmed; /* lineage rows */
    int proposed;
};

/* Take in what the reader read: whole or not at all. The same file for the same day changes
 * nothing. RC_CONFLICT for a day before the newest register, or another file for the same day;
 * RC_INVALID names the row that cannot be. The caller has entered a write. */
enum rc register_import(const struct cx *cx, const struct register_reader *rows,
                        const struct register_options *options,
                        struct register_result *out) MUST_CHECK;

/* The registers on record, oldest first, with the files they came from. */
struct register_file {
    date as_of;
    struct hash hash;
    str name;
};
typedef enum rc (*register_take)(void *self, const struct register_file *file);
enum rc register_each(const struct cx *cx, register_take take, void *self) MUST_CHECK;

/* Are the units of a register's day what its file says, row by row? RC_BROKEN names the first that
 * is not. */
enum rc register_check(const struct cx *cx, const struct register_reader *rows,
                       date as_of) MUST_CHECK;

/* How registers are checked against the trace. */
extern const struct replay_table REGISTER_TABLES[];

/* Take back the newest register. RC_CONFLICT names what was built on it: a later register, a later
 * import, decided lineage. Ids of its units are never given again. */
enum rc register_revert(const struct cx *cx, int64_t batch_id, str reason,
                        struct batch *out) MUST_CHECK;

#endif
