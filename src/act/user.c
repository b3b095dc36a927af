/* Commands about accounts, posts and tokens. */
#include "act/cmd.h"
#include "act/load.h"
#include "base/num.h"
#include "crypt/crypt.h"
#include "office/account/session.h"

static const int64_t DAY_MS = 86400000;

static const struct column_row SECRET_COLUMNS[] = {
    {STR_INIT("login"), MSG_PERSON_COLUMN_LOGIN, 16, false},
    {STR_INIT("secret"), MSG_ACT_COLUMN_SECRET, 46, true},
    {STR_INIT("ends"), MSG_ACT_COLUMN_ENDS, 18, false},
};

struct secret {
    str table;
    enum msg_id title;
    str login;
    str text;
    int64_t ends_ms;
};

/* What is shown once and never again. */
static enum rc show_secret(struct act *act, const struct secret *secret, int offset_minutes)
{
    struct table_sink sink = {0};
    struct buf ends;
    str ends_text = {0};
    const struct table table = {
        .name = secret->table,
        .title = msg_text(act->cx.lang, secret->title),
        .columns = columns_in(act->cx.lang, SECRET_COLUMNS, COUNT_OF(SECRET_COLUMNS), &act->arena),
        .column_count = COUNT_OF(SECRET_COLUMNS),
    };

    buf_init(&ends, &act->arena, 32);
    moment_put(&ends, secret->ends_ms, offset_minutes);
    MUST(buf_done(&ends, &ends_text));
    const struct out row[] = {out_text(secret->login), out_text(secret->text), out_text(ends_text)};
    TRY(act_sink(act, &sink));
    TRY(sink.begin(sink.self, &table));
    TRY(sink.row(sink.self, row));
    return sink.end(sink.self);
}

static enum rc show_start(struct act *act, str login, str token)
{
    struct programme *programme = NULL;
    const struct secret secret = {
        .table = STR("start_token"),
        .title = MSG_ACT_START_TITLE,
        .login = login,
        .text = token,
        .ends_ms = act->cx.now_ms + PERSON_START_DAYS * DAY_MS,
    };

    TRY(load_programme(act, &programme));
    return show_secret(act, &secret, programme->offset_minutes);
}

enum rc cmd_user_add(struct act *act)
{
    struct person person = {
        .login = act->operands[0],
        .name = act_text(act, "name"),
        .kind = person_kind_by_id(act_text(act, "kind")),
    };
    str token = {0};

    if (person.kind == PERSON_KINDS) {
        return err_set(&act->err, RC_INVALID, MSG_ACT_USER_KIND, arg_text(act_text(act, "kind")));
    }
    TRY(person_add(&act->cx, &person, &token));
    return show_start(act, person.login, token);
}

enum rc cmd_user_list(struct act *act)
{
    struct table_sink sink = {0};

    TRY(act_sink(act, &sink));
    return person_table(&act->cx, &sink);
}

enum rc cmd_user_password(struct act *act)
{
    struct person person;
    str bytes = {0};
    str password = {0};
    str record = {0};

    TRY(person_find(&act->cx, act->operands[0], &person));
    TRY(act_read(act, act_text(act, "from-file"), &bytes));
    (void)str_cut(&bytes, '\n', &password);
    TRY(person_password_check(person.login, password, &act->err));
    TRY(password_record(password, &act->arena, &record, &act->err));
    TRY(person_set_password(&act->cx, &person, record, 0));
    SAY_LATER(act, MSG_ACT_PASSWORD_KEPT, arg_text(person.login));
    return RC_OK;
}

enum rc cmd_user_disable(struct act *act)
{
    struct person person;

    TRY(person_find(&act->cx, act->operands[0], &person));
    TRY(person_disable(&act->cx, &person));
    SAY_LATER(act, MSG_ACT_USER_DISABLED, arg_text(person.login));
    return RC_OK;
}

enum rc cmd_user_restart(struct act *act)
{
    struct person person;
    str token = {0};

    TRY(person_find(&act->cx, act->operands[0], &person));
    TRY(person_restart(&act->cx, &person, &token));
    return show_start(act, person.login, token);
}

static date today(const struct act *act, const struct programme *programme)
{
    return date_of_moment(act->cx.now_ms, programme->offset_minutes);
}

/* The tree of today and, for an official, the place that --unit names. */
static enum rc load_stand(struct act *act, struct appointment *giving, struct unit_tree *tree)
{
    giving->place = NONE;
    if (giving->person->kind != PERSON_OFFICIAL) {
        return RC_OK;
    }
    if (!act_has(act, "unit")) {
        return err_set(&act->err, RC_INVALID, MSG_ACT_USER_UNIT);
    }
    TRY(unit_tree_load(&act->cx, giving->programme, today(act, giving->programme), tree));
    giving->tree = tree;
    return load_unit(act, tree, &giving->place);
}

