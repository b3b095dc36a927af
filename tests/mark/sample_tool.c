/* sample_tool table|form|big OUT: workbooks like those the office makes, for tests and pictures. */
#include "base/buf.h"
#include "format/book/book.h"
#include "format/form/form.h"

enum {
    TABLE_ROWS = 500,
    BIG_ROWS = 18851,
    FORM_ROWS = 60,
    FORM_COLUMNS = 40,
    CITIES = 11,
    COUNTIES = 48
};

static const struct book_options OPTIONS = {
    .title = STR_INIT("示范省 2024 年村庄分类结果"),
    .author = STR_INIT("示范省专班"),
    .footer = STR_INIT("演示数据（合成，非真实）"),
    .created_ms = INT64_C(1732320000000),
};

static enum rc put(void *self, str bytes)
{
    return fwrite(bytes.at, 1, bytes.len, self) == bytes.len ? RC_OK : RC_BROKEN;
}

/* A small generator, so that the pictures are the same every time. */
static uint32_t next_random(uint32_t *seed)
{
    *seed = *seed * 1664525U + 1013904223U;
    return *seed >> 8;
}

static str made(struct arena *arena, const char *before, int number)
{
    struct buf out;
    str text = {0};

    buf_init(&out, arena, 256);
    buf_put(&out, str_from(before));
    buf_int(&out, number);
    MUST(buf_done(&out, &text));
    return text;
}

static const struct fact FACTS[] = {
    {STR_INIT("run"), STR_INIT("运行"), {.kind = OUT_TEXT, .text = STR_INIT("T-2024-003")}},
    {STR_INIT("as_of"), STR_INIT("登记截止"), {.kind = OUT_TEXT, .text = STR_INIT("2023-06-30")}},
    {STR_INIT("seed"), STR_INIT("随机种子"), {.kind = OUT_FIXED, .number = 1}},
    {STR_INIT("draws"), STR_INIT("抽样次数"), {.kind = OUT_FIXED, .number = 10000}},
    {STR_INIT("definition"),
     STR_INIT("方案"),
     {.kind = OUT_TEXT, .text = STR_INIT("示例口径 7f3a91c2")}},
};

static const str NOTES[] = {
    STR_INIT(
        "精＝精品示范村，提＝提档升级村，整＝环境整治村。类别说明要为村里做什么，不是对村的评价。"),
    STR_INIT("稳健性是在 10,000 组权重下仍属同一类别的比例；低于 90% 的村请先核对数据再定。"),
};

static const struct column CITY_COLUMNS[] = {
    {.key = STR_INIT("city"), .title = STR_INIT("市")},
    {.key = STR_INIT("villages"), .title = STR_INIT("行政村")},
    {.key = STR_INIT("first"), .title = STR_INIT("精品示范"), .group = STR_INIT("类别（个）")},
    {.key = STR_INIT("second"), .title = STR_INIT("提档升级"), .group = STR_INIT("类别（个）")},
    {.key = STR_INIT("third"), .title = STR_INIT("环境整治"), .group = STR_INIT("类别（个）")},
    {.key = STR_INIT("robust"), .title = STR_INIT("稳健村占比")},
};

static enum rc put_cities(struct table_sink sink, struct arena *arena)
{
    const struct table table = {
        .name = STR("tier_cities"),
        .title = STR("各市村庄分类汇总"),
        .tab = STR("汇总"),
        .columns = CITY_COLUMNS,
        .column_count = COUNT_OF(CITY_COLUMNS),
        .facts = FACTS,
        .fact_count = COUNT_OF(FACTS),
        .notes = NOTES,
        .note_count = COUNT_OF(NOTES),
        .frozen_columns = 1,
        .chart = {CHART_STACKED, STR("各市三类村数量"), 0, {2, 3, 4, -1}},
    };
    uint32_t seed = 7;
    int64_t sums[4] = {0};
    enum rc rc = sink.begin(sink.self, &table);

