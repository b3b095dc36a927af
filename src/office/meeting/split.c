/* Pieces of a Chinese text: lines, sentences, clauses, items, and numbers. */
#include "office/meeting/meeting_in.h"

#include "base/utf8.h"

enum { GROUP_BYTES_MAX = 512, NUMBER_MAX = 9999, REPEAT_PAIRS_MIN = 4, REPEAT_SHARE_PCT = 80 };

struct group {
    str open;
    str close;
    bool holds_semicolon; /* brackets list bodies with ； in between; quotations do not */
};

static const struct group GROUPS[] = {
    {STR_INIT("“"), STR_INIT("”"), false},   {STR_INIT("‘"), STR_INIT("’"), false},
    {STR_INIT("「"), STR_INIT("」"), false}, {STR_INIT("『"), STR_INIT("』"), false},
    {STR_INIT("《"), STR_INIT("》"), false}, {STR_INIT("（"), STR_INIT("）"), true},
    {STR_INIT("("), STR_INIT(")"), true},    {STR_INIT("【"), STR_INIT("】"), true},
    {STR_INIT("\""), STR_INIT("\""), false},
};

static const str ENDS[] = {STR_INIT("。"), STR_INIT("！"), STR_INIT("？"), STR_INIT("!"),
                           STR_INIT("?")};
static const str SEMICOLONS[] = {STR_INIT("；"), STR_INIT(";")};
static const str COMMAS[] = {STR_INIT("，"), STR_INIT(","), STR_INIT("；"), STR_INIT(";")};
static const str ITEM_MARKS[] = {STR_INIT("、")};
static const str COLONS[] = {STR_INIT("："), STR_INIT(":")};

static const str DIGITS[] = {
    STR_INIT("〇"), STR_INIT("一"), STR_INIT("二"), STR_INIT("三"), STR_INIT("四"), STR_INIT("五"),
    STR_INIT("六"), STR_INIT("七"), STR_INIT("八"), STR_INIT("九"), STR_INIT("十"), STR_INIT("两"),
};
enum { DIGIT_TEN = 10, DIGIT_TWO_AGAIN = 11 };

/* The bytes of the mark of the set that stands at `place`. */
static size_t mark_at(str s, size_t place, const str *marks, size_t count)
{
    str here = after(s, place);

    for (size_t i = 0; i < count; i++) {
        if (str_starts(here, marks[i])) {
            return marks[i].len;
        }
    }
    return 0;
}

#define MARK_AT(s, place, marks) mark_at((s), (place), (marks), COUNT_OF(marks))

str after(str s, size_t at)
{
    return str_part(s, at, s.len);
}

str span(str from, str to)
{
    return (str){from.at, (size_t)(to.at - from.at) + to.len};
}

size_t split_char(str s, size_t place)
{
    size_t next = place;
    uint32_t point = 0;

    return utf8_next(s, &next, &point) ? next - place : 0;
}

static const struct group *group_opening(str s, size_t place)
{
    str here = after(s, place);

    for (size_t i = 0; i < COUNT_OF(GROUPS); i++) {
        if (str_starts(here, GROUPS[i].open)) {
            return &GROUPS[i];
        }
    }
    return NULL;
}

size_t split_group(str s, size_t place)
{
    const struct group *group = group_opening(s, place);
    int depth = 1;

    if (group == NULL) {
        return 0;
    }
    str inner = str_part(s, place, GROUP_BYTES_MAX);
    for (size_t at = group->open.len; at < inner.len; at += split_char(inner, at)) {
        str here = after(inner, at);
        if (str_starts(here, group->close)) {
            depth--;
        } else if (str_starts(here, group->open)) {
            depth++;
        }
        if (depth == 0) {
            return at + group->close.len;
        }
        if (MARK_AT(inner, at, ENDS) > 0 ||
            (!group->holds_semicolon && MARK_AT(inner, at, SEMICOLONS) > 0)) {
            return 0;
        }
    }
    return 0;
}

