/* From sentences to tasks: numbers, who must, what, by when; and what is left out, with why. */
#include "office/meeting/meeting_in.h"

#include "base/map.h"

enum { PATH_BYTES_MAX = 256, DEMAND_BYTES_MAX = 65536 };

/* --- numbers --- */

static bool is_ascii_digit(str s)
{
    return s.len > 0 && s.at[0] >= '0' && s.at[0] <= '9';
}

/* "一、", "1." */
static int level_of_list(str clause, size_t digits, str *out_mark, size_t *out_bytes)
{
    static const str DOTS[] = {STR_INIT("、"), STR_INIT("."), STR_INIT("．")};
    int ignored = 0;

    for (size_t i = 0; i < COUNT_OF(DOTS); i++) {
        str behind = after(clause, digits + DOTS[i].len);
        if (str_starts(after(clause, digits), DOTS[i]) && number_read(behind, &ignored) == 0) {
            *out_bytes = digits + DOTS[i].len;
            *out_mark = is_ascii_digit(clause) ? str_part(clause, 0, *out_bytes) : *out_mark;
            return is_ascii_digit(clause) ? 2 : (i == 0 ? 0 : -1);
        }
    }
    return -1;
}

/* "一要", "二是要", "三是". What a 要 says stays for the reader of the clause. */
static int level_of_word(str clause, size_t digits, size_t *out_bytes)
{
    str behind = after(clause, digits);

    if (is_ascii_digit(clause)) {
        return -1;
    }
    if (str_starts(behind, STR("是"))) {
        *out_bytes = digits + STR("是").len;
        return 3;
    }
    if (str_starts(behind, STR("要")) && word_at_start(WORDS_NOT_MUST, behind).len == 0) {
        *out_bytes = digits;
        return 3;
    }
    return -1;
}

/* "（一）", "(2)" */
static int level_of_brackets(str clause, str *out_mark, size_t *out_bytes)
{
    static const str OPEN[] = {STR_INIT("（"), STR_INIT("(")};
    static const str CLOSE[] = {STR_INIT("）"), STR_INIT(")")};
    int ignored = 0;

    for (size_t i = 0; i < COUNT_OF(OPEN); i++) {
        size_t at = OPEN[i].len;
        size_t digits = str_starts(clause, OPEN[i]) ? number_read(after(clause, at), &ignored) : 0;
        if (digits > 0 && str_starts(after(clause, at + digits), CLOSE[i])) {
            *out_bytes = at + digits + CLOSE[i].len;
            *out_mark = str_part(clause, 0, *out_bytes);
            return is_ascii_digit(after(clause, at)) ? 2 : 1;
        }
    }
    return -1;
}

/* The level of the number a clause begins with, -1 for none. Those of lists stand only at the
 * start of a sentence. */
static int number_level(str clause, bool is_first, str *out_mark, size_t *out_bytes)
{
    int ignored = 0;
    size_t ordinal = str_starts(clause, STR("第")) ? STR("第").len : 0;
    size_t digits = number_read(after(clause, ordinal), &ignored);

    *out_mark = str_part(clause, 0, ordinal + digits);
    if (ordinal > 0) {
        *out_bytes = clause.len;
        return digits > 0 && ordinal + digits == clause.len ? 3 : -1;
    }
    if (digits == 0) {
        return is_first ? level_of_brackets(clause, out_mark, out_bytes) : -1;
    }
    int level = is_first ? level_of_list(clause, digits, out_mark, out_bytes) : -1;
    return level >= 0 ? level : level_of_word(clause, digits, out_bytes);
}

static struct number *number_now(struct reading *reading)
{
    for (int i = NUMBER_LEVELS - 1; i >= 0; i--) {
        if (reading->levels[i].mark.len > 0) {
            return &reading->levels[i];
        }
    }
    return &reading->paragraph;
}

static str path_made(struct reading *reading, int level)
{
    struct buf out = {0};
    str path = {0};
    bool has_more = reading->is_prefixed;

    buf_init(&out, reading->arena, PATH_BYTES_MAX);
    buf_put(&out, reading->is_prefixed ? reading->paragraph.path : STR(""));
    for (int i = 0; i <= level; i++) {
        if (reading->levels[i].mark.len > 0) {
            buf_put(&out, has_more ? STR("/") : STR(""));
            buf_put(&out, reading->levels[i].mark);
            has_more = true;
        }
    }
    (void)buf_done(&out, &path);
    return path;
}

