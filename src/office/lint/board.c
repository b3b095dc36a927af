/* Funds, measures, standards: can they be paid, do they work, do they name their basis. */
#include "calc/expr/expr.h"
#include "office/lint/lint.h"

enum { RECIPES_OF_MEASURE_MAX = 4 };

static void need_basis(struct problems *problems, str basis, str id, struct file_place place)
{
    if (basis.len == 0) {
        SAY_ERROR(problems, place, MSG_LINT_NO_BASIS, arg_text(id));
    }
}

static bool is_among(struct ints list, int wanted)
{
    for (int i = 0; i < list.count; i++) {
        if (list.at[i] == wanted) {
            return true;
        }
    }
    return false;
}

static bool fund_pays_for(const struct fund *fund, int measure)
{
    return !is_among(fund->refused, measure) &&
           (fund->measures.count == 0 || is_among(fund->measures, measure));
}

static void lint_recipe(const struct programme *programme, const struct recipe *recipe,
                        struct problems *problems)
{
    for (int class = 0; class < programme->board.class_count; class ++) {
        int sum = 0;
        for (int i = 0; i < recipe->part_count; i++) {
            sum += recipe->parts[i].shares == NULL ? 0 : recipe->parts[i].shares[class];
        }
        if (sum > 100) {
            SAY_ERROR(problems, recipe->place, MSG_LINT_RECIPE_SUM, arg_text(recipe->id),
                      arg_count(sum));
            return;
        }
    }
    for (int i = 0; i < recipe->part_count; i++) {
        for (int k = 0; k < i; k++) {
            if (recipe->parts[k].fund == recipe->parts[i].fund) {
                SAY_ERROR(problems, recipe->place, MSG_LINT_RECIPE_FUND, arg_text(recipe->id),
                          arg_text(programme->funds[recipe->parts[i].fund].id));
            }
        }
    }
}

static void lint_payers(const struct programme *programme, int measure, struct problems *problems)
{
    const struct measure *here = &programme->measures[measure];

    if (here->recipes.count > RECIPES_OF_MEASURE_MAX) {
        SAY_ERROR(problems, here->place, MSG_LINT_RECIPES_MANY, arg_text(here->id),
                  arg_count(here->recipes.count), arg_count(RECIPES_OF_MEASURE_MAX));
    }
    for (int i = 0; i < here->recipes.count; i++) {
        const struct recipe *recipe = &programme->recipes[here->recipes.at[i]];
        for (int k = 0; k < recipe->part_count; k++) {
            int fund = recipe->parts[k].fund;
            if (!fund_pays_for(&programme->funds[fund], measure)) {
                SAY_ERROR(problems, here->place, MSG_LINT_FUND_REFUSES,
                          arg_text(programme->funds[fund].id), arg_text(here->id),
                          arg_text(recipe->id));
            }
        }
    }
}

static void lint_effect(const struct programme *programme, const struct measure *measure,
                        const struct effect *effect, struct problems *problems)
{
    const struct indicator *indicator = &programme->indicators[effect->indicator];
    if (indicator->formula.source.len > 0) {
        SAY_ERROR(problems, measure->place, MSG_LINT_EFFECT_DERIVED, arg_text(measure->id),
                  arg_text(indicator->id));
    }
    if (indicator->type == VALUE_ENUM && effect->is_add) {
        SAY_ERROR(problems, measure->place, MSG_LINT_EFFECT_ADD, arg_text(measure->id),
                  arg_text(indicator->id));
    }
    bool is_worse =
        effect->is_add && ((indicator->direction == DIRECTION_BENEFIT && effect->amount < 0) ||
                           (indicator->direction == DIRECTION_COST && effect->amount > 0));
    if (is_worse) {
        SAY_WARNING(problems, measure->place, MSG_LINT_EFFECT_WORSE, arg_text(measure->id),
                    arg_text(indicator->id));
    }
}

static void lint_measure(const struct programme *programme, int measure, struct problems *problems)
{
    const struct measure *here = &programme->measures[measure];

    need_basis(problems, here->basis, here->id, here->place);
    if (here->cheat.len == 0) {
        SAY_WARNING(problems, here->place, MSG_LINT_NO_CHEAT, arg_text(here->id));
    }
    if (here->level_count == 0 || here->recipes.count == 0 || here->tiers == 0) {
        SAY_ERROR(problems, here->place, MSG_LINT_MEASURE_EMPTY, arg_text(here->id));
    }
    lint_payers(programme, measure, problems);
    for (int i = 0; i < here->level_count; i++) {
        const struct measure_level *level = &here->levels[i];
        if (level->unit_fen == 0 && level->fixed_fen == 0) {
            SAY_WARNING(problems, level->place, MSG_LINT_COSTS_NOTHING, arg_text(here->id));
        }
        for (int k = 0; k < level->effect_count; k++) {
            lint_effect(programme, here, &level->effects[k], problems);
        }
    }
}

