/* Workbooks with planted errors, and errors.csv, which lists them. */
#include "demo/planted_in.h"

#include <math.h>

#include "base/num.h"
#include "base/place.h"
#include "format/paper/paper.h"
#include "office/unit/unit.h"

enum {
    LEADS = 3,
    COLUMNS_MAX = 24,
    VILLAGES_MAX = 32,
    YEAR = DEMO_LAST,
    BEFORE = DEMO_LAST - 1,
    CSV_BYTES_MAX = 1 << 20,
    COUNTY_VILLAGES_MIN = 300, /* the county the workbooks speak of is large enough to choose in */
};

/* A workbook on its way. */
struct planting {
    const struct demo_job *job;
    struct buf *csv;
    const struct planted_book *book;
    const int *pool; /* villages to choose from */
    int pool_count;
    int columns[COLUMNS_MAX]; /* indicators */
    str titles[COLUMNS_MAX];
    int column_count;
    int villages[VILLAGES_MAX];
    struct demo_value *before[VILLAGES_MAX]; /* by indicator, of the year before */
    struct paper_cell cells[VILLAGES_MAX][LEADS + COLUMNS_MAX];
    int64_t first_row;
};

static const struct demo_face *face_of(const struct planting *in, int unit, int year)
{
    return &in->job->world->units[unit].faces[year];
}

static const struct indicator *indicator_at(const struct planting *in, int column)
{
    return &in->job->world->programme->indicators[in->columns[column]];
}

/* ---- columns and villages ---- */

static void take_columns(struct planting *in)
{
    const struct programme *programme = in->job->world->programme;
    str rest = str_from(in->book->columns);
    str word = {0};

    in->column_count = 0;
    while (str_cut(&rest, ' ', &word)) {
        str id = {0};
        (void)str_cut(&word, '=', &id);
        int place = programme_indicator(programme, id);
        MUST(place != NONE && in->column_count < COLUMNS_MAX);
        const struct indicator *about = &programme->indicators[place];
        str gauge = programme_gauge_text(programme, about->gauge);
        str title = gauge.len == 0
                        ? about->name.zh
                        : JOIN(in->job->arena, about->name.zh, STR("（"), gauge, STR("）"));
        in->columns[in->column_count] = place;
        in->titles[in->column_count++] = word.len > 0 ? word : title;
    }
}

/* Every column was reported the year before, in the same bounds, under the same code and name. */
static bool is_fit(const struct planting *in, int unit, const struct demo_value *before)
{
    const struct programme *programme = in->job->world->programme;
    const struct demo_unit *about = &in->job->world->units[unit];
    bool fits = about->faces[BEFORE].is_there && about->people[BEFORE] == about->people[YEAR] &&
                str_equal(about->faces[BEFORE].code, about->faces[YEAR].code) &&
                str_equal(unit_base_name(programme, VILLAGE, about->faces[BEFORE].name),
                          unit_base_name(programme, VILLAGE, about->faces[YEAR].name));

    for (int c = 0; c < in->column_count; c++) {
        fits = fits && before[in->columns[c]].state == DEMO_KNOWN;
    }
    if (in->book->small != NULL) {
        int small = programme_indicator(programme, str_from(in->book->small));
        double has = num_to_double(before[small].scaled, programme->indicators[small].decimals);
        fits = fits && has > 0.1 && has <= in->book->small_max;
    }
    return fits;
}

/* Take villages that fit from `begin` on; with same_parent all of one township. The number found.
 */
static int take_from(struct planting *in, int begin)
{
    size_t indicators = (size_t)in->job->world->programme->indicator_count;
    int count = 0;

    for (int i = begin; i < in->pool_count && count < in->book->villages; i++) {
        bool is_near = !in->book->same_parent || face_of(in, in->pool[i], YEAR)->parent ==
                                                     face_of(in, in->pool[begin], YEAR)->parent;
        struct demo_value *before = ARENA_NEW(in->job->arena, struct demo_value, indicators);
        demo_village(in->job->world, in->pool[i], BEFORE, before);
        if (is_near && is_fit(in, in->pool[i], before)) {
            in->villages[count] = in->pool[i];
            in->before[count++] = before;
        }
    }
    return count;
}

