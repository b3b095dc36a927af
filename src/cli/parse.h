/* A command line against the command table. */
#ifndef CLI_PARSE_H
#define CLI_PARSE_H

#include "act/act.h"

enum parsed { PARSED_RUN, PARSED_HELP, PARSED_WRONG };

/* Fill `act` with the command, its options and operands. PARSED_WRONG: `err` says why. */
enum parsed parse_command_line(struct act *act, int argc, char **argv);

#endif
