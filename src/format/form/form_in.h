/* A ledger half-written. Private to this folder. */
#ifndef FORMAT_FORM_FORM_IN_H
#define FORMAT_FORM_FORM_IN_H

#include "format/form/form.h"
#include "format/xlsx/xlsx.h"

enum { FORM_EXCEL_EPOCH = 25569 }; /* 1970-01-01 as Excel counts days */

struct form_book {
    struct xlsx xlsx;
    const struct form *form;
    struct xlsx_sheet sheet;
    struct xlsx_sheet lists; /* sheet NULL until a column needs one */
    int64_t row;
    int64_t head_row;
    lxw_format **formats; /* of each column's cells */
    lxw_format *locked;
    lxw_format *title;
    lxw_format *lead;
    lxw_format *head;
    lxw_format *group;
    double width;
};

/* The heading of a column: its title, and its unit in brackets. */
str form_full_title(struct arena *arena, const struct form_column *column);
/* Validations of the open columns, with the lists they need on a hidden sheet. */
MUST_CHECK enum rc form_put_checks(struct form_book *book);
/* The hidden sheet by which a filled-in ledger is recognised when it comes back. */
MUST_CHECK enum rc form_put_marks(struct form_book *book);

#endif
