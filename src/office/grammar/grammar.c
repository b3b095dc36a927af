/* What may stand in a definition. */
#include "office/grammar/grammar.h"

#include <stddef.h>

#include "office/right/right.h"

#define AT(type, member)    .offset = offsetof(struct type, member)
#define AT2(type, one, two) AT(type, one), .offset2 = offsetof(struct type, two)
#define NEEDED              .flags = FIELD_NEEDED
#define MANY_OF(shape_, list, number)                                                              \
    .type = FIELD_MAP, AT2(programme, list, number), .shape = &(shape_)
#define REF(name)  .type = FIELD_REF, .section = SECTION_##name
#define REFS(name) .type = FIELD_REFS, .section = SECTION_##name
#define SET(name)  .type = FIELD_SET, .section = SECTION_##name
#define SHAPE(fields_, type, has_id_, place_)                                                      \
    {                                                                                              \
        fields_, COUNT_OF(fields_), sizeof(struct type), has_id_, place_                           \
    }
#define OBJECT(fields_, type) SHAPE(fields_, type, true, offsetof(struct type, place))

enum { YEAR_MIN = 1900, YEAR_MAX = 2199, MANY = 1000000000, OBJECTS_MAX = 2000 };

static const char *const TYPES[] = {"integer", "decimal", "percent", "boolean", "enum", NULL};
static const char *const DIRECTIONS[] = {"descriptive", "benefit", "cost", "target", NULL};
static const char *const AGGREGATES[] = {"none",       "sum", "ratio", "weighted", "from_inputs",
                                         "count_true", "min", "max",   "median",   NULL};
static const char *const USES[] = {"classify", "gate", "monitor", "plan", NULL};
static const char *const SEVERITIES[] = {"error", "warning", NULL};
static const char *const CHECKS[] = {"jump", "copied", "heaping", "gauge", NULL};
static const char *const METHODS[] = {"weighted_sum", "topsis", NULL};
static const char *const WEIGHTINGS[] = {"fixed", "ahp", "entropy", "critic", NULL};
static const char *const REFERENCES[] = {"fixed", "minmax", NULL};
static const char *const SORTINGS[] = {"quota", "thresholds", "breaks", NULL};
static const char *const TONES[] = {"plain", "first", "second", "third", "warn", "muted", NULL};
static const char *const ASSETS[] = {"none", "public", "operating", "household", NULL};

