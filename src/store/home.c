/* The data directory. */
#include "store/home.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/buf.h"
#include "store/db_in.h"
#include "store/file.h"
#include "store/migrate.h"

enum { HOME_PATH_MAX = 3072, FILE_KEEP_MAX = 256 << 20 };

struct home {
    struct arena arena;
    str directory;
    struct db *db;
    int lock_fd;
};

str home_path(const struct home *home, str name, struct arena *arena)
{
    struct buf buf;
    str path = {0};

    buf_init(&buf, arena, 2 * (size_t)HOME_PATH_MAX);
    buf_put(&buf, home->directory);
    buf_char(&buf, '/');
    buf_put(&buf, name);
    buf_char(&buf, '\0');
    MUST(buf_done(&buf, &path));
    return str_part(path, 0, path.len - 1);
}

struct db *home_db(struct home *home)
{
    return home->db;
}

/* An open-file-description lock goes with the process, however it ends. */
static enum rc take_lock(struct home *home, struct err *err)
{
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    str path = home_path(home, STR("lock"), &home->arena);

    home->lock_fd = open(path.at, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (home->lock_fd < 0) {
        return err_set(err, RC_BROKEN, MSG_STORE_OPEN, arg_text(path), arg_text(STR("lock")));
    }
    if (fcntl(home->lock_fd, F_OFD_SETLK, &lock) != 0) {
        return err_set(err, RC_BUSY, MSG_STORE_HOME_LOCKED, arg_text(home->directory));
    }
    return RC_OK;
}

static enum rc prepare_directory(struct home *home, enum home_mode mode, str database,
                                 struct err *err)
{
    if (mode == HOME_CREATE) {
        enum rc rc = file_make_directory(home->directory, err);
        if (rc == RC_OK) {
            rc = file_make_directory(home_path(home, STR("files"), &home->arena), err);
        }
        return rc;
    }
    if (access(database.at, F_OK) != 0) {
        return err_set(err, RC_MISSING, MSG_STORE_HOME_MISSING, arg_text(home->directory));
    }
    return RC_OK;
}

static enum rc check_founded(struct home *home, enum home_mode mode, struct err *err)
{
    struct claim claim = {0};
    enum rc rc = db_look(home->db, &claim, err);
    bool is_founded = !claim.is_empty && !(claim.is_ours && claim.is_being_founded);

    if (rc == RC_OK && is_founded && mode == HOME_CREATE) {
        return err_set(err, RC_CONFLICT, MSG_STORE_HOME_EXISTS, arg_text(home->directory));
    }
    if (rc == RC_OK && !is_founded && mode != HOME_CREATE) {
        return err_set(err, RC_MISSING, MSG_STORE_HOME_MISSING, arg_text(home->directory));
    }
    return rc;
}

enum rc home_found(struct home *home, struct err *err)
{
    return db_found(home->db, err);
}

static enum rc open_all(struct home *home, enum home_mode mode, int64_t now_ms, struct err *err)
{
    str database = home_path(home, STR("wancun.db"), &home->arena);
    enum rc rc = prepare_directory(home, mode, database, err);

    if (rc == RC_OK && mode != HOME_READ) {
        rc = take_lock(home, err);
    }
    if (rc == RC_OK) {
        rc = db_open(database.at, mode == HOME_READ ? DB_READ : DB_WRITE, &home->db, err);
    }
    if (rc == RC_OK) {
        rc = check_founded(home, mode, err);
    }
    if (rc == RC_OK) {
        rc = mode == HOME_READ ? db_need_schema(home->db, err) : db_migrate(home->db, now_ms, err);
    }
    return rc;
}

enum rc home_open(str directory, enum home_mode mode, int64_t now_ms, struct home **out,
                  struct err *err)
{
    struct home *home = calloc(1, sizeof(*home));

    MUST(home != NULL);
    home->lock_fd = -1;
    arena_init(&home->arena, ARENA_MIB);
    if (directory.len == 0 || directory.len > HOME_PATH_MAX) {
        home_close(home);
        return err_set(err, RC_INVALID, MSG_STORE_PATH_LONG, arg_text(str_part(directory, 0, 80)));
    }
    home->directory = arena_str(&home->arena, directory);
    enum rc rc = open_all(home, mode, now_ms, err);
    if (rc != RC_OK) {
        home_close(home);
        return rc;
    }
    *out = home;
    return RC_OK;
}

void home_close(struct home *home)
{
    if (home == NULL) {
        return;
    }
    db_close(home->db);
    if (home->lock_fd >= 0) {
        (void)close(home->lock_fd);
    }
    arena_done(&home->arena);
    free(home);
}

static str file_path(struct home *home, struct hash hash, struct arena *arena)
{
    struct buf buf;
    str name = {0};

    buf_init(&buf, arena, 256);
    buf_put(&buf, STR("files/"));
    buf_put(&buf, hash_hex(hash, arena));
    MUST(buf_done(&buf, &name));
    return home_path(home, name, arena);
}

enum rc home_keep_file(struct home *home, str bytes, struct hash *out, struct err *err)
{
    struct arena_mark mark = arena_mark(&home->arena);
    struct hash hash = hash_of(bytes);
    str path = file_path(home, hash, &home->arena);
    enum rc rc = RC_OK;

    if (access(path.at, F_OK) != 0) {
        rc = file_write_whole(path, bytes, err);
    }
    arena_rewind(&home->arena, mark);
    if (rc == RC_OK) {
        *out = hash;
    }
    return rc;
}

enum rc home_read_file(struct home *home, struct hash hash, struct arena *arena, str *out,
                       struct err *err)
{
    str bytes = {0};
    enum rc rc = file_read_whole(file_path(home, hash, arena), FILE_KEEP_MAX, arena, &bytes, err);

    if (rc == RC_MISSING) {
        err_clear(err);
        return err_set(err, RC_BROKEN, MSG_STORE_FILE_MISSING, arg_text(hash_hex(hash, arena)));
    }
    if (rc != RC_OK) {
        return rc;
    }
    struct hash now = hash_of(bytes);
    if (memcmp(now.bytes, hash.bytes, HASH_BYTES) != 0) {
        return err_set(err, RC_BROKEN, MSG_STORE_FILE_CHANGED, arg_text(hash_hex(hash, arena)));
    }
    *out = bytes;
    return RC_OK;
}
