/* The ledgers: workbooks such as counties send, each in the manner of its office. */
#include <math.h>

#include "base/num.h"
#include "base/place.h"
#include "demo/demo_in.h"
#include "format/paper/paper.h"

enum { LEADS_MAX = 4, PARTS_MAX = 2, SUM_ROOM = 64, YUAN = 10000, TEXT_COLUMN = 14 };

enum totals { NO_TOTALS, SUBTOTALS, TOTAL_ON_TOP };

/* How an office writes. */
struct style {
    str leads[LEADS_MAX]; /* headings of the columns in front */
    int lead_count;
    int parts; /* sheets, by theme */
    str yes;
    str no;
    str dash;
    enum totals totals;
    bool has_aliases;       /* headings as the office calls them, not as the programme does */
    bool has_percent_cells; /* 0.853 shown as 85.3% */
    bool has_yuan;          /* money in yuan where the programme counts in ten thousand */
    bool has_grouped_text;  /* large numbers as text with separators */
    bool has_merged_names;  /* a township's name stands once, over its villages */
    bool has_one_head;
};

static const struct style STYLES[] = {
    {{STR_INIT("序号"), STR_INIT("代码"), STR_INIT("乡镇"), STR_INIT("村名")},
     4,
     1,
     STR_INIT("是"),
     STR_INIT("否"),
     STR_INIT("—"),
     .totals = SUBTOTALS},
    {{STR_INIT("县"), STR_INIT("乡镇"), STR_INIT("村名")},
     3,
     1,
     STR_INIT("√"),
     STR_INIT("×"),
     STR_INIT("/"),
     .has_aliases = true,
     .has_merged_names = true},
    {{STR_INIT("统计用区划代码"), STR_INIT("所属乡镇"), STR_INIT("行政村名称")},
     3,
     2,
     STR_INIT("有"),
     STR_INIT("无"),
     STR_INIT("NA"),
     .totals = TOTAL_ON_TOP},
    {{STR_INIT("村代码"), STR_INIT("乡（镇）"), STR_INIT("行政村")},
     3,
     1,
     STR_INIT("是"),
     STR_INIT("否"),
     STR_INIT("未统计"),
     .has_percent_cells = true,
     .has_yuan = true},
    {{STR_INIT("区划代码"), STR_INIT("村庄名称")},
     2,
     1,
     STR_INIT("达标"),
     STR_INIT("不达标"),
     STR_INIT("--"),
     .has_aliases = true,
     .has_grouped_text = true,
     .has_one_head = true},
};

/* One county's year: its villages with all they have, and how it is written down. */
struct county {
    const struct demo_job *job;
    const struct style *style;
    int unit;
    int year;
    const int *villages; /* places, by code */
    int count;
    struct demo_value *values; /* village by village, by indicator */
    int *columns;              /* indicators, in the order of the ledger */
    int column_count;
};

/* A sheet of it: the columns from `first` on. */
struct leaf {
    const struct county *county;
    struct paper *paper;
    int first;
    int count;
};

static const struct indicator *column_of(const struct leaf *leaf, int column)
{
    const struct county *county = leaf->county;

    return &county->job->world->programme->indicators[county->columns[leaf->first + column]];
}

static bool is_in_yuan(const struct county *county, const struct indicator *indicator)
{
    str gauge = programme_gauge_text(county->job->world->programme, indicator->gauge);

    return county->style->has_yuan && str_equal(gauge, STR("万元"));
}

static str heading(const struct county *county, const struct indicator *indicator)
{
    str name = county->style->has_aliases && indicator->aliases.count > 0 ? indicator->aliases.at[0]
                                                                          : indicator->name.zh;
    str gauge = is_in_yuan(county, indicator)
                    ? STR("元")
                    : programme_gauge_text(county->job->world->programme, indicator->gauge);

    return gauge.len == 0 ? name : JOIN(county->job->arena, name, STR("（"), gauge, STR("）"));
}

static str choice_text(const struct indicator *indicator, int64_t number)
{
    const struct choice *choice = indicator_choice(indicator, number);

    return choice == NULL ? STR("") : choice->name.zh;
}

static struct paper_cell text_cell(str text)
{
    return (struct paper_cell){.kind = text.len > 0 ? PAPER_TEXT : PAPER_EMPTY, .text = text};
}