static void take_villages(struct planting *in)
{
    int begin = 0;

    MUST(in->book->villages <= VILLAGES_MAX);
    while (take_from(in, begin) < in->book->villages) {
        MUST(++begin < in->pool_count);
    }
}

/* ---- cells ---- */

static struct paper_cell text_cell(str text)
{
    return (struct paper_cell){.kind = text.len > 0 ? PAPER_TEXT : PAPER_EMPTY, .text = text};
}

static struct paper_cell value_cell(const struct indicator *about, int64_t scaled)
{
    if (about->type == VALUE_BOOLEAN) {
        return text_cell(scaled != 0 ? STR("是") : STR("否"));
    }
    if (about->type == VALUE_ENUM) {
        return text_cell(indicator_choice(about, scaled)->name.zh);
    }
    return (struct paper_cell){.kind = PAPER_NUMBER,
                               .number = num_to_double(scaled, about->decimals)};
}

/* A clean ledger: what was reported the year before. */
static void fill(struct planting *in)
{
    for (int v = 0; v < in->book->villages; v++) {
        const struct demo_face *face = face_of(in, in->villages[v], YEAR);
        const struct demo_face *town = face_of(in, face->parent, YEAR);
        const struct demo_face *county = face_of(in, town->parent, YEAR);
        in->cells[v][0] = text_cell(in->book->by_name ? county->name : face->code);
        in->cells[v][1] = text_cell(town->name);
        in->cells[v][2] = text_cell(face->name);
        for (int c = 0; c < in->column_count; c++) {
            in->cells[v][LEADS + c] =
                value_cell(indicator_at(in, c), in->before[v][in->columns[c]].scaled);
        }
    }
}

/* The sheet's column of an indicator ("EV01#2" its second) or of a heading in front. */
static int column_of(const struct planting *in, const char *name)
{
    static const char *const NAMES[LEADS] = {"code", "town", "name"};
    str id = str_from(name);
    str wanted = {0};

    for (int i = 0; i < LEADS; i++) {
        if (str_equal(id, str_from(NAMES[i]))) {
            return i;
        }
    }
    (void)str_cut(&id, '#', &wanted);
    int left = id.len > 0 ? 2 : 1;
    for (int c = 0; c < in->column_count; c++) {
        left -= str_equal(indicator_at(in, c)->id, wanted) ? 1 : 0;
        if (left == 0) {
            return LEADS + c;
        }
    }
    NEVER("a plant in a column that its workbook has not");
}

static double number_in(const struct planting *in, int village, const char *name)
{
    return in->cells[village][column_of(in, name)].number;
}

static void set_number(struct planting *in, const struct plant *plant, double number)
{
    int column = column_of(in, plant->column);
    const struct indicator *about = indicator_at(in, column - LEADS);
    bool is_computed = plant->how == PLANT_OF || plant->how == PLANT_TIMES;
    double scale = (double)num_pow10(about->decimals);

    in->cells[plant->village][column] = (struct paper_cell){
        .kind = PAPER_NUMBER,
        .number = is_computed ? round(number * scale) / scale : number,
    };
}

static void make_hundredth(struct planting *in, const struct plant *plant)
{
    int column = column_of(in, plant->column);

    for (int v = 0; v < in->book->villages; v++) {
        double share = in->cells[v][column].number / 100;
        in->cells[v][column].number = round(share * 1000) / 1000;
    }
}

/* Under another village's code stand that village's figures. */
static void make_like(struct planting *in, const struct plant *plant)
{
    int column = column_of(in, plant->column);
    int other = (int)plant->number;

    in->cells[plant->village][column] = in->cells[other][column];
    if (column == 0) {
        in->before[plant->village] = in->before[other];
        memcpy(&in->cells[plant->village][LEADS], &in->cells[other][LEADS],
               sizeof(in->cells[other]) - LEADS * sizeof(in->cells[other][0]));
    }
}

