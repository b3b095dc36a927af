/* Who acts, with which rights, where. */
#include "office/access/actor.h"

#include "office/access/scope_sql.h"

const struct actor ACTOR_OWNER = {.kind = ACTOR_LOCAL};

struct gathering {
    const struct programme *programme;
    struct actor *actor;
    struct actor_post *posts;
    struct arena *arena;
};

static right_set rights_of(const struct gathering *in, str post)
{
    enum person_kind kind = in->actor->person_kind;
    int place = programme_post(in->programme, post);

    if (kind != PERSON_OFFICIAL) {
        return str_equal(post, PERSON_KIND_ROWS[kind].id) ? PERSON_KIND_ROWS[kind].rights : 0;
    }
    return place == NONE ? 0 : rights_of_given(in->programme->posts[place].rights);
}

static enum rc gather(void *self, const struct held *held)
{
    const struct gathering *in = self;
    struct actor *actor = in->actor;
    int32_t day = actor->day;

    if (day < date_key(held->from) || day >= date_key(held->to) ||
        actor->post_count >= PERSON_POSTS_MAX) {
        return RC_OK;
    }
    in->posts[actor->post_count++] = (struct actor_post){
        .held = held->id,
        .post = arena_str(in->arena, held->post),
        .unit = held->unit,
        .rights = rights_of(in, held->post),
    };
    return RC_OK;
}

enum rc actor_load(const struct cx *cx, const struct programme *programme,
                   const struct session *session, struct actor *out)
{
    struct person person;
    struct gathering in = {
        .programme = programme,
        .actor = out,
        .posts = ARENA_NEW(cx->arena, struct actor_post, PERSON_POSTS_MAX),
        .arena = cx->arena,
    };

    TRY(person_load(cx, session->person, &person));
    if (!str_equal(person.state, STR("active"))) {
        return err_set(cx->err, RC_DENIED, MSG_SESSION_ENDED);
    }
    *out = (struct actor){
        .kind = ACTOR_PERSON,
        .person = person.id,
        .person_kind = person.kind,
        .session = *session,
        .is_fresh = session_is_fresh(cx, session),
        .day = date_key(date_of_moment(cx->now_ms, programme->offset_minutes)),
        .posts = in.posts,
    };
    return post_each(cx, person.id, gather, &in);
}

static enum rc reaches(const struct cx *cx, struct unit_id from, struct unit_id unit, bool *out)
{
    *out = from.v == 0;
    return from.v == 0 || unit.v == 0 ? RC_OK : cx_lies_in(cx, from, unit, cx->who->day, out);
}

static right_set limited(const struct actor *actor, right_set rights)
{
    return actor->session.is_token ? rights & actor->session.rights : rights;
}

/* The first post that gives the right there, and whether any shows the unit at all. */
static enum rc find_post(const struct cx *cx, enum right right, struct unit_id unit,
                         const struct actor_post **out, bool *out_seen)
{
    const struct actor *who = cx->who;
    bool is_inside = true;

    *out = NULL;
    *out_seen = false;
    if (who->session.is_token && who->session.unit.v != 0) {
        TRY(reaches(cx, who->session.unit, unit, &is_inside));
    }
    for (int i = 0; is_inside && *out == NULL && i < who->post_count; i++) {
        right_set rights = limited(who, who->posts[i].rights);
        bool is_there = false;
        TRY(reaches(cx, who->posts[i].unit, unit, &is_there));
        *out_seen = *out_seen || (is_there && right_is_in(rights, RIGHT_READ));
        *out = is_there && right_is_in(rights, right) ? &who->posts[i] : NULL;
    }
    return RC_OK;
}

static enum rc denied(const struct cx *cx, enum right right)
{
    return err_set(cx->err, RC_DENIED, MSG_ACCESS_DENIED, arg_msg(RIGHTS[right].name));
}

