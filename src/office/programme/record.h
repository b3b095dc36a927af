/* The versions of the definition this office works by: applied, kept by hash, never changed. */
#ifndef OFFICE_PROGRAMME_RECORD_H
#define OFFICE_PROGRAMME_RECORD_H

#include "office/audit/replay.h"
#include "office/office.h"
#include "office/programme/programme.h"

/* Make `programme` the version in force. RC_OK and `*out_is_new` false when it is so already; an
 * older version may be taken up again. Writes an event. Also keeps the programme's fixed notice as
 * the setting "notice". */
enum rc programme_record(const struct cx *cx, const struct programme *programme,
                         bool *out_is_new) MUST_CHECK;

/* How the versions are checked against the trace. */
extern const struct replay_table PROGRAMME_TABLES[];

/* The canonical text of the version in force, or of the one whose hash begins so. RC_MISSING with
 * a message when there is none. */
enum rc programme_recorded(const struct cx *cx, str hash_prefix, str *out_text) MUST_CHECK;

#endif
