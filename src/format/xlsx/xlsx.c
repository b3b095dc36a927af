/* libxlsxwriter behind one door. */
#include "format/xlsx/xlsx.h"

#include <fcntl.h>
#include <math.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <zip.h>

#include "base/buf.h"
#include "base/num.h"
#include "base/place.h"
#include "base/utf8.h"

enum {
    FOOTER_MAX = 255,                       /* Excel's own limit */
    CELL_BYTES_MAX = BOOK_TEXT_MAX * 7 + 8, /* a unit is at most 3 bytes, "_x005F" may precede it */
    PROPERTY_MAX = 255,
};

static const char FONT[] = "微软雅黑";

static enum rc spoil(struct xlsx *xlsx, enum rc rc)
{
    xlsx->rc = xlsx->rc == RC_OK ? rc : xlsx->rc;
    return xlsx->rc;
}

static enum rc broken(struct xlsx *xlsx, lxw_error error)
{
    str why = str_from(lxw_strerror(error));

    return spoil(xlsx, err_set(xlsx->err, RC_BROKEN, MSG_BOOK_NOT_MADE, arg_text(why)));
}

/* Something could not be written to its end: the disk is full, and may be mended. */
static enum rc lost(struct xlsx *xlsx, lxw_error error)
{
    str why = str_from(lxw_strerror(error));

    return spoil(xlsx, err_set(xlsx->err, RC_BUSY, MSG_BOOK_NOT_MADE, arg_text(why)));
}

enum rc xlsx_outcome(struct xlsx *xlsx, lxw_error error)
{
    return error == LXW_NO_ERROR ? RC_OK : broken(xlsx, error);
}

/* The foot of a page: the fixed line, page of pages. "&" is the mark of Excel's own codes. */
static str make_footer(struct arena *arena, str line)
{
    struct buf out;
    str text = {0};
    size_t place = 0;
    uint32_t point = 0;

    buf_init(&out, arena, FOOTER_MAX - sizeof("&C&P / &N"));
    buf_put(&out, STR("&L"));
    for (size_t begin = 0; utf8_next(line, &place, &point); begin = place) {
        buf_put(&out, point == '&' ? STR("&&") : str_part(line, begin, place - begin));
    }
    (void)buf_done(&out, &text);
    struct buf whole;
    buf_init(&whole, arena, FOOTER_MAX);
    buf_put(&whole, text);
    buf_put(&whole, STR("&C&P / &N"));
    buf_char(&whole, '\0');
    MUST(buf_done(&whole, &text));
    return text;
}

static char *zero_ended(struct arena *arena, str text)
{
    char *copy = arena_take(arena, text.len + 1);

    if (text.len > 0) {
        memcpy(copy, text.at, text.len);
    }
    return copy;
}

/* A zero-ended copy of a document property; Excel cuts at 255. */
static char *property(struct arena *arena, str text)
{
    bool is_fit = text.len <= PROPERTY_MAX && utf8_is_valid(text);

    return zero_ended(arena, is_fit ? text : STR(""));
}

static void set_properties(struct xlsx *xlsx, const struct book_options *options)
{
    lxw_doc_properties properties = {
        .title = property(xlsx->arena, options->title),
        .author = property(xlsx->arena, options->author),
        .company = property(xlsx->arena, options->author),
        .created = (time_t)(options->created_ms / 1000),
    };

    (void)workbook_set_properties(xlsx->book, &properties);
}

enum rc xlsx_open(struct xlsx *xlsx, struct arena *arena, const struct book_options *options,
                  struct err *err)
{
    enum { PATH_ROOM = 64 };
    char path[PATH_ROOM];
    lxw_workbook_options how = {.constant_memory = LXW_TRUE};

