/* serve: the office over HTTP, until it is told to stop. */
#include <signal.h>
#include <stdio.h>

#include "cli/cmd.h"
#include "web/server.h"

enum { STOP_WAIT_MS = 10000 };

/* Blocked before any thread is made, so that this one alone waits for them. */
static void block_signals(sigset_t *out)
{
    MUST(sigemptyset(out) == 0);
    MUST(sigaddset(out, SIGINT) == 0);
    MUST(sigaddset(out, SIGTERM) == 0);
    MUST(pthread_sigmask(SIG_BLOCK, out, NULL) == 0);
}

enum rc cmd_serve(struct act *act)
{
    const struct server_opts opts = {
        .directory = act_text(act, "directory"),
        .listen = act_text(act, "listen"),
        .spool = act_text(act, "directory"),
        .is_https = act_has(act, "https"),
        .lang = act->cx.lang,
        .log = log_level_by_name(act_text(act, "log")),
        .metrics = act_text(act, "metrics"),
    };
    struct server *server = NULL;
    sigset_t signals;
    int signal = 0;

    if (opts.log == LOG_LEVELS) {
        return err_set(&act->err, RC_INVALID, MSG_CLI_LOG_LEVEL, arg_text(act_text(act, "log")));
    }
    block_signals(&signals);
    TRY(server_open(&opts, &server, &act->err));
    if (server_port(server) != 0) {
        SAY(act, MSG_CLI_SERVING, arg_number(server_port(server)));
    } else {
        SAY(act, MSG_CLI_SERVING_AT, arg_text(opts.listen));
    }
    MUST(sigwait(&signals, &signal) == 0);
    int cut = server_close(server, STOP_WAIT_MS);
    SAY(act, MSG_CLI_SERVED, arg_count(cut));
    return RC_OK;
}
