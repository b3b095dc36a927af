/* For tests of reports: an arena and an error that are new for each. A test file includes it after
 * <cmocka.h>. */
#ifndef OFFICE_MEETING_TEST_REPORT_H
#define OFFICE_MEETING_TEST_REPORT_H

#include "base/err.h"
#include "base/test_arena.h"

static struct err err;

static int begin_report(void **state)
{
    err = (struct err){0};
    return begin(state);
}

#define WITH_REPORT(test) cmocka_unit_test_setup_teardown(test, begin_report, end)

#endif
