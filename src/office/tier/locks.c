/* Exceptions that stand, and the tiers held before. */
#include "office/approval/approval.h"
#include "office/audit/audit.h"
#include "office/tier/tier_in.h"
#include "office/tier/tier_sql.h"

struct setting {
    const struct tier_case *in;
    const int *case_of; /* place of the case, by place in the tree; NONE */
    signed char *out;
};

static const int *places_of_case(const struct tier_case *in)
{
    int *case_of = ARENA_NEW(in->cx->arena, int, (size_t)in->tree->count);

    for (int i = 0; i < in->tree->count; i++) {
        case_of[i] = NONE;
    }
    for (int i = 0; i < in->count; i++) {
        case_of[in->panel.places[in->rows[i]]] = i;
    }
    return case_of;
}

int tier_find_case(const struct tier_case *in, const int *case_of, struct unit_id unit)
{
    int place = unit_tree_find_id(in->tree, unit);

    return place == NONE ? NONE : case_of[place];
}

static enum rc take_override(void *self, const struct val *row)
{
    const struct setting *setting = self;
    const struct tier_case *in = setting->in;
    int at = tier_find_case(in, setting->case_of, (struct unit_id){row[0].number});
    int tier = programme_tier(in->programme, row[1].text);
    bool stands = tier != NONE && tier >= in->first_tier && tier < in->first_tier + in->tier_count;

    if (at != NONE) {
        setting->out[at] = (signed char)(stands ? tier - in->first_tier : TIER_NONE);
    }
    return RC_OK;
}

static enum rc take_before(void *self, struct unit_id unit, const struct tier_result *result)
{
    const struct setting *setting = self;
    int at = tier_find_case(setting->in, setting->case_of, unit);

    if (at != NONE) {
        setting->out[at] = (signed char)result->tier;
    }
    return RC_OK;
}

static signed char *nothing_set(const struct tier_case *in)
{
    signed char *set = ARENA_NEW(in->cx->arena, signed char, (size_t)in->count);

    memset(set, TIER_NONE, (size_t)in->count);
    return set;
}

/* A person's exception stands before works that go on. */
static enum rc lock_by_works(struct tier_case *in, const int *case_of, signed char *locked)
{
    struct tier_works works;

    TRY(tier_find_works(in, case_of, &works));
    for (int i = 0; i < in->count; i++) {
        if (locked[i] != TIER_NONE) {
            works.plan[i] = 0;
            continue;
        }
        locked[i] = works.tier[i];
    }
    in->works_plan = works.plan;
    return RC_OK;
}

enum rc tier_find_locks(struct tier_case *in)
{
    const struct cx *cx = in->cx;
    signed char *locked = nothing_set(in);
    signed char *previous = nothing_set(in);
    const int *case_of = places_of_case(in);
    struct setting locks = {in, case_of, locked};
    struct setting before = {in, case_of, previous};
    const struct val scheme[] = {v_text(in->scheme->id)};
    struct run run = {0};

    TRY(db_each(cx->db, &OVERRIDE_LIST, scheme, take_override, &locks, cx->err));
    TRY(lock_by_works(in, case_of, locked));
    enum rc rc = run_approved_before(cx, in->scheme->id, in->options.period, &run);
    if (rc == RC_OK) {
        rc = tier_each(cx, run.id, take_before, &before);
    }
    in->rules.locked = locked;
    in->rules.previous = previous;
    return rc == RC_MISSING ? RC_OK : rc;
}

struct giving {
    tier_take take;
    void *self;
};

static enum rc give_result(void *self, const struct val *row)
{
    const struct giving *giving = self;
    const struct tier_result result = {
        .tier = (int)row[1].number,
        .reason = (enum tier_reason)row[2].number,
        .rank = (int)row[3].number,
        .score = row[4].number,
    };

    return giving->take(giving->self, (struct unit_id){row[0].number}, &result);
}

enum rc tier_each(const struct cx *cx, int64_t run, tier_take take, void *self)
{
    struct giving giving = {take, self};
    const struct val in[] = {v_int(run)};

    return db_each(cx->db, &RESULT_LIST, in, give_result, &giving, cx->err);
}

static enum rc put_override(const struct cx *cx, const struct tier_exception *exception)
{
    const struct unit_tree *tree = exception->tree;
    const struct unit *unit = &tree->units[exception->place];
    struct unit_id home = tree->units[unit->home].id;
    struct event_body body;
    const struct val in[] = {
        v_int(home.v),     v_int(unit->id.v),       v_text(exception->scheme),
        v_int(cx->now_ms), v_text(exception->tier), v_text(exception->reason),
        v_text(cx->actor),
    };

