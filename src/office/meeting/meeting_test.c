/* Reports taken apart: the real one where it is at hand, two invented ones against their golden
 * pages, and everything a text can be that is no report. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "office/meeting/meeting.h"
#include "office/meeting/test_report.h"

enum { FILE_BYTES_MAX = 2 * 1024 * 1024, GOLDEN_BYTES_MAX = 1024 * 1024 };

#define assert_str(got, want) assert_true(str_equal((got), STR(want)))

static const char *source_path(const char *name)
{
    const char *root = getenv("WANCUN_SOURCE"); /* NOLINT(concurrency-mt-unsafe) */
    struct buf path = {0};
    str text = {0};

    buf_init(&path, &arena, 4096);
    buf_put(&path, str_from(root == NULL ? "." : root));
    buf_char(&path, '/');
    buf_put(&path, str_from(name));
    buf_char(&path, '\0');
    assert_true(buf_done(&path, &text));
    return text.at;
}

static bool file_read(const char *name, str *out)
{
    FILE *file = fopen(source_path(name), "rb");

    if (file == NULL) {
        return false;
    }
    char *bytes = arena_take(&arena, FILE_BYTES_MAX);
    size_t len = fread(bytes, 1, FILE_BYTES_MAX, file);
    (void)fclose(file);
    *out = (str){bytes, len};
    return true;
}

static const struct report *read_text(str text)
{
    struct report *report = NULL;

    assert_int_equal(report_read(text, &arena, &report, &err), RC_OK);
    return report;
}

/* --- a page of a report, for golden files --- */

struct sheet {
    struct buf page;
    const struct column *columns;
    int column_count;
};

static enum rc sheet_begin(void *self, const struct table *table)
{
    struct sheet *sheet = self;

    buf_put(&sheet->page, STR("== "));
    buf_put(&sheet->page, table->name);
    buf_char(&sheet->page, ' ');
    buf_put(&sheet->page, table->title);
    buf_char(&sheet->page, '\n');
    sheet->columns = table->columns;
    sheet->column_count = table->column_count;
    return RC_OK;
}

static enum rc sheet_row(void *self, const struct out *cells)
{
    struct sheet *sheet = self;

    for (int i = 0; i < sheet->column_count; i++) {
        if (cells[i].kind != OUT_NONE) {
            buf_put(&sheet->page, sheet->columns[i].key);
            buf_put(&sheet->page, STR(": "));
            buf_put(&sheet->page, cells[i].text);
            buf_char(&sheet->page, '\n');
        }
    }
    buf_char(&sheet->page, '\n');
    return RC_OK;
}

static enum rc sheet_end(void *self)
{
    (void)self;
    return RC_OK;
}

static str page_of(const struct report *report, enum lang lang)
{
    struct arena pages = {0};
    struct sheet sheet = {0};
    const struct table_sink sink = {&sheet, sheet_begin, sheet_row, sheet_end};
    str page = {0};

    arena_init(&pages, ARENA_REQUEST_MAX);
    buf_init(&sheet.page, &pages, GOLDEN_BYTES_MAX);
    assert_int_equal(report_tables(report, lang, &sink), RC_OK);
    assert_true(buf_done(&sheet.page, &page));
    page = arena_str(&arena, page);
    arena_done(&pages);
    return page;
}

/* --- the tests --- */

static const char *const INVENTED[] = {"province", "county"};
enum { INVENTED_COUNT = 2, NAME_MAX = 128 };

static const struct report *invented(int i)
{
    char name[NAME_MAX];
    str text = {0};

    (void)snprintf(name, sizeof(name), "tests/corpus/report/%s.txt", INVENTED[i]);
    assert_true(file_read(name, &text));
    return read_text(text);
}

static void show_first_difference(str got, str want)
{
    str got_line = {0};
    str want_line = {0};

    for (int line = 1; str_cut(&got, '\n', &got_line); line++) {
        want_line = STR("");
        (void)str_cut(&want, '\n', &want_line);
        if (!str_equal(got_line, want_line)) {
            print_message("# line %d\n#  got %.*s\n# want %.*s\n", line, STR_ARG(got_line),
                          STR_ARG(want_line));
            return;
        }
    }
}

