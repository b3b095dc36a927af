/* Persons and the posts they hold against the trace. Names and log-in names are personal: the
 * digest that covers them covers a salt, too, without which they cannot be guessed from it. None
 * covers the last step of a one-time code, which every log-in changes. */
#include "office/account/account_in.h"
#include "office/account/account_replay_sql.h"

const struct stamped PERSON_STAMPED = {STR_INIT("person"), &PERSON_ROWS, &PERSON_KEYS};
const struct stamped SALT_STAMPED = {STR_INIT("person_salt"), &SALT_ROWS, &SALT_KEYS};
const struct stamped HELD_STAMPED = {STR_INIT("post_held"), &HELD_ROWS, &HELD_KEYS};

const struct replay_table ACCOUNT_TABLES[] = {
    {STR_INIT("person"), replay_stamped, &PERSON_STAMPED},
    {STR_INIT("person_salt"), replay_stamped, &SALT_STAMPED},
    {STR_INIT("post_held"), replay_stamped, &HELD_STAMPED},
    {{0}, NULL, NULL},
};
