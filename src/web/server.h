/* The server of one data directory: the door open, a reader for every thread of it, one writer. */
#ifndef WEB_SERVER_H
#define WEB_SERVER_H

#include "http/http.h"
#include "office/office.h"
#include "store/home.h"
#include "web/log.h"

struct server;

struct server_opts {
    str directory;
    str listen;  /* as struct http_opts */
    str metrics; /* the same, where counts are told; "": nowhere */
    enum log_level log;
    str owner;                        /* how events name the owner whom a key lets in; "": nobody */
    const struct http_limits *limits; /* NULL: those of the table */
    str spool;                        /* for bodies on their way; "": the directory's own */
    bool is_https;
    const str *proxies;
    int proxy_count;
    enum lang lang; /* of those who ask for none */
};

/* Open; RC_BUSY when another process writes to the directory. */
enum rc server_open(const struct server_opts *opts, struct server **out,
                    struct err *err) MUST_CHECK;
/* NULL without opts.owner. */
struct owner;
struct owner *server_owner(const struct server *server);
int server_port(const struct server *server);
/* What runs has `wait_ms` to finish; the number of requests that were cut off. */
int server_close(struct server *server, int64_t wait_ms);

#endif
