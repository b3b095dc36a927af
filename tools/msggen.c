/* msggen IDS.h TABLE.h ZH.msg... -- EN.msg...: message ids and texts from the catalogues.
 *
 * A catalogue line is `key = text`; # begins a comment line; \n in a text is a line break.
 * `key.hint` is what to do about `key`. The build stops when a key stands twice, is missing in a
 * language, or has other placeholders there. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MESSAGES_MAX = 4096, LINE_BYTES_MAX = 4096, KEY_BYTES_MAX = 96 };

struct message {
    char *key;
    char *text;
    const char *file;
    int line;
};

struct catalogue {
    struct message rows[MESSAGES_MAX];
    int count;
};

static struct catalogue zh;
static struct catalogue en;

static void stop(const char *file, int line, const char *why, const char *what)
{
    (void)fprintf(stderr, "%s:%d: %s: %s\n", file, line, why, what);
    exit(1);
}

static char *copy(const char *text)
{
    char *made = strdup(text);

    if (made == NULL) {
        abort();
    }
    return made;
}

static char *trim(char *text)
{
    while (*text == ' ' || *text == '\t') {
        text++;
    }
    size_t len = strlen(text);
    while (len > 0 && strchr(" \t\r\n", text[len - 1]) != NULL) {
        text[--len] = '\0';
    }
    return text;
}

static void check_key(const char *file, int line, const char *key)
{
    if (strlen(key) > KEY_BYTES_MAX ||
        strspn(key, "abcdefghijklmnopqrstuvwxyz0123456789_.") != strlen(key) || *key == '\0') {
        stop(file, line, "a key has lower-case letters, digits, _ and .", key);
    }
}

static void add_line(struct catalogue *to, const char *file, int line, char *text)
{
    char *body = trim(text);
    char *equal = strchr(body, '=');

    if (*body == '\0' || *body == '#') {
        return;
    }
    if (equal == NULL || to->count == MESSAGES_MAX) {
        stop(file, line, "expected `key = text`", body);
    }
    *equal = '\0';
    struct message row = {copy(trim(body)), copy(trim(equal + 1)), file, line};
    check_key(file, line, row.key);
    to->rows[to->count++] = row;
}

static void read_file(struct catalogue *to, const char *path)
{
    char line[LINE_BYTES_MAX];
    FILE *file = fopen(path, "r");
    int number = 0;

    if (file == NULL) {
        stop(path, 0, "cannot be opened", path);
    }
    while (fgets(line, sizeof(line), file) != NULL) {
        number++;
        if (strchr(line, '\n') == NULL && !feof(file)) {
            stop(path, number, "line too long", "");
        }
        add_line(to, path, number, line);
    }
    (void)fclose(file);
}

static int by_key(const void *a, const void *b)
{
    return strcmp(((const struct message *)a)->key, ((const struct message *)b)->key);
}

static void order(struct catalogue *catalogue)
{
    qsort(catalogue->rows, (size_t)catalogue->count, sizeof(struct message), by_key);
    for (int i = 1; i < catalogue->count; i++) {
        if (strcmp(catalogue->rows[i].key, catalogue->rows[i - 1].key) == 0) {
            stop(catalogue->rows[i].file, catalogue->rows[i].line, "key stands twice",
                 catalogue->rows[i].key);
        }
    }
}

/* Bit n set: {n+1} is used. */
static unsigned placeholders(const struct message *row)
{
    unsigned found = 0;

    for (const char *at = row->text; (at = strchr(at, '{')) != NULL; at++) {
        if (at[1] < '1' || at[1] > '6' || at[2] != '}') {
            stop(row->file, row->line, "a placeholder is {1} to {6}", row->text);
        }
        found |= 1U << (at[1] - '1');
    }
    return found;
}

