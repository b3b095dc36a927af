/* Help, manual page, completion and documentation, all from the command table. */
#ifndef CLI_HELP_H
#define CLI_HELP_H

#include "act/command.h"
#include "base/buf.h"
#include "base/msg.h"

/* All commands, or one with its options and examples. */
void help_put_all(struct buf *out, enum lang lang);
void help_put_command(struct buf *out, enum lang lang, const struct command *command);
/* roff for man(7), a bash completion script, and a page of Markdown. */
void help_put_man(struct buf *out, enum lang lang);
void help_put_completion(struct buf *out);
void help_put_page(struct buf *out, enum lang lang);

#endif
