/* Jobs as their owner sees them: the list, how far one is, its events, its result, its end. */
#ifndef WEB_JOB_H
#define WEB_JOB_H

#include "format/json/json.h"
#include "web/jobs.h"

/* Keep what the call asks for as a job, and say where it is: 202. Its right was asked, in no
 * transaction now; it goes to the writer. */
enum rc job_ask(struct call *call) MUST_CHECK;

enum rc job_list(struct call *call) MUST_CHECK;
enum rc job_show(struct call *call) MUST_CHECK;
/* Server-sent events: "progress" now and then, "end" at the end; the data are those of job_show. */
enum rc job_events(struct call *call) MUST_CHECK;
/* What the request would have been answered. RC_CONFLICT: there is nothing, or not yet. */
enum rc job_result(struct call *call) MUST_CHECK;
/* Stop it: at once where it waits, else at its next step. */
enum rc job_stop(struct call *call) MUST_CHECK;

/* The members "job", "state", and where there is one "stage", "done", "total" of the open map. */
void job_put_progress(struct json *json, int64_t id, const struct job_progress *shown,
                      enum lang lang);

#endif
