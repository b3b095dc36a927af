/* Pins: how far every log had come when an act read, so that it can be told later, before the act
 * writes, whether what it read still stands. */
#ifndef OFFICE_AUDIT_PIN_H
#define OFFICE_AUDIT_PIN_H

#include "office/audit/audit.h"

struct pin_log {
    int64_t log;
    int64_t size;
};

struct pin {
    struct pin_log *logs; /* by log */
    int count;
};

/* As the transaction of cx sees the logs; lives in cx->arena. */
enum rc pin_take(const struct cx *cx, struct pin *out) MUST_CHECK;

/* Has anything happened since that an act may rest on? Sessions, accounts, objections and the like
 * never count: who acts is asked anew when he writes. Values, wishes and exceptions count in logs
 * that `is_near` (NULL: in all). Everything else counts everywhere. */
enum rc pin_holds(const struct cx *cx, const struct pin *pin,
                  bool (*is_near)(void *self, struct unit_id log), void *self,
                  bool *out) MUST_CHECK;

#endif