static const struct field PROGRAMME[] = {
    {"id", FIELD_TEXT, NEEDED, AT(programme, id)},
    {"version", FIELD_TEXT, NEEDED, AT(programme, version)},
    {"name", FIELD_NAME, NEEDED, AT(programme, name)},
    {"basis", FIELD_TEXT, NEEDED, AT(programme, basis)},
    {"from", FIELD_DATE, NEEDED, AT(programme, from)},
    {"until", FIELD_DATE, AT(programme, until)},
    {"offset_minutes", FIELD_INT, AT(programme, offset_minutes), .min = -720, .max = 840,
     .fallback = "0"},
    {"demonstration", FIELD_BOOL, AT(programme, is_demonstration)},
    {"notice", FIELD_NAME, AT(programme, notice)},
    {"export_rows", FIELD_INT, AT(programme, export_rows), .min = 0, .max = 100000000,
     .fallback = "50000"},
};
static const struct field MONEY[] = {
    {"code", FIELD_TEXT, NEEDED, AT(money, code)},
    {"name", FIELD_NAME, NEEDED, AT(money, name)},
    {"decimals", FIELD_INT, AT(money, decimals), .min = 0, .max = 4, .fallback = "2"},
    {"display", FIELD_NAME, NEEDED, AT(money, display_name)},
    {"display_size", FIELD_FIXED, AT(money, display_fen), .min = 1, .max = 100000000,
     .fallback = "1"},
    {"land", AT(money, land_gauge), REF(GAUGES)},
};
static const struct field SPELLINGS[] = {
    {"code_heads", FIELD_TEXTS, AT(spellings, code_heads)},
    {"totals", FIELD_TEXTS, AT(spellings, totals)},
    {"yes", FIELD_TEXTS, AT(spellings, yes)},
    {"no", FIELD_TEXTS, AT(spellings, no)},
    {"not_reported", FIELD_TEXTS, AT(spellings, not_reported)},
    {"not_applicable", FIELD_TEXTS, AT(spellings, not_applicable)},
};
static const struct field LEVELS[] = {
    {"name", FIELD_NAME, NEEDED, AT(level, name)},
    {"heads", FIELD_TEXTS, AT(level, heads)},
    {"code_digits", FIELD_INT, AT(level, code_digits), .min = 0, .max = 40, .fallback = "0"},
    {"partition", FIELD_BOOL, AT(level, is_partition)},
};
static const struct field KINDS[] = {
    {"name", FIELD_NAME, NEEDED, AT(kind, name)},
    {"level", NEEDED, AT(kind, level), REF(LEVELS)},
    {"code_from", FIELD_FIXED, AT(kind, code_from), .max = MANY, .fallback = "0"},
    {"code_to", FIELD_FIXED, AT(kind, code_to), .max = MANY, .fallback = "0"},
    {"name_ends", FIELD_TEXTS, AT(kind, name_ends)},
};
static const struct field GAUGES[] = {
    {"name", FIELD_NAME, AT(gauge, name)},
    {"quantity", FIELD_TEXT, NEEDED, AT(gauge, quantity)},
    {"worth", FIELD_RATIO, AT2(gauge, num, den), .fallback = "1"},
    {"spellings", FIELD_TEXTS, AT(gauge, spellings)},
};
static const struct field SOURCES[] = {
    {"name", FIELD_NAME, NEEDED, AT(source, name)},
    {"rank", FIELD_INT, NEEDED, AT(source, rank), .min = 0, .max = 100},
    {"form", FIELD_BOOL, AT(source, is_form)},
};
static const struct field DIMENSIONS[] = {
    {"name", FIELD_NAME, NEEDED, AT(dimension, name)},
};
static const struct field CHOICES[] = {
    {"number", FIELD_INT, NEEDED, AT(choice, number), .min = 0, .max = 63},
    {"name", FIELD_NAME, NEEDED, AT(choice, name)},
    {"aliases", FIELD_TEXTS, AT(choice, aliases)},
};
static const struct shape CHOICE = SHAPE(CHOICES, choice, true, PLACE_NONE);
static const struct field INDICATORS[] = {
    {"name", FIELD_NAME, NEEDED, AT(indicator, name)},
    {"note", FIELD_NAME, AT(indicator, note)},
    {"aliases", FIELD_TEXTS, AT(indicator, aliases)},
    {"levels", NEEDED, AT(indicator, levels), SET(LEVELS)},
    {"dimension", NEEDED, AT(indicator, dimension), REF(DIMENSIONS)},
    {"gauge", AT(indicator, gauge), REF(GAUGES)},
    {"source", AT(indicator, source), REF(SOURCES)},
    {"type", FIELD_WORD, NEEDED, AT(indicator, type), .words = TYPES},
    {"direction", FIELD_WORD, AT(indicator, direction), .words = DIRECTIONS,
     .fallback = "descriptive"},
    {"decimals", FIELD_INT, AT(indicator, decimals), .min = 0, .max = 6, .fallback = "0"},
    {"range", FIELD_LATER},
    {"of", AT(indicator, denominator), REF(INDICATORS)},
    {"aggregate", FIELD_WORD, AT(indicator, aggregate), .words = AGGREGATES},
    {"weight", AT(indicator, weight), REF(INDICATORS)},
    {"formula", FIELD_FORMULA, AT(indicator, formula)},
    {"values", FIELD_MAP, AT2(indicator, choices, choice_count), .shape = &CHOICE},
    {"use", FIELD_WORDS, AT(indicator, use), .words = USES},
    {"found", FIELD_BOOL, AT(indicator, is_found)},
    {"actionable", FIELD_BOOL, AT(indicator, is_actionable)},
    {"baseline", FIELD_LATER},
    {"cheat", FIELD_TEXT, AT(indicator, cheat)},
    {"basis", FIELD_TEXT, AT(indicator, basis)},
    {"since", FIELD_DATE, AT(indicator, since)},
    {"until", FIELD_DATE, AT(indicator, until)},
};
static const struct field RULES[] = {
    {"level", NEEDED, AT(rule, level), REF(LEVELS)},
    {"must", FIELD_FORMULA, NEEDED, AT(rule, formula)},
    {"severity", FIELD_WORD, AT(rule, severity), .words = SEVERITIES, .fallback = "error"},
    {"says", FIELD_NAME, NEEDED, AT(rule, says)},
    {"basis", FIELD_TEXT, AT(rule, basis)},
};
static const struct field CHECK_FIELDS[] = {
    {"kind", FIELD_WORD, NEEDED, AT(check, kind), .words = CHECKS},
    {"types", FIELD_WORDS, AT(check, types), .words = TYPES},
    {"indicators", AT(check, indicators), REFS(INDICATORS)},
    {"limit", FIELD_REAL, NEEDED, AT(check, limit), .min = 1, .max = 1000000000},
    {"severity", FIELD_WORD, AT(check, severity), .words = SEVERITIES, .fallback = "warning"},
    {"says", FIELD_NAME, NEEDED, AT(check, says)},
};
static const struct field SCHEMES[] = {
    {"name", FIELD_NAME, NEEDED, AT(scheme, name)},
    {"level", NEEDED, AT(scheme, level), REF(LEVELS)},
    {"kinds", AT(scheme, kinds), SET(KINDS)},
    {"method", FIELD_WORD, AT(scheme, method), .words = METHODS, .fallback = "weighted_sum"},
    {"weighting", FIELD_WORD, AT(scheme, weighting), .words = WEIGHTINGS, .fallback = "fixed"},
    {"reference", FIELD_WORD, AT(scheme, reference), .words = REFERENCES, .fallback = "fixed"},
    {"sorting", FIELD_WORD, AT(scheme, sorting), .words = SORTINGS, .fallback = "quota"},
    {"coverage_min", FIELD_REAL, AT(scheme, coverage_min), .max = 1000, .fallback = "0.8"},
    {"sigma_dimension", FIELD_REAL, AT(scheme, sigma_dimension), .max = 3000, .fallback = "0.3"},
    {"sigma_criterion", FIELD_REAL, AT(scheme, sigma_criterion), .max = 3000, .fallback = "0.3"},
    {"hysteresis", FIELD_REAL, AT(scheme, hysteresis), .max = 500, .fallback = "0"},
    {"spill", FIELD_BOOL, AT(scheme, spill)},
    {"peers", AT(scheme, peers), REF(INDICATORS)},
    {"ties", AT(scheme, ties), REFS(INDICATORS)},
    {"basis", FIELD_TEXT, AT(scheme, basis)},
};
static const struct field WEIGHTS[] = {
    {"scheme", .flags = FIELD_FIRST, AT(dimension_weight, scheme), REF(SCHEMES)},
    {"dimension", .flags = FIELD_OWN_ID, AT(dimension_weight, dimension), REF(DIMENSIONS)},
    {"weight", FIELD_REAL, AT(dimension_weight, weight), .max = 1000000, .fallback = "1"},
    {"basis", FIELD_TEXT, AT(dimension_weight, basis)},
};
static const struct field CRITERIA[] = {
    {"scheme", .flags = FIELD_FIRST, AT(criterion, scheme), REF(SCHEMES)},
    {"indicator", .flags = FIELD_OWN_ID, AT(criterion, indicator), REF(INDICATORS)},
    {"dimension", AT(criterion, dimension), REF(DIMENSIONS)},
    {"weight", FIELD_REAL, AT(criterion, weight), .max = 1000000, .fallback = "1"},
    {"floor", FIELD_LATER},
    {"goal", FIELD_LATER},
    {"points", FIELD_LATER},
    {"basis", FIELD_TEXT, AT(criterion, basis)},
};
static const struct field JUDGMENTS[] = {
    {"scheme", .flags = FIELD_FIRST, AT(judgment, scheme), REF(SCHEMES)},
    {"first", FIELD_LATER, NEEDED},
    {"second", FIELD_LATER, NEEDED},
    {"ratio", FIELD_LATER, NEEDED},
};
static const struct field TIERS[] = {
    {"scheme", .flags = FIELD_FIRST, AT(tier, scheme), REF(SCHEMES)},
    {"letter", FIELD_TEXT, NEEDED, AT(tier, letter)},
    {"name", FIELD_NAME, NEEDED, AT(tier, name)},
    {"promise", FIELD_NAME, NEEDED, AT(tier, promise)},
    {"tone", FIELD_WORD, AT(tier, tone), .words = TONES, .fallback = "plain"},
    {"threshold", FIELD_REAL, AT(tier, threshold), .max = 1000, .fallback = "0"},
    {"basis", FIELD_TEXT, AT(tier, basis)},
};
static const struct field GATES[] = {
    {"scheme", .flags = FIELD_FIRST, AT(tier_gate, scheme), REF(SCHEMES)},
    {"tiers", NEEDED, AT(tier_gate, tiers), SET(TIERS)},
    {"must", FIELD_FORMULA, NEEDED, AT(tier_gate, formula)},
    {"says", FIELD_NAME, NEEDED, AT(tier_gate, says)},
    {"basis", FIELD_TEXT, AT(tier_gate, basis)},
};
static const struct field QUOTAS[] = {
    {"tier", NEEDED, AT(quota, tier), REF(TIERS)},
    {"new", FIELD_BOOL, AT(quota, is_new)},
    {"within", NEEDED, AT(quota, within), REF(LEVELS)},
    {"total", AT(quota, total), REF(LEVELS)},
    {"count", FIELD_FIXED, AT(quota, count), .min = -1, .max = MANY, .fallback = "-1"},
    {"share", FIELD_FIXED, AT(quota, share_ppm), .decimals = 4, .max = 1000000, .fallback = "0"},
    {"min", FIELD_FIXED, AT(quota, min), .max = MANY, .fallback = "0"},
    {"from_year", FIELD_INT, NEEDED, AT(quota, from_year), .min = YEAR_MIN, .max = YEAR_MAX},
    {"to_year", FIELD_INT, AT(quota, to_year), .min = YEAR_MIN, .max = YEAR_MAX,
     .fallback = "2199"},
    {"basis", FIELD_TEXT, AT(quota, basis)},
};
static const struct field EXCEPTIONS[] = {
    {"quota", NEEDED, AT(quota_exception, quota), REF(QUOTAS)},
    {"unit", FIELD_TEXT, NEEDED, AT(quota_exception, unit)},
    {"count", FIELD_FIXED, NEEDED, AT(quota_exception, count), .max = MANY},
    {"basis", FIELD_TEXT, NEEDED, AT(quota_exception, basis)},
};
static const struct field FUNDS[] = {
    {"name", FIELD_NAME, NEEDED, AT(fund, name)},
    {"level", NEEDED, AT(fund, level), REF(LEVELS)},
    {"measures", AT(fund, measures), REFS(MEASURES)},
    {"refused", AT(fund, refused), REFS(MEASURES)},
    {"basis", FIELD_TEXT, AT(fund, basis)},
};
static const struct field PARTS[] = {
    {"fund", NEEDED, AT(part, fund), REF(FUNDS)},
    {"share", FIELD_LATER},
};
static const struct shape PART = SHAPE(PARTS, part, false, PLACE_NONE);
static const struct field RECIPES[] = {
    {"name", FIELD_NAME, NEEDED, AT(recipe, name)},
    {"parts", FIELD_LIST, NEEDED, AT2(recipe, parts, part_count), .shape = &PART},
    {"basis", FIELD_TEXT, AT(recipe, basis)},
};
static const struct field CAPS[] = {
    {"name", FIELD_NAME, NEEDED, AT(cap, name)},
    {"funds", AT(cap, funds), REFS(FUNDS)},
    {"measures", NEEDED, AT(cap, measures), REFS(MEASURES)},
    {"share", FIELD_FIXED, NEEDED, AT(cap, share), .decimals = 1, .max = PER_MILLE},
    {"within", NEEDED, AT(cap, within), REF(LEVELS)},
    {"basis", FIELD_TEXT, AT(cap, basis)},
};
static const struct field EFFECTS[] = {
    {"to", FIELD_LATER},
    {"add", FIELD_LATER},
};
static const struct shape EFFECT = SHAPE(EFFECTS, effect, false, PLACE_NONE);
static const struct field MEASURE_LEVELS[] = {
    {"name", FIELD_NAME, NEEDED, AT(measure_level, name)},
    {"quantity", FIELD_FORMULA, AT(measure_level, quantity)},
    {"counts", AT(measure_level, gauge), REF(GAUGES)},
    {"unit_cost", FIELD_MONEY, AT(measure_level, unit_fen), .fallback = "0"},
    {"fixed_cost", FIELD_MONEY, AT(measure_level, fixed_fen), .fallback = "0"},
    {"effects", FIELD_MAP, NEEDED, AT2(measure_level, effects, effect_count), .shape = &EFFECT},
    {"land", FIELD_FIXED, AT(measure_level, land), .decimals = LAND_DECIMALS, .max = MANY,
     .fallback = "0"},
    {"farmland", FIELD_FIXED, AT(measure_level, farmland), .decimals = LAND_DECIMALS, .max = MANY,
     .fallback = "0"},
    {"months", FIELD_INT, NEEDED, AT(measure_level, months), .min = 0, .max = 120},
    {"upkeep", FIELD_FIXED, AT(measure_level, upkeep), .decimals = 1, .max = PER_MILLE,
     .fallback = "0"},
    {"year_shares", FIELD_INTS, AT(measure_level, year_shares), .max = 100},
    {"after", FIELD_LATER},
    {"when", FIELD_FORMULA, AT(measure_level, when)},
    {"basis", FIELD_TEXT, AT(measure_level, basis)},
};
static const struct shape MEASURE_LEVEL =
    SHAPE(MEASURE_LEVELS, measure_level, false, offsetof(struct measure_level, place));
