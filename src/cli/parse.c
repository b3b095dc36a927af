/* Parsing: `wancun [options] command [options] operands`; "--" ends the options. */
#include "cli/parse.h"

#include "base/utf8.h"
#include "cli/commands.h"

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

static const struct opt *find_opt(const struct act *act, str name)
{
    const struct opt *found = find_in(COMMON_OPTS, name);

    if (found == NULL && act->command != NULL) {
        found = find_in(act->command->opts, name);
    }
    return found;
}

static str nearest_opt(const struct act *act, str name)
{
    const struct opt *lists[] = {COMMON_OPTS, act->command == NULL ? NULL : act->command->opts};
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

static enum parsed wrong(struct act *act, enum msg_id msg, str what, str more)
{
    (void)err_set(&act->err, RC_INVALID, msg, arg_text(what), arg_text(more));
    return PARSED_WRONG;
}

/* One option; `*at` moves over its value when that is the next word. */
static enum parsed take_option(struct act *act, int argc, char **argv, int *at)
{
    str word = str_from(argv[*at]);
    bool is_long = str_starts(word, STR("--"));
    str body = str_part(word, is_long ? 2 : 1, word.len);
    size_t equal = is_long ? str_find(body, STR("=")) : STR_NONE;
    str name = str_part(body, 0, equal);
    const struct opt *opt = !is_long && name.len > 1 ? NULL : find_opt(act, name);
    struct given *given = &act->given[act->given_count];

    if (opt == NULL) {
        return wrong(act, MSG_CLI_OPTION_UNKNOWN, word, nearest_opt(act, name));
    }
    if (act->given_count == GIVEN_MAX) {
        return wrong(act, MSG_CLI_OPTIONS_MANY, word, word);
    }
    *given = (struct given){opt->name, STR("")};
    if (opt->kind != OPT_FLAG) {
        if (equal == STR_NONE && *at + 1 >= argc) {
            return wrong(act, MSG_CLI_OPTION_VALUE, word, str_from(opt->value));
        }
        given->value =
            equal == STR_NONE ? str_from(argv[++*at]) : str_part(body, equal + 1, body.len);
    }
    act->given_count++;
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
    for (int i = 0; i < command_count(); i++) {
        str name = str_from(command_at(i)->name);
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

    for (int i = 0; i < command_count(); i++) {
        str name = str_from(command_at(i)->name);
        bool begins = str_starts(name, word) && name.len > word.len && name.at[word.len] == ' ';
        size_t now = begins ? 0 : str_distance(word, name, 32);
        if (now < distance) {
            distance = now;
            best = str_from(command_at(i)->name);
        }
    }
    return best;
}

static enum parsed choose_command(struct act *act, str first, str second)
{
    for (int i = 0; i < command_count(); i++) {
        if (takes_word(command_at(i)->name, first, second)) {
            act->command = command_at(i);
            return PARSED_RUN;
        }
    }
    struct buf words;
    str text = {0};
    buf_init(&words, &act->arena, 4096);
    buf_put(&words, first);
    if (second.len > 0) {
        buf_char(&words, ' ');
        buf_put(&words, second);
    }
    text = buf_done(&words, &text) ? text : first;
    return wrong(act, MSG_CLI_COMMAND_UNKNOWN, text, nearest_command(text));
}

static enum parsed check_complete(struct act *act)
{
    int min = 0;
    int max = 0;

    for (const struct opt *opt = act->command->opts; opt != NULL && opt->name != NULL; opt++) {
        if (opt->is_required && !act_has(act, opt->name)) {
            return wrong(act, MSG_CLI_OPTION_MISSING, str_from(opt->name), str_from(opt->value));
        }
    }
    command_operand_range(act->command, &min, &max);
    if (act->operand_count < min) {
        return wrong(act, MSG_CLI_OPERAND_MISSING, str_from(act->command->name),
                     str_from(act->command->operands));
    }
    if (act->operand_count > max) {
        return wrong(act, MSG_CLI_OPERAND_EXTRA, act->operands[max],
                     str_from(act->command->operands));
    }
    bool needs_home = act->command->access == ACCESS_READ || act->command->access == ACCESS_WRITE;
    if (needs_home && act_text(act, "directory").len == 0) {
        return wrong(act, MSG_CLI_DIRECTORY_MISSING, str_from(act->command->name), STR(""));
    }
    return PARSED_RUN;
}

static enum parsed take_operand(struct act *act, str word)
{
    if (act->operand_count == OPERANDS_MAX) {
        return wrong(act, MSG_CLI_OPTIONS_MANY, word, word);
    }
    act->operands[act->operand_count++] = word;
    return PARSED_RUN;
}

/* A word that is no option: the command's first or second word, or an operand. */
static enum parsed take_word(struct act *act, str word, str *first)
{
    if (!utf8_is_valid(word)) {
        return wrong(act, MSG_CLI_NOT_UTF8, STR("?"), STR(""));
    }
    if (act->command != NULL) {
        return take_operand(act, word);
    }
    if (first->len == 0 && is_second_word_wanted(word)) {
        *first = word;
        return PARSED_RUN;
    }
    return first->len == 0 ? choose_command(act, word, STR("")) : choose_command(act, *first, word);
}

enum parsed parse_command_line(struct act *act, int argc, char **argv)
{
    str first = STR("");
    bool options_ended = false;

    for (int i = 1; i < argc; i++) {
        str word = str_from(argv[i]);
        enum parsed parsed = PARSED_RUN;
        if (!options_ended && str_equal(word, STR("--"))) {
            options_ended = true;
        } else if (!options_ended && word.len > 1 && word.at[0] == '-') {
            parsed = take_option(act, argc, argv, &i);
        } else {
            parsed = take_word(act, word, &first);
        }
        if (parsed != PARSED_RUN) {
            return parsed;
        }
    }
    if (act_has(act, "help") || act_has(act, "version")) {
        return PARSED_HELP;
    }
    if (act->command == NULL) {
        return first.len > 0 ? choose_command(act, first, STR("")) : PARSED_HELP;
    }
    return check_complete(act);
}
