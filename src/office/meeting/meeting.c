/* Reading a report: the door with its limits, the meeting's own facts, then every sentence. */
#include "office/meeting/meeting_in.h"

#include <string.h>

#include "base/map.h"
#include "base/utf8.h"

enum { ROOM_FIRST = 64, HEAD_LINES_MAX = 15, HEAD_LINE_BYTES_MAX = 300, SHOWN_BYTES_MAX = 60 };

/* --- growing lists --- */

static void *grown(struct arena *arena, const void *list, int count, int *room, size_t size)
{
    *room = *room == 0 ? ROOM_FIRST : *room * 2;
    void *more = arena_take_many(arena, (size_t)*room, size);
    if (count > 0) {
        memcpy(more, list, (size_t)count * size);
    }
    return more;
}

static enum rc too_many(struct reading *reading, enum msg_id what, int max)
{
    return err_set(reading->err, RC_LIMIT, MSG_MEETING_TOO_MANY,
                   arg_count(reading->place.paragraph), arg_msg(what), arg_count(max));
}

static void set_place(const struct reading *reading, str words, struct place *out)
{
    *out = reading->place;
    out->begin = (size_t)(words.at - reading->report->text.at);
    out->end = out->begin + words.len;
}

enum rc fact_add(struct reading *reading, enum fact_kind kind, str value, str words)
{
    struct report *report = reading->report;

    if (reading->is_learning) {
        return RC_OK;
    }
    for (int i = 0; i < report->fact_count; i++) {
        if (report->facts[i].kind == kind && str_equal(report->facts[i].value, value)) {
            return RC_OK;
        }
    }
    if (report->fact_count == REPORT_FACTS_MAX) {
        return too_many(reading, MSG_MEETING_TABLE_MEETING, REPORT_FACTS_MAX);
    }
    if (report->fact_count == reading->fact_room) {
        report->facts = grown(reading->arena, report->facts, report->fact_count,
                              &reading->fact_room, sizeof(*report->facts));
    }
    struct meeting_fact *fact = &report->facts[report->fact_count++];
    *fact = (struct meeting_fact){.kind = kind};
    fact->value = people_hide(reading->people, value, reading->arena);
    set_place(reading, words, &fact->place);
    return RC_OK;
}

enum rc task_add(struct reading *reading, const struct task *task)
{
    struct report *report = reading->report;

    if (report->task_count == REPORT_TASKS_MAX) {
        return too_many(reading, MSG_MEETING_TABLE_TASKS, REPORT_TASKS_MAX);
    }
    if (report->task_count == reading->task_room) {
        report->tasks = grown(reading->arena, report->tasks, report->task_count,
                              &reading->task_room, sizeof(*report->tasks));
    }
    report->tasks[report->task_count++] = *task;
    reading->may_merge = false;
    return RC_OK;
}

/* Neighbours left out for one reason are one row. */
enum rc leave(struct reading *reading, str words, enum left_why why, str repeats)
{
    struct report *report = reading->report;
    struct left *last = report->left_count == 0 ? NULL : &report->left[report->left_count - 1];

    if (reading->may_merge && last != NULL && last->why == why && repeats.len == 0) {
        last->words = span(last->words, words);
        set_place(reading, last->words, &last->place);
        return RC_OK;
    }
    if (report->left_count == REPORT_LEFT_MAX) {
        return too_many(reading, MSG_MEETING_TABLE_LEFT, REPORT_LEFT_MAX);
    }
    if (report->left_count == reading->left_room) {
        report->left = grown(reading->arena, report->left, report->left_count, &reading->left_room,
                             sizeof(*report->left));
    }
    struct left *left = &report->left[report->left_count++];
    *left = (struct left){words, why, repeats, reading->sentence, {0}};
    set_place(reading, words, &left->place);
    reading->may_merge = true;
    return RC_OK;
}

const date *day_of_speech(const struct report *report)
{
    if (report->has_held) {
        return &report->held;
    }
    return report->has_published ? &report->published : NULL;
}

