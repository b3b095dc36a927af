/* doctor: is the data directory whole? */
#include "act/cmd.h"
#include "act/load.h"
#include "office/audit/audit.h"
#include "office/file/batch.h"
#include "office/indicator/value.h"
#include "office/lineage/lineage.h"
#include "office/register/register.h"

/* What doctor looks at, in order; each answers RC_OK or says what is wrong. */
static enum rc check_database(struct act *act)
{
    return db_check(act->cx.db, &act->err);
}

static enum rc check_trace(struct act *act)
{
    return event_check_all(&act->cx);
}

static enum rc check_file(void *self, struct hash hash)
{
    struct act *act = self;
    struct file_map map = {0};

    TRY(home_map_file(act->home, hash, &map, &act->err));
    file_unmap(&map);
    return RC_OK;
}

static enum rc check_files(struct act *act)
{
    return file_each(&act->cx, check_file, act);
}

static enum rc check_values(struct act *act)
{
    return value_check(&act->cx);
}

static enum rc check_told(struct act *act)
{
    return value_check_told(&act->cx);
}

static enum rc check_units(struct act *act)
{
    return unit_check(&act->cx);
}

static enum rc check_lineage(struct act *act)
{
    return lineage_check(&act->cx);
}

struct checking {
    struct act *act;
    struct programme *programme;
};

static enum rc check_register(void *self, const struct register_file *file)
{
    const struct checking *in = self;
    struct act *act = in->act;
    struct arena_mark mark = arena_mark(&act->arena);
    struct register_reader reader;
    struct file_map map = {0};

    register_reader_init(&reader, &act->cx, in->programme);
    struct sheet_reader sheets = register_reader_sheet(&reader);
    TRY(home_map_file(act->home, file->hash, &map, &act->err));
    enum rc rc = load_bytes(act, file->name, file_map_bytes(&map), &sheets);
    file_unmap(&map);
    TRY(rc);
    TRY(register_check(&act->cx, &reader, file->as_of));
    arena_rewind(&act->arena, mark);
    return RC_OK;
}

static enum rc check_registers(struct act *act)
{
    struct checking in = {.act = act};

    TRY(load_programme(act, &in.programme));
    return register_each(&act->cx, check_register, &in);
}

static const struct {
    enum msg_id what;
    enum rc (*check)(struct act *act);
} CHECKS[] = {
    {MSG_ACT_DOCTOR_DATABASE, check_database},   {MSG_ACT_DOCTOR_TRACE, check_trace},
    {MSG_ACT_DOCTOR_FILES, check_files},         {MSG_ACT_DOCTOR_VALUES, check_values},
    {MSG_ACT_DOCTOR_TOLD, check_told},           {MSG_ACT_DOCTOR_UNITS, check_units},
    {MSG_ACT_DOCTOR_REGISTERS, check_registers}, {MSG_ACT_DOCTOR_LINEAGE, check_lineage},
};

static const struct column_row DOCTOR_COLUMNS[] = {
    {STR_INIT("check"), MSG_ACT_DOCTOR_CHECK, 40, false},
    {STR_INIT("answer"), MSG_ACT_DOCTOR_ANSWER, 10, false},
    {STR_INIT("where"), MSG_ACT_DOCTOR_WHERE, 60, false},
};

struct answers {
    struct act *act;
    struct table_sink sink;
    int ill;
};

/* A failure in words, forgotten as an error so that the other checks are made, too. */
static str words_of(struct act *act, const struct err *wrong)
{
    struct buf buf;
    str text = {0};

    buf_init(&buf, &act->arena, 1 << 16);
    err_put(&buf, act->cx.lang, wrong);
    MUST(buf_done(&buf, &text));
    err_clear(&act->err);
    return text;
}

static enum rc put_answer(struct answers *to, enum msg_id what, bool is_well, str details)
{
    enum lang lang = to->act->cx.lang;
    str answer = msg_text(lang, is_well ? MSG_ACT_DOCTOR_WELL : MSG_ACT_DOCTOR_ILL);
    const struct out row[] = {
        out_text(msg_text(lang, what)),
        out_named(is_well ? STR("well") : STR("ill"), answer),
        out_text(details),
    };

    to->ill += is_well ? 0 : 1;
    return to->sink.row(to->sink.self, row);
}

static enum rc put_checks(struct answers *to)
{
    for (size_t i = 0; i < COUNT_OF(CHECKS); i++) {
        bool is_well = CHECKS[i].check(to->act) == RC_OK;
        TRY(put_answer(to, CHECKS[i].what, is_well,
                       is_well ? STR("") : words_of(to->act, &to->act->err)));
    }
    return RC_OK;
}

static enum rc put_fact(void *self, enum msg_id what, str value, const struct err *wrong)
{
    struct answers *to = self;

    return put_answer(to, what, wrong == NULL, wrong == NULL ? value : words_of(to->act, wrong));
}

/* The engine and how it is set up; an engine that cannot be asked is ill. */
static enum rc put_facts(struct answers *to)
{
    struct err *err = &to->act->err;

    return db_facts(to->act->cx.db, put_fact, to, err) == RC_OK
               ? RC_OK
               : put_answer(to, MSG_STORE_FACT_ENGINE, false, words_of(to->act, err));
}

enum rc cmd_doctor(struct act *act)
{
    enum lang lang = act->cx.lang;
    struct answers to = {.act = act};
    const struct table table = {
        .name = STR("doctor"),
        .title = msg_text(lang, MSG_ACT_DOCTOR_TITLE),
        .columns = columns_in(lang, DOCTOR_COLUMNS, COUNT_OF(DOCTOR_COLUMNS), &act->arena),
        .column_count = COUNT_OF(DOCTOR_COLUMNS),
    };

    TRY(act_sink(act, &to.sink));
    TRY(to.sink.begin(to.sink.self, &table));
    TRY(put_checks(&to));
    TRY(put_facts(&to));
    TRY(to.sink.end(to.sink.self));
    return to.ill == 0 ? RC_OK
                       : err_set(&act->err, RC_CONFLICT, MSG_ACT_DOCTOR_FOUND, arg_count(to.ill));
}
