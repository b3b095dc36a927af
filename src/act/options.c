/* The options of the commands. */
#include "act/options.h"

#define OPT_OUTPUT                                                                                 \
    {                                                                                              \
        "output", 'o', OPT_TEXT, false, "FILE", NULL, MSG_ACT_OPT_OUTPUT                           \
    }
#define OPT_UNIT                                                                                   \
    {                                                                                              \
        "unit", 0, OPT_TEXT, false, "CODE", NULL, MSG_ACT_OPT_UNIT                                 \
    }
#define OPT_LEVEL                                                                                  \
    {                                                                                              \
        "level", 0, OPT_TEXT, false, "LEVEL", NULL, MSG_ACT_OPT_LEVEL                              \
    }
#define OPT_PERIOD                                                                                 \
    {                                                                                              \
        "period", 0, OPT_TEXT, true, "PERIOD", NULL, MSG_ACT_OPT_PERIOD                            \
    }
#define OPT_SCHEME                                                                                 \
    {                                                                                              \
        "scheme", 0, OPT_TEXT, false, "SCHEME", NULL, MSG_ACT_OPT_SCHEME                           \
    }
#define OPT_RUN                                                                                    \
    {                                                                                              \
        "run", 0, OPT_TEXT, false, "RUN", NULL, MSG_ACT_OPT_RUN                                    \
    }
#define OPT_REASON                                                                                 \
    {                                                                                              \
        "reason", 0, OPT_TEXT, true, "TEXT", NULL, MSG_ACT_OPT_REASON                              \
    }

