/* Kept plans, and the wishes they were asked to heed. */
#include "office/audit/audit.h"
#include "office/plan/plan_in.h"
#include "office/plan/plan_sql.h"

static const struct stamped WORKS = {STR_INIT("plan_work"), &WORK_ROWS, &WORK_KEYS};

const struct replay_table PLAN_TABLES[] = {
    {STR_INIT("plan_work"), replay_stamped, &WORKS},
    {{0}, NULL, NULL},
};

struct wishing {
    struct plan_case *plan;
    const int *case_of;
};

static enum rc take_wish(void *self, const struct val *row)
{
    const struct wishing *wishing = self;
    struct plan_case *plan = wishing->plan;
    int place = unit_tree_find_id(plan->tiers->tree, (struct unit_id){row[0].number});
    int measure = programme_measure(plan->programme, row[1].text);
    int at = place == NONE ? NONE : wishing->case_of[place];

    if (at == NONE || measure == NONE) {
        return RC_OK;
    }
    size_t cell = (size_t)at * (size_t)plan->programme->measure_count + (size_t)measure;
    plan->veto[cell] = row[2].number != 0;
    plan->support[cell] = (float)row[3].number / 10000.0F;
    return RC_OK;
}

enum rc plan_read_wishes(struct plan_case *plan)
{
    struct arena *arena = plan->cx->arena;
    size_t cells = (size_t)plan->count * (size_t)plan->programme->measure_count;
    int *case_of = ARENA_NEW(arena, int, (size_t)plan->tiers->tree->count);
    struct wishing wishing = {plan, case_of};

    plan->support = ARENA_NEW(arena, float, cells);
    plan->veto = ARENA_NEW(arena, bool, cells);
    for (int i = 0; i < plan->tiers->tree->count; i++) {
        case_of[i] = NONE;
    }
    for (int i = 0; i < plan->count; i++) {
        case_of[plan->tiers->panel.places[plan->tiers->rows[i]]] = i;
    }
    return db_each(plan->cx->db, &WISH_LIST, NULL, take_wish, &wishing, plan->cx->err);
}

static enum rc keep_work(const struct plan_case *plan, int64_t run, int place,
                         const struct plan_work *work)
{
    const struct unit_tree *tree = plan->tiers->tree;
    const struct unit *unit = tier_unit(plan->tiers, place);
    const struct val in[] = {
        v_int(tree->units[unit->home].id.v),
        v_int(run),
        v_int(unit->id.v),
        v_text(plan->programme->measures[work->measure].id),
        v_int(work->level),
        v_int(plan->options.first_year + work->year),
        v_text(plan->programme->recipes[work->recipe].id),
        v_int(plan_cost(plan, place, work)),
    };

    return db_change(plan->cx->db, &WORK_ADD, in, plan->cx->err);
}

static enum rc keep_works(const struct plan_case *plan, const struct plan_answer *answer)
{
    for (int g = 0; g < plan->problem.groups; g++) {
        const struct plan_choice *choice =
            &plan->choices[plan->problem.first[g] + answer->solved.picks[g]];
        for (int w = 0; w < choice->count; w++) {
            TRY(keep_work(plan, answer->run, plan->group_of[g] % plan->count, &choice->works[w]));
        }
    }
    return RC_OK;
}

static str summarise(const struct plan_case *plan, const struct plan_answer *answer)
{
    struct event_body body;
    str bytes = {0};

    event_body_init(&body, plan->cx->arena);
    event_body_int(&body, plan->options.first_year);
    event_body_int(&body, plan->options.year_count);
    event_body_int(&body, answer->solved.value);
    event_body_int(&body, answer->solved.bound);
    event_body_int(&body, answer->solved.status);
    MUST(buf_done(&body.bytes, &bytes));
    return bytes;
}

enum rc plan_keep(const struct plan_case *plan, str program, struct plan_answer *answer)
{
    struct run run = {
        .kind = STR("plan"),
        .scheme = plan->tier_run.scheme,
        .period = plan->tier_run.period,
        .register_day = plan->tiers->tree->register_day,
        .root = plan->tier_run.root,
        .programme = plan->programme->hash,
        .program = program,
        .seed = (int64_t)plan->options.seed,
        .rests_on = plan->tier_run.id,
        .summary = summarise(plan, answer),
    };

    TRY(run_add(plan->cx, &run));
    answer->run = run.id;
    TRY(keep_works(plan, answer));
    return stamp_add(plan->cx, &WORKS, run.id, &run.told);
}

enum rc plan_kept_works(const struct cx *cx, struct unit_id home, int64_t run, struct unit_id unit,
                        db_take take, void *self)
{
    const struct val in[] = {v_int(home.v), v_int(run), v_int(unit.v)};

    return db_each(cx->db, &WORK_LIST, in, take, self, cx->err);
}

enum rc plan_kept_all(const struct cx *cx, int64_t run, db_take take, void *self)
{
    const struct val in[] = {v_int(run)};

    return db_each(cx->db, &WORK_ROWS, in, take, self, cx->err);
}