static struct paper_cell grouped_cell(struct arena *arena, const struct demo_value *value,
                                      int decimals)
{
    struct buf buf;
    str text = {0};

    buf_init(&buf, arena, DEMO_TEXT_MAX);
    buf_fixed_grouped(&buf, value->scaled, decimals);
    MUST(buf_done(&buf, &text));
    return text_cell(text);
}

static struct paper_cell number_cell(const struct county *county, const struct indicator *indicator,
                                     const struct demo_value *value)
{
    const struct style *style = county->style;
    double number = num_to_double(value->scaled, indicator->decimals);
    bool is_large = value->scaled >= 1000 * num_pow10(indicator->decimals);

    if (style->has_grouped_text && is_large) {
        return grouped_cell(county->job->arena, value, indicator->decimals);
    }
    if (style->has_percent_cells && indicator->type == VALUE_PERCENT) {
        return (struct paper_cell){.kind = PAPER_PERCENT, .number = number / 100};
    }
    if (is_in_yuan(county, indicator)) {
        number = round(number * YUAN);
    }
    return (struct paper_cell){.kind = PAPER_NUMBER, .number = number};
}

static struct paper_cell cell_of(const struct county *county, const struct indicator *indicator,
                                 const struct demo_value *value)
{
    const struct style *style = county->style;

    if (value->state != DEMO_KNOWN) {
        return text_cell(value->state == DEMO_DASH ? style->dash : STR(""));
    }
    switch (indicator->type) {
    case VALUE_BOOLEAN:
        return text_cell(value->scaled != 0 ? style->yes : style->no);
    case VALUE_ENUM:
        return text_cell(choice_text(indicator, value->scaled));
    case VALUE_INTEGER:
    case VALUE_DECIMAL:
    case VALUE_PERCENT:
        return number_cell(county, indicator, value);
    }
    NEVER("an indicator of no type");
}

/* ---- rows ---- */

static const struct demo_face *face_of(const struct county *county, int unit)
{
    return &county->job->world->units[unit].faces[county->year];
}

static bool is_lead(const struct style *style, int lead, const char *leaf)
{
    return str_find(style->leads[lead], str_from(leaf)) != STR_NONE;
}

static struct paper_cell lead_cell(const struct county *county, int lead, int at)
{
    const struct style *style = county->style;
    const struct demo_face *village = face_of(county, county->villages[at]);
    const struct demo_face *town = face_of(county, village->parent);
    bool is_first = at == 0 || face_of(county, county->villages[at - 1])->parent != village->parent;

    if (is_lead(style, lead, "代码")) {
        return text_cell(village->code);
    }
    if (is_lead(style, lead, "序号")) {
        return (struct paper_cell){.kind = PAPER_NUMBER, .number = at + 1};
    }
    if (is_lead(style, lead, "县")) {
        return text_cell(face_of(county, county->unit)->name);
    }
    if (is_lead(style, lead, "乡")) {
        return text_cell(is_first || !style->has_merged_names ? town->name : STR(""));
    }
    return text_cell(village->name);
}

static enum rc put_village(const struct leaf *leaf, int at)
{
    const struct county *county = leaf->county;
    struct paper_cell cells[PAPER_COLUMNS_MAX];
    int leads = county->style->lead_count;
    int indicators = county->job->world->programme->indicator_count;

    for (int i = 0; i < leads; i++) {
        cells[i] = lead_cell(county, i, at);
    }
    for (int i = 0; i < leaf->count; i++) {
        int place = county->columns[leaf->first + i];
        cells[leads + i] = cell_of(county, column_of(leaf, i),
                                   &county->values[(ptrdiff_t)at * indicators + place]);
    }
    return paper_row(leaf->paper, cells, false);
}