/* --- the head of the page --- */

/* What stands behind "来源：" up to the next blank. */
static str labelled(str line, enum words labels)
{
    str label = {0};
    size_t at = word_find(labels, line, &label);
    str colons[] = {STR("："), STR(":")};

    for (size_t i = 0; at != STR_NONE && i < COUNT_OF(colons); i++) {
        str behind = str_trim(after(line, at + label.len));
        if (str_starts(behind, colons[i])) {
            str value = str_trim(after(behind, colons[i].len));
            size_t end = 0;
            while (end < value.len && value.at[end] != ' ' && value.at[end] != '\t' &&
                   !str_starts(after(value, end), STR("\xE3\x80\x80"))) {
                end++;
            }
            return str_part(value, 0, end);
        }
    }
    return STR("");
}

static bool is_source_line(str line)
{
    date ignored = {0};
    str words = {0};

    if (line.len > HEAD_LINE_BYTES_MAX || str_find(line, STR("。")) != STR_NONE) {
        return false;
    }
    return labelled(line, WORDS_SOURCE).len > 0 ||
           (day_find(line, NULL, &ignored, &words) &&
            (words.len == line.len || labelled(line, WORDS_TIME_LABEL).len > 0));
}

static bool is_page(str line)
{
    str word = {0};

    return str_find(line, STR("。")) == STR_NONE && word_find(WORDS_PAGE, line, &word) != STR_NONE;
}

/* The number of lines before the title, and whether a source line follows it. */
static int lines_before_title(str text, bool *out_has_source)
{
    str line = {0};
    int count = 0;

    *out_has_source = false;
    for (; count < HEAD_LINES_MAX && split_line(&text, &line); count++) {
        if (count > 0 && is_source_line(line)) {
            *out_has_source = true;
            return count - 1;
        }
    }
    return 0;
}

static void next_line(struct reading *reading, str line)
{
    reading->place.paragraph++;
    reading->place.sentence = 1;
    reading->sentence = line;
    reading->may_merge = false;
}

static enum rc read_source(struct reading *reading, str line)
{
    struct report *report = reading->report;
    str source = labelled(line, WORDS_SOURCE);
    str words = {0};
    struct buf iso = {0};
    str published = {0};

    next_line(reading, line);
    report->has_published = day_find(line, NULL, &report->published, &words);
    if (report->has_published) {
        buf_init(&iso, reading->arena, SHOWN_BYTES_MAX);
        date_put(&iso, report->published);
        (void)buf_done(&iso, &published);
        TRY(fact_add(reading, FACT_PUBLISHED, published, words));
    }
    return source.len == 0 ? RC_OK : fact_add(reading, FACT_SOURCE, source, source);
}

static bool may_be_title(str line)
{
    return line.len <= HEAD_LINE_BYTES_MAX && str_find(line, STR("。")) == STR_NONE;
}

static enum rc leave_page(struct reading *reading, str line)
{
    next_line(reading, line);
    return leave(reading, line, LEFT_PAGE, STR(""));
}

/* Takes page, title and source line off `*rest`; the title is kept for when names are known. */
static enum rc read_head(struct reading *reading, str *rest, str *out_title)
{
    bool has_source = false;
    int before = lines_before_title(*rest, &has_source);
    str line = {0};

    for (int i = 0; i < before && split_line(rest, &line); i++) {
        TRY(leave_page(reading, line));
    }
    str ahead = *rest;
    if (split_line(&ahead, &line) && (has_source || may_be_title(line))) {
        next_line(reading, line);
        *out_title = line;
        *rest = ahead;
    }
    return has_source && split_line(rest, &line) ? read_source(reading, line) : RC_OK;
}

/* --- the meeting's course --- */

/* The next clause of `*rest` that tells the meeting's course, and its subject: one may reach over
 * several clauses ("…负责同志,各市委书记…等参加会议"). "组织农户参加培训" is a demand, no course.
 */
