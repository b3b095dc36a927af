/* Each rule of the reading on a sentence of its own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buf.h"
#include "office/meeting/meeting.h"
#include "office/meeting/test_report.h"

enum { TEXT_BYTES_MAX = 4 * 1024 * 1024 };

#define assert_str(got, want) assert_true(str_equal((got), STR(want)))

static const struct report *read_text(str text)
{
    struct report *report = NULL;

    assert_int_equal(report_read(text, &arena, &report, &err), RC_OK);
    return report;
}

/* Which row is next, as a remark of TAP: each line of it after a #. */
static void show_row(const char *body, str got)
{
    str rest = str_from(body);

    while (rest.len > 0) {
        size_t end = str_find(rest, STR("\n"));
        end = end == STR_NONE ? rest.len : end;
        print_message("# %.*s\n", STR_ARG(str_part(rest, 0, end)));
        rest = str_part(rest, end + 1, rest.len);
    }
    print_message("#     %.*s\n", STR_ARG(got));
}

/* A report of one paragraph, published on 2031-09-03 on a meeting the day before. */
static const struct report *read_body(const char *body)
{
    struct buf buf = {0};
    str text = {0};

    buf_init(&buf, &arena, TEXT_BYTES_MAX);
    buf_put(
        &buf,
        STR("某县召开农村工作会议\n来源：示范日报 时间：2031-09-03\n9月2日，会议在县城召开。\n"));
    buf_put(&buf, str_from(body));
    assert_true(buf_done(&buf, &text));
    return read_text(text);
}

static const struct task *only_task(const char *body)
{
    const struct report *report = read_body(body);

    assert_int_equal(report->task_count, 1);
    return &report->tasks[0];
}

/* --- times --- */

static void turns_times_into_dates(void **state)
{
    static const struct {
        const char *body;
        int year;
        int month;
        int day;
    } ROWS[] = {
        {"会议强调，要在年底前完成改厕。", 2031, 12, 31},
        {"会议强调，12月底前要完成改厕。", 2031, 12, 31},
        {"会议强调，要于十二月底前完成改厕。", 2031, 12, 31},
        {"会议强调，要在3月底前完成改厕。", 2032, 3, 31},
        {"会议强调，明年2月底前要完成改厕。", 2032, 2, 29},
        {"会议强调，要在2033年6月底前完成改厕。", 2033, 6, 30},
        {"会议强调，要在9月15日前完成改厕。", 2031, 9, 15},
        {"会议强调，要在10月上旬完成改厕。", 2031, 10, 10},
        {"会议强调，要在１１月２０日之前完成改厕。", 2031, 11, 20},
        {"会议强调，临近年终岁尾，要完成改厕。", 2031, 12, 31},
        {"会议强调，本月底前要完成改厕。", 2031, 9, 30},
        {"会议强调，10天内要完成改厕。", 2031, 9, 12},
        {"会议强调，三个月内要完成改厕。", 2031, 12, 2},
        {"会议强调，要在两年内完成改厕。", 2033, 9, 2},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(ROWS); i++) {
        const struct task *task = only_task(ROWS[i].body);
        show_row(ROWS[i].body, task->due_said);
        assert_true(task->has_due);
        assert_int_equal(task->due.days, date_of(ROWS[i].year, ROWS[i].month, ROWS[i].day).days);
        assert_str(task->demand, "完成改厕");
    }
}

static void keeps_a_time_that_is_no_day_as_it_was_said(void **state)
{
    static const char *const BODIES[] = {
        "会议强调，要在6月前完成改厕。",     "会议强调，每月5日前要上报进展。",
        "会议强调，每季度末要上报进展。",    "会议强调，要在5个工作日内上报进展。",
        "会议强调，要在2月30日前上报进展。",
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(BODIES); i++) {
        const struct task *task = only_task(BODIES[i]);
        assert_false(task->has_due);
        assert_true(task->due_said.len > 0 || i == 4);
    }
}

static void takes_no_past_day_for_a_deadline(void **state)
{
    const struct task *task = only_task("会议强调，要兑现今年1月3日确定的12件民生实事。");

    (void)state;
    assert_int_equal(task->due_said.len, 0);
    assert_int_equal(task->kind, TASK_TARGET);
    assert_int_equal(task->targets[0].count, 12);
}

static void says_no_date_where_the_report_has_none(void **state)
{
    const struct report *report = read_text(STR("会议召开\n会议强调，要在年底前完成改厕。"));

    (void)state;
    assert_int_equal(report->task_count, 1);
    assert_false(report->tasks[0].has_due);
    assert_str(report->tasks[0].due_said, "年底前");
}

/* --- who --- */

