/* For tests of units: a programme with five levels, and registers written as text. */
#ifndef OFFICE_REGISTER_TEST_UNITS_H
#define OFFICE_REGISTER_TEST_UNITS_H

#include "office/register/register.h"

const struct programme *test_programme(void);

/* Levels and kinds of test_programme by place. */
enum { PROVINCE, CITY, COUNTY, TOWNSHIP, VILLAGE };
enum {
    KIND_PLACE,
    KIND_STREET = 3,
    KIND_TOWN,
    KIND_RURAL,
    KIND_ZONE,
    KIND_RESIDENTS,
    KIND_COMMITTEE,
};

/* Give the lines of a CSV without quotes to a sheet reader, as format's reader would. */
enum rc test_read_csv(struct sheet_reader reader, str text, struct arena *arena);

/* Take in a register given as CSV text, in a transaction of its own. */
enum rc test_import(const struct cx *cx, str text, const char *day, int accept_min,
                    struct register_result *out);

/* The bytes of a file under the source tree, unpacked where the name ends in .xz; empty when there
 * is none. */
str test_file(struct arena *arena, const char *name);

/* The days of the real registers, and those of the whole province (shared data) or, of the one
 * county that the tree carries. Empty where the data is absent. */
enum { REAL_DAYS = 5 };
extern const char *const REAL_DAY[REAL_DAYS];
str test_province_register(struct arena *arena, int day);
str test_county_register(struct arena *arena, int day);

#endif
