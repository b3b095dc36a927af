/* The counter behind FAULT points. */
#include "base/fault.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/num.h"

static str armed_family;
static long armed;
static atomic_long passed;

void fault_arm(const char *family, long nth)
{
    armed_family = str_from(family);
    armed = nth;
    atomic_store(&passed, 0);
}

#ifdef WANCUN_FAULTS
/* Read before main, so that threads only ever count. */
__attribute__((constructor)) static void arm_from_environment(void)
{
    const char *text = getenv("WANCUN_FAULT");
    str asked = text == NULL ? STR("") : str_from(text);
    size_t colon = str_find(asked, STR(":"));
    int64_t nth = 0;

    if (colon != STR_NONE &&
        num_parse_int(str_part(asked, colon + 1, asked.len), 1, 1000000000, &nth)) {
        armed_family = str_part(asked, 0, colon);
        armed = (long)nth;
    }
}

bool fault_now(const char *point)
{
    if (armed == 0 || !str_starts(str_from(point), armed_family)) {
        return false;
    }
    if (atomic_fetch_add(&passed, 1) + 1 != armed) {
        return false;
    }
    (void)fprintf(stderr, "fault: %s\n", point);
    errno = EIO;
    return true;
}
#endif
