/* One's own account over the network. */
#include "web/self.h"

#include "act/cmd.h"
#include "base/num.h"
#include "format/json/json.h"
#include "web/account.h"

enum { SELF_TEXT_MAX = 256 };

static enum rc load_self(struct call *call, struct person *out)
{
    return person_load(&call->act.cx, call->actor.person, out);
}

enum rc self_weigh(struct call *call)
{
    struct person person = {0};

    TRY(load_self(call, &person));
    call->login.session = call->session.id;
    return account_weigh_as(call, person.login);
}

enum rc self_prove(struct call *call)
{
    return account_log_in(call);
}

/* A password that may be one of that person's, as its record: the 60 ms are spent in turn. */
static enum rc record_of(struct call *call, const struct person *person, const char *name)
{
    struct act *act = &call->act;
    str password = {0};

    TRY(call_text(call, name, SELF_TEXT_MAX, &password));
    TRY(person_password_check(person->login, password, &act->err));
    account_take_turn();
    enum rc rc = password_record(password, &act->arena, &call->record, &act->err);
    account_end_turn();
    return rc;
}

enum rc self_weigh_new(struct call *call)
{
    struct person person = {0};

    TRY(load_self(call, &person));
    TRY(record_of(call, &person, "new"));
    return self_weigh(call);
}

enum rc self_set_password(struct call *call)
{
    struct person person = {0};

    TRY(account_log_in(call));
    if (call->login.answer != LOGIN_IN) {
        return RC_OK;
    }
    TRY(load_self(call, &person));
    return person_set_password(&call->act.cx, &person, call->record, call->session.id);
}

static enum rc person_of_start(struct call *call, struct person *out)
{
    str start = {0};

    TRY(call_text(call, "start", SELF_TEXT_MAX, &start));
    return person_by_start(&call->act.cx, start, out);
}

enum rc self_weigh_first(struct call *call)
{
    struct person person = {0};

    TRY(person_of_start(call, &person));
    return record_of(call, &person, "password");
}

/* He acts himself, though he has not logged in: the trace names him. */
static void act_as(struct call *call, const struct person *person)
{
    struct cx *cx = &call->act.cx;
    struct buf actor;

    buf_init(&actor, cx->arena, 64);
    buf_put(&actor, STR("person:"));
    buf_int(&actor, person->id);
    MUST(buf_done(&actor, &cx->actor));
    cx->person = person->id;
}

enum rc self_start(struct call *call)
{
    struct person person = {0};

    TRY(person_of_start(call, &person));
    act_as(call, &person);
    TRY(person_set_password(&call->act.cx, &person, call->record, 0));
    struct json *json = call_object(call);
    json_key(json, STR("login"));
    json_text(json, person.login);
    return call_close_object(call);
}

/* The key that seals secrets, and somebody who proved lately who he is. */
static enum rc need_seal(struct call *call, struct person *out)
{
    struct act *act = &call->act;

    TRY(actor_need_fresh(&act->cx));
    TRY(seal_key_of(act, true, &call->seal));
    act->cx.seal = &call->seal;
    return load_self(call, out);
}

enum rc self_offer_codes(struct call *call)
{
    struct person person = {0};
    str secret = {0};

    TRY(need_seal(call, &person));
    TRY(person_totp_offer(&call->act.cx, &person, &secret));
    struct json *json = call_object(call);
    json_key(json, STR("secret"));
    json_text(json, secret);
    return call_close_object(call);
}

enum rc self_confirm_codes(struct call *call)
{
    struct person person = {0};
    str codes[RECOVERY_CODES];
    str code = {0};

    TRY(call_text(call, "code", SELF_TEXT_MAX, &code));
    TRY(need_seal(call, &person));
    TRY(person_totp_confirm(&call->act.cx, &person, code, codes));
    struct json *json = call_object(call);
    json_key(json, STR("recovery"));
    json_open_list(json);
    for (int i = 0; i < RECOVERY_CODES; i++) {
        json_text(json, codes[i]);
    }
    json_close_list(json);
    return call_close_object(call);
}

enum rc self_sessions(struct call *call)
{
    struct act *act = &call->act;
    struct table_sink sink = {0};

    TRY(act_sink(act, &sink));
    return session_table(&act->cx, call->programme, call->actor.person, &sink);
}

enum rc self_end_session(struct call *call)
{
    struct act *act = &call->act;
    int64_t session = 0;

    if (!num_parse_int(act->operands[0], 1, INT64_MAX, &session)) {
        return err_set(&act->err, RC_INVALID, MSG_ACT_RUN_NUMBER, arg_text(act->operands[0]));
    }
    TRY(session_end(&act->cx, call->actor.person, session));
    SAY_LATER(act, MSG_ACT_USER_REVOKED, arg_number(session));
    return RC_OK;
}

enum rc self_add_token(struct call *call)
{
    static const char *const WANTED[] = {"purpose", "rights", "days"};
    struct act *act = &call->act;
    struct person person = {0};
    str text = {0};

    for (size_t i = 0; i < COUNT_OF(WANTED); i++) {
        TRY(call_text(call, WANTED[i], SELF_TEXT_MAX, &text));
    }
    TRY(load_self(call, &person));
    act->operands[0] = person.login;
    act->operand_count = 1;
    return cmd_user_token(act);
}
