/* The schematic map (示意图): every unit with a place in the plane, its tier, what is asked about
 * it; of which a person is shown what lies in his scope. */
#ifndef OFFICE_SKETCH_SKETCH_H
#define OFFICE_SKETCH_SKETCH_H

#include "calc/layout/layout.h"
#include "office/indicator/rollup.h"
#include "office/tier/tier.h"

enum {
    SKETCH_INDICATORS_MAX = 8,
    SKETCH_PIXELS = 256,
    SKETCH_PIXELS_MIN = 16,
    SKETCH_ZOOM_MAX = 16
};

/* The tiers of one level's units: those of the newest approved run in sight; where none is
 * approved, of the newest. */
struct sketch_tiering {
    const struct scheme *scheme; /* NULL: the level has none, or there is no run */
    struct run run;
    bool is_approved;
    int first; /* its tiers stand together: place in the programme */
    int count;
};

struct sketch_ask {
    const struct panel_of *of; /* the tree is the map's; its level does not matter */
    struct period period;      /* of the indicators */
    const int *indicators;     /* places in the programme */
    int indicator_count;
    str directory; /* of kept cubes; "" */
};

struct sketch {
    const struct cx *cx;
    const struct programme *programme;
    const struct unit_tree *tree;
    struct layout layout;
    const bool *is_seen;                                  /* by place */
    struct sketch_tiering tierings[PROGRAMME_LEVELS_MAX]; /* by level */
    signed char *tiers; /* by place: within the scheme; TIER_NONE: undecided; SKETCH_NO_TIER */
    int *
        counts; /* of the units of `counted` in each place: [place * stride + tier]; last: undecided
                 */
    int stride;
    int counted; /* the lowest level that has tiers; NONE */
    struct sketch_asked {
        int indicator;
        struct rollup *rollup;
    } asked[SKETCH_INDICATORS_MAX];
    int asked_count;
    struct rollup *rollups[PROGRAMME_LEVELS_MAX]; /* by level of their panels; NULL: not wanted */
};

enum { SKETCH_NO_TIER = -2 };

/* What everything on the map rests on, so that it need not be made to know that it is still the
 * same: tierings, the last batch, definition and register, and where the one who asks may look. */
enum rc sketch_state(const struct cx *cx, const struct programme *programme, date at,
                     struct hash *out) MUST_CHECK;

/* Everything lives in cx->arena. To be closed, whatever comes of it. RC_LIMIT: more indicators than
 * SKETCH_INDICATORS_MAX. */
enum rc sketch_make(const struct cx *cx, const struct sketch_ask *ask,
                    struct sketch *out) MUST_CHECK;
void sketch_close(struct sketch *sketch);

/* What an asked indicator comes to in a unit; missing where units of that level do not have it. */
struct rolled sketch_value(const struct sketch *sketch, int place, int asked,
                           struct arena *scratch);
/* The same rounded as it is printed, with its decimals; false where nothing is known. */
bool sketch_number(const struct sketch *sketch, const struct rolled *rolled, int asked,
                   int64_t *out_scaled, int *out_decimals);

/* The zoom of Web Mercator tiles of SKETCH_PIXELS from which on the units of a level are
 * SKETCH_PIXELS_MIN wide on average. */
int sketch_zoom(const struct sketch *sketch, int level);

/* Around those units of a level that are in sight; false: none is. */
bool sketch_box(const struct sketch *sketch, int level, struct geo_box *out);

#endif
