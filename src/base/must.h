/* Promises of ours. A broken one stops the process, in release builds too: the open transaction
 * then never happened. Never for faults of the input, which are outcomes (err.h). */
#ifndef BASE_MUST_H
#define BASE_MUST_H

#define MUST_CHECK __attribute__((warn_unused_result))

_Noreturn void must_fail(const char *file, int line, const char *promise);

#define MUST(promise)                                                                              \
    do {                                                                                           \
        if (!(promise)) {                                                                          \
            must_fail(__FILE__, __LINE__, #promise);                                               \
        }                                                                                          \
    } while (0)

/* For a place that cannot be reached. */
#define NEVER(why) must_fail(__FILE__, __LINE__, why)

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

#endif