bool split_line(str *rest, str *out_line)
{
    while (rest->len > 0) {
        size_t len = 0;
        while (len < rest->len && rest->at[len] != '\n' && rest->at[len] != '\r') {
            len++;
        }
        *out_line = str_trim(str_part(*rest, 0, len));
        *rest = after(*rest, len < rest->len ? len + 1 : len);
        if (out_line->len > 0) {
            return true;
        }
    }
    return false;
}

/* What closes a quotation stays with the sentence that ends inside it. */
static size_t closers_at(str s, size_t place)
{
    for (size_t i = 0; i < COUNT_OF(GROUPS); i++) {
        if (GROUPS[i].open.at[0] != '"' && str_starts(after(s, place), GROUPS[i].close)) {
            return GROUPS[i].close.len;
        }
    }
    return 0;
}

bool split_sentence(str *rest, str *out_sentence)
{
    size_t at = 0;

    *rest = str_trim(*rest);
    if (rest->len == 0) {
        return false;
    }
    while (at < rest->len && at <= REPORT_SENTENCE_BYTES_MAX) {
        size_t end = MARK_AT(*rest, at, ENDS) + MARK_AT(*rest, at, SEMICOLONS);
        if (end > 0) {
            at += end;
            while ((end = MARK_AT(*rest, at, ENDS) + closers_at(*rest, at)) > 0) {
                at += end;
            }
            break;
        }
        size_t group = split_group(*rest, at);
        at += group > 0 ? group : split_char(*rest, at);
    }
    *out_sentence = str_part(*rest, 0, at);
    *rest = after(*rest, at);
    return true;
}

static bool is_digit_at(str s, size_t place)
{
    return place < s.len && s.at[place] >= '0' && s.at[place] <= '9';
}

/* "18,851" is one number. */
static bool is_thousands(str s, size_t place)
{
    return s.at[place] == ',' && place > 0 && is_digit_at(s, place - 1) &&
           is_digit_at(s, place + 1) && is_digit_at(s, place + 2) && is_digit_at(s, place + 3);
}

static bool split_at(str *rest, const str *marks, size_t mark_count, str *out_piece)
{
    size_t at = 0;
    size_t mark = 0;

    *rest = str_trim(*rest);
    if (rest->len == 0) {
        return false;
    }
    while (at < rest->len) {
        mark = is_thousands(*rest, at) ? 0 : mark_at(*rest, at, marks, mark_count);
        if (mark > 0) {
            break;
        }
        size_t group = split_group(*rest, at);
        at += group > 0 ? group : split_char(*rest, at);
    }
    *out_piece = str_trim(str_part(*rest, 0, at));
    *rest = after(*rest, at + mark);
    return true;
}

str strip_closing(str s)
{
    static const str MARKS[] = {
        STR_INIT("。"), STR_INIT("！"), STR_INIT("？"), STR_INIT("；"),
        STR_INIT("，"), STR_INIT("："), STR_INIT(":"),  STR_INIT("!"),
        STR_INIT("?"),  STR_INIT(";"),  STR_INIT(","),
    };
    bool again = true;

    while (again) {
        again = false;
        s = str_trim(s);
        for (size_t i = 0; i < COUNT_OF(MARKS); i++) {
            if (str_ends(s, MARKS[i])) {
                s = str_part(s, 0, s.len - MARKS[i].len);
                again = true;
            }
        }
    }
    return s;
}

/* "做到：一是…": the bytes up to behind the colon, 0 when no number follows one. */
static size_t announcement(str clause)
{
    int ignored = 0;

    for (size_t at = 0; at < clause.len; at += split_char(clause, at)) {
        size_t mark = MARK_AT(clause, at, COLONS);
        str behind = after(clause, at + mark);
        size_t digits = mark == 0 ? 0 : number_read(behind, &ignored);
        if (mark > 0 && (str_starts(behind, STR("第")) ||
                         (digits > 0 && (str_starts(after(behind, digits), STR("是")) ||
                                         str_starts(after(behind, digits), STR("要")))))) {
            return at + mark;
        }
    }
    return 0;
}

