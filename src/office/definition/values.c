/* Values as people write them, and what to say when they are wrong. */
#include "base/num.h"
#include "office/definition/reader.h"

enum { CLASS_VALUE_MAX = 1000000 };

bool value_expected(struct reader *reader, const struct doc *doc, enum msg_id what)
{
    bool is_key = doc->key.len > 0;

    if (is_key) {
        SAY_ERROR(reader->problems, place_of(doc), MSG_DEFINITION_EXPECTED_AT, arg_text(doc->key),
                  arg_msg(what));
    } else {
        SAY_ERROR(reader->problems, place_of(doc), MSG_DEFINITION_EXPECTED, arg_msg(what));
    }
    return false;
}

bool value_is_map(struct reader *reader, const struct doc *doc)
{
    return doc->kind == DOC_MAP || value_expected(reader, doc, MSG_DEFINITION_A_MAP);
}

bool value_is_list(struct reader *reader, const struct doc *doc)
{
    return doc->kind == DOC_LIST || value_expected(reader, doc, MSG_DEFINITION_A_LIST);
}

bool value_text(struct reader *reader, const struct doc *doc, str *out)
{
    if (doc->kind != DOC_TEXT || doc->text.len == 0) {
        return value_expected(reader, doc, MSG_DEFINITION_A_TEXT);
    }
    *out = arena_str(reader->arena, doc->text);
    return true;
}

bool value_fixed(struct reader *reader, const struct doc *doc, int decimals, int64_t *out)
{
    if (doc->kind == DOC_TEXT && num_parse_fixed(doc->text, decimals, out)) {
        return true;
    }
    if (decimals == 0) {
        return value_expected(reader, doc, MSG_DEFINITION_A_WHOLE);
    }
    SAY_ERROR(reader->problems, place_of(doc), MSG_DEFINITION_EXPECTED_DECIMALS, arg_text(doc->key),
              arg_count(decimals));
    return false;
}

bool value_real(struct reader *reader, const struct doc *doc, double *out)
{
    int64_t scaled = 0;

    for (int decimals = 0; doc->kind == DOC_TEXT && decimals <= NUM_DECIMALS_MAX; decimals++) {
        if (num_parse_fixed(doc->text, decimals, &scaled)) {
            *out = num_to_double(scaled, decimals);
            return true;
        }
    }
    return value_expected(reader, doc, MSG_DEFINITION_A_NUMBER);
}

bool value_ratio(struct reader *reader, const struct doc *doc, int64_t *out_num, int64_t *out_den)
{
    str rest = doc->text;
    str num = {0};
    str den = STR("1");

    if (doc->kind == DOC_TEXT && str_cut(&rest, '/', &num)) {
        den = rest.len > 0 ? rest : den;
        if (num_parse_int(str_trim(num), 1, INT32_MAX, out_num) &&
            num_parse_int(str_trim(den), 1, INT32_MAX, out_den)) {
            return true;
        }
    }
    *out_num = *out_den = 1;
    return value_expected(reader, doc, MSG_DEFINITION_A_RATIO);
}

bool value_ref(struct reader *reader, const struct doc *doc, enum section section, str id, int *out)
{
    int64_t found = 0;
    struct nearest near;

    if (map_get(&reader->ids[section], id, &found)) {
        *out = (int)found;
        return true;
    }
    nearest_begin(&near, id);
    for (const struct doc *row = section_first(reader, section); row != NULL; row = row->next) {
        nearest_offer(&near, row->key);
    }
    str where = str_from(ROOT.fields[section].key);
    if (near.best.len > 0) {
        SAY_ERROR(reader->problems, place_of(doc), MSG_DEFINITION_REF_NEAR, arg_text(where),
                  arg_text(id), arg_text(near.best));
    } else {
        SAY_ERROR(reader->problems, place_of(doc), MSG_DEFINITION_REF_UNKNOWN, arg_text(where),
                  arg_text(id));
    }
    return false;
}

