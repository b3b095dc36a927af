/* The tables of an answer in the face that is asked for: by "format" in the query, else by Accept,
 * else JSON. A workbook takes all tables, JSON too; CSV and lines of JSON take one, the first or
 * the one that "table" names. */
#ifndef WEB_FACES_H
#define WEB_FACES_H

#include "act/face.h"

struct call;
struct http_request;

enum { FACES_NAMED_MAX = 32 };

struct faces {
    enum face face;
    str wanted; /* "": the first */
    struct spool *spool;
    struct facing facing;
    bool is_open;
    bool is_passed_over; /* the table in hand is not the one that is wanted */
    int begun;
    str names[FACES_NAMED_MAX]; /* of all that were begun, each once */
    int name_count;
    int64_t row_count;
};

/* What is asked for. RC_INVALID: a format that is none, or one that the route has not. */
enum rc faces_choose(struct call *call) MUST_CHECK;
/* Is it a name of the query that is about the face, not about what is asked? */
bool faces_know(str name);
/* Where the tables of the act go. */
struct table_sink faces_sink(struct call *call);
/* The act has shown all it has. RC_MISSING: the table that is wanted was not among them. */
enum rc faces_end(struct call *call) MUST_CHECK;
void faces_drop(struct call *call);
/* Links to the tables that the face had no room for, as RFC 8288 writes them; "" for none. */
str faces_link(struct call *call);
/* What was asked: the path, and the query in order of names, but for those that only say how. */
str faces_request(struct call *call);

#endif
