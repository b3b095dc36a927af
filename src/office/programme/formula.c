/* Formulas as people read them. */
#include "base/buf.h"
#include "base/must.h"
#include "office/programme/programme.h"

enum { SHOWN_BYTES_MAX = 32 * 1024 };

struct showing {
    const struct programme *programme;
    enum lang lang;
    const struct indicator *last; /* the enumeration whose values are spoken of */
    struct buf out;
};

static const struct {
    str written;
    str shown;
} SIGNS[] = {
    {STR_INIT(">="), STR_INIT("≥")},
    {STR_INIT("<="), STR_INIT("≤")},
    {STR_INIT("<>"), STR_INIT("≠")},
};

static const struct {
    str written;
    enum msg_id shown;
} WORDS[] = {
    {STR_INIT("and"), MSG_FORMULA_AND},
    {STR_INIT("or"), MSG_FORMULA_OR},
    {STR_INIT("not"), MSG_FORMULA_NOT},
    {STR_INIT("if"), MSG_FORMULA_IF},
};

static bool is_word_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static size_t word_length(str rest)
{
    size_t len = 0;

    while (len < rest.len && is_word_byte(rest.at[len])) {
        len++;
    }
    return len;
}

static void show_word(struct showing *in, str word)
{
    int place = programme_indicator(in->programme, word);

    if (place != NONE) {
        const struct indicator *indicator = &in->programme->indicators[place];
        in->last = indicator->type == VALUE_ENUM ? indicator : in->last;
        buf_put(&in->out, text_in(indicator->name, in->lang));
        return;
    }
    for (size_t i = 0; i < COUNT_OF(WORDS); i++) {
        if (str_equal(word, WORDS[i].written)) {
            buf_put(&in->out, msg_text(in->lang, WORDS[i].shown));
            return;
        }
    }
    buf_put(&in->out, word);
}

/* `id` without its quotation marks: a value of the enumeration named before it. */
static void show_choice(struct showing *in, str id)
{
    for (int i = 0; in->last != NULL && i < in->last->choice_count; i++) {
        if (str_equal(in->last->choices[i].id, id)) {
            buf_put(&in->out, text_in(in->last->choices[i].name, in->lang));
            return;
        }
    }
    buf_put(&in->out, id);
}

/* The length of what stands at the front of `rest`, shown. */
static size_t show_piece(struct showing *in, str rest)
{
    size_t word = word_length(rest);
    size_t end = rest.at[0] == '"' ? str_find(str_part(rest, 1, rest.len), STR("\"")) : STR_NONE;

    if (word > 0) {
        show_word(in, str_part(rest, 0, word));
        return word;
    }
    if (end != STR_NONE) {
        show_choice(in, str_part(rest, 1, end));
        return end + 2;
    }
    for (size_t i = 0; i < COUNT_OF(SIGNS); i++) {
        if (str_starts(rest, SIGNS[i].written)) {
            buf_put(&in->out, SIGNS[i].shown);
            return SIGNS[i].written.len;
        }
    }
    buf_char(&in->out, rest.at[0]);
    return 1;
}

str programme_formula(const struct programme *programme, str source, enum lang lang,
                      struct arena *arena)
{
    struct showing in = {.programme = programme, .lang = lang};
    str shown = {0};

    buf_init(&in.out, arena, SHOWN_BYTES_MAX);
    while (source.len > 0) {
        source = str_part(source, show_piece(&in, source), source.len);
    }
    return buf_done(&in.out, &shown) ? shown : source;
}
