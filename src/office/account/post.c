/* Posts held: given, ended, listed. */
#include "office/account/account_in.h"
#include "office/account/post_sql.h"
#include "office/audit/audit.h"

enum { HELD_COLUMNS = 6 };

const date HELD_OPEN = {84005}; /* 2199-12-31 */

static struct held unpack(const struct val *row)
{
    return (struct held){
        .id = row[0].number,
        .person = row[1].number,
        .post = row[2].text,
        .unit = {row[3].number},
        .from = date_from_key((int32_t)row[4].number),
        .to = date_from_key((int32_t)row[5].number),
    };
}

static enum rc check_dates(const struct cx *cx, date from, date to)
{
    return from.days < to.days ? RC_OK : err_set(cx->err, RC_INVALID, MSG_POST_DATES);
}

static enum rc check_administrator(const struct cx *cx, const struct appointment *giving)
{
    str own = PERSON_KIND_ROWS[giving->person->kind].id;

    if (!str_equal(giving->post, own)) {
        return err_set(cx->err, RC_INVALID, MSG_POST_ADMINISTRATOR, arg_text(giving->person->login),
                       arg_text(own));
    }
    return RC_OK;
}

static enum rc check_official(const struct cx *cx, const struct appointment *giving)
{
    const struct programme *programme = giving->programme;
    int post = programme_post(programme, giving->post);

    if (person_kind_by_id(giving->post) != PERSON_KINDS) {
        return err_set(cx->err, RC_INVALID, MSG_POST_OFFICIAL, arg_text(giving->person->login));
    }
    if (post == NONE) {
        return err_set(cx->err, RC_INVALID, MSG_POST_UNKNOWN, arg_text(giving->post));
    }
    const struct unit *unit = &giving->tree->units[giving->place];
    if ((programme->posts[post].levels >> unit->level & 1) == 0) {
        return err_set(cx->err, RC_INVALID, MSG_POST_LEVEL,
                       arg_text(text_in(programme->posts[post].name, cx->lang)),
                       arg_text(text_in(programme->levels[unit->level].name, cx->lang)));
    }
    return RC_OK;
}

static enum rc count_one(void *self, const struct held *held)
{
    (void)held;
    *(int *)self += 1;
    return RC_OK;
}

static enum rc check(const struct cx *cx, const struct appointment *giving)
{
    int count = 0;

    if (cx->person != 0 && cx->person == giving->person->id) {
        return err_set(cx->err, RC_DENIED, MSG_POST_OWN);
    }
    TRY(check_dates(cx, giving->from, giving->to));
    TRY(post_each(cx, giving->person->id, count_one, &count));
    if (count >= PERSON_POSTS_MAX) {
        return err_set(cx->err, RC_LIMIT, MSG_POST_MANY, arg_count(PERSON_POSTS_MAX));
    }
    return giving->person->kind == PERSON_OFFICIAL ? check_official(cx, giving)
                                                   : check_administrator(cx, giving);
}

static enum rc add_event(const struct cx *cx, const struct held *held)
{
    struct event_body body;
    struct event_ref ref = {0};

    event_body_init(&body, cx->arena);
    event_body_int(&body, held->person);
    event_body_int(&body, held->id);
    event_body_text(&body, held->post);
    event_body_int(&body, held->unit.v);
    event_body_int(&body, date_key(held->from));
    event_body_int(&body, date_key(held->to));
    TRY(event_add(cx, held->unit, STR("post.give"), &body, NULL, &ref));
    return stamp_add(cx, &HELD_STAMPED, held->id, &ref);
}

enum rc post_give(const struct cx *cx, const struct appointment *giving, struct held *out)
{
    TRY(check(cx, giving));
    bool is_official = giving->person->kind == PERSON_OFFICIAL;
    struct held held = {
        .id = db_new_id(cx->db, cx->now_ms),
        .person = giving->person->id,
        .post = giving->post,
        .unit = is_official ? giving->tree->units[giving->place].id : LOG_OFFICE,
        .from = giving->from,
        .to = giving->to,
    };
    const struct val in[] = {
        v_int(held.id),
        v_int(held.person),
        v_text(PERSON_KIND_ROWS[giving->person->kind].id),
        v_text(held.post),
        is_official ? v_int(held.unit.v) : v_null(),
        v_int(date_key(held.from)),
        v_int(date_key(held.to)),
        v_int(cx->now_ms),
        v_text(cx->actor),
    };

    TRY(db_change_one(cx->db, &HELD_INSERT, in, cx->err));
    *out = held;
    return add_event(cx, &held);
}

enum rc post_end(const struct cx *cx, int64_t held, date to)
{
    struct val row[HELD_COLUMNS] = {0};
    const struct val key[] = {v_int(held)};
    const struct val in[] = {v_int(held), v_int(date_key(to))};
    enum rc rc = db_one(cx->db, &HELD_GET, key, row, cx->arena, cx->err);

