/* Planted errors as tables: workbooks, what is done to their cells, and what the program should
 * say. */
#ifndef DEMO_PLANTED_IN_H
#define DEMO_PLANTED_IN_H

#include "demo/demo_in.h"

/* A workbook of a few villages that report what they did the year before, before anything is
 * planted. */
struct planted_book {
    const char *file;
    const char *title;
    const char *columns; /* indicators, with blanks between; "ID=heading" heads one otherwise */
    const char *small;   /* only villages where this indicator is at most `small_max`; NULL: all */
    double small_max;
    int villages;
    bool by_name;      /* county, township and name in front instead of code, township and name */
    bool same_parent;  /* all of one township */
    const char *words; /* no ledger: the file is this text; NULL */
};

enum plant_how {
    PLANT_NOTHING, /* a consequence of another one: only what should be said */
    PLANT_TEXT,
    PLANT_NUMBER,
    PLANT_TIMES,     /* `number` times what the village had */
    PLANT_OF,        /* `number` times the row's `text`, an indicator, and 3 more */
    PLANT_LIKE,      /* what stands in the column for the village `number` */
    PLANT_HUNDREDTH, /* of the whole column */
};

enum { ROW_HEAD = -1, ROW_FILE = -2 };

/* `column` is an indicator, "code", "town" or "name"; its cell is planted in. */
struct plant {
    const char *file;
    const char *kind;
    int village; /* from 0; ROW_HEAD, ROW_FILE */
    const char *column;
    enum plant_how how;
    double number;
    const char *text;
    const char *points; /* the column of the cell that the program should mark; "": the row as a
                           whole; NULL: `column` */
    enum severity severity;
    const char *says; /* part of it; NULL: nothing, or what follows from the year before */
};

extern const struct planted_book PLANTED_BOOKS[];
extern const int PLANTED_BOOK_COUNT;
extern const struct plant PLANTS[];
extern const int PLANT_COUNT;

#endif