    for (int i = 0; i < CITIES && rc == RC_OK; i++) {
        int64_t all = 900 + next_random(&seed) % 1500;
        int64_t parts[] = {all, all / 10, all * 6 / 10, all - all / 10 - all * 6 / 10};
        struct out cells[COUNT_OF(CITY_COLUMNS)] = {out_text(made(arena, "示范市", i + 1))};
        for (int k = 0; k < 4; k++) {
            cells[k + 1] = out_int(parts[k]);
            sums[k] += parts[k];
        }
        cells[5] = out_ratio(all * 80 / 100 + next_random(&seed) % 100, all, 1);
        rc = sink.row(sink.self, cells);
    }
    struct out total[COUNT_OF(CITY_COLUMNS)] = {out_text(STR("全省"))};
    for (int k = 0; k < 4; k++) {
        total[k + 1] = out_int(sums[k]);
    }
    total[5] = out_ratio(83, 100, 1);
    for (size_t k = 0; k < COUNT_OF(total); k++) {
        total[k] = out_toned(total[k], TONE_TOTAL);
    }
    if (rc == RC_OK) {
        rc = sink.row(sink.self, total);
    }
    return rc == RC_OK ? sink.end(sink.self) : rc;
}

static const struct column COUNTY_COLUMNS[] = {
    {.key = STR_INIT("county"), .title = STR_INIT("县")},
    {.key = STR_INIT("before"), .title = STR_INIT("上年稳健村占比")},
    {.key = STR_INIT("now"), .title = STR_INIT("今年稳健村占比")},
};

static enum rc put_counties(struct table_sink sink, struct arena *arena)
{
    const struct table table = {
        .name = STR("tier_counties"),
        .title = STR("各县稳健村占比"),
        .tab = STR("各县"),
        .columns = COUNTY_COLUMNS,
        .column_count = COUNT_OF(COUNTY_COLUMNS),
        .frozen_columns = 1,
        .chart = {CHART_COLUMNS, STR("各县稳健村占比"), 0, {1, 2, -1}},
    };
    uint32_t seed = 9;
    enum rc rc = sink.begin(sink.self, &table);

    for (int i = 0; i < COUNTIES && rc == RC_OK; i++) {
        const struct out cells[] = {
            out_text(made(arena, "示范县", i + 1)),
            out_ratio(60 + next_random(&seed) % 30, 100, 1),
            out_ratio(70 + next_random(&seed) % 30, 100, 1),
        };
        rc = sink.row(sink.self, cells);
    }
    return rc == RC_OK ? sink.end(sink.self) : rc;
}

static const struct column VILLAGE_COLUMNS[] = {
    {.key = STR_INIT("code"), .title = STR_INIT("代码"), .is_id = true},
    {.key = STR_INIT("county"), .title = STR_INIT("县")},
    {.key = STR_INIT("town"), .title = STR_INIT("乡镇")},
    {.key = STR_INIT("name"), .title = STR_INIT("村名")},
    {.key = STR_INIT("tier"), .title = STR_INIT("类别"), .group = STR_INIT("结果")},
    {.key = STR_INIT("score"), .title = STR_INIT("得分"), .group = STR_INIT("结果")},
    {.key = STR_INIT("rank"), .title = STR_INIT("县内位次"), .group = STR_INIT("结果")},
    {.key = STR_INIT("robust"), .title = STR_INIT("稳健性"), .group = STR_INIT("结果")},
    {.key = STR_INIT("people"), .title = STR_INIT("常住人口"), .group = STR_INIT("主要指标")},
    {.key = STR_INIT("water"), .title = STR_INIT("自来水普及率"), .group = STR_INIT("主要指标")},
    {.key = STR_INIT("income"),
     .title = STR_INIT("集体经济年收入（万元）"),
     .group = STR_INIT("主要指标")},
    {.key = STR_INIT("why"), .title = STR_INIT("主要理由")},
};

static const str TIERS[] = {STR_INIT("精"), STR_INIT("提"), STR_INIT("整")};
static const enum tone TONES[] = {TONE_FIRST, TONE_SECOND, TONE_THIRD};
static const str REASONS[] = {
    STR_INIT("基础设施与产业均在县内前列"),
    STR_INIT("生活污水治理率 41%，低于精品示范门槛 60%；其余门槛均已达到，补上这一项可进入上一类"),
    STR_INIT("卫生厕所、垃圾收运两项未达标，先整治环境"),
};

