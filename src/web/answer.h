/* What goes back: tables and sentences as JSON, a file, or a problem (RFC 9457). */
#ifndef WEB_ANSWER_H
#define WEB_ANSWER_H

#include "web/call.h"

/* Fill in the answer by how the call went, its texts in the request's arena. */
void answer_make(struct call *call, struct http_answer *out);

/* A problem before there is a call: no such path, no such method, a limit of the door. */
void answer_problem(struct http_request *request, enum lang lang, const struct err *err,
                    struct http_answer *out);

/* The status of an outcome. */
int answer_status(enum rc rc);

#endif