static void matches_golden(const struct report *report, enum lang lang, const char *name)
{
    str page = page_of(report, lang);
    str golden = {0};

    if (getenv("WANCUN_GOLDEN") != NULL) { /* NOLINT(concurrency-mt-unsafe) */
        FILE *file = fopen(source_path(name), "wb");
        assert_non_null(file);
        (void)fwrite(page.at, 1, page.len, file);
        (void)fclose(file);
    }
    assert_true(file_read(name, &golden));
    if (!str_equal(page, golden)) {
        show_first_difference(page, golden);
        fail_msg("%s differs; look at it, then WANCUN_GOLDEN=write makes it anew", name);
    }
}

static void reads_a_province_as_its_golden_page_says(void **state)
{
    (void)state;
    matches_golden(invented(0), LANG_ZH, "tests/corpus/report/province.zh.golden");
}

static void reads_a_county_as_its_golden_page_says(void **state)
{
    (void)state;
    matches_golden(invented(1), LANG_ZH, "tests/corpus/report/county.zh.golden");
}

static void says_in_english_what_english_can_say(void **state)
{
    (void)state;
    matches_golden(invented(1), LANG_EN, "tests/corpus/report/county.en.golden");
}

/* --- the real report: every clause of the list is a task, or left out with a reason --- */

#define REAL "../shared/mission/meeting-report-2023-11-28.txt"

struct clause {
    int number;
    const char *phrase;
};

static const struct clause CLAUSES[] = {
    {27, "五个融合"},
    {28, "县城基础设施建设和公共服务提升"},
    {29, "城乡资源要素双向流动"},
    {30, "农业“特”“优”牌"},
    {31, "农业全产业链"},
    {32, "一二三产业融合"},
    {32, "农文旅融合、农工商互动"},
    {32, "“美丽乡村+”新业态"},
    {33, "保障粮食安全责任"},
    {34, "藏粮于地"},
    {34, "耕地"},
    {35, "种子"},
    {35, "藏粮于技"},
    {36, "高效节水农业"},
    {37, "村庄整治规划"},
    {38, "厕所、垃圾、污水“三大革命”"},
    {39, "农业面源污染"},
    {40, "生态绿色产业"},
    {41, "人居环境质量和农村生产条件同步提高"},
    {42, "各美其美"},
    {43, "专项行动"},
    {44, "枫桥经验"},
    {45, "四下基层"},
    {46, "平安乡村创建"},
    {47, "历史文化资源"},
    {48, "精神文明建设"},
    {49, "资金投入"},
    {49, "多元化投入"},
    {50, "科技特派员"},
    {51, "高素质农民培育"},
    {52, "用地保障"},
    {53, "廉洁风险防控"},
    {66, "抓好今年"},
    {66, "谋划明年"},
    {67, "安全生产责任"},
    {68, "汲取事故教训"},
    {69, "三大专项行动"},
    {70, "风险隐患排查出来、整治到位"},
    {71, "打击各类违法违规"},
    {72, "遏制重特大事故"},
    {73, "城乡困难群众基本生活"},
    {74, "12件民生实事"},
    {75, "防止返贫动态监测帮扶"},
    {76, "脱贫人口持续稳定增收"},
    {77, "补短板强弱项"},
    {78, "理论学习"},
    {79, "调查研究"},
    {79, "检视整改"},
    {80, "督促指导"},
    {81, "沉到一线办实事、解难题"},
    {82, "实效检验"},
};

static const struct report *real_report(void)
{
    str text = {0};

    if (!file_read(REAL, &text)) {
        print_message("# skipped: %s is not beside the source tree\n", REAL);
        skip();
    }
    return read_text(text);
}

static bool in_task(const struct report *report, str phrase, const struct task **out)
{
    for (int i = 0; i < report->task_count; i++) {
        if (str_find(report->tasks[i].demand, phrase) != STR_NONE) {
            *out = &report->tasks[i];
            return true;
        }
    }
    return false;
}

static bool in_left(const struct report *report, str phrase, const struct left **out)
{
    for (int i = 0; i < report->left_count; i++) {
        if (str_find(report->left[i].words, phrase) != STR_NONE) {
            *out = &report->left[i];
            return true;
        }
    }
    return false;
}

