/* The commands, one function each, by family. */
#ifndef CLI_CMD_H
#define CLI_CMD_H

#include "cli/session.h"

/* cmd_office.c */
enum rc cmd_help(struct session *session);
enum rc cmd_doctor(struct session *session);

/* cmd_programme.c */
enum rc cmd_init(struct session *session);
enum rc cmd_programme_check(struct session *session);
enum rc cmd_programme_diff(struct session *session);
enum rc cmd_programme_apply(struct session *session);
enum rc cmd_programme_export(struct session *session);
enum rc cmd_programme_import(struct session *session);

/* cmd_import.c */
enum rc cmd_import_register(struct session *session);
enum rc cmd_import_ledger(struct session *session);
enum rc cmd_import_wishes(struct session *session);
enum rc cmd_import_list(struct session *session);
enum rc cmd_import_conflicts(struct session *session);
enum rc cmd_import_revert(struct session *session);

/* cmd_tier.c */
enum rc cmd_classify(struct session *session);
enum rc cmd_explain_tier(struct session *session);
enum rc cmd_override_tier(struct session *session);
enum rc cmd_approve(struct session *session);
enum rc cmd_runs_list(struct session *session);
enum rc cmd_runs_show(struct session *session);
enum rc cmd_runs_compare(struct session *session);

/* cmd_plan.c */
enum rc cmd_plan(struct session *session);
enum rc cmd_explain_plan(struct session *session);

/* cmd_value.c */
enum rc cmd_rollup(struct session *session);
enum rc cmd_explain_value(struct session *session);
enum rc cmd_export_ledger(struct session *session);

/* cmd_lineage.c */
enum rc cmd_lineage_show(struct session *session);
enum rc cmd_lineage_propose(struct session *session);
enum rc cmd_lineage_apply(struct session *session);

/* cmd_demo.c */
enum rc cmd_demo(struct session *session);

/* cmd_solve.c */
enum rc cmd_solve(struct session *session);

/* cmd_read.c */
enum rc cmd_read(struct session *session);

#endif
