/* Rights (权限): the one table of what somebody may be allowed to do. A definition gives rights to
 * its posts; those of the three administrators are fixed here. Routes, the matrix of the tests and
 * the chapter of the docs come from it. */
#ifndef OFFICE_RIGHT_RIGHT_H
#define OFFICE_RIGHT_RIGHT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/msg.h"
#include "base/str.h"

/* 0 is no right at all, so that a row that forgot to say one can be refused. */
enum right {
    RIGHT_NONE,
    RIGHT_PUBLIC, /* everybody, without logging in */
    RIGHT_SELF,   /* whoever has logged in, about himself */
    /* what a definition may give to a post: RIGHTS_GIVEN has them in this order */
    RIGHT_READ,
    RIGHT_EXPORT,
    RIGHT_IMPORT,
    RIGHT_REVERT,
    RIGHT_REGISTER,
    RIGHT_CLASSIFY,
    RIGHT_OVERRIDE,
    RIGHT_PLAN,
    RIGHT_APPROVE,
    RIGHT_RELEASE,
    RIGHT_NOTICE,
    RIGHT_APPEAL,
    RIGHT_ANSWER,
    RIGHT_PROGRAMME,
    RIGHT_TRACE,
    /* the administrators' alone */
    RIGHT_ACCOUNTS,
    RIGHT_POSTS,
    RIGHT_SYSTEM,
    RIGHT_RESTORE,
    RIGHT_WATCH,
    RIGHT_COUNT,
};
enum { RIGHT_FIRST_GIVEN = RIGHT_READ, RIGHT_LAST_GIVEN = RIGHT_TRACE };

/* What a right is about; in a unit's scope unless it is about the office as a whole. */
enum about { ABOUT_NOBODY, ABOUT_DATA, ABOUT_PROGRAMME, ABOUT_PERSONS, ABOUT_SYSTEM };

struct right_row {
    str id;
    enum msg_id name;
    enum about about;
    bool is_given; /* a definition may give it to a post */
};
extern const struct right_row RIGHTS[RIGHT_COUNT];
/* The ids of those a definition may give, ended by NULL: bit i of a post's rights is
 * RIGHT_FIRST_GIVEN + i. */
extern const char *const RIGHTS_GIVEN[];

/* A set of rights: bit r is right r. */
typedef uint32_t right_set;
right_set right_bit(enum right right);
bool right_is_in(right_set set, enum right right);
/* Bits of RIGHTS_GIVEN as a set. */
right_set rights_of_given(unsigned given);

/* RIGHT_NONE when there is none of that id. */
enum right right_by_id(str id);

/* The kinds of account (三员分立). A person's kind never changes, and each holds posts of its own
 * kind alone: nobody is two administrators, or an administrator and an official. */
enum person_kind {
    PERSON_OFFICIAL, /* holds posts of the programme */
    PERSON_SYSTEM,   /* 系统管理员 */
    PERSON_SECURITY, /* 安全管理员 */
    PERSON_AUDIT,    /* 审计管理员 */
    PERSON_KINDS,
};

struct person_kind_row {
    str id;
    enum msg_id name;
    right_set rights; /* of an administrator; an official's come from posts */
};
extern const struct person_kind_row PERSON_KIND_ROWS[PERSON_KINDS];
/* PERSON_KINDS when there is none of that id. */
enum person_kind person_kind_by_id(str id);

#endif
