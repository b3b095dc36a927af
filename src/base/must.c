/* The end of a process that broke its own promise. */
#include "base/must.h"

#include <stdio.h>
#include <stdlib.h>

_Noreturn void must_fail(const char *file, int line, const char *promise)
{
    (void)fprintf(stderr, "wancun: %s:%d: broken promise: %s\n", file, line, promise);
    abort();
}
