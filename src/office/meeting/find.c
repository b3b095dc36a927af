/* What a demand names: deadlines, counted and quoted targets, lists. */
#include "office/meeting/meeting_in.h"

#include "base/utf8.h"

enum {
    YEAR_FIRST = 1900,
    YEAR_LAST = 2199,
    NAME_BYTES_MAX = 60,
    NOUN_BYTES_MAX = 36,
    SPAN_MAX = 999,
    WEEK_DAYS = 7
};

/* A time being read: the words so far, and the parts they gave. */
struct moment {
    str text;
    size_t at;
    int year; /* 0: not said */
    int month;
    int day;
};

static bool take(struct moment *moment, str word)
{
    if (!str_starts(after(moment->text, moment->at), word)) {
        return false;
    }
    moment->at += word.len;
    return true;
}

static bool take_one_of(struct moment *moment, const str *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (take(moment, words[i])) {
            return true;
        }
    }
    return false;
}

/* A number and the word behind it, or nothing at all. */
static bool take_number(struct moment *moment, str unit, int *out)
{
    size_t from = moment->at;
    int number = 0;
    size_t len = number_read(after(moment->text, from), &number);

    moment->at += len;
    if (len > 0 && take(moment, unit)) {
        *out = number;
        return true;
    }
    moment->at = from;
    return false;
}

static int month_of(date d)
{
    int month = 12;

    while (month > 1 && date_of(date_year(d), month, 1).days > d.days) {
        month--;
    }
    return month;
}

static date month_end(int year, int month)
{
    date next = month == 12 ? date_of(year + 1, 1, 1) : date_of(year, month + 1, 1);

    return (date){next.days - 1};
}

static bool is_day(int year, int month, int day)
{
    return year >= YEAR_FIRST && year <= YEAR_LAST && month >= 1 && month <= 12 && day >= 1 &&
           date_of(year, month, day).days <= month_end(year, month).days;
}

static bool take_before(struct moment *moment)
{
    static const str BEFORE[] = {STR_INIT("之前"), STR_INIT("以前"), STR_INIT("前")};

    return take_one_of(moment, BEFORE, COUNT_OF(BEFORE));
}

static bool take_end(struct moment *moment)
{
    static const str END[] = {STR_INIT("底"), STR_INIT("末")};

    return take_one_of(moment, END, COUNT_OF(END));
}

/* The year in front of a month: said, this, next. */
static void take_year(struct moment *moment, const date *base)
{
    static const str THIS[] = {STR_INIT("今年"), STR_INIT("本年"), STR_INIT("当年")};
    static const str NEXT[] = {STR_INIT("明年"), STR_INIT("来年")};
    int base_year = base == NULL ? 0 : date_year(*base);
    size_t from = moment->at;

    if (take_one_of(moment, THIS, COUNT_OF(THIS))) {
        moment->year = base_year;
    } else if (take_one_of(moment, NEXT, COUNT_OF(NEXT))) {
        moment->year = base == NULL ? 0 : base_year + 1;
    } else if (take_number(moment, STR("年"), &moment->year) &&
               (moment->year < YEAR_FIRST || moment->year > YEAR_LAST)) {
        moment->at = from;
        moment->year = 0;
    }
}

/* Without a year the day is the first such day that is not before the meeting. */
static bool settle(struct moment *moment, const date *base, date *out)
{
    int year = moment->year;

    if (year == 0 && base == NULL) {
        return false;
    }
    year = year == 0 ? date_year(*base) : year;
    date day = moment->day > 0 ? date_of(year, moment->month, moment->day)
                               : month_end(year, moment->month);
    if (moment->year == 0 && day.days < base->days) {
        day = moment->day > 0 ? date_of(year + 1, moment->month, moment->day)
                              : month_end(year + 1, moment->month);
    }
    *out = day;
    return true;
}

