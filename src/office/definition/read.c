/* The tables of the grammar walked over a merged definition. Objects inside objects wait in a
 * queue, so that nothing calls itself. */
#include <stddef.h>

#include "base/date.h"
#include "base/num.h"
#include "office/definition/reader.h"

enum { ID_BYTES_MAX = 64 };

/* One object to be filled. */
struct job {
    struct job *next;
    const struct doc *doc;
    const struct shape *shape;
    char *object;
};

struct queue {
    struct reader *reader;
    struct job *first;
    struct job *last;
};

/* One value on its way into one object. */
struct slot {
    struct queue *queue;
    struct reader *reader;
    const struct field *field;
    const struct doc *doc;
    char *object;
};

static void out_of_range(const struct slot *slot, int64_t value, int decimals)
{
    SAY_ERROR(slot->reader->problems, place_of(slot->doc), MSG_DEFINITION_RANGE,
              arg_text(slot->doc->key), arg_fixed(value, decimals),
              arg_fixed(slot->field->min, decimals), arg_fixed(slot->field->max, decimals));
}

static bool in_range(const struct slot *slot, int64_t value, int decimals)
{
    if (value >= slot->field->min && value <= slot->field->max) {
        return true;
    }
    out_of_range(slot, value, decimals);
    return false;
}

static void read_text(const struct slot *slot)
{
    (void)value_text(slot->reader, slot->doc, (void *)(slot->object + slot->field->offset));
}

static void read_name(const struct slot *slot)
{
    struct text *out = (void *)(slot->object + slot->field->offset);
    const struct doc *zh = doc_get(slot->doc, STR("zh"));
    const struct doc *en = doc_get(slot->doc, STR("en"));

    if (slot->doc->kind == DOC_TEXT) {
        out->zh = out->en = arena_str(slot->reader->arena, slot->doc->text);
        return;
    }
    if (slot->doc->kind != DOC_MAP || slot->doc->count != (zh != NULL) + (en != NULL) ||
        slot->doc->count == 0) {
        (void)value_expected(slot->reader, slot->doc, MSG_DEFINITION_A_NAME);
        return;
    }
    (void)value_text(slot->reader, zh != NULL ? zh : en, &out->zh);
    (void)value_text(slot->reader, en != NULL ? en : zh, &out->en);
}

static void read_int(const struct slot *slot)
{
    int64_t value = 0;

    if (value_fixed(slot->reader, slot->doc, 0, &value) && in_range(slot, value, 0)) {
        *(int *)(void *)(slot->object + slot->field->offset) = (int)value;
    }
}

static void read_fixed(const struct slot *slot)
{
    int decimals = slot->field->decimals;
    int64_t value = 0;

    if (value_fixed(slot->reader, slot->doc, decimals, &value) && in_range(slot, value, decimals)) {
        *(int64_t *)(void *)(slot->object + slot->field->offset) = value;
    }
}

static void read_money(const struct slot *slot)
{
    int64_t value = 0;

    if (!value_fixed(slot->reader, slot->doc, slot->reader->out->money.decimals, &value)) {
        return;
    }
    if (value < 0) {
        (void)value_expected(slot->reader, slot->doc, MSG_DEFINITION_NOT_NEGATIVE);
        return;
    }
    *(int64_t *)(void *)(slot->object + slot->field->offset) = value;
}

static void read_real(const struct slot *slot)
{
    double value = 0;

    if (!value_real(slot->reader, slot->doc, &value)) {
        return;
    }
    if (value * PER_MILLE < (double)slot->field->min ||
        value * PER_MILLE > (double)slot->field->max) {
        SAY_ERROR(slot->reader->problems, place_of(slot->doc), MSG_DEFINITION_RANGE,
                  arg_text(slot->doc->key), arg_text(slot->doc->text),
                  arg_fixed(slot->field->min, 3), arg_fixed(slot->field->max, 3));
        return;
    }
    *(double *)(void *)(slot->object + slot->field->offset) = value;
}