/* The sum of a column over villages [begin, end), which stand in the rows from `row` on. */
static struct paper_cell sum_cell(const struct leaf *leaf, int column, const int range[2],
                                  int64_t row)
{
    const struct county *county = leaf->county;
    int place = county->columns[leaf->first + column];
    const struct indicator *indicator = column_of(leaf, column);
    int sheet_column = county->style->lead_count + column;
    char first[PLACE_MAX];
    char last[PLACE_MAX];
    int64_t sum = 0;

    if (indicator->aggregate != AGGREGATE_SUM) {
        return text_cell(STR(""));
    }
    for (int i = range[0]; i < range[1]; i++) {
        const struct demo_value *value =
            &county->values[(ptrdiff_t)i * county->job->world->programme->indicator_count + place];
        sum += value->state == DEMO_KNOWN ? value->scaled : 0;
    }
    str from = place_name(first, row - 1, sheet_column);
    str to = place_name(last, row - 2 + range[1] - range[0], sheet_column);
    return (struct paper_cell){
        .kind = PAPER_SUM,
        .text = JOIN(county->job->arena, STR("=SUM("), from, STR(":"), to, STR(")")),
        .number = num_to_double(sum, indicator->decimals),
    };
}

static enum rc put_total(const struct leaf *leaf, str word, const int range[2], int64_t row)
{
    const struct style *style = leaf->county->style;
    struct paper_cell cells[PAPER_COLUMNS_MAX];

    for (int i = 0; i < style->lead_count; i++) {
        cells[i] = text_cell(i == style->lead_count - 1 ? word : STR(""));
    }
    for (int i = 0; i < leaf->count; i++) {
        cells[style->lead_count + i] = sum_cell(leaf, i, range, row);
    }
    return paper_row(leaf->paper, cells, true);
}

/* The villages of one township, and what stands below them. */
static enum rc put_township(const struct leaf *leaf, const int range[2])
{
    const struct county *county = leaf->county;
    int64_t row = paper_next_row(leaf->paper);
    enum { NAME_COLUMN = 1 };

    for (int at = range[0]; at < range[1]; at++) {
        struct arena_mark mark = arena_mark(county->job->arena);
        TRY(put_village(leaf, at));
        arena_rewind(county->job->arena, mark);
    }
    if (county->style->has_merged_names && range[1] - range[0] > 1) {
        TRY(paper_merge(leaf->paper, NAME_COLUMN, row));
    }
    return county->style->totals == SUBTOTALS ? put_total(leaf, STR("小计"), range, row) : RC_OK;
}

static enum rc put_rows(const struct leaf *leaf)
{
    const struct county *county = leaf->county;
    int range[2] = {0, county->count};

    if (county->style->totals == TOTAL_ON_TOP) {
        TRY(put_total(leaf, STR("合计"), range, paper_next_row(leaf->paper) + 1));
    }
    for (range[0] = 0; range[0] < county->count; range[0] = range[1]) {
        int town = face_of(county, county->villages[range[0]])->parent;
        range[1] = range[0];
        while (range[1] < county->count &&
               face_of(county, county->villages[range[1]])->parent == town) {
            range[1]++;
        }
        TRY(put_township(leaf, range));
    }
    return RC_OK;
}

/* ---- sheets ---- */

static const struct paper_column *columns_of(const struct leaf *leaf)
{
    const struct county *county = leaf->county;
    const struct style *style = county->style;
    const struct programme *programme = county->job->world->programme;
    struct paper_column *columns = ARENA_NEW(county->job->arena, struct paper_column,
                                             (size_t)style->lead_count + (size_t)leaf->count);

    for (int i = 0; i < style->lead_count; i++) {
        double width = is_lead(style, i, "序号") ? 6 : is_lead(style, i, "村") ? 24 : TEXT_COLUMN;
        columns[i] = (struct paper_column){.title = style->leads[i], .width = width};
    }
    for (int i = 0; i < leaf->count; i++) {
        const struct indicator *indicator = column_of(leaf, i);
        columns[style->lead_count + i] = (struct paper_column){
            .title = heading(county, indicator),
            .group = programme->dimensions[indicator->dimension].name.zh,
            .width = indicator->type == VALUE_ENUM ? TEXT_COLUMN : 11,
        };
    }
    return columns;
}

static enum rc put_sheet(const struct leaf *leaf, int number)
{
    const struct county *county = leaf->county;
    struct arena *arena = county->job->arena;
    str name = face_of(county, county->unit)->name;
    str year = demo_digits(arena, DEMO_FIRST_YEAR + county->year);
    const str lines[] = {
        STR(DEMO_NOTICE),
        JOIN(arena, STR("填报单位："), name, STR("有关部门    报告期："), year,
             STR("年末    没有数据的留空或填“"), county->style->dash, STR("”")),
    };
    const struct paper_sheet sheet = {
        .tab = county->style->parts == 1
                   ? STR("村级台账")
                   : JOIN(arena, STR("台账之"), number == 0 ? STR("一") : STR("二")),
        .title = JOIN(arena, name, year, STR("年村级台账")),
        .lines = lines,
        .line_count = (int)COUNT_OF(lines),
        .columns = columns_of(leaf),
        .column_count = county->style->lead_count + leaf->count,
        .frozen_columns = county->style->lead_count,
        .has_one_head = county->style->has_one_head,
    };

