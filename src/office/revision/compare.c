/* What differs between two definitions, and what of it may not. */
#include "office/revision/revision_in.h"

struct comparing {
    struct arena *arena;
    struct change *rows;
    int count;
    int room;
    int refused;
};

/* Two objects of one id waiting to be compared; `front` is the field they stand in. */
struct pair {
    struct pair *next;
    const struct shape *shape;
    const struct doc *before;
    const struct doc *after;
    str section;
    str id;
    str front;
};

struct pairs {
    struct pair *first;
    struct pair *last;
};

static void add(struct comparing *c, struct change change)
{
    if (c->count == c->room) {
        int room = c->room == 0 ? 64 : 2 * c->room;
        struct change *rows = ARENA_NEW(c->arena, struct change, (size_t)room);
        if (c->count > 0) {
            memcpy(rows, c->rows, (size_t)c->count * sizeof(*rows));
        }
        c->rows = rows;
        c->room = room;
    }
    c->rows[c->count++] = change;
    c->refused += change.is_refused ? 1 : 0;
}

static str joined(struct arena *arena, str front, str back)
{
    struct buf out;
    str text = {0};

    buf_init(&out, arena, TREE_TEXT_MAX);
    buf_put(&out, front);
    buf_put(&out, front.len > 0 ? STR(".") : STR(""));
    buf_put(&out, back);
    MUST(buf_done(&out, &text));
    return text;
}

static void push(struct comparing *c, struct pairs *pairs, struct pair pair)
{
    struct pair *added = ARENA_NEW(c->arena, struct pair, 1);

    *added = pair;
    added->next = NULL;
    if (pairs->last == NULL) {
        pairs->first = added;
    } else {
        pairs->last->next = added;
    }
    pairs->last = added;
}

/* What is stored was scaled and counted by these; a change would give old values new meaning. */
static bool is_permanent(const struct pair *pair, const struct field *field)
{
    static const char *const OF_INDICATOR[] = {"type", "decimals", "gauge"};

    if (!str_equal(pair->section, STR("indicators"))) {
        return false;
    }
    if (pair->front.len > 0) {
        return strcmp(field->key, "number") == 0;
    }
    for (size_t i = 0; i < COUNT_OF(OF_INDICATOR); i++) {
        if (strcmp(field->key, OF_INDICATOR[i]) == 0) {
            return true;
        }
    }
    return false;
}

static void compare_value(struct comparing *c, const struct pair *pair, const struct field *field)
{
    const struct doc *before = doc_get(pair->before, str_from(field->key));
    const struct doc *after = doc_get(pair->after, str_from(field->key));
    str old = before == NULL ? STR("") : cell_write(field, before, c->arena);
    str new = after == NULL ? STR("") : cell_write(field, after, c->arena);

    if (str_equal(old, new)) {
        return;
    }
    add(c, (struct change){
               .kind = CHANGE_EDITED,
               .section = pair->section,
               .id = pair->id,
               .field = joined(c->arena, pair->front, str_from(field->key)),
               .before = old,
               .after = new,
               .is_refused = is_permanent(pair, field),
               .why = MSG_REVISION_PERMANENT,
           });
}

/* Indicators and the values of enumerations are ended, never removed: their numbers are stored. */
static bool may_not_go(const struct pair *parent, const struct field *field)
{
    bool is_section = parent->section.len == 0;

    return (is_section && strcmp(field->key, "indicators") == 0) ||
           (!is_section && str_equal(parent->section, STR("indicators")) &&
            strcmp(field->key, "values") == 0);
}

static str number_of(struct arena *arena, int number)
{
    struct buf out;
    str text = {0};

    buf_init(&out, arena, 16);
    buf_int(&out, number);
    MUST(buf_done(&out, &text));
    return text;
}

/* The object of the other version: of a map by its id, of a list by its number. */
static const struct doc *twin(const struct doc *many, const struct field *field, str key,
                              int number)
{
    const struct doc *item = many == NULL ? NULL : many->first;

    if (field->type == FIELD_MAP) {
        return doc_get(many, key);
    }
    for (int i = 1; item != NULL && i < number; i++) {
        item = item->next;
    }
    return item;
}

static void come_or_go(struct comparing *c, const struct pair *where, enum change_kind kind,
                       bool is_refused)
{
    add(c, (struct change){
               .kind = kind,
               .section = where->section,
               .id = where->id,
               .field = where->front,
               .is_refused = is_refused,
               .why = MSG_REVISION_NOT_REMOVED,
           });
}

/* One object below a pair and its twin: of both versions they wait for their turn. */
static struct pair pair_below(struct comparing *c, const struct pair *parent,
                              const struct field *field, const struct doc *item, int number)
{
    str key = field->type == FIELD_MAP ? item->key : number_of(c->arena, number);
    str front = joined(c->arena, parent->front, str_from(field->key));
    bool is_section = parent->section.len == 0;

    return (struct pair){
        .shape = field->shape,
        .before = item,
        .section = is_section ? str_from(field->key) : parent->section,
        .id = is_section ? key : parent->id,
        .front = is_section ? STR("") : joined(c->arena, front, key),
    };
}