    *xlsx = (struct xlsx){.arena = arena, .err = err, .fd = -1};
    how.tmpdir = options->scratch.len > 0 ? zero_ended(arena, options->scratch) : NULL;
    xlsx->fd = how.tmpdir == NULL ? memfd_create("workbook", MFD_CLOEXEC)
                                  : open(how.tmpdir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (xlsx->fd < 0) {
        return broken(xlsx, LXW_ERROR_CREATING_XLSX_FILE);
    }
    (void)snprintf(path, sizeof(path), "/proc/self/fd/%d", xlsx->fd);
    xlsx->book = workbook_new_opt(path, &how);
    if (xlsx->book == NULL) {
        (void)close(xlsx->fd);
        return broken(xlsx, LXW_ERROR_MEMORY_MALLOC_FAILED);
    }
    xlsx->footer = make_footer(arena, options->footer);
    xlsx->text = arena_take(arena, CELL_BYTES_MAX + 1);
    map_init(&xlsx->tabs, arena, 16);
    set_properties(xlsx, options);
    return RC_OK;
}

void xlsx_abandon(struct xlsx *xlsx)
{
    lxw_worksheet *sheet = NULL;

    if (xlsx->book == NULL) {
        return;
    }
    STAILQ_FOREACH(sheet, xlsx->book->worksheets, list_pointers)
    {
        if (sheet->optimize_tmpfile != NULL) {
            (void)fclose(sheet->optimize_tmpfile);
        }
    }
    lxw_workbook_free(xlsx->book);
    xlsx->book = NULL;
    (void)close(xlsx->fd);
}

/* True when the part can be unpacked to its end and ends as XML does. A disk that filled up while
 * the library wrote its temporary files leaves a part cut short, and the library says nothing. */
static bool part_is_whole(zip_t *zip, zip_uint64_t index)
{
    char piece[8 * 1024];
    char last = '\0';
    zip_file_t *file = zip_fopen_index(zip, index, 0);
    zip_int64_t got = 0;

    if (file == NULL) {
        return false;
    }
    while ((got = zip_fread(file, piece, sizeof(piece))) > 0) {
        last = piece[got - 1];
        if (last == '\n' && got > 1) {
            last = piece[got - 2];
        }
    }
    (void)zip_fclose(file);
    return got == 0 && last == '>';
}

static bool file_is_whole(int fd)
{
    int failed = 0;
    int own = dup(fd); /* closed with the archive */
    zip_t *zip = own < 0 ? NULL : zip_fdopen(own, 0, &failed);

    if (zip == NULL) {
        if (own >= 0) {
            (void)close(own);
        }
        return false;
    }
    zip_int64_t count = zip_get_num_entries(zip, 0);
    bool whole = count > 0;
    for (zip_int64_t i = 0; i < count && whole; i++) {
        whole = part_is_whole(zip, (zip_uint64_t)i);
    }
    zip_discard(zip);
    return whole;
}

static enum rc copy_out(struct xlsx *xlsx, int64_t size, struct byte_sink out)
{
    char piece[8 * 1024];
    enum rc rc = RC_OK;

    for (int64_t at = 0; at < size && rc == RC_OK;) {
        ssize_t got = pread(xlsx->fd, piece, sizeof(piece), at);
        rc = got > 0 ? out.take(out.self, (str){piece, (size_t)got})
                     : broken(xlsx, LXW_ERROR_ZIP_FILE_OPERATION);
        at += got;
    }
    return rc;
}

static enum rc hand_over(struct xlsx *xlsx, struct byte_sink out)
{
    struct stat info = {0};

    if (fstat(xlsx->fd, &info) != 0 || info.st_size <= 0) {
        return lost(xlsx, LXW_ERROR_CREATING_XLSX_FILE);
    }
    return file_is_whole(xlsx->fd) ? copy_out(xlsx, info.st_size, out)
                                   : lost(xlsx, LXW_ERROR_ZIP_FILE_OPERATION);
}

/* What the library could not write to its temporary files so far. */
static bool rows_were_lost(struct xlsx *xlsx)
{
    lxw_worksheet *sheet = NULL;

    STAILQ_FOREACH(sheet, xlsx->book->worksheets, list_pointers)
    {
        if (sheet->optimize_tmpfile != NULL &&
            (fflush(sheet->optimize_tmpfile) != 0 || ferror(sheet->optimize_tmpfile) != 0)) {
            return true;
        }
    }
    return false;
}

enum rc xlsx_close(struct xlsx *xlsx, struct byte_sink out)
{
    enum rc rc = xlsx->rc;

