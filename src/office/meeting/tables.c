/* A report on its way out: its facts, its tasks, what was left out. */
#include "office/meeting/meeting_in.h"

enum { CELL_BYTES_MAX = 256 * 1024, TASK_COLUMNS = 14, LEFT_COLUMNS = 6, FACT_COLUMNS = 3 };

/* A word with a name for programs. */
struct name {
    str key;
    enum msg_id text;
};

static const struct name KINDS[] = {
    [TASK_DEMAND] = {STR_INIT("demand"), MSG_MEETING_KIND_DEMAND},
    [TASK_TARGET] = {STR_INIT("target"), MSG_MEETING_KIND_TARGET},
    [TASK_PRINCIPLE] = {STR_INIT("principle"), MSG_MEETING_KIND_PRINCIPLE},
    [TASK_MECHANISM] = {STR_INIT("mechanism"), MSG_MEETING_KIND_MECHANISM},
};

static const struct name WHYS[LEFT_WHY_COUNT] = {
    [LEFT_STUDY] = {STR_INIT("study"), MSG_MEETING_WHY_STUDY},
    [LEFT_MANNER] = {STR_INIT("manner"), MSG_MEETING_WHY_MANNER},
    [LEFT_RESULT] = {STR_INIT("result"), MSG_MEETING_WHY_RESULT},
    [LEFT_REPEAT] = {STR_INIT("repeat"), MSG_MEETING_WHY_REPEAT},
    [LEFT_FACT] = {STR_INIT("fact"), MSG_MEETING_WHY_FACT},
    [LEFT_CEREMONY] = {STR_INIT("ceremony"), MSG_MEETING_WHY_CEREMONY},
    [LEFT_TIME] = {STR_INIT("time"), MSG_MEETING_WHY_TIME},
    [LEFT_ASSIGNED] = {STR_INIT("assigned"), MSG_MEETING_WHY_ASSIGNED},
    [LEFT_HEADING] = {STR_INIT("heading"), MSG_MEETING_WHY_HEADING},
    [LEFT_PAGE] = {STR_INIT("page"), MSG_MEETING_WHY_PAGE},
};

static const struct name FACTS[FACT_KIND_COUNT] = {
    [FACT_TITLE] = {STR_INIT("title"), MSG_MEETING_FACT_TITLE},
    [FACT_SOURCE] = {STR_INIT("source"), MSG_MEETING_FACT_SOURCE},
    [FACT_PUBLISHED] = {STR_INIT("published"), MSG_MEETING_FACT_PUBLISHED},
    [FACT_HELD] = {STR_INIT("held"), MSG_MEETING_FACT_HELD},
    [FACT_PLACE] = {STR_INIT("place"), MSG_MEETING_FACT_PLACE},
    [FACT_SPEAKER] = {STR_INIT("speaker"), MSG_MEETING_FACT_SPEAKER},
    [FACT_CHAIR] = {STR_INIT("chair"), MSG_MEETING_FACT_CHAIR},
    [FACT_PRESENT] = {STR_INIT("present"), MSG_MEETING_FACT_PRESENT},
    [FACT_CIRCULAR] = {STR_INIT("circular"), MSG_MEETING_FACT_CIRCULAR},
    [FACT_EXCHANGE] = {STR_INIT("exchange"), MSG_MEETING_FACT_EXCHANGE},
    [FACT_FILM] = {STR_INIT("film"), MSG_MEETING_FACT_FILM},
    [FACT_VISIT] = {STR_INIT("visit"), MSG_MEETING_FACT_VISIT},
};

static const struct column_row TASK_HEADINGS[TASK_COLUMNS] = {
    {STR_INIT("path"), MSG_MEETING_COLUMN_PATH, 10, true},
    {STR_INIT("kind"), MSG_MEETING_COLUMN_KIND, 10},
    {STR_INIT("demand"), MSG_MEETING_COLUMN_DEMAND, 48},
    {STR_INIT("addressee"), MSG_MEETING_COLUMN_ADDRESSEE, 20},
    {STR_INIT("lead"), MSG_MEETING_COLUMN_LEAD, 18},
    {STR_INIT("support"), MSG_MEETING_COLUMN_SUPPORT, 18},
    {STR_INIT("due"), MSG_MEETING_COLUMN_DUE, 12},
    {STR_INIT("due_said"), MSG_MEETING_COLUMN_DUE_SAID, 14},
    {STR_INIT("targets"), MSG_MEETING_COLUMN_TARGETS, 30},
    {STR_INIT("items"), MSG_MEETING_COLUMN_ITEMS, 40},
    {STR_INIT("speaker"), MSG_MEETING_COLUMN_SPEAKER, 18},
    {STR_INIT("place"), MSG_MEETING_COLUMN_PLACE, 16},
    {STR_INIT("bytes"), MSG_MEETING_COLUMN_BYTES, 14, true},
    {STR_INIT("sentence"), MSG_MEETING_COLUMN_SENTENCE, 80},
};

