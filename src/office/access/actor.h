/* Who acts, with which rights, where: the one place that says yes or no. Rights come from the posts
 * a person holds today, and reach as far down as the post's unit does in today's tree; codes of
 * units have no say. */
#ifndef OFFICE_ACCESS_ACTOR_H
#define OFFICE_ACCESS_ACTOR_H

#include "office/account/session.h"

enum actor_kind {
    ACTOR_NOBODY, /* not logged in */
    ACTOR_LOCAL,  /* at the command line, as the owner of the data directory: all rights */
    ACTOR_PERSON,
};

/* A post held today, with what it gives. */
struct actor_post {
    int64_t held;
    str post;
    struct unit_id unit; /* 0: the whole office */
    right_set rights;
};

struct actor {
    enum actor_kind kind;
    int64_t person;
    enum person_kind person_kind;
    struct session session; /* id 0: none */
    bool is_fresh;          /* proved lately who he is */
    int32_t day;            /* today as yyyymmdd in the office's zone */
    const struct actor_post *posts;
    int post_count;
};

/* The person behind a session with what he may do today: posts expired, to come, or no longer in
 * the programme give nothing. Read at every request, so that a change holds from the next one. */
enum rc actor_load(const struct cx *cx, const struct programme *programme,
                   const struct session *session, struct actor *out) MUST_CHECK;

/* May cx->who use `right` on `unit`? `unit` {0} is the office as a whole. RC_MISSING when the unit
 * is out of his sight or not there, one answer for both; RC_DENIED when he sees it, or is not
 * logged in. `*out_post` (NULL: not wanted) is the post that gives it, NULL for the owner. */
enum rc right_check(const struct cx *cx, enum right right, struct unit_id unit,
                    const struct actor_post **out_post) MUST_CHECK;
/* The same of what is in sight in any case, such as a run from above: RC_DENIED where the right
 * does not reach all of it. */
enum rc right_check_whole(const struct cx *cx, enum right right, struct unit_id unit) MUST_CHECK;
/* The same for reading a unit of today's tree, asked of that tree and without the database. False
 * where the answer is no, or not to be had from the tree alone: ask right_check. */
bool actor_reads(const struct actor *who, const struct unit_tree *tree, int place);
/* As right_check, and from now on cx->actor names the post he acts by, "person:<id>/<post>@<unit>",
 * and cx->scope is where the right reaches; that of a right about nobody's data is what he may
 * read. Called by dispatchers once a request, before the office does anything. */
enum rc actor_enter(struct cx *cx, enum right right, struct unit_id unit) MUST_CHECK;
/* The same where no unit is named: by the first post that has the right at all; RC_DENIED when
 * there is none. */
enum rc actor_enter_somewhere(struct cx *cx, enum right right) MUST_CHECK;
/* The same where the whole office is meant: the right must reach all there is, else RC_DENIED. */
enum rc actor_enter_office(struct cx *cx, enum right right) MUST_CHECK;
/* Enough for this: RC_DENIED asks to prove anew who he is, or refuses a token. */
enum rc actor_need_fresh(const struct cx *cx) MUST_CHECK;

/* Where a right reaches, of all posts that have it; no root lies below another. */
enum rc scope_of(const struct cx *cx, enum right right, struct scope *out) MUST_CHECK;
#endif
