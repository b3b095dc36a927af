/* What a programme may build and with which money: measures, funds, recipes, caps, standards, and
 * how the one board (一盘棋) values it. Money is in the smallest piece of the currency ("fen"). */
#ifndef OFFICE_PROGRAMME_BOARD_H
#define OFFICE_PROGRAMME_BOARD_H

#include "office/programme/dictionary.h"

enum { PER_MILLE = 1000, LAND_DECIMALS = 2 };

struct money {
    str code; /* CNY */
    struct text name;
    int decimals; /* of `name`: 2 for fen in a yuan */
    struct text display_name;
    int64_t display_fen; /* how many fen one display unit is */
    int land_gauge;      /* what land is counted in */
};

struct fund {
    str id;
    struct text name;
    int level;            /* whose money it is: its limit stands at units of this level */
    struct ints measures; /* may pay for these only; none: for all but `refused` */
    struct ints refused;
    str basis;
    struct file_place place;
};

/* One payer of a recipe. */
struct part {
    int fund;
    bool is_rest;      /* the last payer: what is left, to the fen */
    const int *shares; /* whole per cent, one for each class of plan.classes */
};

struct recipe {
    str id;
    struct text name;
    const struct part *parts;
    int part_count;
    str basis;
    struct file_place place;
};

/* At most `share` per mille of the money from `funds` may go to `measures`. */
struct cap {
    str id;
    struct text name;
    struct ints funds; /* none: all */
    struct ints measures;
    int64_t share;
    int within; /* level at whose units it must hold */
    str basis;
    struct file_place place;
};

/* What a measure level does to an indicator, clipped to its range. */
struct effect {
    int indicator;
    bool is_add;   /* by `amount`, else to it; "to" never makes it worse */
    double amount; /* in the indicator's unit */
};

/* Level `level` (from 1) or a higher one of `measure`. */
struct need {
    int measure;
    int level;
};

struct measure_level {
    struct text name;
    struct formula quantity; /* how many are needed there; none: one */
    int gauge;               /* what is counted; NONE: pieces */
    int64_t unit_fen;
    int64_t fixed_fen;
    const struct effect *effects;
    int effect_count;
    int64_t land;     /* building land, scaled by LAND_DECIMALS */
    int64_t farmland; /* cultivated land taken, the same */
    int months;
    int64_t upkeep;          /* per mille of the cost, a year */
    struct ints year_shares; /* per cent of the cost by year of building, 100 in sum */
    const struct need *needs;
    int need_count;
    struct formula when; /* must hold before */
    str basis;
    struct file_place place;
};

enum asset_class { ASSET_NONE, ASSET_PUBLIC, ASSET_OPERATING, ASSET_HOUSEHOLD };

struct measure {
    str id;
    struct text name;
    bool is_industry;   /* else public works */
    bool is_production; /* serves production; else living */
    uint32_t tiers;     /* whose units may have it */
    struct ints recipes;
    enum asset_class asset;
    const int *terrain; /* cost factor per mille for each value of plan.terrain; NULL: plan's */
    struct text season;
    const struct measure_level *levels;
    int level_count;
    str cheat;
    str basis;
    struct file_place place;
};

/* What a unit of a tier must reach by a year. */
struct standard {
    str id;
    int tier;
    int indicator;
    bool is_at_most; /* else at least */
    double value;    /* in the indicator's unit */
    int by_year;
    str basis;
    struct file_place place;
};

/* How the board counts (contracts E20-E22). Shares are per mille. */
struct board {
    bool is_given; /* the programme has a plan at all */
    int scheme;
    int population; /* indicators; NONE where the programme has none */
    int terrain;
    int classes;                /* enumeration of the partition's units that recipes go by */
    int farmland_held;          /* at the partition level: what there is, */
    int farmland_floor;         /* and what must be held */
    const int *terrain_factors; /* per mille, one for each value of `terrain` */
    int class_count;            /* values of `classes`, 1 without */
    double support;             /* beta: weight of the villagers' wish */
    double equity;              /* epsilon */
    double score_ref;           /* S_ref, S_min, scores from 0 to 1 */
    double score_min;
    int horizon_years; /* benefits count so long after the plan's last year */
    int64_t discount;
    int64_t remobilise; /* of the higher level's cost, when a measure is built in two goes */
    bool carry_over;
    str basis;
    struct file_place place;
};

#endif
