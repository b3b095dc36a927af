/* Running one command: parse, open, do, close, say. */
#include "cli/session.h"

#include <pwd.h>
#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/num.h"
#include "child/child.h"
#include "cli/help.h"
#include "cli/output.h"
#include "cli/parse.h"
#include "store/file.h"

enum {
    EXIT_DONE = 0,
    EXIT_INPUT = 1,
    EXIT_USAGE = 2,
    EXIT_MACHINE = 3,
    PROGRESS_EVERY_MS = 250,
    PROGRESS_AFTER_MS = 1000,
    READ_BYTES_MAX = 256 << 20,
};

static int opt_place(const struct session *session, const char *name)
{
    for (int i = session->given_count - 1; i >= 0; i--) {
        if (str_equal(str_from(session->given[i].name), str_from(name))) {
            return i;
        }
    }
    return -1;
}

bool session_has(const struct session *session, const char *name)
{
    return opt_place(session, name) >= 0;
}

static const char *fallback_of(const struct opt *opts, const char *name)
{
    for (; opts != NULL && opts->name != NULL; opts++) {
        if (str_equal(str_from(opts->name), str_from(name))) {
            return opts->fallback;
        }
    }
    return NULL;
}

str session_text(const struct session *session, const char *name)
{
    int place = opt_place(session, name);
    const char *fallback = NULL;

    if (place >= 0) {
        return session->given[place].value;
    }
    fallback = session->command == NULL ? NULL : fallback_of(session->command->opts, name);
    return fallback == NULL ? STR("") : str_from(fallback);
}

enum rc session_int(struct session *session, const char *name, int64_t min, int64_t max,
                    int64_t *out)
{
    str text = session_text(session, name);

    if (!num_parse_int(text, min, max, out)) {
        return err_set(&session->err, RC_INVALID, MSG_CLI_OPTION_NUMBER, arg_text(str_from(name)),
                       arg_text(text), arg_count(min), arg_count(max));
    }
    return RC_OK;
}

enum rc session_period(struct session *session, const char *name, struct period *out)
{
    str text = session_text(session, name);

    if (!period_parse(text, out)) {
        return err_set(&session->err, RC_INVALID, MSG_CLI_OPTION_PERIOD, arg_text(str_from(name)),
                       arg_text(text));
    }
    return RC_OK;
}

enum rc session_date(struct session *session, const char *name, date *out)
{
    str text = session_text(session, name);

    if (!date_parse(text, out)) {
        return err_set(&session->err, RC_INVALID, MSG_CLI_OPTION_DATE, arg_text(str_from(name)),
                       arg_text(text));
    }
    return RC_OK;
}

enum rc session_read(struct session *session, str path, str *out)
{
    return file_read_whole(path, READ_BYTES_MAX, &session->arena, out, &session->err);
}

void session_say(struct session *session, enum msg_id msg, const struct arg *args, int count)
{
    struct buf text;
    str made = {0};

    if (session->is_quiet) {
        return;
    }
    buf_init(&text, &session->arena, 1 << 16);
    msg_put(&text, session->cx.lang, msg, args, count);
    (void)buf_done(&text, &made);
    (void)fprintf(stderr, "%.*s\n", STR_ARG(made));
}

void session_say_later(struct session *session, enum msg_id msg, const struct arg *args, int count)
{
    msg_put(&session->later, session->cx.lang, msg, args, count);
    buf_char(&session->later, '\n');
}

static void say_what_was_done(struct session *session)
{
    str said = {0};

    if (!session->is_quiet && buf_done(&session->later, &said)) {
        (void)fprintf(stderr, "%.*s", STR_ARG(said));
    }
}

/* A line that is written over itself, only where a person looks on, and only for long work. */
static void show_progress(void *self, enum msg_id what, int64_t done, int64_t total)
{
    struct session *session = self;
    int64_t now = clock_steady_ms();

    if (what != session->progress_what || done == 0) {
        session->progress_what = what;
        session->progress_begin_ms = now;
        session->progress_last_ms = now;
    }
    int64_t spent = now - session->progress_begin_ms;
    if (spent < PROGRESS_AFTER_MS || now - session->progress_last_ms < PROGRESS_EVERY_MS) {
        return;
    }
    session->progress_last_ms = now;
    session->progress_is_shown = true;
    struct arena_mark mark = arena_mark(&session->arena);
    struct buf line;
    str text = {0};
    buf_init(&line, &session->arena, 1024);
    const struct arg args[] = {
        arg_msg(what),
        arg_count(done),
        arg_count(total),
        arg_count(done * 1000 / (spent + 1)),
        arg_count(total > done && done > 0 ? spent * (total - done) / done / 1000 : 0),
    };
    msg_put(&line, session->cx.lang, MSG_CLI_PROGRESS, args, COUNT_OF(args));
    (void)buf_done(&line, &text);
    (void)fprintf(stderr, "\r\x1b[K%.*s", STR_ARG(text));
    arena_rewind(&session->arena, mark);
}

static void end_progress(struct session *session)
{
    if (session->progress_is_shown) {
        (void)fprintf(stderr, "\r\x1b[K");
    }
}

static enum lang language_of(const struct session *session, enum lang fallback)
{
    str asked = session_text(session, "lang");

    if (asked.len == 0) {
        return fallback;
    }
    return str_starts(asked, STR("en")) ? LANG_EN : LANG_ZH;
}

