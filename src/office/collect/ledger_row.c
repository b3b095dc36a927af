/* One row of a ledger: which unit it speaks of, and its values. */
#include "office/collect/ledger_in.h"

/* What a row says about its unit. */
struct naming {
    str code;
    int code_column;
    str name; /* of the ledger's level */
    int name_column;
    bool has_values; /* some cell of a column of values holds something */
};

static str carried_text(struct ledger_state *state, const struct grid_row *row, int column)
{
    str text = str_trim(row->cells[column].text);

    if (text.len == 0 && row->row <= state->carried[column].last_row) {
        return state->carried[column].text;
    }
    return text;
}

/* Ranges merged downward that begin in this row. Rows come in order. */
static void begin_drops(struct ledger *ledger, const struct grid_row *row)
{
    struct ledger_state *state = ledger->state;

    for (; state->drop_next < state->drop_count; state->drop_next++) {
        const struct drop *drop = &state->drops[state->drop_next];
        if (drop->first_row > row->row) {
            return;
        }
        bool is_here = drop->first_row == row->row && drop->column < row->width;
        bool names_units =
            drop->column < state->column_count && (state->columns[drop->column].unit_level != NONE);
        if (is_here && names_units) {
            state->carried[drop->column] = (struct carried){
                .last_row = drop->last_row,
                .text = arena_str(ledger->cx->arena, str_trim(row->cells[drop->column].text)),
            };
        }
    }
}

/* "NA" in the column of codes is no code. */
static str code_text(struct ledger *ledger, str text)
{
    struct arena_mark mark = arena_mark(ledger->cx->arena);
    int64_t word = 0;
    bool is_nothing = map_get(&ledger->state->words, ledger_fold(ledger, text), &word) &&
                      word == WORD_NOT_REPORTED;

    arena_rewind(ledger->cx->arena, mark);
    return is_nothing ? STR("") : str_trim(text);
}

static struct naming naming_of(struct ledger *ledger, const struct grid_row *row)
{
    const struct ledger_state *state = ledger->state;
    struct naming naming = {.code_column = NONE, .name_column = NONE};

    for (int c = 0; c < state->column_count && c < row->width; c++) {
        const struct ledger_column *column = &state->columns[c];
        bool holds = row->cells[c].kind != CELL_EMPTY || row->cells[c].is_formula;
        if (column->is_code) {
            naming.code = code_text(ledger, row->cells[c].text);
            naming.code_column = c;
        } else if (column->unit_level == ledger->job.level) {
            naming.name = carried_text(ledger->state, row, c);
            naming.name_column = c;
        }
        naming.has_values = naming.has_values || (column->indicator != NONE && holds);
    }
    return naming;
}

/* Below which unit a name is to be looked for: the lowest one that the row's other columns name.
 * UNIT_SEVERAL when they name one that is not unique, NONE when one that is unknown. */
static int find_within(struct ledger *ledger, const struct grid_row *row, int *out_column)
{
    struct ledger_state *state = ledger->state;
    int within = ledger->job.root;

    for (int level = 0; level < ledger->job.level; level++) {
        for (int c = 0; c < state->column_count && c < row->width; c++) {
            str text =
                state->columns[c].unit_level == level ? carried_text(state, row, c) : STR("");
            bool is_above = level <= ledger->job.tree->units[ledger->job.root].level;
            if (text.len == 0 || is_above) {
                continue;
            }
            *out_column = c;
            within = unit_tree_find_name(ledger->job.tree, within, level, text);
            if (within < 0) {
                return within;
            }
        }
    }
    return within;
}

static bool is_inside(const struct unit_tree *tree, int root, int place)
{
    return place >= root && place < tree->units[root].end;
}

/* Codes of other provinces or counties are not unknown: they are not ours. */
static bool is_foreign_code(const struct ledger *ledger, str code)
{
    const struct unit *root = &ledger->job.tree->units[ledger->job.root];
    int digits = ledger->job.programme->levels[root->level].code_digits;

    return digits > 0 &&
           !str_equal(str_part(code, 0, (size_t)digits), str_part(root->code, 0, (size_t)digits));
}

