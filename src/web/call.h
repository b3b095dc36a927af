/* One request on its way through the office: who asks, by which route, as which act, and what goes
 * back. */
#ifndef WEB_CALL_H
#define WEB_CALL_H

#include "act/act.h"
#include "act/seal.h"
#include "office/access/actor.h"
#include "office/audit/pin.h"
#include "office/job/job.h"
#include "web/export.h"
#include "web/faces.h"
#include "web/route.h"
#include "web/server.h"

/* Where a call stands: what is long reads and computes before it writes. */
enum phase {
    PHASE_BEFORE,
    PHASE_READING, /* in a read transaction of its own thread's connection */
    PHASE_WRITING, /* in the writer's transaction */
    PHASE_OVER,
};

/* Whose turn it is on the writer's connection, of a call that another thread runs. */
enum turn { TURN_NONE, TURN_WAITS, TURN_GIVEN, TURN_BACK, TURN_OVER };

struct kept_map;

struct call {
    struct http_request *request;
    struct server *server;
    const struct route *route;
    struct route_match match;
    struct act act;
    struct act_mark begin;  /* of its transaction */
    struct call *kept;      /* as it was then */
    struct session session; /* id 0: nobody has logged in */
    struct actor actor;
    struct file_map body;    /* the file that was sent, once somebody reads it */
    struct kept_map *maps;   /* files kept before, the same */
    struct faces faces;      /* of the answer: the act's tables */
    struct exporting export; /* what is to be known of them before they go out */
    bool is_plain;           /* the answer is an object of its own, not a list of tables */
    struct buf said;         /* sentences, a line each */
    str download;            /* the file's name when the answer is a file */
    str type;                /* of a plain body; "": JSON */
    str etag;                /* names its state; "": it is not to be kept */
    str location;            /* go there instead (303) */
    struct login login;      /* of a log-in */
    str record;              /* of a password to be */
    struct seal_key seal;    /* the same */
    struct json *json;       /* of call_object */
    struct http_cookie cookie;
    bool has_cookie;
    enum rc rc;
    struct call *next; /* in the writer's line */
    enum turn turn;    /* under the writer's lock */
    enum phase phase;
    struct pin pin;              /* of the logs, when it began to read */
    struct programme *programme; /* by which its right was asked */
    bool is_stale;               /* what it had read no longer stood when it began to write */
    enum rc (*instead)(struct call *call); /* of what the route does; NULL: that */
    void (*answer)(struct call *call);     /* in place of call_answer when all went well */
    struct job asked;                      /* of either */
    const struct job *job;                 /* it is done for, when nobody waits; NULL: somebody */
    bool is_noted;                         /* the end of that job was written with its work */
};

/* A call for the request, which names its route in `match`. It lives in the request's arena. */
struct call *call_begin(struct server *server, struct http_request *request,
                        const struct route_match *match);
/* By what the one who asks is known: the cookie of a session, or a token in the head; "". */
str call_token(const struct http_request *request);
/* Does it change anything? Then it belongs on the writer's thread. */
bool call_is_write(const struct call *call);
/* Find out who asks, and ask for the right; inside a transaction of cx.db. */
enum rc call_may(struct call *call) MUST_CHECK;
/* The same later on, where units and programme still stand. */
enum rc call_may_still(struct call *call) MUST_CHECK;
/* What the route does beforehand, in a transaction that only reads. */
enum rc call_prepare(struct call *call) MUST_CHECK;
/* Find out who asks, ask for the right, do it; inside a transaction of cx.db. */
enum rc call_run(struct call *call) MUST_CHECK;
/* Its transaction begins; and begins again, with all forgotten that was done in between. What was
 * read for it beforehand may not: another begins for its request, or it fails. */
void call_mark(struct call *call);
bool call_may_repeat(const struct call *call);
void call_restart(struct call *call);
/* Answer by how it went. The call is over. */
void call_answer(struct call *call);

/* Let go of a call that is not to be answered: another begins for its request. */
void call_drop(struct call *call);

/* An answer that is one JSON object: open it, fill it, close it. */
struct json *call_object(struct call *call);
enum rc call_close_object(struct call *call) MUST_CHECK;
/* The bytes of the file that was sent; "" for none. */
enum rc call_body(struct call *call, str *out) MUST_CHECK;
/* A text of the form, at most `max` bytes; RC_INVALID says that it is missing or too long. */
enum rc call_text(struct call *call, const char *name, size_t max, str *out) MUST_CHECK;

#endif
