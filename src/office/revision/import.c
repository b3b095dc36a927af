/* A dictionary that comes back: rows of cells become the tree they were made of. */
#include "base/num.h"
#include "office/revision/revision_in.h"

/* What a column of the sheet holds; NULL: nothing we know. */
struct heading {
    const struct plan_column *column;
};

struct import_state {
    struct arena *arena;
    struct problems *problems;
    str file;
    str place_file; /* "dictionary.xlsx [指标 indicators]" */
    struct plan *plans;
    int plan_count;
    const struct plan *plan;  /* of the sheet being read; NULL: passed over */
    struct heading *headings; /* of the sheet, by its column */
    int column_count;         /* 0: the headings have not come yet */
    bool *has_come;           /* of each plan */
    struct doc *root;
};

enum { SHEET_COLUMNS_MAX = 256, SHEET_ROWS_MAX = 5000 };

static struct file_place place_at(const struct import_state *state, int64_t row, int column)
{
    return (struct file_place){state->place_file, (int)row, column + 1};
}

/* "file [sheet]" */
static str place_name(const struct import_state *state, str sheet)
{
    struct buf out;
    str text = {0};

    buf_init(&out, state->arena, 4096);
    buf_put(&out, state->file);
    buf_put(&out, STR(" ["));
    buf_put(&out, sheet);
    buf_char(&out, ']');
    return buf_done(&out, &text) ? text : state->file;
}

static enum rc take_sheet(void *self, const struct sheet_info *info)
{
    struct import_state *state = self;
    str key = title_key(info->name);
    struct nearest near;

    state->plan = NULL;
    state->column_count = 0;
    state->headings = ARENA_NEW(state->arena, struct heading, SHEET_COLUMNS_MAX);
    state->place_file = place_name(state, info->name);
    nearest_begin(&near, key);
    for (int i = 0; i < state->plan_count; i++) {
        nearest_offer(&near, state->plans[i].name);
        if (!str_equal(state->plans[i].name, key)) {
            continue;
        }
        if (state->has_come[i]) {
            SAY_ERROR(state->problems, place_at(state, 1, 0), MSG_REVISION_SHEET_TWICE,
                      arg_text(key));
            return RC_OK;
        }
        state->has_come[i] = true;
        state->plan = &state->plans[i];
        return RC_OK;
    }
    if (near.best.len > 0) {
        SAY_ERROR(state->problems, place_at(state, 1, 0), MSG_REVISION_SHEET_NEAR,
                  arg_text(info->name), arg_text(near.best));
    } else {
        SAY_ERROR(state->problems, place_at(state, 1, 0), MSG_REVISION_SHEET_UNKNOWN,
                  arg_text(info->name));
    }
    return RC_OK;
}

static const struct plan_column *find_column(const struct plan *plan, str key)
{
    for (int i = 0; i < plan->column_count; i++) {
        if (str_equal(plan->columns[i].key, key)) {
            return &plan->columns[i];
        }
    }
    return NULL;
}

static void take_heading(struct import_state *state, const struct cell *cell, int64_t row)
{
    str key = title_key(cell->text);
    const struct plan_column *column = find_column(state->plan, key);
    bool fits = cell->column < SHEET_COLUMNS_MAX;

    if (cell->kind == CELL_EMPTY || key.len == 0) {
        return;
    }
    for (int i = 0; column != NULL && i < state->column_count; i++) {
        fits = fits && state->headings[i].column != column;
    }
    if (column == NULL || !fits) {
        SAY_ERROR(state->problems, place_at(state, row, cell->column), MSG_REVISION_COLUMN_UNKNOWN,
                  arg_text(cell->text));
        return;
    }
    state->headings[cell->column].column = column;
    state->column_count =
        cell->column + 1 > state->column_count ? cell->column + 1 : state->column_count;
}

/* The headings are the first row that begins with the plan's first column. */
static bool is_heading(const struct import_state *state, const struct sheet_row *row)
{
    return row->count > 0 && row->cells[0].kind == CELL_TEXT &&
           str_equal(title_key(row->cells[0].text), state->plan->columns[0].key);
}

/* The tree is ours until it is handed over. */
static struct doc *thawed(const struct doc *own)
{
    void *out = NULL;

    memcpy(&out, &own, sizeof(out));
    return out;
}