/* "一/（二）/3"; a number that was open before is told apart by its paragraph, and so are those
 * that follow it there. */
static str path_of(struct reading *reading, int level)
{
    int64_t ignored = 0;
    str path = path_made(reading, level);

    if (map_get(reading->paths, path, &ignored)) {
        reading->is_prefixed = true;
        path = path_made(reading, level);
    }
    (void)map_put(reading->paths, path, 1);
    return path;
}

static void close_levels(struct reading *reading, int from)
{
    for (int i = from; i < NUMBER_LEVELS; i++) {
        reading->levels[i] = (struct number){0};
    }
}

/* A paragraph on the meeting's course: it demands nothing and nobody speaks in it. */
static bool is_narrative(str line)
{
    str ignored = {0};
    size_t bytes = 0;

    return must_find(line, &ignored) == STR_NONE && is_course(line) &&
           number_level(line, true, &ignored, &bytes) < 0;
}

void demand_paragraph(struct reading *reading, str line)
{
    struct buf out = {0};
    struct speech speech = {0};
    str ignored = {0};
    size_t bytes = 0;
    bool is_new_part = is_narrative(line) || speech_find(reading->people, line, &speech) > 0;

    close_levels(reading, is_new_part ? 0 : NUMBER_LEVELS - 1);
    buf_init(&out, reading->arena, PATH_BYTES_MAX);
    buf_put(&out, STR("段"));
    buf_int(&out, reading->place.paragraph);
    reading->paragraph = (struct number){.from = reading->report->task_count};
    (void)buf_done(&out, &reading->paragraph.path);
    bool is_numbered = number_level(line, true, &ignored, &bytes) >= 0 ||
                       number_now(reading) != &reading->paragraph;
    reading->speaker = is_numbered ? reading->speaker : STR("");
    reading->is_prefixed = false;
    reading->is_continued = false;
}

/* --- who must --- */

size_t must_find(str clause, str *out_word)
{
    for (size_t at = 0; at < clause.len;) {
        str here = after(clause, at);
        str other = word_at_start(WORDS_NOT_MUST, here);
        size_t group = split_group(clause, at);
        *out_word = word_at_start(WORDS_MUST, here);
        if (other.len == 0 && group == 0 && out_word->len > 0) {
            return at;
        }
        at += other.len > 0 ? other.len : (group > 0 ? group : split_char(clause, at));
    }
    return STR_NONE;
}

/* Take "各市县要" or "年底前要" off: what follows. A subject that can do nothing ("厕所改造要…")
 * stays. */
static str take_must(struct reading *reading, str clause)
{
    str word = {0};
    size_t at = must_find(clause, &word);

    if (at == STR_NONE) {
        return clause;
    }
    str subject = strip_also(str_part(clause, 0, at));
    bool is_said = str_equal(subject, word_at_start(WORDS_SAY, subject));
    subject = is_said ? STR("") : subject;
    bool can_act = is_body(subject) || is_post(subject);
    reading->is_asked = true;
    if (subject.len > 0 && can_act) {
        reading->addressee = people_hide(reading->people, subject, reading->arena);
    }
    bool is_time = is_time_only(subject, day_of_speech(reading->report));
    if (is_time) {
        (void)due_find(subject, day_of_speech(reading->report), &reading->due);
    }
    bool is_taken = subject.len == 0 || can_act || is_time;
    return is_taken ? str_trim(after(clause, at + word.len)) : clause;
}

/* --- who leads --- */

/* Tasks made before under the same number, or in the same sentence, learn who leads them. */
static void assign_tasks(struct reading *reading, const struct assignment *found)
{
    const struct number *number = number_now(reading);
    int from = number == &reading->paragraph ? reading->from : number->from;
    str lead = people_hide(reading->people, found->lead, reading->arena);
    str support = people_hide(reading->people, found->support, reading->arena);

    for (int i = from; i < reading->report->task_count; i++) {
        struct task *task = &reading->report->tasks[i];
        task->lead = task->lead.len == 0 ? lead : task->lead;
        task->support = task->support.len == 0 ? support : task->support;
    }
    reading->lead = lead.len > 0 ? lead : reading->lead;
    reading->support = support.len > 0 ? support : reading->support;
    reading->is_asked = true;
}

