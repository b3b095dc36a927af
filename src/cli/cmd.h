/* Commands of the program itself: no office is asked, or several are made. */
#ifndef CLI_CMD_H
#define CLI_CMD_H

#include "act/act.h"

/* cmd_demo.c */
enum rc cmd_demo(struct act *act);

/* cmd_serve.c */
enum rc cmd_serve(struct act *act);

/* cmd_ui.c */
enum rc cmd_ui(struct act *act);

/* cmd_solve.c */
enum rc cmd_solve(struct act *act);

/* help.c */
enum rc cmd_help(struct act *act);

#endif
