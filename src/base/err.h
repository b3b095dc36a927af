/* Outcomes: a small closed set, and the first cause in data. Text is made of it at the edge, in
 * the reader's language (msg.h). */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <stdint.h>

#include "base/must.h"
#include "base/str.h"
#include "gen/msg_id.h"

enum rc {
    RC_OK,
    RC_INVALID,  /* the input is wrong: says which field and why */
    RC_DENIED,   /* not this person */
    RC_MISSING,  /* absent, or not visible: one answer for both */
    RC_CONFLICT, /* somebody was faster, or the state does not allow it */
    RC_BUSY,     /* try again later */
    RC_LIMIT,    /* a named limit was reached */
    RC_BROKEN,   /* disk, library, corruption */
};

/* One argument of a message. */
struct arg {
    enum { ARG_END, ARG_TEXT, ARG_COUNT, ARG_FIXED, ARG_MSG, ARG_NUMBER } kind;
    str text;
    int64_t number; /* ARG_FIXED: scaled by 10^decimals; ARG_MSG: an enum msg_id */
    int decimals;
};

struct arg arg_text(str text);
struct arg arg_count(int64_t count);
struct arg arg_fixed(int64_t scaled, int decimals);
/* A number that names something (a row, a year, an id): never grouped. */
struct arg arg_number(int64_t number);
struct arg arg_msg(enum msg_id id);

enum { ERR_ARGS_MAX = 6, ERR_TEXT_MAX = 1024 };

struct err {
    enum rc rc;
    enum msg_id msg;
    int arg_count;
    struct arg args[ERR_ARGS_MAX];
    char text[ERR_TEXT_MAX]; /* what the text arguments point into; cut at whole characters */
    size_t text_len;
    const char *file;
    int line;
};

/* Record the first cause and return `rc`; a later cause is ignored. What follows the message are
 * its arguments, each a struct arg, in the order of {1}, {2}…
 *     return err_set(cx->err, RC_MISSING, MSG_UNIT_UNKNOWN, arg_text(code)); */
#define err_set(err, rc, ...) err_set_at((err), __FILE__, __LINE__, (rc), __VA_ARGS__, ARG_LAST)
#define ARG_LAST              ((struct arg){.kind = ARG_END})
enum rc err_set_at(struct err *err, const char *file, int line, enum rc rc, enum msg_id msg, ...);

/* The same failure told by another, which may live longer. */
void err_copy(struct err *to, const struct err *from);
/* Forget: for a caller that handles the failure and goes on. */
void err_clear(struct err *err);

/* Return a failure upward. Only where nothing is owned: office, web, cli, jobs. */
#define TRY(call)                                                                                  \
    do {                                                                                           \
        enum rc try_rc_ = (call);                                                                  \
        if (try_rc_ != RC_OK) {                                                                    \
            return try_rc_;                                                                        \
        }                                                                                          \
    } while (0)

#endif
