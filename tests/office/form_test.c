/* The ledger as a form: what is asked, pre-filled; sent out and brought back as it is, it changes
 * nothing. And what an import would change, as a table. */
#include "format/form/form.h"
#include "format/sheet/sheet.h"
#include "office/collect/form.h"
#include "tests/office/ladder.h"
#include "tests/office/rooms.h"
#include "tests/office/shown.h"

#define LEDGER                                                                                     \
    "行政区划代码|户籍人口|户数|耕地面积|自来水普及率|通硬化路|地形\n" \
    "99010101|120|40|12.5|20/40|是|平川\n99010102|300|100|0.4|90%|否|山区\n"                 \
    "99010103|未统计|50||不适用|是|\n99020101|501|160|99.9|150/160|是|平川\n"

struct seen_form {
    struct form form;
    int rows;
    struct out cells[16][64];
    str codes[16];
};

static enum rc see_begin(void *self, const struct form *form)
{
    ((struct seen_form *)self)->form = *form;
    return RC_OK;
}

static enum rc see_row(void *self, const struct form_row *row)
{
    struct seen_form *seen = self;

    seen->codes[seen->rows] = row->heads[0];
    for (int c = 0; c < seen->form.column_count; c++) {
        seen->cells[seen->rows][c] = row->values[c];
    }
    seen->rows++;
    return RC_OK;
}

static enum rc see_end(void *self)
{
    (void)self;
    return RC_OK;
}

static int column_of(const struct seen_form *seen, const char *key)
{
    for (int c = 0; c < seen->form.column_count; c++) {
        if (str_equal(seen->form.columns[c].key, str_from(key))) {
            return c;
        }
    }
    return NONE;
}

static void open_with(void **state, struct rooms *rooms, struct panel *panel)
{
    struct change_list list = {0};
    struct batch batch = {0};

    rooms_open(*state, rooms);
    const struct ledger_job job = rooms_job(rooms);
    assert_int_equal(rooms_import(rooms, LEDGER, &job, &list, &batch), RC_OK);
    rooms_panel(rooms, 2024, panel);
}

static void a_form_asks_what_is_collected_and_shows_what_is_known(void **state)
{
    static struct seen_form seen;
    struct rooms rooms;
    struct panel panel;

    open_with(state, &rooms, &panel);
    seen.rows = 0;
    const struct form_job job = {.panel = &panel, .root = 0, .source = NONE};
    const struct form_sink sink = {&seen, see_begin, see_row, see_end};
    assert_int_equal(form_make(rooms.cx, &job, &sink), RC_OK);
    assert_int_equal(seen.rows, 7);
    assert_int_equal(column_of(&seen, "SIZE"), NONE); /* computed, so not asked */
    int land = column_of(&seen, "LAND");
    assert_int_equal(seen.form.columns[land].kind, FORM_NUMBER);
    assert_int_equal(seen.form.columns[land].decimals, 1);
    assert_true(seen.form.columns[land].has_range);
    assert_int_equal(seen.form.columns[land].max, 500000);
    assert_true(str_equal(seen.form.columns[land].unit, STR("亩")));
    assert_int_equal(seen.cells[0][land].number, 125);
    int ground = column_of(&seen, "GROUND");
    assert_int_equal(seen.form.columns[ground].kind, FORM_CHOICE);
    assert_int_equal(seen.form.columns[ground].choice_count, 2);
    assert_true(str_equal(seen.form.columns[ground].choices[1], STR("山区")));
    const struct form_column *road = &seen.form.columns[column_of(&seen, "ROAD")];
    assert_int_equal(road->kind, FORM_YES_NO);
    assert_int_equal(road->choice_count, 2);
    assert_true(str_equal(road->choices[0], STR("是")));
    assert_true(str_equal(road->choices[1], STR("否")));
    assert_true(str_equal(seen.form.columns[column_of(&seen, "WATER")].unit, STR("%")));
    assert_false(seen.form.columns[land].is_locked);
    assert_true(str_equal(seen.form.heads[0], STR("行政区划代码")));
    assert_int_equal(seen.form.note_count, 3);
    for (int i = 0; i < seen.form.note_count; i++) {
        assert_true(seen.form.notes[i].len > 0);
    }
    assert_int_equal(seen.form.mark_count, 4);
    assert_true(str_equal(seen.form.marks[1].value, STR("2024")));
    assert_true(str_equal(seen.form.marks[2].value, STR("99")));
}