static enum rc check_person(const struct cx *cx, enum right right, struct unit_id unit,
                            const struct actor_post **out_post)
{
    const struct actor_post *post = NULL;
    bool is_seen = false;

    if (right == RIGHT_SELF) {
        return cx->who->session.is_token ? denied(cx, right) : RC_OK;
    }
    TRY(find_post(cx, right, unit, &post, &is_seen));
    if (post != NULL) {
        *out_post = post;
        return RC_OK;
    }
    return is_seen || unit.v == 0 ? denied(cx, right)
                                  : err_set(cx->err, RC_MISSING, MSG_ACCESS_UNSEEN);
}

static bool lies_in(const struct unit_tree *tree, struct unit_id above, int place)
{
    int top = unit_tree_find_id(tree, above);

    return top != NONE && top <= place && place < tree->units[top].end;
}

bool actor_reads(const struct actor *who, const struct unit_tree *tree, int place)
{
    const struct session *session = &who->session;

    if (who->kind != ACTOR_PERSON ||
        (session->is_token && session->unit.v != 0 && !lies_in(tree, session->unit, place))) {
        return false;
    }
    for (int i = 0; i < who->post_count; i++) {
        if (right_is_in(limited(who, who->posts[i].rights), RIGHT_READ) &&
            lies_in(tree, who->posts[i].unit, place)) {
            return true;
        }
    }
    return false;
}

enum rc right_check(const struct cx *cx, enum right right, struct unit_id unit,
                    const struct actor_post **out_post)
{
    const struct actor_post *post = NULL;
    enum actor_kind kind = cx->who == NULL ? ACTOR_NOBODY : cx->who->kind;

    MUST(right > RIGHT_NONE && right < RIGHT_COUNT);
    if (kind == ACTOR_NOBODY && right != RIGHT_PUBLIC) {
        return err_set(cx->err, RC_DENIED, MSG_ACCESS_LOGIN);
    }
    if (kind == ACTOR_PERSON && right != RIGHT_PUBLIC) {
        TRY(check_person(cx, right, unit, &post));
    }
    if (out_post != NULL) {
        *out_post = post;
    }
    return RC_OK;
}

enum rc right_check_whole(const struct cx *cx, enum right right, struct unit_id unit)
{
    enum rc rc = right_check(cx, right, unit, NULL);

    if (rc == RC_MISSING) {
        err_clear(cx->err);
        return denied(cx, right);
    }
    return rc;
}

/* As events name him: by number and post, never by name. */
static str actor_text(const struct cx *cx, const struct actor_post *post)
{
    struct buf buf;
    str text = {0};

    buf_init(&buf, cx->arena, 256);
    buf_put(&buf, STR("person:"));
    buf_int(&buf, cx->who->person);
    if (post != NULL) {
        buf_char(&buf, '/');
        buf_put(&buf, post->post);
        buf_char(&buf, '@');
        buf_int(&buf, post->unit.v);
    }
    MUST(buf_done(&buf, &text));
    return text;
}

/* From here on the one who asks acts, by that post. */
static enum rc act_by(struct cx *cx, enum right right, const struct actor_post *post)
{
    struct scope *scope = ARENA_NEW(cx->arena, struct scope, 1);
    bool is_of_nobody = RIGHTS[right].about == ABOUT_NOBODY;

    TRY(scope_of(cx, is_of_nobody ? RIGHT_READ : right, scope));
    cx->scope = scope;
    if (cx->who != NULL && cx->who->kind == ACTOR_PERSON) {
        cx->person = cx->who->person;
        cx->actor = actor_text(cx, post);
    }
    return RC_OK;
}

enum rc actor_enter(struct cx *cx, enum right right, struct unit_id unit)
{
    const struct actor_post *post = NULL;

    TRY(right_check(cx, right, unit, &post));
    return act_by(cx, right, post);
}

enum rc actor_enter_somewhere(struct cx *cx, enum right right)
{
    const struct actor *who = cx->who;
    int i = 0;

