/* What the files of store share about a connection, and nobody else may know.
 */
#ifndef STORE_DB_IN_H
#define STORE_DB_IN_H

#include "store/engine.h"

/* Ids are (ms since 1970) << DB_ID_SERIAL_BITS plus a serial number. */
enum { DB_ID_SERIAL_BITS = 20 };

/* Is it the address of a server, and not a file? */
bool db_is_server(str place);
/* RC_INVALID unless it is, as libpq reads it, and holds no password. */
enum rc db_check_address(str place, struct err *err) MUST_CHECK;

/* Statements of our own text only: migrations and checks. */
enum rc db_script(struct db *db, const char *text, struct err *err) MUST_CHECK;
enum rc db_claim(struct db *db, struct err *err) MUST_CHECK;
enum rc db_look(struct db *db, struct claim *out, struct err *err) MUST_CHECK;
enum rc db_found(struct db *db, struct err *err) MUST_CHECK;
/* Claim an empty database and become the one who writes; RC_CONFLICT when it is
 * somebody else's. */
enum rc db_own(struct db *db, str holder, struct err *err) MUST_CHECK;
enum rc db_renew(struct db *db, struct err *err) MUST_CHECK;

#endif