static void hang(struct doc *into, struct doc *child)
{
    struct doc *last = thawed(into->first);

    while (last != NULL && last->next != NULL) {
        last = thawed(last->next);
    }
    if (last == NULL) {
        into->first = child;
    } else {
        last->next = child;
    }
    into->count++;
}

static struct doc *new_node(struct import_state *state, enum doc_kind kind, str key,
                            struct file_place place)
{
    struct doc *node = ARENA_NEW(state->arena, struct doc, 1);

    *node = (struct doc){
        .kind = kind,
        .key = arena_str(state->arena, key),
        .file = place.file,
        .line = place.line,
        .column = place.column,
        .key_line = place.line,
        .key_column = place.column,
    };
    return node;
}

/* The child of that key, made when it is not there yet. */
static struct doc *child_of(struct import_state *state, struct doc *parent, str key,
                            enum doc_kind kind, struct file_place place)
{
    const struct doc *found = doc_get(parent, key);

    if (found != NULL) {
        return thawed(found);
    }
    struct doc *made = new_node(state, kind, key, place);
    hang(parent, made);
    return made;
}

/* The object of a list by its number from 1; NULL when there is none. */
static const struct doc *item_at(const struct doc *list, str number)
{
    int64_t wanted = 0;
    int at = 1;

    if (!num_parse_int(number, 1, INT32_MAX, &wanted)) {
        return NULL;
    }
    for (const struct doc *item = list->first; item != NULL; item = item->next, at++) {
        if (at == wanted) {
            return item;
        }
    }
    return NULL;
}

/* The texts of a row in the plan's order of columns; "" where a cell is empty. */
struct texts {
    str at[PLAN_COLUMNS_MAX];
    int sheet_column[PLAN_COLUMNS_MAX];
};

static struct doc *lose(struct import_state *state, struct file_place place, enum msg_id why,
                        str id)
{
    SAY_ERROR(state->problems, place, why, arg_text(id), arg_text(state->plan->name));
    return NULL;
}

/* A new object at the end of the chain, in `many`. */
static struct doc *add_object(struct import_state *state, struct doc *many, str id,
                              struct file_place place)
{
    bool is_map = many->kind == DOC_MAP;
    int64_t number = 0;

    if (id.len == 0) {
        return lose(state, place, MSG_REVISION_ROW_LOST, id);
    }
    if (is_map && doc_get(many, id) != NULL) {
        return lose(state, place, MSG_REVISION_ROW_TWICE, id);
    }
    if (!is_map && !num_parse_int(id, many->count + 1, many->count + 1, &number)) {
        SAY_ERROR(state->problems, place, MSG_REVISION_NUMBER, arg_text(id),
                  arg_count(many->count + 1));
        return NULL;
    }
    struct doc *object = new_node(state, DOC_MAP, is_map ? id : STR(""), place);
    hang(many, object);
    return object;
}

/* The object a row stands for: down the chain by the ids in front of it, then made. */
static struct doc *object_of(struct import_state *state, const struct texts *texts,
                             struct file_place place)
{
    const struct plan *plan = state->plan;
    struct doc *at = state->root;

    for (int step = 0; step < plan->depth; step++) {
        const struct field *field = plan->chain[step];
        enum doc_kind kind = field->type == FIELD_LIST ? DOC_LIST : DOC_MAP;
        at = child_of(state, at, str_from(field->key), kind, place);
        if (field->type == FIELD_ONE) {
            return at->count == 0 ? at : lose(state, place, MSG_REVISION_ROW_TWICE, at->key);
        }
        str id = str_trim(texts->at[step]);
        if (step == plan->depth - 1) {
            return add_object(state, at, id, place);
        }
        const struct doc *known = kind == DOC_MAP ? doc_get(at, id) : item_at(at, id);
        if (known == NULL) {
            return lose(state, place, MSG_REVISION_ROW_LOST, id);
        }
        at = thawed(known);
    }
    NEVER("a chain ends with its objects");
}

static void place_value(struct doc *value, struct file_place place)
{
    value->file = place.file;
    value->line = place.line;
    value->column = place.column;
    for (const struct doc *item = value->first; item != NULL; item = item->next) {
        struct doc *own = thawed(item);
        own->file = place.file;
        own->line = own->key_line = place.line;
        own->column = own->key_column = place.column;
    }
}

