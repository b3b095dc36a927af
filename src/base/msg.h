/* Messages in the reader's language. The catalogues are i18n/<language>/<room>.msg; tools/msggen
 * makes ids and tables of them and refuses what does not match. */
#ifndef BASE_MSG_H
#define BASE_MSG_H

#include "base/buf.h"
#include "base/err.h"
#include "gen/msg_id.h"

enum lang { LANG_ZH, LANG_EN };

/* The text of a message with its arguments put in. Counts are grouped by thousands. */
void msg_put(struct buf *out, enum lang lang, enum msg_id id, const struct arg *args, int count);
/* A message without arguments. */
str msg_text(enum lang lang, enum msg_id id);
/* Its key in the catalogues, "unit.code_unknown": the name of a problem for programs. */
str msg_key(enum msg_id id);
/* What happened, and on a second line what to do, where the catalogue knows it (`key.hint`). */
void err_put(struct buf *out, enum lang lang, const struct err *err);

#endif
