/* What stands of funds, measures and the board once indicators are known. */
#include "base/num.h"
#include "office/definition/reader.h"

static void finish_recipe(struct reader *reader, struct recipe *recipe, const struct doc *doc)
{
    const struct doc *parts = value_given(doc, "parts");
    struct part *part = thaw(recipe->parts);

    if (parts == NULL || parts->kind != DOC_LIST) {
        return;
    }
    for (const struct doc *item = parts->first; item != NULL; item = item->next, part++) {
        const struct doc *share = value_given(item, "share");
        part->is_rest = share == NULL;
        if (share != NULL) {
            part->shares = value_by_choice(reader, share, reader->out->board.classes, 0);
        }
        if (part->is_rest != (item->next == NULL)) {
            SAY_ERROR(reader->problems, place_of(item), MSG_DEFINITION_REST_LAST,
                      arg_text(recipe->id));
        }
    }
}

static void finish_recipes(struct reader *reader)
{
    struct recipe *recipes = thaw(reader->out->recipes);
    const struct doc *doc = section_first(reader, SECTION_RECIPES);

    for (int i = 0; i < reader->out->recipe_count; i++, doc = doc->next) {
        finish_recipe(reader, &recipes[i], doc);
    }
}

static void read_effect(struct reader *reader, struct effect *effect, const struct doc *doc)
{
    const struct doc *to = value_given(doc, "to");
    const struct doc *add = value_given(doc, "add");

    if (!value_ref(reader, doc, SECTION_INDICATORS, doc->key, &effect->indicator)) {
        effect->indicator = NONE;
        return;
    }
    effect->is_add = add != NULL;
    if ((to == NULL) == (add == NULL)) {
        SAY_ERROR(reader->problems, place_of_key(doc), MSG_DEFINITION_TO_OR_ADD,
                  arg_text(doc->key));
        return;
    }
    (void)value_real_of(reader, to != NULL ? to : add, &reader->out->indicators[effect->indicator],
                        &effect->amount);
}

static void read_effects(struct reader *reader, struct measure_level *level, const struct doc *doc)
{
    const struct doc *effects = value_given(doc, "effects");
    struct effect *effect = thaw(level->effects);

    if (effects == NULL || effects->kind != DOC_MAP) {
        return;
    }
    for (const struct doc *item = effects->first; item != NULL; item = item->next, effect++) {
        read_effect(reader, effect, item);
    }
}

/* "SEWER" or "SEWER 2": the measure, and the level that must be there. */
static bool read_need(struct reader *reader, const struct doc *doc, struct need *out)
{
    str rest = {0};
    str id = {0};
    int64_t level = 1;

    if (!value_text(reader, doc, &rest) || !str_cut(&rest, ' ', &id) ||
        !value_ref(reader, doc, SECTION_MEASURES, id, &out->measure)) {
        return false;
    }
    int64_t last = reader->out->measures[out->measure].level_count;
    if (rest.len > 0 && !num_parse_int(rest, 1, last, &level)) {
        SAY_ERROR(reader->problems, place_of(doc), MSG_DEFINITION_LEVEL_UNKNOWN, arg_text(id),
                  arg_text(rest), arg_count(last));
        return false;
    }
    out->level = (int)level;
    return true;
}

static void read_needs(struct reader *reader, struct measure_level *level, const struct doc *doc)
{
    const struct doc *after = value_given(doc, "after");

    if (after == NULL || !value_is_list(reader, after)) {
        return;
    }
    struct need *needs = ARENA_NEW(reader->arena, struct need, (size_t)after->count);
    for (const struct doc *item = after->first; item != NULL; item = item->next) {
        level->need_count += read_need(reader, item, &needs[level->need_count]) ? 1 : 0;
    }
    level->needs = needs;
}

static void finish_measure_level(struct reader *reader, struct measure_level *level,
                                 const struct doc *doc)
{
    static const int AT_ONCE[] = {100};
    int sum = 0;

    read_effects(reader, level, doc);
    read_needs(reader, level, doc);
    if (level->year_shares.count == 0) {
        level->year_shares = (struct ints){AT_ONCE, 1};
    }
    for (int i = 0; i < level->year_shares.count; i++) {
        sum += level->year_shares.at[i];
    }
    if (sum != 100) {
        SAY_ERROR(reader->problems, level->place, MSG_DEFINITION_YEARS_SUM, arg_count(sum));
    }
}

static void finish_measure(struct reader *reader, struct measure *measure, const struct doc *doc)
{
    const struct doc *terrain = value_given(doc, "terrain");
    const struct doc *levels = value_given(doc, "levels");
    struct measure_level *level = thaw(measure->levels);

    if (terrain != NULL) {
        measure->terrain = value_by_choice(reader, terrain, reader->out->board.terrain, 3);
    }
    if (levels == NULL || levels->kind != DOC_LIST) {
        return;
    }
    for (const struct doc *item = levels->first; item != NULL; item = item->next, level++) {
        finish_measure_level(reader, level, item);
    }
}

static void finish_measures(struct reader *reader)
{
    struct measure *measures = thaw(reader->out->measures);
    const struct doc *doc = section_first(reader, SECTION_MEASURES);

    for (int i = 0; i < reader->out->measure_count; i++, doc = doc->next) {
        finish_measure(reader, &measures[i], doc);
    }
}

static void finish_standards(struct reader *reader)
{
    struct standard *standards = thaw(reader->out->standards);
    const struct doc *doc = section_first(reader, SECTION_STANDARDS);

    for (int i = 0; i < reader->out->standard_count; i++, doc = doc->next) {
        const struct doc *least = value_given(doc, "at_least");
        const struct doc *most = value_given(doc, "at_most");
        if ((least == NULL) == (most == NULL)) {
            SAY_ERROR(reader->problems, standards[i].place, MSG_DEFINITION_LEAST_OR_MOST,
                      arg_text(standards[i].id));
            continue;
        }
        standards[i].is_at_most = most != NULL;
        if (standards[i].indicator != NONE) {
            (void)value_real_of(reader, most != NULL ? most : least,
                                &reader->out->indicators[standards[i].indicator],
                                &standards[i].value);
        }
    }
}

static void need_enumeration(struct reader *reader, int indicator, const char *key)
{
    const struct programme *out = reader->out;

    if (indicator != NONE && out->indicators[indicator].type != VALUE_ENUM) {
        SAY_ERROR(reader->problems, out->board.place, MSG_DEFINITION_NOT_ENUM,
                  arg_text(str_from(key)), arg_text(out->indicators[indicator].id));
    }
}

static void finish_board(struct reader *reader)
{
    struct board *board = &reader->out->board;
    const struct doc *doc = doc_get(reader->root, STR("board"));
    const struct doc *factors = value_given(doc, "terrain_factors");

    board->class_count = 1;
    board->is_given = doc != NULL;
    if (doc == NULL) {
        board->scheme = board->population = board->terrain = board->classes = NONE;
        board->farmland_held = board->farmland_floor = NONE;
        return;
    }
    need_enumeration(reader, board->terrain, "terrain");
    need_enumeration(reader, board->classes, "classes");
    if (board->classes != NONE && reader->out->indicators[board->classes].type == VALUE_ENUM) {
        board->class_count = (int)reader->out->indicators[board->classes].max + 1;
    }
    if (factors != NULL) {
        board->terrain_factors = value_by_choice(reader, factors, board->terrain, 3);
    }
}

void finish_works(struct reader *reader)
{
    finish_board(reader);
    finish_recipes(reader);
    finish_measures(reader);
    finish_standards(reader);
}
