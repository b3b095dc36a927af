/* Logging in: look and weigh on a worker, end on the writer's thread. */
#include "web/account.h"

#include <pthread.h>

#include "format/json/json.h"
#include "web/owner.h"
#include "web/server_in.h"

enum { LOGIN_TEXT_MAX = 256, DEVICE_MAX = 120, WEIGHED_AT_ONCE = 2 };

static pthread_mutex_t weighing_mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t weighing_ended = PTHREAD_COND_INITIALIZER;
static int weighing;

void account_take_turn(void)
{
    MUST(pthread_mutex_lock(&weighing_mutex) == 0);
    while (weighing == WEIGHED_AT_ONCE) {
        MUST(pthread_cond_wait(&weighing_ended, &weighing_mutex) == 0);
    }
    weighing++;
    MUST(pthread_mutex_unlock(&weighing_mutex) == 0);
}

void account_end_turn(void)
{
    MUST(pthread_mutex_lock(&weighing_mutex) == 0);
    weighing--;
    MUST(pthread_cond_signal(&weighing_ended) == 0);
    MUST(pthread_mutex_unlock(&weighing_mutex) == 0);
}

/* What opens the secrets of one-time codes; nobody has any before there is one. */
static enum rc take_seal(struct call *call)
{
    enum rc rc = seal_key_of(&call->act, false, &call->seal);

    if (rc == RC_OK) {
        call->act.cx.seal = &call->seal;
    }
    return rc == RC_MISSING && call->act.err.rc == RC_OK ? RC_OK : rc;
}

enum rc account_weigh(struct call *call)
{
    str login = {0};

    TRY(call_text(call, "login", LOGIN_TEXT_MAX, &login));
    return account_weigh_as(call, login);
}

enum rc account_weigh_as(struct call *call, str name)
{
    struct login *login = &call->login;
    str device = http_header(call->request, STR("user-agent"));

    login->login = name;
    login->address = str_equal(call->request->peer, STR("unix")) ? STR("") : call->request->peer;
    TRY(call_text(call, "password", LOGIN_TEXT_MAX, &login->password));
    login->code = act_text(&call->act, "code");
    login->device = str_part(device, 0, device.len < DEVICE_MAX ? device.len : DEVICE_MAX);
    TRY(take_seal(call));
    TRY(login_look(&call->act.cx, login));
    account_take_turn();
    login_weigh(login, &call->act.arena);
    account_end_turn();
    return RC_OK;
}

static void put_login(struct call *call, str answer)
{
    struct json *json = call_object(call);

    json_key(json, STR("answer"));
    json_text(json, answer);
    if (call->login.answer == LOGIN_WAIT) {
        json_key(json, STR("wait_ms"));
        json_int(json, call->login.wait_ms);
    }
}

void account_let_in(struct call *call, str token)
{
    call->has_cookie = true;
    call->cookie = (struct http_cookie){
        .name = STR("wc"),
        .value = arena_str(call->request->arena, token),
        .max_age_s = -1,
    };
}

/* Every answer is an outcome, so that failures are counted; only a log-in sets the cookie. */
enum rc account_log_in(struct call *call)
{
    static const str ANSWERS[] = {
        [LOGIN_IN] = STR_INIT("in"),
        [LOGIN_WRONG] = STR_INIT("wrong"),
        [LOGIN_NEEDS_CODE] = STR_INIT("needs_code"),
        [LOGIN_WAIT] = STR_INIT("wait"),
    };
    struct login *login = &call->login;

    TRY(login_end(&call->act.cx, login));
    if (login->answer == LOGIN_IN) {
        account_let_in(call, login->token);
    }
    put_login(call, ANSWERS[login->answer]);
    return call_close_object(call);
}

enum rc account_log_out(struct call *call)
{
    if (call->actor.kind == ACTOR_LOCAL) {
        owner_leave(call->server->owner);
    } else {
        TRY(session_end(&call->act.cx, call->actor.person, call->session.id));
    }
    call->has_cookie = true;
    call->cookie = (struct http_cookie){.name = STR("wc"), .value = STR("")};
    (void)call_object(call);
    return call_close_object(call);
}

/* The owner has no account. */
static enum rc tell_owner(struct call *call)
{
    struct json *json = call_object(call);

    json_key(json, STR("owner"));
    json_text(json, owner_name(call->server->owner));
    return call_close_object(call);
}

enum rc account_who(struct call *call)
{
    struct person person = {0};

    if (call->actor.kind == ACTOR_LOCAL) {
        return tell_owner(call);
    }
    TRY(person_load(&call->act.cx, call->actor.person, &person));
    struct json *json = call_object(call);
    json_key(json, STR("login"));
    json_text(json, person.login);
    json_key(json, STR("name"));
    json_text(json, person.name);
    json_key(json, STR("posts"));
    json_open_list(json);
    for (int i = 0; i < call->actor.post_count; i++) {
        json_open_map(json);
        json_key(json, STR("post"));
        json_text(json, call->actor.posts[i].post);
        json_key(json, STR("unit"));
        json_id(json, call->actor.posts[i].unit.v);
        json_close_map(json);
    }
    json_close_list(json);
    return call_close_object(call);
}
