/* The data directory: the database, the original files by hash, the snapshot of
 * the cube. Exactly one process may write to it at a time. */
#ifndef STORE_HOME_H
#define STORE_HOME_H

#include "base/hash.h"
#include "store/db.h"
#include "store/file.h"

struct home;

/* HOME_CREATE makes the directory and an empty database and refuses one that
 * holds data already; until `home_found` is committed there is nothing there
 * for the others, and it may be made again. HOME_WRITE takes the directory's
 * lock (RC_BUSY when another process has it) and migrates. HOME_READ takes no
 * lock and needs the newest schema. */
enum home_mode { HOME_CREATE, HOME_WRITE, HOME_READ };

enum rc home_open(str directory, enum home_mode mode, int64_t now_ms, struct home **out,
                  struct err *err) MUST_CHECK;
/* As HOME_CREATE, with the database on the server at "postgres://…": the
 * directory keeps the address, the originals and the cubes. An address with a
 * password is RC_INVALID: libpq takes it from PGPASSFILE or the environment. */
enum rc home_create_on(str directory, str database, int64_t now_ms, struct home **out,
                       struct err *err) MUST_CHECK;
/* NULL is fine. */
void home_close(struct home *home);

struct db *home_db(struct home *home);

/* Whoever writes for long says so at least every HOME_RENEW_MS, between transactions; RC_BUSY when
 * another has followed, who writes now: nothing can be written here any more. */
enum { HOME_RENEW_MS = 10000 };
enum rc home_renew(struct home *home, struct err *err) MUST_CHECK;

/* All that makes a new directory one is there: said inside the transaction that
 * writes it. */
enum rc home_found(struct home *home, struct err *err) MUST_CHECK;

/* Keep an original file; twice the same bytes are one file. Durable when it
 * returns. */
enum rc home_keep_file(struct home *home, str bytes, struct hash *out, struct err *err) MUST_CHECK;
/* Its bytes, checked against the hash, until the caller unmaps them. */
enum rc home_map_file(struct home *home, struct hash hash, struct file_map *out,
                      struct err *err) MUST_CHECK;
/* The same as a file, for what goes out as it is; the descriptor is the caller's. */
enum rc home_open_file(struct home *home, struct hash hash, int *out, int64_t *out_len,
                       struct err *err) MUST_CHECK;
/* The database as the transaction at hand sees it: see db_copy. Nothing of it can be read but
 * by `out`, which the caller unmaps. */
enum rc home_copy_database(struct home *home, struct file_map *out, struct err *err) MUST_CHECK;
/* A path inside the directory, ended by a zero byte. */
str home_path(const struct home *home, str name, struct arena *arena);

#endif
