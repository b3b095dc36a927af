/* All commands: those of the office, then those of the program itself. */
#include "cli/commands.h"

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

static const struct opt DEMO_OPTS[] = {
    {"size", 0, OPT_TEXT, false, "province|county", "province", MSG_CLI_OPT_SIZE},
    {"seed", 0, OPT_INT, false, "N", "1", MSG_ACT_OPT_SEED},
    {"programme", 0, OPT_TEXT, false, "PROGRAMME", "programmes/example-province",
     MSG_ACT_OPT_PROGRAMME},
    {"only-files", 0, OPT_FLAG, false, "", NULL, MSG_CLI_OPT_ONLY_FILES},
    {0},
};
static const struct opt SERVE_OPTS[] = {
    {"listen", 0, OPT_TEXT, false, "ADDRESS", "127.0.0.1:8600", MSG_CLI_OPT_LISTEN},
    {"https", 0, OPT_FLAG, false, "", NULL, MSG_CLI_OPT_HTTPS},
    {"log", 0, OPT_TEXT, false, "error|warn|info", "info", MSG_CLI_OPT_LOG},
    {"metrics", 0, OPT_TEXT, false, "ADDRESS", NULL, MSG_CLI_OPT_METRICS},
    {0},
};
static const struct opt UI_OPTS[] = {
    {"programme", 0, OPT_TEXT, false, "PROGRAMME", "programmes/example-province",
     MSG_ACT_OPT_PROGRAMME},
    {0},
};
static const struct opt SOLVE_OPTS[] = {
    {"output", 'o', OPT_TEXT, false, "FILE", NULL, MSG_ACT_OPT_OUTPUT},
    {"seconds", 0, OPT_INT, false, "N", "10", MSG_CLI_OPT_EFFORT},
    {"seed", 0, OPT_INT, false, "N", "1", MSG_ACT_OPT_SEED},
    {"threads", 0, OPT_INT, false, "N", "2", MSG_CLI_OPT_THREADS},
    {0},
};

static const struct command OWN[] = {
    {"demo",
     "DIR",
     ACCESS_NONE,
     DEMO_OPTS,
     MSG_CLI_CMD_DEMO,
     {"demo demo-data/county --size county", "demo demo-data/province --seed 2 --only-files"},
     cmd_demo},
    {"serve",
     "",
     ACCESS_NONE,
     SERVE_OPTS,
     MSG_CLI_CMD_SERVE,
     {"-d office serve", "-d office serve --listen unix:/run/wancun/socket --https"},
     cmd_serve,
     .runs_others = true},
    {"solve",
     "FILE",
     ACCESS_NONE,
     SOLVE_OPTS,
     MSG_CLI_CMD_SOLVE,
     {"solve problem.json", "solve problem.ndjson --seconds 60 --seed 7 -o answer.xlsx"},
     cmd_solve},
    {"ui", "[DIR]", ACCESS_NONE, UI_OPTS, MSG_CLI_CMD_UI, {"ui", "ui office"}, cmd_ui},
    {"help",
     "TOPIC",
     ACCESS_NONE,
     NULL,
     MSG_CLI_CMD_HELP,
     {"help man | man -l -", "help completion > /etc/bash_completion.d/wancun"},
     cmd_help},
};

int command_count(void)
{
    return COMMAND_COUNT + (int)COUNT_OF(OWN);
}

const struct command *command_at(int place)
{
    return place < COMMAND_COUNT ? &COMMANDS[place] : &OWN[place - COMMAND_COUNT];
}