static const struct field MEASURES[] = {
    {"name", FIELD_NAME, NEEDED, AT(measure, name)},
    {"industry", FIELD_BOOL, AT(measure, is_industry)},
    {"production", FIELD_BOOL, AT(measure, is_production)},
    {"tiers", NEEDED, AT(measure, tiers), SET(TIERS)},
    {"recipes", NEEDED, AT(measure, recipes), REFS(RECIPES)},
    {"asset", FIELD_WORD, AT(measure, asset), .words = ASSETS, .fallback = "none"},
    {"terrain", FIELD_LATER},
    {"season", FIELD_NAME, AT(measure, season)},
    {"levels", FIELD_LIST, NEEDED, AT2(measure, levels, level_count), .shape = &MEASURE_LEVEL},
    {"cheat", FIELD_TEXT, AT(measure, cheat)},
    {"basis", FIELD_TEXT, AT(measure, basis)},
};
static const struct field STANDARDS[] = {
    {"tier", NEEDED, AT(standard, tier), REF(TIERS)},
    {"indicator", NEEDED, AT(standard, indicator), REF(INDICATORS)},
    {"at_least", FIELD_LATER},
    {"at_most", FIELD_LATER},
    {"by_year", FIELD_INT, NEEDED, AT(standard, by_year), .min = YEAR_MIN, .max = YEAR_MAX},
    {"basis", FIELD_TEXT, AT(standard, basis)},
};
static const struct field POSTS[] = {
    {"name", FIELD_NAME, NEEDED, AT(post_kind, name)},
    {"levels", NEEDED, AT(post_kind, levels), SET(LEVELS)},
    {"rights", FIELD_WORDS, NEEDED, AT(post_kind, rights), .words = RIGHTS_GIVEN},
    {"basis", FIELD_TEXT, AT(post_kind, basis)},
};
static const struct field BOARD[] = {
    {"scheme", .flags = FIELD_FIRST, AT(board, scheme), REF(SCHEMES)},
    {"population", AT(board, population), REF(INDICATORS)},
    {"terrain", AT(board, terrain), REF(INDICATORS)},
    {"terrain_factors", FIELD_LATER},
    {"classes", AT(board, classes), REF(INDICATORS)},
    {"farmland_held", AT(board, farmland_held), REF(INDICATORS)},
    {"farmland_floor", AT(board, farmland_floor), REF(INDICATORS)},
    {"support", FIELD_REAL, AT(board, support), .max = 10000, .fallback = "0"},
    {"equity", FIELD_REAL, AT(board, equity), .max = 10000, .fallback = "0"},
    {"score_ref", FIELD_REAL, AT(board, score_ref), .min = 1, .max = 1000, .fallback = "0.5"},
    {"score_min", FIELD_REAL, AT(board, score_min), .min = 1, .max = 1000, .fallback = "0.1"},
    {"horizon_years", FIELD_INT, AT(board, horizon_years), .max = 50, .fallback = "10"},
    {"discount", FIELD_FIXED, AT(board, discount), .decimals = 1, .max = PER_MILLE,
     .fallback = "3"},
    {"remobilise", FIELD_FIXED, AT(board, remobilise), .decimals = 1, .max = PER_MILLE,
     .fallback = "0"},
    {"carry_over", FIELD_BOOL, AT(board, carry_over)},
    {"basis", FIELD_TEXT, AT(board, basis)},
};

