/* What a loop remembers. */
#include "web/known.h"

#include "act/load.h"
#include "crypt/crypt.h"
#include "format/json/json.h"
#include "office/audit/pin.h"
#include "web/server_in.h"
#include "web/value.h"

enum { TEXT_BYTES_MAX = 4096 };

struct known_person {
    bool is_there;
    struct hash token;
    struct actor actor;
};

struct told {
    struct known_value value;
    str text; /* "": none */
};

/* How far each unit's rows may be spread; found out when first asked. */
struct spread {
    struct unit_address *addresses;
    int count;
};

struct known {
    struct server *server;
    struct act office; /* its arena has definition, units and what belongs to them */
    bool has_office;
    struct programme *programme;
    struct unit_tree tree;
    struct pin pin;
    struct spread *spreads; /* by place */

    int64_t version; /* what stands below holds for this one */
    int64_t begun_ms;
    struct arena arena;
    struct numbers numbers;
    struct known_person *persons; /* by token */
    struct told *told;            /* by place and indicator */
};

struct known *known_open(struct server *server, int lane)
{
    struct known *known = ARENA_NEW(&server->arena, struct known, 1);

    *known = (struct known){.server = server, .version = -1};
    act_init(&known->office, NULL, NULL);
    known->office.cx = (struct cx){.db = home_db(server->readers[lane]), .lang = LANG_ZH};
    arena_init(&known->arena, ARENA_JOB_MAX);
    return known;
}

void known_close(struct known *known)
{
    if (known != NULL) {
        arena_done(&known->arena);
        act_done(&known->office);
    }
}

const struct unit_tree *known_tree(const struct known *known)
{
    return &known->tree;
}

const struct programme *known_programme(const struct known *known)
{
    return known->programme;
}

/* Questions of one request, with memory that holds while the version does. */
static struct cx questions(struct known *known, struct err *err, int64_t now_ms)
{
    return (struct cx){
        .arena = &known->arena,
        .db = known->office.cx.db,
        .err = err,
        .now_ms = now_ms,
        .lang = LANG_ZH,
    };
}

static date today(const struct known *known, int64_t now_ms)
{
    return date_of_moment(now_ms, known->programme->offset_minutes);
}

static enum rc read_office(struct known *known, int64_t now_ms)
{
    struct act *act = &known->office;
    struct db *db = act->cx.db;

    known->has_office = false;
    act_done(act);
    act_init(act, NULL, NULL);
    act->cx = (struct cx){
        .arena = &act->arena, .db = db, .err = &act->err, .now_ms = now_ms, .lang = LANG_ZH};
    TRY(load_programme(act, &known->programme));
    TRY(unit_tree_load(&act->cx, known->programme, today(known, now_ms), &known->tree));
    TRY(pin_take(&act->cx, &known->pin));
    known->spreads = ARENA_NEW(&act->arena, struct spread, (size_t)known->tree.count);
    known->has_office = true;
    return RC_OK;
}

static bool is_far(void *self, struct unit_id log)
{
    (void)self;
    (void)log;
    return false;
}

/* Definition and units, anew where anything but values has changed. */
static enum rc keep_office(struct known *known, struct cx *cx)
{
    bool holds = false;

    if (known->has_office && today(known, cx->now_ms).days == known->tree.at.days) {
        TRY(pin_holds(cx, &known->pin, is_far, NULL, &holds));
    }
    return holds ? RC_OK : read_office(known, cx->now_ms);
}

static enum rc begin_anew(struct known *known, struct cx *cx)
{
    arena_done(&known->arena);
    arena_init(&known->arena, ARENA_JOB_MAX);
    known->persons = ARENA_NEW(&known->arena, struct known_person, KNOWN_PERSONS_MAX);
    known->told = ARENA_NEW(&known->arena, struct told, KNOWN_VALUES_MAX);
    TRY(keep_office(known, cx));
    return numbers_load(cx, known->programme, false, &known->numbers);
}

static bool is_current(const struct known *known, int64_t version, int64_t now_ms)
{
    return known->version == version && known->arena.taken < KNOWN_BYTES_MAX &&
           now_ms - known->begun_ms < KNOWN_AGE_MAX_MS &&
           today(known, now_ms).days == known->tree.at.days;
}

/* Bring it up to what has been committed. */
static bool keep_up(struct known *known, int64_t now_ms)
{
    int64_t version = atomic_load(&known->server->version);
    struct err err = {0};
    struct cx cx = questions(known, &err, now_ms);

    if (known->version >= 0 && is_current(known, version, now_ms)) {
        return true;
    }
    known->version = -1;
    if (office_enter(&cx, DB_READ) != RC_OK || office_leave(&cx, begin_anew(known, &cx)) != RC_OK) {
        return false;
    }
    known->version = version;
    known->begun_ms = now_ms;
    return true;
}

