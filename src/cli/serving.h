/* A server that runs until the program is told to stop. */
#ifndef CLI_SERVING_H
#define CLI_SERVING_H

#include "act/act.h"
#include "web/server.h"

/* Before any thread is made: the signals that stop it are then for serve_until_told alone. */
void serve_block_signals(void);
/* Say that it serves, wait to be told, let what runs finish, and say how many were cut off. */
void serve_until_told(struct act *act, struct server *server);

#endif