static const struct shape PROGRAMME_SHAPE = SHAPE(PROGRAMME, programme, false, PLACE_NONE);
static const struct shape MONEY_SHAPE = SHAPE(MONEY, money, false, PLACE_NONE);
static const struct shape SPELLINGS_SHAPE = SHAPE(SPELLINGS, spellings, false, PLACE_NONE);
static const struct shape BOARD_SHAPE = SHAPE(BOARD, board, false, offsetof(struct board, place));
static const struct shape LEVEL = OBJECT(LEVELS, level);
static const struct shape KIND = OBJECT(KINDS, kind);
static const struct shape GAUGE = OBJECT(GAUGES, gauge);
static const struct shape SOURCE = OBJECT(SOURCES, source);
static const struct shape DIMENSION = OBJECT(DIMENSIONS, dimension);
static const struct shape INDICATOR = OBJECT(INDICATORS, indicator);
static const struct shape RULE = OBJECT(RULES, rule);
static const struct shape CHECK = OBJECT(CHECK_FIELDS, check);
static const struct shape SCHEME = OBJECT(SCHEMES, scheme);
static const struct shape DIMENSION_WEIGHT = OBJECT(WEIGHTS, dimension_weight);
static const struct shape CRITERION = OBJECT(CRITERIA, criterion);
static const struct shape JUDGMENT = OBJECT(JUDGMENTS, judgment);
static const struct shape TIER = OBJECT(TIERS, tier);
static const struct shape TIER_GATE = OBJECT(GATES, tier_gate);
static const struct shape QUOTA = OBJECT(QUOTAS, quota);
static const struct shape QUOTA_EXCEPTION = OBJECT(EXCEPTIONS, quota_exception);
static const struct shape FUND = OBJECT(FUNDS, fund);
static const struct shape RECIPE = OBJECT(RECIPES, recipe);
static const struct shape CAP = OBJECT(CAPS, cap);
static const struct shape MEASURE = OBJECT(MEASURES, measure);
static const struct shape STANDARD = OBJECT(STANDARDS, standard);
static const struct shape POST_KIND = OBJECT(POSTS, post_kind);

