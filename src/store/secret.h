/* Secrets: small files that only their owner may read. */
#ifndef STORE_SECRET_H
#define STORE_SECRET_H

#include "base/arena.h"
#include "base/err.h"

enum { SECRET_BYTES_MAX = 4096 };

/* Write a new secret at `path`, which a zero byte follows, with mode 0400; RC_CONFLICT when there
 * is one. Durable when it returns. */
enum rc secret_keep(str path, str bytes, struct err *err) MUST_CHECK;
/* Its bytes, in `arena`. RC_MISSING without touching `err` when there is none; RC_DENIED when
 * others than its owner can read or write it. */
enum rc secret_read(str path, struct arena *arena, str *out, struct err *err) MUST_CHECK;

#endif
