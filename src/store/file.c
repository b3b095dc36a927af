/* Files, whole. */
#include "store/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fault.h"

enum { PATH_BYTES_MAX = 4096 };

struct path {
    char text[PATH_BYTES_MAX];
};

static enum rc failed(enum msg_id msg, str path, struct err *err)
{
    char why[128];
    const char *text = strerror_r(errno, why, sizeof(why));

    return err_set(err, RC_BROKEN, msg, arg_text(path), arg_text(str_from(text)));
}

static enum rc path_of(str path, str ending, struct path *out, struct err *err)
{
    if (path.len + ending.len >= PATH_BYTES_MAX) {
        return err_set(err, RC_LIMIT, MSG_STORE_PATH_LONG, arg_text(str_part(path, 0, 80)));
    }
    memcpy(out->text, path.at, path.len);
    memcpy(out->text + path.len, ending.at, ending.len);
    out->text[path.len + ending.len] = '\0';
    return RC_OK;
}

static bool write_all(int fd, str bytes)
{
    while (bytes.len > 0) {
        ssize_t wrote = FAULT("file.write") ? -1 : write(fd, bytes.at, bytes.len);
        if (wrote < 0) {
            return false;
        }
        bytes = str_part(bytes, (size_t)wrote, bytes.len);
    }
    return true;
}

/* What a file gets: bytes, or what another holds. */
struct content {
    str bytes;
    int from; /* -1: bytes */
};

static bool copy_all(int fd, int from)
{
    enum { PIECE_BYTES = 64 * 1024 };
    char *piece = malloc(PIECE_BYTES);
    ssize_t got = 0;
    bool is_well = piece != NULL;

    while (is_well && (got = read(from, piece, PIECE_BYTES)) > 0) {
        is_well = write_all(fd, (str){piece, (size_t)got});
    }
    free(piece);
    return is_well && got == 0;
}

static bool fill(int fd, const struct content *content)
{
    bool is_well = content->from < 0 ? write_all(fd, content->bytes) : copy_all(fd, content->from);

    return is_well && !FAULT("file.sync") && fsync(fd) == 0;
}

/* A rename is durable once its directory is. */
static bool sync_directory(const struct path *file)
{
    struct path directory = *file;
    char *slash = strrchr(directory.text, '/');
    const char *name = slash == NULL ? "." : directory.text;

    if (slash != NULL) {
        slash[slash == directory.text ? 1 : 0] = '\0';
    }
    int fd = open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool synced = fd >= 0 && !FAULT("file.sync") && fsync(fd) == 0;
    if (fd >= 0) {
        (void)close(fd);
    }
    return synced;
}

static enum rc put_whole(str path, const struct content *content, struct err *err)
{
    struct path target;
    struct path beside;
    enum rc rc = path_of(path, STR(""), &target, err);

    if (rc == RC_OK) {
        rc = path_of(path, STR(".part"), &beside, err);
    }
    if (rc != RC_OK) {
        return rc;
    }
    int fd = open(beside.text, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd < 0) {
        return failed(MSG_BASE_IO_WRITE, path, err);
    }
    if (!fill(fd, content)) {
        rc = failed(MSG_BASE_IO_WRITE, path, err);
    }
    (void)close(fd);
    if (rc == RC_OK && (FAULT("file.rename") || rename(beside.text, target.text) != 0 ||
                        !sync_directory(&target))) {
        rc = failed(MSG_BASE_IO_WRITE, path, err);
    }
    if (rc != RC_OK) {
        (void)unlink(beside.text);
    }
    return rc;
}

enum rc file_write_whole(str path, str bytes, struct err *err)
{
    return put_whole(path, &(struct content){bytes, -1}, err);
}

enum rc file_copy_whole(str path, int from, struct err *err)
{
    return put_whole(path, &(struct content){STR(""), from}, err);
}

enum rc file_settle(str path, struct err *err)
{
    struct path name;
    enum rc rc = path_of(path, STR(""), &name, err);

    if (rc == RC_OK && !sync_directory(&name)) {
        rc = failed(MSG_BASE_IO_WRITE, path, err);
    }
    return rc;
}

static enum rc read_open(int fd, str path, size_t max, struct arena *arena, str *out,
                         struct err *err)
{
    struct stat about = {0};

    if (fstat(fd, &about) != 0) {
        return failed(MSG_BASE_IO_READ, path, err);
    }
    if ((uintmax_t)about.st_size > max) {
        return err_set(err, RC_LIMIT, MSG_STORE_FILE_LARGE, arg_text(path),
                       arg_count((int64_t)(max >> 20)));
    }
    size_t room = (size_t)about.st_size;
    char *at = arena_take(arena, room + 1);
    size_t len = 0;
    while (len < room) {
        ssize_t got = FAULT("file.read") ? -1 : read(fd, at + len, room - len);
        if (got < 0) {
            return failed(MSG_BASE_IO_READ, path, err);
        }
        if (got == 0) {
            break;
        }
        len += (size_t)got;
    }
    *out = (str){at, len};
    return RC_OK;
}

enum rc file_read_whole(str path, size_t max, struct arena *arena, str *out, struct err *err)
{
    struct path name;
    enum rc rc = path_of(path, STR(""), &name, err);