    TRY(paper_begin(leaf->paper, &sheet));
    return put_rows(leaf);
}

static enum rc put_sheets(const struct county *county, struct paper *paper)
{
    int parts = county->style->parts;

    for (int i = 0; i < parts; i++) {
        int first = county->column_count * i / parts;
        int end = county->column_count * (i + 1) / parts;
        const struct leaf leaf = {county, paper, first, end - first};
        TRY(put_sheet(&leaf, i));
    }
    return RC_OK;
}

static enum rc take_piece(void *self, str bytes)
{
    buf_put(self, bytes);
    return RC_OK;
}

enum rc demo_close_paper(const struct demo_job *job, struct paper *paper, enum rc rc, str path)
{
    enum { PAPER_BYTES_MAX = 64 << 20 };
    struct arena_mark mark = arena_mark(job->arena);
    struct buf gathered;
    str bytes = {0};

    if (rc != RC_OK) {
        paper_abandon(paper);
        return rc;
    }
    buf_init(&gathered, job->arena, PAPER_BYTES_MAX);
    TRY(paper_close(paper, (struct byte_sink){&gathered, take_piece}));
    MUST(buf_done(&gathered, &bytes));
    TRY(job->out.file(job->out.self, path, bytes));
    arena_rewind(job->arena, mark);
    return RC_OK;
}

enum rc demo_open_paper(const struct demo_job *job, str title, struct paper **out)
{
    static const int64_t MADE_MS = 1735689600000; /* 2025-01-01 */
    const struct book_options options = {
        .title = JOIN(job->arena, title, STR("  " DEMO_NOTICE)),
        .author = STR("示范省（虚构）"),
        .footer = STR(DEMO_NOTICE),
        .created_ms = MADE_MS,
    };

    return paper_open(job->arena, &options, job->err, out);
}

static enum rc write_county(const struct county *county)
{
    struct arena *arena = county->job->arena;
    const struct demo_face *face = face_of(county, county->unit);
    struct paper *paper = NULL;

    TRY(demo_open_paper(county->job, JOIN(arena, face->name, STR("村级台账")), &paper));
    enum rc rc = put_sheets(county, paper);
    str path = JOIN(arena, STR("ledgers/"), demo_digits(arena, DEMO_FIRST_YEAR + county->year),
                    STR("/"), str_part(face->code, 0, 6), STR(".xlsx"));
    return demo_close_paper(county->job, paper, rc, path);
}

/* ---- counties ---- */

/* What villages are asked, by dimension: as the sheets of an office are. */
static int *village_columns(const struct programme *programme, struct arena *arena, int *out_count)
{
    int *columns = ARENA_NEW(arena, int, (size_t)programme->indicator_count);

    *out_count = 0;
    for (int d = 0; d < programme->dimension_count; d++) {
        for (int i = 0; i < programme->indicator_count; i++) {
            const struct indicator *indicator = &programme->indicators[i];
            if (indicator->dimension == d && demo_is_collected(indicator, VILLAGE)) {
                columns[(*out_count)++] = i;
            }
        }
    }
    return columns;
}

static void put_csv_cell(struct buf *out, const struct indicator *indicator,
                         const struct demo_value *value)
{
    buf_char(out, ',');
    if (value->state == DEMO_DASH) {
        buf_put(out, STR("—"));
    }
    if (value->state != DEMO_KNOWN) {
        return;
    }
    if (indicator->type == VALUE_ENUM) {
        buf_put(out, choice_text(indicator, value->scaled));
    } else {
        buf_fixed(out, value->scaled, indicator->decimals);
    }
}

static void put_csv_head(struct buf *out, const struct county *county)
{
    const struct programme *programme = county->job->world->programme;

    buf_put(out, STR(DEMO_NOTICE "\n代码,县"));
    for (int i = 0; i < programme->indicator_count; i++) {
        if (demo_is_collected(&programme->indicators[i], COUNTY)) {
            buf_char(out, ',');
            buf_put(out, heading(county, &programme->indicators[i]));
        }
    }
    buf_char(out, '\n');
}

