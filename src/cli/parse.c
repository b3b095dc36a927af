/* Parsing: `wancun [options] command [options] operands`; "--" ends the options. */
#include "cli/parse.h"

#include "base/utf8.h"

static const struct opt *find_in(const struct opt *opts, str name)
{
    for (; opts != NULL && opts->name != NULL; opts++) {
        bool is_letter = name.len == 1 && opts->letter == name.at[0];
        if (is_letter || str_equal(str_from(opts->name), name)) {
            return opts;
        }
    }
    return NULL;
}

static const struct opt *find_opt(const struct session *session, str name)
{
    const struct opt *found = find_in(COMMON_OPTS, name);

    if (found == NULL && session->command != NULL) {
        found = find_in(session->command->opts, name);
    }
    return found;
}

static str nearest_opt(const struct session *session, str name)
{
    const struct opt *lists[] = {COMMON_OPTS,
                                 session->command == NULL ? NULL : session->command->opts};
    str best = STR("help");
    size_t distance = STR_NONE;

    for (size_t i = 0; i < COUNT_OF(lists); i++) {
        for (const struct opt *opt = lists[i]; opt != NULL && opt->name != NULL; opt++) {
            size_t now = str_distance(name, str_from(opt->name), 32);
            if (now < distance) {
                distance = now;
                best = str_from(opt->name);
            }
        }
    }
    return best;
}

static enum parsed wrong(struct session *session, enum msg_id msg, str what, str more)
{
    (void)err_set(&session->err, RC_INVALID, msg, arg_text(what), arg_text(more));
    return PARSED_WRONG;
}

/* One option; `*at` moves over its value when that is the next word. */
static enum parsed take_option(struct session *session, int argc, char **argv, int *at)
{
    str word = str_from(argv[*at]);
    bool is_long = str_starts(word, STR("--"));
    str body = str_part(word, is_long ? 2 : 1, word.len);
    size_t equal = is_long ? str_find(body, STR("=")) : STR_NONE;
    str name = str_part(body, 0, equal);
    const struct opt *opt = !is_long && name.len > 1 ? NULL : find_opt(session, name);
    struct given *given = &session->given[session->given_count];

    if (opt == NULL) {
        return wrong(session, MSG_CLI_OPTION_UNKNOWN, word, nearest_opt(session, name));
    }
    if (session->given_count == GIVEN_MAX) {
        return wrong(session, MSG_CLI_OPTIONS_MANY, word, word);
    }
    *given = (struct given){opt->name, STR("")};
    if (opt->kind != OPT_FLAG) {
        if (equal == STR_NONE && *at + 1 >= argc) {
            return wrong(session, MSG_CLI_OPTION_VALUE, word, str_from(opt->value));
        }
        given->value =
            equal == STR_NONE ? str_from(argv[++*at]) : str_part(body, equal + 1, body.len);
    }
    session->given_count++;
    return PARSED_RUN;
}

static bool takes_word(const char *name, str first, str second)
{
    str whole = str_from(name);
    size_t blank = str_find(whole, STR(" "));

    if (blank == STR_NONE) {
        return str_equal(whole, first);
    }
    return str_equal(str_part(whole, 0, blank), first) &&
           str_equal(str_part(whole, blank + 1, whole.len), second);
}

static bool is_second_word_wanted(str first)
{
    for (int i = 0; i < COMMAND_COUNT; i++) {
        str name = str_from(COMMANDS[i].name);
        size_t blank = str_find(name, STR(" "));
        if (blank != STR_NONE && str_equal(str_part(name, 0, blank), first)) {
            return true;
        }
    }
    return false;
}

/* A first word alone is near to the first command that begins with it. */
static str nearest_command(str word)
{
    str best = STR("help");
    size_t distance = STR_NONE;

    for (int i = 0; i < COMMAND_COUNT; i++) {
        str name = str_from(COMMANDS[i].name);
        bool begins = str_starts(name, word) && name.len > word.len && name.at[word.len] == ' ';
        size_t now = begins ? 0 : str_distance(word, name, 32);
        if (now < distance) {
            distance = now;
            best = str_from(COMMANDS[i].name);
        }
    }
    return best;
}

