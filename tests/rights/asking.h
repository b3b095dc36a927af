/* A request of the matrix of routes: made, sent through the dispatcher, and undone. */
#ifndef TESTS_RIGHTS_ASKING_H
#define TESTS_RIGHTS_ASKING_H

#include "tests/rights/stage.h"

enum { WORDS_MAX = 16, PAIRS_MAX = 16 };

/* What names a place in a request: that of a unit, or, for comparison, of none that exists. */
struct names {
    const char *code;
    str run;
    str notice;
    str batch;
    str proposal;
    str step;
};

/* One request: the row of the matrix and all that is made of it. */
struct asking {
    struct stage *stage;
    const struct route *route;
    const struct stage_actor *actor;
    struct names names;
    struct arena arena;
    str segments[WORDS_MAX];
    struct http_pair query[PAIRS_MAX];
    struct http_pair head[2];
    struct http_pair cookie;
    struct http_request request;
};

struct outcome {
    enum rc rc;
    enum msg_id msg;
};

struct outcome ask(struct asking *in);

#endif
