/* Running one command: parse, open, do, close, say. */
#include "cli/session.h"

#include <pwd.h>
#include <stdio.h>
#include <unistd.h>

#include "act/trace.h"
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

static enum rc read_path(struct act *act, str path, str *out)
{
    return file_read_whole(path, READ_BYTES_MAX, &act->arena, out, &act->err);
}

static enum rc list_path(struct act *act, str path, str ending, str **out, size_t *out_count)
{
    return file_is_directory(path) ? file_list(path, ending, &act->arena, out, out_count, &act->err)
                                   : RC_MISSING;
}

static void say(struct act *act, str text)
{
    if (!session_of(act)->is_quiet) {
        (void)fprintf(stderr, "%.*s\n", STR_ARG(text));
    }
}

static const struct door TERMINAL = {
    .read = read_path,
    .list = list_path,
    .sink = output_sink,
    .shown = output_shown,
    .write = output_write,
    .say = say,
};

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
    struct arena_mark mark = arena_mark(&session->act.arena);
    struct buf line;
    str text = {0};
    buf_init(&line, &session->act.arena, 1024);
    const struct arg args[] = {
        arg_msg(what),
        arg_count(done),
        arg_count(total),
        arg_count(done * 1000 / (spent + 1)),
        arg_count(total > done && done > 0 ? spent * (total - done) / done / 1000 : 0),
    };
    msg_put(&line, session->act.cx.lang, MSG_CLI_PROGRESS, args, COUNT_OF(args));
    (void)buf_done(&line, &text);
    (void)fprintf(stderr, "\r\x1b[K%.*s", STR_ARG(text));
    arena_rewind(&session->act.arena, mark);
}

static void end_progress(struct session *session)
{
    if (session->progress_is_shown) {
        (void)fprintf(stderr, "\r\x1b[K");
    }
}

static enum lang language_of(const struct act *act, enum lang fallback)
{
    str asked = act_text(act, "lang");

    if (asked.len == 0) {
        return fallback;
    }
    return str_starts(asked, STR("en")) ? LANG_EN : LANG_ZH;
}

static str actor_of(struct act *act)
{
    struct passwd entry = {0};
    struct passwd *found = NULL;
    char *room = arena_take(&act->arena, 4096);
    struct buf name;
    str text = {0};

    buf_init(&name, &act->arena, 4096);
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
    struct act *act = &session->act;

    act->is_json = act_has(act, "json");
    session->is_quiet = act_has(act, "quiet");
    session->progress = (struct progress){.self = session, .step = show_progress};
    act->cx = (struct cx){
        .arena = &act->arena,
        .err = &act->err,
        .actor = actor_of(act),
        .who = &ACTOR_OWNER,
        .now_ms = clock_now_ms(),
        .lang = language_of(act, fallback),
        .progress = !session->is_quiet && isatty(STDERR_FILENO) ? &session->progress : NULL,
    };
}

/* Commit, or undo what failed or was only tried. */
static enum rc leave(struct act *act, enum rc rc)
{
    if (rc == RC_OK && act->is_trial) {
        office_undo(&act->cx);
        return RC_OK;
    }
    TRY(office_leave(&act->cx, rc));
    act_say_what_was_done(act);
    return RC_OK;
}

/* The data directory, with its database in it or, where a new one says so, on a server. */
static enum rc open_directory(struct act *act)
{
    static const enum home_mode MODES[] = {
        [ACCESS_CREATE] = HOME_CREATE, [ACCESS_READ] = HOME_READ, [ACCESS_WRITE] = HOME_WRITE};
    enum access access = act->command->access;
    str directory = access == ACCESS_CREATE ? act->operands[0] : act_text(act, "directory");

    if (access == ACCESS_CREATE && act_has(act, "database")) {
        return home_create_on(directory, act_text(act, "database"), act->cx.now_ms, &act->home,
                              &act->err);
    }
    return home_open(directory, MODES[access], act->cx.now_ms, &act->home, &act->err);
}

/* From the beginning of the transaction to its end. */
static enum rc run_once(struct act *act)
{
    enum access access = act->command->access;

    TRY(office_enter(&act->cx, access == ACCESS_READ ? DB_READ : DB_WRITE));
    enum rc rc = act->command->run(act);
    if (rc == RC_OK && access == ACCESS_CREATE) {
        rc = home_found(act->home, &act->err);
    }
    if (rc == RC_OK && access != ACCESS_READ && !act->is_trial) {
        rc = trace_sign(act);
    }
    return leave(act, rc);
}

static enum rc run_in_home(struct act *act)
{
    TRY(open_directory(act));
    act->cx.db = home_db(act->home);
    struct act_mark begin = act_mark(act);
    enum rc rc = run_once(act);
    for (int tried = 1; rc != RC_OK && db_try_again(&act->err, tried); tried++) {
        output_drop(session_of(act));
        act_rewind(act, &begin);
        rc = run_once(act);
    }
    TRY(rc);
    return output_flush(session_of(act));
}

/* The helper is forked before anything is opened or a thread is started. Where it cannot be, the
 * command does without other programs. */
static void start_helper(const struct act *act)
{
    struct err err = {0};

    if (act->command->runs_others) {
        (void)!child_helper_start(&err);
    }
}

static enum rc run(struct act *act)
{
    start_helper(act);
    if (act->command->access != ACCESS_NONE) {
        return run_in_home(act);
    }
    TRY(act->command->run(act));
    return output_flush(session_of(act));
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

static void say_failure(struct act *act)
{
    struct buf text;
    str made = {0};

    buf_init(&text, &act->arena, 1 << 16);
    err_put(&text, act->cx.lang, &act->err);
    (void)buf_done(&text, &made);
    (void)fprintf(stderr, "wancun: %.*s\n", STR_ARG(made));
}

static void print_help(struct act *act)
{
    struct buf text;
    str made = {0};

    buf_init(&text, &act->arena, ARENA_MIB);
    if (act_has(act, "version")) {
        buf_put(&text, STR("wancun " WANCUN_VERSION "\n"));
    } else if (act->command != NULL) {
        help_put_command(&text, act->cx.lang, act->command);
    } else {
        help_put_all(&text, act->cx.lang);
    }
    MUST(buf_done(&text, &made));
    (void)fwrite(made.at, 1, made.len, stdout);
}

static int dispatch(struct session *session, int argc, char **argv, enum lang fallback)
{
    struct act *act = &session->act;
    enum parsed parsed = parse_command_line(act, argc, argv);

    prepare(session, fallback);
    if (parsed == PARSED_HELP) {
        print_help(act);
        return EXIT_DONE;
    }
    if (parsed == PARSED_WRONG) {
        say_failure(act);
        return EXIT_USAGE;
    }
    enum rc rc = run(act);
    end_progress(session);
    rc = output_show(session) == RC_OK || rc != RC_OK ? rc : act->err.rc;
    if (rc != RC_OK) {
        MUST(act->err.rc != RC_OK);
        say_failure(act);
    }
    return exit_code(rc);
}

int cli_main(int argc, char **argv, enum lang fallback)
{
    struct session session = {.output = NULL};

    act_init(&session.act, &TERMINAL, &session);
    int status = dispatch(&session, argc, argv, fallback);
    output_drop(&session);
    home_close(session.act.home);
    child_helper_stop();
    if (fflush(stdout) != 0) {
        status = EXIT_MACHINE;
    }
    act_done(&session.act);
    return status;
}
