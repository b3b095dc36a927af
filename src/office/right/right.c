/* The table of rights. */
#include "office/right/right.h"

_Static_assert(RIGHT_COUNT <= 32, "a set of rights is 32 bits");

const struct right_row RIGHTS[RIGHT_COUNT] = {
    [RIGHT_NONE] = {STR_INIT("none"), MSG_RIGHT_NONE, ABOUT_NOBODY, false},
    [RIGHT_PUBLIC] = {STR_INIT("public"), MSG_RIGHT_PUBLIC, ABOUT_NOBODY, false},
    [RIGHT_SELF] = {STR_INIT("self"), MSG_RIGHT_SELF, ABOUT_NOBODY, false},
    [RIGHT_READ] = {STR_INIT("read"), MSG_RIGHT_READ, ABOUT_DATA, true},
    [RIGHT_EXPORT] = {STR_INIT("export"), MSG_RIGHT_EXPORT, ABOUT_DATA, true},
    [RIGHT_IMPORT] = {STR_INIT("import"), MSG_RIGHT_IMPORT, ABOUT_DATA, true},
    [RIGHT_REVERT] = {STR_INIT("revert"), MSG_RIGHT_REVERT, ABOUT_DATA, true},
    [RIGHT_REGISTER] = {STR_INIT("register"), MSG_RIGHT_REGISTER, ABOUT_DATA, true},
    [RIGHT_CLASSIFY] = {STR_INIT("classify"), MSG_RIGHT_CLASSIFY, ABOUT_DATA, true},
    [RIGHT_OVERRIDE] = {STR_INIT("override"), MSG_RIGHT_OVERRIDE, ABOUT_DATA, true},
    [RIGHT_PLAN] = {STR_INIT("plan"), MSG_RIGHT_PLAN, ABOUT_DATA, true},
    [RIGHT_APPROVE] = {STR_INIT("approve"), MSG_RIGHT_APPROVE, ABOUT_DATA, true},
    [RIGHT_RELEASE] = {STR_INIT("release"), MSG_RIGHT_RELEASE, ABOUT_DATA, true},
    [RIGHT_NOTICE] = {STR_INIT("notice"), MSG_RIGHT_NOTICE, ABOUT_DATA, true},
    [RIGHT_APPEAL] = {STR_INIT("appeal"), MSG_RIGHT_APPEAL, ABOUT_DATA, true},
    [RIGHT_ANSWER] = {STR_INIT("answer"), MSG_RIGHT_ANSWER, ABOUT_DATA, true},
    [RIGHT_PROGRAMME] = {STR_INIT("programme"), MSG_RIGHT_PROGRAMME, ABOUT_PROGRAMME, true},
    [RIGHT_TRACE] = {STR_INIT("trace"), MSG_RIGHT_TRACE, ABOUT_DATA, true},
    [RIGHT_ACCOUNTS] = {STR_INIT("accounts"), MSG_RIGHT_ACCOUNTS, ABOUT_PERSONS, false},
    [RIGHT_POSTS] = {STR_INIT("posts"), MSG_RIGHT_POSTS, ABOUT_PERSONS, false},
    [RIGHT_SYSTEM] = {STR_INIT("system"), MSG_RIGHT_SYSTEM, ABOUT_SYSTEM, false},
    [RIGHT_RESTORE] = {STR_INIT("restore"), MSG_RIGHT_RESTORE, ABOUT_SYSTEM, false},
    [RIGHT_WATCH] = {STR_INIT("watch"), MSG_RIGHT_WATCH, ABOUT_SYSTEM, false},
};

const char *const RIGHTS_GIVEN[] = {
    "read",    "export",  "import", "revert", "register", "classify",  "override", "plan",
    "approve", "release", "notice", "appeal", "answer",   "programme", "trace",    NULL,
};
_Static_assert(COUNT_OF(RIGHTS_GIVEN) == RIGHT_LAST_GIVEN - RIGHT_FIRST_GIVEN + 2,
               "one name a right that is given");

right_set right_bit(enum right right)
{
    return (right_set)1 << right;
}

bool right_is_in(right_set set, enum right right)
{
    return (set & right_bit(right)) != 0;
}

right_set rights_of_given(unsigned given)
{
    return (right_set)given << RIGHT_FIRST_GIVEN;
}

enum right right_by_id(str id)
{
    for (int i = RIGHT_NONE + 1; i < RIGHT_COUNT; i++) {
        if (str_equal(RIGHTS[i].id, id)) {
            return (enum right)i;
        }
    }
    return RIGHT_NONE;
}

#define BIT(name) ((right_set)1 << RIGHT_##name)

/* Each sees the trace of its own trade by what it does; to read the trace is the auditor's. */
const struct person_kind_row PERSON_KIND_ROWS[PERSON_KINDS] = {
    [PERSON_OFFICIAL] = {STR_INIT("official"), MSG_PERSON_OFFICIAL, 0},
    [PERSON_SYSTEM] = {STR_INIT("system"), MSG_PERSON_SYSTEM, BIT(ACCOUNTS) | BIT(SYSTEM)},
    [PERSON_SECURITY] = {STR_INIT("security"), MSG_PERSON_SECURITY, BIT(POSTS) | BIT(RESTORE)},
    [PERSON_AUDIT] = {STR_INIT("audit"), MSG_PERSON_AUDIT, BIT(TRACE) | BIT(WATCH)},
};

enum person_kind person_kind_by_id(str id)
{
    int i = 0;

    while (i < PERSON_KINDS && !str_equal(PERSON_KIND_ROWS[i].id, id)) {
        i++;
    }
    return (enum person_kind)i;
}
