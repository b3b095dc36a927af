/* What a ledger may say: headings, gauges, choices and words of a programme, folded for look-up. */
#include "base/fold.h"
#include "office/collect/ledger_in.h"

enum { FOLD_BYTES_MAX = 1 << 17 };

str ledger_fold(struct ledger *ledger, str text)
{
    struct buf buf;
    str folded = {0};

    buf_init(&buf, ledger->cx->arena, FOLD_BYTES_MAX);
    fold_put(&buf, str_trim(text));
    return buf_done(&buf, &folded) ? str_trim(folded) : STR("");
}

/* A heading that two things claim is nobody's. */
static void learn_heading(struct ledger *ledger, str text, int64_t meaning)
{
    struct map *headings = &ledger->state->headings;
    struct heading heading = heading_of(text, ledger->cx->arena);
    const str forms[] = {heading.whole, heading.name};

    for (size_t i = 0; i < COUNT_OF(forms); i++) {
        int64_t known = meaning;
        bool is_taken = map_get(headings, forms[i], &known) && known != meaning;
        if (forms[i].len > 0) {
            (void)map_put(headings, forms[i], is_taken ? HEAD_SEVERAL : meaning);
        }
    }
}

static void learn_texts(struct ledger *ledger, struct strs texts, int64_t meaning)
{
    for (int i = 0; i < texts.count; i++) {
        learn_heading(ledger, texts.at[i], meaning);
    }
}

static void learn_indicator(struct ledger *ledger, int place)
{
    const struct indicator *indicator = &ledger->job.programme->indicators[place];

    learn_heading(ledger, indicator->id, place);
    learn_heading(ledger, indicator->name.zh, place);
    learn_heading(ledger, indicator->name.en, place);
    learn_texts(ledger, indicator->aliases, place);
}

static void learn_choices(struct ledger *ledger, int place)
{
    const struct indicator *indicator = &ledger->job.programme->indicators[place];
    struct map *choices = &ledger->state->choices[place];

    map_init(choices, ledger->cx->arena, (size_t)indicator->choice_count * 4);
    for (int i = 0; i < indicator->choice_count; i++) {
        const struct choice *choice = &indicator->choices[i];
        (void)map_put(choices, ledger_fold(ledger, choice->id), choice->number);
        (void)map_put(choices, ledger_fold(ledger, choice->name.zh), choice->number);
        (void)map_put(choices, ledger_fold(ledger, choice->name.en), choice->number);
        for (int k = 0; k < choice->aliases.count; k++) {
            (void)map_put(choices, ledger_fold(ledger, choice->aliases.at[k]), choice->number);
        }
    }
}

static void learn_indicators(struct ledger *ledger)
{
    const struct programme *programme = ledger->job.programme;
    size_t count = (size_t)programme->indicator_count;

    ledger->state->choices = ARENA_NEW(ledger->cx->arena, struct map, count);
    for (int i = 0; i < programme->indicator_count; i++) {
        bool is_of_level = (programme->indicators[i].levels >> ledger->job.level & 1U) != 0;
        if (is_of_level && programme->indicators[i].formula.code == NULL) {
            learn_indicator(ledger, i);
            learn_choices(ledger, i);
        }
    }
}

static void learn_units(struct ledger *ledger)
{
    const struct programme *programme = ledger->job.programme;

    learn_texts(ledger, programme->spellings.code_heads, HEAD_CODE);
    for (int i = 0; i <= ledger->job.level; i++) {
        learn_heading(ledger, programme->levels[i].name.zh, HEAD_LEVEL - i);
        learn_heading(ledger, programme->levels[i].name.en, HEAD_LEVEL - i);
        learn_texts(ledger, programme->levels[i].heads, HEAD_LEVEL - i);
    }
}

/* Gauges stand in headings, and are known in the form of headings. */
static void learn_gauges(struct ledger *ledger)
{
    const struct programme *programme = ledger->job.programme;
    struct arena *arena = ledger->cx->arena;

    for (int i = 0; i < programme->gauge_count; i++) {
        const struct gauge *gauge = &programme->gauges[i];
        for (int k = 0; k < gauge->spellings.count; k++) {
            str spelling = heading_of(gauge->spellings.at[k], arena).whole;
            (void)map_put(&ledger->state->gauges, spelling, i);
        }
    }
}

static void learn_words(struct ledger *ledger, struct strs texts, enum word word)
{
    for (int i = 0; i < texts.count; i++) {
        (void)map_put(&ledger->state->words, ledger_fold(ledger, texts.at[i]), word);
    }
}

/* A total is often spaced out to fill its cell ("合  计"): its words are known as headings are. */
static void learn_totals(struct ledger *ledger, struct strs texts)
{
    for (int i = 0; i < texts.count; i++) {
        str word = heading_of(texts.at[i], ledger->cx->arena).whole;
        (void)map_put(&ledger->state->words, word, WORD_TOTAL);
    }
}

enum rc ledger_learn(struct ledger *ledger)
{
    const struct spellings *spellings = &ledger->job.programme->spellings;
    struct ledger_state *state = ledger->state;
    struct arena *arena = ledger->cx->arena;

    map_init(&state->headings, arena, 2048);
    map_init(&state->gauges, arena, 256);
    map_init(&state->words, arena, 128);
    learn_indicators(ledger);
    learn_units(ledger);
    learn_gauges(ledger);
    learn_words(ledger, spellings->yes, WORD_YES);
    learn_words(ledger, spellings->no, WORD_NO);
    learn_words(ledger, spellings->not_reported, WORD_NOT_REPORTED);
    learn_words(ledger, spellings->not_applicable, WORD_NOT_APPLICABLE);
    learn_totals(ledger, spellings->totals);
    return RC_OK;
}
