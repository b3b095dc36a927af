/* Help in four shapes. */
#include "cli/help.h"

#include "base/msg.h"
#include "base/utf8.h"
#include "cli/cmd.h"
#include "cli/commands.h"
#include "cli/output.h"

enum { HELP_COLUMN = 34 };

static void put_padded(struct buf *out, str text, size_t width)
{
    buf_put(out, text);
    for (size_t i = utf8_width(text); i < width; i++) {
        buf_char(out, ' ');
    }
}

static void put_usage(struct buf *out, const struct command *command)
{
    buf_put(out, STR("wancun "));
    if (command->access == ACCESS_READ || command->access == ACCESS_WRITE) {
        buf_put(out, STR("-d DIR "));
    }
    buf_put(out, str_from(command->name));
    if (command->operands[0] != '\0') {
        buf_char(out, ' ');
        buf_put(out, str_from(command->operands));
    }
    for (const struct opt *opt = command->opts; opt != NULL && opt->name != NULL; opt++) {
        if (opt->is_required) {
            buf_put(out, STR(" --"));
            buf_put(out, str_from(opt->name));
            buf_char(out, ' ');
            buf_put(out, str_from(opt->value));
        }
    }
}

static str opt_spelling(const struct opt *opt, char room[64])
{
    int len =
        snprintf(room, 64, "%c%c%s --%s%s%s", opt->letter == 0 ? ' ' : '-',
                 opt->letter == 0 ? ' ' : opt->letter, opt->letter == 0 ? " " : ",", opt->name,
                 opt->kind == OPT_FLAG ? "" : " ", opt->kind == OPT_FLAG ? "" : opt->value);

    return (str){room, (size_t)len};
}

static void put_opts(struct buf *out, enum lang lang, const struct opt *opts)
{
    for (; opts != NULL && opts->name != NULL; opts++) {
        char room[64];
        buf_put(out, STR("  "));
        put_padded(out, opt_spelling(opts, room), HELP_COLUMN);
        buf_put(out, msg_text(lang, opts->help));
        if (opts->fallback != NULL) {
            const struct arg args[] = {arg_text(str_from(opts->fallback))};
            msg_put(out, lang, MSG_CLI_HELP_FALLBACK, args, 1);
        }
        buf_char(out, '\n');
    }
}

static void put_heading(struct buf *out, enum lang lang, enum msg_id id)
{
    buf_char(out, '\n');
    buf_put(out, msg_text(lang, id));
    buf_char(out, '\n');
}

void help_put_all(struct buf *out, enum lang lang)
{
    buf_put(out, msg_text(lang, MSG_CLI_HELP_TITLE));
    buf_char(out, '\n');
    put_heading(out, lang, MSG_CLI_HELP_COMMANDS);
    for (int i = 0; i < command_count(); i++) {
        buf_put(out, STR("  "));
        put_padded(out, str_from(command_at(i)->name), 20);
        buf_put(out, msg_text(lang, command_at(i)->help));
        buf_char(out, '\n');
    }
    put_heading(out, lang, MSG_CLI_HELP_OPTIONS);
    put_opts(out, lang, COMMON_OPTS);
    put_heading(out, lang, MSG_CLI_HELP_EXITS);
    buf_put(out, msg_text(lang, MSG_CLI_HELP_EXIT_CODES));
    buf_char(out, '\n');
}

static void put_example(struct buf *out, const char *example)
{
    buf_put(out, STR("  wancun "));
    buf_put(out, str_from(example));
    buf_char(out, '\n');
}

void help_put_command(struct buf *out, enum lang lang, const struct command *command)
{
    buf_put(out, msg_text(lang, command->help));
    buf_char(out, '\n');
    put_heading(out, lang, MSG_CLI_HELP_USAGE);
    buf_put(out, STR("  "));
    put_usage(out, command);
    buf_char(out, '\n');
    put_heading(out, lang, MSG_CLI_HELP_OPTIONS);
    put_opts(out, lang, command->opts);
    put_opts(out, lang, COMMON_OPTS);
    put_heading(out, lang, MSG_CLI_HELP_EXAMPLES);
    for (size_t i = 0; i < COUNT_OF(command->examples); i++) {
        put_example(out, command->examples[i]);
    }
}

/* roff reads a leading dot or quote as a request, and - as a hyphen. */
static void put_roff(struct buf *out, str text)
{
    for (size_t i = 0; i < text.len; i++) {
        bool at_start = i == 0 || text.at[i - 1] == '\n';
        if (at_start && (text.at[i] == '.' || text.at[i] == '\'')) {
            buf_put(out, STR("\\&"));
        }
        if (text.at[i] == '-' || text.at[i] == '\\') {
            buf_char(out, '\\');
        }
        buf_char(out, text.at[i]);
    }
}

static void put_man_opts(struct buf *out, enum lang lang, const struct opt *opts)
{
    for (; opts != NULL && opts->name != NULL; opts++) {
        char room[64];
        buf_put(out, STR(".TP\n.B "));
        put_roff(out, str_trim(opt_spelling(opts, room)));
        buf_char(out, '\n');
        put_roff(out, msg_text(lang, opts->help));
        buf_char(out, '\n');
    }
}