/* Behind "12月": 底, 上旬, 31日前. True for a deadline; day 0 is the month's end. */
static bool take_day_of_month(struct moment *moment, bool *out_is_dated)
{
    int day = 0;

    *out_is_dated = true;
    if (take_end(moment) || take(moment, STR("下旬"))) {
        (void)take_before(moment);
        return true;
    }
    if (take(moment, STR("上旬")) || take(moment, STR("中旬"))) {
        moment->day = str_ends(str_part(moment->text, 0, moment->at), STR("上旬")) ? 10 : 20;
        (void)take_before(moment);
        return true;
    }
    if (take_number(moment, STR("日"), &day) || take_number(moment, STR("号"), &day)) {
        moment->day = day;
        return is_day(2000, moment->month, day) && take_before(moment);
    }
    *out_is_dated = false; /* "6月前": of which day nobody says */
    return take_before(moment);
}

static bool month_deadline(struct moment *moment, const date *base, struct task *out)
{
    bool is_dated = false;

    if (take(moment, STR("月底")) || take(moment, STR("本月底"))) {
        (void)take_before(moment);
        out->has_due = base != NULL;
        out->due = base == NULL ? out->due : month_end(date_year(*base), month_of(*base));
        return true;
    }
    if (!take_number(moment, STR("月"), &moment->month) || moment->month < 1 ||
        moment->month > 12 || !take_day_of_month(moment, &is_dated)) {
        return false;
    }
    out->has_due = is_dated && settle(moment, base, &out->due);
    return true;
}

static bool year_deadline(struct moment *moment, const date *base, struct task *out)
{
    static const str ENDS[] = {STR_INIT("年终岁尾"), STR_INIT("岁末年终"), STR_INIT("年底"),
                               STR_INIT("年末"),     STR_INIT("年内"),     STR_INIT("岁末")};
    bool is_end = moment->year > 0 || moment->at > 0
                      ? take_end(moment) || take(moment, STR("内")) ||
                            take_one_of(moment, ENDS, COUNT_OF(ENDS))
                      : take_one_of(moment, ENDS, COUNT_OF(ENDS));

    if (!is_end) {
        return false;
    }
    (void)take_before(moment);
    moment->month = 12;
    out->has_due = settle(moment, base, &out->due);
    return true;
}

static date plus_months(date from, int months)
{
    int count = date_year(from) * 12 + month_of(from) - 1 + months;
    int day = from.days - date_of(date_year(from), month_of(from), 1).days;
    date first = date_of(count / 12, count % 12 + 1, 1);
    date last = month_end(count / 12, count % 12 + 1);

    return first.days + day > last.days ? last : (date){first.days + day};
}

/* "三个月内", "10天内", from the day of the meeting. */
static bool within(struct moment *moment, const date *base, struct task *out)
{
    static const struct {
        str unit;
        int days;
        int months;
    } UNITS[] = {{STR_INIT("个工作日"), 0, 0},   {STR_INIT("个月"), 0, 1}, {STR_INIT("年"), 0, 12},
                 {STR_INIT("周"), WEEK_DAYS, 0}, {STR_INIT("天"), 1, 0},   {STR_INIT("日"), 1, 0}};
    size_t from = moment->at;
    int count = 0;

    for (size_t i = 0; i < COUNT_OF(UNITS); i++) {
        moment->at = from;
        if (!take_number(moment, UNITS[i].unit, &count) || count > SPAN_MAX ||
            !(take(moment, STR("之内")) || take(moment, STR("以内")) || take(moment, STR("内")))) {
            continue;
        }
        out->has_due = base != NULL && UNITS[i].days + UNITS[i].months > 0;
        if (out->has_due) {
            out->due =
                plus_months((date){base->days + count * UNITS[i].days}, count * UNITS[i].months);
        }
        return true;
    }
    moment->at = from;
    return false;
}

