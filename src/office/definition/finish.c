/* What depends on what it names: values in the unit of an indicator, points of criteria, shares
 * by class, effects of measures, weights. */
#include "base/num.h"
#include "calc/expr/expr.h"
#include "office/definition/reader.h"

/* The id and the printed names are spellings too: a form that went out must come back. */
static struct strs with_names(struct reader *reader, const struct gauge *gauge)
{
    const str own[] = {gauge->id, gauge->name.zh, gauge->name.en};
    int count = gauge->spellings.count + (int)COUNT_OF(own);
    str *all = ARENA_NEW(reader->arena, str, (size_t)count);

    for (int i = 0; i < count; i++) {
        all[i] = i < (int)COUNT_OF(own) ? own[i] : gauge->spellings.at[i - (int)COUNT_OF(own)];
    }
    return (struct strs){all, count};
}

static void finish_gauges(struct reader *reader)
{
    struct gauge *gauges = thaw(reader->out->gauges);

    for (int i = 0; i < reader->out->gauge_count; i++) {
        if (gauges[i].name.zh.len == 0) {
            gauges[i].name = (struct text){gauges[i].id, gauges[i].id};
        }
        gauges[i].spellings = with_names(reader, &gauges[i]);
    }
}

static void finish_labels(struct reader *reader, struct indicator *indicator)
{
    int last = NONE;

    for (int i = 0; i < indicator->choice_count; i++) {
        last = indicator->choices[i].number > last ? indicator->choices[i].number : last;
    }
    str *names = ARENA_NEW(reader->arena, str, (size_t)(last + 1));
    struct expr_labels *labels = ARENA_NEW(reader->arena, struct expr_labels, 1);
    for (int i = 0; i < indicator->choice_count; i++) {
        const struct choice *choice = &indicator->choices[i];
        if (names[choice->number].len > 0) {
            SAY_ERROR(reader->problems, indicator->place, MSG_DEFINITION_NUMBER_TWICE,
                      arg_text(indicator->id), arg_count(choice->number),
                      arg_text(names[choice->number]), arg_text(choice->id));
        }
        names[choice->number] = choice->id;
    }
    *labels = (struct expr_labels){
        .names = names,
        .count = (size_t)(last + 1),
        .is_ordered = indicator->direction != DIRECTION_DESCRIPTIVE,
    };
    indicator->labels = labels;
    indicator->min = 0;
    indicator->max = last;
}

static void finish_range(struct reader *reader, struct indicator *indicator,
                         const struct doc *range)
{
    bool is_number = indicator->type == VALUE_INTEGER || indicator->type == VALUE_DECIMAL;

    indicator->max = indicator->type == VALUE_PERCENT ? 100 * num_pow10(indicator->decimals) : 1;
    if (range == NULL && is_number && indicator->formula.source.len == 0) {
        SAY_ERROR(reader->problems, indicator->place, MSG_DEFINITION_NEEDED,
                  arg_text(indicator->id), arg_text(STR("range")));
    }
    if (range == NULL && is_number) {
        indicator->min = INT64_MIN;
        indicator->max = INT64_MAX;
    }
    if (range == NULL || !value_is_list(reader, range)) {
        return;
    }
    if (range->count != 2 ||
        !value_fixed(reader, range->first, indicator->decimals, &indicator->min) ||
        !value_fixed(reader, range->first->next, indicator->decimals, &indicator->max) ||
        indicator->min >= indicator->max) {
        SAY_ERROR(reader->problems, place_of(range), MSG_DEFINITION_EXPECTED_AT,
                  arg_text(STR("range")), arg_msg(MSG_DEFINITION_A_RANGE));
    }
}

/* What is not said: numerators over denominators where those are known, the share that has it for
 * yes and no. Percentages and derived values must say it (contracts B8). */