const struct opt INIT_OPTS[] = {
    {"programme", 0, OPT_TEXT, true, "PROGRAMME", NULL, MSG_ACT_OPT_PROGRAMME},
    {"database", 0, OPT_TEXT, false, "URL", NULL, MSG_ACT_OPT_DATABASE},
    {0},
};
const struct opt REGISTER_OPTS[] = {
    {"as-of", 0, OPT_TEXT, true, "DATE", NULL, MSG_ACT_OPT_AS_OF},
    {"accept", 0, OPT_INT, false, "MIN", NULL, MSG_ACT_OPT_ACCEPT},
    {0},
};
const struct opt LINEAGE_SHOW_OPTS[] = {
    {"from", 0, OPT_TEXT, false, "DATE", NULL, MSG_ACT_OPT_FROM},
    {"to", 0, OPT_TEXT, false, "DATE", NULL, MSG_ACT_OPT_TO},
    OPT_OUTPUT,
    {0},
};
const struct opt AUDIT_VERIFY_OPTS[] = {
    {"note", 0, OPT_TEXT, false, "FILE", NULL, MSG_ACT_OPT_NOTE},
    {"key", 0, OPT_TEXT, false, "KEY", NULL, MSG_ACT_OPT_KEY},
    OPT_OUTPUT,
    {0},
};
const struct opt AUDIT_EXPORT_OPTS[] = {
    {"since", 0, OPT_INT, false, "NUMBER", NULL, MSG_ACT_OPT_SINCE},
    {"heads", 0, OPT_FLAG, false, "", NULL, MSG_ACT_OPT_HEADS},
    {"output", 'o', OPT_TEXT, true, "FILE.ndjson", NULL, MSG_ACT_OPT_OUTPUT},
    {0},
};
const struct opt WITNESS_OPTS[] = {
    {"state", 0, OPT_TEXT, true, "DIR", NULL, MSG_ACT_OPT_STATE},
    {"output", 'o', OPT_TEXT, true, "FILE", NULL, MSG_ACT_OPT_OUTPUT},
    {0},
};
const struct opt BACKUP_OPTS[] = {
    {"output", 'o', OPT_TEXT, true, "FILE", NULL, MSG_ACT_OPT_BACKUP},
    {0},
};
const struct opt RESTORE_OPTS[] = {
    {"keys", 0, OPT_TEXT, true, "DIR", NULL, MSG_ACT_OPT_KEYS},
    {0},
};
const struct opt LINEAGE_PROPOSE_OPTS[] = {OPT_UNIT, OPT_OUTPUT, {0}};
const struct opt LINEAGE_APPLY_OPTS[] = {
    OPT_REASON,
    {"dry-run", 0, OPT_FLAG, false, "", NULL, MSG_ACT_OPT_TRY},
    OPT_OUTPUT,
    {0},
};
const struct opt LEDGER_OPTS[] = {
    OPT_PERIOD,
    OPT_LEVEL,
    OPT_UNIT,
    {"source", 0, OPT_TEXT, false, "SOURCE", NULL, MSG_ACT_OPT_GIVEN_BY},
    {"dry-run", 0, OPT_FLAG, false, "", NULL, MSG_ACT_OPT_DRY_RUN},
    {"known-only", 0, OPT_FLAG, false, "", NULL, MSG_ACT_OPT_KNOWN_ONLY},
    {"errors", 0, OPT_TEXT, false, "OUT.xlsx", NULL, MSG_ACT_OPT_ERRORS},
    OPT_OUTPUT,
    {0},
};
const struct opt ROLLUP_OPTS[] = {
    OPT_PERIOD,
    OPT_LEVEL,
    OPT_UNIT,
    {"indicator", 0, OPT_TEXT, false, "A,B", NULL, MSG_ACT_OPT_INDICATOR},
    {"boundaries", 0, OPT_TEXT, false, "then|now|DATE", "then", MSG_ACT_OPT_BOUNDARIES},
    OPT_OUTPUT,
    {0},
};
const struct opt FORM_OPTS[] = {
    OPT_PERIOD,
    OPT_LEVEL,
    OPT_UNIT,
    {"source", 0, OPT_TEXT, false, "SOURCE", NULL, MSG_ACT_OPT_SOURCE},
    {"output", 'o', OPT_TEXT, true, "FILE.xlsx", NULL, MSG_ACT_OPT_OUTPUT},
    {0},
};
const struct opt VALUES_OPTS[] = {
    OPT_PERIOD, OPT_UNIT, {"indicator", 0, OPT_TEXT, false, "A,B", NULL, MSG_ACT_OPT_INDICATOR},
    OPT_OUTPUT, {0},
};
const struct opt VALUE_OPTS[] = {OPT_PERIOD, OPT_OUTPUT, {0}};
const struct opt CLASSIFY_OPTS[] = {
    OPT_PERIOD,
    OPT_LEVEL,
    OPT_SCHEME,
    OPT_UNIT,
    {"draws", 0, OPT_INT, false, "N", "10000", MSG_ACT_OPT_DRAWS},
    {"seed", 0, OPT_INT, false, "N", "1", MSG_ACT_OPT_SEED},
    OPT_OUTPUT,
    {0},
};
const struct opt PLAN_OPTS[] = {
    {"years", 0, OPT_TEXT, true, "YEARS", NULL, MSG_ACT_OPT_YEARS},
    {"tiers", 0, OPT_TEXT, false, "RUN", NULL, MSG_ACT_OPT_TIERS},
    {"funds", 0, OPT_TEXT, true, "FILE", NULL, MSG_ACT_OPT_FUNDS},
    {"lock", 0, OPT_TEXT, false, "FILE", NULL, MSG_ACT_OPT_LOCK},
    {"seconds", 0, OPT_INT, false, "N", "2", MSG_ACT_OPT_SECONDS},
    {"seed", 0, OPT_INT, false, "N", "1", MSG_ACT_OPT_SEED},
    OPT_OUTPUT,
    {0},
};
const struct opt EXPLAIN_OPTS[] = {OPT_RUN, OPT_OUTPUT, {0}};
const struct opt OVERRIDE_OPTS[] = {OPT_REASON, OPT_LEVEL, OPT_SCHEME, {0}};
const struct opt APPROVE_OPTS[] = {
    {"resolution", 0, OPT_TEXT, true, "TEXT", NULL, MSG_ACT_OPT_RESOLUTION},
    {"on", 0, OPT_TEXT, false, "DATE", NULL, MSG_ACT_OPT_ON},
    {"minutes", 0, OPT_TEXT, false, "TEXT", NULL, MSG_ACT_OPT_MINUTES},
    {"document", 0, OPT_TEXT, false, "FILE", NULL, MSG_ACT_OPT_DOCUMENT},
    {0},
};
const struct opt USER_ADD_OPTS[] = {
    {"name", 0, OPT_TEXT, true, "NAME", NULL, MSG_ACT_OPT_NAME},
    {"kind", 0, OPT_TEXT, false, "KIND", "official", MSG_ACT_OPT_KIND},
    {0},
};
const struct opt USER_PASSWORD_OPTS[] = {
    {"from-file", 0, OPT_TEXT, true, "FILE", NULL, MSG_ACT_OPT_FROM_FILE}, {0}};
