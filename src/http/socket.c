/* The listening socket, and addresses. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/num.h"
#include "http/parse.h"
#include "http/parts.h"

enum { BACKLOG = 1024 };

union address {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
    struct sockaddr_un path;
};

void socket_address(const struct sockaddr *from, struct door *door)
{
    const union address *at = (const union address *)(const void *)from;

    if (from->sa_family == AF_INET) {
        door->address[10] = 0xff;
        door->address[11] = 0xff;
        memcpy(door->address + 12, &at->v4.sin_addr, 4);
        (void)inet_ntop(AF_INET, &at->v4.sin_addr, door->name, sizeof(door->name));
    } else if (from->sa_family == AF_INET6) {
        memcpy(door->address, &at->v6.sin6_addr, ADDRESS_BYTES);
        (void)inet_ntop(AF_INET6, &at->v6.sin6_addr, door->name, sizeof(door->name));
    } else {
        memcpy(door->name, "unix", sizeof("unix"));
    }
}

/* A socket that a server left behind when it was killed: nobody listens on it. */
static void remove_stale(const union address *at)
{
    struct stat found = {0};
    int probe = -1;

    if (lstat(at->path.sun_path, &found) != 0 || !S_ISSOCK(found.st_mode)) {
        return;
    }
    probe = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (probe >= 0 && connect(probe, &at->any, sizeof(at->path)) != 0 && errno == ECONNREFUSED) {
        (void)unlink(at->path.sun_path);
    }
    (void)close(probe);
}

/* The address to bind to, and its length; 0: the path is too long. */
static socklen_t resolve(struct http_server *server, const struct parse_listen *listen,
                         union address *out)
{
    str text = arena_str(&server->arena, listen->path.len > 0 ? listen->path : listen->host);

    if (listen->path.len > 0) {
        out->path.sun_family = AF_UNIX;
        if (text.len >= sizeof(out->path.sun_path)) {
            return 0;
        }
        memcpy(out->path.sun_path, text.at, text.len);
        server->unix_path = text.at;
        return sizeof(out->path);
    }
    if (listen->is_v6) {
        out->v6.sin6_family = AF_INET6;
        out->v6.sin6_port = htons((uint16_t)listen->port);
        return inet_pton(AF_INET6, text.at, &out->v6.sin6_addr) == 1 ? sizeof(out->v6) : 0;
    }
    out->v4.sin_family = AF_INET;
    out->v4.sin_port = htons((uint16_t)listen->port);
    return inet_pton(AF_INET, text.at, &out->v4.sin_addr) == 1 ? sizeof(out->v4) : 0;
}

static bool bind_and_listen(int fd, const union address *at, socklen_t len)
{
    const int yes = 1;

    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
    return bind(fd, &at->any, len) == 0 && listen(fd, BACKLOG) == 0;
}

/* "fd:3": opened by whoever started the program, such as systemd. */
static enum rc take_given(struct http_server *server, struct err *err)
{
    str listen = server->opts.listen;
    int64_t fd = -1;
    int is_listening = 0;
    socklen_t len = sizeof(is_listening);

    if (!num_parse_int(str_part(listen, 3, listen.len), 3, INT16_MAX, &fd) ||
        getsockopt((int)fd, SOL_SOCKET, SO_ACCEPTCONN, &is_listening, &len) != 0 ||
        is_listening == 0 || fcntl((int)fd, F_SETFL, O_NONBLOCK) != 0 ||
        fcntl((int)fd, F_SETFD, FD_CLOEXEC) != 0) {
        return err_set(err, RC_INVALID, MSG_HTTP_ADDRESS, arg_text(listen));
    }
    server->socket = (int)fd;
    return RC_OK;
}

enum rc socket_listen(struct http_server *server, struct err *err)
{
    struct parse_listen where = {0};
    union address at = {0};
    socklen_t len = 0;

    server->socket = -1;
    if (str_starts(server->opts.listen, STR("fd:"))) {
        return take_given(server, err);
    }
    if (!parse_listen(server->opts.listen, &where) || (len = resolve(server, &where, &at)) == 0) {
        return err_set(err, RC_INVALID, MSG_HTTP_ADDRESS, arg_text(server->opts.listen));
    }
    if (where.path.len > 0) {
        remove_stale(&at);
    }
    server->socket = socket(at.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (server->socket < 0 || !bind_and_listen(server->socket, &at, len)) {
        str why = str_from(strerrordesc_np(errno));
        server->unix_path = NULL;
        socket_close(server);
        return err_set(err, RC_BROKEN, MSG_HTTP_LISTEN, arg_text(server->opts.listen),
                       arg_text(why));
    }
    len = sizeof(at);
    if (where.path.len == 0 && getsockname(server->socket, &at.any, &len) == 0) {
        server->port = ntohs(where.is_v6 ? at.v6.sin6_port : at.v4.sin_port);
    }
    return RC_OK;
}

void socket_close(struct http_server *server)
{
    if (server->socket >= 0) {
        (void)close(server->socket);
        server->socket = -1;
    }
    if (server->unix_path != NULL) {
        (void)unlink(server->unix_path);
    }
}