static const struct column_row LEFT_HEADINGS[LEFT_COLUMNS] = {
    {STR_INIT("words"), MSG_MEETING_COLUMN_WORDS, 60},
    {STR_INIT("why"), MSG_MEETING_COLUMN_WHY, 48},
    {STR_INIT("repeats"), MSG_MEETING_COLUMN_REPEATS, 10, true},
    {STR_INIT("place"), MSG_MEETING_COLUMN_PLACE, 16},
    {STR_INIT("bytes"), MSG_MEETING_COLUMN_BYTES, 14, true},
    {STR_INIT("sentence"), MSG_MEETING_COLUMN_SENTENCE, 80},
};

static const struct column_row FACT_HEADINGS[FACT_COLUMNS] = {
    {STR_INIT("fact"), MSG_MEETING_COLUMN_FACT, 16},
    {STR_INIT("value"), MSG_MEETING_COLUMN_VALUE, 60},
    {STR_INIT("bytes"), MSG_MEETING_COLUMN_BYTES, 14, true},
};

struct page {
    const struct report *report;
    const struct table_sink *sink;
    enum lang lang;
    struct arena *arena; /* rewound after every row */
};

static struct out named(const struct page *page, const struct name *name)
{
    return out_named(name->key, msg_text(page->lang, name->text));
}

static struct out said(const struct page *page, str text)
{
    return text.len > 0 ? out_text(text)
                        : out_none(STR("not_said"), msg_text(page->lang, MSG_MEETING_NOT_SAID));
}

static str made(struct buf *buf)
{
    str text = {0};

    MUST(buf_done(buf, &text));
    return text;
}

static struct buf cell(const struct page *page)
{
    struct buf buf = {0};

    buf_init(&buf, page->arena, CELL_BYTES_MAX);
    return buf;
}

static struct out place_cell(const struct page *page, const struct place *place)
{
    struct buf buf = cell(page);
    const struct arg args[] = {arg_count(place->paragraph), arg_count(place->sentence)};

    msg_put(&buf, page->lang, MSG_MEETING_PLACE, args, COUNT_OF(args));
    return out_text(made(&buf));
}

static struct out bytes_cell(const struct page *page, const struct place *place)
{
    struct buf buf = cell(page);

    buf_int(&buf, (int64_t)place->begin);
    buf_char(&buf, '-');
    buf_int(&buf, (int64_t)place->end);
    return out_text(made(&buf));
}

static struct out due_cell(const struct page *page, const struct task *task)
{
    struct buf buf = cell(page);

    if (!task->has_due && task->due_said.len > 0) {
        return out_none(STR("no_date"), msg_text(page->lang, MSG_MEETING_DUE_OPEN));
    }
    if (!task->has_due) {
        return said(page, STR(""));
    }
    date_put(&buf, task->due);
    return out_text(made(&buf));
}

static void put_target(struct buf *buf, enum lang lang, const struct target *target)
{
    buf_put(buf, target->name);
    if (target->count > 0) {
        const struct arg args[] = {arg_count(target->count)};
        msg_put(buf, lang, target->is_listed ? MSG_MEETING_LISTED : MSG_MEETING_NOT_LISTED, args,
                1);
    }
}

static struct out targets_cell(const struct page *page, const struct task *task)
{
    struct buf buf = cell(page);

    for (int i = 0; i < task->target_count; i++) {
        buf_put(&buf, i > 0 ? STR("；") : STR(""));
        put_target(&buf, page->lang, &task->targets[i]);
    }
    str text = made(&buf);
    return text.len > 0 ? out_text(text) : out_none(STR("not_said"), STR(""));
}

static struct out items_cell(const struct page *page, const struct task *task)
{
    struct buf buf = cell(page);

    for (int i = 0; i < task->item_count; i++) {
        buf_put(&buf, i > 0 ? STR("、") : STR(""));
        buf_put(&buf, task->items[i]);
    }
    str text = made(&buf);
    return text.len > 0 ? out_text(text) : out_none(STR("not_said"), STR(""));
}

