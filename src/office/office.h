/* What every call of the office gets. No globals: who acts, when, in which language, on which
 * database, with which memory. */
#ifndef OFFICE_OFFICE_H
#define OFFICE_OFFICE_H

#include "base/arena.h"
#include "base/date.h"
#include "base/err.h"
#include "base/msg.h"
#include "store/db.h"

struct programme;
struct actor;
struct scope;
struct seal_key;

/* Told now and then how far long work has come; `total` 0 when unknown. */
struct progress {
    void *self;
    /* From the thread of the act. */
    void (*step)(void *self, enum msg_id what, int64_t done, int64_t total);
    /* From any thread: does whoever asked want it no more? NULL: nobody can say so. */
    bool (*is_stopped)(void *self);
};

struct cx {
    struct arena *arena; /* lives as long as the request or job */
    struct db *db;
    struct err *err;
    str actor;      /* as events name who acts: "local:<user>", "person:<id>/<post>@<unit>" */
    int64_t person; /* who acts, 0: the owner at the command line, or nobody */
    const struct actor *who;     /* what he may do (office/access); NULL: nothing */
    const struct scope *scope;   /* where the right he acts by reaches; NULL: the owner's all */
    const struct seal_key *seal; /* of the data directory; NULL: secrets cannot be read */
    int64_t now_ms;
    enum lang lang;
    const struct progress *progress; /* may be NULL */
};

/* The owner of the data directory at the command line, who may do everything. */
extern const struct actor ACTOR_OWNER;

/* A unit's permanent id: not its code, not its name. */
struct unit_id {
    int64_t v;
};

/* Where a right reaches (辖区): units, and all that lies below them on the day. A unit that is no
 * more lies where it was last. The dispatcher sets cx->scope; whatever looks up or lists things of
 * units asks here whether they are there for the one who asks. */
struct scope {
    bool is_all; /* nothing lies outside */
    const struct unit_id *roots;
    int root_count;
    int32_t day; /* yyyymmdd */
};
/* Is the unit in scope? Unit {0}, the office as a whole, is where nothing lies outside. Without a
 * scope all is in sight of the owner at the command line, nothing of anybody else. */
enum rc cx_sees(const struct cx *cx, struct unit_id unit, bool *out) MUST_CHECK;
/* Is it in scope, or does it take in a part of the scope? */
enum rc cx_sees_part(const struct cx *cx, struct unit_id unit, bool *out) MUST_CHECK;
/* Does `unit` lie in `above`, on the day or where it was last? */
enum rc cx_lies_in(const struct cx *cx, struct unit_id above, struct unit_id unit, int32_t day,
                   bool *out) MUST_CHECK;
/* The unit of the post by which somebody acted, from what events name him; {0}: of none. */
struct unit_id actor_unit(str actor);

/* yyyy x 100 + {0 year, 1-12 month, 21-24 quarter} */
struct period {
    int32_t key;
};

/* One act is one transaction. The dispatchers (cli, jobs, web) enter before and leave after it;
 * nobody else begins or ends one. Leaving with a failure undoes the act. */
enum rc office_enter(const struct cx *cx, enum db_mode mode) MUST_CHECK;
enum rc office_leave(const struct cx *cx, enum rc outcome) MUST_CHECK;
/* Leave an act that was only tried: whatever it did is undone. */
void office_undo(const struct cx *cx);

/* What this data directory is about: small settings by name. RC_MISSING leaves `err` alone. */
enum rc office_setting(const struct cx *cx, str key, str *out) MUST_CHECK;
enum rc office_set(const struct cx *cx, str key, str value) MUST_CHECK;

/* A number or a day as text, in cx->arena. */
str cx_number(const struct cx *cx, int64_t number);
str cx_day(const struct cx *cx, date day);

/* How far long work has come. RC_CONFLICT: it is to stop; what it did is undone. */
enum rc cx_progress(const struct cx *cx, enum msg_id what, int64_t done, int64_t total) MUST_CHECK;
/* Is it to stop? From any thread. */
bool cx_is_stopped(const struct cx *cx);
/* "2024", "2024-11", "2024Q3" */
bool period_parse(str s, struct period *out);
void period_put(struct buf *out, struct period p);
struct period period_of_year(int year);
int period_year(struct period p);
/* The last day of a period: the day on which its boundaries and stocks are taken. */
date period_end(struct period p);
/* The same part of the year before. */
struct period period_year_before(struct period p);

#endif
