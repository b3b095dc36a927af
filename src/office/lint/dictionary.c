/* Levels, gauges, indicators and rules. */
#include "base/map.h"
#include "office/lint/lint.h"

void lint_programme(const struct programme *programme, struct problems *problems)
{
    lint_dictionary(programme, problems);
    lint_ladder(programme, problems);
    lint_board(programme, problems);
    lint_groups(programme, problems);
}

static bool is_counted(const struct indicator *indicator)
{
    return indicator->type == VALUE_INTEGER || indicator->type == VALUE_DECIMAL;
}

static bool is_yes_no_or_choice(const struct indicator *indicator)
{
    return indicator->type == VALUE_BOOLEAN || indicator->type == VALUE_ENUM;
}

static bool fits_type(const struct indicator *indicator)
{
    switch (indicator->aggregate) {
    case AGGREGATE_NONE:
        return true;
    case AGGREGATE_SUM:
        return is_counted(indicator);
    case AGGREGATE_RATIO:
        return indicator->type == VALUE_PERCENT;
    case AGGREGATE_COUNT_TRUE:
        return is_yes_no_or_choice(indicator);
    case AGGREGATE_FROM_INPUTS:
        return indicator->formula.source.len > 0;
    case AGGREGATE_WEIGHTED:
    case AGGREGATE_MIN:
    case AGGREGATE_MAX:
    case AGGREGATE_MEDIAN:
        return !is_yes_no_or_choice(indicator);
    }
    return false;
}

static void lint_aggregate(const struct indicator *indicator, struct problems *problems)
{
    if (!fits_type(indicator)) {
        SAY_ERROR(problems, indicator->place, MSG_LINT_AGGREGATE_TYPE, arg_text(indicator->id));
    }
    if ((indicator->aggregate == AGGREGATE_WEIGHTED) != (indicator->weight != NONE)) {
        SAY_ERROR(problems, indicator->place, MSG_LINT_AGGREGATE_WEIGHT, arg_text(indicator->id));
    }
    if (indicator->denominator != NONE && indicator->type != VALUE_PERCENT) {
        SAY_ERROR(problems, indicator->place, MSG_LINT_OF_NO_PERCENT, arg_text(indicator->id));
    }
}

static void lint_indicator(const struct indicator *indicator, struct problems *problems)
{
    bool is_derived = indicator->formula.source.len > 0;

    lint_aggregate(indicator, problems);
    if (is_derived == (indicator->source != NONE)) {
        SAY_ERROR(problems, indicator->place, MSG_LINT_SOURCE, arg_text(indicator->id));
    }
    if (is_counted(indicator) && !is_derived && indicator->gauge == NONE) {
        SAY_ERROR(problems, indicator->place, MSG_LINT_NO_GAUGE, arg_text(indicator->id));
    }
    if ((is_yes_no_or_choice(indicator) || indicator->type == VALUE_INTEGER) &&
        indicator->decimals > 0) {
        SAY_ERROR(problems, indicator->place, MSG_LINT_DECIMALS, arg_text(indicator->id));
    }
    if ((indicator->type == VALUE_ENUM) != (indicator->choice_count > 0)) {
        SAY_ERROR(problems, indicator->place, MSG_LINT_VALUES, arg_text(indicator->id));
    }
    if (indicator->since.days != 0 && indicator->until.days != 0 &&
        indicator->since.days >= indicator->until.days) {
        SAY_ERROR(problems, indicator->place, MSG_LINT_DATES, arg_text(indicator->id));
    }
    if (indicator->is_found && indicator->direction != DIRECTION_DESCRIPTIVE) {
        SAY_ERROR(problems, indicator->place, MSG_LINT_FOUND_DIRECTION, arg_text(indicator->id));
    }
}

/* One header may mean one indicator only at each level. */
struct headers {
    struct map map;
    const struct indicator *indicators;
    struct problems *problems;
};