    if (rc != RC_OK) {
        return rc;
    }
    int fd = open(name.text, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        rc = errno == ENOENT ? RC_MISSING : RC_BROKEN;
        (void)failed(MSG_BASE_IO_READ, path, err);
        err->rc = rc;
        return rc;
    }
    rc = read_open(fd, path, max, arena, out, err);
    (void)close(fd);
    return rc;
}

enum rc file_map_open(int file, str name, struct file_map *out, struct err *err)
{
    struct stat about = {0};

    if (fstat(file, &about) != 0) {
        return failed(MSG_BASE_IO_READ, name, err);
    }
    if (about.st_size == 0) {
        return RC_MISSING;
    }
    void *at = FAULT("file.read") ? MAP_FAILED
                                  : mmap(NULL, (size_t)about.st_size, PROT_READ | PROT_WRITE,
                                         MAP_PRIVATE, file, 0);
    if (at == MAP_FAILED) {
        return failed(MSG_BASE_IO_READ, name, err);
    }
    *out = (struct file_map){at, (size_t)about.st_size};
    return RC_OK;
}

enum rc file_map(str path, struct file_map *out, struct err *err)
{
    struct path target;
    enum rc rc = path_of(path, STR(""), &target, err);

    if (rc != RC_OK) {
        return rc;
    }
    int fd = open(target.text, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return errno == ENOENT ? RC_MISSING : failed(MSG_BASE_IO_READ, path, err);
    }
    rc = file_map_open(fd, path, out, err);
    (void)close(fd);
    return rc;
}

str file_map_bytes(const struct file_map *map)
{
    return map->len == 0 ? STR("") : (str){map->at, map->len};
}

void file_unmap(struct file_map *map)
{
    if (map->at != NULL) {
        (void)munmap(map->at, map->len);
    }
    *map = (struct file_map){0};
}

/* A new directory is there for good once the one it stands in is synced. */
static bool make_one(const struct path *name)
{
    return mkdir(name->text, 0777) == 0 ? sync_directory(name) : errno == EEXIST;
}

enum rc file_make_directory(str path, struct err *err)
{
    struct path name = {0};
    enum rc rc = path_of(path, STR(""), &name, err);

    if (rc != RC_OK) {
        return rc;
    }
    for (char *at = name.text + 1; *at != '\0'; at++) {
        if (*at == '/') {
            *at = '\0';
            (void)make_one(&name);
            *at = '/';
        }
    }
    return make_one(&name) ? RC_OK : failed(MSG_BASE_IO_WRITE, path, err);
}

enum rc file_move(str from, str to, struct err *err)
{
    struct path source;
    struct path target;
    enum rc rc = path_of(from, STR(""), &source, err);

    if (rc == RC_OK) {
        rc = path_of(to, STR(""), &target, err);
    }
    if (rc != RC_OK) {
        return rc;
    }
    bool is_moved = rename(source.text, target.text) == 0 && sync_directory(&target);
    return is_moved ? RC_OK : failed(MSG_BASE_IO_WRITE, to, err);
}

enum rc file_remove_all(str path, struct err *err)
{
    struct path name;
    enum rc rc = path_of(path, STR(""), &name, err);

    if (rc != RC_OK || access(name.text, F_OK) != 0) {
        return rc;
    }
    char *const roots[] = {name.text, NULL};
    FTS *tree = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
    FTSENT *entry = NULL;
    while (rc == RC_OK && tree != NULL && (entry = fts_read(tree)) != NULL) {
        if (entry->fts_info != FTS_D && remove(entry->fts_path) != 0) {
            rc = failed(MSG_BASE_IO_WRITE, path, err);
        }
    }
    if (tree == NULL || fts_close(tree) != 0) {
        rc = failed(MSG_BASE_IO_WRITE, path, err);
    }
    return rc;
}

static int by_name(const void *a, const void *b)
{
    return str_compare(*(const str *)a, *(const str *)b);
}

enum rc file_list(str path, str ending, struct arena *arena, str **out, size_t *out_count,
                  struct err *err)
{
    struct path name;
    struct dirent **entries = NULL;
    size_t count = 0;
    enum rc rc = path_of(path, STR(""), &name, err);

    if (rc != RC_OK) {
        return rc;
    }
    int found = scandir(name.text, &entries, NULL, NULL);
    if (found < 0) {
        return failed(MSG_BASE_IO_READ, path, err);
    }
    *out = ARENA_NEW(arena, str, (size_t)found);
    for (int i = 0; i < found; i++) {
        str text = str_from(entries[i]->d_name);
        if (str_ends(text, ending)) {
            (*out)[count++] = arena_str(arena, text);
        }
        free(entries[i]);
    }
    free(entries);
    qsort(*out, count, sizeof(**out), by_name);
    *out_count = count;
    return RC_OK;
}

bool file_is_directory(str path)
{
    struct path name;
    struct stat about = {0};
    struct err ignored = {0};

    return path_of(path, STR(""), &name, &ignored) == RC_OK && stat(name.text, &about) == 0 &&
           S_ISDIR(about.st_mode);
}
