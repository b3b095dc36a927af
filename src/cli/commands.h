/* All commands there are, in the order of the manual, and the options that every one of them knows.
 */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include "act/command.h"

int command_count(void);
const struct command *command_at(int place);

extern const struct opt COMMON_OPTS[];

#endif
