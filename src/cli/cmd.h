/* The commands, one function each, by family. */
#ifndef CLI_CMD_H
#define CLI_CMD_H

#include "cli/session.h"

/* cmd_office.c */
enum rc cmd_help(struct session *session);
enum rc cmd_doctor(struct session *session);

#endif
