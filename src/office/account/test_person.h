/* Persons for tests of accounts. */
#ifndef OFFICE_ACCOUNT_TEST_PERSON_H
#define OFFICE_ACCOUNT_TEST_PERSON_H

#include "office/account/session.h"

/* A record that is cheap to check, of the password "password": tests log in many times. */
extern const str CHEAP;

/* An account that waits for its first password; one whose password is "password". */
struct person test_person(struct cx *cx, const char *login, enum person_kind kind);
struct person test_begun(struct cx *cx, const char *login);
/* All three steps of a log-in. */
struct login test_attempt(struct cx *cx, const char *login, const char *password);

#endif
