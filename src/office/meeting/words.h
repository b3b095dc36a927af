/* The language of meeting reports: what words do, and which verdict the rules give a clause. */
#ifndef OFFICE_MEETING_WORDS_H
#define OFFICE_MEETING_WORDS_H

#include "office/meeting/meeting.h"

enum words {
    WORDS_ADVERB,   /* emphasis in front of a verb */
    WORDS_ACT,      /* verbs that begin something that can be done */
    WORDS_MUST,     /* 要, 必须 … */
    WORDS_NOT_MUST, /* words that hold a 要 which demands nothing */
    WORDS_ALSO,     /* 还, 也, 都 … between a subject and its verb */
    WORDS_SAY,
    WORDS_WHOLE, /* how an addressee that means many begins */
    WORDS_BODY,  /* how the name of a body or place ends */
    WORDS_POST,  /* how the name of a post ends */
    WORDS_TITLE, /* posts that stand behind a name */
    WORDS_SURNAME,
    WORDS_NO_NAME, /* look like a name, are none */
    WORDS_LEAD_IN, /* begin an adverbial that belongs to the next clause */
    WORDS_LEAD,    /* end or label a leading body */
    WORDS_SUPPORT,
    WORDS_MEASURE, /* classifiers behind a number */
    WORDS_LIST_END,
    WORDS_PAGE, /* of the page around a report */
    WORDS_SOURCE,
    WORDS_TIME_LABEL,
    WORDS_COUNT
};

/* The longest word of the set at the start or end of `s`; "" when none is there. */
str word_at_start(enum words set, str s);
str word_at_end(enum words set, str s);
/* The first place in `s` where a word of the set stands, the longest one there; STR_NONE. */
size_t word_find(enum words set, str s, str *out_word);

/* What the rules say of a clause that is demanded. */
enum verdict {
    VERDICT_DEMAND, /* kept, as are the next two */
    VERDICT_PRINCIPLE,
    VERDICT_MECHANISM,
    VERDICT_STUDY,
    VERDICT_MANNER,
    VERDICT_RESULT,
    VERDICT_HEADING,
    VERDICT_FACT
};
enum verdict rule_verdict(str core);

/* What a verb of the meeting's course tells. */
struct course {
    str verb;
    enum fact_kind kind;
    bool of_subject; /* the fact is who did it; else what follows the verb */
};
const struct course *course_find(str clause, size_t *out_at);

#endif
