/* The commands of the office. */
#include "act/cmd.h"

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

static const struct opt INIT_OPTS[] = {
    {"programme", 0, OPT_TEXT, true, "PROGRAMME", NULL, MSG_ACT_OPT_PROGRAMME},
    {0},
};
static const struct opt REGISTER_OPTS[] = {
    {"as-of", 0, OPT_TEXT, true, "DATE", NULL, MSG_ACT_OPT_AS_OF},
    {"accept", 0, OPT_INT, false, "MIN", NULL, MSG_ACT_OPT_ACCEPT},
    {0},
};
static const struct opt LINEAGE_SHOW_OPTS[] = {
    {"from", 0, OPT_TEXT, false, "DATE", NULL, MSG_ACT_OPT_FROM},
    {"to", 0, OPT_TEXT, false, "DATE", NULL, MSG_ACT_OPT_TO},
    OPT_OUTPUT,
    {0},
};
static const struct opt AUDIT_VERIFY_OPTS[] = {
    {"note", 0, OPT_TEXT, false, "FILE", NULL, MSG_ACT_OPT_NOTE},
    {"key", 0, OPT_TEXT, false, "KEY", NULL, MSG_ACT_OPT_KEY},
    OPT_OUTPUT,
    {0},
};
static const struct opt AUDIT_EXPORT_OPTS[] = {
    {"since", 0, OPT_INT, false, "NUMBER", NULL, MSG_ACT_OPT_SINCE},
    {"heads", 0, OPT_FLAG, false, "", NULL, MSG_ACT_OPT_HEADS},
    {"output", 'o', OPT_TEXT, true, "FILE.ndjson", NULL, MSG_ACT_OPT_OUTPUT},
    {0},
};
static const struct opt WITNESS_OPTS[] = {
    {"state", 0, OPT_TEXT, true, "DIR", NULL, MSG_ACT_OPT_STATE},
    {"output", 'o', OPT_TEXT, true, "FILE", NULL, MSG_ACT_OPT_OUTPUT},
    {0},
};
static const struct opt LINEAGE_PROPOSE_OPTS[] = {OPT_UNIT, OPT_OUTPUT, {0}};
static const struct opt LINEAGE_APPLY_OPTS[] = {
    OPT_REASON,
    {"dry-run", 0, OPT_FLAG, false, "", NULL, MSG_ACT_OPT_TRY},
    OPT_OUTPUT,
    {0},
};
static const struct opt LEDGER_OPTS[] = {
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
static const struct opt ROLLUP_OPTS[] = {
    OPT_PERIOD,
    OPT_LEVEL,
    OPT_UNIT,
    {"indicator", 0, OPT_TEXT, false, "A,B", NULL, MSG_ACT_OPT_INDICATOR},
    {"boundaries", 0, OPT_TEXT, false, "then|now|DATE", "then", MSG_ACT_OPT_BOUNDARIES},
    OPT_OUTPUT,
    {0},
};
static const struct opt FORM_OPTS[] = {
    OPT_PERIOD,
    OPT_LEVEL,
    OPT_UNIT,
    {"source", 0, OPT_TEXT, false, "SOURCE", NULL, MSG_ACT_OPT_SOURCE},
    {"output", 'o', OPT_TEXT, true, "FILE.xlsx", NULL, MSG_ACT_OPT_OUTPUT},
    {0},
};
static const struct opt VALUE_OPTS[] = {OPT_PERIOD, OPT_OUTPUT, {0}};
static const struct opt CLASSIFY_OPTS[] = {
    OPT_PERIOD,
    OPT_LEVEL,
    OPT_SCHEME,
    OPT_UNIT,
    {"draws", 0, OPT_INT, false, "N", "10000", MSG_ACT_OPT_DRAWS},
    {"seed", 0, OPT_INT, false, "N", "1", MSG_ACT_OPT_SEED},
    OPT_OUTPUT,
    {0},
};
static const struct opt PLAN_OPTS[] = {
    {"years", 0, OPT_TEXT, true, "YEARS", NULL, MSG_ACT_OPT_YEARS},
    {"tiers", 0, OPT_TEXT, false, "RUN", NULL, MSG_ACT_OPT_TIERS},
    {"funds", 0, OPT_TEXT, true, "FILE", NULL, MSG_ACT_OPT_FUNDS},
    {"lock", 0, OPT_TEXT, false, "FILE", NULL, MSG_ACT_OPT_LOCK},
    {"seconds", 0, OPT_INT, false, "N", "2", MSG_ACT_OPT_SECONDS},
    {"seed", 0, OPT_INT, false, "N", "1", MSG_ACT_OPT_SEED},
    OPT_OUTPUT,
    {0},
};
static const struct opt EXPLAIN_OPTS[] = {OPT_RUN, OPT_OUTPUT, {0}};
static const struct opt OVERRIDE_OPTS[] = {OPT_REASON, OPT_LEVEL, OPT_SCHEME, {0}};
static const struct opt APPROVE_OPTS[] = {
    {"resolution", 0, OPT_TEXT, true, "TEXT", NULL, MSG_ACT_OPT_RESOLUTION},
    {0},
};
static const struct opt DICTIONARY_OPTS[] = {
    {"output", 'o', OPT_TEXT, true, "FILE.xlsx|.yaml", NULL, MSG_ACT_OPT_OUTPUT},
    {0},
};
static const struct opt PROGRAMME_IMPORT_OPTS[] = {
    {"dry-run", 0, OPT_FLAG, false, "", NULL, MSG_ACT_OPT_DRY_RUN},
    OPT_OUTPUT,
    {0},
};
static const struct opt LIST_OPTS[] = {OPT_OUTPUT, {0}};
static const struct opt CONFLICTS_OPTS[] = {
    {"period", 0, OPT_TEXT, false, "PERIOD", NULL, MSG_ACT_OPT_PERIOD},
    OPT_UNIT,
    OPT_OUTPUT,
    {0},
};
static const struct opt REVERT_OPTS[] = {OPT_REASON, {0}};

const struct command COMMANDS[] = {
    {"init",
     "DIR",
     ACCESS_CREATE,
     INIT_OPTS,
     MSG_ACT_CMD_INIT,
     {"init office --programme programmes/example-province",
      "init office --programme programmes/example-highland"},
     cmd_init},
    {"import register",
     "FILE",
     ACCESS_WRITE,
     REGISTER_OPTS,
     MSG_ACT_CMD_IMPORT_REGISTER,
     {"-d office import register register-2023.csv.xz --as-of 2023-06-30",
      "-d office import register register-2024.xlsx --as-of 2024-06-30 --accept 95"},
     cmd_import_register},
    {"lineage show",
     "[CODE]",
     ACCESS_READ,
     LINEAGE_SHOW_OPTS,
     MSG_ACT_CMD_LINEAGE_SHOW,
     {"-d office lineage show --from 2021-01-01", "-d office lineage show 990101101201"},
     cmd_lineage_show},
    {"lineage propose",
     "",
     ACCESS_READ,
     LINEAGE_PROPOSE_OPTS,
     MSG_ACT_CMD_LINEAGE_PROPOSE,
     {"-d office lineage propose -o lineage.xlsx",
      "-d office --json lineage propose --unit 990101000000"},
     cmd_lineage_propose},
    {"lineage apply",
     "FILE",
     ACCESS_WRITE,
     LINEAGE_APPLY_OPTS,
     MSG_ACT_CMD_LINEAGE_APPLY,
     {"-d office lineage apply lineage.xlsx --reason '县民政局核对，2024年第2号' --dry-run",
      "-d office lineage apply lineage.xlsx --reason '县民政局核对，2024年第2号'"},
     cmd_lineage_apply},
    {"import ledger",
     "FILE...",
     ACCESS_WRITE,
     LEDGER_OPTS,
     MSG_ACT_CMD_IMPORT_LEDGER,
     {"-d office import ledger ledger.xlsx --period 2024 --dry-run",
      "-d office import ledger county.xlsx --period 2024 --level county"},
     cmd_import_ledger},
    {"import wishes",
     "FILE",
     ACCESS_WRITE,
     NULL,
     MSG_ACT_CMD_IMPORT_WISHES,
     {"-d office import wishes wishes.xlsx", "-d office import wishes wishes.csv"},
     cmd_import_wishes},
    {"import list",
     "",
     ACCESS_READ,
     LIST_OPTS,
     MSG_ACT_CMD_IMPORT_LIST,
     {"-d office import list", "-d office import list -o imports.xlsx"},
     cmd_import_list},
    {"import conflicts",
     "",
     ACCESS_READ,
     CONFLICTS_OPTS,
     MSG_ACT_CMD_IMPORT_CONFLICTS,
     {"-d office import conflicts --period 2024",
      "-d office import conflicts --unit 990101000000 -o conflicts.xlsx"},
     cmd_import_conflicts},
    {"import revert",
     "BATCH",
     ACCESS_WRITE,
     REVERT_OPTS,
     MSG_ACT_CMD_IMPORT_REVERT,
     {"-d office import revert 1853120000000000000 --reason '报错了年份'",
      "-d office --json import list"},
     cmd_import_revert},
    {"export ledger",
     "",
     ACCESS_READ,
     FORM_OPTS,
     MSG_ACT_CMD_EXPORT_LEDGER,
     {"-d office export ledger --period 2024 --unit 990101000000 -o ledger.xlsx",
      "-d office export ledger --period 2024 --unit 990101101000 --source village -o form.xlsx"},
     cmd_export_ledger},
    {"rollup",
     "",
     ACCESS_READ,
     ROLLUP_OPTS,
     MSG_ACT_CMD_ROLLUP,
     {"-d office rollup --period 2024 --indicator PS04,EV05",
      "-d office rollup --period 2022 --boundaries now --unit 990101000000 -o county.xlsx"},
     cmd_rollup},
    {"explain value",
     "CODE INDICATOR",
     ACCESS_READ,
     VALUE_OPTS,
     MSG_ACT_CMD_EXPLAIN_VALUE,
     {"-d office explain value 990101101201 EV05 --period 2024",
      "-d office --json explain value 990101101201 PS05 --period 2024"},
     cmd_explain_value},
    {"classify",
     "",
     ACCESS_WRITE,
     CLASSIFY_OPTS,
     MSG_ACT_CMD_CLASSIFY,
     {"-d office classify --period 2024 -o tiers.xlsx",
      "-d office classify --period 2024 --level county --draws 1000"},
     cmd_classify},
    {"explain tier",
     "CODE",
     ACCESS_READ,
     EXPLAIN_OPTS,
     MSG_ACT_CMD_EXPLAIN_TIER,
     {"-d office explain tier 990101101201", "-d office --json explain tier 990101101201"},
     cmd_explain_tier},
    {"plan",
     "",
     ACCESS_WRITE,
     PLAN_OPTS,
     MSG_ACT_CMD_PLAN,
     {"-d office plan --years 2025-2027 --funds funds.yaml -o plan.xlsx",
      "-d office plan --years 2025 --funds funds.yaml --lock locks.yaml"},
     cmd_plan,
     .runs_others = true},
    {"explain plan",
     "CODE",
     ACCESS_READ,
     EXPLAIN_OPTS,
     MSG_ACT_CMD_EXPLAIN_PLAN,
     {"-d office explain plan 990101101201", "-d office --json explain plan 990101101201"},
     cmd_explain_plan},
    {"override tier",
     "CODE TIER",
     ACCESS_WRITE,
     OVERRIDE_OPTS,
     MSG_ACT_CMD_OVERRIDE_TIER,
     {"-d office override tier 990101101201 exemplary --reason '县委会议纪要第3号'",
      "-d office override tier 990101101201 none --reason '到期取消'"},
     cmd_override_tier},
    {"approve",
     "RUN",
     ACCESS_WRITE,
     APPROVE_OPTS,
     MSG_ACT_CMD_APPROVE,
     {"-d office approve 1853120000000000000 --resolution "
      "'示范县委农办会议，2025-01-10，纪要第1号'",
      "-d office runs list"},
     cmd_approve},
    {"runs list",
     "",
     ACCESS_READ,
     LIST_OPTS,
     MSG_ACT_CMD_RUNS_LIST,
     {"-d office runs list", "-d office --json runs list"},
     cmd_runs_list},
    {"runs show",
     "RUN",
     ACCESS_READ,
     LIST_OPTS,
     MSG_ACT_CMD_RUNS_SHOW,
     {"-d office runs show 1853120000000000000", "-d office --json runs show 1853120000000000000"},
     cmd_runs_show},
    {"runs compare",
     "RUN RUN",
     ACCESS_READ,
     LIST_OPTS,
     MSG_ACT_CMD_RUNS_COMPARE,
     {"-d office runs compare 1853120000000000000 1853120000001048576",
      "-d office runs compare 1853120000000000000 1853120000001048576 -o moved.xlsx"},
     cmd_runs_compare},
    {"read",
     "REPORT.txt",
     ACCESS_NONE,
     LIST_OPTS,
     MSG_ACT_CMD_READ,
     {"read report.txt", "read report.txt -o tasks.xlsx"},
     cmd_read},
    {"programme check",
     "FILE...",
     ACCESS_NONE,
     NULL,
     MSG_ACT_CMD_PROGRAMME_CHECK,
     {"programme check programmes/example-province", "programme check tiers.yaml levels.yaml"},
     cmd_programme_check},
    {"programme diff",
     "FILE...",
     ACCESS_READ,
     LIST_OPTS,
     MSG_ACT_CMD_PROGRAMME_DIFF,
     {"-d office programme diff programmes/example-province",
      "-d office programme diff my-programme -o changes.xlsx"},
     cmd_programme_diff},
    {"programme apply",
     "PROGRAMME",
     ACCESS_WRITE,
     NULL,
     MSG_ACT_CMD_PROGRAMME_APPLY,
     {"-d office programme apply programmes/example-province",
      "-d office --lang en programme apply my-programme"},
     cmd_programme_apply},
    {"programme export",
     "",
     ACCESS_READ,
     DICTIONARY_OPTS,
     MSG_ACT_CMD_PROGRAMME_EXPORT,
     {"-d office programme export -o dictionary.xlsx",
      "-d office programme export -o programme.yaml"},
     cmd_programme_export},
    {"programme import",
     "FILE.xlsx",
     ACCESS_WRITE,
     PROGRAMME_IMPORT_OPTS,
     MSG_ACT_CMD_PROGRAMME_IMPORT,
     {"-d office programme import dictionary.xlsx --dry-run",
      "-d office programme import dictionary.xlsx"},
     cmd_programme_import},
    {"doctor",
     "",
     ACCESS_READ,
     NULL,
     MSG_ACT_CMD_DOCTOR,
     {"-d office doctor", "-d office --json doctor"},
     cmd_doctor},
    {"audit verify",
     "",
     ACCESS_READ,
     AUDIT_VERIFY_OPTS,
     MSG_ACT_CMD_AUDIT_VERIFY,
     {"-d office audit verify", "-d office audit verify --note witnessed.txt"},
     cmd_audit_verify},
    {"audit export",
     "",
     ACCESS_READ,
     AUDIT_EXPORT_OPTS,
     MSG_ACT_CMD_AUDIT_EXPORT,
     {"-d office audit export -o trace.ndjson",
      "-d office audit export --heads --since 12 -o to-witness.ndjson"},
     cmd_audit_export},
    {"witness",
     "FILE",
     ACCESS_NONE,
     WITNESS_OPTS,
     MSG_ACT_CMD_WITNESS,
     {"witness to-witness.ndjson --state witness -o witnessed.txt",
      "witness /mnt/office --state witness -o witnessed.txt"},
     cmd_witness},
};

const int COMMAND_COUNT = (int)COUNT_OF(COMMANDS);

void command_operand_range(const struct command *command, int *out_min, int *out_max)
{
    str rest = str_from(command->operands);
    str word = {0};
    int count = 0;
    int needed = 0;
    bool repeats = str_ends(rest, STR("..."));

    while (rest.len > 0 && str_cut(&rest, ' ', &word)) {
        count++;
        needed += str_starts(word, STR("[")) ? 0 : 1;
    }
    *out_min = needed;
    *out_max = repeats ? OPERANDS_MAX : count;
}