/* "每月5日前", "每季度末", "每周": said, but no one day. */
static bool recurring(struct moment *moment)
{
    static const str UNITS[] = {STR_INIT("日"),   STR_INIT("天"),   STR_INIT("周"), STR_INIT("旬"),
                                STR_INIT("季度"), STR_INIT("半年"), STR_INIT("年"), STR_INIT("月")};
    int day = 0;

    if (!take(moment, STR("每")) || !take_one_of(moment, UNITS, COUNT_OF(UNITS))) {
        moment->at = 0;
        return false;
    }
    if (take_end(moment) || take_number(moment, STR("日"), &day)) {
        (void)take_before(moment);
    }
    return true;
}

static bool due_at(str s, const date *base, struct task *out)
{
    struct moment moment = {.text = s};

    out->has_due = false;
    if (recurring(&moment) || within(&moment, base, out)) {
        out->due_said = str_part(s, 0, moment.at);
        return true;
    }
    take_year(&moment, base);
    size_t year_end = moment.at;
    bool is_due = month_deadline(&moment, base, out);
    if (!is_due) {
        moment.at = year_end;
        is_due = year_deadline(&moment, base, out);
    }
    out->due_said = str_part(s, 0, moment.at);
    return is_due;
}

bool due_find(str s, const date *base, struct task *out)
{
    int digit = 0;

    for (size_t at = 0; at < s.len;) {
        if (due_at(after(s, at), base, out)) {
            return true;
        }
        size_t digits = number_read(after(s, at), &digit);
        at += digits > 0 ? digits : split_char(s, at);
    }
    out->due_said = STR("");
    out->has_due = false;
    return false;
}

bool is_time_only(str clause, const date *base)
{
    static const str FRONTS[] = {STR_INIT("临近"), STR_INIT("力争"), STR_INIT("确保"),
                                 STR_INIT("到"),   STR_INIT("在"),   STR_INIT("于")};
    struct task due = {0};
    bool again = true;

    if (!due_find(clause, base, &due)) {
        return false;
    }
    while (again) {
        again = false;
        for (size_t i = 0; i < COUNT_OF(FRONTS); i++) {
            if (str_starts(clause, FRONTS[i])) {
                clause = after(clause, FRONTS[i].len);
                again = true;
            }
        }
    }
    return str_equal(clause, due.due_said);
}

static size_t separator_at(str s)
{
    static const str MARKS[] = {STR_INIT("."),  STR_INIT("-"),  STR_INIT("/"),
                                STR_INIT("年"), STR_INIT("月"), STR_INIT("．")};

    for (size_t i = 0; i < COUNT_OF(MARKS); i++) {
        if (str_starts(s, MARKS[i])) {
            return MARKS[i].len;
        }
    }
    return 0;
}

/* Up to three numbers with one separator each between them; the bytes read. */
static size_t day_parts(str s, int parts[static 3], int *out_count)
{
    size_t at = 0;

    *out_count = 0;
    while (*out_count < 3) {
        size_t digits = number_read(after(s, at), &parts[*out_count]);
        if (digits == 0) {
            break;
        }
        *out_count += 1;
        at += digits;
        size_t mark = *out_count < 3 ? separator_at(after(s, at)) : 0;
        if (mark == 0) {
            break;
        }
        at += mark;
    }
    return at;
}

static bool day_from(const int parts[static 3], int count, const date *base, date *out)
{
    if (count == 3 && is_day(parts[0], parts[1], parts[2])) {
        *out = date_of(parts[0], parts[1], parts[2]);
        return true;
    }
    if (count != 2 || base == NULL || !is_day(date_year(*base), parts[0], parts[1])) {
        return false;
    }
    *out = date_of(date_year(*base), parts[0], parts[1]);
    if (out->days > base->days && is_day(date_year(*base) - 1, parts[0], parts[1])) {
        *out = date_of(date_year(*base) - 1, parts[0], parts[1]);
    }
    return true;
}

bool day_find(str s, const date *base, date *out, str *out_words)
{
    int parts[3] = {0};
    int count = 0;

    for (size_t at = 0; at < s.len;) {
        size_t len = day_parts(after(s, at), parts, &count);
        size_t day_word = str_starts(after(s, at + len), STR("日")) ? STR("日").len : 0;
        bool is_spoken = str_find(str_part(s, at, len), STR("月")) != STR_NONE && day_word > 0;
        if (len > 0 && (count == 3 || is_spoken) && day_from(parts, count, base, out)) {
            *out_words = str_part(s, at, len + day_word);
            return true;
        }
        at += len > 0 ? len : split_char(s, at);
    }
    return false;
}

