/* A programme: everything a government sets, read from definition files (office/definition).
 * Nothing in C knows a level, tier, indicator or fund by name. A programme and all it names live
 * in one arena and never change; its hash is its version. */
#ifndef OFFICE_PROGRAMME_PROGRAMME_H
#define OFFICE_PROGRAMME_PROGRAMME_H

#include "base/arena.h"
#include "base/hash.h"
#include "office/programme/board.h"
#include "office/programme/dictionary.h"
#include "office/programme/ladder.h"

enum {
    PROGRAMME_LEVELS_MAX = 12,
    PROGRAMME_TIERS_MAX = 16,
    PROGRAMME_KINDS_MAX = 32,
    PROGRAMME_CRITERIA_MAX = 24,
    PROGRAMME_INDICATORS_MAX = 1000,
    PROGRAMME_POSTS_MAX = 64,
    PROGRAMME_FUNDS_MAX = 64, /* each is a column of a plan's works */
    PROGRAMME_BUNDLES_MAX = 4096,
};

/* How ledgers spell yes, no and nothing, beside the ids and aliases of values; how they head the
 * column of codes; what begins the name of a row of totals. */
struct spellings {
    struct strs code_heads;
    struct strs totals;
    struct strs yes;
    struct strs no;
    struct strs not_reported;
    struct strs not_applicable;
};

/* A post (岗位): at units of which levels it is held, and which rights it gives there (right.h,
 * bits of RIGHTS_GIVEN). */
struct post_kind {
    str id;
    struct text name;
    uint32_t levels;
    unsigned rights;
    str basis;
    struct file_place place;
};

struct programme {
    str id;
    str version;
    struct text name;
    str basis;
    date from; /* in force; until 0 days: open */
    date until;
    int offset_minutes; /* the office's clock, east of UTC */
    bool is_demonstration;
    int export_rows;    /* what one person takes out alone at a time; 0: any number */
    struct text notice; /* the fixed line on every page and export, "" when none */
    struct money money;
    struct spellings spellings;
    struct hash hash; /* of `text` */
    str text;         /* the canonical definition (definition.h) */

    const struct level *levels;
    const struct kind *kinds;
    const struct gauge *gauges;
    const struct source *sources;
    const struct dimension *dimensions;
    const struct indicator *indicators;
    const struct rule *rules;
    const struct check *checks;
    const struct scheme *schemes;
    const struct dimension_weight *weights;
    const struct criterion *criteria;
    const struct judgment *judgments;
    const struct tier *tiers;
    const struct tier_gate *gates;
    const struct quota *quotas;
    const struct quota_exception *exceptions;
    const struct fund *funds;
    const struct recipe *recipes;
    const struct cap *caps;
    const struct measure *measures;
    const struct standard *standards;
    const struct post_kind *posts;
    struct board board;

    int level_count, kind_count, gauge_count, source_count, dimension_count, indicator_count;
    int rule_count, check_count, scheme_count, weight_count, criterion_count, judgment_count;
    int tier_count, gate_count, quota_count, exception_count;
    int fund_count, recipe_count, cap_count, measure_count, standard_count, post_count;

    int partition;       /* the partition level */
    struct ints derived; /* indicators with a formula, inputs before what uses them */
};

/* Places by id; NONE when there is none. */
int programme_level(const struct programme *programme, str id);
int programme_indicator(const struct programme *programme, str id);
int programme_scheme(const struct programme *programme, str id);
int programme_tier(const struct programme *programme, str id);
int programme_fund(const struct programme *programme, str id);
int programme_measure(const struct programme *programme, str id);
int programme_recipe(const struct programme *programme, str id);
int programme_gauge(const struct programme *programme, str id);
int programme_post(const struct programme *programme, str id);

/* Decimals between the least coin and what amounts are shown in: 6 from fen to 10,000 yuan. */
int programme_money_decimals(const struct programme *programme);

/* The id of a gauge, "" for NONE. */
str programme_gauge_text(const struct programme *programme, int gauge);
/* The gauge that a header's bracket spells; NONE when unknown. */
int programme_gauge_spelt(const struct programme *programme, str spelling);
/* `value` in gauge `from`, scaled by 10^decimals, as a value in gauge `to` with the same decimals.
 * False when they do not convert or not exactly. */
bool programme_convert(const struct programme *programme, int from, int to, int64_t *value);

/* The value of an enumeration by its number; NULL when it has none. */
const struct choice *indicator_choice(const struct indicator *indicator, int64_t number);
/* A formula of the programme as people read it: names for ids, signs for operators, words for
 * `and`, `or`, `not`, `if`. */
str programme_formula(const struct programme *programme, str source, enum lang lang,
                      struct arena *arena);
/* Worth of a value by a criterion's points, 0 to 1. */
double criterion_worth(const struct criterion *criterion, double x);

#endif
