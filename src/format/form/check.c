/* What a ledger checks while it is filled in, and by what it is recognised afterwards. */
#include "base/buf.h"
#include "base/date.h"
#include "base/num.h"
#include "base/place.h"
#include "base/utf8.h"
#include "format/form/form_in.h"

enum {
    MESSAGE_MAX = 255, /* of a validation, Excel's limit in UTF-16 units */
    TITLE_MAX = 4096,
};

static const double ANY_NUMBER = 1e15;

str form_full_title(struct arena *arena, const struct form_column *column)
{
    struct buf out;
    str text = {0};

    buf_init(&out, arena, TITLE_MAX);
    buf_put(&out, column->title);
    if (column->unit.len > 0) {
        bool is_wide = utf8_width(column->title) > utf8_count(column->title);
        buf_put(&out, is_wide ? STR("（") : STR(" ("));
        buf_put(&out, column->unit);
        buf_put(&out, is_wide ? STR("）") : STR(")"));
    }
    (void)buf_done(&out, &text);
    return text;
}

/* The column whose list serves column `i` too: the first with the same choices. */
static int list_of(const struct form *form, int i)
{
    for (int k = 0; k < i; k++) {
        if (form->columns[k].choices == form->columns[i].choices &&
            form->columns[k].choice_count == form->columns[i].choice_count) {
            return k;
        }
    }
    return i;
}

/* Row by row, as the library wants it: the r-th choice of every list. */
static enum rc put_lists(struct form_book *book)
{
    const struct form *form = book->form;
    int longest = 0;
    enum rc rc = RC_OK;

    for (int i = 0; i < form->column_count; i++) {
        int count = form->columns[i].choice_count;
        longest = count > longest ? count : longest;
    }
    if (longest == 0) {
        return RC_OK;
    }
    rc = xlsx_sheet_add(&book->xlsx, STR("_lists"), &book->lists);
    for (int r = 0; r < longest && rc == RC_OK; r++) {
        for (int i = 0; i < form->column_count && rc == RC_OK; i++) {
            if (list_of(form, i) == i && r < form->columns[i].choice_count) {
                rc = xlsx_text(&book->lists, r, i, form->columns[i].choices[r], NULL);
            }
        }
    }
    if (rc == RC_OK) {
        worksheet_hide(book->lists.sheet);
    }
    return rc;
}

/* "wancun_list_7", standing for the cells of column 7's choices. */
static enum rc name_list(struct form_book *book, int i)
{
    enum { NAME_ROOM = 32, FORMULA_ROOM = 96 };
    char name[NAME_ROOM];
    char formula[FORMULA_ROOM];
    char cell[PLACE_MAX];
    str place = place_name(cell, 0, i);

    place.len--; /* the letters alone: the row is "1" */
    (void)snprintf(name, sizeof(name), "wancun_list_%d", i);
    (void)snprintf(formula, sizeof(formula), "='_lists'!$%.*s$1:$%.*s$%d", STR_ARG(place),
                   STR_ARG(place), book->form->columns[i].choice_count);
    return xlsx_outcome(&book->xlsx, workbook_define_name(book->xlsx.book, name, formula));
}

/* The beginning of `text` that a validation's message has room for. */
static char *message_of(struct arena *arena, str text)
{
    size_t place = 0;
    size_t end = 0;
    uint32_t point = 0;

    for (size_t units = 0; utf8_next(text, &place, &point); end = place) {
        units += point > 0xFFFF ? 2 : 1;
        if (units > MESSAGE_MAX) {
            break;
        }
    }
    char *copy = arena_take(arena, end + 1);
    if (end > 0) {
        memcpy(copy, text.at, end);
    }
    return copy;
}

static void check_number(lxw_data_validation *check, const struct form_column *column)
{
    check->validate =
        column->decimals == 0 ? LXW_VALIDATION_TYPE_INTEGER : LXW_VALIDATION_TYPE_DECIMAL;
    check->criteria = LXW_VALIDATION_CRITERIA_BETWEEN;
    check->minimum_number =
        column->has_range ? num_to_double(column->min, column->decimals) : -ANY_NUMBER;
    check->maximum_number =
        column->has_range ? num_to_double(column->max, column->decimals) : ANY_NUMBER;
}

static void check_day(lxw_data_validation *check)
{
    check->validate = LXW_VALIDATION_TYPE_DATE_NUMBER;
    check->criteria = LXW_VALIDATION_CRITERIA_BETWEEN;
    check->minimum_number = (double)date_of(1900, 3, 1).days + FORM_EXCEL_EPOCH;
    check->maximum_number = (double)date_of(2199, 12, 31).days + FORM_EXCEL_EPOCH;
}

/* Make the validation just added ask the named list. The library's own way to do so copies the
 * formula twice and loses one copy; so it is given a list of one word, which is replaced. */
