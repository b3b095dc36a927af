/* The office of a test, and its ledgers. */
#include "tests/office/rooms.h"

#include "format/doc/doc.h"
#include "office/definition/definition.h"
#include "office/register/register.h"
#include "store/file.h"

enum { PATH_BYTES_MAX = 4096, CELLS_MAX = 32 };

static const char REGISTER[] = "code|level|name\n"
                               "99|province|示范省\n"
                               "9901|county|甲县\n"
                               "990101|township|东镇\n"
                               "99010101|village|李庄村\n"
                               "99010102|village|王庄村\n"
                               "99010103|village|张庄村\n"
                               "990102|township|西镇\n"
                               "99010201|village|李庄村\n"
                               "99010202|village|赵庄村\n"
                               "9902|county|乙县\n"
                               "990201|township|南镇\n"
                               "99020101|village|孙庄村\n"
                               "99020102|village|周庄村\n";

static struct cell cell_of(str text, int column)
{
    struct cell cell = {.kind = CELL_TEXT, .column = column, .text = text};

    if (str_starts(text, STR("~"))) {
        cell.is_percent = str_ends(text, STR("%"));
        cell.kind = CELL_NUMBER;
        cell.text = str_part(text, 1, text.len - (cell.is_percent ? 2 : 1));
    } else if (str_starts(text, STR("#"))) {
        cell.kind = CELL_ERROR;
    } else if (str_equal(text, STR("="))) {
        cell = (struct cell){.kind = CELL_EMPTY, .column = column, .is_formula = true};
    }
    return cell;
}

static enum rc feed_line(struct sheet_reader reader, str line, int64_t number)
{
    struct cell cells[CELLS_MAX];
    struct sheet_row row = {.row = number, .cells = cells};
    str piece = {0};

    for (int column = 0; column < CELLS_MAX && str_cut(&line, '|', &piece); column++) {
        if (piece.len > 0) {
            cells[row.count++] = cell_of(piece, column);
        }
    }
    return reader.row(reader.self, &row);
}

enum rc rooms_feed(struct sheet_reader reader, const char *text, const struct merge *merges,
                   int merge_count)
{
    const struct sheet_info info = {.merges = merges, .merge_count = merge_count};
    str rest = str_from(text);
    str line = {0};

    TRY(reader.sheet(reader.self, &info));
    for (int64_t number = 1; str_cut(&rest, '\n', &line); number++) {
        TRY(feed_line(reader, line, number));
    }
    return reader.end(reader.self);
}

static str changed(struct arena *arena, str text, const struct edit *edit)
{
    size_t at = str_find(text, str_from(edit->from));
    struct buf buf;
    str out = {0};

    MUST(at != STR_NONE);
    buf_init(&buf, arena, DOC_BYTES_MAX);
    buf_put(&buf, str_part(text, 0, at));
    buf_put(&buf, str_from(edit->to));
    buf_put(&buf, str_part(text, at + str_from(edit->from).len, text.len));
    MUST(buf_done(&buf, &out));
    return out;
}

static void read_programme(struct rooms *rooms, const struct rooms_of *of)
{
    struct arena *arena = rooms->cx->arena;
    struct problems problems = {0};
    const struct doc *doc = NULL;
    struct buf path;
    str name = {0};
    str text = {0};

    buf_init(&path, arena, PATH_BYTES_MAX);
    buf_put(&path, str_from(getenv("WANCUN_SOURCE"))); /* NOLINT(concurrency-mt-unsafe) */
    buf_put(&path, STR("/tests/office/"));
    buf_put(&path, str_from(of->file));
    MUST(buf_done(&path, &name));
    MUST(file_read_whole(name, DOC_BYTES_MAX, arena, &text, rooms->cx->err) == RC_OK);
    for (int i = 0; i < of->edit_count; i++) {
        text = changed(arena, text, &of->edits[i]);
    }
    MUST(doc_read_yaml(text, name, arena, &doc, rooms->cx->err) == RC_OK);
    MUST(definition_read(&doc, 1, arena, &rooms->programme, &problems, rooms->cx->err) == RC_OK);
}

int64_t rooms_register_from(struct rooms *rooms, const char *text, date day, int accept_min)
{
    struct register_reader reader;
    struct register_result result = {0};
    const struct register_options options = {
        .file_name = STR("register"),
        .file_hash = hash_of(str_from(text)),
        .as_of = day,
        .accept_min = accept_min,
    };

    register_reader_init(&reader, rooms->cx, rooms->programme);
    MUST(rooms_feed(register_reader_sheet(&reader), text, NULL, 0) == RC_OK);
    MUST(office_enter(rooms->cx, DB_WRITE) == RC_OK);
    MUST(office_leave(rooms->cx, register_import(rooms->cx, &reader, &options, &result)) == RC_OK);
    MUST(unit_tree_load(rooms->cx, rooms->programme, date_of(2024, 12, 31), &rooms->tree) == RC_OK);
    return result.batch;
}

