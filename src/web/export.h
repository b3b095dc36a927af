/* What is taken out (导出): who may, how much nobody takes out alone, and that it is on record. */
#ifndef WEB_EXPORT_H
#define WEB_EXPORT_H

#include "base/err.h"
#include "base/hash.h"
#include "office/right/right.h"

struct call;

struct exporting {
    int64_t limit;      /* rows that go out without a release; 0: any number */
    struct hash digest; /* of what is asked */
    int64_t release;    /* the proposal that lets it out; 0: none was needed */
    bool is_told;       /* it goes on record before it goes out */
    bool is_asked;      /* it is above the limit, and its reason was given: it is proposed */
    int64_t proposal;   /* what was then proposed */
};

/* The right that a request takes: that of its route, but for a view that goes out as a file. */
enum right export_right(const struct call *call);
/* Once it is known who asks, and that he may. */
void export_begin(struct call *call);
/* For every row: RC_DENIED where it is one too many and nobody let it out. */
enum rc export_count(struct call *call) MUST_CHECK;
/* How reading went: is there anything to write before the answer? */
bool export_is_due(const struct call *call);
/* On the writer's thread: put the export on record, or propose it. */
enum rc export_write(struct call *call) MUST_CHECK;

#endif