static const struct course *next_course(str *rest, str *out_clause, str *out_subject)
{
    str begin = {0};

    while (split_clause(rest, out_clause)) {
        size_t at = 0;
        const struct course *course = course_find(*out_clause, &at);
        begin = begin.at == NULL ? *out_clause : begin;
        *out_subject = span(begin, str_part(*out_clause, 0, at));
        if (course != NULL && out_subject->len > 0 && !begins_with_act(*out_subject)) {
            return course;
        }
        bool may_go_on = course == NULL && (is_post(*out_clause) || is_body(*out_clause));
        begin = may_go_on ? begin : (str){NULL, 0};
    }
    return NULL;
}

bool is_course(str sentence)
{
    str clause = {0};
    str subject = {0};

    return next_course(&sentence, &clause, &subject) != NULL;
}

/* "会议由张某某主持": who stands behind 由; "县农业农村局对情况进行了通报": who before 对. */
static str doer(str subject)
{
    size_t by = str_find(subject, STR("由"));
    size_t on = str_find(subject, STR("对"));

    subject = on == STR_NONE ? subject : str_part(subject, 0, on);
    subject = strip_also(subject);
    return by == STR_NONE || by >= subject.len ? subject : after(subject, by + STR("由").len);
}

static str behind_last_in(str s)
{
    str in = STR("在");
    size_t at = str_find(s, in);
    str place = STR("");

    while (at != STR_NONE) {
        place = after(s, at + in.len);
        s = place;
        at = str_find(s, in);
    }
    return place;
}

static enum rc add_subject(struct reading *reading, enum fact_kind kind, str subject)
{
    struct subject who = {0};

    subject_read(reading->people, doer(subject), &who);
    for (int i = 0; i < who.count; i++) {
        TRY(fact_add(reading, kind, who.posts[i], subject));
    }
    return who.unknown > 0 ? fact_add(reading, kind, NOBODY, subject) : RC_OK;
}

static enum rc add_course(struct reading *reading, const struct course *course, str subject,
                          str clause)
{
    size_t at = str_find(clause, course->verb);
    str value = clause;

    if (course->of_subject) {
        return add_subject(reading, course->kind, subject);
    }
    if (course->kind == FACT_PLACE) {
        value = behind_last_in(str_part(clause, 0, at));
    } else if (course->kind == FACT_FILM) {
        value = after(clause, at + course->verb.len);
    }
    return value.len == 0 ? RC_OK : fact_add(reading, course->kind, value, clause);
}

static enum rc add_held(struct reading *reading, str sentence)
{
    struct report *report = reading->report;
    const date *base = report->has_published ? &report->published : NULL;
    struct buf iso = {0};
    str words = {0};
    str held = {0};

    if (reading->is_learning || report->has_held ||
        !day_find(sentence, base, &report->held, &words)) {
        return RC_OK;
    }
    report->has_held = true;
    buf_init(&iso, reading->arena, SHOWN_BYTES_MAX);
    date_put(&iso, report->held);
    (void)buf_done(&iso, &held);
    return fact_add(reading, FACT_HELD, held, words);
}

enum rc course_read(struct reading *reading, str sentence)
{
    const struct course *course = NULL;
    str rest = sentence;
    str clause = {0};
    str subject = {0};

    TRY(add_held(reading, sentence));
    while ((course = next_course(&rest, &clause, &subject)) != NULL) {
        TRY(add_course(reading, course, subject, clause));
    }
    return RC_OK;
}

/* --- two walks over the body: first who is who, then what is demanded --- */

static enum rc sentence_limit(struct reading *reading, str sentence)
{
    if (sentence.len <= REPORT_SENTENCE_BYTES_MAX) {
        return RC_OK;
    }
    return err_set(reading->err, RC_LIMIT, MSG_MEETING_SENTENCE_LONG,
                   arg_count(reading->place.paragraph), arg_count(reading->place.sentence),
                   arg_count(REPORT_SENTENCE_BYTES_MAX / 3));
}

typedef enum rc (*taker)(struct reading *reading, str piece);

