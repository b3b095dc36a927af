/* Persons for tests of accounts. */
#include "office/account/test_person.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "crypt/crypt.h"

const str CHEAP = STR_INIT("$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$"
                           "nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4");

struct person test_person(struct cx *cx, const char *login, enum person_kind kind)
{
    struct person person = {.login = str_from(login), .name = STR("某人"), .kind = kind};
    str token = {0};

    assert_int_equal(person_add(cx, &person, &token), RC_OK);
    assert_int_equal(token.len, TOKEN_CHARS);
    return person;
}

struct person test_begun(struct cx *cx, const char *login)
{
    struct person person = test_person(cx, login, PERSON_OFFICIAL);

    assert_int_equal(person_set_password(cx, &person, CHEAP, 0), RC_OK);
    return person;
}

struct login test_attempt(struct cx *cx, const char *login, const char *password)
{
    struct login in = {.login = str_from(login), .password = str_from(password)};

    assert_int_equal(login_look(cx, &in), RC_OK);
    login_weigh(&in, cx->arena);
    in.upgraded = STR("");
    assert_int_equal(login_end(cx, &in), RC_OK);
    return in;
}
