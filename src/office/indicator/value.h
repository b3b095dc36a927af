/* Values: what a unit reported for a period, cell by cell with its source, and everything it
 * reported before. One row of the database holds all cells of one unit and period, packed. */
#ifndef OFFICE_INDICATOR_VALUE_H
#define OFFICE_INDICATOR_VALUE_H

#include "office/audit/replay.h"
#include "office/office.h"
#include "office/programme/programme.h"
#include "office/unit/unit.h"

/* How a value stands. A cell of no row has never been reported. */
enum value_state { REPORTED, NOT_REPORTED, NOT_APPLICABLE, REJECTED };

enum { VALUE_CELLS_MAX = 2048 };

/* One value. `den` 0: a plain number, `num` scaled by the indicator's decimals; else the ratio
 * num / den (a percentage). Yes and no are 1 and 0, an enumeration is the number of its choice. */
struct value {
    int indicator; /* permanent number, not the place in the programme */
    enum value_state state;
    int64_t num;
    int64_t den;
    int source; /* permanent number */
    int64_t batch;
    int sheet; /* where it stood in the batch's file: from 0, from 1, from 0 */
    int row;
    int column;
};

/* All values of one unit and period, in order of indicator number. */
struct value_row {
    struct unit_id home;
    struct unit_id unit;
    struct period period;
    struct value *values;
    int count;
};

/* Packed form: the same values always give the same bytes; the digest of an event is made of it.
 * `value_unpack` refuses bytes it did not make with RC_BROKEN. */
str value_pack(const struct value *values, int count, struct arena *arena);
enum rc value_unpack(str cells, struct arena *arena, struct value **out, int *out_count,
                     struct err *err) MUST_CHECK;

/* The values of one unit; none at all is RC_OK with count 0. */
enum rc value_read(const struct cx *cx, struct unit_id home, struct unit_id unit,
                   struct period period, struct value_row *out) MUST_CHECK;

/* The value of one indicator (its permanent number) as it stands under the addresses of a unit,
 * oldest first; a cell of indicator 0 when it was never reported. */
enum rc value_standing(const struct cx *cx, const struct unit_address *addresses, int count,
                       struct period period, int number, struct value *out) MUST_CHECK;

/* Every row of a period, partition by partition; `row` and its values live until `take` returns. */
typedef enum rc (*value_take)(void *self, const struct value_row *row);
enum rc value_each(const struct cx *cx, struct period period, value_take take,
                   void *self) MUST_CHECK;

/* The same of one partition. */
enum rc value_each_of_home(const struct cx *cx, struct unit_id home, struct period period,
                           value_take take, void *self) MUST_CHECK;

/* Put `values` of one batch over what stands: history gets them as they are, the current row gets
 * them merged in. The digest of what was written goes to the caller's event. */
enum rc value_put(const struct cx *cx, const struct value_row *values, int64_t batch,
                  struct hash *out_digest) MUST_CHECK;
/* Both in order of indicator; where both have one, that of `later` stands. `out` has room for both;
 * how many there are. */
int value_merge(const struct value_row *earlier, const struct value_row *later, struct value *out);
/* The event of what value_put wrote, in the log of the row's partition: batch, unit, period,
 * digest. */
enum rc value_tell(const struct cx *cx, const struct value_row *values, int64_t batch,
                   struct hash digest, const struct event_ref *cause) MUST_CHECK;
/* How values, their history, conflicts and numbers are checked against the trace. */
extern const struct replay_table VALUE_TABLES[];
/* Is what every batch wrote still what its event says, and is there an event for each? RC_BROKEN
 * names the unit and period. */
enum rc value_check_told(const struct cx *cx) MUST_CHECK;
/* Keep values that a higher-ranked source stands against: seen, not used; with an event of its own
 * in the log of the row's partition. */
enum rc value_put_conflict(const struct cx *cx, const struct value_row *values, int64_t batch,
                           const struct event_ref *cause) MUST_CHECK;
/* What was kept so for one unit and period, oldest first, without batches taken back. */
enum rc value_conflict_each(const struct cx *cx, struct unit_id home, struct unit_id unit,
                            struct period period, value_take take, void *self) MUST_CHECK;
/* The same of all units, unit by unit, period by period; key 0: of every period. */
enum rc value_conflict_all(const struct cx *cx, struct period period, value_take take,
                           void *self) MUST_CHECK;

/* What every batch wrote for one unit and period, oldest first. */
enum rc value_history_each(const struct cx *cx, struct unit_id home, struct unit_id unit,
                           struct period period, value_take take, void *self) MUST_CHECK;
/* Every period for which anything was ever written for the unit. */
typedef enum rc (*value_take_period)(void *self, struct period period);
enum rc value_period_each(const struct cx *cx, struct unit_id home, struct unit_id unit,
                          value_take_period take, void *self) MUST_CHECK;
/* What one batch wrote, unit by unit. */
enum rc value_batch_each(const struct cx *cx, int64_t batch, value_take take,
                         void *self) MUST_CHECK;

/* Is every row what its history makes when it is put together again? RC_BROKEN names the first
 * that is not. */
enum rc value_check(const struct cx *cx) MUST_CHECK;

/* A value as people and programs read it. */
struct out value_out(enum lang lang, const struct indicator *indicator, const struct value *value);

/* Permanent numbers of a programme's indicators and sources, both ways. */
struct numbers {
    int *of_indicator; /* by place in the programme */
    int *of_source;
    int *indicator_of; /* place by number, NONE where the programme has no such */
    int *source_of;
    int indicator_max; /* numbers are 1 to max */
    int source_max;
};

/* The source of that number; one that the programme no longer has is not known. */
struct out source_out(enum lang lang, const struct programme *programme,
                      const struct numbers *numbers, int number);

/* Read them; those of new indicators and sources are given out first when `may_add`. */
enum rc numbers_load(const struct cx *cx, const struct programme *programme, bool may_add,
                     struct numbers *out) MUST_CHECK;

#endif
