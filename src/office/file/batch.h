/* Batches: each act of taking things in, with the original file it came from. */
#ifndef OFFICE_FILE_BATCH_H
#define OFFICE_FILE_BATCH_H

#include "base/hash.h"
#include "base/table.h"
#include "office/audit/replay.h"
#include "office/office.h"
#include "office/programme/programme.h"

struct batch {
    int64_t id;
    str kind;  /* "register", "ledger", "wishes", "lineage", "revert" */
    str state; /* "committed", "reverted" */
    str file_name;
    struct hash file;
    struct period period; /* key 0: none */
    int64_t unit_count;
    int64_t value_count;
    int64_t changed_count;
    int64_t reverts; /* the batch this one undoes, 0 for none */
    str reason;
    int64_t at_ms;
    str actor;
};

/* Note the file a batch comes from; the bytes are kept by the caller (store/home.h). */
enum rc file_note(const struct cx *cx, struct hash hash, str name, int64_t byte_count) MUST_CHECK;
/* Every file noted, by hash. */
typedef enum rc (*file_take)(void *self, struct hash hash);
enum rc file_each(const struct cx *cx, file_take take, void *self) MUST_CHECK;

/* Write `batch`, whose id, time and actor are filled in here. Numbers rise from batch to batch. */
enum rc batch_add(const struct cx *cx, struct batch *batch) MUST_CHECK;
/* Set the counts of a batch written earlier in the same act. */
enum rc batch_count(const struct cx *cx, const struct batch *batch) MUST_CHECK;
/* RC_MISSING with a message when there is none; texts live in cx->arena. */
enum rc batch_load(const struct cx *cx, int64_t id, struct batch *out) MUST_CHECK;
/* The same for whoever asks for it: it belongs to the unit of the post by which it was taken in,
 * and is not there for those who do not see that one. */
enum rc batch_find(const struct cx *cx, int64_t id, struct batch *out) MUST_CHECK;
/* The name of its file without the folder, in cx->arena. */
enum rc batch_file(const struct cx *cx, int64_t id, str *out) MUST_CHECK;
/* The number of the last one, 0 when there is none: the generation of the data. */
enum rc batch_newest(const struct cx *cx, int64_t *out) MUST_CHECK;
/* Those after `id`, oldest first, each with what it took in, or took back: "register", "ledger"… */
typedef enum rc (*batch_take)(void *self, int64_t id, str kind);
enum rc batch_each_after(const struct cx *cx, int64_t id, batch_take take, void *self) MUST_CHECK;
/* The first one after `id` that stands and took something in; RC_MISSING leaves err alone. Texts
 * live in cx->arena. */
enum rc batch_next(const struct cx *cx, int64_t id, struct batch *out) MUST_CHECK;
/* Mark as undone. RC_CONFLICT with a message when it is undone already. */
enum rc batch_mark_reverted(const struct cx *cx, const struct batch *batch) MUST_CHECK;
/* How files and batches are checked against the trace. */
extern const struct replay_table FILE_TABLES[];

/* Those in sight, newest first, as a table. */
enum rc batch_table(const struct cx *cx, const struct programme *programme,
                    const struct table_sink *sink) MUST_CHECK;

#endif