static enum rc put_village(struct table_sink sink, struct arena *arena, int i, uint32_t *seed)
{
    struct arena_mark mark = arena_mark(arena);
    int tier = i % 10 == 0 ? 0 : i % 10 < 7 ? 1 : 2;
    enum tone tone = TONES[tier];
    int robust = 60 + (int)(next_random(seed) % 41);
    const struct out cells[] = {
        out_text(made(arena, "990101", 100000 + i)),
        out_text(made(arena, "示范县", i / 160 + 1)),
        out_text(made(arena, "中心镇", i / 25 + 1)),
        out_text(made(arena, "柳林", i + 1)),
        out_toned(out_text(TIERS[tier]), tone),
        out_fixed(4000 + next_random(seed) % 6000, 2),
        out_int(i % 160 + 1),
        out_toned(out_ratio(robust, 100, 0), robust < 90 ? TONE_WARN : TONE_PLAIN),
        out_int(next_random(seed) % 4000),
        i % 37 == 0 ? out_none(STR("not_reported"), STR("未报"))
                    : out_ratio(next_random(seed) % 1000, 1000, 1),
        i % 53 == 0 ? out_none(STR("not_reported"), STR(""))
                    : out_money(next_random(seed) % 300000000, 6),
        out_text(REASONS[tier]),
    };

    enum rc rc = sink.row(sink.self, cells);
    arena_rewind(arena, mark);
    return rc;
}

static enum rc put_villages(struct table_sink sink, struct arena *arena, int rows)
{
    const struct table table = {
        .name = STR("tiers"),
        .title = STR("示范省 2024 年村庄分类结果"),
        .tab = STR("村庄"),
        .columns = VILLAGE_COLUMNS,
        .column_count = COUNT_OF(VILLAGE_COLUMNS),
        .facts = FACTS,
        .fact_count = COUNT_OF(FACTS),
        .notes = NOTES,
        .note_count = COUNT_OF(NOTES),
        .frozen_columns = 4,
    };
    uint32_t seed = 1;
    enum rc rc = sink.begin(sink.self, &table);

    for (int i = 0; i < rows && rc == RC_OK; i++) {
        rc = put_village(sink, arena, i, &seed);
    }
    return rc == RC_OK ? sink.end(sink.self) : rc;
}

static enum rc write_tables(struct arena *arena, struct byte_sink out, int rows, struct err *err)
{
    struct book *book = NULL;
    enum rc rc = book_open(arena, &OPTIONS, err, &book);

    if (rc != RC_OK) {
        return rc;
    }
    rc = put_cities(book_sink(book), arena);
    if (rc == RC_OK) {
        rc = put_villages(book_sink(book), arena, rows);
    }
    if (rc == RC_OK) {
        rc = put_counties(book_sink(book), arena);
    }
    if (rc != RC_OK) {
        book_abandon(book);
        return rc;
    }
    return book_close(book, out);
}

static const str HEADS[] = {STR_INIT("村代码"), STR_INIT("乡镇"), STR_INIT("村名")};
static const str GROUPS[] = {STR_INIT("基本情况"), STR_INIT("基础设施"), STR_INIT("人居环境"),
                             STR_INIT("产业与收入"), STR_INIT("公共服务")};
static const str TERRAIN[] = {STR_INIT("平原"), STR_INIT("丘陵"), STR_INIT("山区")};
static const str YES_NO[] = {STR_INIT("是"), STR_INIT("否")};
static const str HOW_TO[] = {
    STR_INIT("一、只填写白色单元格。灰色单元格是村代码、名称和其他部门已经掌握的数据，不用填。"),
    STR_INIT("二、鼠标停在表头上，可以看到指标的含义、计算口径和填写要求。"),
    STR_INIT(
        "三、确实没有的填 0；不清楚的留空，不要填 0。留空的单元格在汇总时算“未报”，不会当作 0。"),
    STR_INIT("四、填好后直接发回原文件，不要改表头、不要增减行列；有错误的单元格会在原文件上标出并"
             "说明原因。"),
};
static const struct form_word MARKS[] = {
    {STR_INIT("programme"), STR_INIT("7f3a91c2")},
    {STR_INIT("period"), STR_INIT("2024")},
    {STR_INIT("unit"), STR_INIT("990101")},
};

static struct form_column make_column(struct arena *arena, int i)
{
    struct form_column column = {
        .key = made(arena, "indicator_", i),
        .title = made(arena, i % 3 == 0 ? "卫生厕所普及率" : "通硬化路的自然村", i),
        .group = GROUPS[i / 8],
        .unit = i % 3 == 0 ? STR("%") : STR("个"),
        .note = STR("截至年末的数；以村委会台账为准，在建的不算。"),
        .rule = i % 3 == 0 ? STR("0 到 100，最多 1 位小数") : STR("0 到 500 的整数"),
        .kind = FORM_NUMBER,
        .decimals = i % 3 == 0 ? 1 : 0,
        .has_range = true,
        .max = i % 3 == 0 ? 1000 : 500,
        .is_locked = i % 11 == 10,
    };

