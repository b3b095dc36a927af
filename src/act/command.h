/* The command table: one row a command. Parsing, --help, the manual page, completion and the CLI
 * chapter of the docs all come from it, and what a request may ask for. */
#ifndef ACT_COMMAND_H
#define ACT_COMMAND_H

#include "base/err.h"

struct act;

enum opt_kind { OPT_FLAG, OPT_TEXT, OPT_INT };

struct opt {
    const char *name; /* without the dashes; NULL ends a list */
    char letter;      /* 0: long form only */
    enum opt_kind kind;
    bool is_required;
    const char *value;    /* what stands for the value in help: "FILE" */
    const char *fallback; /* NULL: none */
    enum msg_id help;
};

/* What a command does with the data directory. */
enum access { ACCESS_NONE, ACCESS_CREATE, ACCESS_READ, ACCESS_WRITE };

struct command {
    const char *name;     /* one or two words: "import ledger" */
    const char *operands; /* "FILE", "CODE TIER", "[CODE]" (may be left out), "FILE..." (one or
                             more), or "" */
    enum access access;
    const struct opt *opts;
    enum msg_id help;
    const char *examples[2]; /* without the program's name */
    enum rc (*run)(struct act *act);
    bool runs_others; /* other programs, as children */
};

/* The commands of the office; those of the program itself stand in cli. */
extern const struct command COMMANDS[];
extern const int COMMAND_COUNT;

/* How many operands a command takes; `*out_max` OPERANDS_MAX when its last one repeats. */
void command_operand_range(const struct command *command, int *out_min, int *out_max);

#endif
