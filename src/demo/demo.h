/* The demonstration: an invented province as its office would have it on disk — registers of three
 * days, ledgers of three years, money, wishes, the report of a meeting, and workbooks with planted
 * errors. Nothing in it speaks of a real place or person; the same seed gives the same bytes. It is
 * made for the example programme: its model names indicators, funds and measures of that one. */
#ifndef DEMO_DEMO_H
#define DEMO_DEMO_H

#include "base/arena.h"
#include "base/bytes.h"
#include "calc/lineage/lineage.h"
#include "office/programme/programme.h"

enum { DEMO_YEARS = 3, DEMO_FIRST_YEAR = 2022 };

/* On every page, file and document property. */
#define DEMO_NOTICE "演示数据（合成，非真实）"

struct demo_options {
    uint64_t seed;
    bool is_county; /* one county of 428 villages instead of the province */
};

/* A unit as the register of one year's last day shows it. */
struct demo_face {
    str code;
    str name;
    int parent; /* place among the units */
    bool is_there;
    bool is_village; /* a village committee: classified, planned, reports */
};

/* A unit through all years: the same one, whatever it is called. */
struct demo_unit {
    int level; /* 0 province to 4 village */
    struct demo_face faces[DEMO_YEARS];
    float factors[4];         /* development, size, remoteness, environment */
    float people[DEMO_YEARS]; /* who lives in the village's bounds of the year, before any trend */
    int last_year;            /* it goes in this year, as `end` says; 0: it stays */
    enum lineage_kind end;
};

/* What happened to a unit between the registers of `year` - 1 and `year` (from 0). */
struct demo_change {
    int year;
    enum lineage_kind kind;
    int unit;
    int into; /* LINEAGE_MERGE: who took it in; else NONE */
};

struct demo_world {
    struct demo_options options;
    const struct programme *programme;
    struct demo_unit *units;
    int count;
    int *order[DEMO_YEARS]; /* places of the units that are there, by code: parents first */
    int order_count[DEMO_YEARS];
    struct demo_change *changes; /* by year: what the truth file says */
    int change_count;
    int sure;                        /* a township in which every kind of change happens */
    const struct demo_shape *shapes; /* by indicator of the programme */
};

/* RC_INVALID when the programme has not the five levels of the example. Everything lives in
 * `arena` and never changes. */
MUST_CHECK enum rc demo_world_make(const struct demo_options *options,
                                   const struct programme *programme, struct arena *arena,
                                   struct err *err, struct demo_world **out);

enum demo_state { DEMO_SILENT, DEMO_DASH, DEMO_KNOWN };

struct demo_value {
    enum demo_state state; /* as the ledger's cell shows it; `scaled` is there in any case */
    int64_t scaled;        /* by the indicator's decimals; yes is 1; of an enumeration the number */
};

/* What a village has in a year, `out` by indicator of the programme; only what is collected from
 * villages is written. */
void demo_village(const struct demo_world *world, int unit, int year, struct demo_value *out);

/* Where the files go, each whole; `path` is relative ("ledgers/2024/990101.xlsx"). */
struct demo_sink {
    void *self;
    enum rc (*file)(void *self, str path, str bytes);
};

/* How many files demo_write makes. */
int demo_file_count(const struct demo_world *world);
/* Make every file. Fails as the sink or a workbook does; memory does not grow with the province. */
MUST_CHECK enum rc demo_write(const struct demo_world *world, struct demo_sink out,
                              struct arena *arena, struct err *err);

#endif