bool split_clause(str *rest, str *out_clause)
{
    while (split_at(rest, COMMAS, COUNT_OF(COMMAS), out_clause)) {
        size_t bytes = announcement(*out_clause);
        if (bytes > 0) {
            *rest = span(after(*out_clause, bytes), *rest);
            *out_clause = str_part(*out_clause, 0, bytes);
        }
        *out_clause = strip_closing(*out_clause);
        if (out_clause->len > 0) {
            return true;
        }
    }
    return false;
}

bool split_item(str *rest, str *out_item)
{
    while (split_at(rest, ITEM_MARKS, COUNT_OF(ITEM_MARKS), out_item)) {
        if (out_item->len > 0) {
            return true;
        }
    }
    return false;
}

bool split_label(str s, str *out_label, str *out_value)
{
    for (size_t at = 0; at < s.len; at += split_char(s, at)) {
        size_t mark = MARK_AT(s, at, COLONS);
        if (mark > 0) {
            *out_label = str_trim(str_part(s, 0, at));
            *out_value = str_trim(after(s, at + mark));
            return true;
        }
    }
    return false;
}

str strip_adverbs(str s)
{
    str word = word_at_start(WORDS_ADVERB, s);

    while (word.len > 0 && word.len < s.len) {
        s = str_trim(after(s, word.len));
        word = word_at_start(WORDS_ADVERB, s);
    }
    return s;
}

str strip_also(str s)
{
    str word = word_at_end(WORDS_ALSO, s);

    while (word.len > 0) {
        s = str_trim(str_part(s, 0, s.len - word.len));
        word = word_at_end(WORDS_ALSO, s);
    }
    return s;
}

/* One digit at the start of `s`, ASCII, full width or Chinese; its bytes. */
static size_t digit_read(str s, int *out)
{
    size_t place = 0;
    uint32_t point = 0;

    if (!utf8_next(s, &place, &point)) {
        return 0;
    }
    if ((point >= '0' && point <= '9') || (point >= 0xFF10 && point <= 0xFF19)) {
        *out = (int)(point >= 0xFF10 ? point - 0xFF10 : point - '0');
        return place;
    }
    for (int i = 0; i < (int)COUNT_OF(DIGITS); i++) {
        if (str_starts(s, DIGITS[i])) {
            *out = i == DIGIT_TWO_AGAIN ? 2 : i;
            return DIGITS[i].len;
        }
    }
    return 0;
}

/* Digits in a row are a number by places (2024, 二〇二四); 十 multiplies by ten (二十七). */
size_t number_read(str s, int *out)
{
    size_t at = 0;
    size_t step = 0;
    int digit = 0;
    int total = 0;
    bool after_ten = false;

    while ((step = digit_read(after(s, at), &digit)) > 0) {
        if (digit == DIGIT_TEN) {
            total = (total == 0 ? 1 : total) * 10;
        } else {
            total = after_ten ? total + digit : total * 10 + digit;
        }
        after_ten = digit == DIGIT_TEN;
        total = total > NUMBER_MAX ? NUMBER_MAX : total;
        at += step;
    }
    *out = total;
    return at;
}

bool says_again(str later, str earlier)
{
    size_t pairs = 0;
    size_t missing = 0;
    size_t chars = 0;

    for (size_t at = 0; at < later.len; at += split_char(later, at)) {
        chars++;
    }
    size_t missing_max = (chars - 1) * (100 - REPEAT_SHARE_PCT) / 100;
    for (size_t at = 0; chars > REPEAT_PAIRS_MIN && pairs + 1 < chars; pairs++) {
        size_t first = split_char(later, at);
        str pair = str_part(later, at, first + split_char(later, at + first));
        missing += str_find(earlier, pair) == STR_NONE ? 1 : 0;
        if (missing > missing_max) {
            return false;
        }
        at += first;
    }
    return pairs >= REPEAT_PAIRS_MIN;
}
