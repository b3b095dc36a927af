/* Commands about notices and objections. */
#include "office/notice/notice.h"

#include "act/cmd.h"
#include "act/load.h"
#include "base/num.h"

static enum rc number_of(struct act *act, int64_t *out)
{
    str text = act->operands[0];

    if (!num_parse_int(text, 1, INT64_MAX, out)) {
        return err_set(&act->err, RC_INVALID, MSG_ACT_RUN_NUMBER, arg_text(text));
    }
    return RC_OK;
}

static enum rc load_today(struct act *act, struct programme **out_programme, date *out)
{
    TRY(load_programme(act, out_programme));
    *out = date_of_moment(act->cx.now_ms, (*out_programme)->offset_minutes);
    return RC_OK;
}

enum rc cmd_notice_open(struct act *act)
{
    struct programme *programme = NULL;
    struct notice notice = {.place = act_text(act, "place")};

    TRY(number_of(act, &notice.run));
    TRY(load_today(act, &programme, &notice.from));
    if (act_has(act, "from")) {
        TRY(act_date(act, "from", &notice.from));
    }
    TRY(act_date(act, "to", &notice.to));
    TRY(notice_open(&act->cx, &notice));
    SAY_LATER(act, MSG_ACT_NOTICED, arg_number(notice.id));
    return RC_OK;
}

enum rc cmd_notice_close(struct act *act)
{
    struct programme *programme = NULL;
    date today = {0};
    int64_t id = 0;

    TRY(number_of(act, &id));
    TRY(load_today(act, &programme, &today));
    TRY(notice_close(&act->cx, id, today));
    SAY_LATER(act, MSG_ACT_NOTICE_CLOSED, arg_number(id));
    return RC_OK;
}

enum rc cmd_notice_list(struct act *act)
{
    struct table_sink sink = {0};

    TRY(act_sink(act, &sink));
    return notice_table(&act->cx, &sink);
}

enum rc cmd_appeal_add(struct act *act)
{
    struct programme *programme = NULL;
    struct unit_tree tree;
    struct appeal appeal = {
        .who = act_text(act, "who"),
        .text = act_text(act, "text"),
        .ground = act_text(act, "ground"),
    };
    date today = {0};
    int place = NONE;

    TRY(number_of(act, &appeal.notice));
    TRY(load_today(act, &programme, &today));
    TRY(unit_tree_load(&act->cx, programme, today, &tree));
    TRY(load_code(act, &tree, act->operands[1], &place));
    appeal.unit = tree.units[place].id;
    appeal.home = tree.units[tree.units[place].home].id;
    TRY(appeal_add(&act->cx, &appeal, today));
    SAY_LATER(act, MSG_ACT_APPEALED, arg_number(appeal.id));
    return RC_OK;
}

enum rc cmd_appeal_answer(struct act *act)
{
    struct programme *programme = NULL;
    struct unit_tree tree;
    bool is_upheld = str_equal(act->operands[2], STR("upheld"));
    date today = {0};
    int64_t id = 0;
    int place = NONE;

    TRY(number_of(act, &id));
    if (!is_upheld && !str_equal(act->operands[2], STR("dismissed"))) {
        return err_set(&act->err, RC_INVALID, MSG_ACT_ANSWER_WORD, arg_text(act->operands[2]));
    }
    TRY(load_today(act, &programme, &today));
    TRY(unit_tree_load(&act->cx, programme, today, &tree));
    TRY(load_code(act, &tree, act->operands[1], &place));
    struct unit_id home = tree.units[tree.units[place].home].id;
    TRY(appeal_answer(&act->cx, home, id, is_upheld, act_text(act, "reason")));
    SAY_LATER(act, MSG_ACT_ANSWERED, arg_number(id));
    return RC_OK;
}

enum rc cmd_appeal_list(struct act *act)
{
    struct programme *programme = NULL;
    struct unit_tree tree;
    struct table_sink sink = {0};
    date today = {0};
    int64_t id = 0;

    TRY(number_of(act, &id));
    TRY(load_today(act, &programme, &today));
    TRY(unit_tree_load(&act->cx, programme, today, &tree));
    TRY(act_sink(act, &sink));
    return appeal_table(&act->cx, &tree, id, &sink);
}