const struct opt USER_POST_OPTS[] = {
    OPT_UNIT,
    {"from", 0, OPT_TEXT, false, "DATE", NULL, MSG_ACT_OPT_BEGINS},
    {"to", 0, OPT_TEXT, false, "DATE", NULL, MSG_ACT_OPT_ENDS},
    {0},
};
const struct opt USER_LEAVE_OPTS[] = {{"to", 0, OPT_TEXT, true, "DATE", NULL, MSG_ACT_OPT_ENDS},
                                      {0}};
const struct opt USER_TOKEN_OPTS[] = {
    {"purpose", 0, OPT_TEXT, true, "TEXT", NULL, MSG_ACT_OPT_PURPOSE},
    {"rights", 0, OPT_TEXT, true, "A,B", NULL, MSG_ACT_OPT_RIGHTS},
    {"days", 0, OPT_INT, true, "N", NULL, MSG_ACT_OPT_DAYS},
    OPT_UNIT,
    {0},
};
const struct opt NOTICE_OPTS[] = {
    {"from", 0, OPT_TEXT, false, "DATE", NULL, MSG_ACT_OPT_FIRST_DAY},
    {"to", 0, OPT_TEXT, true, "DATE", NULL, MSG_ACT_OPT_UNTIL_DAY},
    {"place", 0, OPT_TEXT, true, "TEXT", NULL, MSG_ACT_OPT_PLACE},
    {0},
};
const struct opt APPEAL_OPTS[] = {
    {"who", 0, OPT_TEXT, true, "NAME", NULL, MSG_ACT_OPT_WHO},
    {"text", 0, OPT_TEXT, true, "TEXT", NULL, MSG_ACT_OPT_TEXT},
    {"ground", 0, OPT_TEXT, true, "TEXT", NULL, MSG_ACT_OPT_GROUND},
    {0},
};
const struct opt DECIDE_OPTS[] = {{"remark", 0, OPT_TEXT, false, "TEXT", NULL, MSG_ACT_OPT_REMARK},
                                  {0}};
const struct opt DICTIONARY_OPTS[] = {
    {"output", 'o', OPT_TEXT, true, "FILE.xlsx|.yaml", NULL, MSG_ACT_OPT_OUTPUT},
    {0},
};
const struct opt PROGRAMME_IMPORT_OPTS[] = {
    {"dry-run", 0, OPT_FLAG, false, "", NULL, MSG_ACT_OPT_DRY_RUN},
    OPT_OUTPUT,
    {0},
};
const struct opt LIST_OPTS[] = {OPT_OUTPUT, {0}};
const struct opt CONFLICTS_OPTS[] = {
    {"period", 0, OPT_TEXT, false, "PERIOD", NULL, MSG_ACT_OPT_PERIOD},
    OPT_UNIT,
    OPT_OUTPUT,
    {0},
};
const struct opt REVERT_OPTS[] = {OPT_REASON, {0}};
