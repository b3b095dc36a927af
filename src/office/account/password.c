/* Which passwords are too usual to keep anything: words and patterns, not a stored list. */
#include "office/account/person.h"

#include "base/utf8.h"
#include "crypt/crypt.h"

enum { CORE_BYTES_MIN = 4, PERIOD_MAX = 4, RUN_MIN = 4 };

/* What people choose first, in letters alone; digits and signs around and letters spelt by digits
 * are taken off before. */
static const char *const WORDS[] = {
    "password", "passwd",     "pass",     "admin",    "administrator", "root",     "user",
    "guest",    "login",      "welcome",  "hello",    "letmein",       "master",   "secret",
    "default",  "changeme",   "test",     "temp",     "demo",          "system",   "manager",
    "office",   "server",     "computer", "internet", "windows",       "monkey",   "dragon",
    "sunshine", "princess",   "football", "baseball", "superman",      "batman",   "iloveyou",
    "love",     "trustno",    "shadow",   "michael",  "jordan",        "freedom",  "whatever",
    "summer",   "winter",     "spring",   "autumn",   "qwerty",        "asdf",     "zxcv",
    "abc",      "abcd",       "wancun",   "village",  "china",         "zhongguo", "beijing",
    "shanghai", "woaini",     "aini",     "nihao",    "mima",          "miyao",    "denglu",
    "guanli",   "guanliyuan", "xitong",   "bangong",  "zhengfu",       "nongban",  "xiangcun",
    "zhenxing", "wangluo",    "diannao",  "huanying", "qingqing",      "baobao",   "mama",
    "baba",     "laopo",      "laogong",  "wang",     "zhang",         "liu",      "chen",
    "yang",     "zhao",       "huang",    "zhou",
};

static const char *const ROWS[] = {
    "abcdefghijklmnopqrstuvwxyz",           "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p", "!@#$%^&*()",
};

static char lower(char c)
{
    return (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

/* A letter for what stands for one: p@ssw0rd. */
static char spelt(char c)
{
    static const char FROM[] = "@40!13$57";
    static const char TO[] = "aaoiiesst";
    const char *at = strchr(FROM, c);

    if (c == '\0' || at == NULL) {
        return c;
    }
    return TO[at - FROM];
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (unsigned char)c >= 0x80;
}

/* The letters between what is put around a word to make it look like a password. */
static str core_of(str text)
{
    size_t begin = 0;
    size_t end = text.len;

    while (begin < end && !is_letter(text.at[begin])) {
        begin++;
    }
    while (end > begin && !is_letter(text.at[end - 1])) {
        end--;
    }
    return str_part(text, begin, end - begin);
}

static str longest_word(str text)
{
    str best = STR("");

    for (size_t i = 0; i < COUNT_OF(WORDS); i++) {
        str word = str_from(WORDS[i]);
        if (word.len > best.len && str_starts(text, word)) {
            best = word;
        }
    }
    return best;
}

/* Words and nothing else, one after another. */
static bool is_made_of_words(str text)
{
    while (text.len > 0) {
        str word = longest_word(text);
        if (word.len == 0) {
            return false;
        }
        text = str_part(text, word.len, text.len - word.len);
    }
    return true;
}

/* A piece of at most PERIOD_MAX bytes again and again. */
static bool is_repeated(str text)
{
    for (size_t period = 1; period <= PERIOD_MAX; period++) {
        size_t i = period;
        while (i < text.len && text.at[i] == text.at[i - period]) {
            i++;
        }
        if (i >= text.len) {
            return true;
        }
    }
    return false;
}

static bool follows(str row, char a, char b)
{
    for (size_t i = 0; i + 1 < row.len; i++) {
        if ((row.at[i] == a && row.at[i + 1] == b) || (row.at[i] == b && row.at[i + 1] == a)) {
            return true;
        }
    }
    return false;
}

static size_t run_length(str text, size_t from, str row)
{
    size_t len = 1;

    while (from + len < text.len && follows(row, text.at[from + len - 1], text.at[from + len])) {
        len++;
    }
    return len;
}

/* Neighbours of the alphabet or the keyboard, in runs of RUN_MIN or more, and nothing else. */
static bool is_runs(str text)
{
    size_t from = 0;

    while (from < text.len) {
        size_t best = 1;
        for (size_t row = 0; row < COUNT_OF(ROWS); row++) {
            size_t len = run_length(text, from, str_from(ROWS[row]));
            best = len > best ? len : best;
        }
        if (best < RUN_MIN) {
            return false;
        }
        from += best;
    }
    return true;
}

/* Digits and signs alone: a date, a telephone, a number of somebody. */
static bool is_number(str text)
{
    return core_of(text).len == 0;
}

static bool is_usual(str plain, str letters)
{
    str core = core_of(plain);
    str spelt_core = str_part(letters, (size_t)(core.at - plain.at), core.len);

    return is_number(plain) || is_repeated(plain) || is_runs(plain) || is_made_of_words(core) ||
           is_made_of_words(spelt_core) || is_made_of_words(core_of(letters)) ||
           (core.len >= CORE_BYTES_MIN && (is_repeated(core) || is_runs(core)));
}

enum rc person_password_check(str login, str password, struct err *err)
{
    char plain[PASSWORD_BYTES_MAX] = {0};
    char letters[PASSWORD_BYTES_MAX] = {0};

    if (password.len > PASSWORD_BYTES_MAX) {
        return err_set(err, RC_LIMIT, MSG_CRYPT_PASSWORD_LONG, arg_count(PASSWORD_BYTES_MAX));
    }
    if (utf8_count(password) < PASSWORD_CHARS_MIN) {
        return err_set(err, RC_INVALID, MSG_PASSWORD_SHORT, arg_count(PASSWORD_CHARS_MIN));
    }
    for (size_t i = 0; i < password.len; i++) {
        plain[i] = lower(password.at[i]);
        letters[i] = spelt(plain[i]);
    }
    bool usual = is_usual((str){plain, password.len}, (str){letters, password.len});
    bool has_login = login.len > 0 && str_find((str){plain, password.len}, login) != STR_NONE;
    crypt_wipe(plain, sizeof(plain));
    crypt_wipe(letters, sizeof(letters));
    if (has_login) {
        return err_set(err, RC_INVALID, MSG_PASSWORD_LOGIN);
    }
    return usual ? err_set(err, RC_INVALID, MSG_PASSWORD_USUAL) : RC_OK;
}