static void plant_one(struct planting *in, const struct plant *plant)
{
    enum { MORE = 3 };

    switch (plant->how) {
    case PLANT_NOTHING:
        return;
    case PLANT_TEXT:
        in->cells[plant->village][column_of(in, plant->column)] = text_cell(str_from(plant->text));
        return;
    case PLANT_NUMBER:
        set_number(in, plant, plant->number);
        return;
    case PLANT_TIMES:
        set_number(in, plant, plant->number * number_in(in, plant->village, plant->column));
        return;
    case PLANT_OF:
        set_number(in, plant, plant->number * number_in(in, plant->village, plant->text) + MORE);
        return;
    case PLANT_LIKE:
        make_like(in, plant);
        return;
    case PLANT_HUNDREDTH:
        make_hundredth(in, plant);
        return;
    }
    NEVER("a plant of no kind");
}

/* ---- what should be said ---- */

struct finding {
    int64_t row; /* 0: the file */
    int column;  /* NONE: the row as a whole */
    const char *kind;
    enum severity severity;
    str says;
};

static void put_finding(const struct planting *in, const struct finding *finding)
{
    struct buf *csv = in->csv;
    char letters[PLACE_MAX];

    buf_put(csv, str_from(in->book->file));
    buf_put(csv, finding->row > 0 ? STR(",台账,") : STR(",,"));
    if (finding->row > 0) {
        buf_int(csv, finding->row);
    }
    buf_char(csv, ',');
    if (finding->column != NONE) {
        buf_put(csv, place_column(letters, finding->column));
    }
    buf_char(csv, ',');
    buf_put(csv, str_from(finding->kind));
    buf_put(csv, finding->severity == SEVERITY_ERROR ? STR(",错误,") : STR(",提醒,"));
    buf_put(csv, finding->says);
    buf_char(csv, '\n');
}

static bool is_of_book(const struct planting *in, const struct plant *plant)
{
    return str_equal(str_from(plant->file), str_from(in->book->file));
}

static void put_plants(const struct planting *in)
{
    for (int i = 0; i < PLANT_COUNT; i++) {
        const struct plant *plant = &PLANTS[i];
        if (!is_of_book(in, plant) || plant->says == NULL) {
            continue;
        }
        const char *points = plant->points == NULL ? plant->column : plant->points;
        bool is_cell = plant->village != ROW_FILE && points[0] != '\0';
        put_finding(in, &(struct finding){
                            .row = plant->village == ROW_FILE ? 0 : in->first_row + plant->village,
                            .column = is_cell ? column_of(in, points) : NONE,
                            .kind = plant->kind,
                            .severity = plant->severity,
                            .says = str_from(plant->says),
                        });
    }
}

/* What a change of one cell against the year before should bring, whatever it was planted for. */
static void put_jump(const struct planting *in, int village, int column)
{
    enum { RATE_LIMIT = 30, COUNT_LIMIT = 50, GAUGE = 10000 };
    const struct indicator *about = indicator_at(in, column);
    const struct paper_cell *cell = &in->cells[village][LEADS + column];
    double then = num_to_double(in->before[village][in->columns[column]].scaled, about->decimals);
    double scale = (double)num_pow10(about->decimals);
    double now = round(cell->number * scale) / scale;
    bool is_rate = about->type == VALUE_PERCENT;
    bool is_number = cell->kind == PAPER_NUMBER && then != 0.0 &&
                     now * scale >= (double)about->min && now * scale <= (double)about->max &&
                     (about->type != VALUE_INTEGER || now == cell->number);
    struct finding finding = {
        .row = in->first_row + village, .column = LEADS + column, .severity = SEVERITY_WARNING};

    if (is_number && fabs(now - then) > fabs(then) * (is_rate ? RATE_LIMIT : COUNT_LIMIT) / 100) {
        finding.kind = is_rate ? "rate-jump" : "count-jump";
        finding.says = is_rate ? STR("比上年变化超过30%") : STR("比上年变化超过50%");
        put_finding(in, &finding);
    }
    if (is_number && !is_rate && now / then > GAUGE / 2.0 && now / then < GAUGE * 2.0) {
        finding.kind = "other-gauge";
        finding.says = STR("相差约一万倍");
        put_finding(in, &finding);
    }
}

