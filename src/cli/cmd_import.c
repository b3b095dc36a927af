/* Commands that take things in: registers and ledgers; and the list of what was taken in. */
#include "base/num.h"
#include "cli/cmd.h"
#include "cli/load.h"
#include "cli/output.h"
#include "format/book/book.h"
#include "format/patch/patch.h"
#include "office/collect/import.h"
#include "office/collect/wishes.h"
#include "office/lineage/decide.h"
#include "office/register/register.h"

enum rc cmd_import_list(struct session *session)
{
    struct programme *programme = NULL;
    struct table_sink sink = {0};

    TRY(load_programme(session, &programme));
    TRY(session_sink(session, &sink));
    return batch_table(&session->cx, programme, &sink);
}

/* Of --period, or of all; a unit is looked up on the period's last day, or today. */
static enum rc conflicts_of(struct session *session, struct office *office,
                            struct conflicts_of *out)
{
    date at = date_of(9999, 12, 31);
    int place = 0;

    if (session_has(session, "period")) {
        TRY(session_period(session, "period", &out->period));
        at = period_end(out->period);
    }
    TRY(load_office(session, at, office));
    TRY(load_unit(session, &office->tree, &place));
    out->programme = office->programme;
    out->numbers = &office->numbers;
    out->within = session_has(session, "unit") ? office->tree.units[place].id : out->within;
    return RC_OK;
}

enum rc cmd_import_conflicts(struct session *session)
{
    struct office office;
    struct conflicts_of of = {.programme = NULL};
    struct table_sink sink = {0};

    TRY(conflicts_of(session, &office, &of));
    TRY(session_sink(session, &sink));
    return import_conflicts_table(&session->cx, &of, &sink);
}

enum rc cmd_import_revert(struct session *session)
{
    struct batch target = {0};
    struct batch counter = {0};
    int64_t id = 0;

    if (!num_parse_int(session->operands[0], 1, INT64_MAX, &id)) {
        return err_set(&session->err, RC_INVALID, MSG_CLI_BATCH_NUMBER,
                       arg_text(session->operands[0]));
    }
    TRY(batch_load(&session->cx, id, &target));
    str reason = session_text(session, "reason");
    if (str_equal(target.kind, STR("register"))) {
        TRY(register_revert(&session->cx, id, reason, &counter));
        SAY_LATER(session, MSG_CLI_REVERTED_REGISTER, arg_text(counter.file_name));
        return RC_OK;
    }
    if (str_equal(target.kind, STR("lineage"))) {
        TRY(lineage_revert(&session->cx, id, reason, &counter));
        SAY_LATER(session, MSG_CLI_REVERTED_LINEAGE, arg_text(counter.file_name),
                  arg_count(counter.changed_count));
        return RC_OK;
    }
    TRY(import_revert(&session->cx, id, reason, &counter));
    SAY_LATER(session, MSG_CLI_REVERTED, arg_text(counter.file_name), arg_count(counter.unit_count),
              arg_count(counter.changed_count));
    return RC_OK;
}

static enum rc accept_min(struct session *session, int *out)
{
    int64_t percent = 0;

    *out = REGISTER_ACCEPT_NONE;
    if (session_has(session, "accept")) {
        TRY(session_int(session, "accept", 0, 100, &percent));
        *out = (int)percent * 10;
    }
    return RC_OK;
}

enum rc cmd_import_register(struct session *session)
{
    struct programme *programme = NULL;
    struct register_reader reader;
    struct register_options options = {.file_name = session->operands[0]};
    struct register_result result = {0};
    str bytes = {0};

    TRY(load_programme(session, &programme));
    TRY(session_date(session, "as-of", &options.as_of));
    TRY(accept_min(session, &options.accept_min));
    register_reader_init(&reader, &session->cx, programme);
    struct sheet_reader sheets = register_reader_sheet(&reader);
    TRY(load_sheets(session, options.file_name, &sheets, &bytes));
    TRY(load_keep(session, options.file_name, bytes, &options.file_hash));
    TRY(register_import(&session->cx, &reader, &options, &result));
    if (result.batch == 0) {
        SAY(session, MSG_CLI_SAME_FILE, arg_text(options.file_name));
        return RC_OK;
    }
    SAY_LATER(session, MSG_CLI_REGISTER_DONE, arg_count(result.unit_count),
              arg_count(result.created), arg_count(result.ended), arg_count(result.going_on),
              arg_count(result.confirmed), arg_count(result.proposed));
    return RC_OK;
}

