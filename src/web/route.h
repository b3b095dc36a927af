/* The route table: method, path, what does it, the right it takes and where, what may be sent. From
 * it come dispatch, the description of the API and the matrix of rights. */
#ifndef WEB_ROUTE_H
#define WEB_ROUTE_H

#include "act/command.h"
#include "http/http.h"
#include "office/right/right.h"

struct call;
struct server;
struct route_match;

/* Where the right must hold. */
enum where {
    WHERE_OFFICE, /* of all there is */
    WHERE_SCOPE,  /* somewhere: what is shown or done is narrowed to where it holds (cx.scope) */
    WHERE_UNIT,   /* of the unit of option "unit"; without it as WHERE_SCOPE */
    WHERE_TIERS,  /* of the run of option "tiers"; without it as WHERE_SCOPE */
    WHERE_PATH,   /* of what the path names: {CODE} a unit; {RUN}, {NOTICE}, {BATCH} what belongs to
                     one */
};

/* What a request may carry. */
enum carries {
    CARRIES_NOTHING, /* what is asked stands in path and query */
    CARRIES_FORM,    /* a JSON map of options and operands */
    CARRIES_FILE, /* the bytes of a file; options stand in the query, the file's name as "name" */
};

struct route {
    enum http_method method;
    const char *path;    /* "/api/tiers/{CODE}": words in braces are operands, in order */
    const char *command; /* the command that does it; NULL: `handle` does */
    /* What is heavy and only reads, before the writer gets the call; NULL: nothing. */
    enum rc (*prepare)(struct call *call);
    enum rc (*handle)(struct call *call);
    enum right right;
    enum where where;
    enum carries carries;
    bool is_write;    /* of `handle`; a command says so itself */
    bool is_long;     /* takes seconds or more: done as a job */
    enum msg_id help; /* of `handle` */
    /* Answers at once, on the loop, where all it needs is remembered and nothing is to be refused;
     * else false, and `handle` does it. NULL: never. */
    bool (*quick)(struct server *server, struct http_request *request,
                  const struct route_match *match);
    const struct opt *opts; /* what `handle` is given; NULL: nothing. A command has its own */
    const char *type;       /* of what `handle` answers; NULL: JSON, or a page */
    bool is_ogc;            /* answers what is wrong with a request by 400, as OGC API wants it */
};

extern const struct route ROUTES[];
extern const int ROUTE_COUNT;

enum { ROUTE_PARAMS_MAX = 4, ROUTE_ALLOW_MAX = 64 };

struct route_match {
    int route; /* -1: none */
    str params[ROUTE_PARAMS_MAX];
    int param_count;
    char allow[ROUTE_ALLOW_MAX]; /* the methods that the path has: "GET, POST"; "" for none */
};
void route_find(const struct http_request *request, struct route_match *out);

/* The command of a route; NULL when it has none. */
const struct command *route_command(const struct route *route);
/* What may be given to it, ended by an option without a name: options of its command, of which
 * route_skips some, or those of its own form. */
const struct opt *route_opts(const struct route *route);
/* Is the option about a terminal, not about the office? */
bool route_skips(const struct opt *opt);

#endif