static void finds_every_demand_of_the_real_report(void **state)
{
    const struct report *report = real_report();
    const struct task *task = NULL;
    const struct left *left = NULL;
    int missing = 0;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(CLAUSES); i++) {
        str phrase = str_from(CLAUSES[i].phrase);
        if (in_left(report, phrase, &left)) {
            print_message("# %d %s: left out, reason %d\n", CLAUSES[i].number, phrase.at,
                          (int)left->why);
        } else if (in_task(report, phrase, &task)) {
            print_message("# %d %s: %.*s %.*s\n", CLAUSES[i].number, phrase.at, STR_ARG(task->path),
                          STR_ARG(task->demand));
        } else {
            print_message("# %d %s: NOT FOUND\n", CLAUSES[i].number, phrase.at);
            missing++;
        }
    }
    assert_int_equal(missing, 0);
}

static void leaves_out_of_the_real_report_only_what_cannot_be_done(void **state)
{
    static const char *const LEFT[] = {"理论学习", "提高政治站位", "打下坚实基础", "唐登杰出席"};
    static const enum left_why WHYS[] = {LEFT_STUDY, LEFT_STUDY, LEFT_RESULT, LEFT_CEREMONY};
    const struct report *report = real_report();
    const struct left *left = NULL;
    int left_count = 0;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(LEFT); i++) {
        assert_true(in_left(report, str_from(LEFT[i]), &left));
        assert_true(left != NULL && left->why == WHYS[i]);
    }
    for (size_t i = 0; i < COUNT_OF(CLAUSES); i++) {
        left_count += in_left(report, str_from(CLAUSES[i].phrase), &left) ? 1 : 0;
    }
    assert_int_equal(left_count, 1); /* 理论学习 */
}

static void takes_the_real_meetings_facts(void **state)
{
    const struct report *report = real_report();
    int present = 0;

    (void)state;
    assert_int_equal(report->held.days, date_of(2023, 11, 27).days);
    assert_int_equal(report->published.days, date_of(2023, 11, 28).days);
    for (int i = 0; i < report->fact_count; i++) {
        const struct meeting_fact *fact = &report->facts[i];
        present += fact->kind == FACT_PRESENT ? 1 : 0;
        if (fact->kind == FACT_PLACE) {
            assert_str(fact->value, "晋城市");
        }
        if (fact->kind == FACT_CHAIR) {
            assert_str(fact->value, "省委副书记、省长");
        }
    }
    assert_int_equal(present, 6);
}

/* --- promises that hold for every report --- */

static void no_name(str field, str name)
{
    if (str_find(field, name) != STR_NONE) {
        fail_msg("a name stands in a field: %.*s", STR_ARG(field));
    }
}

static void fields_have_no_name(const struct report *report, str name)
{
    for (int i = 0; i < report->task_count; i++) {
        const struct task *task = &report->tasks[i];
        const str fields[] = {task->demand, task->addressee, task->lead, task->support,
                              task->speaker};
        for (size_t j = 0; j < COUNT_OF(fields); j++) {
            no_name(fields[j], name);
        }
        for (int j = 0; j < task->item_count; j++) {
            no_name(task->items[j], name);
        }
        for (int j = 0; j < task->target_count; j++) {
            no_name(task->targets[j].name, name);
        }
    }
    for (int i = 0; i < report->fact_count; i++) {
        no_name(report->facts[i].value, name);
    }
}

static void names_posts_and_never_persons(void **state)
{
    (void)state;
    for (int i = 0; i < INVENTED_COUNT; i++) {
        fields_have_no_name(invented(i), STR("某"));
    }
}

static void names_no_person_of_the_real_report(void **state)
{
    static const char *const NAMES[] = {"唐登杰", "金湘军", "卢东亮", "韦韬", "杨勤荣", "习近平"};
    const struct report *report = real_report();

    (void)state;
    for (size_t i = 0; i < COUNT_OF(NAMES); i++) {
        fields_have_no_name(report, str_from(NAMES[i]));
    }
}

static void blank(char *text, struct place at)
{
    memset(text + at.begin, ' ', at.end - at.begin);
}