    if (rc == RC_MISSING) {
        return err_set(cx->err, rc, MSG_POST_NOT_HELD, arg_number(held));
    }
    TRY(rc);
    struct held was = unpack(row);
    rc = db_change_one(cx->db, &HELD_END, in, cx->err);
    if (rc == RC_CONFLICT) {
        return err_set(cx->err, RC_INVALID, MSG_POST_END);
    }
    TRY(rc);
    was.to = to;
    struct event_body body;
    event_body_init(&body, cx->arena);
    event_body_int(&body, was.person);
    event_body_int(&body, was.id);
    event_body_int(&body, date_key(to));
    struct event_ref ref = {0};
    TRY(event_add(cx, was.unit, STR("post.end"), &body, NULL, &ref));
    return stamp_add(cx, &HELD_STAMPED, was.id, &ref);
}

struct walk {
    held_take take;
    void *self;
};

static enum rc give(void *self, const struct val *row)
{
    const struct walk *walk = self;
    struct held held = unpack(row);

    return walk->take(walk->self, &held);
}

enum rc post_each(const struct cx *cx, int64_t person, held_take take, void *self)
{
    struct walk walk = {take, self};
    const struct val in[] = {v_int(person)};

    return person == 0 ? db_each(cx->db, &HELD_ALL, NULL, give, &walk, cx->err)
                       : db_each(cx->db, &HELD_OF, in, give, &walk, cx->err);
}

static const struct column_row COLUMNS[] = {
    {STR_INIT("held"), MSG_POST_COLUMN_HELD, 22, true},
    {STR_INIT("login"), MSG_PERSON_COLUMN_LOGIN, 16, false},
    {STR_INIT("name"), MSG_PERSON_COLUMN_NAME, 16, false},
    {STR_INIT("post"), MSG_POST_COLUMN_POST, 18, false},
    {STR_INIT("code"), MSG_POST_COLUMN_CODE, 14, true},
    {STR_INIT("unit"), MSG_POST_COLUMN_UNIT, 24, false},
    {STR_INIT("from"), MSG_POST_COLUMN_FROM, 12, false},
    {STR_INIT("to"), MSG_POST_COLUMN_TO, 12, false},
};

struct listing {
    const struct cx *cx;
    const struct programme *programme;
    const struct unit_tree *tree;
    const struct table_sink *sink;
};

static str post_name(const struct listing *listing, str id)
{
    int post = programme_post(listing->programme, id);
    enum person_kind kind = person_kind_by_id(id);

    if (post != NONE) {
        return text_in(listing->programme->posts[post].name, listing->cx->lang);
    }
    return kind == PERSON_KINDS ? id : msg_text(listing->cx->lang, PERSON_KIND_ROWS[kind].name);
}

static struct out day_out(const struct cx *cx, date day)
{
    struct buf buf;
    str text = {0};

    if (day.days == HELD_OPEN.days) {
        return out_none(STR("open"), STR(""));
    }
    buf_init(&buf, cx->arena, 32);
    date_put(&buf, day);
    MUST(buf_done(&buf, &text));
    return out_text(text);
}

static enum rc list_one(void *self, const struct held *held)
{
    const struct listing *listing = self;
    const struct cx *cx = listing->cx;
    struct arena_mark mark = arena_mark(cx->arena);
    int place = listing->tree == NULL || held->unit.v == 0
                    ? NONE
                    : unit_tree_find_id(listing->tree, held->unit);
    struct person person;

    TRY(person_load(cx, held->person, &person));
    const struct out cells[] = {
        out_text(cx_number(cx, held->id)),
        out_text(person.login),
        out_text(person.name),
        out_named(held->post, post_name(listing, held->post)),
        place == NONE ? out_none(STR(""), STR("")) : out_text(listing->tree->units[place].code),
        place == NONE ? out_none(STR(""), STR("")) : out_text(listing->tree->units[place].name),
        day_out(cx, held->from),
        day_out(cx, held->to),
    };
    TRY(listing->sink->row(listing->sink->self, cells));
    arena_rewind(cx->arena, mark);
    return RC_OK;
}

enum rc post_table(const struct cx *cx, const struct programme *programme,
                   const struct unit_tree *tree, const struct table_sink *sink)
{
    struct listing listing = {cx, programme, tree, sink};
    const struct table table = {
        .name = STR("posts_held"),
        .title = msg_text(cx->lang, MSG_POST_TITLE),
        .columns = columns_in(cx->lang, COLUMNS, COUNT_OF(COLUMNS), cx->arena),
        .column_count = COUNT_OF(COLUMNS),
    };

    TRY(sink->begin(sink->self, &table));
    TRY(post_each(cx, 0, list_one, &listing));
    return sink->end(sink->self);
}