static bool is_total(struct ledger *ledger, str text)
{
    struct arena_mark mark = arena_mark(ledger->cx->arena);
    str whole = heading_of(text, ledger->cx->arena).whole;
    int64_t word = 0;
    bool is_word = map_get(&ledger->state->words, whole, &word) && word == WORD_TOTAL;

    arena_rewind(ledger->cx->arena, mark);
    return is_word;
}

/* The column that says it is one; NONE when it is none. */
static int total_column(struct ledger *ledger, const struct grid_row *row)
{
    const struct ledger_state *state = ledger->state;

    for (int c = 0; c < state->column_count && c < row->width; c++) {
        bool names = state->columns[c].is_code || state->columns[c].unit_level != NONE ||
                     state->columns[c].indicator == NONE;
        if (names && row->cells[c].kind == CELL_TEXT && is_total(ledger, row->cells[c].text)) {
            return c;
        }
    }
    return NONE;
}

static int refuse(struct ledger *ledger, const struct grid_row *row, int column, enum msg_id says,
                  str what)
{
    int at = column == NONE ? 0 : column;

    LEDGER_MARK(ledger, SEVERITY_ERROR, row->row, at,
                at < row->width ? row->cells[at].text : STR(""), says, arg_text(what));
    return NONE;
}

/* Say of a row that it is passed over, to who asked for it. */
static int pass_over(struct ledger *ledger, const struct grid_row *row, int column,
                     enum msg_id says, str what)
{
    int at = column == NONE ? 0 : column;

    if (ledger->job.known_only) {
        LEDGER_MARK(ledger, SEVERITY_NOTE, row->row, at,
                    at < row->width ? row->cells[at].text : STR(""), says, arg_text(what));
    }
    return NONE;
}

static int miss(struct ledger *ledger, const struct grid_row *row, int column, enum msg_id says,
                str what)
{
    if (!ledger->job.known_only) {
        return refuse(ledger, row, column, says, what);
    }
    ledger->unknown_count++;
    return pass_over(ledger, row, column, says, what);
}

static int pass_outside(struct ledger *ledger, const struct grid_row *row, int column, str what)
{
    ledger->outside_count++;
    return pass_over(ledger, row, column, MSG_COLLECT_ROW_OUTSIDE, what);
}

/* The name beside a code must be the unit's: a row pasted one line off is the costliest mistake
 * there is. A name of somebody else nearby is an error, an unknown one a warning. */
static void compare_name(struct ledger *ledger, const struct grid_row *row,
                         const struct naming *naming, int place)
{
    const struct unit_tree *tree = ledger->job.tree;
    const struct unit *unit = &tree->units[place];
    str base = unit_base_name(ledger->job.programme, unit->level, naming->name);

    if (naming->name.len == 0 || str_equal(naming->name, unit->name) ||
        str_equal(base, unit->base)) {
        return;
    }
    int other = unit_tree_find_name(tree, unit->parent == NONE ? 0 : unit->parent, unit->level,
                                    naming->name);
    LEDGER_MARK(ledger, other == NONE ? SEVERITY_WARNING : SEVERITY_ERROR, row->row,
                naming->name_column, naming->name,
                other == NONE ? MSG_COLLECT_NAME_DIFFERS : MSG_COLLECT_NAME_OF_OTHER,
                arg_text(naming->name), arg_text(naming->code), arg_text(unit->name));
}

static int find_by_code(struct ledger *ledger, const struct grid_row *row,
                        const struct naming *naming)
{
    const struct unit_tree *tree = ledger->job.tree;
    int place = unit_tree_find_code(tree, naming->code);

    if (place == NONE) {
        return is_foreign_code(ledger, naming->code)
                   ? pass_outside(ledger, row, naming->code_column, naming->code)
                   : miss(ledger, row, naming->code_column, MSG_COLLECT_CODE_UNKNOWN, naming->code);
    }
    bool is_ours =
        is_inside(tree, ledger->job.root, place) && tree->units[place].level == ledger->job.level;
    if (!is_ours) {
        return pass_outside(ledger, row, naming->code_column, naming->code);
    }
    compare_name(ledger, row, naming, place);
    return place;
}

