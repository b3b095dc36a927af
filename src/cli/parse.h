/* A command line against the command table. */
#ifndef CLI_PARSE_H
#define CLI_PARSE_H

#include "cli/session.h"

enum parsed { PARSED_RUN, PARSED_HELP, PARSED_WRONG };

/* Fill `session` with the command, its options and operands. PARSED_WRONG: `err` says why. */
enum parsed parse_command_line(struct session *session, int argc, char **argv);

/* How many operands a command takes; `*out_max` OPERANDS_MAX when its last one repeats. */
void parse_operand_range(const struct command *command, int *out_min, int *out_max);

#endif
