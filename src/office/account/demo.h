/* Accounts for trying out a demonstration (演示账号): one for each post at each of its levels, at
 * the first unit of that level, and one for each administrator. They are made when first asked for
 * and have no password, so that there is no default account. */
#ifndef OFFICE_ACCOUNT_DEMO_H
#define OFFICE_ACCOUNT_DEMO_H

#include "office/account/session.h"

/* Where a demonstration is tried out. */
struct demo_door {
    const struct programme *programme;
    const struct unit_tree *tree; /* of today */
    str listen;                   /* the address that the server listens on */
};

/* The level of the administrators' accounts. */
extern const str DEMO_LEVEL_OFFICE;

/* An address to listen at that only this machine reaches: 127.…, [::1], a Unix socket. */
bool address_is_local(str listen);

/* May accounts for trying out be offered? Only with a definition that is a demonstration, and only
 * where nobody but this machine can reach the server. */
bool demo_is_allowed(const struct programme *programme, str listen);

/* A session of the account for that post (or kind of administrator) at that level; `device` of
 * `login` is filled in before, its token after. RC_MISSING: no demonstration is tried out here, or
 * there is no such post or unit. */
enum rc demo_log_in(const struct cx *cx, const struct demo_door *door, str post, str level,
                    struct login *login) MUST_CHECK;

#endif