/* "（牵头单位：…；配合单位：…）" at the end of a demand is taken off it. */
static str take_bracketed(struct reading *reading, str body)
{
    struct assignment found = {0};

    for (size_t at = 0; at < body.len;) {
        size_t group = split_group(body, at);
        size_t edge = group > 0 ? split_char(body, at) : 0;
        if (group > 0 && at + group == body.len &&
            assignment_read(str_part(body, at + edge, group - 2 * edge), &found)) {
            assign_tasks(reading, &found);
            return str_trim(str_part(body, 0, at));
        }
        at += group > 0 ? group : split_char(body, at);
    }
    return body;
}

/* --- what --- */

static str all_adverbs_off(str s)
{
    str core = strip_adverbs(s);

    return core.len > 0 ? core : s;
}

/* An adverb is only taken off where a verb we know is left: "创新方式方法" stays whole. */
static str demand_words(str body)
{
    str core = all_adverbs_off(body);

    return word_at_start(WORDS_ACT, core).len > 0 ? core : body;
}

/* An earlier task that says all of this one: no new deadline, number or named addressee. */
static const struct task *repeated(const struct reading *reading, const struct task *task)
{
    bool is_new = task->due_said.len > 0 ||
                  (task->addressee.len > 0 && word_at_start(WORDS_WHOLE, task->addressee).len == 0);

    for (int i = 0; i < task->target_count; i++) {
        is_new = is_new || task->targets[i].count != 0;
    }
    for (int i = 0; !is_new && i < reading->report->task_count; i++) {
        const struct task *earlier = &reading->report->tasks[i];
        if (says_again(demand_words(task->demand), earlier->demand)) {
            return earlier;
        }
    }
    return NULL;
}

static str task_path(struct reading *reading, bool is_head)
{
    struct number *number = number_now(reading);
    struct buf out = {0};
    str path = number->path;

    if (is_head) {
        return path;
    }
    buf_init(&out, reading->arena, PATH_BYTES_MAX);
    buf_put(&out, path);
    buf_char(&out, '/');
    buf_int(&out, ++number->next);
    (void)buf_done(&out, &path);
    return path;
}

static enum task_kind kind_of(const struct task *task, enum verdict verdict)
{
    for (int i = 0; verdict != VERDICT_PRINCIPLE && i < task->target_count; i++) {
        if (task->targets[i].count != 0) {
            return TASK_TARGET;
        }
    }
    if (verdict == VERDICT_PRINCIPLE) {
        return TASK_PRINCIPLE;
    }
    return verdict == VERDICT_MECHANISM ? TASK_MECHANISM : TASK_DEMAND;
}

/* A time in the clause itself, else the one the sentence set before. */
static str take_due(struct reading *reading, str body, struct task *task)
{
    static const str IN[] = {STR_INIT("于"), STR_INIT("在"), STR_INIT("力争"), STR_INIT("确保")};

    if (!due_find(body, day_of_speech(reading->report), task)) {
        task->due_said = reading->due.due_said;
        task->has_due = reading->due.has_due;
        task->due = reading->due.due;
        return body;
    }
    str rest = body;
    for (size_t i = 0; i < COUNT_OF(IN); i++) {
        rest = str_starts(rest, IN[i]) ? after(rest, IN[i].len) : rest;
    }
    bool is_front = str_starts(rest, task->due_said) && rest.len > task->due_said.len;
    return is_front ? str_trim(after(rest, task->due_said.len)) : body;
}

static str with_lead_in(struct reading *reading, str words)
{
    struct buf out = {0};
    str whole = {0};

    if (reading->lead_in.len == 0) {
        return words;
    }
    buf_init(&out, reading->arena, DEMAND_BYTES_MAX);
    buf_put(&out, reading->lead_in);
    buf_put(&out, STR("，"));
    buf_put(&out, words);
    MUST(buf_done(&out, &whole));
    return whole;
}

