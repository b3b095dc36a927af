/* SQLite's file system and memory with a fault point before every act that may fail
 * (-Dfaults=true only). */
#include "store/lite/fault_vfs.h"

#include <sqlite3.h>

#include "base/fault.h"
#include "base/must.h"

struct faulty {
    sqlite3_file base;
    sqlite3_file *real; /* lies behind this struct */
};

static sqlite3_vfs *below;

static sqlite3_file *real_of(sqlite3_file *file)
{
    return ((struct faulty *)file)->real;
}

static int close_file(sqlite3_file *file)
{
    return real_of(file)->pMethods->xClose(real_of(file));
}

static int read_file(sqlite3_file *file, void *to, int len, sqlite3_int64 at)
{
    return FAULT("lite.read") ? SQLITE_IOERR_READ
                              : real_of(file)->pMethods->xRead(real_of(file), to, len, at);
}

static int write_file(sqlite3_file *file, const void *from, int len, sqlite3_int64 at)
{
    return FAULT("lite.write") ? SQLITE_FULL
                               : real_of(file)->pMethods->xWrite(real_of(file), from, len, at);
}

static int truncate_file(sqlite3_file *file, sqlite3_int64 size)
{
    return FAULT("lite.truncate") ? SQLITE_IOERR_TRUNCATE
                                  : real_of(file)->pMethods->xTruncate(real_of(file), size);
}

static int sync_file(sqlite3_file *file, int flags)
{
    return FAULT("lite.sync") ? SQLITE_IOERR_FSYNC
                              : real_of(file)->pMethods->xSync(real_of(file), flags);
}

static int file_size(sqlite3_file *file, sqlite3_int64 *out)
{
    return real_of(file)->pMethods->xFileSize(real_of(file), out);
}

static int lock_file(sqlite3_file *file, int level)
{
    return FAULT("lite.lock") ? SQLITE_IOERR_LOCK
                              : real_of(file)->pMethods->xLock(real_of(file), level);
}

static int unlock_file(sqlite3_file *file, int level)
{
    return real_of(file)->pMethods->xUnlock(real_of(file), level);
}

static int check_lock(sqlite3_file *file, int *out)
{
    return real_of(file)->pMethods->xCheckReservedLock(real_of(file), out);
}

static int control(sqlite3_file *file, int act, void *about)
{
    return real_of(file)->pMethods->xFileControl(real_of(file), act, about);
}

static int sector_size(sqlite3_file *file)
{
    return real_of(file)->pMethods->xSectorSize(real_of(file));
}

static int characteristics(sqlite3_file *file)
{
    return real_of(file)->pMethods->xDeviceCharacteristics(real_of(file));
}

static int map_shared(sqlite3_file *file, int region, int size, int extend, void volatile **out)
{
    return FAULT("lite.map")
               ? SQLITE_IOERR_SHMMAP
               : real_of(file)->pMethods->xShmMap(real_of(file), region, size, extend, out);
}

static int lock_shared(sqlite3_file *file, int offset, int count, int flags)
{
    return real_of(file)->pMethods->xShmLock(real_of(file), offset, count, flags);
}

static void order_shared(sqlite3_file *file)
{
    real_of(file)->pMethods->xShmBarrier(real_of(file));
}

static int unmap_shared(sqlite3_file *file, int remove)
{
    return real_of(file)->pMethods->xShmUnmap(real_of(file), remove);
}

/* Version 2: no xFetch, so that every page comes by xRead. */
static const sqlite3_io_methods METHODS = {
    .iVersion = 2,
    .xClose = close_file,
    .xRead = read_file,
    .xWrite = write_file,
    .xTruncate = truncate_file,
    .xSync = sync_file,
    .xFileSize = file_size,
    .xLock = lock_file,
    .xUnlock = unlock_file,
    .xCheckReservedLock = check_lock,
    .xFileControl = control,
    .xSectorSize = sector_size,
    .xDeviceCharacteristics = characteristics,
    .xShmMap = map_shared,
    .xShmLock = lock_shared,
    .xShmBarrier = order_shared,
    .xShmUnmap = unmap_shared,
};

static int open_file(sqlite3_vfs *vfs, const char *path, sqlite3_file *file, int flags, int *out)
{
    struct faulty *faulty = (struct faulty *)file;

    (void)vfs;
    faulty->base.pMethods = NULL;
    faulty->real = (sqlite3_file *)(faulty + 1);
    if (FAULT("lite.open")) {
        return SQLITE_CANTOPEN;
    }
    int code = below->xOpen(below, path, faulty->real, flags, out);
    if (code == SQLITE_OK) {
        faulty->base.pMethods = &METHODS;
    }
    return code;
}

static int delete_file(sqlite3_vfs *vfs, const char *path, int sync)
{
    (void)vfs;
    return FAULT("lite.delete") ? SQLITE_IOERR_DELETE : below->xDelete(below, path, sync);
}

static sqlite3_mem_methods heap;

static void *take_memory(int bytes)
{
    return FAULT("heap.take") ? NULL : heap.xMalloc(bytes);
}

static void *grow_memory(void *old, int bytes)
{
    return FAULT("heap.grow") ? NULL : heap.xRealloc(old, bytes);
}

/* Before SQLite is used at all. */
static void use_faulty_memory(void)
{
    MUST(sqlite3_config(SQLITE_CONFIG_GETMALLOC, &heap) == SQLITE_OK);
    sqlite3_mem_methods faulty = heap;
    faulty.xMalloc = take_memory;
    faulty.xRealloc = grow_memory;
    MUST(sqlite3_config(SQLITE_CONFIG_MALLOC, &faulty) == SQLITE_OK);
}

void fault_vfs_use(void)
{
    static sqlite3_vfs faulty;

    if (below != NULL) {
        return;
    }
    use_faulty_memory();
    below = sqlite3_vfs_find(NULL);
    MUST(below != NULL);
    faulty = *below;
    faulty.zName = "faulty";
    faulty.szOsFile = (int)sizeof(struct faulty) + below->szOsFile;
    faulty.xOpen = open_file;
    faulty.xDelete = delete_file;
    MUST(sqlite3_vfs_register(&faulty, 1) == SQLITE_OK);
}