static enum rc read_person(struct known *known, struct cx *cx, str token, struct actor *out)
{
    struct session session = {0};

    TRY(session_find(cx, token, &session));
    return actor_load(cx, known->programme, &session, out);
}

static struct known_person *slot_of(struct known *known, struct hash token)
{
    uint32_t at = 0;

    memcpy(&at, token.bytes, sizeof(at));
    return &known->persons[at % KNOWN_PERSONS_MAX];
}

/* Does the session still run? The database says so of one that was just read. */
static bool is_live(const struct session *session, int64_t now_ms)
{
    return now_ms < session->ends_ms &&
           (session->is_token || now_ms - session->seen_ms < SESSION_IDLE_MS);
}

const struct actor *known_actor(struct known *known, str token, int64_t now_ms)
{
    struct hash hash = token_hash(token);
    struct err err = {0};

    if (!keep_up(known, now_ms)) {
        return NULL;
    }
    struct known_person *person = slot_of(known, hash);
    if (person->is_there && memcmp(person->token.bytes, hash.bytes, HASH_BYTES) == 0) {
        return is_live(&person->actor.session, now_ms) ? &person->actor : NULL;
    }
    struct cx cx = questions(known, &err, now_ms);
    *person = (struct known_person){.token = hash};
    if (office_enter(&cx, DB_READ) != RC_OK ||
        office_leave(&cx, read_person(known, &cx, token, &person->actor)) != RC_OK) {
        return NULL;
    }
    person->is_there = true;
    return &person->actor;
}

static struct told *told_of(struct known *known, const struct known_value *value)
{
    uint64_t mixed = (uint64_t)value->place * 2654435761U + (uint64_t)value->indicator * 40503U +
                     (uint64_t)value->period.key;

    return &known->told[(mixed ^ mixed >> 17) % KNOWN_VALUES_MAX];
}

static bool is_same(const struct told *told, const struct known_value *value)
{
    return told->text.len > 0 && told->value.place == value->place &&
           told->value.indicator == value->indicator && told->value.period.key == value->period.key;
}

static enum rc take_piece(void *self, str bytes)
{
    buf_put(self, bytes);
    return RC_OK;
}

/* Addresses stay with the units. */
static enum rc find_spread(struct known *known, struct cx *cx, int place, struct spread *out)
{
    struct spread *spread = &known->spreads[place];
    struct cx lasting = *cx;

    lasting.arena = &known->office.arena;
    if (spread->addresses == NULL) {
        TRY(unit_addresses(&lasting, known->tree.units[place].id, &spread->addresses,
                           &spread->count));
    }
    *out = *spread;
    return RC_OK;
}

static enum rc read_text(struct known *known, struct cx *cx, const struct known_value *value,
                         str *out)
{
    struct json *json = ARENA_NEW(cx->arena, struct json, 1);
    struct spread spread = {0};
    struct buf buf;

    TRY(find_spread(known, cx, value->place, &spread));
    const struct value_asked asked = {
        .programme = known->programme,
        .numbers = &known->numbers,
        .code = known->tree.units[value->place].code,
        .addresses = spread.addresses,
        .address_count = spread.count,
        .indicator = value->indicator,
        .period = value->period,
    };
    buf_init(&buf, cx->arena, TEXT_BYTES_MAX);
    json_init(json, (struct byte_sink){&buf, take_piece});
    json_open_map(json);
    TRY(value_tell_json(cx, &asked, json));
    json_close_map(json);
    json_line(json);
    TRY(json_done(json));
    MUST(buf_done(&buf, out));
    return RC_OK;
}

/* What is needed on the way is let go; the text stays. */
static enum rc tell_anew(struct known *known, struct cx *cx, const struct known_value *value,
                         str *out)
{
    struct arena_mark mark = arena_mark(&known->arena);
    char kept[TEXT_BYTES_MAX];
    str text = {0};

    TRY(read_text(known, cx, value, &text));
    memcpy(kept, text.at, text.len);
    arena_rewind(&known->arena, mark);
    *out = arena_str(&known->arena, (str){kept, text.len});
    return RC_OK;
}

bool known_text(struct known *known, const struct known_value *value, int64_t now_ms, str *out)
{
    struct told *told = told_of(known, value);
    struct err err = {0};
    struct cx cx = questions(known, &err, now_ms);
    str text = {0};

    if (!is_same(told, value)) {
        if (office_enter(&cx, DB_READ) != RC_OK ||
            office_leave(&cx, tell_anew(known, &cx, value, &text)) != RC_OK) {
            return false;
        }
        *told = (struct told){*value, text};
    }
    *out = told->text;
    return true;
}