static void put_csv_row(struct buf *out, const struct county *county, const struct demo_sums *sums)
{
    const struct demo_world *world = county->job->world;
    const struct programme *programme = world->programme;
    const struct demo_face *face = face_of(county, county->unit);
    struct demo_value *values =
        ARENA_NEW(county->job->arena, struct demo_value, (size_t)programme->indicator_count);

    demo_county(world, county->unit, county->year, sums, values);
    buf_put(out, face->code);
    buf_char(out, ',');
    buf_put(out, face->name);
    for (int i = 0; i < programme->indicator_count; i++) {
        if (demo_is_collected(&programme->indicators[i], COUNTY)) {
            put_csv_cell(out, &programme->indicators[i], &values[i]);
        }
    }
    buf_char(out, '\n');
}

/* What the counties report of themselves, which rests on their villages. */
static enum rc write_counties(struct county *county, const struct demo_sums *sums)
{
    const struct demo_world *world = county->job->world;
    struct arena *arena = county->job->arena;
    struct buf csv;
    str text = {0};

    buf_init(&csv, arena, ARENA_MIB);
    put_csv_head(&csv, county);
    for (int i = 0; i < world->order_count[county->year]; i++) {
        county->unit = world->order[county->year][i];
        if (world->units[county->unit].level == COUNTY) {
            put_csv_row(&csv, county, sums++);
        }
    }
    MUST(buf_done(&csv, &text));
    str path = JOIN(arena, STR("ledgers/"), demo_digits(arena, DEMO_FIRST_YEAR + county->year),
                    STR("/counties.csv"));
    return county->job->out.file(county->job->out.self, path, text);
}

static struct demo_sums gather(struct county *county)
{
    const struct demo_world *world = county->job->world;
    size_t indicators = (size_t)world->programme->indicator_count;
    struct demo_sums sums = {0};

    county->values =
        ARENA_NEW(county->job->arena, struct demo_value, (size_t)county->count * indicators);
    for (int i = 0; i < county->count; i++) {
        struct demo_value *values = county->values + (size_t)i * indicators;
        demo_village(world, county->villages[i], county->year, values);
        demo_add(world, values, &sums);
    }
    return sums;
}

/* The villages of the county at `from` in the year's order; answers where the next one begins. */
static int take_county(struct county *county, int from)
{
    const struct demo_world *world = county->job->world;
    const int *order = world->order[county->year];
    int count = world->order_count[county->year];
    int at = from + 1;

    county->unit = order[from];
    county->count = 0;
    while (at < count && world->units[order[at]].level > COUNTY) {
        at++;
    }
    int *villages = ARENA_NEW(county->job->arena, int, (size_t)(at - from));
    for (int i = from + 1; i < at; i++) {
        if (face_of(county, order[i])->is_village) {
            villages[county->count++] = order[i];
        }
    }
    county->villages = villages;
    return at;
}

static enum rc write_year(struct county *county)
{
    struct arena *arena = county->job->arena;
    const struct demo_world *world = county->job->world;
    struct demo_sums *sums = ARENA_NEW(arena, struct demo_sums, (size_t)DEMO_SIZE_COUNT);
    int ordinal = 0;

    for (int i = 0; i < world->order_count[county->year];) {
        struct arena_mark mark = arena_mark(arena);
        if (world->units[world->order[county->year][i]].level != COUNTY) {
            i++;
            continue;
        }
        i = take_county(county, i);
        sums[ordinal] = gather(county);
        county->style = &STYLES[(world->options.seed + (uint64_t)ordinal++) % COUNT_OF(STYLES)];
        TRY(county->count > 0 ? write_county(county) : RC_OK);
        arena_rewind(arena, mark);
    }
    county->style = &STYLES[0];
    return write_counties(county, sums);
}

enum rc demo_write_ledgers(const struct demo_job *job)
{
    struct county county = {.job = job};

    county.columns = village_columns(job->world->programme, job->arena, &county.column_count);
    for (county.year = 0; county.year < DEMO_YEARS; county.year++) {
        TRY(write_year(&county));
    }
    return RC_OK;
}
