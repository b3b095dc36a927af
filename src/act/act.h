/* One run of one command, whatever door it came through: what was given, the office it works in,
 * where its answers go. One act is one transaction, begun and ended by the door's own room. */
#ifndef ACT_ACT_H
#define ACT_ACT_H

#include "act/command.h"
#include "base/bytes.h"
#include "base/table.h"
#include "office/office.h"
#include "store/home.h"
#include "store/spool.h"

enum { GIVEN_MAX = 64, OPERANDS_MAX = 512, ANSWER_BYTES_MAX = 512 << 20 };

struct given {
    const char *name;
    str value;
};

struct act;
struct unit_tree;

/* How an act reaches the one who asked for it: a terminal, a request. */
struct door {
    /* The bytes of the file that an operand or option names. */
    enum rc (*read)(struct act *act, str name, str *out);
    /* Paths of the files with this ending in the directory `name`; RC_MISSING, without touching
     * `err`, when that is a file. */
    enum rc (*list)(struct act *act, str name, str ending, str **out, size_t *out_count);
    /* Where tables go, and where those go that are always shown. */
    enum rc (*sink)(struct act *act, struct table_sink *out);
    struct table_sink (*shown)(struct act *act);
    /* Bytes that are not tables (a marked workbook, a form), of act_spool. */
    enum rc (*write)(struct act *act, str name, struct spool *bytes);
    /* A sentence for the person. */
    void (*say)(struct act *act, str text);
    /* See act_begin_write. NULL: it could write all along. */
    enum rc (*begin_write)(struct act *act, const struct unit_tree *tree, int within);
};

struct act {
    const struct command *command;
    const struct door *door;
    void *caller; /* the door's own */
    struct arena arena;
    struct arena out_arena; /* of what goes out: commands rewind theirs row by row */
    struct err err;
    struct cx cx;
    struct home *home; /* NULL with ACCESS_NONE */
    str scratch;       /* directory for what is on its way out; "": the system's */
    struct act_spool *spools;
    struct given given[GIVEN_MAX];
    int given_count;
    str operands[OPERANDS_MAX];
    int operand_count;
    struct buf later; /* what is said after the commit */
    bool is_trial;    /* set by a command that only tries: what it did is undone */
    bool is_json;     /* all there is, for a program; else what a person wants to read first */
};

/* Arenas, and an error that says nothing yet; `caller` is the door's own. */
void act_init(struct act *act, const struct door *door, void *caller);
void act_done(struct act *act);

/* The act as it is now, to go back to when its transaction must be done again. */
struct act_mark {
    struct arena_mark arena;
    struct arena_mark out_arena;
    struct act_spool *spools;
    struct buf later;
    struct cx cx;
};
struct act_mark act_mark(const struct act *act);
void act_rewind(struct act *act, const struct act_mark *mark);

/* What was given, or the fallback; "" where there is neither. */
str act_text(const struct act *act, const char *name);
bool act_has(const struct act *act, const char *name);
/* A whole number in [min, max]; RC_INVALID names the option. */
enum rc act_int(struct act *act, const char *name, int64_t min, int64_t max,
                int64_t *out) MUST_CHECK;
enum rc act_period(struct act *act, const char *name, struct period *out) MUST_CHECK;
enum rc act_date(struct act *act, const char *name, date *out) MUST_CHECK;

/* See struct door. */
enum rc act_read(struct act *act, str name, str *out) MUST_CHECK;
enum rc act_list(struct act *act, str name, str ending, str **out, size_t *out_count) MUST_CHECK;
enum rc act_sink(struct act *act, struct table_sink *out) MUST_CHECK;
struct table_sink act_shown(struct act *act);
enum rc act_write(struct act *act, str name, struct spool *bytes) MUST_CHECK;
enum rc act_write_text(struct act *act, str name, str text) MUST_CHECK;

/* Room for bytes on their way out; it is gone with the act. */
struct spool *act_spool(struct act *act);

/* Long acts read and compute first, then call this, and write from here on: until now other acts
 * may have gone on beside this one. `within` is the place of the tree whose values it rests on; all
 * of them without a tree. A failure ends the act; where what it has read no longer stands, its door
 * begins it anew. Commands that are quick do not call it. */
enum rc act_begin_write(struct act *act, const struct unit_tree *tree, int within) MUST_CHECK;

/* A sentence for the person. Arguments as err_set. */
void act_say(struct act *act, enum msg_id msg, const struct arg *args, int count);
#define SAY(act, msg, ...)                                                                         \
    act_say((act), (msg), (const struct arg[]){__VA_ARGS__},                                       \
            (int)(sizeof((const struct arg[]){__VA_ARGS__}) / sizeof(struct arg)))

/* The same, said only when the act has been committed: what was done. */
void act_say_later(struct act *act, enum msg_id msg, const struct arg *args, int count);
#define SAY_LATER(act, msg, ...)                                                                   \
    act_say_later((act), (msg), (const struct arg[]){__VA_ARGS__},                                 \
                  (int)(sizeof((const struct arg[]){__VA_ARGS__}) / sizeof(struct arg)))
/* Called by the door's room after the commit. */
void act_say_what_was_done(struct act *act);

#endif