static enum rc load_days(struct act *act, struct appointment *giving)
{
    giving->from = today(act, giving->programme);
    giving->to = HELD_OPEN;
    if (act_has(act, "from")) {
        TRY(act_date(act, "from", &giving->from));
    }
    return act_has(act, "to") ? act_date(act, "to", &giving->to) : RC_OK;
}

static enum rc show_posts(struct act *act, const struct programme *programme)
{
    struct unit_tree tree;
    struct table_sink sink = {0};
    enum rc rc = unit_tree_load(&act->cx, programme, today(act, programme), &tree);

    if (rc == RC_MISSING) { /* before the first register */
        err_clear(&act->err);
    } else {
        TRY(rc);
    }
    TRY(act_sink(act, &sink));
    return post_table(&act->cx, programme, rc == RC_OK ? &tree : NULL, &sink);
}

enum rc cmd_user_post(struct act *act)
{
    struct programme *programme = NULL;
    struct person person;
    struct unit_tree tree;
    struct held held = {0};
    struct appointment giving = {.person = &person, .post = act->operands[1]};

    TRY(load_programme(act, &programme));
    giving.programme = programme;
    TRY(person_find(&act->cx, act->operands[0], &person));
    TRY(load_stand(act, &giving, &tree));
    TRY(load_days(act, &giving));
    TRY(post_give(&act->cx, &giving, &held));
    return show_posts(act, programme);
}

static enum rc number_of(struct act *act, str text, int64_t *out)
{
    if (!num_parse_int(text, 1, INT64_MAX, out)) {
        return err_set(&act->err, RC_INVALID, MSG_ACT_RUN_NUMBER, arg_text(text));
    }
    return RC_OK;
}

enum rc cmd_user_leave(struct act *act)
{
    int64_t held = 0;
    date to = {0};

    TRY(number_of(act, act->operands[0], &held));
    TRY(act_date(act, "to", &to));
    TRY(post_end(&act->cx, held, to));
    SAY_LATER(act, MSG_ACT_USER_LEFT, arg_number(held));
    return RC_OK;
}

enum rc cmd_user_posts(struct act *act)
{
    struct programme *programme = NULL;

    TRY(load_programme(act, &programme));
    return show_posts(act, programme);
}

enum rc cmd_user_sessions(struct act *act)
{
    struct programme *programme = NULL;
    struct person person;
    struct table_sink sink = {0};

    TRY(load_programme(act, &programme));
    TRY(person_find(&act->cx, act->operands[0], &person));
    TRY(act_sink(act, &sink));
    return session_table(&act->cx, programme, person.id, &sink);
}

enum rc cmd_user_revoke(struct act *act)
{
    struct person person;
    int64_t session = 0;

    TRY(person_find(&act->cx, act->operands[0], &person));
    TRY(number_of(act, act->operands[1], &session));
    TRY(session_end(&act->cx, person.id, session));
    SAY_LATER(act, MSG_ACT_USER_REVOKED, arg_number(session));
    return RC_OK;
}

static enum rc rights_of(struct act *act, str list, right_set *out)
{
    str word = {0};

    *out = 0;
    while (str_cut(&list, ',', &word)) {
        enum right right = right_by_id(str_trim(word));
        if (right == RIGHT_NONE || !RIGHTS[right].is_given) {
            return err_set(&act->err, RC_INVALID, MSG_ACT_USER_RIGHT, arg_text(word));
        }
        *out |= right_bit(right);
    }
    return RC_OK;
}

enum rc cmd_user_token(struct act *act)
{
    struct programme *programme = NULL;
    struct person person;
    struct unit_tree tree;
    struct session token = {.name = act_text(act, "purpose")};
    struct secret secret = {.table = STR("token"), .title = MSG_ACT_TOKEN_TITLE};
    int64_t days = 0;
    int place = NONE;

    TRY(load_programme(act, &programme));
    TRY(person_find(&act->cx, act->operands[0], &person));
    TRY(rights_of(act, act_text(act, "rights"), &token.rights));
    TRY(act_int(act, "days", 1, TOKEN_DAYS_MAX, &days));
    if (act_has(act, "unit")) {
        TRY(unit_tree_load(&act->cx, programme, today(act, programme), &tree));
        TRY(load_unit(act, &tree, &place));
        token.unit = tree.units[place].id;
    }
    token.person = person.id;
    token.ends_ms = act->cx.now_ms + days * DAY_MS;
    TRY(token_add(&act->cx, &token, &secret.text));
    secret.login = person.login;
    secret.ends_ms = token.ends_ms;
    return show_secret(act, &secret, programme->offset_minutes);
}
