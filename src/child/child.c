/* The program's side: orders the helper, feeds and drains the child's pipes, keeps its time. */
#include "child/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "child/child_in.h"

enum { DRAIN_BYTES = 64 * 1024, STOP_ASK_MS = 200, KILLED_WAIT_MS = 1000 };

/* The one helper of the process. */
static struct {
    pthread_mutex_t lock;
    int socket;
    pid_t pid;
} helper = {PTHREAD_MUTEX_INITIALIZER, -1, -1};

static enum rc broken(struct err *err)
{
    return err_set(err, RC_BROKEN, MSG_CHILD_HELPER);
}

enum rc child_helper_start(struct err *err)
{
    int ends[2] = {-1, -1};

    MUST(helper.pid < 0);
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) {
        return broken(err);
    }
    pid_t pid = fork();
    if (pid == 0) {
        (void)close(ends[0]);
        child_helper(ends[1]);
    }
    (void)close(ends[1]);
    if (pid < 0) {
        (void)close(ends[0]);
        return broken(err);
    }
    helper.socket = ends[0];
    helper.pid = pid;
    return RC_OK;
}

void child_helper_stop(void)
{
    if (helper.pid >= 0) {
        (void)close(helper.socket);
        while (waitpid(helper.pid, NULL, 0) < 0 && errno == EINTR) {
        }
        helper.socket = -1;
        helper.pid = -1;
    }
}

static int64_t now_ms(void)
{
    struct timespec now = {0};

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* One run in progress. */
struct run {
    const struct child_limits *limits;
    struct arena *arena;
    str input;
    int in; /* our ends of the pipes; -1 once closed */
    int out;
    int err;
    struct buf output;
    struct buf errors;
    int64_t begin_ms;
    bool ended;
    bool killed;
    struct child_report report;
    struct child_result *result;
};

static void close_end(int *fd)
{
    if (*fd >= 0) {
        (void)close(*fd);
        *fd = -1;
    }
}

static bool send_order(struct child_order *order, const int *fds)
{
    union {
        struct cmsghdr align;
        char bytes[CMSG_SPACE(CHILD_FDS * sizeof(int))];
    } control = {0};
    struct iovec part = {.iov_base = order, .iov_len = sizeof(*order)};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};

    if (fds != NULL) {
        message.msg_control = control.bytes;
        message.msg_controllen = sizeof(control.bytes);
        struct cmsghdr *header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(CHILD_FDS * sizeof(int));
        memcpy(CMSG_DATA(header), fds, CHILD_FDS * sizeof(int));
    }
    return sendmsg(helper.socket, &message, MSG_NOSIGNAL) == (ssize_t)sizeof(*order);
}

/* Put the arguments one after the other; false when they do not fit. */
static bool pack_args(const char *const argv[], struct child_order *order)
{
    size_t used = 0;

    for (; argv[order->args] != NULL; order->args++) {
        size_t size = strlen(argv[order->args]) + 1;
        if (order->args == CHILD_ARGS_MAX || used + size > sizeof(order->bytes)) {
            return false;
        }
        memcpy(order->bytes + used, argv[order->args], size);
        used += size;
    }
    return order->args > 0;
}

static void order_kill(struct run *run, enum child_end why)
{
    static struct child_order kill_order = {.kind = CHILD_KILL};

    if (!run->killed) {
        run->killed = true;
        run->result->end = why;
        (void)send_order(&kill_order, NULL);
    }
}

/* Write what the pipe takes of the input; close it at the end, or when the child no longer reads.
 */
static void feed(struct run *run)
{
    ssize_t sent = write(run->in, run->input.at, run->input.len);

    if (sent > 0) {
        run->input = str_part(run->input, (size_t)sent, run->input.len);
    }
    if ((sent < 0 && errno != EAGAIN && errno != EINTR) || run->input.len == 0) {
        close_end(&run->in);
    }
}

static void drain(struct run *run, int *fd, struct buf *to)
{
    static _Thread_local char bytes[DRAIN_BYTES];
    ssize_t got = read(*fd, bytes, sizeof(bytes));

    if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) {
        close_end(fd);
    }
    if (got > 0) {
        size_t room = to->max - to->len;
        buf_put(to, (str){bytes, (size_t)got < room ? (size_t)got : room});
        if ((size_t)got > room) {
            order_kill(run, CHILD_FLOODED);
        }
    }
}

static bool is_stopped(const struct child_limits *limits)
{
    return limits->is_stopped != NULL && limits->is_stopped(limits->self);
}

/* Until when nothing has to be done unless something happens, in milliseconds. */
static int patience(const struct run *run, int64_t left)
{
    int64_t most = run->limits->is_stopped == NULL ? INT32_MAX : STOP_ASK_MS;

    if (run->killed) {
        return KILLED_WAIT_MS;
    }
    left = left < 0 ? 0 : left;
    return (int)(left < most ? left : most);
}

