/* For tests of the office's rooms: the programme of rooms.yaml, seven villages, and ledgers written
 * as text. */
#ifndef TESTS_OFFICE_ROOMS_H
#define TESTS_OFFICE_ROOMS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "office/collect/import.h"
#include "office/test_world.h"

/* The office of one test, on an empty database in memory. */
struct rooms {
    struct cx *cx;
    struct programme *programme;
    struct unit_tree tree;
    struct numbers numbers;
};

/* Take in the programme and the register. `world` is the test's state. */
void rooms_open(void *world, struct rooms *out);

/* One place of a programme changed: the first `from` becomes `to`. */
struct edit {
    const char *from;
    const char *to;
};
/* An office of another programme and register; `file` stands in tests/office. */
struct rooms_of {
    const char *file;
    const char *register_text;
    const struct edit *edits;
    int edit_count;
};
void rooms_open_as(void *world, const struct rooms_of *of, struct rooms *out);
/* The register of rooms_open. */
const char *rooms_register_text(void);
/* Take in a later register, accepting all that it shows, and load the tree again. */
void rooms_register(struct rooms *rooms, const char *text, date day);
/* The same, accepting from `accept_min` thousandths; answers the batch. */
int64_t rooms_register_from(struct rooms *rooms, const char *text, date day, int accept_min);
int rooms_indicator(const struct rooms *rooms, const char *id);
/* The place of a unit in the tree, by its code. */
int rooms_place(const struct rooms *rooms, const char *code);

/* Give rows written as text to a reader: a line a row, cells between bars, empty ones left out.
 * "~5" is a number, "~0.85%" a number shown as a percentage, "=" a formula without a result,
 * "#DIV/0!" an error; anything else is text. */
enum rc rooms_feed(struct sheet_reader reader, const char *text, const struct merge *merges,
                   int merge_count);

/* Read a ledger of villages for 2024 below the province, by the sources the indicators declare. */
enum rc rooms_read(const struct rooms *rooms, const char *text, struct ledger *out);
enum rc rooms_read_job(const struct rooms *rooms, const char *text, const struct ledger_job *job,
                       struct ledger *out);
struct ledger_job rooms_job(const struct rooms *rooms);

/* What the ledger read for a village; NULL when it says nothing. */
const struct value *rooms_value(const struct rooms *rooms, const struct ledger *ledger,
                                const char *code, const char *indicator);
/* Does the ledger have this mark, by its severity and cell, in the words of the message? */
bool rooms_marked(const struct ledger *ledger, enum severity severity, int64_t row, int column);

/* Read, compare and write a ledger in one act, as a job says. */
enum rc rooms_import(const struct rooms *rooms, const char *text, const struct ledger_job *job,
                     struct change_list *list, struct batch *batch);
/* The panel of all villages for a year. */
void rooms_panel(const struct rooms *rooms, int year, struct panel *out);
/* The row of a village in a panel. */
int rooms_row(const struct panel *panel, const char *code);

#endif