    if (i % 7 == 4) {
        column.kind = i % 2 == 0 ? FORM_CHOICE : FORM_YES_NO;
        column.title = made(arena, i % 2 == 0 ? "地形" : "通客车", i);
        column.unit = STR("");
        column.rule = STR("请从下拉列表中选择");
        column.choices = i % 2 == 0 ? TERRAIN : YES_NO;
        column.choice_count = i % 2 == 0 ? 3 : 2;
    } else if (i == 13) {
        column.kind = FORM_DATE;
        column.title = STR("规划批复日期");
        column.unit = STR("");
        column.rule = STR("日期，如 2024-06-30");
    }
    return column;
}

static struct out make_value(const struct form_column *column, uint32_t *seed)
{
    uint32_t random = next_random(seed);

    if (random % 5 == 0) {
        return out_none(STR(""), STR(""));
    }
    switch (column->kind) {
    case FORM_NUMBER:
        return out_fixed(random % (uint32_t)column->max, column->decimals);
    case FORM_CHOICE:
    case FORM_YES_NO:
        return out_text(column->choices[random % (uint32_t)column->choice_count]);
    case FORM_DATE:
        return out_text(STR("2023-09-15"));
    case FORM_TEXT:
        break;
    }
    return out_text(STR("无"));
}

static enum rc put_units(struct form_sink sink, struct arena *arena, const struct form *form)
{
    struct out values[FORM_COLUMNS];
    uint32_t seed = 3;
    enum rc rc = sink.begin(sink.self, form);

    for (int i = 0; i < FORM_ROWS && rc == RC_OK; i++) {
        const str heads[] = {made(arena, "990101", 100000 + i), made(arena, "中心镇", i / 12 + 1),
                             made(arena, "柳林", i + 1)};
        struct form_row row = {heads, values};
        for (int k = 0; k < FORM_COLUMNS; k++) {
            values[k] = make_value(&form->columns[k], &seed);
        }
        rc = sink.row(sink.self, &row);
    }
    return rc == RC_OK ? sink.end(sink.self) : rc;
}

static enum rc write_form(struct arena *arena, struct byte_sink out, struct err *err)
{
    static struct form_column columns[FORM_COLUMNS];
    const struct form form = {
        .title = STR("示范县 2024 年村情台账"),
        .tab = STR("台账"),
        .lead =
            STR("填报单位：示范县　　期：2024 年　　请于 2024-12-10 前发回；联系人：县专班办公室"),
        .heads = HEADS,
        .head_count = COUNT_OF(HEADS),
        .columns = columns,
        .column_count = FORM_COLUMNS,
        .notes = HOW_TO,
        .note_count = COUNT_OF(HOW_TO),
        .notes_tab = STR("填报说明"),
        .marks = MARKS,
        .mark_count = COUNT_OF(MARKS),
    };
    struct form_book *book = NULL;
    enum rc rc = form_open(arena, &OPTIONS, err, &book);

    if (rc != RC_OK) {
        return rc;
    }
    for (int i = 0; i < FORM_COLUMNS; i++) {
        columns[i] = make_column(arena, i);
    }
    rc = put_units(form_sink(book), arena, &form);
    if (rc != RC_OK) {
        form_abandon(book);
        return rc;
    }
    return form_close(book, out);
}

int main(int count, char **args)
{
    FILE *file = count == 3 ? fopen(args[2], "wb") : NULL;
    struct byte_sink out = {file, put};
    struct arena arena;
    struct err err = {0};
    enum rc rc = RC_INVALID;

    if (file == NULL) {
        return 2;
    }
    arena_init(&arena, 256 * ARENA_MIB);
    if (strcmp(args[1], "form") == 0) {
        rc = write_form(&arena, out, &err);
    } else {
        rc = write_tables(&arena, out, strcmp(args[1], "big") == 0 ? BIG_ROWS : TABLE_ROWS, &err);
    }
    arena_done(&arena);
    return fclose(file) != 0 || rc != RC_OK;
}