static void says_whom_a_demand_is_for(void **state)
{
    static const struct {
        const char *body;
        const char *who;
        const char *demand;
    } ROWS[] = {
        {"会议强调，各市县要建立台账。", "各市县", "建立台账"},
        {"会议强调，各市分管负责同志要履行直接责任。", "各市分管负责同志", "履行直接责任"},
        {"会议强调，各级党委(党组)主要负责同志要履行第一责任。", "各级党委(党组)主要负责同志",
         "履行第一责任"},
        {"会议强调，县农业农村局也要建立台账。", "县农业农村局", "建立台账"},
        {"会议强调，要建立台账。", "", "建立台账"},
        {"会议强调，改厕资金要及时拨付。", "", "改厕资金要及时拨付"},
        {"会议强调，主要道路需要绿化，重要河道必须清理。", "", "重要河道必须清理"},
        {"会议要求各乡镇建立台账，各村要公示。", "各村", "公示"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(ROWS); i++) {
        const struct report *report = read_body(ROWS[i].body);
        const struct task *task = &report->tasks[report->task_count - 1];
        show_row(ROWS[i].body, task->demand);
        assert_true(str_equal(task->addressee, str_from(ROWS[i].who)));
        assert_true(str_equal(task->demand, str_from(ROWS[i].demand)));
    }
}

static void carries_an_addressee_through_its_sentence_only(void **state)
{
    const struct report *report =
        read_body("会议强调，各乡镇要摸清底数，建立台账；完善制度。要加强宣传。");

    (void)state;
    assert_int_equal(report->task_count, 4);
    assert_str(report->tasks[2].addressee, "各乡镇");
    assert_str(report->tasks[3].addressee, "");
}

static void says_who_leads_and_who_supports(void **state)
{
    static const char *const BODIES[] = {
        "会议强调，要完成改厕，由县农业农村局牵头，县住建局配合。",
        "会议强调，由县农业农村局牵头，县住建局配合，完成改厕。",
        "会议强调，要完成改厕（牵头单位：县农业农村局；配合单位：县住建局）。",
        "（一）完成改厕。\n牵头单位：县农业农村局；配合单位：县住建局",
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(BODIES); i++) {
        const struct task *task = only_task(BODIES[i]);
        assert_str(task->lead, "县农业农村局");
        assert_str(task->support, "县住建局");
        assert_str(task->demand, "完成改厕");
    }
}

static void names_a_speaker_by_post(void **state)
{
    const struct report *report =
        read_body("县委书记王某某、县长李某某出席会议。\n王某某指出，要完成改厕。\n"
                  "李某某在讲话中强调：要完善制度。他还强调，要加强宣传。\n"
                  "赵某某要求，要公示结果。");

    (void)state;
    assert_int_equal(report->task_count, 4);
    assert_str(report->tasks[0].speaker, "县委书记");
    assert_str(report->tasks[1].speaker, "县长");
    assert_str(report->tasks[2].speaker, "县长");
    assert_str(report->tasks[3].speaker, "（未写明职务者）");
}

static void joins_the_posts_of_one_person(void **state)
{
    const struct report *report =
        read_body("县委副书记、县长李某某主持会议。\n李某某强调，要完成改厕。");

    (void)state;
    assert_str(report->tasks[0].speaker, "县委副书记、县长");
}

/* --- what --- */

static void follows_numbers_of_every_kind(void **state)
{
    static const struct {
        const char *body;
        const char *path;
    } ROWS[] = {
        {"会议强调，一要完成改厕，二要完善制度。", "二"},
        {"会议强调，一要完成改厕；二要完善制度。", "二"},
        {"会议强调，要做到：一是完成改厕。二是完善制度。", "二"},
        {"会议强调，一要完成改厕。推进治污。完善制度。", "一/2"},
        {"一、完成改厕\n（一）推进治污。完善制度。", "一/（一）/1"},
        {"（一）推进治污。\n（二）完善制度。", "（二）"},
        {"1.推进治污。\n2.完善制度。", "2."},
        {"会议强调，要推进治污，完善制度。", "段4/2"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(ROWS); i++) {
        const struct report *report = read_body(ROWS[i].body);
        const struct task *task = &report->tasks[report->task_count - 1];
        show_row(ROWS[i].body, task->path);
        assert_true(str_equal(task->path, str_from(ROWS[i].path)));
        assert_str(task->demand, "完善制度");
    }
}

static void takes_words_with_numbers_for_no_numbering(void **state)
{
    const struct report *report = read_body("会议强调，要促进一二三产业融合，三要素齐备。");

    (void)state;
    assert_str(report->tasks[0].path, "段4/1");
    assert_str(report->tasks[0].demand, "促进一二三产业融合");
}

static void reads_lists_and_counts_them(void **state)
{
    const struct task *task = only_task("会议强调，要推进厕所、垃圾、污水“三大革命”。");

    (void)state;
    assert_int_equal(task->item_count, 3);
    assert_str(task->items[0], "厕所");
    assert_str(task->items[2], "污水");
    assert_int_equal(task->kind, TASK_TARGET);
    assert_true(task->targets[0].is_listed);
    task = only_task("会议强调，要抓好耕地和种子两个要害。");
    assert_int_equal(task->item_count, 2);
    assert_true(task->targets[0].is_listed);
    task = only_task("会议强调，要开展“三大专项行动”。");
    assert_int_equal(task->item_count, 0);
    assert_int_equal(task->targets[0].count, 3);
    assert_false(task->targets[0].is_listed);
    task = only_task("会议强调，要把隐患排查出来、整治到位。");
    assert_int_equal(task->item_count, 0);
    task = only_task("会议强调，要把治理农户占比提高5个百分点。");
    assert_str(task->targets[0].name, "5个百分点");
    assert_int_equal(task->targets[0].count, -1);
}

static void leaves_study_out_of_a_list(void **state)
{
    const struct report *report = read_body("会议强调，要抓好理论学习、调查研究、检视整改等工作。");
    const struct left *left = &report->left[report->left_count - 1];

    (void)state;
    assert_int_equal(report->tasks[0].item_count, 2);
    assert_str(report->tasks[0].items[0], "调查研究");
    assert_str(left->words, "理论学习");
    assert_int_equal(left->why, LEFT_STUDY);
}

static void tells_kinds_apart(void **state)
{
    (void)state;
    assert_int_equal(only_task("会议强调，要完成改厕。")->kind, TASK_DEMAND);
    assert_int_equal(only_task("会议强调，要新改建户厕1.2万户。")->kind, TASK_TARGET);
    assert_int_equal(only_task("会议强调，要坚持规划先行。")->kind, TASK_PRINCIPLE);
    assert_int_equal(only_task("会议强调，要建立长效管护机制。")->kind, TASK_MECHANISM);
}

static void joins_an_adverbial_to_its_clause(void **state)
{
    const struct task *task = only_task("会议强调，对发现的问题，要立即整改。");

    (void)state;
    assert_str(task->demand, "对发现的问题，整改");
}

static void leaves_out_with_a_reason(void **state)
{
    static const struct {
        const char *body;
        enum left_why why;
    } ROWS[] = {
        {"会议强调，要提高政治站位，完成改厕。", LEFT_STUDY},
        {"会议强调，要完成改厕，为明年工作打下坚实基础。", LEFT_RESULT},
        {"会议强调，要弘扬严实作风，完成改厕。", LEFT_MANNER},
        {"会议强调，改厕是一项民生工程。要完成改厕。", LEFT_FACT},
        {"县长李某某出席会议。会议强调，要完成改厕。", LEFT_CEREMONY},
        {"会议强调，要完成改厕，由县农业农村局牵头。", LEFT_ASSIGNED},
        {"会议强调，年底前，要完成改厕。", LEFT_TIME},
        {"会议强调，要做好以下工作：\n一、完成改厕", LEFT_HEADING},
        {"会议强调，要完成改厕。\n责任编辑：王某某", LEFT_PAGE},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(ROWS); i++) {
        const struct report *report = read_body(ROWS[i].body);
        bool found = false;
        for (int j = 0; j < report->left_count; j++) {
            found = found ||
                    (report->left[j].why == ROWS[i].why && (ROWS[i].why != LEFT_CEREMONY || j > 0));
        }
        show_row(ROWS[i].body, STR(""));
        assert_true(found);
        assert_int_equal(report->task_count, 1);
        assert_str(report->tasks[0].demand, "完成改厕");
    }
}

static const char *const OUTCOMES[] = {"demand", "target",   "principle", "mechanism", "study",
                                       "manner", "result",   "repeat",    "fact",      "ceremony",
                                       "time",   "assigned", "heading",   "page"};
enum { OUTCOME_LEFT = TASK_MECHANISM + 1 };

/* What became of `clause` as the second sentence of a numbered demand. */
static int outcome_of(str clause)
{
    struct buf body = {0};

    buf_init(&body, &arena, TEXT_BYTES_MAX);
    buf_put(&body, STR("会议强调，一要完成改厕。"));
    buf_put(&body, clause);
    buf_put(&body, STR("。"));
    buf_char(&body, '\0');
    const struct report *report = read_body(body.at);
    return report->task_count == 2 ? (int)report->tasks[1].kind
                                   : OUTCOME_LEFT + (int)report->left[report->left_count - 1].why;
}

static void every_rule_decides_its_clause(void **state)
{
    const char *root = getenv("WANCUN_SOURCE"); /* NOLINT(concurrency-mt-unsafe) */
    char path[4096];
    char line[256];
    int count = 0;
    int wrong = 0;

    (void)state;
    (void)snprintf(path, sizeof(path), "%s/tests/corpus/report/verdicts.txt", root);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    while (fgets(line, sizeof(line), file) != NULL) {
        str clause = str_trim(str_from(line));
        str word = {0};
        if (!str_starts(clause, STR("#")) && str_cut(&clause, ' ', &word)) {
            int outcome = outcome_of(clause);
            if (!str_equal(word, str_from(OUTCOMES[outcome]))) {
                print_message("# %.*s is %s\n", STR_ARG(clause), OUTCOMES[outcome]);
                wrong++;
            }
            count++;
        }
    }
    (void)fclose(file);
    assert_int_equal(wrong, 0);
    assert_int_equal(count, 125);
}

static void names_the_task_that_is_repeated(void **state)
{
    const struct report *report =
        read_body("会议强调，一要推进农村生活污水治理。\n会议要求，要持续推进农村污水治理，"
                  "要在年底前推进农村污水治理。");
    const struct left *left = &report->left[report->left_count - 1];

    (void)state;
    assert_int_equal(left->why, LEFT_REPEAT);
    assert_str(left->repeats, "一");
    assert_int_equal(report->task_count, 2); /* the one with a deadline says something new */
}

static void treats_quotations_as_one_piece(void **state)
{
    const struct report *report = read_body(
        "会议强调，要推广“户分类、村收集，镇转运、县处理”模式，做好“‘三清’，‘一改’”工作。");

    (void)state;
    assert_int_equal(report->task_count, 2);
    assert_true(str_find(report->tasks[1].demand, STR("‘三清’，‘一改’")) != STR_NONE);
}

static void an_open_quotation_swallows_nothing(void **state)
{
    const struct report *report = read_body("会议强调，要“完成改厕，完善制度。要加强宣传。");

    (void)state;
    assert_int_equal(report->task_count, 3);
}

static void takes_a_speaker_behind_an_adverbial(void **state)
{
    const struct report *report =
        read_body("县长李某·某出席会议。\n就当前工作，李某·某要求，要完成改厕。");

    (void)state;
    assert_str(report->tasks[0].speaker, "县长");
    assert_str(report->left[report->left_count - 1].words, "就当前工作");
}

static void counts_a_day_back_from_its_publication(void **state)
{
    const struct report *report = read_text(STR(
        "某县召开会议\n时间：2031-01-05\n12月28日，会议在县城召开。会议强调，年底前要完成改厕。"));

    (void)state;
    assert_int_equal(report->held.days, date_of(2030, 12, 28).days);
    assert_int_equal(report->tasks[0].due.days, date_of(2030, 12, 31).days);
}

static void takes_ordinals_for_numbers(void **state)
{
    const struct report *report =
        read_body("会议强调，要抓两件事：第一，完成改厕。第二，完善制度。");

    (void)state;
    assert_str(report->tasks[report->task_count - 1].path, "第二");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_REPORT(turns_times_into_dates),
        WITH_REPORT(keeps_a_time_that_is_no_day_as_it_was_said),
        WITH_REPORT(takes_no_past_day_for_a_deadline),
        WITH_REPORT(says_no_date_where_the_report_has_none),
        WITH_REPORT(says_whom_a_demand_is_for),
        WITH_REPORT(carries_an_addressee_through_its_sentence_only),
        WITH_REPORT(says_who_leads_and_who_supports),
        WITH_REPORT(names_a_speaker_by_post),
        WITH_REPORT(joins_the_posts_of_one_person),
        WITH_REPORT(follows_numbers_of_every_kind),
        WITH_REPORT(takes_words_with_numbers_for_no_numbering),
        WITH_REPORT(reads_lists_and_counts_them),
        WITH_REPORT(leaves_study_out_of_a_list),
        WITH_REPORT(tells_kinds_apart),
        WITH_REPORT(joins_an_adverbial_to_its_clause),
        WITH_REPORT(leaves_out_with_a_reason),
        WITH_REPORT(every_rule_decides_its_clause),
        WITH_REPORT(names_the_task_that_is_repeated),
        WITH_REPORT(treats_quotations_as_one_piece),
        WITH_REPORT(an_open_quotation_swallows_nothing),
        WITH_REPORT(takes_a_speaker_behind_an_adverbial),
        WITH_REPORT(counts_a_day_back_from_its_publication),
        WITH_REPORT(takes_ordinals_for_numbers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
