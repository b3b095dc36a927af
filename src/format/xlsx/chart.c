/* Charts in workbooks. */
#include "format/xlsx/xlsx.h"

/* The house's blue, green, sand and grey; none of them an alarm. */
static const lxw_color_t COLOURS[] = {0x3B6E8F, 0x7FA88B, 0xC9A35B, 0x8C8C9A};

enum { GAP_PCT = 60, BESIDE_WIDTH_PX = 640, BESIDE_HEIGHT_PX = 360 };

static uint8_t type_of(enum chart_kind kind)
{
    switch (kind) {
    case CHART_STACKED:
        return LXW_CHART_COLUMN_STACKED;
    case CHART_BARS:
        return LXW_CHART_BAR;
    case CHART_NONE:
    case CHART_COLUMNS:
        break;
    }
    return LXW_CHART_COLUMN;
}

static int series_count(const struct chart *chart)
{
    int count = 0;

    while (count < (int)COUNT_OF(chart->value_columns) && chart->value_columns[count] >= 0) {
        count++;
    }
    return count;
}

static void add_series(lxw_chart *drawn, const struct xlsx_sheet *sheet,
                       const struct xlsx_chart *wanted, int i)
{
    const struct chart *chart = &wanted->table->chart;
    lxw_chart_series *series = chart_add_series(drawn, NULL, NULL);
    lxw_chart_fill fill = {.color = COLOURS[i]};
    lxw_row_t first = (lxw_row_t)wanted->first_row;
    lxw_row_t last = (lxw_row_t)wanted->last_row;
    lxw_col_t labels = (lxw_col_t)chart->label_column;
    lxw_col_t values = (lxw_col_t)chart->value_columns[i];

    MUST(series != NULL);
    chart_series_set_categories(series, sheet->tab.at, first, labels, last, labels);
    series->categories->has_string_cache = LXW_TRUE; /* labels are texts, or charts number them */
    chart_series_set_values(series, sheet->tab.at, first, values, last, values);
    chart_series_set_name_range(series, sheet->tab.at, (lxw_row_t)wanted->head_row, values);
    chart_series_set_fill(series, &fill);
}

static void dress(lxw_chart *drawn, const struct xlsx_chart *wanted, const char *title)
{
    const struct chart *chart = &wanted->table->chart;
    lxw_chart_font title_font = {.size = 13, .bold = LXW_TRUE, .color = XLSX_INK};
    lxw_chart_font font = {.size = 9, .color = XLSX_INK};
    lxw_chart_line line = {.color = XLSX_LINE, .width = 0.75F};
    lxw_chart_line none = {.none = LXW_TRUE};

    if (title != NULL && title[0] != '\0') {
        chart_title_set_name(drawn, title);
        chart_title_set_name_font(drawn, &title_font);
    } else {
        chart_title_off(drawn);
    }
    chart_axis_set_num_font(drawn->x_axis, &font);
    chart_axis_set_num_font(drawn->y_axis, &font);
    if (wanted->axis_format != NULL) {
        chart_axis_set_num_format(drawn->y_axis, wanted->axis_format);
    }
    chart_axis_set_line(drawn->y_axis, &none);
    chart_axis_major_gridlines_set_line(drawn->y_axis, &line);
    chart_set_series_gap(drawn, GAP_PCT);
    if (chart->kind == CHART_BARS) {
        chart_axis_set_reverse(drawn->x_axis); /* the first row on top */
    }
    if (series_count(chart) > 1) {
        chart_legend_set_position(drawn, LXW_CHART_LEGEND_BOTTOM);
        chart_legend_set_font(drawn, &font);
    } else {
        chart_legend_set_position(drawn, LXW_CHART_LEGEND_NONE);
    }
}

static lxw_error place_apart(struct xlsx *xlsx, lxw_chart *drawn, str title)
{
    lxw_chartsheet *sheet = workbook_add_chartsheet(xlsx->book, xlsx_tab(xlsx, title).at);

    MUST(sheet != NULL);
    chartsheet_set_landscape(sheet);
    chartsheet_set_paper(sheet, XLSX_PAPER_A4);
    (void)chartsheet_set_footer(sheet, xlsx->footer.at);
    return chartsheet_set_chart(sheet, drawn);
}

enum rc xlsx_chart_add(struct xlsx_sheet *sheet, const struct xlsx_chart *wanted)
{
    const struct chart *chart = &wanted->table->chart;
    lxw_chart *drawn = workbook_add_chart(sheet->xlsx->book, type_of(chart->kind));
    const char *title = xlsx_c(sheet, 0, 0, chart->title);
    lxw_chart_options beside = {.x_offset = 20, .object_position = LXW_OBJECT_DONT_MOVE_DONT_SIZE};
    lxw_error error = LXW_NO_ERROR;

    if (title == NULL) {
        return sheet->xlsx->rc;
    }
    MUST(drawn != NULL);
    for (int i = 0; i < series_count(chart); i++) {
        add_series(drawn, sheet, wanted, i);
    }
    dress(drawn, wanted, title);
    if (wanted->is_beside) {
        beside.x_scale = BESIDE_WIDTH_PX / 480.0; /* the library's size is 480 by 288 pixels */
        beside.y_scale = BESIDE_HEIGHT_PX / 288.0;
        error = worksheet_insert_chart_opt(sheet->sheet, (lxw_row_t)wanted->head_row,
                                           (lxw_col_t)wanted->table->column_count, drawn, &beside);
    } else {
        error = place_apart(sheet->xlsx, drawn, chart->title);
    }
    return xlsx_outcome(sheet->xlsx, error);
}
