/* An office for the matrix of routes: units, a thing of each kind at every unit, and a person at
 * every post, each logged in. */
#ifndef TESTS_RIGHTS_STAGE_H
#define TESTS_RIGHTS_STAGE_H

#include "base/map.h"
#include "web/server_in.h"

enum { STAGE_UNITS = 9, STAGE_ACTORS_MAX = 16 };

/* At one unit. */
struct stage_things {
    const char *code;
    struct unit_id unit;
    int64_t run;    /* an approved run that has a notice */
    int64_t notice; /* its */
    int64_t batch;
    int64_t proposal; /* an exception that waits */
    int64_t step;     /* of lineage, proposed */
};

struct stage_actor {
    str name; /* as the matrix has it: "secretary", "programme_office@province", "nobody" */
    const char *const *codes; /* own, below, above, beside; "" none */
    int64_t person;           /* 0: nobody */
    str token;
    bool is_token;
};

struct stage {
    struct arena arena;
    struct err err;
    struct cx cx; /* of the owner */
    struct server server;
    char directory[64];
    struct programme *programme;
    struct unit_tree tree;
    struct stage_things things[STAGE_UNITS];
    int64_t restore; /* a proposal about the whole office */
    int64_t batch;   /* of the owner's */
    struct stage_actor actors[STAGE_ACTORS_MAX];
    int64_t own[STAGE_ACTORS_MAX][STAGE_UNITS + 1]; /* proposals by who made them, and about what */
    int actor_count;
};

void stage_open(struct stage *stage);
void stage_close(struct stage *stage);
/* Who is called so; made when he is first asked for. */
const struct stage_actor *stage_actor(struct stage *stage, str name);
const struct stage_things *stage_at(const struct stage *stage, const char *code);
/* A proposal of the actor's own about the unit, as far as he may make one; else another's. */
int64_t stage_proposal_of(struct stage *stage, const struct stage_actor *actor,
                          const struct stage_things *at);
str stage_file(struct stage *stage, const char *name);

#endif
