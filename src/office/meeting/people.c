/* Who: persons become posts, and bodies become leads and supports. */
#include "office/meeting/meeting_in.h"

#include "base/utf8.h"

enum { NAME_CHARS_MAX = 4, MINORITY_NAME_BYTES_MAX = 60, SUBJECT_BYTES_MAX = 240 };

const str NOBODY = STR_INIT("（未写明职务者）");
static const str MEETINGS[] = {STR_INIT("会议"), STR_INIT("大会"), STR_INIT("全会"),
                               STR_INIT("会上")};
static const str PRONOUNS[] = {STR_INIT("他"), STR_INIT("她")};

static const struct person *person_find(const struct people *people, str name)
{
    for (int i = 0; i < people->count; i++) {
        if (str_equal(people->list[i].name, name)) {
            return &people->list[i];
        }
    }
    return NULL;
}

static void person_keep(struct people *people, str name, str post)
{
    for (int i = 0; i < people->count; i++) {
        if (str_equal(people->list[i].name, name)) {
            people->list[i].post = people->list[i].post.len > 0 ? people->list[i].post : post;
            return;
        }
    }
    if (people->count == REPORT_PEOPLE_MAX) {
        people->overfull = true;
        return;
    }
    people->list[people->count++] = (struct person){name, post};
}

/* Two to four characters; a name with a middle dot may be longer. */
static bool may_be_name(str s)
{
    size_t chars = utf8_count(s);

    if (str_find(s, STR("·")) != STR_NONE) {
        return s.len <= MINORITY_NAME_BYTES_MAX;
    }
    return chars >= 2 && chars <= NAME_CHARS_MAX && word_at_start(WORDS_NO_NAME, s).len == 0 &&
           word_at_end(WORDS_BODY, s).len == 0 && word_at_end(WORDS_POST, s).len == 0;
}

/* Without a post in front, only a surname tells a name from other words. */
static bool is_name(str s)
{
    return may_be_name(s) && word_at_start(WORDS_SURNAME, s).len > 0 &&
           word_at_start(WORDS_ACT, s).len == 0 && word_at_start(WORDS_ADVERB, s).len == 0;
}

/* What stands in brackets at the end belongs to the word before it. */
static str without_brackets(str s)
{
    for (size_t at = 0; at < s.len; at += split_char(s, at)) {
        if (at > 0 && at + split_group(s, at) == s.len) {
            return str_part(s, 0, at);
        }
    }
    return s;
}

bool is_post(str s)
{
    return word_at_end(WORDS_POST, without_brackets(s)).len > 0;
}

bool is_body(str s)
{
    return word_at_end(WORDS_BODY, without_brackets(s)).len > 0;
}

/* The bytes of the longest post at the start of `piece` behind which stands nothing or a name. */
static size_t post_prefix(str piece)
{
    size_t best = 0;

    if (piece.len > SUBJECT_BYTES_MAX) {
        return 0;
    }
    for (size_t at = 0; at < piece.len;) {
        at += split_char(piece, at);
        str rest = after(piece, at);
        if (is_post(str_part(piece, 0, at)) && (rest.len == 0 || may_be_name(rest))) {
            best = at;
        }
    }
    return best;
}

static void subject_add(struct subject *subject, str post)
{
    bool again = subject->count > 0 && str_equal(subject->posts[subject->count - 1], post);

    if (post.len > 0 && !again && subject->count < REPORT_LIST_MAX) {
        subject->posts[subject->count++] = post;
    }
    subject->unknown += post.len == 0 ? 1 : 0;
}

/* A person with a post: the posts that stand before it without a name are the same person's. */
static str whole_post(struct subject *subject, int bare, str post)
{
    if (bare > 0) {
        post = span(subject->posts[subject->count - bare], post);
        subject->count -= bare;
    }
    return post;
}

static str named(struct people *people, str name, str carried)
{
    if (is_name(name)) {
        person_keep(people, name, carried);
    }
    const struct person *person = person_find(people, name);
    return person == NULL ? STR("") : person->post;
}

