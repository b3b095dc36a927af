/* Logging in, and what stays of it: sessions (会话) of people, tokens of programs. */
#ifndef OFFICE_ACCOUNT_SESSION_H
#define OFFICE_ACCOUNT_SESSION_H

#include "office/account/person.h"

enum {
    LOGIN_FREE_FAILURES = 5,     /* then each doubles the wait, from one second up to 15 minutes */
    LOGIN_FREE_OF_ADDRESS = 100, /* the same of all names from one address, up to one minute */
    SESSIONS_MAX = 5,            /* of one person; the oldest ends when a sixth begins */
    TOKENS_MAX = 20,
    TOKEN_DAYS_MAX = 366,
    SESSION_NAME_BYTES_MAX = 200,
};
#define LOGIN_WAIT_MAX_MS         ((int64_t)15 * 60 * 1000)
#define LOGIN_ADDRESS_WAIT_MAX_MS ((int64_t)60 * 1000)
#define LOGIN_ADDRESS_KEPT_MS     ((int64_t)60 * 60 * 1000)
#define SESSION_IDLE_MS           ((int64_t)30 * 60 * 1000)
#define SESSION_MAX_MS            ((int64_t)12 * 60 * 60 * 1000)
#define SESSION_FRESH_MS          ((int64_t)10 * 60 * 1000)
#define SESSION_TOUCH_MS          ((int64_t)60 * 1000)

enum login_answer {
    LOGIN_IN,
    LOGIN_WRONG,      /* name, password or code: one answer for all, and for all at equal time */
    LOGIN_NEEDS_CODE, /* the password fits; ask for a one-time or recovery code, and begin anew */
    LOGIN_WAIT,       /* too many failures: `wait_ms` to go, whatever was given */
};

/* One attempt, in three steps: look (reads), weigh (60 ms and 46 MiB, no database: at most two at
 * once, never on the writer's thread), end (writes). Every answer is RC_OK, so that failures are
 * counted when the act is committed; only LOGIN_IN has a token. The same proves anew who a session
 * belongs to (step-up): with `session` set, that one gets a new token and is fresh. */
struct login {
    str login;
    str password;
    str code;        /* one-time or recovery code, or "" */
    str device;      /* shown in the list of sessions */
    str address;     /* whose failures are counted, too; "": of no network */
    int64_t session; /* 0, or the session of `login` that is to be fresh */

    struct person person; /* id 0: nobody */
    bool fits;
    str upgraded; /* a record at today's cost, when the one on file is outdated */

    enum login_answer answer;
    int64_t wait_ms;
    str token;  /* the cookie's; shown once */
    int64_t id; /* of the session */
};
enum rc login_look(const struct cx *cx, struct login *login) MUST_CHECK;
void login_weigh(struct login *login, struct arena *arena);
enum rc login_end(const struct cx *cx, struct login *login) MUST_CHECK;

struct session {
    int64_t id;
    int64_t person;
    bool is_token;
    str name;            /* device, or what the token is for */
    right_set rights;    /* of a token: no more than these; else all */
    struct unit_id unit; /* of a token: within this one; 0: anywhere */
    int64_t made_ms;
    int64_t seen_ms;
    int64_t fresh_ms;
    int64_t ends_ms;
};

/* The session of a token that was shown. RC_DENIED with a message: none, idle too long, ended, or
 * its person disabled. Reads only; where session_wants_touch says so, touch it in a write. */
enum rc session_find(const struct cx *cx, str token, struct session *out) MUST_CHECK;
/* A token by its number, for what goes on after the request that bore it. The same RC_DENIED. */
enum rc session_of_token(const struct cx *cx, int64_t id, struct session *out) MUST_CHECK;
bool session_wants_touch(const struct cx *cx, const struct session *session);
enum rc session_touch(const struct cx *cx, const struct session *session) MUST_CHECK;
/* Proved lately who it is: approving, exporting and the like ask for it. Never a token. */
bool session_is_fresh(const struct cx *cx, const struct session *session);

/* End one of a person's sessions or tokens; RC_MISSING with a message when it is not his. */
enum rc session_end(const struct cx *cx, int64_t person, int64_t session) MUST_CHECK;
/* All of them but `kept`; 0: all. */
enum rc session_end_all(const struct cx *cx, int64_t person, int64_t kept) MUST_CHECK;
typedef enum rc (*session_take)(void *self, const struct session *session);
/* Those that live, oldest first. */
enum rc session_each(const struct cx *cx, int64_t person, session_take take, void *self) MUST_CHECK;
enum rc session_table(const struct cx *cx, const struct programme *programme, int64_t person,
                      const struct table_sink *sink) MUST_CHECK;

/* A token for a program: name, rights, unit and end in `token`; the rest is filled in here. It can
 * do no more than its person at the time of use. */
enum rc token_add(const struct cx *cx, struct session *token, str *out_token) MUST_CHECK;

#endif
