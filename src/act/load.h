/* What most commands begin with: the programme, its numbers, the tree of units, foreign files. */
#ifndef ACT_LOAD_H
#define ACT_LOAD_H

#include "act/act.h"
#include "base/sheet.h"
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
enum rc load_definition(struct act *act, const str *paths, int count, struct programme **out,
                        struct problems *problems) MUST_CHECK;
/* Say every problem on standard error. */
void say_problems(struct act *act, const struct problems *problems);

/* The programme in force. */
enum rc load_programme(struct act *act, struct programme **out) MUST_CHECK;
/* The programme in force, its numbers, and the tree of `at`. */
enum rc load_office(struct act *act, date at, struct office *out) MUST_CHECK;

/* The place of --unit in the tree; without it that of the post by which somebody acts, the root for
 * whoever sees all. */
enum rc load_unit(struct act *act, const struct unit_tree *tree, int *out) MUST_CHECK;
/* The place of an operand or option that is a code; one out of scope is not there. */
enum rc load_code(struct act *act, const struct unit_tree *tree, str code, int *out) MUST_CHECK;
/* The level of --level; without it the lowest one. */
enum rc load_level(struct act *act, const struct programme *programme, int *out) MUST_CHECK;

/* The place of --source in the programme; NONE without it. */
enum rc load_source(struct act *act, const struct programme *programme, int *out) MUST_CHECK;

/* The run named by an option, or the newest of its kind. */
enum rc act_run_of(struct act *act, const char *option, str kind, struct run *out) MUST_CHECK;
/* What a kept tier run was asked, and its case on today's data. */
enum rc act_tier_options(struct act *act, const struct office *office, const struct run *run,
                         struct tier_options *out) MUST_CHECK;
enum rc act_tier_prepare(struct act *act, const struct office *office,
                         const struct tier_options *options, struct tier_case *out) MUST_CHECK;

/* Feed a workbook, CSV or .csv.xz to a reader; `*out_bytes` is the file as it came. */
enum rc load_sheets(struct act *act, str path, const struct sheet_reader *reader,
                    str *out_bytes) MUST_CHECK;
/* The same of bytes at hand; the ending of `name` says what they are. */
enum rc load_bytes(struct act *act, str name, str bytes,
                   const struct sheet_reader *reader) MUST_CHECK;

/* Keep the file and note it, so that whatever comes of it can be traced to its cell. */
enum rc load_keep(struct act *act, str path, str bytes, struct hash *out) MUST_CHECK;

#endif