/* The register of the ladder has thirteen villages and an estate, which no scheme places. */
static void only_kinds_that_are_asked_are_in_the_form(void **state)
{
    static struct seen_form seen;
    struct ladder ladder;

    ladder_open(*state, NULL, 0, &ladder);
    ladder_take(&ladder, 2024, LADDER_HEAD "991101|100|90|50|是\n991150|100|90|50|是\n");
    ladder_run(&ladder, 2024);
    seen.rows = 0;
    const struct form_job job = {.panel = &ladder.in.panel, .root = 0, .source = NONE};
    const struct form_sink sink = {&seen, see_begin, see_row, see_end};
    assert_int_equal(form_make(ladder.rooms.cx, &job, &sink), RC_OK);
    assert_int_equal(ladder.in.panel.count, 14);
    assert_int_equal(seen.rows, 13);
    for (int i = 0; i < seen.rows; i++) {
        assert_false(str_equal(seen.codes[i], STR("991150")));
    }
}

static void a_form_of_one_source_and_place_locks_the_others(void **state)
{
    static struct seen_form seen;
    struct rooms rooms;
    struct panel panel;

    open_with(state, &rooms, &panel);
    seen.rows = 0;
    const struct form_job job = {
        .panel = &panel, .root = rooms_place(&rooms, "990102"), .source = 0};
    const struct form_sink sink = {&seen, see_begin, see_row, see_end};
    assert_int_equal(form_make(rooms.cx, &job, &sink), RC_OK);
    assert_int_equal(seen.rows, 2);
    assert_true(str_equal(seen.codes[0], STR("99010201")));
    assert_true(seen.form.columns[column_of(&seen, "POP")].is_locked);
    assert_false(seen.form.columns[column_of(&seen, "HOMES")].is_locked);
}

static enum rc take_bytes(void *self, str bytes)
{
    buf_put(self, bytes);
    return RC_OK;
}

static void what_goes_out_as_a_form_comes_back_unchanged(void **state)
{
    struct rooms rooms;
    struct panel panel;
    struct form_book *book = NULL;
    struct change_list list = {0};
    struct ledger ledger;
    str bytes = {0};

    open_with(state, &rooms, &panel);
    const struct cx *cx = rooms.cx;
    const struct form_job job = {.panel = &panel, .root = 0, .source = NONE};
    const struct book_options options = {.created_ms = cx->now_ms};
    assert_int_equal(form_open(cx->arena, &options, cx->err, &book), RC_OK);
    const struct form_sink sink = form_sink(book);
    assert_int_equal(form_make(cx, &job, &sink), RC_OK);
    struct buf gathered;
    buf_init(&gathered, cx->arena, 1 << 20);
    assert_int_equal(form_close(book, (struct byte_sink){&gathered, take_bytes}), RC_OK);
    assert_true(buf_done(&gathered, &bytes));
    const struct ledger_job back = rooms_job(&rooms);
    assert_int_equal(ledger_begin(cx, &back, &ledger), RC_OK);
    const struct sheet_reader reader = ledger_reader(&ledger);
    assert_int_equal(xlsx_read(bytes, &SHEET_LIMITS, &reader, cx->err), RC_OK);
    assert_int_equal(ledger_finish(&ledger), RC_OK);
    assert_int_equal(ledger.errors, 0);
    assert_true(ledger.cell_count >= 15);
    assert_int_equal(import_compare(&ledger, &list), RC_OK);
    assert_int_equal(list.count, 0);
    assert_int_equal(list.conflict_count, 0);
}

static void what_would_change_is_shown_old_and_new(void **state)
{
    struct rooms rooms;
    struct panel panel;
    struct ledger ledger;
    struct change_list list = {0};
    struct shown shown;

    open_with(state, &rooms, &panel);
    assert_int_equal(
        rooms_read(&rooms, "行政区划代码|户籍人口|地形\n99010101|121|山区\n99010102|300|高山\n",
                   &ledger),
        RC_OK);
    assert_int_equal(import_compare(&ledger, &list), RC_OK);
    shown_begin(&shown);
    const struct table_sink sink = shown_sink(&shown);
    assert_int_equal(import_changes_table(&ledger, &list, &sink), RC_OK);
    const struct shown_table *changes = shown_table(&shown, "changes");
    assert_int_equal(changes->rows, 2);
    assert_true(shown_is(shown_cell(changes, 0, "code"), "99010101"));
    assert_int_equal(shown_cell(changes, 0, "before")->number, 120);
    assert_int_equal(shown_cell(changes, 0, "after")->number, 121);
    assert_int_equal(shown_cell(changes, 0, "row")->number, 2);
    assert_true(shown_is(shown_cell(changes, 1, "before"), "flat"));
    assert_true(shown_is(shown_cell(changes, 1, "after"), "steep"));
    shown_end(&shown);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_WORLD(a_form_asks_what_is_collected_and_shows_what_is_known),
        IN_A_WORLD(only_kinds_that_are_asked_are_in_the_form),
        IN_A_WORLD(a_form_of_one_source_and_place_locks_the_others),
        IN_A_WORLD(what_goes_out_as_a_form_comes_back_unchanged),
        IN_A_WORLD(what_would_change_is_shown_old_and_new),
    };
    return cmocka_run_group_tests_name("forms", tests, NULL, NULL);
}