/* --- targets and lists --- */

static void target_add(struct task *task, str name, int count)
{
    if (task->target_count < REPORT_TARGETS_MAX) {
        task->targets[task->target_count++] = (struct target){.name = name, .count = count};
    }
}

static bool is_plain_digit(str s)
{
    return s.len > 0 && s.at[0] >= '0' && s.at[0] <= '9';
}

/* ".5", ",000", "万": a number that goes on is an amount, not a count. */
static size_t amount_tail(str s)
{
    static const str TENS[] = {STR_INIT("万"), STR_INIT("亿"), STR_INIT("多"), STR_INIT("余")};
    size_t at = 0;
    int ignored = 0;

    while (at + 1 < s.len && (s.at[at] == '.' || s.at[at] == ',') &&
           is_plain_digit(after(s, at + 1))) {
        at += 1 + number_read(after(s, at + 1), &ignored);
    }
    for (size_t i = 0; i < COUNT_OF(TENS); i++) {
        at += str_starts(after(s, at), TENS[i]) ? TENS[i].len : 0;
    }
    return at;
}

static size_t noun_bytes(str s)
{
    static const str MARKS[] = {STR_INIT("、"), STR_INIT("的"), STR_INIT("和"), STR_INIT("及"),
                                STR_INIT("与"), STR_INIT("“"),  STR_INIT("（"), STR_INIT("("),
                                STR_INIT("《"), STR_INIT("等"), STR_INIT("”")};

    for (size_t at = 0; at < s.len; at += split_char(s, at)) {
        for (size_t i = 0; i < COUNT_OF(MARKS); i++) {
            if (str_starts(after(s, at), MARKS[i])) {
                return at;
            }
        }
        if (at >= NOUN_BYTES_MAX) {
            return at;
        }
    }
    return s.len;
}

/* A number, its classifier and its noun at the start of `s`: the bytes, 0 when it is none. */
static size_t counted(str s, int *out_count)
{
    size_t at = number_read(s, out_count);
    size_t tail = at == 0 ? 0 : amount_tail(after(s, at));
    str measure = word_at_start(WORDS_MEASURE, after(s, at + tail));

    if (at == 0 || measure.len == 0 || (!is_plain_digit(s) && *out_count < 2)) {
        return 0;
    }
    bool is_share = str_equal(measure, STR("%")) || str_equal(measure, STR("％")) ||
                    str_equal(measure, STR("个百分点"));
    bool is_amount = tail > 0 || is_share;
    *out_count = is_amount ? -1 : *out_count;
    at += tail + measure.len;
    str behind = after(s, at);
    size_t noun = word_at_start(WORDS_ACT, behind).len > 0 ? 0 : noun_bytes(behind);
    return noun > 0 || is_plain_digit(s) ? at + noun : 0;
}

static bool is_quote(str s)
{
    return str_starts(s, STR("“")) || str_starts(s, STR("「"));
}

/* The target that starts at `at`, if one does: the bytes it takes. */
static size_t target_at(struct task *task, str s, size_t at)
{
    str here = after(s, at);
    size_t group = split_group(s, at);
    int count = 0;

    if (group > 0) {
        str name = str_part(here, 3, group < 6 ? 0 : group - 6);
        if (is_quote(here) && name.len > 0 && name.len <= NAME_BYTES_MAX) {
            target_add(task, name, counted(name, &count) > 0 ? count : 0);
        }
        return group;
    }
    bool is_ordinal = str_ends(str_part(s, 0, at), STR("第"));
    size_t len = is_ordinal ? 0 : counted(here, &count);
    if (len > 0) {
        target_add(task, str_part(here, 0, len), count);
        return len;
    }
    len = number_read(here, &count);
    return len > 0 ? len : split_char(s, at);
}

