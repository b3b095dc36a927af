/* A programme and registers for tests of units. */
#include "office/register/test_units.h"

#include <stdio.h>
#include <stdlib.h>

static const str STREET_ENDS[] = {STR_INIT("街道办事处"), STR_INIT("街道")};
static const str TOWN_ENDS[] = {STR_INIT("镇")};
static const str RURAL_ENDS[] = {STR_INIT("乡")};
static const str COMMITTEE_ENDS[] = {STR_INIT("村村民委员会"), STR_INIT("村民委员会"),
                                     STR_INIT("村村委会"),     STR_INIT("村委会"),
                                     STR_INIT("村委"),         STR_INIT("村")};
static const str RESIDENTS_ENDS[] = {
    STR_INIT("村社区居民委员会"), STR_INIT("社区居民委员会"), STR_INIT("村居民委员会"),
    STR_INIT("居民委员会"),       STR_INIT("村社区居委会"),   STR_INIT("社区居委会"),
    STR_INIT("村居委会"),         STR_INIT("居委会"),         STR_INIT("社区")};

static const struct level LEVELS[] = {
    {.id = STR_INIT("province"), .name = {STR_INIT("省"), STR_INIT("")}, .code_digits = 2},
    {.id = STR_INIT("city"), .name = {STR_INIT("市"), STR_INIT("")}, .code_digits = 4},
    {.id = STR_INIT("county"),
     .name = {STR_INIT("县"), STR_INIT("")},
     .code_digits = 6,
     .is_partition = true},
    {.id = STR_INIT("township"), .name = {STR_INIT("乡镇"), STR_INIT("")}, .code_digits = 9},
    {.id = STR_INIT("village"), .name = {STR_INIT("行政村"), STR_INIT("")}, .code_digits = 12},
};

static const struct kind KINDS[] = {
    {.id = STR_INIT("province"), .level = PROVINCE},
    {.id = STR_INIT("city"), .level = CITY},
    {.id = STR_INIT("county"), .level = COUNTY},
    {STR_INIT("street"), .level = TOWNSHIP, .code_from = 1, .code_to = 99,
     .name_ends = {STREET_ENDS, 2}},
    {STR_INIT("town"), .level = TOWNSHIP, .code_from = 100, .code_to = 199,
     .name_ends = {TOWN_ENDS, 1}},
    {STR_INIT("rural"), .level = TOWNSHIP, .code_from = 200, .code_to = 399,
     .name_ends = {RURAL_ENDS, 1}},
    {STR_INIT("zone"), .level = TOWNSHIP, .code_from = 400, .code_to = 599},
    {STR_INIT("residents"), .level = VILLAGE, .code_from = 1, .code_to = 199,
     .name_ends = {RESIDENTS_ENDS, 9}},
    {STR_INIT("committee"), .level = VILLAGE, .code_from = 200, .code_to = 399,
     .name_ends = {COMMITTEE_ENDS, 6}},
    {STR_INIT("residents_like"), .level = VILLAGE, .code_from = 400, .code_to = 499},
    {STR_INIT("committee_like"), .level = VILLAGE, .code_from = 500, .code_to = 599},
};

static const struct programme PROGRAMME = {
    .id = STR_INIT("test"),
    .levels = LEVELS,
    .level_count = 5,
    .kinds = KINDS,
    .kind_count = 11,
    .partition = COUNTY,
};

const struct programme *test_programme(void)
{
    return &PROGRAMME;
}

enum rc test_read_csv(struct sheet_reader reader, str text, struct arena *arena)
{
    struct cell cells[REGISTER_COLUMNS + 1];
    const struct sheet_info info = {0};
    int64_t number = 0;
    str line = {0};

    (void)arena;
    TRY(reader.sheet(reader.self, &info));
    while (str_cut(&text, '\n', &line)) {
        struct sheet_row row = {.row = ++number, .cells = cells};
        str piece = {0};
        while (row.count <= REGISTER_COLUMNS && str_cut(&line, ',', &piece)) {
            cells[row.count] = (struct cell){.kind = CELL_TEXT, .column = row.count, .text = piece};
            row.count++;
        }
        TRY(reader.row(reader.self, &row));
    }
    return reader.end(reader.self);
}

enum rc test_import(const struct cx *cx, str text, const char *day, int accept_min,
                    struct register_result *out)
{
    struct register_reader reader;
    struct register_options options = {
        .file_name = str_from(day),
        .file_hash = hash_of(text),
        .accept_min = accept_min,
    };

    MUST(date_parse(str_from(day), &options.as_of));
    register_reader_init(&reader, cx, test_programme());
    TRY(test_read_csv(register_reader_sheet(&reader), text, cx->arena));
    TRY(office_enter(cx, DB_WRITE));
    return office_leave(cx, register_import(cx, &reader, &options, out));
}

const char *const REAL_DAY[REAL_DAYS] = {"2019-10-31", "2020-06-30", "2021-10-31", "2022-10-31",
                                         "2023-06-30"};

enum { FILE_BYTES_MAX = 16 << 20, PATH_BYTES_MAX = 1024 };

static const char *source_tree(void)
{
    const char *source = getenv("WANCUN_SOURCE");

    return source == NULL ? "." : source;
}

static str read_all(struct arena *arena, FILE *file)
{
    char *at = arena_take(arena, FILE_BYTES_MAX);

    return (str){at, fread(at, 1, FILE_BYTES_MAX, file)};
}

static str unpack(struct arena *arena, const char *path)
{
    char command[PATH_BYTES_MAX + 32];
    str bytes = {0};

    (void)snprintf(command, sizeof(command), "xz -dc '%s' 2>/dev/null", path);
    FILE *pipe = popen(command, "r");
    if (pipe != NULL) {
        bytes = read_all(arena, pipe);
        (void)pclose(pipe);
    }
    return bytes;
}

str test_file(struct arena *arena, const char *name)
{
    char path[PATH_BYTES_MAX];
    str bytes = {0};

    (void)snprintf(path, sizeof(path), "%s/%s", source_tree(), name);
    if (str_ends(str_from(name), STR(".xz"))) {
        return unpack(arena, path);
    }
    FILE *file = fopen(path, "rb");
    if (file != NULL) {
        bytes = read_all(arena, file);
        (void)fclose(file);
    }
    return bytes;
}

str test_province_register(struct arena *arena, int day)
{
    char name[PATH_BYTES_MAX];

    (void)snprintf(name, sizeof(name), "../shared/data/register/shanxi-%s.csv.xz", REAL_DAY[day]);
    return test_file(arena, name);
}

str test_county_register(struct arena *arena, int day)
{
    str all = test_file(arena, "tests/data/register-county.csv");
    str line = {0};
    struct buf text;
    str out = {0};

    buf_init(&text, arena, FILE_BYTES_MAX);
    buf_put(&text, STR("code,level,name\n"));
    while (str_cut(&all, '\n', &line)) {
        str of_day = {0};
        if (str_cut(&line, ',', &of_day) && str_equal(of_day, str_from(REAL_DAY[day]))) {
            buf_put(&text, line);
            buf_char(&text, '\n');
        }
    }
    MUST(buf_done(&text, &out));
    return out;
}