static enum parsed choose_command(struct session *session, str first, str second)
{
    for (int i = 0; i < COMMAND_COUNT; i++) {
        if (takes_word(COMMANDS[i].name, first, second)) {
            session->command = &COMMANDS[i];
            return PARSED_RUN;
        }
    }
    struct buf words;
    str text = {0};
    buf_init(&words, &session->arena, 4096);
    buf_put(&words, first);
    if (second.len > 0) {
        buf_char(&words, ' ');
        buf_put(&words, second);
    }
    text = buf_done(&words, &text) ? text : first;
    return wrong(session, MSG_CLI_COMMAND_UNKNOWN, text, nearest_command(text));
}

void parse_operand_range(const struct command *command, int *out_min, int *out_max)
{
    str rest = str_from(command->operands);
    str word = {0};
    int count = 0;
    int needed = 0;
    bool repeats = str_ends(rest, STR("..."));

    while (rest.len > 0 && str_cut(&rest, ' ', &word)) {
        count++;
        needed += str_starts(word, STR("[")) ? 0 : 1;
    }
    *out_min = needed;
    *out_max = repeats ? OPERANDS_MAX : count;
}

static enum parsed check_complete(struct session *session)
{
    int min = 0;
    int max = 0;

    for (const struct opt *opt = session->command->opts; opt != NULL && opt->name != NULL; opt++) {
        if (opt->is_required && !session_has(session, opt->name)) {
            return wrong(session, MSG_CLI_OPTION_MISSING, str_from(opt->name),
                         str_from(opt->value));
        }
    }
    parse_operand_range(session->command, &min, &max);
    if (session->operand_count < min) {
        return wrong(session, MSG_CLI_OPERAND_MISSING, str_from(session->command->name),
                     str_from(session->command->operands));
    }
    if (session->operand_count > max) {
        return wrong(session, MSG_CLI_OPERAND_EXTRA, session->operands[max],
                     str_from(session->command->operands));
    }
    bool needs_home =
        session->command->access == ACCESS_READ || session->command->access == ACCESS_WRITE;
    if (needs_home && session_text(session, "directory").len == 0) {
        return wrong(session, MSG_CLI_DIRECTORY_MISSING, str_from(session->command->name), STR(""));
    }
    return PARSED_RUN;
}

static enum parsed take_operand(struct session *session, str word)
{
    if (session->operand_count == OPERANDS_MAX) {
        return wrong(session, MSG_CLI_OPTIONS_MANY, word, word);
    }
    session->operands[session->operand_count++] = word;
    return PARSED_RUN;
}

/* A word that is no option: the command's first or second word, or an operand. */
static enum parsed take_word(struct session *session, str word, str *first)
{
    if (!utf8_is_valid(word)) {
        return wrong(session, MSG_CLI_NOT_UTF8, STR("?"), STR(""));
    }
    if (session->command != NULL) {
        return take_operand(session, word);
    }
    if (first->len == 0 && is_second_word_wanted(word)) {
        *first = word;
        return PARSED_RUN;
    }
    return first->len == 0 ? choose_command(session, word, STR(""))
                           : choose_command(session, *first, word);
}

enum parsed parse_command_line(struct session *session, int argc, char **argv)
{
    str first = STR("");
    bool options_ended = false;

    for (int i = 1; i < argc; i++) {
        str word = str_from(argv[i]);
        enum parsed parsed = PARSED_RUN;
        if (!options_ended && str_equal(word, STR("--"))) {
            options_ended = true;
        } else if (!options_ended && word.len > 1 && word.at[0] == '-') {
            parsed = take_option(session, argc, argv, &i);
        } else {
            parsed = take_word(session, word, &first);
        }
        if (parsed != PARSED_RUN) {
            return parsed;
        }
    }
    if (session_has(session, "help") || session_has(session, "version")) {
        return PARSED_HELP;
    }
    if (session->command == NULL) {
        return first.len > 0 ? choose_command(session, first, STR("")) : PARSED_HELP;
    }
    return check_complete(session);
}
