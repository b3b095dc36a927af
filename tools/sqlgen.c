/* sqlgen NAME.sql NAME_sql.h: statements of a concept as constants.
 *
 * A statement is declared by a comment, `-- name(in1, in2) -> out1, out2`, and follows it up to
 * its semicolon. Each :in becomes the number of its place in the declaration; a parameter that is
 * undeclared or unused stops the build. The outputs are the columns, in order. The proof refuses a
 * plan that scans a table, unless the declaration ends in `-- scans: why that is right`. Where the
 * engines force it, `-- engine: pg` and a second body follow the first, for PostgreSQL alone. */
#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    NAMES_MAX = 24,
    STATEMENTS_MAX = 128,
    NAME_BYTES_MAX = 64,
    DECLARATION_BYTES_MAX = 2048,
    FILE_BYTES_MAX = 1 << 18,
};

struct statement {
    char name[NAME_BYTES_MAX];
    char in[NAMES_MAX][NAME_BYTES_MAX];
    int in_count;
    int out_count;
    bool used[NAMES_MAX];
    char scans[DECLARATION_BYTES_MAX]; /* why it may scan a table; empty: it may not */
    int line;
};

static const char *input;
static char source[FILE_BYTES_MAX];
static struct statement all[STATEMENTS_MAX];
static int all_count;

static void stop(int line, const char *why, const char *what)
{
    (void)fprintf(stderr, "%s:%d: %s: %s\n", input, line, why, what);
    exit(1);
}

static const char *skip_blanks(const char *at)
{
    while (*at == ' ' || *at == '\t') {
        at++;
    }
    return at;
}