static str actor_of(struct session *session)
{
    struct passwd entry = {0};
    struct passwd *found = NULL;
    char *room = arena_take(&session->arena, 4096);
    struct buf name;
    str text = {0};

    buf_init(&name, &session->arena, 4096);
    buf_put(&name, STR("local:"));
    if (getpwuid_r(getuid(), &entry, room, 4096, &found) == 0 && found != NULL) {
        buf_put(&name, str_from(found->pw_name));
    } else {
        buf_int(&name, getuid());
    }
    MUST(buf_done(&name, &text));
    return text;
}

static void prepare(struct session *session, enum lang fallback)
{
    session->is_json = session_has(session, "json");
    session->is_quiet = session_has(session, "quiet");
    buf_init(&session->later, &session->out_arena, ARENA_MIB);
    session->progress = (struct progress){.self = session, .step = show_progress};
    session->cx = (struct cx){
        .arena = &session->arena,
        .err = &session->err,
        .actor = actor_of(session),
        .now_ms = clock_now_ms(),
        .lang = language_of(session, fallback),
        .progress = !session->is_quiet && isatty(STDERR_FILENO) ? &session->progress : NULL,
    };
}

/* Commit, or undo what failed or was only tried. */
static enum rc leave(struct session *session, enum rc rc)
{
    if (rc == RC_OK && session->is_trial) {
        office_undo(&session->cx);
        return RC_OK;
    }
    TRY(office_leave(&session->cx, rc));
    say_what_was_done(session);
    return RC_OK;
}

static enum rc run_in_home(struct session *session)
{
    static const enum home_mode MODES[] = {
        [ACCESS_CREATE] = HOME_CREATE, [ACCESS_READ] = HOME_READ, [ACCESS_WRITE] = HOME_WRITE};
    enum access access = session->command->access;
    str directory =
        access == ACCESS_CREATE ? session->operands[0] : session_text(session, "directory");

    TRY(home_open(directory, MODES[access], session->cx.now_ms, &session->home, &session->err));
    session->cx.db = home_db(session->home);
    TRY(office_enter(&session->cx, access == ACCESS_READ ? DB_READ : DB_WRITE));
    enum rc rc = session->command->run(session);
    if (rc == RC_OK && access == ACCESS_CREATE) {
        rc = home_found(session->home, &session->err);
    }
    TRY(leave(session, rc));
    return session_flush(session);
}

/* The helper is forked before anything is opened or a thread is started. Where it cannot be, the
 * command does without other programs. */
static void start_helper(const struct session *session)
{
    struct err err = {0};

    if (session->command->runs_others) {
        (void)!child_helper_start(&err);
    }
}

static enum rc run(struct session *session)
{
    start_helper(session);
    if (session->command->access != ACCESS_NONE) {
        return run_in_home(session);
    }
    TRY(session->command->run(session));
    return session_flush(session);
}

static int exit_code(enum rc rc)
{
    switch (rc) {
    case RC_OK:
        return EXIT_DONE;
    case RC_BUSY:
    case RC_BROKEN:
        return EXIT_MACHINE;
    case RC_INVALID:
    case RC_DENIED:
    case RC_MISSING:
    case RC_CONFLICT:
    case RC_LIMIT:
        return EXIT_INPUT;
    }
    NEVER("an outcome of no kind");
}

static void say_failure(struct session *session)
{
    struct buf text;
    str made = {0};

    buf_init(&text, &session->arena, 1 << 16);
    err_put(&text, session->cx.lang, &session->err);
    (void)buf_done(&text, &made);
    (void)fprintf(stderr, "wancun: %.*s\n", STR_ARG(made));
}

static void print_help(struct session *session)
{
    struct buf text;
    str made = {0};

    buf_init(&text, &session->arena, ARENA_MIB);
    if (session_has(session, "version")) {
        buf_put(&text, STR("wancun " WANCUN_VERSION "\n"));
    } else if (session->command != NULL) {
        help_put_command(&text, session->cx.lang, session->command);
    } else {
        help_put_all(&text, session->cx.lang);
    }
    MUST(buf_done(&text, &made));
    (void)fwrite(made.at, 1, made.len, stdout);
}

static int dispatch(struct session *session, int argc, char **argv, enum lang fallback)
{
    enum parsed parsed = parse_command_line(session, argc, argv);

    prepare(session, fallback);
    if (parsed == PARSED_HELP) {
        print_help(session);
        return EXIT_DONE;
    }
    if (parsed == PARSED_WRONG) {
        say_failure(session);
        return EXIT_USAGE;
    }
    enum rc rc = run(session);
    end_progress(session);
    if (rc != RC_OK) {
        MUST(session->err.rc != RC_OK);
        say_failure(session);
    }
    return exit_code(rc);
}

int cli_main(int argc, char **argv, enum lang fallback)
{
    struct session session = {0};

    arena_init(&session.arena, ARENA_JOB_MAX);
    arena_init(&session.out_arena, ARENA_JOB_MAX);
    int status = dispatch(&session, argc, argv, fallback);
    session_drop(&session);
    home_close(session.home);
    child_helper_stop();
    if (fflush(stdout) != 0) {
        status = EXIT_MACHINE;
    }
    arena_done(&session.out_arena);
    arena_done(&session.arena);
    return status;
}