static void read_bool(const struct slot *slot)
{
    bool is_true = slot->doc->kind == DOC_TEXT && str_equal(slot->doc->text, STR("true"));
    bool is_false = slot->doc->kind == DOC_TEXT && str_equal(slot->doc->text, STR("false"));

    if (!is_true && !is_false) {
        (void)value_expected(slot->reader, slot->doc, MSG_DEFINITION_A_BOOL);
        return;
    }
    *(bool *)(slot->object + slot->field->offset) = is_true;
}

static void read_date(const struct slot *slot)
{
    date value = {0};

    if (slot->doc->kind != DOC_TEXT || !date_parse(slot->doc->text, &value)) {
        (void)value_expected(slot->reader, slot->doc, MSG_DEFINITION_A_DATE);
        return;
    }
    *(date *)(void *)(slot->object + slot->field->offset) = value;
}

/* All words of a field, for a message. */
static str words_of(struct arena *arena, const char *const *words)
{
    struct buf list;
    str out = {0};

    buf_init(&list, arena, 1024);
    for (int i = 0; words[i] != NULL; i++) {
        buf_put(&list, i > 0 ? STR(", ") : STR(""));
        buf_put(&list, str_from(words[i]));
    }
    (void)buf_done(&list, &out);
    return out;
}

static bool find_word(const struct slot *slot, const struct doc *doc, int *out)
{
    const char *const *words = slot->field->words;
    str text = {0};

    if (!value_text(slot->reader, doc, &text)) {
        return false;
    }
    for (int i = 0; words[i] != NULL; i++) {
        if (str_equal(text, str_from(words[i]))) {
            *out = i;
            return true;
        }
    }
    SAY_ERROR(slot->reader->problems, place_of(doc), MSG_DEFINITION_WORD_UNKNOWN,
              arg_text(str_from(slot->field->key)), arg_text(text),
              arg_text(words_of(slot->reader->arena, words)));
    return false;
}

static void read_word(const struct slot *slot)
{
    int word = 0;

    if (find_word(slot, slot->doc, &word)) {
        *(int *)(void *)(slot->object + slot->field->offset) = word;
    }
}

static void read_words(const struct slot *slot)
{
    unsigned *out = (void *)(slot->object + slot->field->offset);
    int word = 0;

    if (!value_is_list(slot->reader, slot->doc)) {
        return;
    }
    for (const struct doc *item = slot->doc->first; item != NULL; item = item->next) {
        if (find_word(slot, item, &word)) {
            *out |= 1U << word;
        }
    }
}

static void read_ref(const struct slot *slot)
{
    int *out = (void *)(slot->object + slot->field->offset);
    str id = {0};

    if (value_text(slot->reader, slot->doc, &id)) {
        (void)value_ref(slot->reader, slot->doc, (enum section)slot->field->section, id, out);
    }
}

static void read_refs(const struct slot *slot)
{
    struct ints *out = (void *)(slot->object + slot->field->offset);
    str id = {0};

    if (!value_is_list(slot->reader, slot->doc)) {
        return;
    }
    int *list = ARENA_NEW(slot->reader->arena, int, (size_t)slot->doc->count);
    for (const struct doc *item = slot->doc->first; item != NULL; item = item->next) {
        if (value_text(slot->reader, item, &id) &&
            value_ref(slot->reader, item, (enum section)slot->field->section, id,
                      &list[out->count])) {
            out->count++;
        }
    }
    out->at = list;
}

static void read_set(const struct slot *slot)
{
    uint32_t *out = (void *)(slot->object + slot->field->offset);
    struct ints list = {0};
    struct field as_list = *slot->field;
    struct slot copy = *slot;

    as_list.offset = 0;
    copy.field = &as_list;
    copy.object = (void *)&list;
    read_refs(&copy);
    for (int i = 0; i < list.count; i++) {
        *out |= UINT32_C(1) << list.at[i];
    }
}

static void read_texts(const struct slot *slot)
{
    struct strs *out = (void *)(slot->object + slot->field->offset);

    if (!value_is_list(slot->reader, slot->doc)) {
        return;
    }
    str *list = ARENA_NEW(slot->reader->arena, str, (size_t)slot->doc->count);
    for (const struct doc *item = slot->doc->first; item != NULL; item = item->next) {
        out->count += value_text(slot->reader, item, &list[out->count]) ? 1 : 0;
    }
    out->at = list;
}

