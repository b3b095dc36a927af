/* Commands that take things in: registers and ledgers; and the list of what was taken in. */
#include "office/collect/import.h"
#include "act/cmd.h"
#include "act/load.h"
#include "base/num.h"
#include "format/book/book.h"
#include "format/patch/patch.h"
#include "office/collect/wishes.h"
#include "office/lineage/decide.h"
#include "office/register/register.h"

enum rc cmd_import_list(struct act *act)
{
    struct programme *programme = NULL;
    struct table_sink sink = {0};

    TRY(load_programme(act, &programme));
    TRY(act_sink(act, &sink));
    return batch_table(&act->cx, programme, &sink);
}

/* Of --period, or of all; a unit is looked up on the period's last day, or today. */
static enum rc conflicts_of(struct act *act, struct office *office, struct conflicts_of *out)
{
    date at = date_of(9999, 12, 31);
    int place = 0;

    if (act_has(act, "period")) {
        TRY(act_period(act, "period", &out->period));
        at = period_end(out->period);
    }
    TRY(load_office(act, at, office));
    out->programme = office->programme;
    out->numbers = &office->numbers;
    if (act_has(act, "unit")) {
        TRY(load_unit(act, &office->tree, &place));
        out->within = office->tree.units[place].id;
    }
    return RC_OK;
}

enum rc cmd_import_conflicts(struct act *act)
{
    struct office office;
    struct conflicts_of of = {.programme = NULL};
    struct table_sink sink = {0};

    TRY(conflicts_of(act, &office, &of));
    TRY(act_sink(act, &sink));
    return import_conflicts_table(&act->cx, &of, &sink);
}

enum rc cmd_import_revert(struct act *act)
{
    struct batch target = {0};
    struct batch counter = {0};
    int64_t id = 0;

    if (!num_parse_int(act->operands[0], 1, INT64_MAX, &id)) {
        return err_set(&act->err, RC_INVALID, MSG_ACT_BATCH_NUMBER, arg_text(act->operands[0]));
    }
    TRY(batch_find(&act->cx, id, &target));
    str reason = act_text(act, "reason");
    if (str_equal(target.kind, STR("register"))) {
        TRY(register_revert(&act->cx, id, reason, &counter));
        SAY_LATER(act, MSG_ACT_REVERTED_REGISTER, arg_text(counter.file_name));
        return RC_OK;
    }
    if (str_equal(target.kind, STR("lineage"))) {
        TRY(lineage_revert(&act->cx, id, reason, &counter));
        SAY_LATER(act, MSG_ACT_REVERTED_LINEAGE, arg_text(counter.file_name),
                  arg_count(counter.changed_count));
        return RC_OK;
    }
    TRY(import_revert(&act->cx, id, reason, &counter));
    SAY_LATER(act, MSG_ACT_REVERTED, arg_text(counter.file_name), arg_count(counter.unit_count),
              arg_count(counter.changed_count));
    return RC_OK;
}

static enum rc accept_min(struct act *act, int *out)
{
    int64_t percent = 0;

    *out = REGISTER_ACCEPT_NONE;
    if (act_has(act, "accept")) {
        TRY(act_int(act, "accept", 0, 100, &percent));
        *out = (int)percent * 10;
    }
    return RC_OK;
}

enum rc cmd_import_register(struct act *act)
{
    struct programme *programme = NULL;
    struct register_reader reader;
    struct register_options options = {.file_name = act->operands[0]};
    struct register_result result = {0};
    str bytes = {0};

    TRY(load_programme(act, &programme));
    TRY(act_date(act, "as-of", &options.as_of));
    TRY(accept_min(act, &options.accept_min));
    register_reader_init(&reader, &act->cx, programme);
    struct sheet_reader sheets = register_reader_sheet(&reader);
    TRY(load_sheets(act, options.file_name, &sheets, &bytes));
    TRY(act_begin_write(act, NULL, 0));
    TRY(load_keep(act, options.file_name, bytes, &options.file_hash));
    TRY(register_import(&act->cx, &reader, &options, &result));
    if (result.batch == 0) {
        SAY(act, MSG_ACT_SAME_FILE, arg_text(options.file_name));
        return RC_OK;
    }
    SAY_LATER(act, MSG_ACT_REGISTER_DONE, arg_count(result.unit_count), arg_count(result.created),
              arg_count(result.ended), arg_count(result.going_on), arg_count(result.confirmed),
              arg_count(result.proposed));
    return RC_OK;
}