static void take_header(struct headers *headers, str header, int indicator)
{
    const struct indicator *here = &headers->indicators[indicator];
    int64_t before = 0;

    if (header.len == 0) {
        return;
    }
    if (!map_get(&headers->map, header, &before)) {
        (void)map_put(&headers->map, header, indicator);
        return;
    }
    if (before != indicator && (headers->indicators[before].levels & here->levels) != 0) {
        SAY_ERROR(headers->problems, here->place, MSG_LINT_ALIAS_TWICE, arg_text(here->id),
                  arg_text(header), arg_text(headers->indicators[before].id));
    }
}

static void lint_headers(const struct programme *programme, struct problems *problems)
{
    struct headers headers = {.indicators = programme->indicators, .problems = problems};

    map_init(&headers.map, problems->arena, 1024);
    for (int i = 0; i < programme->indicator_count; i++) {
        const struct indicator *indicator = &programme->indicators[i];
        take_header(&headers, indicator->id, i);
        take_header(&headers, indicator->name.zh, i);
        take_header(&headers, indicator->name.en, i);
        for (int k = 0; k < indicator->aliases.count; k++) {
            take_header(&headers, indicator->aliases.at[k], i);
        }
    }
}

static void lint_choices(const struct indicator *indicator, struct problems *problems)
{
    struct map seen = {0};

    map_init(&seen, problems->arena, 64);
    for (int i = 0; i < indicator->choice_count; i++) {
        const struct choice *choice = &indicator->choices[i];
        for (int k = -2; k < choice->aliases.count; k++) {
            str spelling = k == -2 ? choice->id : k == -1 ? choice->name.zh : choice->aliases.at[k];
            int64_t before = 0;
            if (map_get(&seen, spelling, &before) && before != i) {
                SAY_ERROR(problems, indicator->place, MSG_LINT_CHOICE_TWICE,
                          arg_text(indicator->id), arg_text(spelling));
            }
            (void)map_put(&seen, spelling, i);
        }
    }
}

static void lint_gauges(const struct programme *programme, struct problems *problems)
{
    for (int i = 0; i < programme->gauge_count; i++) {
        const struct gauge *gauge = &programme->gauges[i];
        int first = programme_gauge_spelt(programme, gauge->id);
        for (int k = 0; k < gauge->spellings.count && first == i; k++) {
            first = programme_gauge_spelt(programme, gauge->spellings.at[k]);
        }
        if (first != i) {
            SAY_ERROR(problems, gauge->place, MSG_LINT_GAUGE_TWICE, arg_text(gauge->id),
                      arg_text(programme->gauges[first].id));
        }
    }
}

static void lint_levels(const struct programme *programme, struct problems *problems)
{
    for (int i = 1; i < programme->level_count; i++) {
        const struct level *level = &programme->levels[i];
        if (level->code_digits > 0 && level->code_digits <= level[-1].code_digits) {
            SAY_ERROR(problems, level->place, MSG_LINT_CODE_DIGITS, arg_text(level->id),
                      arg_text(level[-1].id));
        }
    }
    for (int i = 0; i < programme->kind_count; i++) {
        const struct kind *kind = &programme->kinds[i];
        if (kind->code_from > kind->code_to) {
            SAY_ERROR(problems, kind->place, MSG_LINT_KIND_CODES, arg_text(kind->id));
        }
    }
}

void lint_dictionary(const struct programme *programme, struct problems *problems)
{
    lint_levels(programme, problems);
    lint_gauges(programme, problems);
    lint_headers(programme, problems);
    for (int i = 0; i < programme->indicator_count; i++) {
        lint_indicator(&programme->indicators[i], problems);
        lint_choices(&programme->indicators[i], problems);
    }
    for (int i = 0; i < programme->rule_count; i++) {
        if (programme->rules[i].basis.len == 0) {
            SAY_ERROR(problems, programme->rules[i].place, MSG_LINT_NO_BASIS,
                      arg_text(programme->rules[i].id));
        }
    }
}
