/* Places made to fail on purpose. In builds with -Dfaults=true a point fails when its turn comes
 * (WANCUN_FAULT=n: the n-th point passed); in others it costs nothing and never fails.
 *     if (FAULT("store.commit")) { return broken(…); } */
#ifndef BASE_FAULT_H
#define BASE_FAULT_H

#include <stdbool.h>

#ifdef WANCUN_FAULTS
bool fault_now(const char *point);
#define FAULT(point) fault_now(point)
#else
#define FAULT(point) false
#endif

/* Make the n-th point passed from now on fail, 0 for none; and how many were passed since. In
 * builds without faults nothing fails and the count stays 0. */
void fault_arm(long nth);
long fault_passed(void);

#endif
