/* What the steps of a comparison share. */
#ifndef CALC_LINEAGE_MATCH_IN_H
#define CALC_LINEAGE_MATCH_IN_H

#include "calc/lineage/lineage.h"

enum { BEFORE, AFTER, SIDES };

/* How much a shared character says: that of a rare one much, that of 庄 little. */
struct letters {
    float *weight; /* by code point, those beyond the basic plane together */
};

/* How many units went from under one parent to under another. */
struct flow {
    int from; /* LINEAGE_NONE: free */
    int to;
    int count;
};

struct flows {
    struct flow *slots;
    size_t room; /* a power of two */
    int *out;    /* by older unit: all that left or stayed */
    int *in;     /* by newer unit */
};

struct match {
    struct arena *arena;
    struct lineage_list list[SIDES];
    int leaf_level;    /* the lowest */
    int *same;         /* by newer unit: the older one it certainly is */
    int *slot[SIDES];  /* same level and code on the other side, or LINEAGE_NONE */
    int *twin[SIDES];  /* same level, code and name on the other side, or LINEAGE_NONE */
    int *mate[SIDES];  /* the unit it is taken for on the other side, or LINEAGE_NONE */
    bool *told[SIDES]; /* some link speaks of it */
    int *scope[SIDES]; /* units below equal scopes may have changed places */
    int *bearers;      /* by older unit of the lowest level: how many bear its name anywhere */
    struct letters letters;
    struct flows flows;
    struct lineage_link *links;
    int link_count;
    int link_room;
};

static inline const struct lineage_unit *unit_at(const struct match *match, int side, int place)
{
    return &match->list[side].units[place];
}

static inline bool is_free(const struct match *match, int side, int place)
{
    return match->mate[side][place] == LINEAGE_NONE && !match->told[side][place];
}

/* Units of one level that may be compared, sorted so that equal keys and names stand together. */
struct bearer {
    int key; /* of the surroundings */
    str base;
    int place;
};
struct bearers {
    struct bearer *rows;
    int count;
};
/* Every unit of `level` on `side` whose surroundings are `keys[place]` (negative: left out); by
 * key alone names do not part them. */
struct bearers bearers_of(struct match *match, int side, int level, const int *keys);
struct bearers bearers_by_key(struct match *match, int side, int level, const int *keys);
/* The next group of bearers with one key and one name on both sides; false when there is none.
 * `at` begins at {0, 0}; `out` are the ranges [begin, end) by side. */
struct range {
    int begin;
    int end;
};
bool bearers_next(const struct bearers sides[SIDES], int at[SIDES], struct range out[SIDES]);

/* Count how the lowest units went between the units of `level`: by code and name together, and by
 * names that are borne once on both sides below the same surroundings. */
void match_count_flows(struct match *match, int level);
int match_flow(const struct match *match, int from, int to);

void letters_init(struct match *match);
/* How alike two names are, 0 to 1: weight of the longest common subsequence over the mean weight.
 */
double letters_alike(const struct match *match, str a, str b);

/* The same of the names of an older and a newer unit. */
double match_alike(const struct match *match, int before, int after);

/* Note what became of units; sets mates for continuations. */
void match_link(struct match *match, struct lineage_link link);
/* The link that continues `before` as `after`, of the kind that what changed asks for. */
struct lineage_link match_continued(const struct match *match, int before, int after,
                                    enum lineage_reason reason, int confidence);

/* The unit of `level` above `place`, or LINEAGE_NONE. */
int match_above(const struct match *match, int side, int place, int level);

/* What units of `level` are kept apart by: their parents' scope. */
int match_surroundings(const struct match *match, int side, int place);
/* Take twins of `level` under matched parents for the same unit. */
void match_twins(struct match *match, int level);
/* Units of `level` that have units below: matched by code, name and what lies below. */
void match_upper(struct match *match, int level);
/* Units of the lowest level: by name; then what names alone do not tell. */
void match_lowest(struct match *match);
void match_rest(struct match *match);

#endif
