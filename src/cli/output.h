/* Where answers go: standard output, or a file whose ending says what it becomes. */
#ifndef CLI_OUTPUT_H
#define CLI_OUTPUT_H

#include "cli/session.h"

/* Bytes straight to standard output. */
struct byte_sink output_stdout(struct err *err);

/* The door's ways out (act.h). With -o a file takes the tables, written whole by output_flush. What
 * a command that writes would show is held back, because it may have to be done again. */
enum rc output_sink(struct act *act, struct table_sink *out) MUST_CHECK;
struct table_sink output_shown(struct act *act);
enum rc output_write(struct act *act, str path, struct spool *bytes) MUST_CHECK;

/* Called once by the dispatcher: writes what -o gathered; lets go of it when the command failed. */
enum rc output_flush(struct session *session) MUST_CHECK;
void output_drop(struct session *session);
/* Show what was held back until the act ended, well or ill. */
enum rc output_show(struct session *session) MUST_CHECK;

#endif
