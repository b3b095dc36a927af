/* Places made to fail on purpose. In builds with -Dfaults=true a point fails when its turn comes:
 * WANCUN_FAULT=file.:3 is the third passing of a point whose name begins with "file.". What fails
 * is named on stderr. In other builds a point costs nothing and never fails.
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

/* Make the n-th passing from now on of a point of `family` fail; 0: none. In builds without faults
 * nothing fails. */
void fault_arm(const char *family, long nth);

#endif