static enum rc learn_people(struct reading *reading, str sentence)
{
    str must = {0};

    people_scan_titles(reading->people, sentence);
    if (must_find(sentence, &must) == STR_NONE && is_course(sentence)) {
        TRY(course_read(reading, sentence));
    }
    if (!reading->people->overfull) {
        return RC_OK;
    }
    return too_many(reading, MSG_MEETING_PEOPLE, REPORT_PEOPLE_MAX);
}

static enum rc each_sentence(struct reading *reading, str line, taker take)
{
    str sentence = {0};

    for (reading->place.sentence = 1; split_sentence(&line, &sentence); reading->place.sentence++) {
        reading->sentence = sentence;
        TRY(sentence_limit(reading, sentence));
        TRY(take(reading, sentence));
    }
    return RC_OK;
}

static enum rc learn_line(struct reading *reading, str line)
{
    struct speech speech = {0};

    reading->place.paragraph++;
    if (is_page(line) || speech_find(reading->people, line, &speech) > 0) {
        return RC_OK;
    }
    return each_sentence(reading, line, learn_people);
}

static enum rc demand_line(struct reading *reading, str line)
{
    if (is_page(line)) {
        return leave_page(reading, line);
    }
    next_line(reading, line);
    demand_paragraph(reading, line);
    return each_sentence(reading, line, demand_sentence);
}

static enum rc each_line(struct reading *reading, str body, taker take)
{
    str line = {0};

    while (split_line(&body, &line)) {
        TRY(take(reading, line));
    }
    return RC_OK;
}

/* Names in a title have no post there: "张某某出席并讲话". */
static enum rc read_title(struct reading *reading, str title)
{
    str rest = title;
    str part = {0};
    size_t at = 0;

    while (str_cut(&rest, ' ', &part)) {
        const struct course *course = course_find(part, &at);
        struct subject who = {0};
        if (course != NULL && course->of_subject) {
            subject_read(reading->people, str_part(part, 0, at), &who);
        }
    }
    return title.len == 0 ? RC_OK : fact_add(reading, FACT_TITLE, title, title);
}

/* --- the door --- */

static enum rc check_bytes(str text, struct err *err)
{
    if (text.len > REPORT_BYTES_MAX) {
        return err_set(err, RC_LIMIT, MSG_MEETING_TOO_LONG, arg_count((int64_t)text.len),
                       arg_count(REPORT_BYTES_MAX));
    }
    if (!utf8_is_valid(text)) {
        return err_set(err, RC_INVALID, MSG_MEETING_NOT_UTF8);
    }
    int64_t line = 1;
    for (size_t i = 0; i < text.len; i++) {
        unsigned char byte = (unsigned char)text.at[i];
        line += byte == '\n' ? 1 : 0;
        if (byte < ' ' && byte != '\n' && byte != '\r' && byte != '\t') {
            return err_set(err, RC_INVALID, MSG_MEETING_NOT_TEXT, arg_count(line));
        }
    }
    return str_trim(text).len > 0 ? RC_OK : err_set(err, RC_INVALID, MSG_MEETING_EMPTY);
}

enum rc report_read(str text, struct arena *arena, struct report **out, struct err *err)
{
    struct map paths = {0};
    struct reading reading = {.arena = arena, .err = err, .paths = &paths};
    str rest = text;
    str title = STR("");

    TRY(check_bytes(text, err));
    map_init(&paths, arena, ROOM_FIRST);
    reading.people = ARENA_NEW(arena, struct people, 1);
    reading.report = ARENA_NEW(arena, struct report, 1);
    reading.report->arena = arena;
    reading.report->text = text;
    TRY(read_head(&reading, &rest, &title));
    struct place head = reading.place;
    reading.is_learning = true;
    TRY(each_line(&reading, rest, learn_line));
    reading.is_learning = false;
    reading.place = head;
    TRY(read_title(&reading, title));
    TRY(each_line(&reading, rest, demand_line));
    *out = reading.report;
    return RC_OK;
}