static enum rc ledger_job_of(struct session *session, const struct office *office,
                             struct ledger_job *out)
{
    *out = (struct ledger_job){
        .tree = &office->tree,
        .programme = office->programme,
        .numbers = &office->numbers,
    };
    out->known_only = session_has(session, "known-only");
    TRY(load_level(session, office->programme, &out->level));
    TRY(load_unit(session, &office->tree, &out->root));
    TRY(load_source(session, office->programme, &out->source));
    return session_period(session, "period", &out->period);
}

/* The lowest unit that all rows of the ledger lie in: only its values need to be looked at. */
static int common_place(const struct ledger *ledger)
{
    const struct unit *units = ledger->job.tree->units;
    int within = ledger->row_count == 0 ? 0 : units[ledger->rows[0].place].parent;

    for (int i = 0; i < ledger->row_count; i++) {
        while (within > 0 &&
               (ledger->rows[i].place < within || ledger->rows[i].place >= units[within].end)) {
            within = units[within].parent;
        }
    }
    return within == NONE ? 0 : within;
}

static enum rc read_ledger(struct session *session, const struct ledger_job *job, str path,
                           struct ledger *ledger, str *out_bytes)
{
    struct panel panel = {0};

    TRY(ledger_begin(&session->cx, job, ledger));
    struct sheet_reader reader = ledger_reader(ledger);
    TRY(load_sheets(session, path, &reader, out_bytes));
    TRY(ledger_finish(ledger));
    const struct panel_of of = {job->tree, job->programme, job->numbers, job->level,
                                common_place(ledger)};
    TRY(panel_load(&session->cx, &of, job->period, &panel));
    ledger_check(ledger, &panel);
    return RC_OK;
}

static void say_ledger(struct session *session, const struct ledger *ledger, str path)
{
    SAY(session, MSG_CLI_LEDGER_READ, arg_text(path), arg_count(ledger->row_count),
        arg_count(ledger->cell_count));
    if (ledger->outside_count + ledger->total_count > 0) {
        SAY(session, MSG_CLI_LEDGER_SKIPPED, arg_count(ledger->outside_count),
            arg_count(ledger->total_count));
    }
    if (ledger->unknown_count > 0) {
        SAY(session, MSG_CLI_LEDGER_UNKNOWN, arg_count(ledger->unknown_count));
    }
    if (ledger->rounded_count > 0) {
        SAY(session, MSG_CLI_LEDGER_ROUNDED, arg_count(ledger->rounded_count));
    }
    for (int i = 0; i < ledger->ignored_count; i++) {
        SAY(session, MSG_CLI_LEDGER_IGNORED, arg_text(ledger->ignored[i]));
    }
    if (ledger->errors + ledger->warnings > 0) {
        SAY(session, MSG_CLI_LEDGER_MARKS, arg_count(ledger->errors), arg_count(ledger->warnings));
    }
}

static enum rc write_ledger(struct session *session, const struct ledger *ledger,
                            const struct change_list *list, str path, str bytes)
{
    struct batch batch = {.file_name = path};

    if (list->count + list->conflict_count > 0) {
        TRY(load_keep(session, path, bytes, &batch.file));
    }
    TRY(import_write(ledger, list, &batch));
    if (batch.id == 0) {
        SAY(session, MSG_CLI_SAME_FILE, arg_text(path));
        return RC_OK;
    }
    SAY_LATER(session, MSG_CLI_LEDGER_DONE, arg_count(batch.unit_count),
              arg_count(batch.changed_count), arg_count(list->conflict_count),
              arg_number(batch.id));
    return RC_OK;
}

/* What is to be mended; notes are not. */
static const struct mark *marks_of(struct session *session, const struct ledger *ledger,
                                   size_t *out_count)
{
    struct mark *marks = ARENA_NEW(&session->out_arena, struct mark, (size_t)ledger->mark_count);

    *out_count = 0;
    for (int i = 0; i < ledger->mark_count; i++) {
        const struct remark *remark = &ledger->marks[i];
        if (remark->severity == SEVERITY_NOTE) {
            continue;
        }
        marks[(*out_count)++] = (struct mark){
            .sheet = remark->sheet,
            .sheet_name = remark->sheet_name,
            .row = remark->row,
            .column = remark->column,
            .severity = remark->severity == SEVERITY_ERROR ? MARK_ERROR : MARK_WARNING,
            .value = remark->cell,
            .text = remark->says,
        };
    }
    return marks;
}