void rooms_register(struct rooms *rooms, const char *text, date day)
{
    (void)rooms_register_from(rooms, text, day, 0);
}

void rooms_open_as(void *world, const struct rooms_of *of, struct rooms *out)
{
    *out = (struct rooms){.cx = world_cx(world)};
    read_programme(out, of);
    rooms_register(out, of->register_text, date_of(2020, 1, 1));
    MUST(numbers_load(out->cx, out->programme, true, &out->numbers) == RC_OK);
}

const char *rooms_register_text(void)
{
    return REGISTER;
}

void rooms_open(void *world, struct rooms *out)
{
    const struct rooms_of of = {.file = "rooms.yaml", .register_text = REGISTER};

    rooms_open_as(world, &of, out);
}

int rooms_indicator(const struct rooms *rooms, const char *id)
{
    for (int i = 0; i < rooms->programme->indicator_count; i++) {
        if (str_equal(rooms->programme->indicators[i].id, str_from(id))) {
            return i;
        }
    }
    NEVER("an indicator that rooms.yaml has not");
}

int rooms_place(const struct rooms *rooms, const char *code)
{
    int place = unit_tree_find_code(&rooms->tree, str_from(code));

    MUST(place != NONE);
    return place;
}

struct ledger_job rooms_job(const struct rooms *rooms)
{
    return (struct ledger_job){
        .tree = &rooms->tree,
        .programme = rooms->programme,
        .numbers = &rooms->numbers,
        .level = rooms->programme->level_count - 1,
        .period = period_of_year(2024),
        .source = NONE,
    };
}

enum rc rooms_read_job(const struct rooms *rooms, const char *text, const struct ledger_job *job,
                       struct ledger *out)
{
    TRY(ledger_begin(rooms->cx, job, out));
    TRY(rooms_feed(ledger_reader(out), text, NULL, 0));
    return ledger_finish(out);
}

enum rc rooms_read(const struct rooms *rooms, const char *text, struct ledger *out)
{
    const struct ledger_job job = rooms_job(rooms);

    return rooms_read_job(rooms, text, &job, out);
}

const struct value *rooms_value(const struct rooms *rooms, const struct ledger *ledger,
                                const char *code, const char *indicator)
{
    int place = rooms_place(rooms, code);
    int number = rooms->numbers.of_indicator[rooms_indicator(rooms, indicator)];

    for (int i = 0; i < ledger->row_count; i++) {
        const struct ledger_row *row = &ledger->rows[i];
        for (int k = 0; row->place == place && k < row->count; k++) {
            if (row->values[k].indicator == number) {
                return &row->values[k];
            }
        }
    }
    return NULL;
}

bool rooms_marked(const struct ledger *ledger, enum severity severity, int64_t row, int column)
{
    for (int i = 0; i < ledger->mark_count; i++) {
        const struct remark *mark = &ledger->marks[i];
        if (mark->severity == severity && mark->row == row && mark->column == column) {
            return true;
        }
    }
    return false;
}

enum rc rooms_import(const struct rooms *rooms, const char *text, const struct ledger_job *job,
                     struct change_list *list, struct batch *batch)
{
    const struct cx *cx = rooms->cx;
    struct ledger ledger;

    *batch = (struct batch){.file_name = STR("ledger"), .file = hash_of(str_from(text))};
    TRY(rooms_read_job(rooms, text, job, &ledger));
    TRY(office_enter(cx, DB_WRITE));
    TRY(office_leave(cx, import_compare(&ledger, list)));
    TRY(office_enter(cx, DB_WRITE));
    return office_leave(cx, import_write(&ledger, list, batch));
}

void rooms_panel(const struct rooms *rooms, int year, struct panel *out)
{
    const struct panel_of of = {
        .tree = &rooms->tree,
        .programme = rooms->programme,
        .numbers = &rooms->numbers,
        .level = rooms->programme->level_count - 1,
    };

    MUST(panel_load(rooms->cx, &of, period_of_year(year), out) == RC_OK);
}

int rooms_row(const struct panel *panel, const char *code)
{
    int place = unit_tree_find_code(panel->tree, str_from(code));

    MUST(place != NONE && panel->rows[place] != NONE);
    return panel->rows[place];
}
