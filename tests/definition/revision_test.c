/* Definitions compared, and out to a workbook and back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "format/book/book.h"
#include "format/doc/doc.h"
#include "format/sheet/sheet.h"
#include "office/revision/revision.h"
#include "tests/definition/world.h"

#define assert_str(got, want) assert_true(str_equal((got), STR(want)))

static enum rc take_bytes(void *self, str bytes)
{
    buf_put(self, bytes);
    return RC_OK;
}

/* The tree of a programme that has been read, as the data directory would hand it over. */
static const struct doc *tree_of(struct world *world)
{
    const struct doc *doc = NULL;
    struct problems problems;

    problems_init(&problems, &world->arena);
    assert_int_equal(
        doc_read_json(world->programme->text, STR("stored"), &world->arena, &doc, &world->err),
        RC_OK);
    return tree_normal(tree_merge(&doc, 1, &world->arena, &problems), &world->arena);
}

static str workbook_of(struct world *world, enum lang lang)
{
    const struct book_options options = {.title = STR("dictionary")};
    struct book *book = NULL;
    struct buf out;
    str bytes = {0};

    buf_init(&out, &world->arena, 16 * ARENA_MIB);
    assert_int_equal(book_open(&world->arena, &options, &world->err, &book), RC_OK);
    struct table_sink sink = book_sink(book);
    assert_int_equal(revision_export(tree_of(world), lang, &sink, &world->arena), RC_OK);
    assert_int_equal(book_close(book, (struct byte_sink){.self = &out, .take = take_bytes}), RC_OK);
    assert_true(buf_done(&out, &bytes));
    return bytes;
}

/* A person at the workbook: the first cell or sheet that reads `from` is made to read `to`. */
struct editor {
    const struct sheet_reader *next;
    str from;
    str to;
    int left; /* how many more to change */
};

static enum rc edit_sheet(void *self, const struct sheet_info *info)
{
    struct editor *editor = self;
    struct sheet_info copy = *info;

    if (editor->left > 0 && str_equal(info->name, editor->from)) {
        copy.name = editor->to;
        editor->left--;
    }
    return editor->next->sheet(editor->next->self, &copy);
}

static enum rc edit_row(void *self, const struct sheet_row *row)
{
    enum { CELLS_MAX = 300 };
    struct editor *editor = self;
    struct cell cells[CELLS_MAX];
    struct sheet_row copy = *row;

    assert_true(row->count <= CELLS_MAX);
    memcpy(cells, row->cells, (size_t)row->count * sizeof(*cells));
    for (int i = 0; i < row->count && editor->left > 0; i++) {
        if (str_equal(cells[i].text, editor->from)) {
            cells[i].text = editor->to;
            cells[i].kind = editor->to.len == 0 ? CELL_EMPTY : cells[i].kind;
            editor->left--;
        }
    }
    copy.cells = cells;
    return editor->next->row(editor->next->self, &copy);
}

static enum rc edit_end(void *self)
{
    struct editor *editor = self;

    return editor->next->end(editor->next->self);
}

/* Bring a workbook back, edited in one place; "" edits nothing. */
static enum rc bring_back(struct world *world, str bytes, const char *from, const char *to)
{
    struct revision_import import;
    struct problems problems;

    problems_init(&problems, &world->arena);
    revision_import_begin(&import, STR("d.xlsx"), &world->arena, &problems);
    struct editor editor = {&import.reader, str_from(from), str_from(to), *from == '\0' ? 0 : 1};
    const struct sheet_reader reader = {&editor, edit_sheet, edit_row, edit_end};
    world->err = (struct err){0};
    assert_int_equal(xlsx_read(bytes, &SHEET_LIMITS, &reader, &world->err), RC_OK);
    assert_int_equal(editor.left, 0);
    if (problems.errors > 0) {
        world->problems = problems;
        return RC_INVALID;
    }
    const struct doc *tree = revision_import_end(&import);
    return definition_read(&tree, 1, &world->arena, &world->programme, &world->problems,
                           &world->err);
}

static void say_first(struct world *world, const char *what)
{
    struct buf out;
    str said = {0};

    buf_init(&out, &world->arena, 4096);
    if (world->problems.count > 0) {
        problem_put(&out, LANG_EN, world->problems.rows[0]);
    }
    (void)buf_done(&out, &said);
    fail_msg("%s: %.*s", what, STR_ARG(said));
}

static void a_dictionary_survives_the_way_through_a_workbook(void **state)
{
    static const char *const NAMES[] = {
        "programmes/example-province",
        "programmes/example-highland",
        "programmes/census-county",
        "tests/definition/base.yaml",
    };
    struct world *world = *state;

    for (size_t i = 0; i < 2 * COUNT_OF(NAMES); i++) {
        const char *name = NAMES[i / 2];
        assert_int_equal(world_read(world, str_from(name)), RC_OK);
        struct hash before = world->programme->hash;
        str bytes = workbook_of(world, i % 2 == 0 ? LANG_ZH : LANG_EN);
        if (bring_back(world, bytes, "", "") != RC_OK) {
            say_first(world, name);
        }
        assert_memory_equal(&before, &world->programme->hash, sizeof(before));
    }
}

