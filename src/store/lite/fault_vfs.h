/* SQLite's file system and memory, made to fail on purpose. In builds with -Dfaults=true only. */
#ifndef STORE_LITE_FAULT_VFS_H
#define STORE_LITE_FAULT_VFS_H

/* Every database opened from now on passes fault points "lite.…" where its files may fail, and
 * "heap.…" where its memory may. To be called before SQLite is used otherwise. */
void fault_vfs_use(void);

#endif
