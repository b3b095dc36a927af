/* The helper: starts a child when told, waits for it, kills it when told. One thread, no state but
 * the child that runs. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "child/child_in.h"

enum { EXEC_FAILED = 127, CPU_GRACE_S = 2 };

static void set_limit(int what, int64_t most)
{
    const struct rlimit limit = {.rlim_cur = (rlim_t)most, .rlim_max = (rlim_t)most};

    (void)setrlimit((__rlimit_resource_t)what, &limit);
}

/* In the child: its descriptors, its limits, the program. Tells through `failed` when there is no
 * such program. */
static _Noreturn void become(struct child_order *order, const int fds[CHILD_FDS], int failed)
{
    char *argv[CHILD_ARGS_MAX + 1] = {NULL};
    char *at = order->bytes;

    MUST(order->args > 0);
    for (int i = 0; i < order->args; i++) {
        argv[i] = at;
        at += strlen(at) + 1;
    }
    (void)setpgid(0, 0);
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    for (int i = 0; i < CHILD_FDS; i++) {
        (void)dup2(fds[i], i);
    }
    set_limit(RLIMIT_CORE, 0);
    set_limit(RLIMIT_CPU, order->time_ms / 1000 + CPU_GRACE_S);
    if (order->memory_max > 0) {
        set_limit(RLIMIT_AS, order->memory_max);
    }
    (void)execvp(argv[0], argv);
    char why = 1;
    (void)!write(failed, &why, 1);
    _exit(EXEC_FAILED);
}

/* Receive an order and, where it starts something, the descriptors. False at the end. */
static bool receive(int socket, struct child_order *order, int fds[CHILD_FDS])
{
    union {
        struct cmsghdr align;
        char bytes[CMSG_SPACE(CHILD_FDS * sizeof(int))];
    } control;
    struct iovec part = {order, sizeof(*order)};
    struct msghdr message = {
        .msg_iov = &part,
        .msg_iovlen = 1,
        .msg_control = control.bytes,
        .msg_controllen = sizeof(control.bytes),
    };
    ssize_t got = 0;

    do {
        got = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
    } while (got < 0 && errno == EINTR);
    if (got != (ssize_t)sizeof(*order)) {
        return false;
    }
    const struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    if (order->kind == CHILD_START) {
        if (header == NULL || header->cmsg_len != CMSG_LEN(CHILD_FDS * sizeof(int))) {
            return false;
        }
        memcpy(fds, CMSG_DATA(header), CHILD_FDS * sizeof(int));
    }
    return true;
}

/* Fork the child; its process id, or -1. `started` is false when the program could not be run. */
static pid_t start(struct child_order *order, const int fds[CHILD_FDS], bool *started)
{
    int failed[2] = {-1, -1};
    char why = 0;

    *started = false;
    if (pipe2(failed, O_CLOEXEC) != 0) {
        return -1;
    }
    pid_t pid = fork();
    if (pid == 0) {
        become(order, fds, failed[1]);
    }
    (void)close(failed[1]);
    if (pid > 0) {
        *started = read(failed[0], &why, 1) == 0; /* closed by a successful exec */
    }
    (void)close(failed[0]);
    return pid;
}

static void kill_all(pid_t pid)
{
    (void)kill(-pid, SIGKILL);
    (void)kill(pid, SIGKILL);
}

/* Wait until the child ends; kill it when told to, or when the program is gone. */
static int wait_for(pid_t pid, int socket)
{
    struct child_order order;
    int fds[CHILD_FDS];
    int status = 0;
    int handle = (int)syscall(SYS_pidfd_open, pid, 0);
    struct pollfd ready[] = {{handle, POLLIN, 0}, {socket, POLLIN, 0}};

    while (handle >= 0 && ready[0].revents == 0) {
        if (poll(ready, 2, -1) < 0 && errno != EINTR) {
            break;
        }
        if (ready[1].revents != 0) {
            kill_all(pid);
            ready[1].fd = receive(socket, &order, fds) ? socket : -1;
            ready[1].revents = 0;
        }
    }
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    kill_all(pid); /* what it left behind in its group */
    if (handle >= 0) {
        (void)close(handle);
    }
    return status;
}

_Noreturn void child_helper(int socket)
{
    static struct child_order order; /* too large for a comfortable stack */
    int fds[CHILD_FDS];

    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    (void)signal(SIGPIPE, SIG_IGN);
    (void)signal(SIGINT, SIG_IGN);
    while (receive(socket, &order, fds)) {
        struct child_report report = {false, 0};
        if (order.kind != CHILD_START) {
            continue; /* too late: it had ended */
        }
        pid_t pid = start(&order, fds, &report.started);
        for (int i = 0; i < CHILD_FDS; i++) {
            (void)close(fds[i]);
        }
        if (pid > 0) {
            report.status = wait_for(pid, socket);
        }
        if (send(socket, &report, sizeof(report), MSG_NOSIGNAL) != (ssize_t)sizeof(report)) {
            break;
        }
    }
    _exit(0);
}