static int find_by_name(struct ledger *ledger, const struct grid_row *row,
                        const struct naming *naming)
{
    int column = naming->name_column;
    int within = find_within(ledger, row, &column);

    if (within == NONE) {
        return miss(ledger, row, column, MSG_COLLECT_PARENT_UNKNOWN,
                    carried_text(ledger->state, row, column));
    }
    if (within < 0) {
        return refuse(ledger, row, column, MSG_COLLECT_PARENT_SEVERAL,
                      carried_text(ledger->state, row, column));
    }
    int place = unit_tree_find_name(ledger->job.tree, within, ledger->job.level, naming->name);
    if (place == NONE) {
        return miss(ledger, row, naming->name_column, MSG_COLLECT_NAME_UNKNOWN, naming->name);
    }
    return place < 0
               ? refuse(ledger, row, naming->name_column, MSG_COLLECT_NAME_SEVERAL, naming->name)
               : place;
}

/* The unit of a row, or NONE when the row is passed over or refused. */
static int find_unit(struct ledger *ledger, const struct grid_row *row)
{
    struct naming naming = naming_of(ledger, row);

    int total = total_column(ledger, row);
    if (total != NONE) {
        ledger->total_count++;
        return pass_over(ledger, row, total, MSG_COLLECT_ROW_TOTAL, row->cells[total].text);
    }
    if (naming.code.len > 0) {
        return find_by_code(ledger, row, &naming);
    }
    if (!naming.has_values) {
        return NONE; /* notes below the table, blank rows */
    }
    if (naming.name.len > 0) {
        return find_by_name(ledger, row, &naming);
    }
    return refuse(ledger, row, NONE, MSG_COLLECT_UNIT_MISSING, STR(""));
}

static bool note_seen(struct ledger *ledger, const struct grid_row *row, int place)
{
    str code = ledger->job.tree->units[place].code;
    int64_t first = 0;

    if (map_get(&ledger->state->seen, code, &first)) {
        LEDGER_MARK(ledger, SEVERITY_ERROR, row->row, 0, code, MSG_COLLECT_UNIT_TWICE,
                    arg_text(ledger->job.tree->units[place].name), arg_number(first));
        return false;
    }
    (void)map_put(&ledger->state->seen, code, row->row);
    return true;
}

static int by_indicator(const void *a, const void *b)
{
    return ((const struct value *)a)->indicator - ((const struct value *)b)->indicator;
}

static void keep_row(struct ledger *ledger, const struct ledger_row *row)
{
    struct ledger_state *state = ledger->state;

    if (ledger->row_count == state->row_room) {
        int room = state->row_room == 0 ? 512 : 2 * state->row_room;
        struct ledger_row *rows = ARENA_NEW(ledger->cx->arena, struct ledger_row, (size_t)room);
        if (ledger->row_count > 0) {
            memcpy(rows, ledger->rows, (size_t)ledger->row_count * sizeof(*rows));
        }
        ledger->rows = rows;
        state->row_room = room;
    }
    ledger->rows[ledger->row_count++] = *row;
}

enum rc ledger_take_row(struct ledger *ledger, const struct grid_row *row)
{
    struct ledger_state *state = ledger->state;
    struct value *values = state->values;
    int count = 0;

    begin_drops(ledger, row);
    int place = find_unit(ledger, row);
    if (place == NONE || !note_seen(ledger, row, place)) {
        return RC_OK;
    }
    if (ledger->row_count == LEDGER_ROWS_MAX) {
        return err_set(ledger->cx->err, RC_LIMIT, MSG_COLLECT_ROWS_MANY,
                       arg_count(LEDGER_ROWS_MAX));
    }
    for (int c = 0; c < state->column_count && c < row->width; c++) {
        bool is_value = state->columns[c].indicator != NONE;
        if (is_value && ledger_read_cell(ledger, row, c, &values[count])) {
            count++;
        }
    }
    qsort(values, (size_t)count, sizeof(values[0]), by_indicator);
    struct ledger_row kept = {
        .place = place,
        .sheet = state->sheet.index,
        .row = row->row,
        .values = ARENA_NEW(ledger->cx->arena, struct value, (size_t)count),
        .count = count,
    };
    memcpy(kept.values, values, (size_t)count * sizeof(values[0]));
    ledger->cell_count += count;
    keep_row(ledger, &kept);
    return RC_OK;
}