/* A file that cannot be marked in itself comes back as a list. */
static enum rc write_list(struct session *session, const struct mark *marks, size_t count, str path)
{
    struct book *book = NULL;
    struct gathered *gathered = gathered_new(&session->out_arena, &session->err);
    const struct book_options options = {.created_ms = session->cx.now_ms};

    TRY(book_open(&session->out_arena, &options, &session->err, &book));
    enum rc rc = mark_list(marks, count, session->cx.lang, book_sink(book));
    if (rc != RC_OK) {
        book_abandon(book);
        return rc;
    }
    TRY(book_close(book, gathered_sink(gathered)));
    return session_write(session, path, gathered_bytes(gathered));
}

/* The sender's own workbook with its cells marked. */
static enum rc write_marked(struct session *session, const struct ledger *ledger, str bytes)
{
    str path = session_text(session, "errors");
    struct gathered *gathered = gathered_new(&session->out_arena, &session->err);
    const struct mark_options options = {
        .author = STR("wancun"), .lang = session->cx.lang, .limits = &SHEET_LIMITS};

    if (path.len == 0 || ledger->errors + ledger->warnings == 0) {
        return RC_OK;
    }
    size_t count = 0;
    const struct mark *marks = marks_of(session, ledger, &count);
    enum rc rc = mark_book(bytes, marks, count, &options, gathered_sink(gathered), &session->err);
    if (rc == RC_INVALID) {
        err_clear(&session->err);
        TRY(write_list(session, marks, count, path));
    } else {
        TRY(rc);
        TRY(session_write(session, path, gathered_bytes(gathered)));
    }
    SAY(session, MSG_CLI_WROTE, arg_text(path));
    return RC_OK;
}

static enum rc show_marks(struct session *session, const struct ledger *ledger)
{
    struct table_sink sink = {0};

    if (ledger->mark_count == 0) {
        return RC_OK;
    }
    TRY(session_sink(session, &sink));
    return ledger_marks_table(ledger, &sink);
}

static enum rc show_changes(struct session *session, const struct ledger *ledger,
                            const struct change_list *list)
{
    struct table_sink sink = {0};

    TRY(session_sink(session, &sink));
    return import_changes_table(ledger, list, &sink);
}

static enum rc import_one(struct session *session, const struct ledger_job *job, str path)
{
    struct arena_mark mark = arena_mark(&session->arena);
    struct ledger ledger;
    struct change_list list = {0};
    str bytes = {0};

    TRY(read_ledger(session, job, path, &ledger, &bytes));
    say_ledger(session, &ledger, path);
    TRY(show_marks(session, &ledger));
    TRY(write_marked(session, &ledger, bytes));
    if (ledger.errors > 0) {
        return err_set(&session->err, RC_INVALID, MSG_COLLECT_HAS_ERRORS, arg_count(ledger.errors),
                       arg_text(path));
    }
    TRY(import_compare(&ledger, &list));
    if (session_has(session, "dry-run")) {
        return show_changes(session, &ledger, &list);
    }
    TRY(write_ledger(session, &ledger, &list, path, bytes));
    arena_rewind(&session->arena, mark);
    return RC_OK;
}

enum rc cmd_import_ledger(struct session *session)
{
    struct office office;
    struct ledger_job job;
    struct period period = {0};

    TRY(session_period(session, "period", &period));
    TRY(load_office(session, period_end(period), &office));
    TRY(ledger_job_of(session, &office, &job));
    for (int i = 0; i < session->operand_count; i++) {
        cx_progress(&session->cx, MSG_CLI_PROGRESS_LEDGERS, i, session->operand_count);
        TRY(import_one(session, &job, session->operands[i]));
    }
    return RC_OK;
}

enum rc cmd_import_wishes(struct session *session)
{
    struct programme *programme = NULL;
    struct unit_tree tree;
    struct wish_reader reader;
    struct batch batch = {.file_name = session->operands[0]};
    str bytes = {0};

    TRY(load_programme(session, &programme));
    TRY(unit_tree_load(&session->cx, programme,
                       date_of_moment(session->cx.now_ms, programme->offset_minutes), &tree));
    wish_reader_init(&reader, &session->cx, &tree);
    struct sheet_reader sheets = wish_reader_sheet(&reader);
    TRY(load_sheets(session, batch.file_name, &sheets, &bytes));
    TRY(load_keep(session, batch.file_name, bytes, &batch.file));
    TRY(wishes_import(&reader, &batch));
    SAY_LATER(session, MSG_CLI_WISHES_DONE, arg_count(batch.value_count), arg_number(batch.id));
    return RC_OK;
}