static enum rc leave_item(struct reading *reading, str item)
{
    size_t at = str_find(reading->sentence, item);

    reading->may_merge = false;
    return leave(reading, str_part(reading->sentence, at, item.len), LEFT_STUDY, STR(""));
}

/* Items of a list that are study ("理论学习") are left out one by one. */
static enum rc drop_study_items(struct reading *reading, struct task *task)
{
    int count = task->item_count;

    task->item_count = 0;
    for (int i = 0; i < count; i++) {
        str item = task->items[i];
        bool is_study =
            rule_verdict(item) == VERDICT_STUDY && str_find(reading->sentence, item) != STR_NONE;
        if (!is_study) {
            task->items[task->item_count++] = item;
            continue;
        }
        TRY(leave_item(reading, item));
    }
    return RC_OK;
}

static enum left_why why_of(enum verdict verdict)
{
    switch (verdict) {
    case VERDICT_STUDY:
        return LEFT_STUDY;
    case VERDICT_MANNER:
        return LEFT_MANNER;
    case VERDICT_RESULT:
        return LEFT_RESULT;
    case VERDICT_HEADING:
        return LEFT_HEADING;
    case VERDICT_FACT:
    case VERDICT_DEMAND:
    case VERDICT_PRINCIPLE:
    case VERDICT_MECHANISM:
        break;
    }
    return LEFT_FACT;
}

static bool is_kept(enum verdict verdict)
{
    return verdict == VERDICT_DEMAND || verdict == VERDICT_PRINCIPLE ||
           verdict == VERDICT_MECHANISM;
}

/* `words` of the text ask for `body`. */
static enum rc take_demand(struct reading *reading, str words, str body, bool is_head)
{
    struct task task = {.speaker = reading->speaker, .addressee = reading->addressee};
    struct assignment doer = {0};

    body = take_bracketed(reading, body);
    str deed = deed_read(body, &doer);
    body = take_due(reading, deed.len > 0 ? deed : body, &task);
    if (body.len == 0) {
        return leave(reading, words, LEFT_MANNER, STR(""));
    }
    enum verdict verdict = rule_verdict(all_adverbs_off(body));
    if (!is_kept(verdict)) {
        return leave(reading, words, why_of(verdict), STR(""));
    }
    str demand = demand_words(body);
    task.demand = people_hide(reading->people, demand, reading->arena);
    task.lead =
        deed.len > 0 ? people_hide(reading->people, doer.lead, reading->arena) : reading->lead;
    task.support = deed.len > 0 ? people_hide(reading->people, doer.support, reading->arena)
                                : reading->support;
    task.sentence = reading->sentence;
    task.place = reading->place;
    task.place.begin = (size_t)(words.at - reading->report->text.at);
    task.place.end = task.place.begin + words.len;
    targets_find(&task);
    demand = with_lead_in(reading, demand);
    task.demand = people_hide(reading->people, demand, reading->arena);
    const struct task *earlier = is_head ? NULL : repeated(reading, &task);
    if (earlier != NULL) {
        return leave(reading, words, LEFT_REPEAT, earlier->path);
    }
    task.kind = kind_of(&task, verdict);
    task.path = task_path(reading, is_head);
    TRY(drop_study_items(reading, &task));
    return task_add(reading, &task);
}

/* --- clauses and sentences --- */

bool begins_with_act(str clause)
{
    return word_at_start(WORDS_ACT, clause).len > 0 ||
           word_at_start(WORDS_ACT, all_adverbs_off(clause)).len > 0;
}

/* Open the number a clause begins with: what follows it. */
static str take_number(struct reading *reading, str clause, bool is_first, bool *out_is_head)
{
    str mark = {0};
    size_t bytes = 0;
    int level = number_level(clause, is_first, &mark, &bytes);

    *out_is_head = level >= 0;
    if (level < 0) {
        return clause;
    }
    str body = str_trim(after(clause, bytes));
    str ignored = {0};
    close_levels(reading, level);
    reading->levels[level] = (struct number){
        .mark = mark,
        .is_live = begins_with_act(body) || must_find(body, &ignored) != STR_NONE ||
                   (level == NUMBER_LEVELS - 1 && reading->is_asked),
        .from = reading->report->task_count,
    };
    reading->levels[level].path = path_of(reading, level);
    reading->is_asked = reading->levels[level].is_live;
    return body;
}