static const struct field SECTIONS[] = {
    {"programme", FIELD_ONE, NEEDED, .offset = 0, .shape = &PROGRAMME_SHAPE},
    {"money", FIELD_ONE, NEEDED, AT(programme, money), .shape = &MONEY_SHAPE},
    {"spellings", FIELD_ONE, AT(programme, spellings), .shape = &SPELLINGS_SHAPE},
    {"levels", NEEDED, MANY_OF(LEVEL, levels, level_count), .max = PROGRAMME_LEVELS_MAX},
    {"kinds", MANY_OF(KIND, kinds, kind_count), .max = PROGRAMME_KINDS_MAX},
    {"gauges", MANY_OF(GAUGE, gauges, gauge_count), .max = OBJECTS_MAX},
    {"sources", MANY_OF(SOURCE, sources, source_count), .max = OBJECTS_MAX},
    {"dimensions", MANY_OF(DIMENSION, dimensions, dimension_count), .max = OBJECTS_MAX},
    {"indicators", MANY_OF(INDICATOR, indicators, indicator_count),
     .max = PROGRAMME_INDICATORS_MAX},
    {"rules", MANY_OF(RULE, rules, rule_count), .max = OBJECTS_MAX},
    {"checks", MANY_OF(CHECK, checks, check_count), .max = OBJECTS_MAX},
    {"schemes", MANY_OF(SCHEME, schemes, scheme_count), .max = OBJECTS_MAX},
    {"weights", MANY_OF(DIMENSION_WEIGHT, weights, weight_count), .max = OBJECTS_MAX},
    {"criteria", MANY_OF(CRITERION, criteria, criterion_count), .max = OBJECTS_MAX},
    {"judgments", MANY_OF(JUDGMENT, judgments, judgment_count), .max = OBJECTS_MAX},
    {"tiers", MANY_OF(TIER, tiers, tier_count), .max = PROGRAMME_TIERS_MAX},
    {"gates", MANY_OF(TIER_GATE, gates, gate_count), .max = OBJECTS_MAX},
    {"quotas", MANY_OF(QUOTA, quotas, quota_count), .max = OBJECTS_MAX},
    {"exceptions", MANY_OF(QUOTA_EXCEPTION, exceptions, exception_count), .max = OBJECTS_MAX},
    {"funds", MANY_OF(FUND, funds, fund_count), .max = PROGRAMME_FUNDS_MAX},
    {"recipes", MANY_OF(RECIPE, recipes, recipe_count), .max = OBJECTS_MAX},
    {"caps", MANY_OF(CAP, caps, cap_count), .max = OBJECTS_MAX},
    {"measures", MANY_OF(MEASURE, measures, measure_count), .max = OBJECTS_MAX},
    {"standards", MANY_OF(STANDARD, standards, standard_count), .max = OBJECTS_MAX},
    {"posts", MANY_OF(POST_KIND, posts, post_count), .max = PROGRAMME_POSTS_MAX},
    {"board", FIELD_ONE, AT(programme, board), .shape = &BOARD_SHAPE},
};
_Static_assert(COUNT_OF(SECTIONS) == SECTION_COUNT, "one field a section");

const struct shape ROOT = SHAPE(SECTIONS, programme, false, PLACE_NONE);

const struct field *shape_field(const struct shape *shape, str key)
{
    for (int i = 0; i < shape->count; i++) {
        if (str_equal(key, str_from(shape->fields[i].key))) {
            return &shape->fields[i];
        }
    }
    return NULL;
}

str shape_nearest(const struct shape *shape, str key)
{
    struct nearest nearest;

    nearest_begin(&nearest, key);
    for (int i = 0; i < shape->count; i++) {
        nearest_offer(&nearest, str_from(shape->fields[i].key));
    }
    return nearest.best;
}

void nearest_begin(struct nearest *nearest, str wanted)
{
    *nearest = (struct nearest){.wanted = wanted, .distance = wanted.len / 3 + 1};
}

void nearest_offer(struct nearest *nearest, str name)
{
    size_t distance = str_distance(nearest->wanted, name, nearest->distance);

    if (distance <= nearest->distance && (nearest->best.len == 0 || distance < nearest->distance)) {
        nearest->best = name;
        nearest->distance = distance;
    }
}