static void finish_aggregate(struct reader *reader, struct indicator *indicator,
                             const struct doc *doc)
{
    bool is_percent = indicator->type == VALUE_PERCENT;

    if (value_given(doc, "aggregate") != NULL) {
        return;
    }
    if (indicator->formula.source.len > 0 || (is_percent && indicator->denominator == NONE)) {
        SAY_ERROR(reader->problems, indicator->place, MSG_DEFINITION_NO_AGGREGATE,
                  arg_text(indicator->id));
    }
    indicator->aggregate = is_percent                         ? AGGREGATE_RATIO
                           : indicator->type == VALUE_BOOLEAN ? AGGREGATE_COUNT_TRUE
                                                              : AGGREGATE_NONE;
}

static void finish_indicators(struct reader *reader)
{
    struct indicator *indicators = thaw(reader->out->indicators);
    const struct doc *doc = section_first(reader, SECTION_INDICATORS);

    for (int i = 0; i < reader->out->indicator_count; i++, doc = doc->next) {
        struct indicator *indicator = &indicators[i];
        const struct doc *baseline = value_given(doc, "baseline");
        if (indicator->type == VALUE_PERCENT && indicator->gauge == NONE) {
            indicator->gauge = programme_gauge_spelt(reader->out, STR("%")); /* said or not */
        }
        finish_range(reader, indicator, value_given(doc, "range"));
        finish_aggregate(reader, indicator, doc);
        if (indicator->type == VALUE_ENUM) {
            finish_labels(reader, indicator);
        }
        indicator->has_baseline =
            baseline != NULL && value_of(reader, baseline, indicator, &indicator->baseline);
    }
}

/* "{0: 0, 50: 1}", or "{none: 0, approved: 1}" of an enumeration. */
static void read_points(struct reader *reader, struct criterion *criterion,
                        const struct indicator *indicator, const struct doc *doc)
{
    if (!value_is_map(reader, doc)) {
        return;
    }
    struct point *points = ARENA_NEW(reader->arena, struct point, (size_t)doc->count);
    int count = 0;
    for (const struct doc *item = doc->first; item != NULL; item = item->next) {
        struct doc key = {.kind = DOC_TEXT,
                          .text = item->key,
                          .key = item->key,
                          .file = item->file,
                          .line = item->key_line,
                          .column = item->key_column};
        struct point point = {0};
        if (!value_real_of(reader, &key, indicator, &point.x) ||
            !value_real(reader, item, &point.u)) {
            continue;
        }
        int place = count++;
        for (; place > 0 && points[place - 1].x > point.x; place--) {
            points[place] = points[place - 1];
        }
        points[place] = point;
    }
    criterion->points = points;
    criterion->point_count = count;
}

/* Two values of `floor` and two of `goal` frame a target band. */
static int read_corner(struct reader *reader, const struct indicator *indicator,
                       const struct doc *doc, double out[2])
{
    if (doc->kind != DOC_LIST) {
        return value_real_of(reader, doc, indicator, &out[0]) ? 1 : 0;
    }
    if (doc->count != 2) {
        return 0;
    }
    return value_real_of(reader, doc->first, indicator, &out[0]) &&
                   value_real_of(reader, doc->first->next, indicator, &out[1])
               ? 2
               : 0;
}

static void read_corners(struct reader *reader, struct criterion *criterion,
                         const struct indicator *indicator, const struct doc *doc)
{
    const struct doc *floor_doc = value_given(doc, "floor");
    const struct doc *goal_doc = value_given(doc, "goal");
    double low[2] = {0};
    double high[2] = {0};

    if (floor_doc == NULL || goal_doc == NULL) {
        SAY_ERROR(reader->problems, criterion->place, MSG_DEFINITION_NO_POINTS,
                  arg_text(criterion->id));
        return;
    }
    int count = read_corner(reader, indicator, floor_doc, low);
    if (count == 0 || read_corner(reader, indicator, goal_doc, high) != count) {
        SAY_ERROR(reader->problems, criterion->place, MSG_DEFINITION_NO_POINTS,
                  arg_text(criterion->id));
        return;
    }
    struct point *points = ARENA_NEW(reader->arena, struct point, 4);
    if (count == 2) {
        const struct point band[] = {{low[0], 0}, {high[0], 1}, {high[1], 1}, {low[1], 0}};
        memcpy(points, band, sizeof(band));
    } else {
        bool is_rising = low[0] < high[0];
        points[0] = (struct point){is_rising ? low[0] : high[0], is_rising ? 0 : 1};
        points[1] = (struct point){is_rising ? high[0] : low[0], is_rising ? 1 : 0};
    }
    criterion->points = points;
    criterion->point_count = 2 * count;
}

