/* For tests: a client that sends any bytes, and reads what comes back. */
#ifndef HTTP_TEST_CLIENT_H
#define HTTP_TEST_CLIENT_H

#include "base/str.h"

enum { CLIENT_WAIT_MS = 5000 };

/* A connection to 127.0.0.1. */
int client_open(int port);
int client_open_path(const char *path); /* to a Unix socket */
void client_send(int fd, str bytes);
/* One answer whole, by its Content-Length, its chunks, or the end of the connection; what stood
 * before it (100 Continue) included. Lives until the next call. "" when the connection closed. */
str client_answer(int fd, bool is_head);
/* All until the connection is closed, at most CLIENT_WAIT_MS; `*out_closed` says whether it was. */
str client_rest(int fd, bool *out_closed);
/* Open, send, read one answer, close. */
str client_ask(int port, const char *bytes);
/* "GET path" with a Host. */
str client_get(int port, const char *path);
/* 200 of "HTTP/1.1 200 OK…"; 0 of no answer. */
int client_status(str answer);
str client_header(str answer, str name);
str client_body(str answer);

#endif
