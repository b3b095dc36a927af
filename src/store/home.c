/* The data directory. */
#include "store/home.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "store/db_in.h"
#include "store/file.h"
#include "store/migrate.h"

enum { HOME_PATH_MAX = 3072, ADDRESS_MAX = 2048, HOST_ROOM = 80 };

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

static enum rc make_directory(struct home *home, struct err *err)
{
    enum rc rc = file_make_directory(home->directory, err);

    return rc == RC_OK ? file_make_directory(home_path(home, STR("files"), &home->arena), err) : rc;
}

/* Where the database is: the file `database` names a server, else it is a file
 * itself. */
static enum rc find_database(struct home *home, str *out, struct err *err)
{
    str url = {0};
    enum rc rc = file_read_whole(home_path(home, STR("database"), &home->arena), ADDRESS_MAX,
                                 &home->arena, &url, err);

    if (rc == RC_OK) {
        *out = arena_str(&home->arena, str_trim(url));
    } else if (rc == RC_MISSING) {
        err_clear(err);
        *out = home_path(home, STR("wancun.db"), &home->arena);
        rc = RC_OK;
    }
    return rc;
}

/* A directory keeps the database it had: it is made on another only while it is
 * empty. */
static enum rc settle_database(struct home *home, str given, str *out, struct err *err)
{
    str found = {0};
    bool is_other = false;
    enum rc rc = make_directory(home, err);

    if (rc == RC_OK) {
        rc = find_database(home, &found, err);
    }
    is_other = rc == RC_OK && !str_equal(found, given.len == 0 ? found : given) &&
               (db_is_server(found) || access(found.at, F_OK) == 0);
    if (is_other) {
        return err_set(err, RC_CONFLICT, MSG_STORE_HOME_EXISTS, arg_text(home->directory));
    }
    *out = given.len == 0 ? found : arena_str(&home->arena, given);
    return rc;
}

/* Where to look for the database, once the directory is known to have one. */
static enum rc place_database(struct home *home, enum home_mode mode, str given, str *out,
                              struct err *err)
{
    if (mode == HOME_CREATE) {
        return settle_database(home, given, out, err);
    }
    enum rc rc = find_database(home, out, err);
    if (rc == RC_OK && !db_is_server(*out) && access(out->at, F_OK) != 0) {
        return err_set(err, RC_MISSING, MSG_STORE_HOME_MISSING, arg_text(home->directory));
    }
    return rc;
}

/* The name under which a directory holds a database: whoever has its lock may
 * follow one that died. A copy of the directory has another name. */
static str holder_name(struct home *home)
{
    struct stat at = {0};
    char host[HOST_ROOM] = "";
    char text[HOST_ROOM + 48];

    (void)gethostname(host, sizeof(host) - 1);
    (void)fstat(home->lock_fd, &at);
    (void)snprintf(text, sizeof(text), "%s %llx:%llx", host, (unsigned long long)at.st_dev,
                   (unsigned long long)at.st_ino);
    return arena_str(&home->arena, str_from(text));
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

enum rc home_renew(struct home *home, struct err *err)
{
    return db_renew(home->db, err);
}

/* The address is written down when the server has answered and the lease is
 * ours. */
static enum rc own_database(struct home *home, enum home_mode mode, str place, struct err *err)
{
    enum rc rc = db_own(home->db, holder_name(home), err);

    if (rc == RC_OK && mode == HOME_CREATE && db_is_server(place)) {
        rc = file_write_whole(home_path(home, STR("database"), &home->arena), place, err);
    }
    return rc;
}

static enum rc open_all(struct home *home, enum home_mode mode, str given, int64_t now_ms,
                        struct err *err)
{
    str place = {0};
    enum rc rc = place_database(home, mode, given, &place, err);

    if (rc == RC_OK && mode != HOME_READ) {
        rc = take_lock(home, err);
    }
    if (rc == RC_OK) {
        rc = db_open(place.at, mode == HOME_READ ? DB_READ : DB_WRITE, &home->db, err);
    }
    if (rc == RC_OK) {
        rc = check_founded(home, mode, err);
    }
    if (rc == RC_OK && mode != HOME_READ) {
        rc = own_database(home, mode, place, err);
    }
    if (rc == RC_OK) {
        rc = mode == HOME_READ ? db_need_schema(home->db, err) : db_migrate(home->db, now_ms, err);
    }
    return rc;
}

static enum rc open_home(str directory, enum home_mode mode, str database, int64_t now_ms,
                         struct home **out, struct err *err)
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
    enum rc rc = open_all(home, mode, database, now_ms, err);
    if (rc != RC_OK) {
        home_close(home);
        return rc;
    }
    *out = home;
    return RC_OK;
}