static void read_ints(const struct slot *slot)
{
    struct ints *out = (void *)(slot->object + slot->field->offset);
    int64_t value = 0;

    if (!value_is_list(slot->reader, slot->doc)) {
        return;
    }
    int *list = ARENA_NEW(slot->reader->arena, int, (size_t)slot->doc->count);
    for (const struct doc *item = slot->doc->first; item != NULL; item = item->next) {
        if (value_fixed(slot->reader, item, 0, &value) && in_range(slot, value, 0)) {
            list[out->count++] = (int)value;
        }
    }
    out->at = list;
}

static void read_ratio(const struct slot *slot)
{
    int64_t *num = (void *)(slot->object + slot->field->offset);
    int64_t *den = (void *)(slot->object + slot->field->offset2);

    (void)value_ratio(slot->reader, slot->doc, num, den);
}

static void read_formula(const struct slot *slot)
{
    struct formula *out = (void *)(slot->object + slot->field->offset);

    if (value_text(slot->reader, slot->doc, &out->source)) {
        out->place = place_of(slot->doc);
        out->place.file = arena_str(slot->reader->arena, out->place.file);
        out->place.column += slot->doc->quoted ? 1 : 0;
    }
}

static void push(struct queue *queue, const struct doc *doc, const struct shape *shape,
                 char *object)
{
    struct job *job = ARENA_NEW(queue->reader->arena, struct job, 1);

    job->doc = doc;
    job->shape = shape;
    job->object = object;
    if (queue->last == NULL) {
        queue->first = job;
    } else {
        queue->last->next = job;
    }
    queue->last = job;
}

static void read_objects(const struct slot *slot)
{
    const struct shape *shape = slot->field->shape;
    bool fits = slot->field->type == FIELD_MAP ? value_is_map(slot->reader, slot->doc)
                                               : value_is_list(slot->reader, slot->doc);

    if (!fits) {
        return;
    }
    int count = slot->doc->count;
    if (slot->field->max > 0 && count > slot->field->max) {
        SAY_ERROR(slot->reader->problems, place_of_key(slot->doc), MSG_DEFINITION_TOO_MANY,
                  arg_text(str_from(slot->field->key)), arg_count(count),
                  arg_count(slot->field->max));
        return;
    }
    char *objects = arena_take_many(slot->reader->arena, (size_t)count, shape->size);
    int i = 0;
    for (const struct doc *item = slot->doc->first; item != NULL; item = item->next, i++) {
        push(slot->queue, item, shape, objects + (size_t)i * shape->size);
    }
    memcpy(slot->object + slot->field->offset, &objects, sizeof(objects));
    *(int *)(void *)(slot->object + slot->field->offset2) = count;
}

static void read_one(const struct slot *slot)
{
    push(slot->queue, slot->doc, slot->field->shape, slot->object + slot->field->offset);
}

static void read_later(const struct slot *slot)
{
    (void)slot;
}

static void (*const READ[])(const struct slot *slot) = {
    [FIELD_TEXT] = read_text,   [FIELD_NAME] = read_name,       [FIELD_INT] = read_int,
    [FIELD_FIXED] = read_fixed, [FIELD_MONEY] = read_money,     [FIELD_REAL] = read_real,
    [FIELD_BOOL] = read_bool,   [FIELD_DATE] = read_date,       [FIELD_WORD] = read_word,
    [FIELD_WORDS] = read_words, [FIELD_REF] = read_ref,         [FIELD_REFS] = read_refs,
    [FIELD_SET] = read_set,     [FIELD_TEXTS] = read_texts,     [FIELD_INTS] = read_ints,
    [FIELD_RATIO] = read_ratio, [FIELD_FORMULA] = read_formula, [FIELD_ONE] = read_one,
    [FIELD_MAP] = read_objects, [FIELD_LIST] = read_objects,    [FIELD_LATER] = read_later,
};

