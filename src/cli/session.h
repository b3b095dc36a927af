/* One command on the command line. */
#ifndef CLI_SESSION_H
#define CLI_SESSION_H

#include "act/act.h"

struct output;

struct session {
    struct act act;
    struct progress progress;
    int64_t progress_begin_ms;
    int64_t progress_last_ms;
    enum msg_id progress_what;
    bool progress_is_shown;
    bool is_quiet;
    struct output *output;
    struct spool *shown; /* what a command that writes shows, until it has ended */
};

/* The session of an act that came from the command line. */
static inline struct session *session_of(struct act *act)
{
    return act->caller;
}

/* Run the program: parse, open, do, close; `fallback` is the language where --lang says nothing.
 * A command without a data directory may run others by it. The exit status of the house: 0 done,
 * 1 the input or the state does not allow it, 2 usage, 3 the machine. */
int cli_main(int argc, char **argv, enum lang fallback);

#endif
