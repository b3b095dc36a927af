/* The commands of the office, one function each, by family. */
#ifndef ACT_CMD_H
#define ACT_CMD_H

#include "act/act.h"

/* doctor.c */
enum rc cmd_doctor(struct act *act);
enum rc cmd_audit_verify(struct act *act);
enum rc cmd_audit_export(struct act *act);
enum rc cmd_witness(struct act *act);

/* programme.c */
enum rc cmd_init(struct act *act);
enum rc cmd_programme_check(struct act *act);
enum rc cmd_programme_diff(struct act *act);
enum rc cmd_programme_apply(struct act *act);
enum rc cmd_programme_export(struct act *act);
enum rc cmd_programme_import(struct act *act);

/* import.c */
enum rc cmd_import_register(struct act *act);
enum rc cmd_import_ledger(struct act *act);
enum rc cmd_import_wishes(struct act *act);
enum rc cmd_import_list(struct act *act);
enum rc cmd_import_conflicts(struct act *act);
enum rc cmd_import_revert(struct act *act);

/* tier.c */
enum rc cmd_classify(struct act *act);
enum rc cmd_explain_tier(struct act *act);
enum rc cmd_override_tier(struct act *act);
enum rc cmd_approve(struct act *act);
enum rc cmd_runs_list(struct act *act);
enum rc cmd_runs_show(struct act *act);
enum rc cmd_runs_compare(struct act *act);
enum rc cmd_runs_results(struct act *act);

/* plan.c */
enum rc cmd_plan(struct act *act);
enum rc cmd_explain_plan(struct act *act);

/* value.c */
enum rc cmd_rollup(struct act *act);
enum rc cmd_values_list(struct act *act);
enum rc cmd_explain_value(struct act *act);
enum rc cmd_export_ledger(struct act *act);

/* lineage.c */
enum rc cmd_lineage_show(struct act *act);
enum rc cmd_lineage_propose(struct act *act);
enum rc cmd_lineage_apply(struct act *act);

/* notice.c */
enum rc cmd_notice_open(struct act *act);
enum rc cmd_notice_close(struct act *act);
enum rc cmd_notice_list(struct act *act);
enum rc cmd_appeal_add(struct act *act);
enum rc cmd_appeal_answer(struct act *act);
enum rc cmd_appeal_list(struct act *act);

/* user.c */
enum rc cmd_user_add(struct act *act);
enum rc cmd_user_list(struct act *act);
enum rc cmd_user_password(struct act *act);
enum rc cmd_user_disable(struct act *act);
enum rc cmd_user_restart(struct act *act);
enum rc cmd_user_post(struct act *act);
enum rc cmd_user_leave(struct act *act);
enum rc cmd_user_posts(struct act *act);
enum rc cmd_user_sessions(struct act *act);
enum rc cmd_user_revoke(struct act *act);
enum rc cmd_user_token(struct act *act);

/* proposal.c */
enum rc cmd_proposals_list(struct act *act);
enum rc cmd_proposals_decide(struct act *act);
enum rc cmd_proposals_withdraw(struct act *act);

/* backup.c, restore.c */
enum rc cmd_backup(struct act *act);
enum rc cmd_check(struct act *act);
enum rc cmd_restore(struct act *act);

/* read.c */
enum rc cmd_read(struct act *act);

#endif
