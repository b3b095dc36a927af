/* serve: the office over HTTP, until it is told to stop. */
#include <signal.h>

#include "cli/cmd.h"
#include "cli/notify.h"
#include "cli/serving.h"

enum { STOP_WAIT_MS = 10000 };

static sigset_t stopping(void)
{
    sigset_t signals;

    MUST(sigemptyset(&signals) == 0);
    MUST(sigaddset(&signals, SIGINT) == 0);
    MUST(sigaddset(&signals, SIGTERM) == 0);
    return signals;
}

void serve_block_signals(void)
{
    sigset_t signals = stopping();

    MUST(sigaddset(&signals, SIGPIPE) == 0); /* a log that nobody reads any more stops nothing */
    MUST(pthread_sigmask(SIG_BLOCK, &signals, NULL) == 0);
}

void serve_until_told(struct act *act, struct server *server)
{
    sigset_t signals = stopping();
    int signal = 0;

    notify_manager("READY=1");
    MUST(sigwait(&signals, &signal) == 0);
    notify_manager("STOPPING=1");
    int cut = server_close(server, STOP_WAIT_MS);
    SAY(act, MSG_CLI_SERVED, arg_count(cut));
}

/* Who reaches the server by HTTPS comes through a proxy on this machine, whose word on where he
 * comes from is taken. */
static const str PROXIES[] = {STR_INIT("unix"), STR_INIT("127.0.0.1"), STR_INIT("::1")};

enum rc cmd_serve(struct act *act)
{
    const struct server_opts opts = {
        .directory = act_text(act, "directory"),
        .listen = act_text(act, "listen"),
        .spool = act_text(act, "directory"),
        .is_https = act_has(act, "https"),
        .proxies = PROXIES,
        .proxy_count = act_has(act, "https") ? (int)COUNT_OF(PROXIES) : 0,
        .lang = act->cx.lang,
        .log = log_level_by_name(act_text(act, "log")),
        .metrics = act_text(act, "metrics"),
    };
    struct server *server = NULL;

    if (opts.log == LOG_LEVELS) {
        return err_set(&act->err, RC_INVALID, MSG_CLI_LOG_LEVEL, arg_text(act_text(act, "log")));
    }
    serve_block_signals();
    TRY(server_open(&opts, &server, &act->err));
    if (server_port(server) != 0) {
        SAY(act, MSG_CLI_SERVING, arg_number(server_port(server)));
    } else {
        SAY(act, MSG_CLI_SERVING_AT, arg_text(opts.listen));
    }
    serve_until_told(act, server);
    return RC_OK;
}
