/* A library loaded before the C library: it writes down, in order, whatever a program does to the
 * files below one directory, so that power.py can say what a disk may hold after a power cut. At
 * a chosen act it ends the process as kill -9 does.
 *   WANCUN_POWER_ROOM  the directory, without a slash at its end
 *   WANCUN_POWER_LOG   where to write, appended to
 *   WANCUN_POWER_ACTS  after how many acts to end; 0: never */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum act { CREATE = 1, WRITE, TRUNCATE, SYNC, SYNC_NAMES, RENAME, UNLINK, MAKE_DIRECTORY };
enum { FILES_MAX = 4096 };

/* What stands before the path and the bytes of an act, in the machine's own order. */
struct head {
    uint32_t act;
    uint32_t mode;
    uint64_t file; /* its inode's number */
    uint64_t at;
    uint32_t path_len;
    uint32_t bytes_len;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static const char *room;
static int log_fd = -1;
static long acts_left;
static bool is_watched[FILES_MAX]; /* by descriptor */

#define REAL(name) (__extension__(__typeof__(&(name))) dlsym(RTLD_NEXT, #name))

__attribute__((constructor)) static void begin(void)
{
    const char *acts = secure_getenv("WANCUN_POWER_ACTS");
    const char *path = secure_getenv("WANCUN_POWER_LOG");

    acts_left = acts == NULL ? 0 : strtol(acts, NULL, 10);
    room = secure_getenv("WANCUN_POWER_ROOM");
    if (room != NULL && path != NULL) {
        log_fd = REAL(open)(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    }
}

static bool is_inside(const char *path)
{
    size_t len = log_fd < 0 ? 0 : strlen(room);

    return log_fd >= 0 && strncmp(path, room, len) == 0 && (path[len] == '/' || path[len] == 0);
}

static bool is_kept(int fd)
{
    return fd >= 0 && fd < FILES_MAX && is_watched[fd];
}

static void put(const void *bytes, size_t len)
{
    if (REAL(write)(log_fd, bytes, len) != (ssize_t)len) {
        abort();
    }
}

/* With the lock held, so that the order of the log is that of the acts. */
static void note(struct head head, const char *path, const void *bytes, size_t len)
{
    head.path_len = (uint32_t)strlen(path);
    head.bytes_len = (uint32_t)len;
    put(&head, sizeof(head));
    put(path, head.path_len);
    put(bytes, len);
    if (acts_left > 0 && --acts_left == 0) {
        (void)kill(getpid(), SIGKILL);
    }
}

static uint64_t file_of(int fd)
{
    struct stat about;

    return fstat(fd, &about) == 0 ? about.st_ino : 0;
}

/* An open that watches: what is new is an act, and so is emptying what was there. */
static int open_watched(const char *path, int flags, mode_t mode)
{
    struct stat before;
    bool was_there = lstat(path, &before) == 0;
    int fd = REAL(open)(path, flags, mode);

    if (fd < 0 || fd >= FILES_MAX) {
        return fd;
    }
    is_watched[fd] = true;
    struct head head = {.file = file_of(fd), .mode = mode};
    if (!was_there) {
        head.act = CREATE;
        note(head, path, "", 0);
    } else if ((flags & O_TRUNC) != 0) {
        head.act = TRUNCATE;
        note(head, "", "", 0);
    }
    return fd;
}

static int open_any(const char *path, int flags, mode_t mode)
{
    if (!is_inside(path) || (flags & O_TMPFILE) == O_TMPFILE) {
        return REAL(open)(path, flags, mode);
    }
    (void)pthread_mutex_lock(&lock);
    int fd = open_watched(path, flags, mode);
    (void)pthread_mutex_unlock(&lock);
    return fd;
}

#define MODE_OF(flags, mode)                                                                       \
    do {                                                                                           \
        va_list rest;                                                                              \
        va_start(rest, flags);                                                                     \
        (mode) = (flags) & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0;                       \
        va_end(rest);                                                                              \
    } while (0)

int open(const char *file, int oflag, ...)
{
    mode_t mode = 0;

    MODE_OF(oflag, mode);
    return open_any(file, oflag, mode);
}

int open64(const char *file, int oflag, ...)
{
    mode_t mode = 0;

    MODE_OF(oflag, mode);
    return open_any(file, oflag, mode);
}

int close(int fd)
{
    if (is_kept(fd)) {
        is_watched[fd] = false;
    }
    return REAL(close)(fd);
}

static ssize_t write_at(int fd, const void *bytes, size_t len, off_t at)
{
    (void)pthread_mutex_lock(&lock);
    ssize_t done = REAL(pwrite)(fd, bytes, len, at);
    if (done > 0) {
        const struct head head = {.act = WRITE, .file = file_of(fd), .at = (uint64_t)at};
        note(head, "", bytes, (size_t)done);
    }
    (void)pthread_mutex_unlock(&lock);
    return done;
}

ssize_t pwrite(int fd, const void *buf, size_t n, off_t offset)
{
    return is_kept(fd) ? write_at(fd, buf, n, offset) : REAL(pwrite)(fd, buf, n, offset);
}

ssize_t pwrite64(int fd, const void *buf, size_t n, off_t offset)
{
    return pwrite(fd, buf, n, offset);
}

ssize_t write(int fd, const void *buf, size_t n)
{
    if (!is_kept(fd)) {
        return REAL(write)(fd, buf, n);
    }
    off_t at = lseek(fd, 0, SEEK_CUR);
    ssize_t done = write_at(fd, buf, n, at);
    if (done > 0) {
        (void)lseek(fd, at + done, SEEK_SET);
    }
    return done;
}

int ftruncate(int fd, off_t length)
{
    if (!is_kept(fd)) {
        return REAL(ftruncate)(fd, length);
    }
    (void)pthread_mutex_lock(&lock);
    int rc = REAL(ftruncate)(fd, length);
    if (rc == 0) {
        const struct head head = {.act = TRUNCATE, .file = file_of(fd), .at = (uint64_t)length};
        note(head, "", "", 0);
    }
    (void)pthread_mutex_unlock(&lock);
    return rc;
}

int ftruncate64(int fd, off_t length)
{
    return ftruncate(fd, length);
}

/* Said to be on the disk: nothing needs to be waited for, as power.py decides what stayed. */
int fsync(int fd)
{
    struct stat about;
    char self[64];
    char target[PATH_MAX] = "";

    if (!is_kept(fd) || fstat(fd, &about) != 0) {
        return REAL(fsync)(fd);
    }
    (void)pthread_mutex_lock(&lock);
    struct head head = {.act = SYNC, .file = about.st_ino};
    if (S_ISDIR(about.st_mode)) {
        (void)snprintf(self, sizeof(self), "/proc/self/fd/%d", fd);
        head.act = readlink(self, target, sizeof(target) - 1) > 0 ? SYNC_NAMES : 0;
    }
    note(head, target, "", 0);
    (void)pthread_mutex_unlock(&lock);
    return 0;
}

int fdatasync(int fildes)
{
    return fsync(fildes);
}

int rename(const char *old, const char *new)
{
    if (!is_inside(new)) {
        return REAL(rename)(old, new);
    }
    (void)pthread_mutex_lock(&lock);
    int rc = REAL(rename)(old, new);
    if (rc == 0) {
        note((struct head){.act = RENAME}, old, new, strlen(new));
    }
    (void)pthread_mutex_unlock(&lock);
    return rc;
}

int unlink(const char *name)
{
    if (!is_inside(name)) {
        return REAL(unlink)(name);
    }
    (void)pthread_mutex_lock(&lock);
    int rc = REAL(unlink)(name);
    if (rc == 0) {
        note((struct head){.act = UNLINK}, name, "", 0);
    }
    (void)pthread_mutex_unlock(&lock);
    return rc;
}

int mkdir(const char *path, mode_t mode)
{
    if (!is_inside(path)) {
        return REAL(mkdir)(path, mode);
    }
    (void)pthread_mutex_lock(&lock);
    int rc = REAL(mkdir)(path, mode);
    if (rc == 0) {
        note((struct head){.act = MAKE_DIRECTORY, .mode = mode}, path, "", 0);
    }
    (void)pthread_mutex_unlock(&lock);
    return rc;
}
