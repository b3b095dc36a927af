/* Accounts for trying out: found or made, never with a password. */
#include "office/account/demo.h"

#include "crypt/crypt.h"
#include "office/account/account_in.h"

const str DEMO_LEVEL_OFFICE = STR_INIT("office");
static const str ACTOR = STR_INIT("demonstration");

/* "127." and then nothing but digits and dots up to the port. */
static bool is_loopback_v4(str listen)
{
    str host = {0};

    if (!str_cut(&listen, ':', &host) || !str_starts(host, STR("127."))) {
        return false;
    }
    for (size_t i = 0; i < host.len; i++) {
        if ((host.at[i] < '0' || host.at[i] > '9') && host.at[i] != '.') {
            return false;
        }
    }
    return true;
}

bool address_is_local(str listen)
{
    return is_loopback_v4(listen) || str_starts(listen, STR("[::1]:")) ||
           str_starts(listen, STR("unix:"));
}

bool demo_is_allowed(const struct programme *programme, str listen)
{
    return programme->is_demonstration && address_is_local(listen);
}

static enum rc none(const struct cx *cx)
{
    return err_set(cx->err, RC_MISSING, MSG_DEMO_NONE);
}

static int first_of_level(const struct unit_tree *tree, int level)
{
    int i = 0;

    while (i < tree->count && tree->units[i].level != level) {
        i++;
    }
    return i < tree->count ? i : NONE;
}

/* Which kind of account, and at which place of the tree. */
static enum rc find_stand(const struct cx *cx, const struct demo_door *door, str level,
                          struct appointment *giving, enum person_kind *out_kind)
{
    int found = programme_level(door->programme, level);

    if (str_equal(level, DEMO_LEVEL_OFFICE)) {
        *out_kind = person_kind_by_id(giving->post);
        return *out_kind == PERSON_OFFICIAL || *out_kind == PERSON_KINDS ? none(cx) : RC_OK;
    }
    *out_kind = PERSON_OFFICIAL;
    giving->place = found == NONE ? NONE : first_of_level(door->tree, found);
    return giving->place == NONE ? none(cx) : RC_OK;
}

/* "demo.secretary.county" */
static str login_of(const struct cx *cx, str post, str level)
{
    struct buf buf;
    str text = {0};

    buf_init(&buf, cx->arena, 1024);
    buf_put(&buf, STR("demo."));
    buf_put(&buf, post);
    buf_char(&buf, '.');
    buf_put(&buf, level);
    return buf_done(&buf, &text) ? text : STR("");
}

static enum rc make(const struct cx *cx, struct appointment *giving, struct person *person)
{
    struct held held = {0};
    str token = {0};

    person->name = msg_text(cx->lang, MSG_DEMO_ACCOUNT);
    giving->person = person;
    TRY(person_add(cx, person, &token));
    TRY(person_set_password(cx, person, password_of_nobody(), 0));
    return post_give(cx, giving, &held);
}

enum rc demo_log_in(const struct cx *cx, const struct demo_door *door, str post, str level,
                    struct login *login)
{
    struct cx own = *cx;
    struct person *person = &login->person;
    struct appointment giving = {
        .programme = door->programme,
        .tree = door->tree,
        .post = post,
        .place = NONE,
        .from = door->tree->at,
        .to = HELD_OPEN,
    };
    enum person_kind kind = PERSON_KINDS;

    own.actor = ACTOR;
    if (!demo_is_allowed(door->programme, door->listen)) {
        return none(cx);
    }
    TRY(find_stand(&own, door, level, &giving, &kind));
    *person = (struct person){.login = login_of(cx, post, level), .kind = kind};
    login->login = person->login;
    enum rc rc = account_seek(&own, person->login, person);
    if (rc == RC_MISSING) {
        rc = make(&own, &giving, person);
    }
    TRY(rc);
    login->answer = LOGIN_IN;
    return account_begin_session(&own, login);
}