static void compare(void)
{
    for (int i = 0; i < zh.count || i < en.count; i++) {
        const struct message *a = &zh.rows[i];
        const struct message *b = &en.rows[i];
        if (i >= en.count || (i < zh.count && strcmp(a->key, b->key) < 0)) {
            stop(a->file, a->line, "missing in the other language", a->key);
        }
        if (i >= zh.count || strcmp(a->key, b->key) > 0) {
            stop(b->file, b->line, "missing in the other language", b->key);
        }
        if (placeholders(a) != placeholders(b)) {
            stop(b->file, b->line, "other placeholders than the other language", b->key);
        }
    }
}

static void write_id(FILE *out, const char *key)
{
    (void)fputs("MSG_", out);
    for (; *key != '\0'; key++) {
        (void)fputc(*key == '.' ? '_' : (*key >= 'a' && *key <= 'z' ? *key - 32 : *key), out);
    }
}

static FILE *create(const char *path)
{
    FILE *out = fopen(path, "w");

    if (out == NULL) {
        stop(path, 0, "cannot be written", path);
    }
    return out;
}

static void write_ids(const char *path)
{
    FILE *out = create(path);

    (void)fputs("/* Made by msggen from i18n/. */\n#ifndef GEN_MSG_ID_H\n#define GEN_MSG_ID_H\n\n"
                "enum msg_id {\n",
                out);
    for (int i = 0; i < zh.count; i++) {
        (void)fputs("    ", out);
        write_id(out, zh.rows[i].key);
        (void)fputs(",\n", out);
    }
    (void)fprintf(out, "};\n\nenum { MSG_COUNT = %d };\n\n#endif\n", zh.count);
    (void)fclose(out);
}

static void write_texts(FILE *out, const struct catalogue *catalogue)
{
    (void)fputs("    {\n", out);
    for (int i = 0; i < catalogue->count; i++) {
        (void)fputs("        STR_INIT(\"", out);
        for (const char *at = catalogue->rows[i].text; *at != '\0'; at++) {
            (void)fputs(*at == '"' ? "\\" : "", out);
            (void)fputc(*at, out);
        }
        (void)fputs("\"),\n", out);
    }
    (void)fputs("    },\n", out);
}

static const char *hint_of(int i)
{
    static char key[KEY_BYTES_MAX + 8];

    (void)snprintf(key, sizeof(key), "%s.hint", zh.rows[i].key);
    struct message wanted = {.key = key};
    const struct message *hit =
        bsearch(&wanted, zh.rows, (size_t)zh.count, sizeof(struct message), by_key);
    return hit == NULL ? zh.rows[i].key : hit->key;
}

static void write_table(const char *path)
{
    FILE *out = create(path);

    (void)fputs("/* Made by msggen from i18n/. */\n#ifndef GEN_MSG_TABLE_H\n"
                "#define GEN_MSG_TABLE_H\n\nstatic const str MSG_TEXTS[2][MSG_COUNT] = {\n",
                out);
    write_texts(out, &zh);
    write_texts(out, &en);
    (void)fputs("};\n\nstatic const str MSG_KEYS[MSG_COUNT] = {\n", out);
    for (int i = 0; i < zh.count; i++) {
        (void)fprintf(out, "    STR_INIT(\"%s\"),\n", zh.rows[i].key);
    }
    (void)fputs("};\n\nstatic const enum msg_id MSG_HINTS[MSG_COUNT] = {\n", out);
    for (int i = 0; i < zh.count; i++) {
        (void)fputs("    ", out);
        write_id(out, hint_of(i));
        (void)fputs(",\n", out);
    }
    (void)fputs("};\n\n#endif\n", out);
    (void)fclose(out);
}

int main(int argc, char **argv)
{
    struct catalogue *to = &zh;

    if (argc < 5) {
        (void)fputs("usage: msggen IDS.h TABLE.h ZH.msg... -- EN.msg...\n", stderr);
        return 2;
    }
    for (int i = 3; i < argc; i++) {
        if (strcmp(argv[i], "--") == 0) {
            to = &en;
        } else {
            read_file(to, argv[i]);
        }
    }
    order(&zh);
    order(&en);
    compare();
    write_ids(argv[1]);
    write_table(argv[2]);
    return 0;
}
