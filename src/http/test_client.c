/* Raw sockets for tests; a failure of the test's own side stops it. */
#include "http/test_client.h"

#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/must.h"
#include "base/num.h"

enum { ANSWER_MAX = 4 * 1024 * 1024 };

static char got[ANSWER_MAX + 1];
static size_t got_len;

int client_open(int port)
{
    struct sockaddr_in at = {
        .sin_family = AF_INET,
        .sin_port = htons((uint16_t)port),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    MUST(fd >= 0 && connect(fd, (const struct sockaddr *)&at, sizeof(at)) == 0);
    return fd;
}

int client_open_path(const char *path)
{
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    MUST(strlen(path) < sizeof(at.sun_path));
    memcpy(at.sun_path, path, strlen(path));
    MUST(fd >= 0 && connect(fd, (const struct sockaddr *)&at, sizeof(at)) == 0);
    return fd;
}

void client_send(int fd, str bytes)
{
    while (bytes.len > 0) {
        ssize_t sent = send(fd, bytes.at, bytes.len, MSG_NOSIGNAL);
        if (sent <= 0) {
            return; /* the server had enough of it */
        }
        bytes = str_part(bytes, (size_t)sent, bytes.len);
    }
}

/* Read more; false: closed, or too long nothing. */
static bool more(int fd, bool *out_closed)
{
    struct pollfd ready = {fd, POLLIN, 0};

    *out_closed = false;
    if (poll(&ready, 1, CLIENT_WAIT_MS) <= 0) {
        return false;
    }
    ssize_t len = recv(fd, got + got_len, ANSWER_MAX - got_len, 0);
    *out_closed = len <= 0;
    got_len += len > 0 ? (size_t)len : 0;
    return len > 0;
}

int client_status(str answer)
{
    int64_t status = 0;

    return str_starts(answer, STR("HTTP/1.1 ")) &&
                   num_parse_int(str_part(answer, 9, 3), 100, 599, &status)
               ? (int)status
               : 0;
}

str client_header(str answer, str name)
{
    str line = {0};
    size_t end = str_find(answer, STR("\r\n\r\n"));
    str head = str_part(answer, 0, end == STR_NONE ? answer.len : end);

    while (str_cut(&head, '\n', &line)) {
        size_t colon = str_find(line, STR(":"));
        if (colon == name.len && strncasecmp(line.at, name.at, name.len) == 0) {
            return str_trim(str_part(line, colon + 1, line.len));
        }
    }
    return STR("");
}

str client_body(str answer)
{
    size_t end = str_find(answer, STR("\r\n\r\n"));

    return end == STR_NONE ? STR("") : str_part(answer, end + 4, answer.len);
}

/* Is there a whole answer? */
static bool is_whole(str answer, bool is_head)
{
    int64_t length = 0;

    while (client_status(answer) / 100 == 1) {
        answer = client_body(answer);
    }
    if (str_find(answer, STR("\r\n\r\n")) == STR_NONE) {
        return false;
    }
    int status = client_status(answer);
    str body = client_body(answer);
    if (is_head || status == 304 || status == 204) {
        return true;
    }
    if (str_equal(client_header(answer, STR("transfer-encoding")), STR("chunked"))) {
        return str_ends(body, STR("0\r\n\r\n"));
    }
    return num_parse_int(client_header(answer, STR("content-length")), 0, ANSWER_MAX, &length) &&
           body.len >= (size_t)length;
}

str client_answer(int fd, bool is_head)
{
    bool is_closed = false;

    got_len = 0;
    while (!is_whole((str){got, got_len}, is_head) && more(fd, &is_closed)) {
    }
    return (str){got, got_len};
}

str client_rest(int fd, bool *out_closed)
{
    got_len = 0;
    while (more(fd, out_closed)) {
    }
    return (str){got, got_len};
}

str client_ask(int port, const char *bytes)
{
    int fd = client_open(port);

    client_send(fd, str_from(bytes));
    str answer = client_answer(fd, str_starts(str_from(bytes), STR("HEAD")));
    (void)close(fd);
    return answer;
}

str client_get(int port, const char *path)
{
    static char request[16 * 1024];

    (void)snprintf(request, sizeof(request), "GET %s HTTP/1.1\r\nHost: test\r\n\r\n", path);
    return client_ask(port, request);
}
