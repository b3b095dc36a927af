/* ui: a server for one person, in the browser. */
#include <pwd.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "cli/cmd.h"
#include "cli/serving.h"
#include "cli/session.h"
#include "store/file.h"
#include "store/secret.h"
#include "web/owner.h"

enum { PATH_BYTES_MAX = 8192, STEP_WORDS = 7 };

static str joined(struct act *act, str first, str second)
{
    struct buf buf;
    str text = {0};

    buf_init(&buf, &act->arena, PATH_BYTES_MAX);
    buf_put(&buf, first);
    buf_put(&buf, second);
    MUST(buf_done(&buf, &text));
    return arena_str(&act->arena, text);
}

static str home_of_user(struct act *act)
{
    struct passwd entry = {0};
    struct passwd *found = NULL;
    char *room = arena_take(&act->arena, PATH_BYTES_MAX);

    bool is_there =
        getpwuid_r(getuid(), &entry, room, PATH_BYTES_MAX, &found) == 0 && found != NULL;
    return is_there ? str_from(found->pw_dir) : STR("");
}

/* "$XDG_DATA_HOME/wancun", by default ~/.local/share/wancun. */
static enum rc default_directory(struct act *act, str *out)
{
    const char *given = secure_getenv("XDG_DATA_HOME");
    str base = given != NULL && given[0] == '/'
                   ? str_from(given)
                   : joined(act, home_of_user(act), STR("/.local/share"));

    if (base.len + sizeof("/wancun") > PATH_BYTES_MAX / 2) {
        return err_set(&act->err, RC_INVALID, MSG_STORE_PATH_LONG, arg_text(str_part(base, 0, 80)));
    }
    *out = joined(act, base, STR("/wancun"));
    return RC_OK;
}

/* Every directory on the way that is not there yet. */
static enum rc make_way(struct act *act, str directory)
{
    for (size_t i = 1; i < directory.len; i++) {
        str part = arena_str(&act->arena, str_part(directory, 0, i));
        if (directory.at[i] == '/' && !file_is_directory(part)) {
            TRY(file_make_directory(part, &act->err));
        }
    }
    return RC_OK;
}

static bool has_office(struct act *act, str directory)
{
    struct stat at = {0};

    return stat(joined(act, directory, STR("/wancun.db")).at, &at) == 0 ||
           stat(joined(act, directory, STR("/database")).at, &at) == 0;
}

/* A fresh office, made as it would be at the command line. */
static enum rc make_office(struct act *act, str directory)
{
    union {
        const char *text;
        char *word;
    } words[] = {{"wancun"}, {"-q"}, {"init"}, {directory.at}, {"--programme"}, {NULL}, {NULL}};
    char *at[STEP_WORDS] = {NULL};

    TRY(make_way(act, directory));
    words[STEP_WORDS - 2].text = arena_str(&act->arena, act_text(act, "programme")).at;
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        at[i] = words[i].word;
    }
    int status = cli_main(STEP_WORDS - 1, at, act->cx.lang);
    return status == 0 ? RC_OK
                       : err_set(&act->err, RC_INVALID, MSG_CLI_UI_INIT, arg_text(directory),
                                 arg_number(status));
}

/* A page that leads to the address: on the command line of the browser, which everybody on this
 * machine can see, stands only the name of this file, which nobody else can read. */
static enum rc write_page(struct act *act, str path, str address)
{
    struct buf buf;
    str text = {0};

    buf_init(&buf, &act->arena, PATH_BYTES_MAX);
    buf_put(&buf, STR("<!doctype html><meta charset=\"utf-8\"><title>万村</title>"
                      "<meta http-equiv=\"refresh\" content=\"0;url="));
    buf_put(&buf, address);
    buf_put(&buf, STR("\">\n"));
    MUST(buf_done(&buf, &text));
    (void)unlink(path.at);
    return secret_keep(path, text, &act->err);
}

/* The browser that the desktop names; without one the person opens the address. */
static void open_browser(str page)
{
    union {
        const char *text;
        char *word;
    } words[] = {{"xdg-open"}, {page.at}};
    char *argv[] = {words[0].word, words[1].word, NULL};
    posix_spawnattr_t how;
    sigset_t none;
    pid_t pid = 0;

    MUST(sigemptyset(&none) == 0 && posix_spawnattr_init(&how) == 0);
    MUST(posix_spawnattr_setsigmask(&how, &none) == 0);
    MUST(posix_spawnattr_setflags(&how, POSIX_SPAWN_SETSIGMASK) == 0);
    (void)posix_spawnp(&pid, "xdg-open", NULL, &how, argv, environ);
    (void)posix_spawnattr_destroy(&how);
}

static str address_of(struct act *act, struct server *server)
{
    struct buf buf;
    str text = {0};

    buf_init(&buf, &act->arena, PATH_BYTES_MAX);
    buf_put(&buf, STR("http://127.0.0.1:"));
    buf_int(&buf, server_port(server));
    buf_put(&buf, STR("/enter/"));
    buf_put(&buf, owner_invite(server_owner(server), clock_now_ms(), &act->arena));
    MUST(buf_done(&buf, &text));
    return text;
}

static enum rc serve_owner(struct act *act, str directory)
{
    const struct server_opts opts = {
        .directory = directory,
        .listen = STR("127.0.0.1:0"),
        .spool = directory,
        .lang = act->cx.lang,
        .log = LOG_WARN,
        .owner = act->cx.actor,
    };
    struct server *server = NULL;
    str page = joined(act, directory, STR("/open.html"));

    serve_block_signals();
    TRY(server_open(&opts, &server, &act->err));
    str address = address_of(act, server);
    enum rc rc = write_page(act, page, address);
    if (rc != RC_OK) {
        (void)server_close(server, 0);
        return rc;
    }
    SAY(act, MSG_CLI_UI, arg_text(address), arg_text(directory));
    open_browser(page);
    serve_until_told(act, server);
    (void)unlink(page.at);
    return RC_OK;
}

enum rc cmd_ui(struct act *act)
{
    str directory = act->operand_count > 0 ? arena_str(&act->arena, act->operands[0]) : STR("");

    if (directory.len == 0) {
        TRY(default_directory(act, &directory));
    }
    if (!has_office(act, directory)) {
        TRY(make_office(act, directory));
    }
    return serve_owner(act, directory);
}