static bool find_choice(struct reader *reader, const struct doc *doc,
                        const struct indicator *indicator, str id, int64_t *out)
{
    struct nearest near;

    nearest_begin(&near, id);
    for (int i = 0; i < indicator->choice_count; i++) {
        if (str_equal(indicator->choices[i].id, id)) {
            *out = indicator->choices[i].number;
            return true;
        }
        nearest_offer(&near, indicator->choices[i].id);
    }
    if (near.best.len > 0) {
        SAY_ERROR(reader->problems, place_of(doc), MSG_DEFINITION_REF_NEAR, arg_text(indicator->id),
                  arg_text(id), arg_text(near.best));
    } else {
        SAY_ERROR(reader->problems, place_of(doc), MSG_DEFINITION_REF_UNKNOWN,
                  arg_text(indicator->id), arg_text(id));
    }
    return false;
}

/* A value as people write it, scaled: a decimal, true or false, the id of a choice. */
bool value_of(struct reader *reader, const struct doc *doc, const struct indicator *indicator,
              int64_t *out)
{
    str text = {0};

    if (indicator->type == VALUE_ENUM) {
        return value_text(reader, doc, &text) && find_choice(reader, doc, indicator, text, out);
    }
    if (indicator->type == VALUE_BOOLEAN && doc->kind == DOC_TEXT) {
        *out = str_equal(doc->text, STR("true")) || str_equal(doc->text, STR("1"));
        if (*out == 1 || str_equal(doc->text, STR("false")) || str_equal(doc->text, STR("0"))) {
            return true;
        }
        SAY_ERROR(reader->problems, place_of(doc), MSG_DEFINITION_EXPECTED_AT, arg_text(doc->key),
                  arg_msg(MSG_DEFINITION_A_BOOL));
        return false;
    }
    return value_fixed(reader, doc, indicator->decimals, out);
}

bool value_real_of(struct reader *reader, const struct doc *doc, const struct indicator *indicator,
                   double *out)
{
    int64_t scaled = 0;

    if (indicator->type == VALUE_ENUM || indicator->type == VALUE_BOOLEAN) {
        bool is_read = value_of(reader, doc, indicator, &scaled);
        *out = (double)scaled;
        return is_read;
    }
    return value_real(reader, doc, out);
}

/* By hand-made classes: `doc` holds one number for all, or one for each value of `indicator`. */
static bool read_class(struct reader *reader, const struct doc *item, const struct indicator *of,
                       int decimals, int *out)
{
    int64_t place = 0;
    int64_t value = 0;

    if (!find_choice(reader, item, of, item->key, &place) ||
        !value_fixed(reader, item, decimals, &value)) {
        return false;
    }
    if (value < 0 || value > CLASS_VALUE_MAX) {
        return value_expected(reader, item, MSG_DEFINITION_NOT_NEGATIVE);
    }
    out[place] = (int)value;
    return true;
}

/* One number for all. */
static bool fill_classes(struct reader *reader, const struct doc *doc, int decimals, int count,
                         int *out)
{
    int64_t value = 0;

    if (!value_fixed(reader, doc, decimals, &value)) {
        return false;
    }
    if (value < 0 || value > CLASS_VALUE_MAX) {
        return value_expected(reader, doc, MSG_DEFINITION_NOT_NEGATIVE);
    }
    for (int i = 0; i < count; i++) {
        out[i] = (int)value;
    }
    return true;
}

const int *value_by_choice(struct reader *reader, const struct doc *doc, int indicator,
                           int decimals)
{
    const struct indicator *of = indicator == NONE ? NULL : &reader->out->indicators[indicator];
    bool has_classes = of != NULL && of->type == VALUE_ENUM;
    int count = has_classes ? (int)of->max + 1 : 1;
    int *out = ARENA_NEW(reader->arena, int, (size_t)count);
    int found = 0;

    if (doc->kind == DOC_TEXT || !has_classes) {
        (void)fill_classes(reader, doc, decimals, count, out);
        return out;
    }
    if (!value_is_map(reader, doc)) {
        return out;
    }
    for (const struct doc *item = doc->first; item != NULL; item = item->next) {
        found += read_class(reader, item, of, decimals, out) ? 1 : 0;
    }
    if (found != of->choice_count) {
        SAY_ERROR(reader->problems, place_of(doc), MSG_DEFINITION_CLASS_MISSING, arg_text(doc->key),
                  arg_text(of->id));
    }
    return out;
}

const struct doc *value_given(const struct doc *object, const char *key)
{
    const struct doc *found = doc_get(object, str_from(key));

    return doc_is_empty(found) ? NULL : found;
}

void *thaw(const void *frozen)
{
    void *out = NULL;

    memcpy(&out, &frozen, sizeof(out));
    return out;
}
