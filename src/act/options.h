/* The options of the commands, a list each, ended by one without a name. For tables of
 * commands and routes. */
#ifndef ACT_OPTIONS_H
#define ACT_OPTIONS_H

#include "act/command.h"

extern const struct opt INIT_OPTS[];
extern const struct opt REGISTER_OPTS[];
extern const struct opt LINEAGE_SHOW_OPTS[];
extern const struct opt AUDIT_VERIFY_OPTS[];
extern const struct opt AUDIT_EXPORT_OPTS[];
extern const struct opt WITNESS_OPTS[];
extern const struct opt BACKUP_OPTS[];
extern const struct opt RESTORE_OPTS[];
extern const struct opt LINEAGE_PROPOSE_OPTS[];
extern const struct opt LINEAGE_APPLY_OPTS[];
extern const struct opt LEDGER_OPTS[];
extern const struct opt ROLLUP_OPTS[];
extern const struct opt FORM_OPTS[];
extern const struct opt VALUES_OPTS[];
extern const struct opt VALUE_OPTS[];
extern const struct opt CLASSIFY_OPTS[];
extern const struct opt PLAN_OPTS[];
extern const struct opt EXPLAIN_OPTS[];
extern const struct opt OVERRIDE_OPTS[];
extern const struct opt APPROVE_OPTS[];
extern const struct opt USER_ADD_OPTS[];
extern const struct opt USER_PASSWORD_OPTS[];
extern const struct opt USER_POST_OPTS[];
extern const struct opt USER_LEAVE_OPTS[];
extern const struct opt USER_TOKEN_OPTS[];
extern const struct opt NOTICE_OPTS[];
extern const struct opt APPEAL_OPTS[];
extern const struct opt DECIDE_OPTS[];
extern const struct opt DICTIONARY_OPTS[];
extern const struct opt PROGRAMME_IMPORT_OPTS[];
extern const struct opt LIST_OPTS[];
extern const struct opt CONFLICTS_OPTS[];
extern const struct opt REVERT_OPTS[];

#endif
