/* What the files of the SQLite engine share. */
#ifndef STORE_LITE_LITE_H
#define STORE_LITE_LITE_H

#include <sqlite3.h>

#include "store/engine.h"

sqlite3 *lite_raw(struct db *db);
/* The connection's last failure as an outcome. */
enum rc lite_broken(struct db *db, struct err *err) MUST_CHECK;

enum rc lite_prove(struct db *db, const struct sql *sql, struct err *err) MUST_CHECK;
enum rc lite_check(struct db *db, struct err *err) MUST_CHECK;
enum rc lite_copy(struct db *db, const char *path, int *out_file, struct err *err) MUST_CHECK;
enum rc lite_facts(struct db *db, db_tell tell, void *self, struct err *err) MUST_CHECK;

#endif