/* The text with everything blank that a row holds. */
static str not_in_rows(const struct report *report)
{
    str open = arena_str(&arena, report->text);
    char *text = arena_take(&arena, open.len + 1);

    memcpy(text, open.at, open.len);
    for (int i = 0; i < report->task_count; i++) {
        blank(text, report->tasks[i].place);
    }
    for (int i = 0; i < report->left_count; i++) {
        blank(text, report->left[i].place);
    }
    for (int i = 0; i < report->fact_count; i++) {
        blank(text, report->facts[i].place);
    }
    return (str){text, open.len};
}

/* What no row holds is punctuation, numbers, labels of the head, and "X强调" of a speaker whose
 * first mention is a fact. */
static size_t free_bytes(str rest)
{
    static const str FREE[] = {
        STR_INIT("，"),     STR_INIT(","),    STR_INIT("。"),     STR_INIT("；"),
        STR_INIT("："),     STR_INIT(":"),    STR_INIT("（一）"), STR_INIT("（二）"),
        STR_INIT("（三）"), STR_INIT("一、"), STR_INIT("二、"),   STR_INIT("1."),
        STR_INIT("2."),     STR_INIT("3."),   STR_INIT("一是"),   STR_INIT("二是"),
        STR_INIT("三是"),   STR_INIT("来源"), STR_INIT("信息"),   STR_INIT("时间"),
        STR_INIT("发布"),   STR_INIT("一"),   STR_INIT("二"),     STR_INIT("三"),
        STR_INIT("四"),     STR_INIT("五")};
    static const str SAID[] = {STR_INIT("强调，"), STR_INIT("强调,"), STR_INIT("指出，"),
                               STR_INIT("要求，")};

    for (size_t i = 0; i < COUNT_OF(FREE); i++) {
        if (str_starts(rest, FREE[i])) {
            return FREE[i].len;
        }
    }
    for (size_t i = 0; i < COUNT_OF(SAID); i++) {
        size_t at = str_find(str_part(rest, 0, 40), SAID[i]);
        if (at != STR_NONE) {
            return at + SAID[i].len;
        }
    }
    return 0;
}

static void is_accounted_for(const struct report *report)
{
    str rest = str_trim(not_in_rows(report));

    while (rest.len > 0) {
        size_t bytes = free_bytes(rest);
        if (bytes == 0) {
            fail_msg("nobody accounts for: %.*s", STR_ARG(str_part(rest, 0, 90)));
        }
        rest = str_trim(str_part(rest, bytes, rest.len));
    }
}

static void accounts_for_every_word(void **state)
{
    (void)state;
    for (int i = 0; i < INVENTED_COUNT; i++) {
        is_accounted_for(invented(i));
    }
}

static void accounts_for_every_word_of_the_real_report(void **state)
{
    (void)state;
    is_accounted_for(real_report());
}

static void every_row_points_into_its_sentence(void **state)
{
    (void)state;
    for (int i = 0; i < INVENTED_COUNT; i++) {
        const struct report *report = invented(i);
        for (int j = 0; j < report->task_count; j++) {
            const struct task *task = &report->tasks[j];
            size_t from = (size_t)(task->sentence.at - report->text.at);
            assert_true(task->place.begin >= from);
            assert_true(task->place.end <= from + task->sentence.len);
            assert_true(task->place.begin < task->place.end);
        }
    }
}

static void numbers_every_task_once(void **state)
{
    (void)state;
    for (int i = 0; i < INVENTED_COUNT; i++) {
        const struct report *report = invented(i);
        for (int j = 0; j < report->task_count; j++) {
            for (int k = 0; k < j; k++) {
                assert_false(str_equal(report->tasks[j].path, report->tasks[k].path));
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_REPORT(reads_a_province_as_its_golden_page_says),
        WITH_REPORT(reads_a_county_as_its_golden_page_says),
        WITH_REPORT(says_in_english_what_english_can_say),
        WITH_REPORT(finds_every_demand_of_the_real_report),
        WITH_REPORT(leaves_out_of_the_real_report_only_what_cannot_be_done),
        WITH_REPORT(takes_the_real_meetings_facts),
        WITH_REPORT(names_posts_and_never_persons),
        WITH_REPORT(names_no_person_of_the_real_report),
        WITH_REPORT(accounts_for_every_word),
        WITH_REPORT(accounts_for_every_word_of_the_real_report),
        WITH_REPORT(every_row_points_into_its_sentence),
        WITH_REPORT(numbers_every_task_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