    if (rc == RC_OK && rows_were_lost(xlsx)) {
        rc = lost(xlsx, LXW_ERROR_CREATING_TMPFILE);
    }
    if (rc != RC_OK) {
        xlsx_abandon(xlsx);
        return rc;
    }
    lxw_error error = workbook_close(xlsx->book);
    xlsx->book = NULL;
    rc = error == LXW_NO_ERROR ? hand_over(xlsx, out) : lost(xlsx, error);
    (void)close(xlsx->fd);
    return rc;
}

/* A code point that may not stand in the name of a sheet. */
static bool is_forbidden(uint32_t point)
{
    return point < 0x20 || (point < 0x80 && strchr("[]:*?/\\'", (int)point) != NULL);
}

static size_t utf16_units(uint32_t point)
{
    return point > 0xFFFF ? 2 : 1;
}

/* `wanted` without what is forbidden, at most `room` units. */
static str fit_tab(struct arena *arena, str wanted, size_t room)
{
    struct buf out;
    str text = {0};
    size_t place = 0;
    uint32_t point = 0;

    buf_init(&out, arena, 8 * (size_t)BOOK_TAB_MAX);
    for (size_t begin = 0; utf8_next(wanted, &place, &point); begin = place) {
        if (utf16_units(point) > room) {
            break;
        }
        room -= utf16_units(point);
        buf_put(&out, is_forbidden(point) ? STR("-") : str_part(wanted, begin, place - begin));
    }
    MUST(buf_done(&out, &text));
    return str_trim(text);
}

/* Excel takes names that differ only in case for the same. */
static str folded(struct arena *arena, str tab)
{
    static const char UPPER[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    static const char LOWER[] = "abcdefghijklmnopqrstuvwxyz";
    struct buf out;
    str text = {0};

    buf_init(&out, arena, tab.len);
    for (size_t i = 0; i < tab.len; i++) {
        const char *upper = tab.at[i] == '\0' ? NULL : strchr(UPPER, tab.at[i]);
        buf_put(&out, upper == NULL ? str_part(tab, i, 1) : (str){&LOWER[upper - UPPER], 1});
    }
    MUST(buf_done(&out, &text));
    return text;
}

static str numbered_tab(struct arena *arena, str wanted, int number)
{
    enum { NUMBER_UNITS = 5 };
    struct buf out;
    str text = {0};

    buf_init(&out, arena, 8 * (size_t)BOOK_TAB_MAX);
    buf_put(&out, fit_tab(arena, wanted, BOOK_TAB_MAX - NUMBER_UNITS));
    buf_put(&out, STR("-"));
    buf_int(&out, number);
    MUST(buf_done(&out, &text));
    return text;
}

str xlsx_tab(struct xlsx *xlsx, str wanted)
{
    str base = fit_tab(xlsx->arena, utf8_is_valid(wanted) ? wanted : STR(""), BOOK_TAB_MAX);
    int64_t taken = 0;

    if (base.len == 0) {
        base = STR("1");
    }
    bool is_reserved = str_equal(folded(xlsx->arena, base), STR("history"));
    str tab = is_reserved ? numbered_tab(xlsx->arena, base, 1) : base;
    for (int n = 2; map_get(&xlsx->tabs, folded(xlsx->arena, tab), &taken); n++) {
        tab = numbered_tab(xlsx->arena, base, n);
    }
    (void)map_put(&xlsx->tabs, folded(xlsx->arena, tab), 1);
    return arena_str(xlsx->arena, tab);
}

enum rc xlsx_sheet_add(struct xlsx *xlsx, str wanted, struct xlsx_sheet *out)
{
    str tab = xlsx_tab(xlsx, wanted);
    lxw_worksheet *sheet = workbook_add_worksheet(xlsx->book, tab.at);

    if (sheet == NULL) {
        return broken(xlsx, LXW_ERROR_CREATING_TMPFILE);
    }
    worksheet_set_paper(sheet, XLSX_PAPER_A4);
    worksheet_set_landscape(sheet);
    worksheet_set_margins(sheet, 0.4, 0.4, 0.5, 0.6);
    worksheet_gridlines(sheet, LXW_HIDE_ALL_GRIDLINES);
    worksheet_set_default_row(sheet, XLSX_ROW_POINTS, LXW_FALSE);
    (void)worksheet_set_footer(sheet, xlsx->footer.at);
    *out = (struct xlsx_sheet){xlsx, sheet, tab};
    return RC_OK;
}

void xlsx_fit(struct xlsx_sheet *sheet, double width)
{
    static const double PAGE_WIDTH = 175; /* characters across A4 at the smallest type we read */

    worksheet_fit_to_pages(sheet->sheet, (uint16_t)ceil(fmax(width, 1) / PAGE_WIDTH), 0);
}

lxw_format *xlsx_format(struct xlsx *xlsx, double points, uint32_t colour)
{
    lxw_format *format = workbook_add_format(xlsx->book);

    MUST(format != NULL);
    format_set_font_name(format, FONT);
    format_set_font_size(format, points);
    format_set_font_color(format, colour);
    format_set_align(format, LXW_ALIGN_VERTICAL_CENTER);
    return format;
}

str xlsx_heading(struct arena *arena, str title)
{
    enum { SHORT = 14 };
    size_t wide = str_find(title, STR("（"));
    size_t narrow = str_find(title, STR(" ("));
    size_t bracket = wide != STR_NONE ? wide : narrow;
    struct buf out;
    str text = {0};

    if (bracket == STR_NONE || bracket == 0 || utf8_width(title) <= SHORT) {
        return title;
    }
    buf_init(&out, arena, title.len + 1);
    buf_put(&out, str_part(title, 0, bracket));
    buf_char(&out, '\n');
    buf_put(&out, str_trim(str_part(title, bracket, title.len)));
    MUST(buf_done(&out, &text));
    return text;
}

double xlsx_heading_width(str heading)
{
    static const double COMFORT = 10; /* a line up to this wide is not broken */
    double width = 0;
    str line = {0};

    while (str_cut(&heading, '\n', &line)) {
        double whole = (double)utf8_width(line);
        width = fmax(width, whole <= COMFORT ? whole : fmax(COMFORT, ceil(whole / 2)));
    }
    return width;
}

int xlsx_lines(str text, double width)
{
    int lines = 0;
    str line = {0};

    while (str_cut(&text, '\n', &line)) {
        lines += (int)fmax(1, ceil((double)utf8_width(line) / fmax(width, 1)));
    }
    return lines;
}

void xlsx_frame(lxw_format *format)
{
    format_set_border(format, LXW_BORDER_THIN);
    format_set_border_color(format, XLSX_LINE);
}

static enum rc refuse_text(struct xlsx_sheet *sheet, int64_t row, int column, enum rc rc)
{
    char name[PLACE_MAX];
    struct arg tab = arg_text(sheet->tab);
    struct arg place = arg_text(place_name(name, row, column));

    if (rc == RC_LIMIT) {
        rc =
            err_set(sheet->xlsx->err, rc, MSG_BOOK_TEXT_LONG, tab, place, arg_count(BOOK_TEXT_MAX));
    } else {
        rc = err_set(sheet->xlsx->err, rc, MSG_BOOK_TEXT_BROKEN, tab, place);
    }
    return spoil(sheet->xlsx, rc);
}

/* What Excel would read as an escape ("_x0041_" is "A") and must be escaped itself. */
static bool is_escape(str text, size_t at)
{
    enum { ESCAPE_LEN = 7 };
    str part = str_part(text, at, ESCAPE_LEN);

    if (part.len < ESCAPE_LEN || !str_starts(part, STR("_x")) || part.at[6] != '_') {
        return false;
    }
    for (size_t i = 2; i < 6; i++) {
        if (strchr("0123456789abcdefABCDEF", part.at[i]) == NULL) {
            return false;
        }
    }
    return true;
}

/* XML has no place for NUL, U+FFFE and U+FFFF. */
static bool is_storable(uint32_t point)
{
    return point != 0 && point != 0xFFFE && point != 0xFFFF;
}

/* UTF-16 units of valid text; RC_INVALID where a code point cannot be stored. */
static enum rc count_units(str text, size_t *out_units)
{
    size_t place = 0;
    size_t units = 0;
    uint32_t point = 0;

    if (!utf8_is_valid(text)) {
        return RC_INVALID;
    }
    while (utf8_next(text, &place, &point)) {
        if (!is_storable(point)) {
            return RC_INVALID;
        }
        units += utf16_units(point);
    }
    *out_units = units;
    return RC_OK;
}

const char *xlsx_c(struct xlsx_sheet *sheet, int64_t row, int column, str text)
{
    struct xlsx *xlsx = sheet->xlsx;
    size_t units = 0;
    size_t len = 0;
    enum rc rc = count_units(text, &units);

    if (rc == RC_OK && units > BOOK_TEXT_MAX) {
        rc = RC_LIMIT;
    }
    if (rc != RC_OK) {
        (void)refuse_text(sheet, row, column, rc);
        return NULL;
    }
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] == '_' && is_escape(text, i)) {
            memcpy(xlsx->text + len, "_x005F", 6);
            len += 6;
        }
        xlsx->text[len++] = text.at[i];
    }
    xlsx->text[len] = '\0';
    return xlsx->text;
}

