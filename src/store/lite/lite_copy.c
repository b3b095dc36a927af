/* A copy of the database as one transaction sees it, while others go on writing. */
#include <fcntl.h>
#include <unistd.h>

#include "store/lite/lite.h"

static enum rc copy_pages(struct db *db, sqlite3 *target, struct err *err)
{
    sqlite3_backup *backup = sqlite3_backup_init(target, "main", lite_raw(db), "main");
    int code = backup == NULL ? SQLITE_ERROR : sqlite3_backup_step(backup, -1);

    (void)sqlite3_backup_finish(backup);
    if (code == SQLITE_FULL) {
        return err_set(err, RC_BROKEN, MSG_STORE_DISK_FULL);
    }
    return code == SQLITE_DONE ? RC_OK
                               : err_set(err, RC_BROKEN, MSG_STORE_BROKEN,
                                         arg_text(str_from(sqlite3_errmsg(target))));
}

/* The file loses its name once it is open, so that nothing is left of it whatever happens. It needs
 * no journal: nobody will ever read a half of it. */
enum rc lite_copy(struct db *db, const char *path, int *out_file, struct err *err)
{
    sqlite3 *target = NULL;
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    int code = sqlite3_open_v2(path, &target, flags, NULL);
    int file = code == SQLITE_OK ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    enum rc rc = RC_OK;

    (void)unlink(path);
    if (file < 0 || sqlite3_exec(target, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF",
                                 NULL, NULL, NULL) != SQLITE_OK) {
        rc = err_set(err, RC_BROKEN, MSG_STORE_OPEN, arg_text(str_from(path)),
                     arg_text(str_from(sqlite3_errmsg(target))));
    }
    rc = rc == RC_OK ? copy_pages(db, target, err) : rc;
    (void)sqlite3_close(target);
    if (rc != RC_OK && file >= 0) {
        (void)close(file);
    }
    if (rc == RC_OK) {
        *out_file = file;
    }
    return rc;
}
