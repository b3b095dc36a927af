/* What the rooms of store share about a connection, and nobody else may know. */
#ifndef STORE_DB_IN_H
#define STORE_DB_IN_H

#include "store/db.h"

/* Ids are (ms since 1970) << DB_ID_SERIAL_BITS plus a serial number. */
enum { DB_ID_SERIAL_BITS = 20 };

/* Statements of our own text only: migrations and checks. */
enum rc db_script(struct db *db, const char *text, struct err *err) MUST_CHECK;
enum rc db_number(struct db *db, const char *text, int64_t *out, struct err *err) MUST_CHECK;
/* Mark the file as ours and as being founded; is it ours? */
enum rc db_claim(struct db *db, struct err *err) MUST_CHECK;
enum rc db_check_claim(struct db *db, bool *out_is_ours, bool *out_is_empty,
                       struct err *err) MUST_CHECK;
/* The mark of being founded goes with the transaction that says all is there. */
enum rc db_found(struct db *db, struct err *err) MUST_CHECK;
enum rc db_check_founded(struct db *db, bool *out_is_founded, struct err *err) MUST_CHECK;

/* For the files of this room alone: the engine's connection, and its failure as an outcome. */
struct sqlite3 *db_lite(struct db *db);
enum rc db_broken(struct db *db, struct err *err) MUST_CHECK;

#endif