static void take_list(struct people *people, str list, struct subject *out)
{
    str carried = STR("");
    str piece = {0};
    int bare = 0; /* posts in a row without a name */

    while (split_item(&list, &piece)) {
        if (word_at_start(WORDS_LEAD_IN, piece).len == piece.len) {
            continue;
        }
        piece = str_ends(piece, STR("等")) ? str_part(piece, 0, piece.len - 3) : piece;
        size_t len = post_prefix(piece);
        str post = str_part(piece, 0, len);
        str name = after(piece, len);
        if (len > 0 && name.len > 0) {
            carried = whole_post(out, bare, post);
            person_keep(people, name, carried);
            subject_add(out, carried);
        } else if (len > 0 || is_body(piece)) {
            subject_add(out, piece);
        } else {
            subject_add(out, named(people, piece, carried));
        }
        bare = len > 0 && name.len == 0 && out->count < REPORT_LIST_MAX ? bare + 1 : 0;
    }
}

void subject_read(struct people *people, str text, struct subject *out)
{
    str list = {0};

    *out = (struct subject){0};
    while (split_clause(&text, &list)) {
        take_list(people, list, out);
    }
}

static bool is_one_of(str s, const str *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (str_equal(s, list[i])) {
            return true;
        }
    }
    return false;
}

/* The subject in front of a verb of saying: "在讲话中" and the like are taken off. */
static str sayer(str before_verb)
{
    size_t at = str_find(before_verb, STR("在"));

    return strip_also(
        str_trim(at == STR_NONE || at == 0 ? before_verb : str_part(before_verb, 0, at)));
}

/* What stands before the first comma or colon, and the bytes up to behind that mark. */
static bool head_of(str sentence, str *out_head, size_t *out_bytes)
{
    static const str MARKS[] = {STR_INIT("，"), STR_INIT(","), STR_INIT("："), STR_INIT(":")};

    for (size_t at = 0; at < sentence.len && at < SUBJECT_BYTES_MAX;) {
        for (size_t i = 0; i < COUNT_OF(MARKS); i++) {
            if (str_starts(after(sentence, at), MARKS[i])) {
                *out_head = str_trim(str_part(sentence, 0, at));
                *out_bytes = at + MARKS[i].len;
                return true;
            }
        }
        size_t group = split_group(sentence, at);
        at += group > 0 ? group : split_char(sentence, at);
    }
    return false;
}

/* "会议强调要…", "会议要求各…": a verb of saying directly in front of what is demanded. */
static size_t say_before_demand(str sentence, str *out_before)
{
    str word = {0};
    size_t at = word_find(WORDS_SAY, str_part(sentence, 0, SUBJECT_BYTES_MAX), &word);

    if (at == STR_NONE) {
        return 0;
    }
    str behind = after(sentence, at + word.len);
    if (word_at_start(WORDS_MUST, behind).len == 0 && word_at_start(WORDS_WHOLE, behind).len == 0) {
        return 0;
    }
    *out_before = str_part(sentence, 0, at);
    return at + word.len;
}

static size_t speech_read(struct people *people, str sentence, struct speech *out)
{
    str head = STR("");
    str before = STR("");
    size_t bytes = 0;

    *out = (struct speech){0};
    bool has_head = head_of(sentence, &head, &bytes);
    str verb = word_at_end(WORDS_SAY, head);
    if (has_head && verb.len > 0) {
        before = str_part(head, 0, head.len - verb.len);
    } else {
        bytes = say_before_demand(sentence, &before);
    }
    str who = sayer(before);
    if (bytes == 0 || who.len == 0) {
        return 0;
    }
    out->is_meeting = is_one_of(who, MEETINGS, COUNT_OF(MEETINGS));
    out->is_same = is_one_of(who, PRONOUNS, COUNT_OF(PRONOUNS));
    if (out->is_meeting || out->is_same) {
        return bytes;
    }
    subject_read(people, who, &out->who);
    bool is_known =
        (out->who.count > 0 && out->who.unknown == 0) || person_find(people, who) != NULL;
    return is_known ? bytes : 0;
}

size_t speech_find(struct people *people, str sentence, struct speech *out)
{
    str rest = sentence;
    str first = {0};
    size_t bytes = speech_read(people, sentence, out);

    if (bytes > 0 || !split_clause(&rest, &first) || word_at_start(WORDS_LEAD_IN, first).len == 0) {
        return bytes;
    }
    bytes = speech_read(people, rest, out);
    out->before = first;
    return bytes == 0 ? 0 : (size_t)(rest.at - sentence.at) + bytes;
}