enum rc xlsx_text(struct xlsx_sheet *sheet, int64_t row, int column, str text, lxw_format *format)
{
    const char *c = xlsx_c(sheet, row, column, text);

    if (c == NULL) {
        return sheet->xlsx->rc;
    }
    lxw_error error =
        worksheet_write_string(sheet->sheet, (lxw_row_t)row, (lxw_col_t)column, c, format);
    return xlsx_outcome(sheet->xlsx, error);
}

enum rc xlsx_text_across(struct xlsx_sheet *sheet, int64_t row, const int span[2], str text,
                         lxw_format *format)
{
    const char *c = xlsx_c(sheet, row, span[0], text);

    if (c == NULL) {
        return sheet->xlsx->rc;
    }
    if (span[0] == span[1]) {
        return xlsx_text(sheet, row, span[0], text, format);
    }
    lxw_error error = worksheet_merge_range(sheet->sheet, (lxw_row_t)row, (lxw_col_t)span[0],
                                            (lxw_row_t)row, (lxw_col_t)span[1], c, format);
    return xlsx_outcome(sheet->xlsx, error);
}

enum rc xlsx_number(struct xlsx_sheet *sheet, int64_t row, int column, double number,
                    lxw_format *format)
{
    lxw_error error =
        worksheet_write_number(sheet->sheet, (lxw_row_t)row, (lxw_col_t)column, number, format);

    return xlsx_outcome(sheet->xlsx, error);
}
