/* Texts as they come: any line end and width, no report at all, more than the limits. */
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

static str replaced(str text, str from, str to)
{
    struct buf buf = {0};
    str out = {0};
    size_t at = 0;

    buf_init(&buf, &arena, TEXT_BYTES_MAX);
    while ((at = str_find(text, from)) != STR_NONE) {
        buf_put(&buf, str_part(text, 0, at));
        buf_put(&buf, to);
        text = str_part(text, at + from.len, text.len);
    }
    buf_put(&buf, text);
    assert_true(buf_done(&buf, &out));
    return out;
}

static void same_demands(const struct report *a, const struct report *b)
{
    assert_int_equal(a->task_count, b->task_count);
    for (int i = 0; i < a->task_count; i++) {
        assert_true(str_equal(a->tasks[i].demand, b->tasks[i].demand));
        assert_true(str_equal(a->tasks[i].path, b->tasks[i].path));
        assert_int_equal(a->tasks[i].due.days, b->tasks[i].due.days);
    }
    assert_int_equal(a->left_count, b->left_count);
}

static void reads_any_line_end_and_width_alike(void **state)
{
    str text = STR("某县召开会议\n来源：示范日报 时间：2031-09-03\n会议强调，一要完成改厕，"
                   "12月底前新建公厕30座；二要完善制度。各乡镇要公示结果，加强宣传！\n");
    const struct report *plain = read_text(text);
    str narrow = replaced(replaced(replaced(text, STR("，"), STR(",")), STR("；"), STR(";")),
                          STR("！"), STR("!"));
    struct buf buf = {0};
    str marked = {0};

    (void)state;
    assert_int_equal(plain->task_count, 5);
    same_demands(plain, read_text(narrow));
    same_demands(plain, read_text(replaced(text, STR("："), STR(":"))));
    same_demands(plain, read_text(replaced(text, STR("\n"), STR("\r\n"))));
    same_demands(plain, read_text(replaced(text, STR("\n"), STR("\r"))));
    same_demands(plain, read_text(replaced(text, STR("\n"), STR("\n\n　　"))));
    buf_init(&buf, &arena, TEXT_BYTES_MAX);
    buf_put(&buf, STR("\xEF\xBB\xBF"));
    buf_put(&buf, text);
    assert_true(buf_done(&buf, &marked));
    same_demands(plain, read_text(marked));
}

static void a_text_without_demands_is_a_report_without_tasks(void **state)
{
    static const char *const TEXTS[] = {"要",
                                        "。",
                                        "，，，；；；",
                                        "一要",
                                        "（一）",
                                        "hello world",
                                        "没有标点的一段话也要能读",
                                        "“”",
                                        "一、\n二、\n三、"};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(TEXTS); i++) {
        (void)read_text(str_from(TEXTS[i]));
    }
    assert_int_equal(read_text(STR("今天天气很好"))->task_count, 0);
    assert_int_equal(read_text(STR("各乡镇要。"))->task_count, 0);
    assert_int_equal(read_text(STR("一是要（县局牵头）。"))->task_count, 0);
}

static void refuses(str text, enum rc rc, enum msg_id msg)
{
    struct report *report = NULL;

    err = (struct err){0};
    assert_int_equal(report_read(text, &arena, &report, &err), rc);
    assert_int_equal(err.msg, msg);
    assert_null(report);
}

static void refuses_what_is_no_text(void **state)
{
    (void)state;
    refuses(STR(""), RC_INVALID, MSG_MEETING_EMPTY);
    refuses(STR("\xEF\xBB\xBF \r\n　"), RC_INVALID, MSG_MEETING_EMPTY);
    refuses(STR("会议\xFF"), RC_INVALID, MSG_MEETING_NOT_UTF8);
    refuses(STR("\xCF\xC4\xCF\xD8"), RC_INVALID, MSG_MEETING_NOT_UTF8);
    refuses(STR("PK\x03\x04"), RC_INVALID, MSG_MEETING_NOT_TEXT);
}

/* `piece` again and again, `bytes` of it, after `head`. */
static str many(const char *head, const char *piece, size_t bytes)
{
    struct buf buf = {0};
    str text = {0};

    buf_init(&buf, &arena, TEXT_BYTES_MAX);
    buf_put(&buf, str_from(head));
    while (buf.len < bytes) {
        buf_put(&buf, str_from(piece));
    }
    assert_true(buf_done(&buf, &text));
    return text;
}

static void refuses_what_is_beyond_a_limit(void **state)
{
    size_t most = REPORT_BYTES_MAX - 100;

    (void)state;
    refuses(many("", "完成改厕", REPORT_BYTES_MAX + 1), RC_LIMIT, MSG_MEETING_TOO_LONG);
    refuses(many("会议召开\n会议强调，要", "完成改厕，", most), RC_LIMIT,
            MSG_MEETING_SENTENCE_LONG);
    refuses(many("", "村", most), RC_LIMIT, MSG_MEETING_SENTENCE_LONG);
    refuses(many("会议召开\n", "要在年底前完成改厕。", most), RC_LIMIT, MSG_MEETING_TOO_MANY);
    refuses(many("会议召开\n", "天气很好。\n", most), RC_LIMIT, MSG_MEETING_TOO_MANY);
    refuses(many("", "“（《", most), RC_LIMIT, MSG_MEETING_SENTENCE_LONG);
}

static void refuses_more_persons_than_the_limit(void **state)
{
    struct buf buf = {0};
    str text = {0};
    char name[8] = "王\xE4\xB8\x80"; /* 王 and one character after another */

    (void)state;
    buf_init(&buf, &arena, TEXT_BYTES_MAX);
    buf_put(&buf, STR("会议召开\n"));
    for (int i = 0; i < REPORT_PEOPLE_MAX + 20; i++) {
        name[4] = (char)(0xB8 + i / 64);
        name[5] = (char)(0x80 + i % 64);
        buf_put(&buf, STR("县长"));
        buf_put(&buf, str_from(name));
        buf_put(&buf, STR("出席会议。\n"));
    }
    assert_true(buf_done(&buf, &text));
    refuses(text, RC_LIMIT, MSG_MEETING_TOO_MANY);
}

static void says_where_a_sentence_is_too_long(void **state)
{

    struct buf buf = {0};
    str said = {0};

    (void)state;

    refuses(many("会议召开\n会议很好。", "村", (size_t)REPORT_SENTENCE_BYTES_MAX * 2), RC_LIMIT,
            MSG_MEETING_SENTENCE_LONG);
    buf_init(&buf, &arena, TEXT_BYTES_MAX);
    err_put(&buf, LANG_ZH, &err);
    assert_true(buf_done(&buf, &said));
    assert_true(str_find(said, STR("第 2 段第 2 句")) != STR_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_REPORT(reads_any_line_end_and_width_alike),
        WITH_REPORT(a_text_without_demands_is_a_report_without_tasks),
        WITH_REPORT(refuses_what_is_no_text),
        WITH_REPORT(refuses_what_is_beyond_a_limit),
        WITH_REPORT(refuses_more_persons_than_the_limit),
        WITH_REPORT(says_where_a_sentence_is_too_long),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