/* A field that was left out: an error, or what stands for it. */
static void read_absent(const struct slot *slot, const struct job *job)
{
    const struct field *field = slot->field;
    bool is_first = (field->flags & FIELD_FIRST) != 0;
    bool is_only = is_first && slot->reader->ids[field->section].count == 1;
    struct doc text = {
        .kind = DOC_TEXT,
        .key = str_from(field->key),
        .file = job->doc->file,
        .line = job->doc->line,
        .column = job->doc->column,
    };
    struct slot stand_in = *slot;

    stand_in.doc = &text;
    if (is_only) {
        *(int *)(void *)(slot->object + field->offset) = 0;
    } else if (job->doc->kind == DOC_MAP && ((field->flags & FIELD_NEEDED) != 0 || is_first)) {
        SAY_ERROR(slot->reader->problems, place_of_key(job->doc), MSG_DEFINITION_NEEDED,
                  arg_text(job->doc->key), arg_text(text.key));
    } else if ((field->flags & FIELD_OWN_ID) != 0) {
        text.text = job->doc->key;
        READ[field->type](&stand_in);
    } else if (field->fallback != NULL) {
        text.text = str_from(field->fallback);
        READ[field->type](&stand_in);
    }
}

static void say_unknown(struct reader *reader, const struct shape *shape, const struct doc *child)
{
    str near = shape_nearest(shape, child->key);

    if (near.len > 0) {
        SAY_ERROR(reader->problems, place_of_key(child), MSG_DEFINITION_KEY_NEAR,
                  arg_text(child->key), arg_text(near));
    } else {
        SAY_ERROR(reader->problems, place_of_key(child), MSG_DEFINITION_KEY_UNKNOWN,
                  arg_text(child->key));
    }
}

static void begin_object(struct reader *reader, const struct job *job)
{
    if (job->shape->has_id) {
        *(str *)(void *)job->object = arena_str(reader->arena, job->doc->key);
    }
    if (job->shape->place != PLACE_NONE) {
        struct file_place *place = (void *)(job->object + job->shape->place);
        *place = place_of_key(job->doc);
        place->file = arena_str(reader->arena, place->file);
    }
}

static void read_object(struct queue *queue, const struct job *job)
{
    struct slot slot = {.queue = queue, .reader = queue->reader, .object = job->object};

    begin_object(queue->reader, job);
    /* What is no map has no fields: fall-backs stand, so that whatever names it finds an object. */
    const struct doc *fields = value_is_map(queue->reader, job->doc) ? job->doc->first : NULL;
    for (const struct doc *child = fields; child != NULL; child = child->next) {
        if (shape_field(job->shape, child->key) == NULL) {
            say_unknown(queue->reader, job->shape, child);
        }
    }
    for (int i = 0; i < job->shape->count; i++) {
        slot.field = &job->shape->fields[i];
        slot.doc = doc_get(job->doc, str_from(slot.field->key));
        if (slot.field->type == FIELD_REF) {
            *(int *)(void *)(slot.object + slot.field->offset) = NONE;
        }
        if (doc_is_empty(slot.doc)) {
            read_absent(&slot, job);
        } else {
            READ[slot.field->type](&slot);
        }
    }
}

static bool is_id(str id)
{
    for (size_t i = 0; i < id.len; i++) {
        if (strchr(" \t\"'(),|=", id.at[i]) != NULL) {
            return false;
        }
    }
    return id.len > 0 && id.len <= ID_BYTES_MAX;
}

static void learn_ids(struct reader *reader)
{
    for (int section = 0; section < SECTION_COUNT; section++) {
        const struct doc *row = section_first(reader, (enum section)section);
        map_init(&reader->ids[section], reader->arena, 64);
        if (ROOT.fields[section].type != FIELD_MAP) {
            continue;
        }
        for (int place = 0; row != NULL; row = row->next, place++) {
            (void)map_put(&reader->ids[section], row->key, place);
            if (!is_id(row->key)) {
                SAY_ERROR(reader->problems, place_of_key(row), MSG_DEFINITION_ID_BAD,
                          arg_text(row->key));
            }
        }
    }
}

void definition_fill(struct reader *reader)
{
    struct queue queue = {.reader = reader};

    learn_ids(reader);
    push(&queue, reader->root, &ROOT, (char *)reader->out);
    while (queue.first != NULL) {
        const struct job *job = queue.first;
        read_object(&queue, job);
        queue.first = job->next;
    }
}
