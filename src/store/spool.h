/* Bytes on their way out, kept until all of them are there, so that nobody gets a part for the
 * whole: few in memory, many in an unnamed file that is gone when it is closed. */
#ifndef STORE_SPOOL_H
#define STORE_SPOOL_H

#include "base/buf.h"
#include "base/bytes.h"

enum {
    SPOOL_MEMORY_BYTES = 256 << 10,
    /* What must stay free on the disk when a spool grows: the database needs it more. */
    SPOOL_FREE_MIB = 128,
};

struct spool {
    struct err *err;
    str directory; /* of the file; "": the system's for temporary ones */
    int64_t max;
    struct buf held; /* not in the file yet; all of it while there is no file */
    int file;        /* -1: none yet */
    int64_t filed;   /* bytes in it */
};

/* At most `max` bytes, those in memory in `arena`. */
void spool_init(struct spool *spool, str directory, int64_t max, struct arena *arena,
                struct err *err);
/* Takes bytes. RC_LIMIT beyond the maximum, RC_BUSY when the disk is full, RC_BROKEN when it
 * fails. */
struct byte_sink spool_sink(struct spool *spool);
int64_t spool_len(const struct spool *spool);

/* All of it: bytes in memory, which live as long as the arena, or a file. */
struct spooled {
    str bytes;
    int file; /* at its start; -1: `bytes` is all */
    int64_t len;
};
/* The file is the caller's from here on, and the spool is empty. */
enum rc spool_take(struct spool *spool, struct spooled *out) MUST_CHECK;
/* All of what was taken, in `arena`; its file is closed. */
enum rc spooled_read(const struct spooled *whole, struct arena *arena, str *out,
                     struct err *err) MUST_CHECK;
/* All of it in `arena`, for what wants to read it again. */
enum rc spool_read(struct spool *spool, struct arena *arena, str *out) MUST_CHECK;
/* Write it to `path`, whole or not at all (file_write_whole). */
enum rc spool_write(struct spool *spool, str path) MUST_CHECK;
/* Empty again. */
void spool_clear(struct spool *spool);
/* Forget it. A zeroed one is fine, as is one that was taken. */
void spool_done(struct spool *spool);

#endif
