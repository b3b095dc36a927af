/* The counter behind FAULT points. */
#include "base/fault.h"

#include <stdlib.h>

#include "base/num.h"

static long armed;
static long passed;

void fault_arm(long nth)
{
    armed = nth;
    passed = 0;
}

long fault_passed(void)
{
    return passed;
}

#ifdef WANCUN_FAULTS
static void arm_from_environment(void)
{
    static bool asked;
    const char *text = asked ? NULL : getenv("WANCUN_FAULT");
    int64_t nth = 0;

    asked = true;
    if (text != NULL && num_parse_int(str_from(text), 1, 1000000, &nth)) {
        armed = (long)nth;
    }
}

bool fault_now(const char *point)
{
    (void)point;
    arm_from_environment();
    passed++;
    return passed == armed;
}
#endif
