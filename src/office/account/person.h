/* Persons with an account (账号), and the posts (岗位) they hold. There is no account to begin
 * with: who owns the data directory makes the first, and each begins with a token that lets its
 * person choose a password once. */
#ifndef OFFICE_ACCOUNT_PERSON_H
#define OFFICE_ACCOUNT_PERSON_H

#include "base/date.h"
#include "base/table.h"
#include "office/audit/replay.h"
#include "office/programme/programme.h"
#include "office/right/right.h"
#include "office/unit/unit.h"

enum {
    PERSON_LOGIN_BYTES_MAX = 64,
    PERSON_NAME_BYTES_MAX = 120,
    PERSON_POSTS_MAX = 32,
    PERSON_START_DAYS = 3,
    PASSWORD_CHARS_MIN = 10,
    RECOVERY_CODES = 10,
};

struct person {
    int64_t id;
    str login; /* a-z, 0-9, dot, dash, low line; begins with a letter */
    str name;
    enum person_kind kind;
    str state;    /* "invited" until a password is chosen, "active", "disabled" */
    str password; /* its record; "" when invited */
    str totp;     /* sealed; "" without */
    int64_t totp_step;
};

/* Make an account; id and state are filled in here. `*out_token` is the start token, shown once.
 * Who makes it and that it was made is in the trace, without the name. RC_CONFLICT: the login is
 * taken. */
enum rc person_add(const struct cx *cx, struct person *person, str *out_token) MUST_CHECK;
/* RC_MISSING with a message. */
enum rc person_load(const struct cx *cx, int64_t id, struct person *out) MUST_CHECK;
enum rc person_find(const struct cx *cx, str login, struct person *out) MUST_CHECK;

/* Nobody logs in by it any more; its sessions and tokens end at once. Posts stay on record. */
enum rc person_disable(const struct cx *cx, const struct person *person) MUST_CHECK;
/* Begin again: a new start token; password, one-time codes and sessions are gone. */
enum rc person_restart(const struct cx *cx, const struct person *person, str *out_token) MUST_CHECK;

/* May it be a password of that person? RC_INVALID says why not. Refused: fewer than
 * PASSWORD_CHARS_MIN characters; what is in everybody's list (words, runs, repeats, keyboards,
 * dates, with or without digits and signs around them); what contains the login. */
enum rc person_password_check(str login, str password, struct err *err) MUST_CHECK;
/* Keep a password, given as its record (password_record, made where 60 ms do no harm). All
 * sessions but `kept` (0: none) end. */
enum rc person_set_password(const struct cx *cx, const struct person *person, str record,
                            int64_t kept) MUST_CHECK;
/* Whose start token is it? RC_DENIED with a message when it is nobody's or too late. Setting the
 * password uses it up. */
enum rc person_by_start(const struct cx *cx, str token, struct person *out) MUST_CHECK;

/* One-time codes: offer a secret (base32, for the telephone), sealed by cx->seal; it is in force
 * once a code of it was given. `out` has room for RECOVERY_CODES texts, shown once. RC_DENIED: not
 * its code. */
enum rc person_totp_offer(const struct cx *cx, const struct person *person, str *out) MUST_CHECK;
enum rc person_totp_confirm(const struct cx *cx, const struct person *person, str code,
                            str *out) MUST_CHECK;

/* A post held. */
struct held {
    int64_t id;
    int64_t person;
    str post;            /* id in the programme, or of the kind of administrator */
    struct unit_id unit; /* 0: the whole office */
    date from;
    date to; /* the first day it is held no more; HELD_OPEN: open */
};
extern const date HELD_OPEN;

/* Give a post: an official one of the programme at a unit of one of its levels, an administrator
 * his own. id is filled in here. RC_INVALID: no such post, not at that level, not for that kind of
 * account. Nobody gives himself a post (RC_DENIED). */
struct appointment {
    const struct programme *programme;
    const struct unit_tree *tree; /* NULL for an administrator */
    const struct person *person;
    str post;
    int place; /* in the tree */
    date from;
    date to;
};
enum rc post_give(const struct cx *cx, const struct appointment *giving,
                  struct held *out) MUST_CHECK;
/* The first day it is held no more. Later than before is RC_INVALID: give it anew. */
enum rc post_end(const struct cx *cx, int64_t held, date to) MUST_CHECK;
typedef enum rc (*held_take)(void *self, const struct held *held);
/* Those of a person, oldest first; `person` 0: of everybody. */
enum rc post_each(const struct cx *cx, int64_t person, held_take take, void *self) MUST_CHECK;

/* Lists for people. */
enum rc person_table(const struct cx *cx, const struct table_sink *sink) MUST_CHECK;
enum rc post_table(const struct cx *cx, const struct programme *programme,
                   const struct unit_tree *tree, const struct table_sink *sink) MUST_CHECK;

/* How persons and posts held are checked against the trace. */
extern const struct replay_table ACCOUNT_TABLES[];

#endif
