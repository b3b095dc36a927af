/* Tar archives (POSIX ustar) of plain files, so that a backup opens with any tar of any machine. */
#ifndef FORMAT_TAR_TAR_H
#define FORMAT_TAR_TAR_H

#include "base/bytes.h"
#include "base/err.h"

enum { TAR_NAME_MAX = 100 };
/* The most that eleven octal digits can say. */
#define TAR_BYTES_MAX ((INT64_C(1) << 33) - 1)

struct tar_entry {
    str name; /* of at most TAR_NAME_MAX bytes */
    str bytes;
};

/* One file, dated `at_ms`. RC_LIMIT when it is larger than TAR_BYTES_MAX. */
enum rc tar_put(const struct byte_sink *sink, const struct tar_entry *entry, int64_t at_ms,
                struct err *err) MUST_CHECK;
/* What stands behind the last one. */
enum rc tar_end(const struct byte_sink *sink) MUST_CHECK;

/* Cut the next file off `*rest`; its name and bytes point into it. RC_MISSING, without touching
 * `err`, at the end that tar_end wrote, with nothing behind it. RC_INVALID for anything that
 * tar_put would not have written: a part, another kind of entry, a name with a wrong sum. */
enum rc tar_next(str *rest, struct tar_entry *out, struct err *err) MUST_CHECK;

#endif
