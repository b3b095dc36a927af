/* The schema's versions: forward only, each in one transaction, each remembered with its hash. */
#ifndef STORE_MIGRATE_H
#define STORE_MIGRATE_H

#include "store/db.h"

/* Bring the database to the newest schema. A newer schema than this program knows, or a migration
 * whose text changed after it was applied, is refused with RC_CONFLICT. */
enum rc db_migrate(struct db *db, int64_t now_ms, struct err *err) MUST_CHECK;
/* Refuse to read a database that has another schema than this program. */
enum rc db_need_schema(struct db *db, struct err *err) MUST_CHECK;
int db_schema_newest(void);

#endif