/* Nothing in the sentence was demanded yet. */
static enum rc take_unasked(struct reading *reading, str words, str body, bool is_head)
{
    if (is_time_only(body, day_of_speech(reading->report))) {
        (void)due_find(body, day_of_speech(reading->report), &reading->due);
        return leave(reading, words, LEFT_TIME, STR(""));
    }
    enum verdict verdict = rule_verdict(all_adverbs_off(body));
    if (is_head) {
        enum left_why why = is_kept(verdict) ? LEFT_HEADING : why_of(verdict);
        return leave(reading, words, why, STR(""));
    }
    if (reading->speaker.len > 0 || !is_course(reading->sentence)) {
        return leave(reading, words, LEFT_FACT, STR(""));
    }
    TRY(course_read(reading, reading->sentence));
    return leave(reading, words, LEFT_CEREMONY, STR(""));
}

static bool waits_for_clause(str clause)
{
    str ignored = {0};

    return word_at_start(WORDS_LEAD_IN, all_adverbs_off(clause)).len > 0 &&
           must_find(clause, &ignored) == STR_NONE;
}

static enum rc take_clause(struct reading *reading, str clause, bool is_first, bool is_last)
{
    struct assignment found = {0};
    bool is_head = false;
    str words = reading->lead_in.len > 0 ? span(reading->lead_in, clause) : clause;
    str body = take_number(reading, clause, is_first, &is_head);

    if (body.len == 0) {
        reading->awaits_head = true;
        return RC_OK;
    }
    is_head = is_head || reading->awaits_head;
    reading->awaits_head = false;
    if (!is_last && reading->lead_in.len == 0 && waits_for_clause(body) &&
        !is_time_only(body, day_of_speech(reading->report))) {
        reading->lead_in = body;
        return RC_OK;
    }
    body = take_must(reading, body);
    if (assignment_read(body, &found)) {
        assign_tasks(reading, &found);
        return leave(reading, words, LEFT_ASSIGNED, STR(""));
    }
    bool is_time = is_time_only(body, day_of_speech(reading->report));
    enum rc rc = reading->is_asked && !is_time ? take_demand(reading, words, body, is_head)
                                               : take_unasked(reading, words, body, is_head);
    reading->lead_in = STR("");
    return rc;
}

/* Who speaks, for this sentence and the rest of the paragraph: what follows. */
static enum rc take_speech(struct reading *reading, str sentence, str *out_rest)
{
    struct speech speech = {0};
    size_t bytes = speech_find(reading->people, sentence, &speech);

    *out_rest = str_trim(after(sentence, bytes));
    if (bytes == 0) {
        return RC_OK;
    }
    str who = speech.who.count > 0 ? speech.who.posts[0] : NOBODY;
    who = speech.is_meeting ? STR("会议") : who;
    reading->speaker = speech.is_same ? reading->last_speaker : who;
    reading->last_speaker = reading->speaker;
    str first = {0};
    str rest = *out_rest;
    reading->is_asked = split_clause(&rest, &first) && begins_with_act(first);
    if (speech.before.len > 0) {
        TRY(leave(reading, speech.before, LEFT_FACT, STR("")));
    }
    return fact_add(reading, FACT_SPEAKER, reading->speaker, str_part(sentence, 0, bytes));
}

enum rc demand_sentence(struct reading *reading, str sentence)
{
    str rest = {0};
    str clause = {0};
    bool is_first = true;

    if (!reading->is_continued) {
        reading->addressee = STR("");
        reading->is_asked = number_now(reading)->is_live;
    }
    reading->is_continued = str_ends(sentence, STR("；")) || str_ends(sentence, STR(";"));
    reading->lead = STR("");
    reading->support = STR("");
    reading->due = (struct task){0};
    reading->lead_in = STR("");
    reading->from = reading->report->task_count;
    reading->may_merge = false;
    TRY(take_speech(reading, sentence, &rest));
    while (split_clause(&rest, &clause)) {
        TRY(take_clause(reading, clause, is_first, strip_closing(rest).len == 0));
        is_first = false;
    }
    return RC_OK;
}