static void item_add(struct task *task, str item)
{
    item = str_trim(item);
    if (item.len > 0 && task->item_count < REPORT_LIST_MAX) {
        task->items[task->item_count++] = item;
    }
}

/* The verb in front of a list is not part of its first item. */
static str without_verb(str s)
{
    s = strip_adverbs(s);
    str verb = word_at_start(WORDS_ACT, s);
    return verb.len < s.len ? after(s, verb.len) : s;
}

static size_t last_char(str s)
{
    size_t len = 0;

    for (size_t at = 0; at < s.len; at += len) {
        len = split_char(s, at);
    }
    return s.len - len;
}

/* "示范村、提升村、整治村分层实施": where all items but the last end alike, the last ends there. */
static void cut_last_like_others(struct task *task)
{
    str first = task->items[0];
    str ending = after(first, last_char(first));
    str *last = &task->items[task->item_count - 1];

    for (int i = 1; i + 1 < task->item_count; i++) {
        if (!str_ends(task->items[i], ending)) {
            return;
        }
    }
    size_t at = str_find(*last, ending);
    if (task->item_count > 2 && at != STR_NONE && at > 0) {
        *last = str_part(*last, 0, at + ending.len);
    }
}

/* "两个要害" behind "耕地和种子". */
static void split_pair(struct task *task)
{
    str and = STR("和");
    str whole = task->items[0];
    size_t at = str_find(whole, and);

    if (task->item_count == 1 && at != STR_NONE && task->targets[0].count == 2) {
        task->items[0] = str_part(whole, 0, at);
        item_add(task, after(whole, at + and.len));
    }
}

/* Without an "等" or a count behind it, a row of words is a list only when it looks like one: a
 * verb, then nouns of like length. "排查出来、整治到位" are two deeds, not two items. */
static bool looks_like_list(const struct task *task, bool has_verb)
{
    size_t longest = 0;
    size_t shortest = SIZE_MAX;

    for (int i = 0; i < task->item_count; i++) {
        size_t chars = utf8_count(task->items[i]);
        longest = chars > longest ? chars : longest;
        shortest = chars < shortest ? chars : shortest;
        if (i > 0 && word_at_start(WORDS_ACT, task->items[i]).len > 0) {
            return false;
        }
    }
    return has_verb && (task->item_count > 2 ? longest <= 3 * shortest : longest - shortest <= 1);
}

static void list_read(struct task *task, str list, bool is_counted)
{
    str piece = {0};
    str ignored = {0};

    while (split_item(&list, &piece)) {
        item_add(task, piece);
    }
    if (is_counted && task->item_count == 1) {
        split_pair(task);
    }
    if (task->item_count < 2) {
        task->item_count = 0;
        return;
    }
    str *last = &task->items[task->item_count - 1];
    size_t end = word_find(WORDS_LIST_END, *last, &ignored);
    bool is_ended = end != STR_NONE && end > 0;
    *last = is_ended ? str_part(*last, 0, end) : *last;
    str first = task->items[0];
    task->items[0] = without_verb(first);
    cut_last_like_others(task);
    bool has_verb = task->items[0].len < first.len;
    if (!is_counted && !is_ended && !looks_like_list(task, has_verb)) {
        task->item_count = 0;
    }
}

void targets_find(struct task *task)
{
    str s = task->demand;
    size_t list_end = s.len;

    for (size_t at = 0; at < s.len;) {
        int before = task->target_count;
        size_t step = target_at(task, s, at);
        bool is_first_counted =
            task->target_count > before && task->targets[before].count > 0 && list_end == s.len;
        list_end = is_first_counted ? at : list_end;
        at += step;
    }
    list_read(task, str_part(s, 0, list_end), list_end < s.len);
    for (int i = 0; i < task->target_count; i++) {
        struct target *target = &task->targets[i];
        target->is_listed = target->count > 0 && target->count == task->item_count;
    }
}