static void check_points(struct reader *reader, const struct criterion *criterion)
{
    bool is_sound = criterion->point_count >= 2;

    for (int i = 0; i < criterion->point_count; i++) {
        const struct point *point = &criterion->points[i];
        is_sound = is_sound && point->u >= 0 && point->u <= 1 && (i == 0 || point[-1].x < point->x);
    }
    if (!is_sound && criterion->point_count > 0) {
        SAY_ERROR(reader->problems, criterion->place, MSG_DEFINITION_POINTS_WRONG,
                  arg_text(criterion->id));
    }
}

static void finish_criteria(struct reader *reader)
{
    struct criterion *criteria = thaw(reader->out->criteria);
    const struct doc *doc = section_first(reader, SECTION_CRITERIA);

    for (int i = 0; i < reader->out->criterion_count; i++, doc = doc->next) {
        if (criteria[i].indicator == NONE) {
            continue;
        }
        const struct indicator *indicator = &reader->out->indicators[criteria[i].indicator];
        if (criteria[i].dimension == NONE) {
            criteria[i].dimension = indicator->dimension;
        }
        if (value_given(doc, "points") != NULL) {
            read_points(reader, &criteria[i], indicator, value_given(doc, "points"));
        } else {
            read_corners(reader, &criteria[i], indicator, doc);
        }
        check_points(reader, &criteria[i]);
    }
}

static void finish_judgments(struct reader *reader)
{
    struct judgment *judgments = thaw(reader->out->judgments);
    const struct doc *doc = section_first(reader, SECTION_JUDGMENTS);

    for (int i = 0; i < reader->out->judgment_count; i++, doc = doc->next) {
        const struct doc *first = value_given(doc, "first");
        const struct doc *second = value_given(doc, "second");
        const struct doc *ratio = value_given(doc, "ratio");
        int64_t num = 0;
        int64_t den = 1;
        int64_t place = 0;
        if (first == NULL || second == NULL || ratio == NULL) {
            continue;
        }
        judgments[i].of_dimensions = map_get(&reader->ids[SECTION_DIMENSIONS], first->text, &place);
        enum section section = judgments[i].of_dimensions ? SECTION_DIMENSIONS : SECTION_CRITERIA;
        if (value_ref(reader, first, section, first->text, &judgments[i].first) &&
            value_ref(reader, second, section, second->text, &judgments[i].second) &&
            value_ratio(reader, ratio, &num, &den)) {
            judgments[i].ratio = (double)num / (double)den;
        }
    }
}

static void finish_levels(struct reader *reader)
{
    struct programme *out = reader->out;

    out->partition = NONE;
    for (int i = 0; i < out->level_count; i++) {
        if (out->levels[i].is_partition && out->partition != NONE) {
            SAY_ERROR(reader->problems, out->levels[i].place, MSG_DEFINITION_PARTITION_TWICE,
                      arg_text(out->levels[i].id), arg_text(out->levels[out->partition].id));
        }
        out->partition = out->levels[i].is_partition ? i : out->partition;
    }
    if (out->partition == NONE && out->level_count > 0) {
        SAY_ERROR(reader->problems, out->levels[0].place, MSG_DEFINITION_PARTITION_NONE);
    }
}

static void finish_quotas(struct reader *reader)
{
    struct quota *quotas = thaw(reader->out->quotas);

    for (int i = 0; i < reader->out->quota_count; i++) {
        if (quotas[i].total == NONE) {
            quotas[i].total = quotas[i].within;
        }
    }
}

void definition_finish(struct reader *reader)
{
    reader->out->money.display_fen *= num_pow10(reader->out->money.decimals);
    finish_levels(reader);
    finish_gauges(reader);
    finish_indicators(reader);
    finish_criteria(reader);
    finish_judgments(reader);
    finish_quotas(reader);
    finish_weights(reader);
    finish_works(reader);
}