static void put_value(struct import_state *state, struct doc *object,
                      const struct plan_column *column, str text, struct file_place place)
{
    struct doc *into = object;
    str key = str_from(column->field->key);

    if (column->language.len > 0) {
        into = child_of(state, object, key, DOC_MAP, place);
        key = column->language;
    }
    struct doc *value = cell_read(column->field, arena_str(state->arena, text), state->arena);
    place_value(value, place);
    value->key = key;
    value->key_line = place.line;
    value->key_column = place.column;
    hang(into, value);
}

static void take_object(struct import_state *state, const struct texts *texts, int64_t row)
{
    const struct plan *plan = state->plan;
    struct doc *object = object_of(state, texts, place_at(state, row, 0));

    for (int i = plan->lead_count; object != NULL && i < plan->column_count; i++) {
        if (texts->at[i].len > 0) {
            put_value(state, object, &plan->columns[i], texts->at[i],
                      place_at(state, row, texts->sheet_column[i]));
        }
    }
}

/* What stands in a cell, as a definition writes it. */
static str cell_text(struct import_state *state, const struct cell *cell, int64_t row)
{
    switch (cell->kind) {
    case CELL_BOOL:
        return str_equal(cell->text, STR("1")) ? STR("true") : STR("false");
    case CELL_ERROR:
        SAY_ERROR(state->problems, place_at(state, row, cell->column), MSG_REVISION_CELL_ERROR,
                  arg_text(cell->text));
        return STR("");
    case CELL_EMPTY:
    case CELL_TEXT:
    case CELL_NUMBER:
    case CELL_DATE:
        break;
    }
    return cell->text;
}

static void take_cells(struct import_state *state, const struct sheet_row *row)
{
    struct texts texts = {0};
    bool is_blank = true;

    for (int i = 0; i < row->count; i++) {
        const struct cell *cell = &row->cells[i];
        if (cell->column >= state->column_count || state->headings[cell->column].column == NULL) {
            continue;
        }
        ptrdiff_t column = state->headings[cell->column].column - state->plan->columns;
        texts.at[column] = cell_text(state, cell, row->row);
        texts.sheet_column[column] = cell->column;
        is_blank = is_blank && str_trim(texts.at[column]).len == 0;
    }
    if (!is_blank) {
        take_object(state, &texts, row->row);
    }
}

static enum rc take_row(void *self, const struct sheet_row *row)
{
    struct import_state *state = self;

    if (state->plan == NULL) {
        return RC_OK;
    }
    if (row->row > SHEET_ROWS_MAX) {
        SAY_ERROR(state->problems, place_at(state, row->row, 0), MSG_REVISION_ROWS_MANY,
                  arg_count(SHEET_ROWS_MAX));
        state->plan = NULL;
        return RC_OK;
    }
    if (state->column_count > 0) {
        take_cells(state, row);
        return RC_OK;
    }
    bool heads = is_heading(state, row);
    for (int i = 0; i < row->count && heads; i++) {
        take_heading(state, &row->cells[i], row->row);
    }
    return RC_OK;
}

static enum rc take_end(void *self)
{
    struct import_state *state = self;

    if (state->plan != NULL && state->column_count == 0) {
        SAY_ERROR(state->problems, place_at(state, 1, 0), MSG_REVISION_NO_HEADINGS,
                  arg_text(state->plan->columns[0].key));
    }
    return RC_OK;
}

void revision_import_begin(struct revision_import *import, str file, struct arena *arena,
                           struct problems *problems)
{
    struct import_state *state = ARENA_NEW(arena, struct import_state, 1);

    *state = (struct import_state){
        .arena = arena,
        .problems = problems,
        .file = arena_str(arena, file),
        .plans = ARENA_NEW(arena, struct plan, PLANS_MAX),
        .has_come = ARENA_NEW(arena, bool, PLANS_MAX),
        .root = ARENA_NEW(arena, struct doc, 1),
    };
    state->plan_count = plan_all(state->plans, arena);
    *state->root = (struct doc){.kind = DOC_MAP, .file = state->file, .line = 1, .column = 1};
    *import = (struct revision_import){
        .reader = {.self = state, .sheet = take_sheet, .row = take_row, .end = take_end},
        .state = state,
    };
}

const struct doc *revision_import_end(const struct revision_import *import)
{
    return import->state->root;
}
