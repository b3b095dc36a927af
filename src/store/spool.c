/* Bytes on their way out. */
#include "store/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/fault.h"
#include "store/file.h"

enum { PATH_BYTES_MAX = 4096 };

void spool_init(struct spool *spool, str directory, int64_t max, struct arena *arena,
                struct err *err)
{
    *spool = (struct spool){
        .err = err,
        .directory = directory.len > 0 ? directory : STR("/tmp"),
        .max = max,
        .file = -1,
    };
    buf_init(&spool->held, arena, SPOOL_MEMORY_BYTES);
}

/* A full disk is told apart: it is the one that somebody can mend while the server runs. */
static enum rc failed(const struct spool *spool)
{
    bool is_full = errno == ENOSPC || errno == EDQUOT || errno == EFBIG;
    char why[128];

    return is_full ? err_set(spool->err, RC_BUSY, MSG_STORE_SPOOL_FULL)
                   : err_set(spool->err, RC_BROKEN, MSG_BASE_IO_WRITE, arg_text(spool->directory),
                             arg_text(str_from(strerror_r(errno, why, sizeof(why)))));
}

static enum rc open_file(struct spool *spool)
{
    char path[PATH_BYTES_MAX];

    if (spool->directory.len >= sizeof(path)) {
        return err_set(spool->err, RC_LIMIT, MSG_STORE_PATH_LONG,
                       arg_text(str_part(spool->directory, 0, 80)));
    }
    memcpy(path, spool->directory.at, spool->directory.len);
    path[spool->directory.len] = '\0';
    spool->file = open(path, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    return spool->file >= 0 ? RC_OK : failed(spool);
}

static enum rc check_room(const struct spool *spool)
{
    struct statvfs disk = {0};

    if (fstatvfs(spool->file, &disk) == 0 &&
        disk.f_bavail < ((uint64_t)SPOOL_FREE_MIB << 20) / disk.f_frsize) {
        return err_set(spool->err, RC_BUSY, MSG_STORE_SPOOL_FULL);
    }
    return RC_OK;
}

static enum rc write_out(struct spool *spool, str bytes)
{
    while (bytes.len > 0) {
        ssize_t wrote = FAULT("spool.write") ? -1 : write(spool->file, bytes.at, bytes.len);
        if (wrote < 0) {
            return failed(spool);
        }
        spool->filed += wrote;
        bytes = str_part(bytes, (size_t)wrote, bytes.len);
    }
    return RC_OK;
}

/* What is held goes to the file, which is made when there is none. */
static enum rc flush(struct spool *spool)
{
    str held = {0};
    enum rc rc = spool->file >= 0 ? RC_OK : open_file(spool);

    MUST(buf_done(&spool->held, &held));
    if (rc == RC_OK) {
        rc = check_room(spool);
    }
    if (rc == RC_OK) {
        rc = write_out(spool, held);
        buf_clear(&spool->held);
    }
    return rc;
}

static enum rc take(void *self, str bytes)
{
    struct spool *spool = self;
    enum rc rc = RC_OK;

    if (spool_len(spool) + (int64_t)bytes.len > spool->max) {
        return err_set(spool->err, RC_LIMIT, MSG_STORE_SPOOL_LARGE, arg_count(spool->max >> 20));
    }
    if (spool->held.len + bytes.len <= SPOOL_MEMORY_BYTES) {
        buf_put(&spool->held, bytes);
        return RC_OK;
    }
    rc = flush(spool);
    if (rc == RC_OK && bytes.len > SPOOL_MEMORY_BYTES) {
        return write_out(spool, bytes);
    }
    buf_put(&spool->held, rc == RC_OK ? bytes : STR(""));
    return rc;
}

struct byte_sink spool_sink(struct spool *spool)
{
    return (struct byte_sink){.self = spool, .take = take};
}

int64_t spool_len(const struct spool *spool)
{
    return spool->filed + (int64_t)spool->held.len;
}

enum rc spool_take(struct spool *spool, struct spooled *out)
{
    struct spooled whole = {.file = -1, .len = spool_len(spool)};
    enum rc rc = spool->file >= 0 ? flush(spool) : RC_OK;

    if (rc == RC_OK && spool->file >= 0 && lseek(spool->file, 0, SEEK_SET) != 0) {
        rc = failed(spool);
    }
    if (rc != RC_OK) {
        return rc;
    }
    MUST(buf_done(&spool->held, &whole.bytes));
    whole.file = spool->file;
    spool->file = -1;
    spool->filed = 0;
    *out = whole;
    return RC_OK;
}

static enum rc unreadable(struct err *err)
{
    char why[128];

    return err_set(err, RC_BROKEN, MSG_BASE_IO_READ, arg_text(STR("spool")),
                   arg_text(str_from(strerror_r(errno, why, sizeof(why)))));
}

static bool read_all(const struct spooled *whole, char *at)
{
    int64_t len = 0;

    while (len < whole->len) {
        ssize_t got =
            FAULT("file.read") ? -1 : read(whole->file, at + len, (size_t)(whole->len - len));
        if (got <= 0) {
            return false;
        }
        len += got;
    }
    return true;
}

enum rc spooled_read(const struct spooled *whole, struct arena *arena, str *out, struct err *err)
{
    if (whole->file < 0) {
        *out = whole->bytes;
        return RC_OK;
    }
    char *at = arena_take(arena, (size_t)whole->len);
    enum rc rc = read_all(whole, at) ? RC_OK : unreadable(err);
    (void)close(whole->file);
    if (rc == RC_OK) {
        *out = (str){at, (size_t)whole->len};
    }
    return rc;
}

enum rc spool_read(struct spool *spool, struct arena *arena, str *out)
{
    struct spooled whole = {.file = -1};
    enum rc rc = spool_take(spool, &whole);

    return rc == RC_OK ? spooled_read(&whole, arena, out, spool->err) : rc;
}

enum rc spool_write(struct spool *spool, str path)
{
    struct spooled whole = {.file = -1};
    enum rc rc = spool_take(spool, &whole);

    if (rc == RC_OK) {
        rc = whole.file < 0 ? file_write_whole(path, whole.bytes, spool->err)
                            : file_copy_whole(path, whole.file, spool->err);
    }
    if (whole.file >= 0) {
        (void)close(whole.file);
    }
    return rc;
}

void spool_clear(struct spool *spool)
{
    spool_done(spool);
    spool->filed = 0;
    buf_init(&spool->held, spool->held.arena, SPOOL_MEMORY_BYTES);
}

void spool_done(struct spool *spool)
{
    if (spool->err != NULL && spool->file >= 0) {
        (void)close(spool->file);
        spool->file = -1;
    }
}
