/* A meeting report taken apart: what it demands, of whom and by when, each demand with its
 * sentence; and what was left out, with the reason. Proposals only: a person decides. */
#ifndef OFFICE_MEETING_MEETING_H
#define OFFICE_MEETING_MEETING_H

#include "base/arena.h"
#include "base/date.h"
#include "base/err.h"
#include "base/msg.h"
#include "base/table.h"

enum {
    REPORT_BYTES_MAX = 1024 * 1024,
    REPORT_SENTENCE_BYTES_MAX = 16 * 1024,
    REPORT_TASKS_MAX = 2000,
    REPORT_LEFT_MAX = 20000,
    REPORT_PEOPLE_MAX = 200,
    REPORT_FACTS_MAX = 500,
    REPORT_LIST_MAX = 24,  /* items of one list */
    REPORT_TARGETS_MAX = 8 /* named targets of one demand */
};

/* Where words stand. Paragraphs are the lines that are not blank, sentences are counted inside
 * theirs, both from 1; bytes are those of the text as it was given, `end` behind the last. */
struct place {
    int paragraph;
    int sentence;
    size_t begin;
    size_t end;
};

enum task_kind {
    TASK_DEMAND,
    TASK_TARGET,    /* names something counted: "三大革命", 12件民生实事 */
    TASK_PRINCIPLE, /* how all of it is to be done */
    TASK_MECHANISM, /* a standing rule, system or ledger to be set up */
};

/* A name the report gives to what is to be reached. */
struct target {
    str name;
    int count;      /* things it says there are; 0: no number, -1: an amount (85%, 1.2万户) */
    bool is_listed; /* the items of the demand are exactly these */
};

/* Every text that the report does not say is "". Fields name posts, never persons; `sentence`
 * is a quotation and keeps what was written. */
struct task {
    str path; /* "一": the demand numbered so; "一/2": the second under it; "段6/3": unnumbered */
    enum task_kind kind;
    str demand;    /* verb and object, without the adverbs of emphasis */
    str addressee; /* who was told to */
    str lead;
    str support;
    str due_said; /* the report's own words */
    bool has_due;
    date due;
    struct target targets[REPORT_TARGETS_MAX];
    int target_count;
    str items[REPORT_LIST_MAX];
    int item_count;
    str speaker; /* the post, or the meeting itself */
    str sentence;
    struct place place; /* of the words the demand was made from */
};

enum left_why {
    LEFT_STUDY,    /* study or attitude: nothing that can be done and checked */
    LEFT_MANNER,   /* how hard, in which spirit; no object */
    LEFT_RESULT,   /* hoped-for result of other demands */
    LEFT_REPEAT,   /* an earlier task says it */
    LEFT_FACT,     /* a statement, not a demand */
    LEFT_CEREMONY, /* course of the meeting and who was there */
    LEFT_TIME,     /* a time, kept in the tasks of its sentence */
    LEFT_ASSIGNED, /* who leads and who supports, kept in the tasks it belongs to */
    LEFT_HEADING,  /* a heading that demands nothing */
    LEFT_PAGE,     /* of the page, not of the report */
};
enum { LEFT_WHY_COUNT = LEFT_PAGE + 1 };

struct left {
    str words; /* quoted */
    enum left_why why;
    str repeats; /* LEFT_REPEAT: path of the earlier task */
    str sentence;
    struct place place;
};

enum fact_kind {
    FACT_TITLE,
    FACT_SOURCE,
    FACT_PUBLISHED,
    FACT_HELD,
    FACT_PLACE,
    FACT_SPEAKER,
    FACT_CHAIR,
    FACT_PRESENT,
    FACT_CIRCULAR, /* who reported on the state of things */
    FACT_EXCHANGE, /* who told of experience */
    FACT_FILM,
    FACT_VISIT,
};
enum { FACT_KIND_COUNT = FACT_VISIT + 1 };

struct meeting_fact {
    enum fact_kind kind;
    str value;
    struct place place;
};

struct report {
    struct arena *arena; /* where all of it lives; the text itself stays the caller's */
    str text;
    bool has_held;
    date held;
    bool has_published;
    date published;
    struct meeting_fact *facts;
    int fact_count;
    struct task *tasks;
    int task_count;
    struct left *left;
    int left_count;
};

/* Take `text` apart; it must outlive the report. RC_INVALID: not UTF-8, no plain text, or empty;
 * RC_LIMIT: one of the maxima above, named with its place. A text without any demand is a report
 * with no tasks. */
enum rc report_read(str text, struct arena *arena, struct report **out, struct err *err) MUST_CHECK;

/* Three tables: "meeting" (its facts), "tasks", "left_out". */
enum rc report_tables(const struct report *report, enum lang lang,
                      const struct table_sink *sink) MUST_CHECK;

#endif