enum rc home_open(str directory, enum home_mode mode, int64_t now_ms, struct home **out,
                  struct err *err)
{
    return open_home(directory, mode, STR(""), now_ms, out, err);
}

enum rc home_create_on(str directory, str database, int64_t now_ms, struct home **out,
                       struct err *err)
{
    enum rc rc = db_check_address(database, err);

    return rc == RC_OK ? open_home(directory, HOME_CREATE, database, now_ms, out, err) : rc;
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
    enum rc rc =
        access(path.at, F_OK) == 0 ? file_settle(path, err) : file_write_whole(path, bytes, err);

    arena_rewind(&home->arena, mark);
    if (rc == RC_OK) {
        *out = hash;
    }
    return rc;
}

static enum rc check_file(struct hash hash, const struct file_map *map, str name, struct err *err)
{
    struct hash now = hash_of(file_map_bytes(map));

    return memcmp(now.bytes, hash.bytes, HASH_BYTES) == 0
               ? RC_OK
               : err_set(err, RC_BROKEN, MSG_STORE_FILE_CHANGED, arg_text(name));
}

enum rc home_map_file(struct home *home, struct hash hash, struct file_map *out, struct err *err)
{
    struct arena_mark mark = arena_mark(&home->arena);
    str path = file_path(home, hash, &home->arena);
    str name = hash_hex(hash, &home->arena);
    struct file_map map = {0};
    enum rc rc = file_map(path, &map, err);

    if (rc == RC_MISSING) {
        rc = access(path.at, F_OK) == 0
                 ? RC_OK /* an empty one */
                 : err_set(err, RC_BROKEN, MSG_STORE_FILE_MISSING, arg_text(name));
    }
    rc = rc == RC_OK ? check_file(hash, &map, name, err) : rc;
    arena_rewind(&home->arena, mark);
    if (rc != RC_OK) {
        file_unmap(&map);
        return rc;
    }
    *out = map;
    return RC_OK;
}

enum rc home_open_file(struct home *home, struct hash hash, int *out, int64_t *out_len,
                       struct err *err)
{
    struct arena_mark mark = arena_mark(&home->arena);
    str path = file_path(home, hash, &home->arena);
    struct file_map map = {0};
    enum rc rc = home_map_file(home, hash, &map, err);

    if (rc == RC_OK) {
        *out_len = (int64_t)map.len;
        file_unmap(&map);
        *out = open(path.at, O_RDONLY | O_CLOEXEC);
        rc = *out >= 0
                 ? RC_OK
                 : err_set(err, RC_BROKEN, MSG_STORE_OPEN, arg_text(path), arg_text(STR("open")));
    }
    arena_rewind(&home->arena, mark);
    return rc;
}

enum rc home_copy_database(struct home *home, struct file_map *out, struct err *err)
{
    char name[48];
    int file = -1;

    (void)snprintf(name, sizeof(name), "copy-%llx.part",
                   (unsigned long long)db_new_id(home->db, clock_now_ms()));
    str path = home_path(home, str_from(name), &home->arena);
    enum rc rc = db_copy(home->db, path.at, &file, err);
    if (rc == RC_OK) {
        rc = file_map_open(file, path, out, err);
        (void)close(file);
    }
    return rc;
}