    TRY(db_change_one(cx->db, &OVERRIDE_ADD, in, cx->err));
    event_body_init(&body, cx->arena);
    event_body_int(&body, unit->id.v);
    event_body_text(&body, exception->scheme);
    event_body_text(&body, exception->tier);
    event_body_text(&body, exception->reason);
    return event_add(cx, home, EVENT_OVERRIDE, &body, NULL, NULL);
}

static struct hash override_digest(const struct cx *cx, int64_t unit, str scheme, str tier)
{
    struct event_body body;
    str bytes = {0};

    event_body_init(&body, cx->arena);
    event_body_int(&body, unit);
    event_body_text(&body, scheme);
    event_body_text(&body, tier);
    MUST(buf_done(&body.bytes, &bytes));
    return hash_of(bytes);
}

enum rc tier_override(const struct cx *cx, const struct tier_exception *exception,
                      int64_t *out_waits)
{
    struct unit_id unit = exception->tree->units[exception->place].id;
    struct proposal proposal = {
        .matter = MATTER_OVERRIDE,
        .unit = unit,
        .target = unit.v,
        .topic = exception->scheme,
        .wanted = exception->tier,
        .digest = override_digest(cx, unit.v, exception->scheme, exception->tier),
        .reason = exception->reason,
    };

    if (str_trim(exception->reason).len == 0) {
        return err_set(cx->err, RC_INVALID, MSG_TIER_NO_REASON);
    }
    TRY(proposal_ask(cx, &proposal, out_waits));
    return *out_waits == 0 ? put_override(cx, exception) : RC_OK;
}

enum rc tier_override_carry_out(const struct cx *cx, const struct unit_tree *tree,
                                const struct proposal *proposal)
{
    const struct tier_exception exception = {
        .tree = tree,
        .place = unit_tree_find_id(tree, (struct unit_id){proposal->target}),
        .scheme = proposal->topic,
        .tier = proposal->wanted,
        .reason = proposal->reason,
    };

    if (exception.place == NONE) {
        return err_set(cx->err, RC_CONFLICT, MSG_PROPOSAL_CHANGED, arg_number(proposal->id));
    }
    TRY(proposal_done(cx, proposal,
                      override_digest(cx, proposal->target, exception.scheme, exception.tier)));
    return put_override(cx, &exception);
}

static enum rc keep_one(const struct tier_case *in, const struct tier_answer *answer, int place)
{
    const struct unit *unit = tier_unit(in, place);
    const struct placing *placing = &answer->base.places[place];
    size_t bytes = answer->robust.count == NULL ? 0 : sizeof(uint32_t) * (size_t)in->tier_count;
    const char *counts =
        bytes == 0 ? ""
                   : (const char *)&answer->robust.count[(size_t)place * (size_t)in->tier_count];
    const struct val row[] = {
        v_int(in->tree->units[unit->home].id.v),
        v_int(answer->run),
        v_int(unit->id.v),
        v_int(placing->tier),
        v_int(placing->reason),
        v_int(placing->rank),
        v_int((int64_t)((double)answer->scores[place] * 1e6 + 0.5)),
        v_int((int64_t)((double)answer->coverage[place] * 1e6 + 0.5)),
        v_int(answer->optimistic[place]),
        v_blob((str){counts, bytes}),
    };

    return db_change(in->cx->db, &RESULT_ADD, row, in->cx->err);
}

/* What the run said in short: places by tier, undecided ones, robust ones. */
static str summarise(const struct tier_case *in, const struct tier_answer *answer)
{
    int64_t counts[TIER_COUNT_MAX + 2] = {0};
    struct event_body body;
    str bytes = {0};

    for (int i = 0; i < in->count; i++) {
        int tier = answer->base.places[i].tier;
        counts[tier == TIER_NONE ? in->tier_count : tier]++;
        counts[in->tier_count + 1] += tier_is_robust(in, answer, i) ? 1 : 0;
    }
    event_body_init(&body, in->cx->arena);
    for (int i = 0; i < in->tier_count + 2; i++) {
        event_body_int(&body, counts[i]);
    }
    MUST(buf_done(&body.bytes, &bytes));
    return bytes;
}

enum rc tier_keep(const struct tier_case *in, str program, struct tier_answer *answer)
{
    struct run run = {
        .kind = STR("tier"),
        .scheme = in->scheme->id,
        .period = in->options.period,
        .register_day = in->tree->register_day,
        .root = in->tree->units[in->options.root].id,
        .programme = in->programme->hash,
        .program = program,
        .seed = (int64_t)in->options.seed,
        .draws = in->options.draws,
        .summary = summarise(in, answer),
    };

    TRY(run_add(in->cx, &run));
    answer->run = run.id;
    for (int i = 0; i < in->count; i++) {
        TRY(keep_one(in, answer, i));
    }
    return stamp_add(in->cx, &RESULT_STAMPED, run.id, &run.told);
}