static void put_jumps(const struct planting *in)
{
    for (int v = 0; v < in->book->villages; v++) {
        for (int c = 0; c < in->column_count; c++) {
            put_jump(in, v, c);
        }
    }
}

/* ---- files ---- */

static enum rc put_sheet(struct planting *in, struct paper *paper)
{
    static const str BY_CODE[LEADS] = {STR_INIT("代码"), STR_INIT("乡镇"), STR_INIT("村名")};
    static const str LINES[] = {STR_INIT(DEMO_NOTICE "，其中的错误是有意设置的")};
    struct paper_column columns[LEADS + COLUMNS_MAX];

    for (int c = 0; c < LEADS; c++) {
        str title = c == 0 && in->book->by_name ? STR("县") : BY_CODE[c];
        columns[c] = (struct paper_column){.title = title, .width = 18};
    }
    for (int c = 0; c < in->column_count; c++) {
        columns[LEADS + c] = (struct paper_column){.title = in->titles[c], .width = 14};
    }
    const struct paper_sheet sheet = {
        .tab = STR("台账"),
        .title = str_from(in->book->title),
        .lines = LINES,
        .line_count = (int)COUNT_OF(LINES),
        .columns = columns,
        .column_count = LEADS + in->column_count,
        .frozen_columns = LEADS,
        .has_one_head = true,
    };
    TRY(paper_begin(paper, &sheet));
    in->first_row = paper_next_row(paper);
    for (int v = 0; v < in->book->villages; v++) {
        TRY(paper_row(paper, in->cells[v], false));
    }
    return RC_OK;
}

static enum rc write_book(struct planting *in)
{
    struct arena *arena = in->job->arena;
    str path = JOIN(arena, STR("planted/"), str_from(in->book->file));
    struct paper *paper = NULL;

    if (in->book->words != NULL) {
        put_plants(in);
        return in->job->out.file(in->job->out.self, path, str_from(in->book->words));
    }
    take_columns(in);
    take_villages(in);
    fill(in);
    for (int i = 0; i < PLANT_COUNT; i++) {
        if (is_of_book(in, &PLANTS[i])) {
            plant_one(in, &PLANTS[i]);
        }
    }
    TRY(demo_open_paper(in->job, str_from(in->book->title), &paper));
    TRY(demo_close_paper(in->job, paper, put_sheet(in, paper), path));
    put_plants(in);
    put_jumps(in);
    return RC_OK;
}

/* The villages of the first county that is large enough. */
static int *pool_of(const struct demo_job *job, int *out_count)
{
    const struct demo_world *world = job->world;
    int *pool = ARENA_NEW(job->arena, int, (size_t)world->order_count[YEAR]);

    *out_count = 0;
    for (int i = 0; i < world->order_count[YEAR]; i++) {
        int unit = world->order[YEAR][i];
        bool begins = world->units[unit].level <= COUNTY;
        if (begins && *out_count >= COUNTY_VILLAGES_MIN) {
            return pool;
        }
        *out_count = begins ? 0 : *out_count;
        if (world->units[unit].faces[YEAR].is_village) {
            pool[(*out_count)++] = unit;
        }
    }
    return pool;
}

enum rc demo_write_planted(const struct demo_job *job)
{
    struct buf csv;
    str text = {0};
    struct planting *in = ARENA_NEW(job->arena, struct planting, 1);

    buf_init(&csv, job->arena, CSV_BYTES_MAX);
    buf_put(&csv, STR(DEMO_NOTICE "\n文件,工作表,行,列,种类,性质,程序应当说\n"));
    in->job = job;
    in->csv = &csv;
    in->pool = pool_of(job, &in->pool_count);
    for (int i = 0; i < PLANTED_BOOK_COUNT; i++) {
        in->book = &PLANTED_BOOKS[i];
        TRY(write_book(in));
    }
    MUST(buf_done(&csv, &text));
    return job->out.file(job->out.self, STR("planted/errors.csv"), text);
}