static void marks_of_our_own_in_texts_come_back_as_they_were(void **state)
{
    struct world *world = *state;

    assert_int_equal(
        world_change(world, "aliases: [hilly]",
                     "aliases: ['a | b', 'x = y', '[z]', '{w}', ' blank ', 'back\\slash', '\\']"),
        RC_OK);
    struct hash before = world->programme->hash;
    assert_int_equal(bring_back(world, workbook_of(world, LANG_EN), "", ""), RC_OK);
    assert_memory_equal(&before, &world->programme->hash, sizeof(before));
    const struct indicator *ground =
        &world->programme->indicators[programme_indicator(world->programme, STR("GROUND"))];
    assert_str(ground->choices[1].aliases.at[0], "a | b");
    assert_str(ground->choices[1].aliases.at[4], " blank ");
    assert_str(ground->choices[1].aliases.at[6], "\\");
}

static void an_edited_cell_changes_that_and_nothing_else(void **state)
{
    struct world *world = *state;

    assert_int_equal(world_change(world, "", ""), RC_OK);
    const struct doc *before = tree_of(world);
    str bytes = workbook_of(world, LANG_EN);
    assert_int_equal(bring_back(world, bytes, "120.50", "130"), RC_OK);
    assert_int_equal(world->programme->measures[0].levels[0].unit_fen, 13000);
    struct changes changes = revision_compare(before, tree_of(world), &world->arena);
    assert_int_equal(changes.count, 1);
    assert_int_equal(changes.refused, 0);
    assert_str(changes.rows[0].section, "measures");
    assert_str(changes.rows[0].id, "PIPES");
    assert_str(changes.rows[0].field, "levels.1.unit_cost");
    assert_str(changes.rows[0].before, "120.50");
    assert_str(changes.rows[0].after, "130");
}

static void faults_of_the_workbook_are_said_with_sheet_and_row(void **state)
{
    static const struct {
        const char *from;
        const char *to;
        enum msg_id says;
        int line;
    } FAULTS[] = {
        {"gauges", "gagues", MSG_REVISION_SHEET_NEAR, 1},
        {"gauges", "qqqqqqqqq", MSG_REVISION_SHEET_UNKNOWN, 1},
        {"gauges", "levels", MSG_REVISION_SHEET_TWICE, 1},
        {"DRAINS", "", MSG_REVISION_ROW_LOST, 5},
        {"DRAINS", "TUBES", MSG_REVISION_ROW_LOST, 6},
        {"DRAINS", "PIPES", MSG_REVISION_ROW_TWICE, 5},
        {"homes", "people", MSG_REVISION_ROW_TWICE, 5},
    };
    struct world *world = *state;

    for (size_t i = 0; i < COUNT_OF(FAULTS); i++) {
        assert_int_equal(world_change(world, "", ""), RC_OK);
        str bytes = workbook_of(world, LANG_EN);
        assert_int_equal(bring_back(world, bytes, FAULTS[i].from, FAULTS[i].to), RC_INVALID);
        bool is_said = false;
        for (int k = 0; k < world->problems.count; k++) {
            const struct problem *problem = world->problems.rows[k];
            is_said = is_said || (problem->what.msg == FAULTS[i].says &&
                                  problem->place.line == FAULTS[i].line);
        }
        if (!is_said) {
            say_first(world, FAULTS[i].to);
        }
    }
}

static void a_wrong_value_is_said_with_its_cell(void **state)
{
    struct world *world = *state;

    assert_int_equal(world_change(world, "", ""), RC_OK);
    assert_int_equal(bring_back(world, workbook_of(world, LANG_EN), "120.50", "lots"), RC_INVALID);
    const struct problem *problem = world_problem(world, MSG_DEFINITION_EXPECTED_DECIMALS);
    assert_non_null(problem);
    assert_true(str_starts(problem->place.file, STR("d.xlsx [")));
    assert_int_equal(problem->place.line, 4);
}

/* What is said of one change of base.yaml against base.yaml. */
static struct changes changed(struct world *world, const char *from, const char *to)
{
    assert_int_equal(world_change(world, "", ""), RC_OK);
    const struct doc *before = tree_of(world);
    if (world_change(world, from, to) != RC_OK) {
        say_first(world, to);
    }
    return revision_compare(before, tree_of(world), &world->arena);
}

