/* Commands about the office itself: help, doctor. */
#include "cli/cmd.h"
#include "cli/help.h"
#include "cli/load.h"
#include "cli/output.h"
#include "office/audit/audit.h"
#include "office/file/batch.h"
#include "office/indicator/value.h"
#include "office/lineage/lineage.h"
#include "office/register/register.h"

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

static enum rc check_told(struct session *session)
{
    return value_check_told(&session->cx);
}

static enum rc check_units(struct session *session)
{
    return unit_check(&session->cx);
}

static enum rc check_lineage(struct session *session)
{
    return lineage_check(&session->cx);
}

struct checking {
    struct session *session;
    struct programme *programme;
};

static enum rc check_register(void *self, const struct register_file *file)
{
    const struct checking *in = self;
    struct session *session = in->session;
    struct arena_mark mark = arena_mark(&session->arena);
    struct register_reader reader;
    str bytes = {0};

    register_reader_init(&reader, &session->cx, in->programme);
    struct sheet_reader sheets = register_reader_sheet(&reader);
    TRY(home_read_file(session->home, file->hash, &session->arena, &bytes, &session->err));
    TRY(load_bytes(session, file->name, bytes, &sheets));
    TRY(register_check(&session->cx, &reader, file->as_of));
    arena_rewind(&session->arena, mark);
    return RC_OK;
}

static enum rc check_registers(struct session *session)
{
    struct checking in = {.session = session};

    TRY(load_programme(session, &in.programme));
    return register_each(&session->cx, check_register, &in);
}

static const struct {
    enum msg_id what;
    enum rc (*check)(struct session *session);
} CHECKS[] = {
    {MSG_CLI_DOCTOR_DATABASE, check_database},   {MSG_CLI_DOCTOR_TRACE, check_trace},
    {MSG_CLI_DOCTOR_FILES, check_files},         {MSG_CLI_DOCTOR_VALUES, check_values},
    {MSG_CLI_DOCTOR_TOLD, check_told},           {MSG_CLI_DOCTOR_UNITS, check_units},
    {MSG_CLI_DOCTOR_REGISTERS, check_registers}, {MSG_CLI_DOCTOR_LINEAGE, check_lineage},
};

static const struct column_row DOCTOR_COLUMNS[] = {
    {STR_INIT("check"), MSG_CLI_DOCTOR_CHECK, 40, false},
    {STR_INIT("answer"), MSG_CLI_DOCTOR_ANSWER, 10, false},
    {STR_INIT("where"), MSG_CLI_DOCTOR_WHERE, 60, false},
};

/* What a failed check says, forgotten as an error so that the others are made, too. */
static str take_words(struct session *session)
{
    struct buf buf;
    str text = {0};

    buf_init(&buf, &session->arena, 1 << 16);
    err_put(&buf, session->cx.lang, &session->err);
    MUST(buf_done(&buf, &text));
    err_clear(&session->err);
    return text;
}

/* One row a check, with where it failed; answers how many did. */
static enum rc put_checks(struct session *session, const struct table_sink *sink, int *out_ill)
{
    enum lang lang = session->cx.lang;

    *out_ill = 0;
    for (size_t i = 0; i < COUNT_OF(CHECKS); i++) {
        bool is_well = CHECKS[i].check(session) == RC_OK;
        str answer = msg_text(lang, is_well ? MSG_CLI_DOCTOR_WELL : MSG_CLI_DOCTOR_ILL);
        const struct out row[] = {
            out_text(msg_text(lang, CHECKS[i].what)),
            out_named(is_well ? STR("well") : STR("ill"), answer),
            out_text(is_well ? STR("") : take_words(session)),
        };
        *out_ill += is_well ? 0 : 1;
        TRY(sink->row(sink->self, row));
    }
    return RC_OK;
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
    int ill = 0;

    TRY(session_sink(session, &sink));
    TRY(sink.begin(sink.self, &table));
    TRY(put_checks(session, &sink, &ill));
    TRY(sink.end(sink.self));
    return ill == 0 ? RC_OK
                    : err_set(&session->err, RC_CONFLICT, MSG_CLI_DOCTOR_FOUND, arg_count(ill));
}