static bool is_name_char(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

static const char *take_name(const char *at, char name[NAME_BYTES_MAX], int line)
{
    size_t len = 0;

    at = skip_blanks(at);
    while (is_name_char(at[len])) {
        len++;
    }
    if (len == 0 || len >= NAME_BYTES_MAX) {
        stop(line, "expected a name", at);
    }
    memcpy(name, at, len);
    name[len] = '\0';
    return skip_blanks(at + len);
}

static const char *take_inputs(const char *at, struct statement *to, int line)
{
    at = skip_blanks(at);
    while (*at != ')') {
        if (to->in_count == NAMES_MAX) {
            stop(line, "too many parameters", to->name);
        }
        at = take_name(at, to->in[to->in_count++], line);
        if (*at == ',') {
            at = skip_blanks(at + 1);
        } else if (*at != ')') {
            stop(line, "expected , or )", at);
        }
    }
    return skip_blanks(at + 1);
}

static const char *take_outputs(const char *at, struct statement *to, int line)
{
    char name[NAME_BYTES_MAX];

    if (strncmp(at, "->", 2) != 0) {
        return at;
    }
    at += 2;
    for (;;) {
        at = take_name(at, name, line);
        to->out_count++;
        if (*at != ',') {
            return at;
        }
        at++;
    }
}

static void take_reason(const char *at, struct statement *to, int line)
{
    static const char MARK[] = "-- scans: ";

    if (*at == '\0') {
        return;
    }
    if (strncmp(at, MARK, strlen(MARK)) != 0 || strpbrk(at, "\"\\") != NULL) {
        stop(line, "unexpected text", at);
    }
    (void)snprintf(to->scans, sizeof(to->scans), "%s", at + strlen(MARK));
}

/* A declaration may go on over comment lines that begin with `--   `. */
static void declare(char *text, int line)
{
    struct statement *to = &all[all_count];
    const char *at = text;

    if (all_count == STATEMENTS_MAX) {
        stop(line, "too many statements", text);
    }
    *to = (struct statement){.line = line};
    at = take_name(at, to->name, line);
    if (*at != '(') {
        stop(line, "expected (", at);
    }
    at = take_inputs(at + 1, to, line);
    at = take_outputs(at, to, line);
    take_reason(at, to, line);
    all_count++;
}

static int place_of(struct statement *in, const char *name, size_t len)
{
    for (int i = 0; i < in->in_count; i++) {
        if (strlen(in->in[i]) == len && memcmp(in->in[i], name, len) == 0) {
            in->used[i] = true;
            return i + 1;
        }
    }
    stop(in->line, "undeclared parameter", name);
    return 0;
}

static void check_used(struct statement *of)
{
    for (int i = 0; i < of->in_count; i++) {
        if (!of->used[i]) {
            stop(of->line, "unused parameter", of->in[i]);
        }
        of->used[i] = false;
    }
}

static void write_upper(FILE *out, const char *name)
{
    for (; *name != '\0'; name++) {
        (void)fputc(toupper((unsigned char)*name), out);
    }
}

static const char *write_parameter(FILE *out, struct statement *of, const char *at)
{
    size_t len = 0;

    while (is_name_char(at[1 + len])) {
        len++;
    }
    (void)fprintf(out, "?%d", place_of(of, at + 1, len));
    return at + 1 + len;
}

/* The body up to its semicolon, as C string literals, a line each. */
static const char *write_body(FILE *out, const char *field, struct statement *of, const char *at)
{
    bool in_text = false;

    (void)fprintf(out, "    .%s =\n        \"", field);
    for (; *at != ';' || in_text; at++) {
        if (*at == '\0') {
            stop(of->line, "no semicolon ends", of->name);
        }
        if (*at == '\n') {
            (void)fputs("\\n\"\n        \"", out);
            continue;
        }
        in_text = *at == '\'' ? !in_text : in_text;
        bool is_parameter = !in_text && *at == ':' && is_name_char(at[1]) && at[-1] != ':';
        if (is_parameter) {
            at = write_parameter(out, of, at) - 1;
            continue;
        }
        (void)fputs(*at == '"' || *at == '\\' ? "\\" : "", out);
        (void)fputc(*at, out);
    }
    (void)fputs("\",\n", out);
    check_used(of);
    return at + 1;
}

/* What PostgreSQL runs instead, if it is said. */
static const char *write_second_body(FILE *out, struct statement *of, const char *at)
{
    static const char MARK[] = "-- engine: pg\n";
    const char *mark = at + strspn(at, "\n");

    if (strncmp(mark, MARK, strlen(MARK)) != 0) {
        return at;
    }
    return write_body(out, "text_pg", of, mark + strlen(MARK));
}

static const char *write_statement(FILE *out, const char *body)
{
    struct statement *of = &all[all_count - 1];

    (void)fputs("static const struct sql ", out);
    write_upper(out, of->name);
    (void)fprintf(out, " = {\n    .name = \"%s\",\n", of->name);
    body = write_body(out, "text", of, body);
    body = write_second_body(out, of, body);
    (void)fprintf(out, "    .in_count = %d,\n    .out_count = %d,\n", of->in_count, of->out_count);
    if (of->scans[0] != '\0') {
        (void)fprintf(out, "    .scans = \"%s\",\n", of->scans);
    }
    (void)fputs("};\n\n", out);
    return body;
}

/* Join the comment lines of a declaration into one text; the place after them. */
static const char *read_declaration(const char *at, char *text, size_t room, int *line)
{
    size_t len = 0;
    int first = *line;

    while (strncmp(at, "-- ", 3) == 0) {
        const char *end = strchr(at, '\n');
        size_t part = end == NULL ? strlen(at) : (size_t)(end - at);
        if (len + part >= room) {
            stop(first, "declaration too long", at);
        }
        memcpy(text + len, at + 3, part - 3);
        len += part - 3;
        text[len++] = ' ';
        at += part + (end == NULL ? 0 : 1);
        (*line)++;
    }
    while (len > 0 && text[len - 1] == ' ') {
        len--;
    }
    text[len] = '\0';
    return at;
}

static void generate(FILE *out)
{
    char text[DECLARATION_BYTES_MAX];
    const char *at = source;
    int line = 1;

    while (*at != '\0') {
        if (strncmp(at, "-- ", 3) == 0) {
            int first = line;
            at = read_declaration(at, text, sizeof(text), &line);
            declare(text, first);
            const char *end = write_statement(out, at);
            for (; at < end; at++) {
                line += *at == '\n' ? 1 : 0;
            }
        } else if (strncmp(at, "--#", 3) == 0 || isspace((unsigned char)*at)) {
            const char *end = strchr(at, '\n');
            at = end == NULL ? at + strlen(at) : end + 1;
            line++;
        } else {
            stop(line, "expected a declaration `-- name(…)`", at);
        }
    }
}

static void read_source(void)
{
    FILE *file = fopen(input, "r");

    if (file == NULL) {
        stop(0, "cannot be opened", input);
    }
    size_t len = fread(source, 1, sizeof(source) - 1, file);
    if (len == sizeof(source) - 1) {
        stop(0, "file too long", input);
    }
    (void)fclose(file);
}

int main(int argc, char **argv)
{
    if (argc != 4) {
        (void)fputs("usage: sqlgen CONCEPT IN.sql OUT.h\n", stderr);
        return 2;
    }
    input = argv[2];
    read_source();
    FILE *out = fopen(argv[3], "w");
    if (out == NULL) {
        stop(0, "cannot be written", argv[3]);
    }
    (void)fprintf(out, "/* Made by sqlgen from %s.sql. */\n#include \"store/db.h\"\n\n", argv[1]);
    generate(out);
    (void)fputs("const struct sql *const ", out);
    write_upper(out, argv[1]);
    (void)fputs("_ALL[] = {\n", out);
    for (int i = 0; i < all_count; i++) {
        (void)fputs("    &", out);
        write_upper(out, all[i].name);
        (void)fputs(",\n", out);
    }
    (void)fputs("    NULL,\n};\n", out);
    return fclose(out) == 0 ? 0 : 1;
}