void people_scan_titles(struct people *people, str sentence)
{
    size_t from = 0;
    str title = {0};
    size_t at = 0;

    while ((at = word_find(WORDS_TITLE, after(sentence, from), &title)) != STR_NONE) {
        size_t end = from + at;
        size_t chars[] = {9, 6};
        for (size_t i = 0; i < COUNT_OF(chars); i++) {
            str name = end < chars[i] ? STR("") : str_part(sentence, end - chars[i], chars[i]);
            if (utf8_is_valid(name) && utf8_count(name) * 3 == chars[i] && is_name(name)) {
                person_keep(people, name, title);
                break;
            }
        }
        from = end + title.len;
    }
}

/* The name at the start of `s`, the longest one known. */
static const struct person *person_at(const struct people *people, str s)
{
    const struct person *best = NULL;

    for (int i = 0; i < people->count; i++) {
        const struct person *person = &people->list[i];
        if (str_starts(s, person->name) && (best == NULL || person->name.len > best->name.len)) {
            best = person;
        }
    }
    return best;
}

str people_hide(const struct people *people, str s, struct arena *arena)
{
    struct buf out = {0};
    str shown = {0};

    if (people->count == 0) {
        return s;
    }
    buf_init(&out, arena, (size_t)REPORT_SENTENCE_BYTES_MAX * 64);
    for (size_t at = 0; at < s.len;) {
        const struct person *person = person_at(people, after(s, at));
        size_t step = person == NULL ? split_char(s, at) : person->name.len;
        str behind = after(s, at + step);
        if (person == NULL) {
            buf_put(&out, str_part(s, at, step));
        } else if (person->post.len == 0) {
            buf_put(&out, NOBODY);
        } else if (!str_starts(behind, person->post) &&
                   !str_ends(str_part(s, 0, at), person->post)) {
            buf_put(&out, person->post);
        }
        at += step;
    }
    MUST(buf_done(&out, &shown));
    return shown;
}

/* --- who leads --- */

static bool assign(struct assignment *out, str bodies, bool is_lead)
{
    if (!is_body(bodies) && !is_post(bodies)) {
        return false;
    }
    *(is_lead ? &out->lead : &out->support) = bodies;
    return true;
}

/* "牵头单位：县农业农村局" */
static bool assignment_labelled(str piece, struct assignment *out)
{
    str label = {0};
    str value = {0};

    if (!split_label(piece, &label, &value)) {
        return false;
    }
    if (label.len > 0 && str_equal(word_at_end(WORDS_LEAD, label), label)) {
        return assign(out, value, true);
    }
    return label.len > 0 && str_equal(word_at_end(WORDS_SUPPORT, label), label) &&
           assign(out, value, false);
}

/* "由县农业农村局牵头", "县住建局配合" */
static bool assignment_spoken(str piece, struct assignment *out)
{
    str text = str_starts(piece, STR("由")) ? after(piece, STR("由").len) : piece;
    str lead = word_at_end(WORDS_LEAD, text);
    str support = word_at_end(WORDS_SUPPORT, text);
    bool is_lead = support.len == 0;
    size_t verb = is_lead ? lead.len : support.len;

    return verb > 0 && assign(out, str_part(text, 0, text.len - verb), is_lead);
}

bool assignment_read(str text, struct assignment *out)
{
    str piece = {0};
    bool any = false;

    *out = (struct assignment){0};
    while (split_clause(&text, &piece)) {
        if (!assignment_labelled(piece, out) && !assignment_spoken(piece, out)) {
            return false;
        }
        any = true;
    }
    return any;
}

str deed_read(str clause, struct assignment *out)
{
    static const str LEADS[] = {STR_INIT("牵头"), STR_INIT("负责")};
    static const str SUPPORTS[] = {STR_INIT("配合"), STR_INIT("协助")};
    str text = str_starts(clause, STR("由")) ? after(clause, STR("由").len) : clause;

    *out = (struct assignment){0};
    for (size_t i = 0; i < COUNT_OF(LEADS) + COUNT_OF(SUPPORTS); i++) {
        bool is_lead = i < COUNT_OF(LEADS);
        str verb = is_lead ? LEADS[i] : SUPPORTS[i - COUNT_OF(LEADS)];
        size_t at = str_find(text, verb);
        if (at != STR_NONE && assign(out, str_part(text, 0, at), is_lead)) {
            return str_trim(after(text, at + verb.len));
        }
    }
    return STR("");
}
