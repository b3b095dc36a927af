/* Text to tokens. The signs of a Chinese keyboard mean the same as their ASCII twins. */
#include "base/num.h"
#include "base/utf8.h"
#include "calc/expr/expr_in.h"

struct sign {
    str text;
    enum token_kind kind;
    enum op op;
};

/* Longer signs before those they begin with. */
static const struct sign SIGNS[] = {
    {STR_INIT("<="), TOKEN_OP, OP_LESS_EQUAL},
    {STR_INIT("≤"), TOKEN_OP, OP_LESS_EQUAL},
    {STR_INIT(">="), TOKEN_OP, OP_GREATER_EQUAL},
    {STR_INIT("≥"), TOKEN_OP, OP_GREATER_EQUAL},
    {STR_INIT("<>"), TOKEN_OP, OP_UNEQUAL},
    {STR_INIT("≠"), TOKEN_OP, OP_UNEQUAL},
    {STR_INIT("="), TOKEN_OP, OP_EQUAL},
    {STR_INIT("＝"), TOKEN_OP, OP_EQUAL},
    {STR_INIT("<"), TOKEN_OP, OP_LESS},
    {STR_INIT("＜"), TOKEN_OP, OP_LESS},
    {STR_INIT(">"), TOKEN_OP, OP_GREATER},
    {STR_INIT("＞"), TOKEN_OP, OP_GREATER},
    {STR_INIT("+"), TOKEN_OP, OP_ADD},
    {STR_INIT("＋"), TOKEN_OP, OP_ADD},
    {STR_INIT("-"), TOKEN_OP, OP_SUBTRACT},
    {STR_INIT("－"), TOKEN_OP, OP_SUBTRACT},
    {STR_INIT("−"), TOKEN_OP, OP_SUBTRACT},
    {STR_INIT("*"), TOKEN_OP, OP_MULTIPLY},
    {STR_INIT("×"), TOKEN_OP, OP_MULTIPLY},
    {STR_INIT("/"), TOKEN_OP, OP_DIVIDE},
    {STR_INIT("÷"), TOKEN_OP, OP_DIVIDE},
    {STR_INIT("／"), TOKEN_OP, OP_DIVIDE},
    {STR_INIT("("), TOKEN_OPEN, OP_NUMBER},
    {STR_INIT("（"), TOKEN_OPEN, OP_NUMBER},
    {STR_INIT(")"), TOKEN_CLOSE, OP_NUMBER},
    {STR_INIT("）"), TOKEN_CLOSE, OP_NUMBER},
    {STR_INIT(","), TOKEN_COMMA, OP_NUMBER},
    {STR_INIT("，"), TOKEN_COMMA, OP_NUMBER},
    {STR_INIT("%"), TOKEN_PERCENT, OP_NUMBER},
    {STR_INIT("％"), TOKEN_PERCENT, OP_NUMBER},
};

/* Opening and closing quotes. */
static const str QUOTES[][2] = {
    {STR_INIT("\""), STR_INIT("\"")},
    {STR_INIT("'"), STR_INIT("'")},
    {STR_INIT("“"), STR_INIT("”")},
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

struct arg expr_at(const struct compiler *c, size_t at)
{
    return arg_count((int64_t)utf8_count(str_part(c->text, 0, at)) + 1);
}

static bool take(struct compiler *c, enum token_kind kind, size_t len)
{
    c->token.kind = kind;
    c->token.begin = c->place;
    c->token.end = c->place + len;
    c->token.text = str_part(c->text, c->place, len);
    c->place += len;
    return true;
}

static void skip_blanks(struct compiler *c)
{
    str rest = str_part(c->text, c->place, c->text.len);
    str kept = str_trim(rest);

    c->place = kept.len == 0 ? c->text.len : (size_t)(kept.at - c->text.at);
}

static bool take_sign(struct compiler *c, str rest)
{
    for (size_t i = 0; i < COUNT_OF(SIGNS); i++) {
        if (str_starts(rest, SIGNS[i].text)) {
            c->token.op = SIGNS[i].op;
            return take(c, SIGNS[i].kind, SIGNS[i].text.len);
        }
    }
    return false;
}

/* A quote opens here: `*quoted`. What it holds is everything up to its twin. */
static bool take_quoted(struct compiler *c, str rest, bool *quoted)
{
    for (size_t i = 0; i < COUNT_OF(QUOTES); i++) {
        if (!str_starts(rest, QUOTES[i][0])) {
            continue;
        }
        str inside = str_part(rest, QUOTES[i][0].len, rest.len);
        size_t len = str_find(inside, QUOTES[i][1]);
        *quoted = true;
        if (len == STR_NONE) {
            return false;
        }
        (void)take(c, TOKEN_TEXT, QUOTES[i][0].len + len + QUOTES[i][1].len);
        c->token.text = str_part(inside, 0, len);
        return true;
    }
    return false;
}

static bool take_number(struct compiler *c, str rest)
{
    size_t len = 0;

    while (len < rest.len && (is_digit(rest.at[len]) || (len > 0 && rest.at[len] == '.'))) {
        len++;
    }
    return len > 0 && take(c, TOKEN_NUMBER, len);
}

/* Signs, quotes and blanks that are not ASCII end a name; other characters beyond ASCII are
 * letters, whatever the script. */
static bool ends_name(str rest)
{
    if ((unsigned char)rest.at[0] < 0x80) {
        return !is_letter(rest.at[0]) && !is_digit(rest.at[0]) && rest.at[0] != '.';
    }
    for (size_t i = 0; i < COUNT_OF(SIGNS); i++) {
        if (str_starts(rest, SIGNS[i].text)) {
            return true;
        }
    }
    return str_starts(rest, STR("“")) || str_starts(rest, STR("”")) || str_trim(rest).at != rest.at;
}

static bool take_name(struct compiler *c, str rest)
{
    size_t len = 0;
    uint32_t point = 0;

    while (len < rest.len && !ends_name(str_part(rest, len, rest.len))) {
        (void)utf8_next(rest, &len, &point);
    }
    return len > 0 && rest.at[0] != '.' && take(c, TOKEN_NAME, len);
}

enum rc expr_lex(struct compiler *c)
{
    bool quoted = false;

    skip_blanks(c);
    str rest = str_part(c->text, c->place, c->text.len);
    if (rest.len == 0) {
        (void)take(c, TOKEN_END, 0);
        return RC_OK;
    }
    if (take_sign(c, rest) || take_quoted(c, rest, &quoted)) {
        return RC_OK;
    }
    if (quoted) {
        return err_set(c->err, RC_INVALID, MSG_EXPR_QUOTE, expr_at(c, c->place));
    }
    if (take_number(c, rest) || take_name(c, rest)) {
        return RC_OK;
    }
    size_t len = 0;
    uint32_t point = 0;
    (void)utf8_next(rest, &len, &point);
    return err_set(c->err, RC_INVALID, MSG_EXPR_CHARACTER, expr_at(c, c->place),
                   arg_text(str_part(rest, 0, len)));
}

str expr_nearest(str word, const str *words, size_t count)
{
    size_t best = word.len / 3 + 2;
    str found = STR("");

    for (size_t i = 0; i < count; i++) {
        size_t distance = str_distance(word, words[i], best);
        if (distance < best) {
            best = distance;
            found = words[i];
        }
    }
    return found;
}