static bool level_moves(const struct measure_level *level, int indicator)
{
    for (int i = 0; i < level->effect_count; i++) {
        if (level->effects[i].indicator == indicator) {
            return true;
        }
    }
    return false;
}

/* Whether some level of some measure moves `indicator`. */
static bool is_moved(const struct programme *programme, int indicator)
{
    bool found = false;

    for (int i = 0; i < programme->measure_count; i++) {
        const struct measure *measure = &programme->measures[i];
        for (int k = 0; k < measure->level_count; k++) {
            found = found || level_moves(&measure->levels[k], indicator);
        }
    }
    return found;
}

static void lint_standard(const struct programme *programme, const struct standard *standard,
                          struct problems *problems)
{
    need_basis(problems, standard->basis, standard->id, standard->place);
    const struct indicator *indicator = &programme->indicators[standard->indicator];
    if (programme->board.is_given && !is_moved(programme, standard->indicator)) {
        SAY_WARNING(problems, standard->place, MSG_LINT_STANDARD_UNMOVED, arg_text(standard->id),
                    arg_text(indicator->id));
    }
    if ((indicator->direction == DIRECTION_BENEFIT && standard->is_at_most) ||
        (indicator->direction == DIRECTION_COST && !standard->is_at_most)) {
        SAY_ERROR(problems, standard->place, MSG_LINT_STANDARD_WAY, arg_text(standard->id),
                  arg_text(indicator->id));
    }
}

/* Whether everything some level of `measure` needs can be reached. */
static bool needs_are_met(const struct measure *measure, const bool *is_reachable)
{
    for (int k = 0; k < measure->level_count; k++) {
        const struct measure_level *level = &measure->levels[k];
        for (int n = 0; n < level->need_count; n++) {
            if (!is_reachable[level->needs[n].measure]) {
                return false;
            }
        }
    }
    return true;
}

/* What needs what: nothing may need itself in the end. Each round marks what needs only what is
 * marked already; what is left over runs in a circle. */
static void lint_needs(const struct programme *programme, struct problems *problems)
{
    bool *is_reachable = ARENA_NEW(problems->arena, bool, (size_t)programme->measure_count);
    int before = -1;

    for (int reached = 0; reached > before;) {
        before = reached;
        reached = 0;
        for (int i = 0; i < programme->measure_count; i++) {
            is_reachable[i] = needs_are_met(&programme->measures[i], is_reachable);
            reached += is_reachable[i] ? 1 : 0;
        }
    }
    for (int i = 0; i < programme->measure_count; i++) {
        if (!is_reachable[i]) {
            SAY_ERROR(problems, programme->measures[i].place, MSG_LINT_NEEDS_CIRCLE,
                      arg_text(programme->measures[i].id));
        }
    }
}

static void need_at_partition(const struct programme *programme, int indicator,
                              struct problems *problems)
{
    if (indicator != NONE &&
        (programme->indicators[indicator].levels >> programme->partition & 1U) == 0) {
        SAY_ERROR(problems, programme->board.place, MSG_LINT_NOT_AT_PARTITION,
                  arg_text(programme->indicators[indicator].id),
                  arg_text(programme->levels[programme->partition].id));
    }
}

void lint_board(const struct programme *programme, struct problems *problems)
{
    const struct board *board = &programme->board;

    if (board->is_given) {
        need_basis(problems, board->basis, STR("board"), board->place);
        need_at_partition(programme, board->classes, problems);
        need_at_partition(programme, board->farmland_held, problems);
        need_at_partition(programme, board->farmland_floor, problems);
        if (board->population == NONE) {
            SAY_ERROR(problems, board->place, MSG_LINT_NO_POPULATION);
        }
    } else if (programme->measure_count > 0) {
        SAY_ERROR(problems, programme->measures[0].place, MSG_LINT_NO_BOARD);
    }
    for (int i = 0; i < programme->recipe_count; i++) {
        lint_recipe(programme, &programme->recipes[i], problems);
    }
    for (int i = 0; i < programme->cap_count; i++) {
        need_basis(problems, programme->caps[i].basis, programme->caps[i].id,
                   programme->caps[i].place);
    }
    for (int i = 0; i < programme->measure_count; i++) {
        lint_measure(programme, i, problems);
    }
    for (int i = 0; i < programme->standard_count; i++) {
        lint_standard(programme, &programme->standards[i], problems);
    }
    lint_needs(programme, problems);
}
