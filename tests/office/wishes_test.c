/* Villages' wishes: support and veto, and rows that cannot be. */
#include "office/collect/wishes.h"
#include "tests/office/rooms.h"

#define HEAD "村民大会|||\n代码|建设内容|支持率|不同意|说明\n"

static enum rc read_wishes(const struct rooms *rooms, const char *text, struct wish_reader *out)
{
    wish_reader_init(out, rooms->cx, &rooms->tree);
    return rooms_feed(wish_reader_sheet(out), text, NULL, 0);
}

static void support_and_veto_are_read(void **state)
{
    struct rooms rooms;
    struct wish_reader reader;

    rooms_open(*state, &rooms);
    assert_int_equal(read_wishes(&rooms,
                                 HEAD "99010101|PIPES|85.5%|否|缺水\n"
                                      "99010102|排水||是\n"
                                      "99010103|供水|~100\n",
                                 &reader),
                     RC_OK);
    assert_int_equal(reader.count, 3);
    assert_int_equal(reader.wishes[0].place, rooms_place(&rooms, "99010101"));
    assert_int_equal(reader.wishes[0].measure, 0);
    assert_int_equal(reader.wishes[0].support, 8550);
    assert_false(reader.wishes[0].is_veto);
    assert_true(str_equal(reader.wishes[0].note, STR("缺水")));
    assert_int_equal(reader.wishes[1].measure, 1);
    assert_int_equal(reader.wishes[1].support, 0);
    assert_true(reader.wishes[1].is_veto);
    assert_int_equal(reader.wishes[2].support, 10000);
    assert_false(reader.wishes[2].is_veto);
}

static void a_row_that_cannot_be_is_refused_with_its_place(void **state)
{
    static const struct {
        const char *text;
        enum msg_id why;
    } BAD[] = {
        {HEAD "99010109|PIPES|50%\n", MSG_WISHES_CODE},
        {HEAD "99010101|桥|50%\n", MSG_WISHES_MEASURE},
        {HEAD "99010101|PIPES|101%\n", MSG_WISHES_SUPPORT},
        {HEAD "99010101|PIPES|很多\n", MSG_WISHES_SUPPORT},
        {HEAD "99010101|PIPES|50%|也许\n", MSG_WISHES_VETO},
    };
    struct rooms rooms;
    struct wish_reader reader;

    rooms_open(*state, &rooms);
    for (size_t i = 0; i < COUNT_OF(BAD); i++) {
        assert_int_equal(read_wishes(&rooms, BAD[i].text, &reader), RC_INVALID);
        assert_int_equal(rooms.cx->err->msg, BAD[i].why);
        assert_int_equal(rooms.cx->err->args[0].number, 3);
        err_clear(rooms.cx->err);
    }
}

static enum rc take_in(const struct rooms *rooms, const char *text, struct batch *batch)
{
    struct wish_reader reader;

    *batch = (struct batch){.file_name = STR("wishes"), .file = hash_of(str_from(text))};
    TRY(read_wishes(rooms, text, &reader));
    TRY(office_enter(rooms->cx, DB_WRITE));
    return office_leave(rooms->cx, wishes_import(&reader, batch));
}

static void wishes_are_taken_in_as_one_batch(void **state)
{
    struct batch batch = {0};
    struct rooms rooms;

    rooms_open(*state, &rooms);
    assert_int_equal(take_in(&rooms, HEAD "99010101|PIPES|50%\n99010102|PIPES||是\n", &batch),
                     RC_OK);
    assert_true(batch.id > 0);
    assert_int_equal(batch.value_count, 2);
    assert_int_equal(take_in(&rooms, HEAD "99010101|PIPES|60%\n", &batch), RC_OK);
}

static void a_wish_said_twice_in_one_file_leaves_nothing_behind(void **state)
{
    struct batch first = {0};
    struct batch batch = {0};
    struct rooms rooms;

    rooms_open(*state, &rooms);
    assert_int_equal(take_in(&rooms, HEAD "99010101|PIPES|50%\n99010101|PIPES|60%\n", &first),
                     RC_INVALID);
    assert_int_equal(rooms.cx->err->msg, MSG_WISHES_TWICE);
    err_clear(rooms.cx->err);
    assert_int_equal(batch_load(rooms.cx, first.id, &batch), RC_MISSING);
}

static void a_sheet_without_wishes_is_refused(void **state)
{
    struct batch batch = {0};
    struct rooms rooms;

    rooms_open(*state, &rooms);
    assert_int_equal(take_in(&rooms, "村名|意见\n李庄村|好\n", &batch), RC_INVALID);
    assert_int_equal(rooms.cx->err->msg, MSG_WISHES_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_WORLD(support_and_veto_are_read),
        IN_A_WORLD(a_row_that_cannot_be_is_refused_with_its_place),
        IN_A_WORLD(wishes_are_taken_in_as_one_batch),
        IN_A_WORLD(a_wish_said_twice_in_one_file_leaves_nothing_behind),
        IN_A_WORLD(a_sheet_without_wishes_is_refused),
    };
    return cmocka_run_group_tests_name("wishes", tests, NULL, NULL);
}
