/* What most commands begin with: the programme, its numbers, the tree of units, foreign files. */
#ifndef CLI_LOAD_H
#define CLI_LOAD_H

#include "base/sheet.h"
#include "cli/session.h"
#include "office/definition/definition.h"
#include "office/indicator/value.h"
#include "office/tier/tier.h"
#include "office/unit/unit.h"

/* The office as a command sees it. */
struct office {
    struct programme *programme;
    struct numbers numbers;
    struct unit_tree tree;
};

/* Read a definition from files, or from all .yaml files of a directory; `problems` is filled in
 * any case. */
enum rc load_definition(struct session *session, const str *paths, int count,
                        struct programme **out, struct problems *problems) MUST_CHECK;
/* Say every problem on standard error. */
void say_problems(struct session *session, const struct problems *problems);

/* The programme in force. */
enum rc load_programme(struct session *session, struct programme **out) MUST_CHECK;
/* The programme in force, its numbers, and the tree of `at`. */
enum rc load_office(struct session *session, date at, struct office *out) MUST_CHECK;

/* The place of --unit in the tree, the root without it. */
enum rc load_unit(struct session *session, const struct unit_tree *tree, int *out) MUST_CHECK;
/* The place of an operand or option that is a code. */
enum rc load_code(struct session *session, const struct unit_tree *tree, str code,
                  int *out) MUST_CHECK;
/* The level of --level; without it the lowest one. */
enum rc load_level(struct session *session, const struct programme *programme, int *out) MUST_CHECK;

/* The place of --source in the programme; NONE without it. */
enum rc load_source(struct session *session, const struct programme *programme,
                    int *out) MUST_CHECK;

/* The run named by an option, or the newest of its kind. */
enum rc cli_run_of(struct session *session, const char *option, str kind,
                   struct run *out) MUST_CHECK;
/* What a kept tier run was asked, and its case on today's data. */
enum rc cli_tier_options(struct session *session, const struct office *office,
                         const struct run *run, struct tier_options *out) MUST_CHECK;
enum rc cli_tier_prepare(struct session *session, const struct office *office,
                         const struct tier_options *options, struct tier_case *out) MUST_CHECK;

/* Feed a workbook, CSV or .csv.xz to a reader; `*out_bytes` is the file as it came. */
enum rc load_sheets(struct session *session, str path, const struct sheet_reader *reader,
                    str *out_bytes) MUST_CHECK;
/* The same of bytes at hand; the ending of `name` says what they are. */
enum rc load_bytes(struct session *session, str name, str bytes,
                   const struct sheet_reader *reader) MUST_CHECK;

/* Keep the file and note it, so that whatever comes of it can be traced to its cell. */
enum rc load_keep(struct session *session, str path, str bytes, struct hash *out) MUST_CHECK;

#endif
