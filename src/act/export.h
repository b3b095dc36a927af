/* The trace as lines of JSON, for whoever verifies it elsewhere. */
#ifndef ACT_EXPORT_H
#define ACT_EXPORT_H

#include "act/act.h"
#include "base/bytes.h"

struct export_options {
    int64_t since;   /* also prove growth since that checkpoint; 0: no */
    bool only_heads; /* checkpoint, heads and growth, without the events: what a witness needs */
};
/* Events are those of logs in scope; the heads of the others stand for theirs. */
enum rc export_trace(struct act *act, const struct export_options *options,
                     const struct byte_sink *sink) MUST_CHECK;

#endif
