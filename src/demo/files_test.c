/* The files of the demonstration: the same for a seed, invented on their face, nothing in them
 * real. */
#include "base/hash.h"
#include "base/map.h"
#include "demo/room_test.h"
#include "format/sheet/sheet.h"
#include "office/unit/unit.h"

/* ---- files ---- */

struct files {
    struct room *room;
    const struct map *real; /* names that no text may hold; NULL: not looked at */
    struct buf digests;     /* path and hash of each */
    int count;
    int without_notice;
};

struct looking {
    bool has_notice;
};

static enum rc look_sheet(void *self, const struct sheet_info *info)
{
    (void)self;
    (void)info;
    return RC_OK;
}

static enum rc look_row(void *self, const struct sheet_row *row)
{
    struct looking *looking = self;

    for (int i = 0; i < row->count; i++) {
        looking->has_notice =
            looking->has_notice || str_find(row->cells[i].text, STR(DEMO_NOTICE)) != STR_NONE;
    }
    return RC_OK;
}

static enum rc look_end(void *self)
{
    (void)self;
    return RC_OK;
}

static bool has_notice(struct err *err, str path, str bytes)
{
    struct looking looking = {0};
    const struct sheet_reader reader = {&looking, look_sheet, look_row, look_end};

    if (!str_ends(path, STR(".xlsx")) || !str_starts(bytes, STR("PK"))) {
        return str_find(bytes, STR(DEMO_NOTICE)) != STR_NONE;
    }
    assert_int_equal(xlsx_read(bytes, &SHEET_LIMITS, &reader, err), RC_OK);
    return looking.has_notice;
}

/* No three to eight characters of the text are the name of a real place. */
static void assert_no_real_name(const struct map *real, str text)
{
    enum { SHORT = 9, LONG = 24 };
    int64_t found = 0;

    for (size_t at = 0; at < text.len; at++) {
        for (size_t len = SHORT; len <= LONG && at + len <= text.len; len += 3) {
            if (map_get(real, str_part(text, at, len), &found)) {
                fail_msg("a real name: %.*s", (int)len, text.at + at);
            }
        }
    }
}

static enum rc take_file(void *self, str path, str bytes)
{
    struct files *files = self;
    struct hash hash = hash_of(bytes);

    buf_put(&files->digests, path);
    buf_put(&files->digests, hash_hex(hash, &files->room->kept));
    files->count++;
    if (files->real != NULL && str_ends(path, STR(".txt"))) {
        assert_no_real_name(files->real, bytes);
    }
    files->without_notice += has_notice(&files->room->err, path, bytes) ? 0 : 1;
    return RC_OK;
}

static struct files *write_county(struct room *room, uint64_t seed, const struct map *real)
{
    struct files *files = ARENA_NEW(&room->kept, struct files, 1);

    files->room = room;
    files->real = real;
    buf_init(&files->digests, &room->kept, ARENA_MIB);
    assert_int_equal(demo_write(make(room, seed, true), (struct demo_sink){files, take_file},
                                &room->arena, &room->err),
                     RC_OK);
    return files;
}

static str text_of(const struct buf *buf)
{
    str text = {0};

    assert_true(buf_done(buf, &text));
    return text;
}

static void the_same_seed_gives_the_same_bytes_and_another_does_not(void **state)
{
    struct room *room = *state;
    struct files *first = write_county(room, 5, NULL);
    struct files *again = write_county(room, 5, NULL);
    struct files *other = write_county(room, 6, NULL);

    assert_int_equal(first->count, 27);
    assert_int_equal(first->count, demo_file_count(make(room, 5, true)));
    assert_true(str_equal(text_of(&first->digests), text_of(&again->digests)));
    assert_false(str_equal(text_of(&first->digests), text_of(&other->digests)));
}

static void every_file_says_that_it_is_invented(void **state)
{
    struct room *room = *state;

    assert_int_equal(write_county(room, 1, NULL)->without_notice, 0);
}

/* ---- nothing real (decision 9) ---- */

struct real {
    struct map codes;
    struct map names;
    struct arena *arena;
};

