/* Where the right of a route must hold. */
#include "web/place.h"

#include "base/num.h"
#include "office/file/batch.h"
#include "office/notice/notice.h"
#include "office/tier/run.h"
#include "web/export.h"

static enum rc number_of(struct act *act, str text, int64_t *out)
{
    return num_parse_int(text, 1, INT64_MAX, out)
               ? RC_OK
               : err_set(&act->err, RC_INVALID, MSG_ACT_RUN_NUMBER, arg_text(text));
}

static enum rc find_run(struct act *act, str word, struct unit_id *out)
{
    struct run run = {0};
    int64_t id = 0;

    TRY(number_of(act, word, &id));
    TRY(run_load(&act->cx, id, &run));
    *out = run.root;
    return RC_OK;
}

static enum rc find_notice(struct act *act, str word, struct unit_id *out)
{
    struct notice notice = {0};
    int64_t id = 0;

    TRY(number_of(act, word, &id));
    TRY(notice_load(&act->cx, id, &notice));
    *out = notice.unit;
    return RC_OK;
}

/* That of the whole office is never hidden, only refused. */
static enum rc find_batch(struct act *act, str word, struct unit_id *out)
{
    struct batch batch = {0};
    int64_t id = 0;

    TRY(number_of(act, word, &id));
    TRY(batch_load(&act->cx, id, &batch));
    *out = actor_unit(batch.actor);
    return out->v == 0 ? RC_OK : batch_find(&act->cx, id, &batch);
}

/* What a path may name that belongs to a unit. Each is looked up with the eyes of who asks. */
static const struct thing {
    str word;
    enum rc (*find)(struct act *act, str word, struct unit_id *out);
} THINGS[] = {
    {STR_INIT("{RUN}"), find_run},
    {STR_INIT("{OTHER}"), find_run},
    {STR_INIT("{NOTICE}"), find_notice},
    {STR_INIT("{BATCH}"), find_batch},
};

static const struct thing *thing_of(str word)
{
    for (size_t i = 0; i < COUNT_OF(THINGS); i++) {
        if (str_equal(THINGS[i].word, word)) {
            return &THINGS[i];
        }
    }
    return NULL;
}

/* What the path names: all its things are in sight, and belong to a unit; a code is the unit. */
struct named {
    struct unit_id unit;
    bool is_code;
    str code;
};

static enum rc find_named(struct call *call, struct named *out)
{
    str rest = str_from(call->route->path);
    str word = {0};
    int at = 0;

    while (rest.len > 0 && str_cut(&rest, '/', &word)) {
        if (!str_starts(word, STR("{"))) {
            continue;
        }
        str given = call->match.params[at++];
        const struct thing *thing = thing_of(word);
        if (thing != NULL) {
            TRY(thing->find(&call->act, given, &out->unit));
        }
        if (str_equal(word, STR("{CODE}"))) {
            out->is_code = true;
            out->code = given;
        }
    }
    return RC_OK;
}

static enum rc unknown(struct call *call, str code)
{
    err_clear(&call->act.err);
    return err_set(&call->act.err, RC_MISSING, MSG_ACT_UNIT_UNKNOWN, arg_text(code));
}

/* A code out of sight is answered as one that nobody bears. */
static enum rc enter_code(struct call *call, str code)
{
    struct unit_id unit = {0};
    enum rc rc = unit_of_code(&call->act.cx, code, &unit);

    if (rc == RC_OK) {
        rc = actor_enter(&call->act.cx, export_right(call), unit);
    }
    return rc == RC_MISSING ? unknown(call, code) : rc;
}

/* Something in sight: who may read it may read his part of it; for all else the right must reach
 * the unit that it belongs to. */
static enum rc enter_thing(struct call *call, struct unit_id unit)
{
    struct cx *cx = &call->act.cx;
    enum right right = export_right(call);

    if (call->route->right == RIGHT_READ) {
        return actor_enter_somewhere(cx, right);
    }
    if (unit.v == 0) {
        return actor_enter_office(cx, right);
    }
    TRY(right_check_whole(cx, right, unit));
    return actor_enter(cx, right, unit);
}

/* Until the right is asked for, things are looked for with the eyes of a reader. */
static enum rc look(struct call *call)
{
    struct scope *scope = ARENA_NEW(&call->act.arena, struct scope, 1);

    call->act.cx.scope = scope;
    return scope_of(&call->act.cx, RIGHT_READ, scope);
}

static enum rc enter_run(struct call *call, str word)
{
    struct unit_id unit = {0};

    TRY(look(call));
    TRY(find_run(&call->act, word, &unit));
    return enter_thing(call, unit);
}

static enum rc enter_path(struct call *call)
{
    struct named named = {{0}};

    TRY(look(call));
    TRY(find_named(call, &named));
    return named.is_code ? enter_code(call, named.code) : enter_thing(call, named.unit);
}

enum rc place_enter(struct call *call)
{
    struct act *act = &call->act;
    enum right right = export_right(call);

    if (call->actor.kind == ACTOR_NOBODY) {
        return actor_enter(&act->cx, right, (struct unit_id){0});
    }
    switch (call->route->where) {
    case WHERE_OFFICE:
        return actor_enter_office(&act->cx, right);
    case WHERE_SCOPE:
        return actor_enter_somewhere(&act->cx, right);
    case WHERE_UNIT:
        return act_has(act, "unit") ? enter_code(call, act_text(act, "unit"))
                                    : actor_enter_somewhere(&act->cx, right);
    case WHERE_TIERS:
        return act_has(act, "tiers") ? enter_run(call, act_text(act, "tiers"))
                                     : actor_enter_somewhere(&act->cx, right);
    case WHERE_PATH:
        return enter_path(call);
    }
    NEVER("a route that is nowhere");
}
