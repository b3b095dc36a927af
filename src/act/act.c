/* What was given to an act, and its way back to the one who asked. */
#include "act/act.h"

#include "base/num.h"

struct act_spool {
    struct spool spool;
    struct act_spool *next;
};

void act_init(struct act *act, const struct door *door, void *caller)
{
    *act = (struct act){.door = door, .caller = caller};
    arena_init(&act->arena, ARENA_JOB_MAX);
    arena_init(&act->out_arena, ARENA_JOB_MAX);
    buf_init(&act->later, &act->out_arena, ARENA_MIB);
}

void act_done(struct act *act)
{
    for (struct act_spool *made = act->spools; made != NULL; made = made->next) {
        spool_done(&made->spool);
    }
    arena_done(&act->out_arena);
    arena_done(&act->arena);
}

struct act_mark act_mark(const struct act *act)
{
    return (struct act_mark){
        .arena = arena_mark(&act->arena),
        .out_arena = arena_mark(&act->out_arena),
        .spools = act->spools,
        .later = act->later,
        .cx = act->cx,
    };
}

void act_rewind(struct act *act, const struct act_mark *mark)
{
    for (; act->spools != mark->spools; act->spools = act->spools->next) {
        spool_done(&act->spools->spool);
    }
    arena_rewind(&act->arena, mark->arena);
    arena_rewind(&act->out_arena, mark->out_arena);
    act->later = mark->later;
    act->cx = mark->cx;
    act->is_trial = false;
    err_clear(&act->err);
}

static int opt_place(const struct act *act, const char *name)
{
    for (int i = act->given_count - 1; i >= 0; i--) {
        if (str_equal(str_from(act->given[i].name), str_from(name))) {
            return i;
        }
    }
    return -1;
}

bool act_has(const struct act *act, const char *name)
{
    return opt_place(act, name) >= 0;
}

static const char *fallback_of(const struct opt *opts, const char *name)
{
    for (; opts != NULL && opts->name != NULL; opts++) {
        if (str_equal(str_from(opts->name), str_from(name))) {
            return opts->fallback;
        }
    }
    return NULL;
}

str act_text(const struct act *act, const char *name)
{
    int place = opt_place(act, name);
    const char *fallback = NULL;

    if (place >= 0) {
        return act->given[place].value;
    }
    fallback = act->command == NULL ? NULL : fallback_of(act->command->opts, name);
    return fallback == NULL ? STR("") : str_from(fallback);
}

enum rc act_int(struct act *act, const char *name, int64_t min, int64_t max, int64_t *out)
{
    str text = act_text(act, name);

    if (!num_parse_int(text, min, max, out)) {
        return err_set(&act->err, RC_INVALID, MSG_ACT_OPTION_NUMBER, arg_text(str_from(name)),
                       arg_text(text), arg_count(min), arg_count(max));
    }
    return RC_OK;
}

enum rc act_period(struct act *act, const char *name, struct period *out)
{
    str text = act_text(act, name);

    if (!period_parse(text, out)) {
        return err_set(&act->err, RC_INVALID, MSG_ACT_OPTION_PERIOD, arg_text(str_from(name)),
                       arg_text(text));
    }
    return RC_OK;
}

enum rc act_date(struct act *act, const char *name, date *out)
{
    str text = act_text(act, name);

    if (!date_parse(text, out)) {
        return err_set(&act->err, RC_INVALID, MSG_ACT_OPTION_DATE, arg_text(str_from(name)),
                       arg_text(text));
    }
    return RC_OK;
}

enum rc act_read(struct act *act, str name, str *out)
{
    return act->door->read(act, name, out);
}

enum rc act_list(struct act *act, str name, str ending, str **out, size_t *out_count)
{
    return act->door->list(act, name, ending, out, out_count);
}

enum rc act_sink(struct act *act, struct table_sink *out)
{
    return act->door->sink(act, out);
}

struct table_sink act_shown(struct act *act)
{
    return act->door->shown(act);
}

enum rc act_write(struct act *act, str name, struct spool *bytes)
{
    return act->door->write(act, name, bytes);
}

enum rc act_begin_write(struct act *act, const struct unit_tree *tree, int within)
{
    return act->door->begin_write == NULL ? RC_OK : act->door->begin_write(act, tree, within);
}

void act_say(struct act *act, enum msg_id msg, const struct arg *args, int count)
{
    struct buf text;
    str made = {0};

    buf_init(&text, &act->arena, 1 << 16);
    msg_put(&text, act->cx.lang, msg, args, count);
    (void)buf_done(&text, &made);
    act->door->say(act, made);
}

void act_say_later(struct act *act, enum msg_id msg, const struct arg *args, int count)
{
    if (act->later.len > 0) {
        buf_char(&act->later, '\n');
    }
    msg_put(&act->later, act->cx.lang, msg, args, count);
}

void act_say_what_was_done(struct act *act)
{
    str said = {0};

    if (buf_done(&act->later, &said) && said.len > 0) {
        act->door->say(act, said);
    }
}

enum rc act_write_text(struct act *act, str name, str text)
{
    struct spool *spool = act_spool(act);
    struct byte_sink out = spool_sink(spool);

    TRY(out.take(out.self, text));
    return act_write(act, name, spool);
}

struct spool *act_spool(struct act *act)
{
    struct act_spool *made = ARENA_NEW(&act->out_arena, struct act_spool, 1);

    spool_init(&made->spool, act->scratch, ANSWER_BYTES_MAX, &act->out_arena, &act->err);
    made->next = act->spools;
    act->spools = made;
    return &made->spool;
}