/* A line "code,level,name"; names with and without their endings. */
static void take_real(struct real *real, const struct programme *programme, str line)
{
    str code = {0};
    str level = {0};

    if (!str_cut(&line, ',', &code) || !str_cut(&line, ',', &level)) {
        return;
    }
    int at = programme_level(programme, level);
    str name = str_trim(line);
    (void)map_put(&real->codes, code, 1);
    if (at != NONE && name.len > 0) {
        (void)map_put(&real->names, name, 1);
        (void)map_put(&real->names, unit_base_name(programme, at, name), 1);
    }
}

static bool load_real(struct room *room, struct real *real)
{
    static const char *const DAYS[] = {"2019-10-31", "2020-06-30", "2021-10-31", "2022-10-31",
                                       "2023-06-30"};

    map_init(&real->codes, &room->arena, 1 << 17);
    map_init(&real->names, &room->arena, 1 << 17);
    for (size_t i = 0; i < COUNT_OF(DAYS); i++) {
        char name[128];
        str packed = {0};
        str text = {0};
        str line = {0};
        (void)snprintf(name, sizeof(name), "../shared/data/register/shanxi-%s.csv.xz", DAYS[i]);
        if (!read_file(room, source_path(room, name), &packed)) {
            return false;
        }
        assert_int_equal(xz_unpack(packed, FILE_BYTES_MAX, &room->arena, &text, &room->err), RC_OK);
        while (str_cut(&text, '\n', &line)) {
            take_real(real, room->programme, line);
        }
    }
    return true;
}

/* Lines "code,province,city,name,level,…" of every county that was. */
static bool load_real_counties(struct room *room, struct real *real)
{
    str text = {0};
    str line = {0};

    if (!read_file(room, source_path(room, "../shared/data/county-codes-1981-2024.csv"), &text)) {
        return false;
    }
    while (str_cut(&text, '\n', &line)) {
        str code = {0};
        str piece = {0};
        (void)str_cut(&line, ',', &code);
        (void)map_put(&real->codes, code, 1);
        for (int i = 0; i < 3 && str_cut(&line, ',', &piece); i++) {
            (void)map_put(&real->names, piece, 1);
        }
    }
    return true;
}

static void no_code_and_no_name_of_it_is_real(void **state)
{
    struct room *room = *state;
    struct real real = {0};
    int64_t found = 0;
    int checked = 0;

    if (!load_real(room, &real) || !load_real_counties(room, &real)) {
        print_message("# skipped: ../shared/data with the real registers is not here\n");
        skip();
    }
    for (int year = 0; year < DEMO_YEARS; year++) {
        for (int i = 0; i < room->world->order_count[year]; i++) {
            const struct demo_unit *unit = unit_at(room->world, year, i);
            const struct demo_face *face = &unit->faces[year];
            str base = unit_base_name(room->programme, unit->level, face->name);
            assert_false(map_get(&real.codes, face->code, &found));
            assert_false(map_get(&real.codes, str_part(face->code, 0, 6), &found));
            if (map_get(&real.names, face->name, &found) || map_get(&real.names, base, &found)) {
                fail_msg("a real name: %.*s", STR_ARG(face->name));
            }
            checked++;
        }
    }
    print_message("# %d units against %zu real codes and %zu real names\n", checked,
                  real.codes.count, real.names.count);
}

static void the_texts_name_no_real_city_or_county(void **state)
{
    struct room *room = *state;
    struct real real = {0};

    map_init(&real.codes, &room->kept, 1 << 14);
    map_init(&real.names, &room->kept, 1 << 14);
    if (!load_real_counties(room, &real)) {
        print_message("# skipped: ../shared/data with the real registers is not here\n");
        skip();
    }
    assert_true(write_county(room, 1, &real.names)->count > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_seed_gives_the_same_bytes_and_another_does_not),
        cmocka_unit_test(every_file_says_that_it_is_invented),
        cmocka_unit_test(no_code_and_no_name_of_it_is_real),
        cmocka_unit_test(the_texts_name_no_real_city_or_county),
    };

    return cmocka_run_group_tests(tests, begin, end);
}
