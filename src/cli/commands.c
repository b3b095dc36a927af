/* The command table. */
#include "cli/command.h"

#include "cli/cmd.h"

const struct opt COMMON_OPTS[] = {
    {"directory", 'd', OPT_TEXT, false, "DIR", NULL, MSG_CLI_OPT_DIRECTORY},
    {"json", 0, OPT_FLAG, false, "", NULL, MSG_CLI_OPT_JSON},
    {"lang", 0, OPT_TEXT, false, "zh|en", NULL, MSG_CLI_OPT_LANG},
    {"quiet", 'q', OPT_FLAG, false, "", NULL, MSG_CLI_OPT_QUIET},
    {"help", 'h', OPT_FLAG, false, "", NULL, MSG_CLI_OPT_HELP},
    {"version", 0, OPT_FLAG, false, "", NULL, MSG_CLI_OPT_VERSION},
    {0},
};

const struct command COMMANDS[] = {
    {"help",
     "TOPIC",
     ACCESS_NONE,
     NULL,
     MSG_CLI_CMD_HELP,
     {"help man | man -l -", "help completion > /etc/bash_completion.d/wancun"},
     cmd_help},
    {"doctor",
     "",
     ACCESS_READ,
     NULL,
     MSG_CLI_CMD_DOCTOR,
     {"-d office doctor", "-d office --json doctor"},
     cmd_doctor},
};

const int COMMAND_COUNT = (int)COUNT_OF(COMMANDS);