static void what_is_stored_may_not_change_its_meaning(void **state)
{
    struct world *world = *state;
    struct changes changes = changed(world,
                                     "type: percent, decimals: 1, of: HOMES, direction: "
                                     "benefit, source: office, cheat: meters, baseline",
                                     "type: percent, decimals: 2, of: HOMES, direction: benefit, "
                                     "source: office, cheat: meters, baseline");

    assert_int_equal(changes.count, 1);
    assert_int_equal(changes.refused, 1);
    assert_int_equal(changes.rows[0].why, MSG_REVISION_PERMANENT);
    changes = changed(world, "steep: {number: 1, name: Steep, aliases: [hilly]}",
                      "steep: {number: 2, name: Steep, aliases: [hilly]}");
    assert_int_equal(changes.refused, 1);
    assert_str(changes.rows[0].field, "values.steep.number");
    changes = changed(world, "fair: {number: 1, name: Fair}, good: {number: 3, name: Good}}",
                      "fair: {number: 1, name: Fine}, good: {number: 3, name: Good}}");
    assert_int_equal(changes.refused, 0);
    assert_int_equal(changes.count, 1);
}

static void indicators_are_ended_but_never_removed(void **state)
{
    struct world *world = *state;
    struct changes changes =
        changed(world, "  SEWER: {name: Sewer", "  SEWER: {until: 2030-01-01, name: Sewer");

    assert_int_equal(changes.refused, 0);
    assert_int_equal(changes.rows[0].kind, CHANGE_EDITED);
    changes = changed(world, "  LATE: {weight", "  LATE: {weight");
    assert_int_equal(changes.count, 0);
    changes = changed(world,
                      "  FOUND: {name: Found, levels: [hamlet], dimension: B, type: integer, "
                      "gauge: homes, range: [0, 50], aggregate: sum, source: office, found: "
                      "true}\n",
                      "");
    assert_int_equal(changes.count, 1);
    assert_int_equal(changes.refused, 1);
    assert_int_equal(changes.rows[0].kind, CHANGE_REMOVED);
    assert_int_equal(changes.rows[0].why, MSG_REVISION_NOT_REMOVED);
}

static void objects_that_come_and_go_are_named_once(void **state)
{
    struct world *world = *state;
    struct changes changes = changed(world, "  jump: {kind: jump", "  leap: {kind: jump");

    assert_int_equal(changes.count, 2);
    assert_int_equal(changes.refused, 0);
    assert_int_equal(changes.rows[0].kind, CHANGE_REMOVED);
    assert_str(changes.rows[0].id, "jump");
    assert_int_equal(changes.rows[1].kind, CHANGE_ADDED);
    assert_str(changes.rows[1].id, "leap");
    changes = changed(world, "spellings: {yes: [aye], no: [nay]}\n", "");
    assert_int_equal(changes.count, 2);
    assert_str(changes.rows[0].before, "aye");
}

/* A sink that remembers the last row. */
struct seen {
    int rows;
    struct out cells[16];
    int columns;
};

static enum rc see_begin(void *self, const struct table *table)
{
    ((struct seen *)self)->columns = table->column_count;
    return RC_OK;
}

static enum rc see_row(void *self, const struct out *cells)
{
    struct seen *seen = self;

    seen->rows++;
    memcpy(seen->cells, cells, (size_t)seen->columns * sizeof(*cells));
    return RC_OK;
}

static enum rc see_end(void *self)
{
    (void)self;
    return RC_OK;
}

static void the_table_of_changes_says_old_new_and_verdict(void **state)
{
    struct world *world = *state;
    struct changes changes = changed(world,
                                     "gauge: ha, range: [0, 99999], aggregate: sum, "
                                     "source: office}\n  FLOOR",
                                     "gauge: m2, range: [0, 99999], aggregate: sum, source: "
                                     "office}\n  FLOOR");
    struct seen seen = {0};
    const struct table_sink sink = {&seen, see_begin, see_row, see_end};

    assert_int_equal(revision_changes(&changes, LANG_EN, &sink, &world->arena), RC_OK);
    assert_int_equal(seen.rows, 1);
    assert_str(seen.cells[1].text, "FARM");
    assert_str(seen.cells[4].text, "ha");
    assert_str(seen.cells[5].text, "m2");
    assert_int_equal(seen.cells[6].tone, TONE_WARN);
    assert_true(str_starts(seen.cells[6].text, STR("refused")));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, world_begin, world_end)
    const struct CMUnitTest tests[] = {
        TEST(a_dictionary_survives_the_way_through_a_workbook),
        TEST(marks_of_our_own_in_texts_come_back_as_they_were),
        TEST(an_edited_cell_changes_that_and_nothing_else),
        TEST(faults_of_the_workbook_are_said_with_sheet_and_row),
        TEST(a_wrong_value_is_said_with_its_cell),
        TEST(what_is_stored_may_not_change_its_meaning),
        TEST(indicators_are_ended_but_never_removed),
        TEST(objects_that_come_and_go_are_named_once),
        TEST(the_table_of_changes_says_old_new_and_verdict),
    };
#undef TEST

    return cmocka_run_group_tests(tests, NULL, NULL);
}