static void point_at_list(const lxw_worksheet *sheet, int list)
{
    enum { FORMULA_ROOM = 32 };
    char formula[FORMULA_ROOM];
    struct lxw_data_val_obj *check = NULL;
    struct lxw_data_val_obj *last = NULL;

    STAILQ_FOREACH(check, sheet->data_validations, list_pointers)
    {
        last = check;
    }
    MUST(last != NULL);
    (void)snprintf(formula, sizeof(formula), "wancun_list_%d", list);
    free(last->value_formula);
    last->value_formula = lxw_strdup(formula);
    MUST(last->value_formula != NULL);
}

static enum rc check_column(struct form_book *book, int i)
{
    const struct form_column *column = &book->form->columns[i];
    lxw_col_t place = (lxw_col_t)(book->form->head_count + i);
    char one_word[] = "-";
    char *words[] = {one_word, NULL};
    lxw_data_validation check = {
        .error_message = column->rule.len > 0 ? message_of(book->xlsx.arena, column->rule) : NULL,
    };

    switch (column->kind) {
    case FORM_TEXT:
        return RC_OK;
    case FORM_NUMBER:
        check_number(&check, column);
        break;
    case FORM_DATE:
        check_day(&check);
        break;
    case FORM_CHOICE:
    case FORM_YES_NO:
        if (column->choice_count == 0) {
            return RC_OK;
        }
        check.validate = LXW_VALIDATION_TYPE_LIST;
        check.value_list = words;
        break;
    }
    enum rc rc = xlsx_outcome(&book->xlsx, worksheet_data_validation_range(
                                               book->sheet.sheet, (lxw_row_t)(book->head_row + 1),
                                               place, (lxw_row_t)(book->row - 1), place, &check));
    if (rc == RC_OK && check.validate == LXW_VALIDATION_TYPE_LIST) {
        point_at_list(book->sheet.sheet, list_of(book->form, i));
    }
    return rc;
}

enum rc form_put_checks(struct form_book *book)
{
    const struct form *form = book->form;
    enum rc rc = put_lists(book);

    for (int i = 0; i < form->column_count && rc == RC_OK; i++) {
        if (form->columns[i].choice_count > 0 && list_of(form, i) == i) {
            rc = name_list(book, i);
        }
        if (rc == RC_OK && !form->columns[i].is_locked && book->row > book->head_row + 1) {
            rc = check_column(book, i);
        }
    }
    return rc;
}

static enum rc put_pair(struct xlsx_sheet *sheet, int64_t *row, str key, str value)
{
    enum rc rc = xlsx_text(sheet, *row, 0, key, NULL);

    if (rc == RC_OK) {
        rc = xlsx_text(sheet, *row, 1, value, NULL);
    }
    (*row)++;
    return rc;
}

static enum rc put_property(struct form_book *book, const struct form_word *mark)
{
    enum { PROPERTY_MAX = 255 };
    struct arena *arena = book->xlsx.arena;
    struct buf name;
    str text = {0};

    buf_init(&name, arena, PROPERTY_MAX);
    buf_put(&name, STR("wancun."));
    buf_put(&name, mark->key);
    if (!buf_done(&name, &text) || mark->value.len > PROPERTY_MAX) {
        return RC_OK; /* the hidden sheet has it */
    }
    return xlsx_outcome(
        &book->xlsx, workbook_set_custom_property_string(book->xlsx.book, arena_str(arena, text).at,
                                                         arena_str(arena, mark->value).at));
}

static enum rc put_columns_of(struct form_book *book, struct xlsx_sheet *sheet, int64_t row)
{
    const struct form *form = book->form;
    enum rc rc = RC_OK;

    for (int i = 0; i < form->column_count && rc == RC_OK; i++) {
        rc = xlsx_text(sheet, row, 2, form_full_title(book->xlsx.arena, &form->columns[i]), NULL);
        if (rc == RC_OK) {
            rc = put_pair(sheet, &row, STR("column"), form->columns[i].key);
        }
    }
    return rc;
}

enum rc form_put_marks(struct form_book *book)
{
    const struct form *form = book->form;
    struct xlsx_sheet sheet = {0};
    char text[NUM_TEXT_MAX];
    int64_t row = 0;
    enum rc rc = xlsx_sheet_add(&book->xlsx, STR(FORM_MARK_TAB), &sheet);

    if (rc == RC_OK) {
        worksheet_hide(sheet.sheet);
        rc = put_pair(&sheet, &row, STR("schema"), STR("wancun.form/1"));
    }
    for (int i = 0; i < form->mark_count && rc == RC_OK; i++) {
        rc = put_pair(&sheet, &row, form->marks[i].key, form->marks[i].value);
        if (rc == RC_OK) {
            rc = put_property(book, &form->marks[i]);
        }
    }
    if (rc == RC_OK) {
        rc = put_pair(&sheet, &row, STR("tab"), book->sheet.tab);
    }
    if (rc == RC_OK) {
        rc = put_pair(&sheet, &row, STR("head_row"), num_print(text, book->head_row + 1, 0));
    }
    return rc == RC_OK ? put_columns_of(book, &sheet, row) : rc;
}
