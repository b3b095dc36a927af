/* Files of the operating system, read and written whole. */
#ifndef STORE_FILE_H
#define STORE_FILE_H

#include "base/arena.h"
#include "base/err.h"

/* Write a file whole or not at all: beside it, synced, then renamed. */
enum rc file_write_whole(str path, str bytes, struct err *err) MUST_CHECK;
/* The same with all that the open file `from` holds from where it stands. */
enum rc file_copy_whole(str path, int from, struct err *err) MUST_CHECK;
/* The name of a file that is there stays there: whoever made it may have ended before it was on the
 * disk. */
enum rc file_settle(str path, struct err *err) MUST_CHECK;
/* The bytes of a file of at most `max` bytes, in `arena`; larger is RC_LIMIT, absent RC_MISSING. */
enum rc file_read_whole(str path, size_t max, struct arena *arena, str *out,
                        struct err *err) MUST_CHECK;

/* A file as memory: page-aligned, may be written to, which the file never sees. It stays as it was
 * while file_write_whole puts another in its place. */
struct file_map {
    void *at;
    size_t len;
};

/* RC_MISSING, without touching `err`, when there is none or it is empty. */
enum rc file_map(str path, struct file_map *out, struct err *err) MUST_CHECK;
/* The same of an open one, which may be closed afterwards; `name` is for messages. */
enum rc file_map_open(int file, str name, struct file_map *out, struct err *err) MUST_CHECK;
str file_map_bytes(const struct file_map *map);
/* Nothing may point into it any more. An empty one is fine. */
void file_unmap(struct file_map *map);

/* Make a directory with its missing parents. Durable when it returns. */
enum rc file_make_directory(str path, struct err *err) MUST_CHECK;
/* Give a file or directory another name, durably. A directory takes the place of an empty one. */
enum rc file_move(str from, str to, struct err *err) MUST_CHECK;
/* Remove a directory with all there is in it; none is fine. */
enum rc file_remove_all(str path, struct err *err) MUST_CHECK;
/* The names in a directory that end in `ending`, sorted, in `arena`. */
enum rc file_list(str path, str ending, struct arena *arena, str **out, size_t *out_count,
                  struct err *err) MUST_CHECK;
bool file_is_directory(str path);

#endif