static enum rc ledger_job_of(struct act *act, const struct office *office, struct ledger_job *out)
{
    *out = (struct ledger_job){
        .tree = &office->tree,
        .programme = office->programme,
        .numbers = &office->numbers,
    };
    out->known_only = act_has(act, "known-only");
    TRY(load_level(act, office->programme, &out->level));
    TRY(load_unit(act, &office->tree, &out->root));
    TRY(load_source(act, office->programme, &out->source));
    return act_period(act, "period", &out->period);
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

static enum rc read_ledger(struct act *act, const struct ledger_job *job, str path,
                           struct ledger *ledger, str *out_bytes)
{
    struct panel panel = {0};

    TRY(ledger_begin(&act->cx, job, ledger));
    struct sheet_reader reader = ledger_reader(ledger);
    TRY(load_sheets(act, path, &reader, out_bytes));
    TRY(ledger_finish(ledger));
    const struct panel_of of = {job->tree, job->programme, job->numbers, job->level,
                                common_place(ledger)};
    TRY(panel_load(&act->cx, &of, job->period, &panel));
    ledger_check(ledger, &panel);
    return RC_OK;
}

static void say_ledger(struct act *act, const struct ledger *ledger, str path)
{
    SAY(act, MSG_ACT_LEDGER_READ, arg_text(path), arg_count(ledger->row_count),
        arg_count(ledger->cell_count));
    if (ledger->outside_count + ledger->total_count > 0) {
        SAY(act, MSG_ACT_LEDGER_SKIPPED, arg_count(ledger->outside_count),
            arg_count(ledger->total_count));
    }
    if (ledger->unknown_count > 0) {
        SAY(act, MSG_ACT_LEDGER_UNKNOWN, arg_count(ledger->unknown_count));
    }
    if (ledger->rounded_count > 0) {
        SAY(act, MSG_ACT_LEDGER_ROUNDED, arg_count(ledger->rounded_count));
    }
    for (int i = 0; i < ledger->ignored_count; i++) {
        SAY(act, MSG_ACT_LEDGER_IGNORED, arg_text(ledger->ignored[i]));
    }
    if (ledger->errors + ledger->warnings > 0) {
        SAY(act, MSG_ACT_LEDGER_MARKS, arg_count(ledger->errors), arg_count(ledger->warnings));
    }
}

static enum rc write_ledger(struct act *act, const struct ledger *ledger,
                            const struct change_list *list, str path, str bytes)
{
    struct batch batch = {.file_name = path};

    if (list->count + list->conflict_count > 0) {
        TRY(load_keep(act, path, bytes, &batch.file));
    }
    TRY(import_write(ledger, list, &batch));
    if (batch.id == 0) {
        SAY(act, MSG_ACT_SAME_FILE, arg_text(path));
        return RC_OK;
    }
    SAY_LATER(act, MSG_ACT_LEDGER_DONE, arg_count(batch.unit_count), arg_count(batch.changed_count),
              arg_count(list->conflict_count), arg_number(batch.id));
    return RC_OK;
}

/* What is to be mended; notes are not. */
static const struct mark *marks_of(struct act *act, const struct ledger *ledger, size_t *out_count)
{
    struct mark *marks = ARENA_NEW(&act->out_arena, struct mark, (size_t)ledger->mark_count);

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
static enum rc write_list(struct act *act, const struct mark *marks, size_t count, str path)
{
    struct book *book = NULL;
    struct spool *spool = act_spool(act);
    const struct book_options options = {.created_ms = act->cx.now_ms, .scratch = act->scratch};

    TRY(book_open(&act->out_arena, &options, &act->err, &book));
    enum rc rc = mark_list(marks, count, act->cx.lang, book_sink(book));
    if (rc != RC_OK) {
        book_abandon(book);
        return rc;
    }
    TRY(book_close(book, spool_sink(spool)));
    return act_write(act, path, spool);
}

/* The sender's own workbook with its cells marked. */
static enum rc write_marked(struct act *act, const struct ledger *ledger, str bytes)
{
    str path = act_text(act, "errors");
    struct spool *spool = act_spool(act);
    const struct mark_options options = {
        .author = STR("wancun"), .lang = act->cx.lang, .limits = &SHEET_LIMITS};

    if (path.len == 0 || ledger->errors + ledger->warnings == 0) {
        return RC_OK;
    }
    size_t count = 0;
    const struct mark *marks = marks_of(act, ledger, &count);
    enum rc rc = mark_book(bytes, marks, count, &options, spool_sink(spool), &act->err);
    if (rc == RC_INVALID) {
        err_clear(&act->err);
        TRY(write_list(act, marks, count, path));
    } else {
        TRY(rc);
        TRY(act_write(act, path, spool));
    }
    SAY(act, MSG_ACT_WROTE, arg_text(path));
    return RC_OK;
}

static enum rc show_marks(struct act *act, const struct ledger *ledger)
{
    struct table_sink sink = {0};

    if (ledger->mark_count == 0) {
        return RC_OK;
    }
    TRY(act_sink(act, &sink));
    return ledger_marks_table(ledger, &sink);
}

static enum rc show_changes(struct act *act, const struct ledger *ledger,
                            const struct change_list *list)
{
    struct table_sink sink = {0};

    TRY(act_sink(act, &sink));
    return import_changes_table(ledger, list, &sink);
}

static enum rc import_one(struct act *act, const struct ledger_job *job, str path)
{
    struct arena_mark mark = arena_mark(&act->arena);
    struct ledger ledger;
    struct change_list list = {0};
    str bytes = {0};

    TRY(read_ledger(act, job, path, &ledger, &bytes));
    say_ledger(act, &ledger, path);
    TRY(show_marks(act, &ledger));
    TRY(write_marked(act, &ledger, bytes));
    if (ledger.errors > 0) {
        return err_set(&act->err, RC_INVALID, MSG_COLLECT_HAS_ERRORS, arg_count(ledger.errors),
                       arg_text(path));
    }
    TRY(import_compare(&ledger, &list));
    if (act_has(act, "dry-run")) {
        return show_changes(act, &ledger, &list);
    }
    TRY(act_begin_write(act, job->tree, common_place(&ledger)));
    TRY(write_ledger(act, &ledger, &list, path, bytes));
    arena_rewind(&act->arena, mark);
    return RC_OK;
}

enum rc cmd_import_ledger(struct act *act)
{
    struct office office;
    struct ledger_job job;
    struct period period = {0};

    TRY(act_period(act, "period", &period));
    TRY(load_office(act, period_end(period), &office));
    TRY(ledger_job_of(act, &office, &job));
    for (int i = 0; i < act->operand_count; i++) {
        TRY(cx_progress(&act->cx, MSG_ACT_PROGRESS_LEDGERS, i, act->operand_count));
        TRY(import_one(act, &job, act->operands[i]));
    }
    return RC_OK;
}

enum rc cmd_import_wishes(struct act *act)
{
    struct programme *programme = NULL;
    struct unit_tree tree;
    struct wish_reader reader;
    struct batch batch = {.file_name = act->operands[0]};
    str bytes = {0};

    TRY(load_programme(act, &programme));
    TRY(unit_tree_load(&act->cx, programme,
                       date_of_moment(act->cx.now_ms, programme->offset_minutes), &tree));
    wish_reader_init(&reader, &act->cx, &tree);
    struct sheet_reader sheets = wish_reader_sheet(&reader);
    TRY(load_sheets(act, batch.file_name, &sheets, &bytes));
    TRY(act_begin_write(act, NULL, 0));
    TRY(load_keep(act, batch.file_name, bytes, &batch.file));
    TRY(wishes_import(&reader, &batch));
    SAY_LATER(act, MSG_ACT_WISHES_DONE, arg_count(batch.value_count), arg_number(batch.id));
    return RC_OK;
}