/* Wait for the next thing to happen and do it; false when the helper is gone. */
static bool step(struct run *run)
{
    struct pollfd ready[] = {
        {helper.socket, POLLIN, 0},
        {run->in, POLLOUT, 0},
        {run->out, POLLIN, 0},
        {run->err, POLLIN, 0},
    };
    int64_t left = run->begin_ms + run->limits->time_ms - now_ms();

    if (run->ended) {
        ready[0].fd = -1;
    } else if (left <= 0) {
        order_kill(run, CHILD_TIMED_OUT);
    } else if (is_stopped(run->limits)) {
        order_kill(run, CHILD_STOPPED);
    }
    if (poll(ready, COUNT_OF(ready), patience(run, left)) < 0) {
        return errno == EINTR;
    }
    if (ready[0].revents != 0) {
        run->ended = recv(helper.socket, &run->report, sizeof(run->report), 0) ==
                     (ssize_t)sizeof(run->report);
        if (!run->ended) {
            return false;
        }
    }
    if (ready[1].revents != 0) {
        feed(run);
    }
    if (ready[2].revents != 0) {
        drain(run, &run->out, &run->output);
    }
    if (ready[3].revents != 0) {
        drain(run, &run->err, &run->errors);
    }
    return true;
}

static void judge(struct run *run)
{
    struct child_result *result = run->result;
    int status = run->report.status;

    result->time_ms = now_ms() - run->begin_ms;
    (void)buf_done(&run->output, &result->output);
    (void)buf_done(&run->errors, &result->errors);
    if (!run->report.started) {
        result->end = CHILD_UNFOUND;
    } else if (run->killed) {
        return;
    } else if (WIFEXITED(status)) {
        result->end = CHILD_EXITED;
        result->exit_code = WEXITSTATUS(status);
    } else {
        result->end = CHILD_SIGNALLED;
        result->signal = WTERMSIG(status);
    }
}

static enum rc follow(struct run *run, struct err *err)
{
    if (run->input.len == 0) {
        close_end(&run->in);
    }
    /* What it started may hold the pipes open after its end; the helper kills that too. */
    while (!run->ended || run->out >= 0 || run->err >= 0) {
        if (!step(run)) {
            return broken(err);
        }
    }
    judge(run);
    return RC_OK;
}

static bool make_pipes(int ours[CHILD_FDS], int theirs[CHILD_FDS])
{
    for (int i = 0; i < CHILD_FDS; i++) {
        int ends[2] = {-1, -1};
        if (pipe2(ends, O_CLOEXEC) != 0) {
            return false;
        }
        ours[i] = i == 0 ? ends[1] : ends[0];
        theirs[i] = i == 0 ? ends[0] : ends[1];
        (void)fcntl(ours[i], F_SETFL, O_NONBLOCK);
    }
    return true;
}

static enum rc run_locked(struct run *run, struct child_order *order, struct err *err)
{
    int ours[CHILD_FDS] = {-1, -1, -1};
    int theirs[CHILD_FDS] = {-1, -1, -1};
    bool sent = helper.socket >= 0 && make_pipes(ours, theirs) && send_order(order, theirs);
    enum rc rc = RC_OK;

    for (int i = 0; i < CHILD_FDS; i++) {
        close_end(&theirs[i]);
    }
    run->in = ours[0];
    run->out = ours[1];
    run->err = ours[2];
    rc = sent ? follow(run, err) : broken(err);
    close_end(&run->in);
    close_end(&run->out);
    close_end(&run->err);
    return rc;
}

/* Wait for one's turn; false: it is wanted no more. */
static bool take_helper(const struct child_limits *limits)
{
    bool is_taken = false;

    while (!is_taken && !is_stopped(limits)) {
        struct timespec until = {0};
        (void)clock_gettime(CLOCK_REALTIME, &until);
        until.tv_nsec += (long)STOP_ASK_MS * 1000000;
        until.tv_sec += until.tv_nsec / 1000000000;
        until.tv_nsec %= 1000000000;
        is_taken = pthread_mutex_timedlock(&helper.lock, &until) == 0;
    }
    return is_taken;
}

enum rc child_run(const char *const argv[], str input, const struct child_limits *limits,
                  struct arena *arena, struct child_result *out, struct err *err)
{
    struct child_order *order = ARENA_NEW(arena, struct child_order, 1);
    struct run run = {
        .limits = limits, .arena = arena, .input = input, .begin_ms = now_ms(), .result = out};
    sigset_t pipe_signal;
    sigset_t before;

    *out = (struct child_result){0};
    order->kind = CHILD_START;
    order->memory_max = limits->memory_max;
    order->time_ms = limits->time_ms;
    if (!pack_args(argv, order)) {
        return err_set(err, RC_LIMIT, MSG_CHILD_ARGS, arg_count(CHILD_ARGS_MAX),
                       arg_count(CHILD_ARGS_BYTES_MAX));
    }
    buf_init(&run.output, arena, (size_t)limits->output_max);
    buf_init(&run.errors, arena, (size_t)limits->output_max);
    (void)sigemptyset(&pipe_signal);
    (void)sigaddset(&pipe_signal, SIGPIPE);
    (void)pthread_sigmask(SIG_BLOCK, &pipe_signal, &before);
    enum rc rc = RC_OK;
    if (take_helper(limits)) {
        rc = run_locked(&run, order, err);
        (void)pthread_mutex_unlock(&helper.lock);
    } else {
        out->end = CHILD_STOPPED;
    }
    const struct timespec none = {0};
    (void)sigtimedwait(&pipe_signal, NULL, &none); /* one that our own write may have raised */
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    return rc;
}