    if (who == NULL || who->kind != ACTOR_PERSON || RIGHTS[right].about == ABOUT_NOBODY) {
        return actor_enter(cx, right, (struct unit_id){0});
    }
    while (i < who->post_count && !right_is_in(limited(who, who->posts[i].rights), right)) {
        i++;
    }
    return i == who->post_count ? denied(cx, right) : act_by(cx, right, &who->posts[i]);
}

enum rc actor_enter_office(struct cx *cx, enum right right)
{
    TRY(actor_enter_somewhere(cx, right));
    if (cx->who->kind == ACTOR_PERSON && !cx->scope->is_all) {
        return denied(cx, right);
    }
    return RC_OK;
}

enum rc actor_need_fresh(const struct cx *cx)
{
    bool is_owner = cx->who != NULL && cx->who->kind == ACTOR_LOCAL;

    if (is_owner || (cx->who != NULL && cx->who->is_fresh)) {
        return RC_OK;
    }
    return err_set(cx->err, RC_DENIED, MSG_ACCESS_FRESH,
                   arg_count(SESSION_FRESH_MS / (60 * (int64_t)1000)));
}

/* Where a post and the token's unit both reach: the lower of the two, if one lies in the other. */
static enum rc narrow(const struct cx *cx, struct unit_id *root, bool *out_any)
{
    struct unit_id held = cx->who->session.unit;
    bool is_inside = false;

    *out_any = true;
    if (!cx->who->session.is_token || held.v == 0) {
        return RC_OK;
    }
    TRY(reaches(cx, *root, held, &is_inside));
    if (is_inside) {
        *root = held;
        return RC_OK;
    }
    return reaches(cx, held, *root, out_any);
}

/* Is there nothing above it? What lies below the topmost unit is all there is. */
static enum rc is_topmost(const struct cx *cx, struct unit_id unit, bool *out)
{
    const struct val in[] = {v_int(unit.v), v_int(cx->who->day)};
    struct val row = {0};

    *out = true;
    if (unit.v != 0) {
        TRY(db_one(cx->db, &SCOPE_ABOVE, in, &row, cx->arena, cx->err));
        *out = row.number == 0;
    }
    return RC_OK;
}

/* The roots that lie below no other: a root below one of them is no root of its own. */
static enum rc add_root(const struct cx *cx, struct unit_id *roots, int *count, struct unit_id root)
{
    int kept = 0;
    bool is_below = false;

    for (int i = 0; i < *count && !is_below; i++) {
        TRY(reaches(cx, roots[i], root, &is_below));
    }
    for (int i = 0; i < *count && !is_below; i++) {
        bool is_above = false;
        TRY(reaches(cx, root, roots[i], &is_above));
        roots[kept] = roots[i];
        kept += is_above ? 0 : 1;
    }
    if (!is_below) {
        roots[kept] = root;
        *count = kept + 1;
    }
    return RC_OK;
}

static enum rc scope_of_person(const struct cx *cx, enum right right, struct scope *out)
{
    const struct actor *who = cx->who;
    struct unit_id *roots = ARENA_NEW(cx->arena, struct unit_id, PERSON_POSTS_MAX);

    for (int i = 0; i < who->post_count; i++) {
        struct unit_id root = who->posts[i].unit;
        bool is_any = false;
        bool is_top = false;
        if (!right_is_in(limited(who, who->posts[i].rights), right)) {
            continue;
        }
        TRY(narrow(cx, &root, &is_any));
        TRY(is_topmost(cx, root, &is_top));
        out->is_all = out->is_all || (is_any && is_top);
        if (is_any && root.v != 0) {
            TRY(add_root(cx, roots, &out->root_count, root));
        }
    }
    out->roots = roots;
    return RC_OK;
}

enum rc scope_of(const struct cx *cx, enum right right, struct scope *out)
{
    enum actor_kind kind = cx->who == NULL ? ACTOR_NOBODY : cx->who->kind;

    *out = (struct scope){.is_all = kind == ACTOR_LOCAL};
    if (kind != ACTOR_PERSON) {
        return RC_OK;
    }
    out->day = cx->who->day;
    return scope_of_person(cx, right, out);
}