static struct out why_cell(const struct page *page, const struct left *left)
{
    struct buf buf = cell(page);
    const struct arg args[] = {arg_text(left->repeats)};

    msg_put(&buf, page->lang, WHYS[left->why].text, args, left->repeats.len > 0 ? 1 : 0);
    return out_named(WHYS[left->why].key, made(&buf));
}

static enum rc begin(const struct page *page, struct table *table,
                     const struct column_row *headings, int count)
{
    table->columns = columns_in(page->lang, headings, count, page->arena);
    table->column_count = count;
    table->chart.label_column = -1;
    return page->sink->begin(page->sink->self, table);
}

static enum rc row(const struct page *page, const struct out *cells, struct arena_mark mark)
{
    enum rc rc = page->sink->row(page->sink->self, cells);

    arena_rewind(page->arena, mark);
    return rc;
}

static enum rc put_fact(const struct page *page, const struct meeting_fact *fact)
{
    struct arena_mark mark = arena_mark(page->arena);
    const struct out cells[FACT_COLUMNS] = {
        named(page, &FACTS[fact->kind]),
        out_text(fact->value),
        bytes_cell(page, &fact->place),
    };

    return row(page, cells, mark);
}

static enum rc put_facts_of(const struct page *page, enum fact_kind kind)
{
    for (int i = 0; i < page->report->fact_count; i++) {
        const struct meeting_fact *fact = &page->report->facts[i];
        enum rc rc = fact->kind == kind ? put_fact(page, fact) : RC_OK;
        TRY(rc);
    }
    return RC_OK;
}

static enum rc put_facts(const struct page *page)
{
    struct table table = {.name = STR("meeting"),
                          .title = msg_text(page->lang, MSG_MEETING_TABLE_MEETING)};

    TRY(begin(page, &table, FACT_HEADINGS, FACT_COLUMNS));
    for (int kind = 0; kind < FACT_KIND_COUNT; kind++) {
        TRY(put_facts_of(page, (enum fact_kind)kind));
    }
    return page->sink->end(page->sink->self);
}

static enum rc put_tasks(const struct page *page)
{
    str note = msg_text(page->lang, MSG_MEETING_NOTE_TASKS);
    struct table table = {.name = STR("tasks"),
                          .title = msg_text(page->lang, MSG_MEETING_TABLE_TASKS),
                          .notes = &note,
                          .note_count = 1,
                          .frozen_columns = 3};

    TRY(begin(page, &table, TASK_HEADINGS, TASK_COLUMNS));
    for (int i = 0; i < page->report->task_count; i++) {
        const struct task *task = &page->report->tasks[i];
        struct arena_mark mark = arena_mark(page->arena);
        const struct out cells[TASK_COLUMNS] = {
            out_text(task->path),           named(page, &KINDS[task->kind]),
            out_text(task->demand),         said(page, task->addressee),
            said(page, task->lead),         said(page, task->support),
            due_cell(page, task),           said(page, task->due_said),
            targets_cell(page, task),       items_cell(page, task),
            said(page, task->speaker),      place_cell(page, &task->place),
            bytes_cell(page, &task->place), out_text(task->sentence),
        };
        TRY(row(page, cells, mark));
    }
    return page->sink->end(page->sink->self);
}

static enum rc put_left(const struct page *page)
{
    struct table table = {.name = STR("left_out"),
                          .title = msg_text(page->lang, MSG_MEETING_TABLE_LEFT)};

    TRY(begin(page, &table, LEFT_HEADINGS, LEFT_COLUMNS));
    for (int i = 0; i < page->report->left_count; i++) {
        const struct left *left = &page->report->left[i];
        struct arena_mark mark = arena_mark(page->arena);
        const struct out cells[LEFT_COLUMNS] = {
            out_text(left->words),
            why_cell(page, left),
            left->repeats.len > 0 ? out_text(left->repeats) : out_none(STR("none"), STR("")),
            place_cell(page, &left->place),
            bytes_cell(page, &left->place),
            out_text(left->sentence)};
        TRY(row(page, cells, mark));
    }
    return page->sink->end(page->sink->self);
}

enum rc report_tables(const struct report *report, enum lang lang, const struct table_sink *sink)
{
    const struct page page = {report, sink, lang, report->arena};

    TRY(put_facts(&page));
    TRY(put_tasks(&page));
    return put_left(&page);
}
