/* Villages' wishes: what a village meeting wants built, or will not have. */
#ifndef OFFICE_COLLECT_WISHES_H
#define OFFICE_COLLECT_WISHES_H

#include "base/sheet.h"
#include "office/file/batch.h"
#include "office/unit/unit.h"

enum { WISHES_MAX = 200000, WISH_COLUMNS = 5 };

struct wish {
    int place;   /* in the tree */
    int measure; /* in the programme */
    bool is_veto;
    int support; /* ten-thousandths of the villagers */
    str note;
};

/* Takes a sheet with the headings code, measure, support, veto, note (messages wishes.column_*),
 * in any order; other columns are passed over. The first wrong row is refused with its place. */
struct wish_reader {
    const struct cx *cx;
    const struct unit_tree *tree;
    const struct programme *programme;
    struct wish *wishes;
    int count;
    int columns[WISH_COLUMNS];
    bool is_open;
};

void wish_reader_init(struct wish_reader *reader, const struct cx *cx,
                      const struct unit_tree *tree);
struct sheet_reader wish_reader_sheet(struct wish_reader *reader);

/* Write them as a batch, whole or not at all; newer wishes stand over older ones. */
enum rc wishes_import(const struct wish_reader *reader, struct batch *batch) MUST_CHECK;

/* Its event: batch, unit, measure, veto, support, note; and how wishes are checked against it. */
extern const str EVENT_WISH;
extern const struct replay_table WISH_TABLES[];

#endif