void help_put_man(struct buf *out, enum lang lang)
{
    buf_put(out, STR(".TH WANCUN 1\n.SH NAME\nwancun \\- "));
    put_roff(out, msg_text(lang, MSG_CLI_HELP_TITLE));
    buf_put(out, STR("\n.SH SYNOPSIS\n.B wancun\n[options] command [options] [operands]\n"
                     ".SH OPTIONS\n"));
    put_man_opts(out, lang, COMMON_OPTS);
    buf_put(out, STR(".SH COMMANDS\n"));
    for (int i = 0; i < command_count(); i++) {
        struct buf usage;
        str text = {0};
        buf_init(&usage, out->arena, 4096);
        put_usage(&usage, command_at(i));
        MUST(buf_done(&usage, &text));
        buf_put(out, STR(".SS "));
        put_roff(out, text);
        buf_char(out, '\n');
        put_roff(out, msg_text(lang, command_at(i)->help));
        buf_char(out, '\n');
        put_man_opts(out, lang, command_at(i)->opts);
    }
    buf_put(out, STR(".SH \"EXIT STATUS\"\n"));
    put_roff(out, msg_text(lang, MSG_CLI_HELP_EXIT_CODES));
    buf_char(out, '\n');
}

static void put_opt_words(struct buf *out, const struct opt *opts)
{
    for (; opts != NULL && opts->name != NULL; opts++) {
        buf_put(out, STR(" --"));
        buf_put(out, str_from(opts->name));
    }
}

/* Words are matched by what was typed so far, with the options left out. */
void help_put_completion(struct buf *out)
{
    buf_put(out, STR("_wancun() {\n    local typed='' word words\n"
                     "    for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
                     "        [[ $word == -* ]] || typed=\"$typed $word\"\n    done\n"
                     "    case \"$typed\" in\n"));
    for (int i = 0; i < command_count(); i++) {
        buf_put(out, STR("    *' "));
        buf_put(out, str_from(command_at(i)->name));
        buf_put(out, STR("'*) words='"));
        put_opt_words(out, command_at(i)->opts);
        put_opt_words(out, COMMON_OPTS);
        buf_put(out, STR("' ;;\n"));
    }
    buf_put(out, STR("    *) words='"));
    for (int i = 0; i < command_count(); i++) {
        buf_put(out, str_from(command_at(i)->name));
        buf_char(out, ' ');
    }
    put_opt_words(out, COMMON_OPTS);
    buf_put(out, STR("' ;;\n    esac\n"
                     "    mapfile -t COMPREPLY < <(compgen -f -W \"$words\" -- "
                     "\"${COMP_WORDS[COMP_CWORD]}\")\n}\n"
                     "complete -o filenames -F _wancun wancun\n"));
}

/* A bar would end the cell of the table, even between backquotes. */
static void put_page_cell(struct buf *out, str text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] == '|') {
            buf_char(out, '\\');
        }
        buf_char(out, text.at[i]);
    }
}

static void put_page_opts(struct buf *out, enum lang lang, const struct opt *opts)
{
    for (; opts != NULL && opts->name != NULL; opts++) {
        char room[64];
        buf_put(out, STR("| `"));
        put_page_cell(out, str_trim(opt_spelling(opts, room)));
        buf_put(out, STR("` | "));
        buf_put(out, msg_text(lang, opts->help));
        if (opts->fallback != NULL) {
            const struct arg args[] = {arg_text(str_from(opts->fallback))};
            msg_put(out, lang, MSG_CLI_HELP_FALLBACK, args, 1);
        }
        buf_put(out, STR(" |\n"));
    }
}

static void put_page_command(struct buf *out, enum lang lang, const struct command *command)
{
    buf_put(out, STR("\n## "));
    buf_put(out, str_from(command->name));
    buf_put(out, STR("\n\n"));
    buf_put(out, msg_text(lang, command->help));
    buf_put(out, STR("\n\n    "));
    put_usage(out, command);
    buf_put(out, STR("\n\n```\n"));
    for (size_t i = 0; i < COUNT_OF(command->examples); i++) {
        buf_put(out, STR("wancun "));
        buf_put(out, str_from(command->examples[i]));
        buf_char(out, '\n');
    }
    buf_put(out, STR("```\n"));
    if (command->opts != NULL && command->opts->name != NULL) {
        buf_put(out, STR("\n| | |\n|---|---|\n"));
        put_page_opts(out, lang, command->opts);
    }
}

void help_put_page(struct buf *out, enum lang lang)
{
    buf_put(out, STR("# "));
    buf_put(out, msg_text(lang, MSG_CLI_HELP_PAGE));
    buf_put(out, STR("\n\n| | |\n|---|---|\n"));
    put_page_opts(out, lang, COMMON_OPTS);
    buf_char(out, '\n');
    buf_put(out, msg_text(lang, MSG_CLI_HELP_EXIT_CODES));
    buf_char(out, '\n');
    for (int i = 0; i < command_count(); i++) {
        put_page_command(out, lang, command_at(i));
    }
}

enum rc cmd_help(struct act *act)
{
    str topic = act->operands[0];
    struct buf page;
    str text = {0};

    buf_init(&page, &act->arena, 4 * ARENA_MIB);
    if (str_equal(topic, STR("man"))) {
        help_put_man(&page, act->cx.lang);
    } else if (str_equal(topic, STR("completion"))) {
        help_put_completion(&page);
    } else if (str_equal(topic, STR("page"))) {
        help_put_page(&page, act->cx.lang);
    } else {
        return err_set(&act->err, RC_INVALID, MSG_CLI_HELP_TOPIC, arg_text(topic));
    }
    MUST(buf_done(&page, &text));
    struct byte_sink out = output_stdout(&act->err);
    return out.take(out.self, text);
}
