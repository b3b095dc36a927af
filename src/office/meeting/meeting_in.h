/* Inside the room: pieces of text, who and what they name, and the state of one reading. */
#ifndef OFFICE_MEETING_MEETING_IN_H
#define OFFICE_MEETING_MEETING_IN_H

#include "office/meeting/meeting.h"
#include "office/meeting/words.h"

/* --- split.c: pieces of text --- */

bool split_line(str *rest, str *out_line);
/* Sentence ends inside quotations and brackets do not count, unless what they hold is itself
 * several sentences. A piece longer than the limit is given as it is, for the caller to refuse. */
bool split_sentence(str *rest, str *out_sentence);
bool split_clause(str *rest, str *out_clause);
/* Pieces between 、 */
bool split_item(str *rest, str *out_item);
/* "牵头单位：县农业农村局" */
bool split_label(str s, str *out_label, str *out_value);
/* The bytes of the bracketed or quoted group that opens at `place`; 0 when none does. */
size_t split_group(str s, size_t place);
/* The bytes of the character at `place`. */
size_t split_char(str s, size_t place);
str span(str from, str to);  /* from the start of `from` to the end of `to`; one text */
str after(str s, size_t at); /* what follows the first `at` bytes */
str strip_adverbs(str s);
str strip_also(str s);    /* without 也, 都 … at the end */
str strip_closing(str s); /* without punctuation at the end */

/* A number of Chinese or Arabic digits at the start of `s`: its bytes, 0 when none; `*out` is
 * limited to 9999. */
size_t number_read(str s, int *out);

/* Four fifths of the neighbouring characters of `later` stand side by side in `earlier`, too. */
bool says_again(str later, str earlier);

/* --- people.c: persons become posts; who leads --- */

/* Shown instead of a person whose post the report does not give. */
extern const str NOBODY;

struct person {
    str name;
    str post; /* "" when the report gives none */
};

struct people {
    struct person list[REPORT_PEOPLE_MAX];
    int count;
    bool overfull;
};

/* Who does something, as posts. */
struct subject {
    str posts[REPORT_LIST_MAX];
    int count;
    int unknown; /* named without a post */
};
/* Read a subject ("省委副书记、省长张某某"), and keep the persons it names. */
void subject_read(struct people *people, str text, struct subject *out);

/* "X在讲话中强调，" at the start of a sentence, or behind "就当前工作，". */
struct speech {
    str before; /* what stands in front of it, "" for nothing */
    struct subject who;
    bool is_meeting; /* 会议强调 */
    bool is_same;    /* 他强调 */
};
/* Its bytes, 0 when there is none. */
size_t speech_find(struct people *people, str sentence, struct speech *out);

/* Persons named with their post behind ("…总书记"). */
void people_scan_titles(struct people *people, str sentence);
/* `s` with every known name replaced by the post, or dropped where the post stands beside it. */
str people_hide(const struct people *people, str s, struct arena *arena);
/* Who leads and who supports. */
struct assignment {
    str lead;
    str support;
};
/* All pieces of `text` say who leads or supports ("由县农业农村局牵头，县住建局配合"). */
bool assignment_read(str text, struct assignment *out);
/* "县水务局负责落实管网修复": who, and what is to be done; "" when the clause is not so. */
str deed_read(str clause, struct assignment *out);

bool is_post(str s);
bool is_body(str s);

/* --- find.c: what a demand names --- */

/* A deadline in `s`; `base` is the day the report speaks from (NULL when unknown). */
bool due_find(str s, const date *base, struct task *out);
bool is_time_only(str clause, const date *base);
/* "2023.11.28", "2023年11月28日"; with `base`, "11月27日" of the year up to it. */
bool day_find(str s, const date *base, date *out, str *out_words);
void targets_find(struct task *task);

/* --- demand.c: sentences become tasks and left-out rows --- */

enum { NUMBER_LEVELS = 4 };

/* One open number: "一、", "（一）", "1.", "一要"; or a paragraph without any. */
struct number {
    str mark; /* "" when this level is not open */
    str path;
    bool is_live; /* what follows is demanded without a 要 */
    int next;     /* number of the next demand under it */
    int from;     /* first task under it */
};

struct reading {
    struct arena *arena;
    struct err *err;
    struct report *report;
    struct people *people;
    bool is_learning; /* first walk: names are learned, no row is made */
    int fact_room;
    int task_room;
    int left_room;
    struct number levels[NUMBER_LEVELS];
    struct number paragraph;
    struct map *paths; /* every path opened so far */
    str speaker;       /* of the paragraph, "" when nobody */
    str last_speaker;
    /* the sentence being read: its place, and what it set for the clauses that follow */
    struct place place;
    str sentence;
    bool is_asked; /* a demand has begun in it */
    str addressee;
    str lead;
    str support;
    struct task due;   /* only its due fields */
    str lead_in;       /* an adverbial that waits for its clause */
    bool awaits_head;  /* a number stood alone: "第一，" */
    int from;          /* first task made from it */
    bool is_continued; /* the sentence before ended in a semicolon */
    bool is_prefixed;  /* numbers of this paragraph were open before: told apart by it */
    bool may_merge;    /* the row left out last stands directly before */
};

/* The place of the first 要 that demands, outside quotations; STR_NONE. */
size_t must_find(str clause, str *out_word);
/* The clause begins with a verb of something that can be done. */
bool begins_with_act(str clause);
void demand_paragraph(struct reading *reading, str line);
enum rc demand_sentence(struct reading *reading, str sentence) MUST_CHECK;

/* --- meeting.c --- */

enum rc fact_add(struct reading *reading, enum fact_kind kind, str value, str words) MUST_CHECK;
/* `words` of the sentence being read make no task. */
enum rc leave(struct reading *reading, str words, enum left_why why, str repeats) MUST_CHECK;
enum rc task_add(struct reading *reading, const struct task *task) MUST_CHECK;
/* The day that times without a year are counted from; NULL when the report gives none. */
const date *day_of_speech(const struct report *report);
/* The sentence tells the meeting's course: who came, spoke, saw what; and its facts. */
bool is_course(str sentence);
enum rc course_read(struct reading *reading, str sentence) MUST_CHECK;

#endif
