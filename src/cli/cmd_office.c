/* Commands about the office itself: help, doctor. */
#include "cli/cmd.h"
#include "cli/help.h"
#include "cli/output.h"
#include "office/audit/audit.h"
#include "office/file/batch.h"
#include "office/indicator/value.h"

enum rc cmd_help(struct session *session)
{
    str topic = session->operands[0];
    struct buf page;
    str text = {0};

    buf_init(&page, &session->arena, 4 * ARENA_MIB);
    if (str_equal(topic, STR("man"))) {
        help_put_man(&page, session->cx.lang);
    } else if (str_equal(topic, STR("completion"))) {
        help_put_completion(&page);
    } else if (str_equal(topic, STR("page"))) {
        help_put_page(&page, session->cx.lang);
    } else {
        return err_set(&session->err, RC_INVALID, MSG_CLI_HELP_TOPIC, arg_text(topic));
    }
    MUST(buf_done(&page, &text));
    struct byte_sink out = output_stdout(&session->err);
    return out.take(out.self, text);
}

/* What doctor looks at, in order; each answers RC_OK or says what is wrong. */
static enum rc check_database(struct session *session)
{
    return db_check(session->cx.db, &session->err);
}

static enum rc check_trace(struct session *session)
{
    return event_check_all(&session->cx);
}

static enum rc check_file(void *self, struct hash hash)
{
    struct session *session = self;
    struct arena_mark mark = arena_mark(&session->arena);
    str bytes = {0};

    TRY(home_read_file(session->home, hash, &session->arena, &bytes, &session->err));
    arena_rewind(&session->arena, mark);
    return RC_OK;
}

static enum rc check_files(struct session *session)
{
    return file_each(&session->cx, check_file, session);
}

static enum rc check_values(struct session *session)
{
    return value_check(&session->cx);
}

static const struct {
    enum msg_id what;
    enum rc (*check)(struct session *session);
} CHECKS[] = {
    {MSG_CLI_DOCTOR_DATABASE, check_database},
    {MSG_CLI_DOCTOR_TRACE, check_trace},
    {MSG_CLI_DOCTOR_FILES, check_files},
    {MSG_CLI_DOCTOR_VALUES, check_values},
};

static const struct column_row DOCTOR_COLUMNS[] = {
    {STR_INIT("check"), MSG_CLI_DOCTOR_CHECK, 40, false},
    {STR_INIT("answer"), MSG_CLI_DOCTOR_ANSWER, 20, false},
};

/* One row a check; the first failure is the command's outcome. */
static enum rc put_checks(struct session *session, const struct table_sink *sink)
{
    enum lang lang = session->cx.lang;
    enum rc first = RC_OK;

    for (size_t i = 0; i < COUNT_OF(CHECKS); i++) {
        enum rc rc = CHECKS[i].check(session);
        bool is_well = rc == RC_OK;
        const struct out row[] = {
            out_text(msg_text(lang, CHECKS[i].what)),
            out_text(msg_text(lang, is_well ? MSG_CLI_DOCTOR_WELL : MSG_CLI_DOCTOR_ILL)),
        };
        first = first == RC_OK ? rc : first;
        TRY(sink->row(sink->self, row));
    }
    return first;
}

enum rc cmd_doctor(struct session *session)
{
    enum lang lang = session->cx.lang;
    struct table_sink sink = {0};
    const struct table table = {
        .name = STR("doctor"),
        .title = msg_text(lang, MSG_CLI_DOCTOR_TITLE),
        .columns = columns_in(lang, DOCTOR_COLUMNS, COUNT_OF(DOCTOR_COLUMNS), &session->arena),
        .column_count = COUNT_OF(DOCTOR_COLUMNS),
    };

    TRY(session_sink(session, &sink));
    TRY(sink.begin(sink.self, &table));
    enum rc first = put_checks(session, &sink);
    TRY(sink.end(sink.self));
    return first;
}
