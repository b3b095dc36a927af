/* Dates of the calendar, and moments in milliseconds since 1970 UTC. */
#ifndef BASE_DATE_H
#define BASE_DATE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/str.h"

/* Days since 1970-01-01 in the proleptic Gregorian calendar. */
typedef struct {
    int32_t days;
} date;

/* ISO 8601 "2023-06-30", from 1900 to 2199. */
bool date_parse(str s, date *out);
date date_of(int year, int month, int day);
void date_put(struct buf *out, date d);
int date_year(date d);
/* The day as a whole number yyyymmdd, as the database keeps it, and back. */
int32_t date_key(date d);
date date_from_key(int32_t key);
/* "2026-11-23 15:04" in the office's zone, `offset_minutes` east of UTC. */
void moment_put(struct buf *out, int64_t ms, int offset_minutes);
/* The day it is then in that zone. */
date date_of_moment(int64_t ms, int offset_minutes);

#endif
