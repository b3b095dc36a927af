/* Secrets. */
#include "store/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_ROOM = 4096 };

static enum rc failed(str path, struct err *err)
{
    char why[128] = "";

    return err_set(err, RC_BROKEN, MSG_STORE_OPEN, arg_text(path),
                   arg_text(str_from(strerror_r(errno, why, sizeof(why)))));
}

/* The name is durable, too. */
static enum rc sync_directory(str path, struct err *err)
{
    char directory[PATH_ROOM] = ".";
    size_t end = path.len;

    while (end > 0 && path.at[end - 1] != '/') {
        end--;
    }
    if (end > 0 && end < sizeof(directory)) {
        memcpy(directory, path.at, end);
        directory[end] = '\0';
    }
    int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool is_synced = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0) {
        (void)close(fd);
    }
    return is_synced ? RC_OK : failed(path, err);
}

static enum rc write_new(const char *path, str bytes, struct err *err)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0400);

    if (fd < 0) {
        return failed(str_from(path), err);
    }
    bool is_written = write(fd, bytes.at, bytes.len) == (ssize_t)bytes.len && fsync(fd) == 0;
    enum rc rc = is_written ? RC_OK : failed(str_from(path), err);
    (void)close(fd);
    return rc;
}

/* Beside it first: a secret is there whole, or not at all, whenever the program may end. */
enum rc secret_keep(str path, str bytes, struct err *err)
{
    char beside[PATH_ROOM];
    int len = snprintf(beside, sizeof(beside), "%s.new", path.at);

    MUST(bytes.len <= SECRET_BYTES_MAX && 0 < len && len < (int)sizeof(beside));
    if (access(path.at, F_OK) == 0) {
        return err_set(err, RC_CONFLICT, MSG_STORE_SECRET_EXISTS, arg_text(path));
    }
    (void)unlink(beside);
    enum rc rc = write_new(beside, bytes, err);
    if (rc == RC_OK && rename(beside, path.at) != 0) {
        rc = failed(path, err);
    }
    if (rc != RC_OK) {
        (void)unlink(beside);
        return rc;
    }
    return sync_directory(path, err);
}

enum rc secret_read(str path, struct arena *arena, str *out, struct err *err)
{
    char *bytes = arena_take(arena, SECRET_BYTES_MAX);
    struct stat found = {0};
    int fd = open(path.at, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    enum rc rc = RC_OK;

    if (fd < 0) {
        return errno == ENOENT ? RC_MISSING : failed(path, err);
    }
    if (fstat(fd, &found) != 0 || (found.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
        rc = err_set(err, RC_DENIED, MSG_STORE_SECRET_OPEN, arg_text(path));
        goto out;
    }
    ssize_t len = read(fd, bytes, SECRET_BYTES_MAX);
    rc = len < 0 ? failed(path, err) : RC_OK;
    *out = (str){bytes, len < 0 ? 0 : (size_t)len};
out:
    (void)close(fd);
    return rc;
}