static void compare_before(struct comparing *c, struct pairs *pairs, const struct pair *parent,
                           const struct field *field)
{
    const struct doc *before = doc_get(parent->before, str_from(field->key));
    const struct doc *after = doc_get(parent->after, str_from(field->key));
    const struct doc *item = before == NULL ? NULL : before->first;

    for (int number = 1; item != NULL; item = item->next, number++) {
        struct pair pair = pair_below(c, parent, field, item, number);
        pair.after = twin(after, field, item->key, number);
        if (pair.after == NULL) {
            come_or_go(c, &pair, CHANGE_REMOVED, may_not_go(parent, field));
        } else {
            push(c, pairs, pair);
        }
    }
}

static void compare_after(struct comparing *c, const struct pair *parent, const struct field *field)
{
    const struct doc *before = doc_get(parent->before, str_from(field->key));
    const struct doc *after = doc_get(parent->after, str_from(field->key));
    const struct doc *item = after == NULL ? NULL : after->first;

    for (int number = 1; item != NULL; item = item->next, number++) {
        if (twin(before, field, item->key, number) == NULL) {
            struct pair pair = pair_below(c, parent, field, item, number);
            come_or_go(c, &pair, CHANGE_ADDED, false);
        }
    }
}

static void compare_pair(struct comparing *c, struct pairs *pairs, const struct pair *pair)
{
    for (int i = 0; i < pair->shape->count; i++) {
        const struct field *field = &pair->shape->fields[i];
        const struct doc *before = doc_get(pair->before, str_from(field->key));
        const struct doc *after = doc_get(pair->after, str_from(field->key));
        if (field->type == FIELD_MAP || field->type == FIELD_LIST) {
            compare_before(c, pairs, pair, field);
            compare_after(c, pair, field);
        } else if (field->type != FIELD_ONE) {
            compare_value(c, pair, field);
        } else {
            push(c, pairs,
                 (struct pair){
                     .shape = field->shape,
                     .before = before,
                     .after = after,
                     .section = str_from(field->key),
                 });
        }
    }
}

struct changes revision_compare(const struct doc *before, const struct doc *after,
                                struct arena *arena)
{
    struct comparing c = {.arena = arena};
    struct pairs pairs = {0};

    push(&c, &pairs, (struct pair){.shape = &ROOT, .before = before, .after = after});
    for (const struct pair *pair = pairs.first; pair != NULL; pair = pair->next) {
        compare_pair(&c, &pairs, pair);
    }
    return (struct changes){c.rows, c.count, c.refused};
}

enum rc revision_changes(const struct changes *changes, enum lang lang,
                         const struct table_sink *sink, struct arena *arena)
{
    static const enum msg_id KINDS[] = {
        [CHANGE_ADDED] = MSG_REVISION_ADDED,
        [CHANGE_REMOVED] = MSG_REVISION_REMOVED,
        [CHANGE_EDITED] = MSG_REVISION_EDITED,
    };
    const struct column columns[] = {
        {.key = STR("section"), .title = msg_text(lang, MSG_REVISION_SECTION)},
        {.key = STR("id"), .title = msg_text(lang, MSG_FIELD_ID), .is_id = true},
        {.key = STR("change"), .title = msg_text(lang, MSG_REVISION_CHANGE)},
        {.key = STR("field"), .title = msg_text(lang, MSG_REVISION_FIELD)},
        {.key = STR("before"), .title = msg_text(lang, MSG_REVISION_BEFORE), .is_id = true},
        {.key = STR("after"), .title = msg_text(lang, MSG_REVISION_AFTER), .is_id = true},
        {.key = STR("verdict"), .title = msg_text(lang, MSG_REVISION_VERDICT)},
    };
    const struct table table = {
        .name = STR("programme_diff"),
        .title = msg_text(lang, MSG_REVISION_TITLE),
        .columns = columns,
        .column_count = COUNT_OF(columns),
        .frozen_columns = 2,
    };

    TRY(sink->begin(sink->self, &table));
    for (int i = 0; i < changes->count; i++) {
        const struct change *change = &changes->rows[i];
        str verdict = msg_text(lang, change->is_refused ? change->why : MSG_REVISION_FINE);
        const struct out cells[] = {
            out_text(title_of(change->section, lang, arena)),
            out_text(change->id),
            out_text(msg_text(lang, KINDS[change->kind])),
            out_text(change->field),
            out_text(change->before),
            out_text(change->after),
            out_toned(out_text(verdict), change->is_refused ? TONE_WARN : TONE_PLAIN),
        };
        TRY(sink->row(sink->self, cells));
    }
    return sink->end(sink->self);
}
