/* One run of one command: what was given, the office it works in, where its answers go. */
#ifndef CLI_SESSION_H
#define CLI_SESSION_H

#include "base/bytes.h"
#include "base/table.h"
#include "cli/command.h"
#include "office/office.h"
#include "store/home.h"

enum { GIVEN_MAX = 64, OPERANDS_MAX = 512, OUTPUT_BYTES_MAX = 512 << 20 };

struct given {
    const char *name;
    str value;
};

struct output;

struct session {
    const struct command *command;
    struct arena arena;
    struct arena out_arena; /* of what goes out: commands rewind theirs row by row */
    struct err err;
    struct cx cx;
    struct home *home; /* NULL with ACCESS_NONE */
    struct progress progress;
    int64_t progress_begin_ms;
    int64_t progress_last_ms;
    enum msg_id progress_what;
    bool progress_is_shown;

    struct given given[GIVEN_MAX];
    int given_count;
    str operands[OPERANDS_MAX];
    int operand_count;

    struct buf later; /* what is said after the commit */
    bool is_trial;    /* set by a command that only tries: what it did is undone */
    bool is_json;
    bool is_quiet;
    struct output *output;
};

/* What was given, or the fallback; "" where there is neither. */
str session_text(const struct session *session, const char *name);
bool session_has(const struct session *session, const char *name);
/* A whole number in [min, max]; RC_INVALID names the option. */
enum rc session_int(struct session *session, const char *name, int64_t min, int64_t max,
                    int64_t *out) MUST_CHECK;
enum rc session_period(struct session *session, const char *name, struct period *out) MUST_CHECK;
enum rc session_date(struct session *session, const char *name, date *out) MUST_CHECK;

/* The bytes of the file named by an operand or option. */
enum rc session_read(struct session *session, str path, str *out) MUST_CHECK;

/* Where tables go: standard output as text or JSON, or with -o the file, whose ending says whether
 * it becomes a workbook, CSV or JSON. The file is written whole when the command has succeeded. */
enum rc session_sink(struct session *session, struct table_sink *out) MUST_CHECK;
/* Standard output as text or JSON, whatever -o says. */
struct table_sink session_stdout(struct session *session);
/* Bytes that are not tables (a marked workbook, a form): to the file named, when all went well. */
enum rc session_write(struct session *session, str path, str bytes) MUST_CHECK;
/* Called once by the dispatcher: writes what -o gathered. */
enum rc session_flush(struct session *session) MUST_CHECK;
/* Lets go of what was not written because the command failed. */
void session_drop(struct session *session);

/* A sentence for the person, on standard error; nothing with --quiet. Arguments as err_set. */
void session_say(struct session *session, enum msg_id msg, const struct arg *args, int count);
#define SAY(session, msg, ...)                                                                     \
    session_say((session), (msg), (const struct arg[]){__VA_ARGS__},                               \
                (int)(sizeof((const struct arg[]){__VA_ARGS__}) / sizeof(struct arg)))

/* The same, said only when the command's act has been committed: what was done. */
void session_say_later(struct session *session, enum msg_id msg, const struct arg *args, int count);
#define SAY_LATER(session, msg, ...)                                                               \
    session_say_later((session), (msg), (const struct arg[]){__VA_ARGS__},                         \
                      (int)(sizeof((const struct arg[]){__VA_ARGS__}) / sizeof(struct arg)))

/* Run the program: parse, open, do, close; `fallback` is the language where --lang says nothing.
 * A command without a data directory may run others by it. The exit status of the house: 0 done,
 * 1 the input or the state does not allow it, 2 usage, 3 the machine. */
int cli_main(int argc, char **argv, enum lang fallback);

#endif
