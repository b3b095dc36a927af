/* Who is who: each trap of real registers as a small pair of lists. */
#include <stdio.h>

#include "calc/lineage/test_world.h"

static void an_unchanged_unit_needs_no_link(void **state)
{
    struct world *world = *state;

    heads(world);
    both(world, "91100", TOWN, "乙");
    both(world, "91100200", VILLAGE, "东沟");
    compare(world);
    assert_int_equal(world->answer.link_count, 0);
    for (int i = 0; i < world->count[1]; i++) {
        assert_int_equal(world->answer.same[i], i);
    }
}

static void another_ending_is_a_certain_rename(void **state)
{
    struct world *world = *state;

    heads(world);
    both(world, "91100", TOWN, "乙");
    both(world, "91100200", VILLAGE, "东沟");
    world->units[1][3].name = STR("东沟村民委员会");
    compare(world);
    assert_link(world, "91100200", "91100200", LINEAGE_RENAME, LINEAGE_ENDING);
    assert_int_equal(world->answer.links[0].confidence, LINEAGE_SURE);
    assert_int_equal(world->answer.same[3], 3);
}

/* 乡改镇: the township's code changes and with it that of every village; nobody moved. */
static void a_recoded_township_takes_its_villages_along(void **state)
{
    struct world *world = *state;

    heads(world);
    was(world, "91200", TOWN, "乙");
    was(world, "91200200", VILLAGE, "东沟");
    was(world, "91200201", VILLAGE, "西沟");
    is(world, "91100", TOWN, "乙");
    is(world, "91100200", VILLAGE, "东沟");
    is(world, "91100201", VILLAGE, "西沟");
    compare(world);
    assert_link(world, "91200", "91100", LINEAGE_RECODE, LINEAGE_SAME_PARENT);
    assert_link(world, "91200200", "91100200", LINEAGE_RECODE, LINEAGE_SAME_PARENT);
    assert_link(world, "91200201", "91100201", LINEAGE_RECODE, LINEAGE_SAME_PARENT);
}

static void a_township_under_a_new_name_and_code_is_known_by_its_villages(void **state)
{
    struct world *world = *state;

    heads(world);
    was(world, "91200", TOWN, "解原");
    is(world, "91005", TOWN, "九原街");
    for (int i = 0; i < 4; i++) {
        static const char *const NAMES[] = {"东沟", "西沟", "上庄", "下庄"};
        static const char *const OLD[] = {"91200200", "91200201", "91200202", "91200203"};
        static const char *const NEW[] = {"91005200", "91005201", "91005202", "91005203"};
        was(world, OLD[i], VILLAGE, NAMES[i]);
        is(world, NEW[i], VILLAGE, NAMES[i]);
    }
    compare(world);
    assert_link(world, "91200", "91005", LINEAGE_RECODE, LINEAGE_SAME_UNITS);
    assert_link(world, "91200202", "91005202", LINEAGE_RECODE, LINEAGE_SAME_PARENT);
}

/* Two townships become one: the second is merged, its villages are transferred. */
static void a_merged_township_transfers_its_villages(void **state)
{
    struct world *world = *state;

    heads(world);
    both(world, "91100", TOWN, "乙");
    both(world, "91100200", VILLAGE, "东沟");
    was(world, "91200", TOWN, "丙");
    was(world, "91200200", VILLAGE, "南坡");
    was(world, "91200201", VILLAGE, "北坡");
    is(world, "91100201", VILLAGE, "南坡");
    is(world, "91100202", VILLAGE, "北坡");
    compare(world);
    assert_link(world, "91200", "91100", LINEAGE_MERGE, LINEAGE_UNITS_WENT);
    assert_link(world, "91200200", "91100201", LINEAGE_TRANSFER, LINEAGE_MOVED_TOGETHER);
}

/* 崔家山 → 西梁 under one code: 西梁 lived next door, and kept 崔家山's code after the merger. */
static void a_name_is_followed_when_a_code_is_handed_on(void **state)
{
    struct world *world = *state;

    heads(world);
    both(world, "91100", TOWN, "乙");
    was(world, "91100200", VILLAGE, "崔家山");
    is(world, "91100200", VILLAGE, "西梁");
    was(world, "91100201", VILLAGE, "西梁");
    compare(world);
    assert_link(world, "91100201", "91100200", LINEAGE_RECODE, LINEAGE_SAME_PARENT);
    assert_link(world, "91100200", NULL, LINEAGE_MERGE, LINEAGE_VANISHED);
    assert_null(link_of(world, "91100200", "91100200"));
}

/* 上官张 and 下官张 become 官张, which keeps one of the codes: a merger, not a rename. */
static void a_name_made_of_two_is_a_merger_even_under_an_old_code(void **state)
{
    struct world *world = *state;

    heads(world);
    both(world, "91100", TOWN, "乙");
    was(world, "91100219", VILLAGE, "上官张");
    was(world, "91100220", VILLAGE, "下官张");
    is(world, "91100220", VILLAGE, "官张");
    compare(world);
    assert_link(world, "91100219", "91100220", LINEAGE_MERGE, LINEAGE_PARTS_OF_NAME);
    assert_link(world, "91100220", "91100220", LINEAGE_MERGE, LINEAGE_PARTS_OF_NAME);
    assert_int_equal(world->answer.same[3], LINEAGE_NONE);
}

static void a_code_kept_under_another_name_is_sure_only_where_nobody_vanished(void **state)
{
    struct world *world = *state;

    heads(world);
    both(world, "91100", TOWN, "乙");
    was(world, "91100200", VILLAGE, "沙乔");
    is(world, "91100200", VILLAGE, "沙桥");
    both(world, "91101", TOWN, "丙");
    was(world, "91101200", VILLAGE, "小郭");
    is(world, "91101200", VILLAGE, "新城");
    was(world, "91101201", VILLAGE, "赤峪");
    compare(world);
    assert_link(world, "91100200", "91100200", LINEAGE_RENAME, LINEAGE_SLOT_KEPT);
    assert_true(link_of(world, "91100200", "91100200")->confidence >= 950);
    assert_link(world, "91101200", "91101200", LINEAGE_RENAME, LINEAGE_SLOT_KEPT);
    assert_true(link_of(world, "91101200", "91101200")->confidence < 500);
}

/* Two villages of one name in the county: each goes where its township went. */
static void equal_names_are_told_apart_by_their_townships(void **state)
{
    struct world *world = *state;

    heads(world);
    was(world, "91200", TOWN, "丙");
    was(world, "91200200", VILLAGE, "杨家庄");
    was(world, "91200201", VILLAGE, "丙一");
    was(world, "91201", TOWN, "丁");
    was(world, "91201200", VILLAGE, "杨家庄");
    was(world, "91201201", VILLAGE, "丁一");
    is(world, "91100", TOWN, "丁");
    is(world, "91100207", VILLAGE, "杨家庄");
    is(world, "91100208", VILLAGE, "丁一");
    is(world, "91101", TOWN, "丙");
    is(world, "91101207", VILLAGE, "杨家庄");
    is(world, "91101208", VILLAGE, "丙一");
    compare(world);
    assert_link(world, "91200200", "91101207", LINEAGE_RECODE, LINEAGE_SEVERAL);
    assert_link(world, "91201200", "91100207", LINEAGE_RECODE, LINEAGE_SAME_PARENT);
    assert_true(link_of(world, "91200200", "91101207")->confidence >= 950);
}

/* 北王 and 北韩 merge, both had a 南庄, one is left: the order of the codes says whose it is, but
 * not so surely that no person need look. */
static void the_order_of_codes_speaks_among_rivals(void **state)
{
    struct world *world = *state;

    heads(world);
    was(world, "91203", TOWN, "北王");
    was(world, "91203201", VILLAGE, "史壁");
    was(world, "91203205", VILLAGE, "南庄");
    was(world, "91203208", VILLAGE, "白培");
    was(world, "91204", TOWN, "北韩");
    was(world, "91204200", VILLAGE, "霍寨");
    was(world, "91204218", VILLAGE, "南庄");
    is(world, "91103", TOWN, "北王");
    is(world, "91103203", VILLAGE, "史壁");
    is(world, "91103204", VILLAGE, "南庄");
    is(world, "91103205", VILLAGE, "白培");
    is(world, "91103217", VILLAGE, "霍寨");
    compare(world);
    assert_link(world, "91203205", "91103204", LINEAGE_RECODE, LINEAGE_SEVERAL);
    assert_in_range(link_of(world, "91203205", "91103204")->confidence, 900, 949);
    assert_link(world, "91204218", NULL, LINEAGE_MERGE, LINEAGE_VANISHED);
}

/* 辛庄 becomes 霍电辛庄 under its code; a village elsewhere that now bears 辛庄 is somebody else.
 */
static void a_code_kept_under_a_like_name_outweighs_a_lone_namesake(void **state)
{
    struct world *world = *state;

    heads(world);
    both(world, "91100", TOWN, "辛置");
    was(world, "91100011", VILLAGE, "辛庄");
    is(world, "91100011", VILLAGE, "霍电辛庄");
    both(world, "91200", TOWN, "陶唐峪");
    both(world, "91200220", VILLAGE, "义旺");
    is(world, "91200221", VILLAGE, "辛庄");
    compare(world);
    assert_link(world, "91100011", "91100011", LINEAGE_RENAME, LINEAGE_SAME_CODE);
    assert_null(link_of(world, "91100011", "91200221"));
}

/* A new name like one that vanished is that one, though under another code; like two, it is made
 * of them. */
static void a_new_name_like_vanished_ones_comes_from_them(void **state)
{
    struct world *world = *state;

    heads(world);
    both(world, "91100", TOWN, "乙");
    was(world, "91100200", VILLAGE, "王南尧");
    is(world, "91100223", VILLAGE, "王南窑");
    was(world, "91100237", VILLAGE, "西贺水");
    was(world, "91100238", VILLAGE, "中贺水");
    is(world, "91100254", VILLAGE, "贺水");
    compare(world);
    assert_link(world, "91100200", "91100223", LINEAGE_RECODE, LINEAGE_SIMILAR);
    assert_link(world, "91100237", "91100254", LINEAGE_MERGE, LINEAGE_PARTS_OF_NAME);
    assert_link(world, "91100238", "91100254", LINEAGE_MERGE, LINEAGE_PARTS_OF_NAME);
}

/* 河底 goes on and gives up two parts that carry its name. */
static void parts_that_carry_on_a_name_share_it(void **state)
{
    struct world *world = *state;

    heads(world);
    both(world, "91100", TOWN, "乙");
    both(world, "91100200", VILLAGE, "北河底");
    is(world, "91100201", VILLAGE, "北河底一");
    is(world, "91100202", VILLAGE, "北河底二");
    compare(world);
    assert_link(world, "91100200", "91100201", LINEAGE_SPLIT, LINEAGE_PARTS_OF_NAME);
    assert_int_equal(link_of(world, "91100200", "91100202")->share_num, 1);
    assert_int_equal(link_of(world, "91100200", "91100202")->share_den, 3);
}

/* A township cut out of one that goes on has a share of it, by its villages. */
static void a_township_cut_out_of_another_has_a_share_of_it(void **state)
{
    struct world *world = *state;
    static const char *const NAMES[] = {"东沟", "西沟", "上庄", "下庄", "大岭"};
    static const char *const OLD[] = {"91100200", "91100201", "91100202", "91100203", "91100204"};

    heads(world);
    both(world, "91100", TOWN, "乙");
    for (int i = 0; i < 5; i++) {
        was(world, OLD[i], VILLAGE, NAMES[i]);
    }
    for (int i = 0; i < 3; i++) {
        is(world, OLD[i], VILLAGE, NAMES[i]);
    }
    is(world, "91101", TOWN, "丙");
    is(world, "91101200", VILLAGE, "下庄");
    is(world, "91101201", VILLAGE, "大岭");
    compare(world);
    assert_link(world, "91100", "91101", LINEAGE_SPLIT, LINEAGE_UNITS_WENT);
    assert_int_equal(link_of(world, "91100", "91101")->share_num, 2);
    assert_int_equal(link_of(world, "91100", "91101")->share_den, 5);
}

/* Two counties that exchanged a township may be looked through for its villages; a village whose
 * township stayed is not found across the border for its name alone. */
static void an_open_border_is_open_only_to_those_that_moved(void **state)
{
    struct world *world = *state;
    static const char *const NAMES[] = {"东沟", "西沟", "上庄", "下庄"};
    static const char *const OLD[] = {"91101200", "91101201", "91101202", "91101203"};
    static const char *const NEW[] = {"92101200", "92101201", "92101202", "92101203"};

    heads(world);
    both(world, "91100", TOWN, "乙");
    both(world, "91100200", VILLAGE, "前坡");
    was(world, "91100201", VILLAGE, "曹家沟");
    was(world, "91101", TOWN, "丙");
    for (int i = 0; i < 4; i++) {
        was(world, OLD[i], VILLAGE, NAMES[i]);
    }
    both(world, "92", COUNTY, "丁");
    both(world, "92100", TOWN, "戊");
    both(world, "92100200", VILLAGE, "后坡");
    is(world, "92100201", VILLAGE, "曹家沟");
    is(world, "92101", TOWN, "丙");
    for (int i = 0; i < 4; i++) {
        is(world, NEW[i], VILLAGE, NAMES[i]);
    }
    compare(world);
    assert_link(world, "91101", "92101", LINEAGE_TRANSFER, LINEAGE_SAME_PARENT);
    assert_link(world, "91101202", "92101202", LINEAGE_RECODE, LINEAGE_SAME_PARENT);
    assert_null(link_of(world, "91100201", "92100201"));
}

static void a_committee_that_becomes_residents_is_an_upgrade(void **state)
{
    struct world *world = *state;

    heads(world);
    both(world, "91100", TOWN, "乙");
    is(world, "91100009", VILLAGE, "中社");
    was(world, "91100210", VILLAGE, "中社");
    compare(world);
    assert_link(world, "91100210", "91100009", LINEAGE_UPGRADE, LINEAGE_SAME_PARENT);
}

/* A village that vanished and another county's new village of that name are two villages. */
/* A village goes to another township when its own is dissolved; that many others of its name,
 * itself counted, stand unchanged in other counties. */
static int confidence_with(struct world *world, int bearers)
{
    static const char *const OTHERS[][3] = {
        {"92", "92100", "92100200"}, {"93", "93100", "93100200"}, {"94", "94100", "94100200"},
        {"95", "95100", "95100200"}, {"96", "96100", "96100200"}, {"97", "97100", "97100200"},
        {"98", "98100", "98100200"}, {"99", "99100", "99100200"}, {"9A", "9A100", "9A100200"},
        {"9B", "9B100", "9B100200"}, {"9C", "9C100", "9C100200"},
    };

    world->count[0] = world->count[1] = 0;
    heads(world);
    both(world, "91100", TOWN, "乙");
    both(world, "91100200", VILLAGE, "西沟");
    is(world, "91100210", VILLAGE, "东沟");
    was(world, "91200", TOWN, "丙");
    was(world, "91200200", VILLAGE, "东沟");
    for (int i = 0; i < bearers - 1; i++) {
        both(world, OTHERS[i][0], COUNTY, OTHERS[i][0]);
        both(world, OTHERS[i][1], TOWN, OTHERS[i][1]);
        both(world, OTHERS[i][2], VILLAGE, "东沟");
    }
    compare(world);
    assert_link(world, "91200200", "91100210", LINEAGE_TRANSFER, LINEAGE_ONLY_BEARER);
    return link_of(world, "91200200", "91100210")->confidence;
}

static void the_rarer_a_name_the_surer_is_who_bears_it(void **state)
{
    struct world *world = *state;

    assert_int_equal(confidence_with(world, 1), 960);
    assert_int_equal(confidence_with(world, 3), 960);
    assert_int_equal(confidence_with(world, 4), 930);
    assert_int_equal(confidence_with(world, 10), 930);
    assert_int_equal(confidence_with(world, 11), 880);
}

static void a_name_alone_does_not_cross_counties(void **state)
{
    struct world *world = *state;

    heads(world);
    both(world, "91100", TOWN, "乙");
    was(world, "91100200", VILLAGE, "曹家沟");
    both(world, "91100201", VILLAGE, "上庄");
    both(world, "92", COUNTY, "丙");
    both(world, "92100", TOWN, "丁");
    is(world, "92100200", VILLAGE, "曹家沟");
    both(world, "92100201", VILLAGE, "下庄");
    compare(world);
    assert_null(link_of(world, "91100200", "92100200"));
    assert_link(world, "91100200", NULL, LINEAGE_MERGE, LINEAGE_VANISHED);
    assert_link(world, NULL, "92100200", LINEAGE_CREATE, LINEAGE_NO_TRACE);
}

/* Counties re-cut many to many: townships, and villages with them, are found in the new ones. */
static void counties_cut_anew_keep_their_villages(void **state)
{
    struct world *world = *state;
    static const char *const NAMES[] = {"东沟", "西沟", "南沟", "北沟", "上庄", "下庄",
                                        "前坡", "后坡", "大岭", "小岭", "新寨", "老寨"};
    static const char *const OLD[] = {"91100200", "91100201", "91100202", "91100203",
                                      "91100204", "91100205", "91101200", "91101201",
                                      "91101202", "91101203", "91101204", "91101205"};
    static const char *const NEW[] = {"93100200", "93100201", "93100202", "93100203",
                                      "93100204", "93100205", "94101200", "94101201",
                                      "94101202", "94101203", "94101204", "94101205"};

    both(world, "9", ROOT, "示范");
    was(world, "91", COUNTY, "城");
    was(world, "91100", TOWN, "乙");
    is(world, "93", COUNTY, "平城");
    is(world, "93100", TOWN, "乙");
    for (int i = 0; i < 12; i++) {
        if (i == 6) {
            was(world, "91101", TOWN, "丙");
            is(world, "94", COUNTY, "云冈");
            is(world, "94101", TOWN, "丙");
        }
        was(world, OLD[i], VILLAGE, NAMES[i]);
        is(world, NEW[i], VILLAGE, NAMES[i]);
    }
    compare(world);
    assert_link(world, "91", "93", LINEAGE_SPLIT, LINEAGE_UNITS_WENT);
    assert_link(world, "91", "94", LINEAGE_SPLIT, LINEAGE_UNITS_WENT);
    assert_int_equal(link_of(world, "91", "93")->share_num, 6);
    assert_int_equal(link_of(world, "91", "93")->share_den, 12);
    assert_link(world, "91101", "94101", LINEAGE_TRANSFER, LINEAGE_SAME_PARENT);
    assert_link(world, "91101205", "94101205", LINEAGE_RECODE, LINEAGE_SAME_PARENT);
}

struct tally {
    int told[2][UNITS_MAX];
    int goes_on[2][UNITS_MAX];
};

static void count_end(struct tally *tally, int side, int at, bool continues)
{
    if (at != LINEAGE_NONE) {
        tally->told[side][at]++;
        tally->goes_on[side][at] += continues ? 1 : 0;
    }
}

static void assert_all_told(const struct world *world)
{
    struct tally tally = {0};

    for (int i = 0; i < world->count[1]; i++) {
        int same = world->answer.same[i];
        count_end(&tally, 0, same, false);
        count_end(&tally, 1, same == LINEAGE_NONE ? LINEAGE_NONE : i, false);
    }
    for (int i = 0; i < world->answer.link_count; i++) {
        const struct lineage_link *link = &world->answer.links[i];
        assert_in_range(link->confidence, 1, LINEAGE_SURE);
        assert_in_range(link->share_num, 0, link->share_den);
        count_end(&tally, 0, link->before, lineage_continues(link->kind));
        count_end(&tally, 1, link->after, lineage_continues(link->kind));
    }
    for (int i = 0; i < 2 * UNITS_MAX; i++) {
        int side = i / UNITS_MAX;
        bool exists = i % UNITS_MAX < world->count[side];
        assert_true(!exists || tally.told[side][i % UNITS_MAX] > 0);
        assert_true(tally.goes_on[side][i % UNITS_MAX] <= 1);
    }
}

/* Whatever is thrown at it: nobody is forgotten, nobody goes on twice, shares stay within one. */
static void every_unit_is_accounted_for(void **state)
{
    struct world *world = *state;
    static const char *const NAMES[] = {"东沟", "西沟", "新庄", "王家庄", "张家庄", "庄", "上东沟"};
    unsigned seed = 7;

    for (int round = 0; round < 200; round++) {
        static char codes[2][UNITS_MAX][16];
        const struct arena_mark mark = arena_mark(&world->arena);
        world->count[0] = 0;
        world->count[1] = 0;
        for (int side = 0; side < 2; side++) {
            add(world, side, "9", ROOT, "示范");
            add(world, side, "91", COUNTY, "甲");
            for (int i = 2; i < 40; i++) {
                seed = seed * 1103515245U + 12345U;
                int level = seed >> 16 & 7 ? VILLAGE : TOWN;
                (void)snprintf(codes[side][i], sizeof(codes[side][i]), "91%03d%03u", i / 8,
                               (seed >> 20) % 3 * 100 + (unsigned)i);
                add(world, side, codes[side][i], i == 2 ? TOWN : level, NAMES[(seed >> 8) % 7]);
            }
        }
        compare(world);
        assert_all_told(world);
        arena_rewind(&world->arena, mark);
    }
}

#define IN_A_WORLD(test) cmocka_unit_test_setup_teardown(test, world_begin, world_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_WORLD(an_unchanged_unit_needs_no_link),
        IN_A_WORLD(another_ending_is_a_certain_rename),
        IN_A_WORLD(a_recoded_township_takes_its_villages_along),
        IN_A_WORLD(a_township_under_a_new_name_and_code_is_known_by_its_villages),
        IN_A_WORLD(a_merged_township_transfers_its_villages),
        IN_A_WORLD(a_name_is_followed_when_a_code_is_handed_on),
        IN_A_WORLD(a_name_made_of_two_is_a_merger_even_under_an_old_code),
        IN_A_WORLD(a_code_kept_under_another_name_is_sure_only_where_nobody_vanished),
        IN_A_WORLD(equal_names_are_told_apart_by_their_townships),
        IN_A_WORLD(the_order_of_codes_speaks_among_rivals),
        IN_A_WORLD(a_code_kept_under_a_like_name_outweighs_a_lone_namesake),
        IN_A_WORLD(a_new_name_like_vanished_ones_comes_from_them),
        IN_A_WORLD(parts_that_carry_on_a_name_share_it),
        IN_A_WORLD(a_township_cut_out_of_another_has_a_share_of_it),
        IN_A_WORLD(an_open_border_is_open_only_to_those_that_moved),
        IN_A_WORLD(a_committee_that_becomes_residents_is_an_upgrade),
        IN_A_WORLD(the_rarer_a_name_the_surer_is_who_bears_it),
        IN_A_WORLD(a_name_alone_does_not_cross_counties),
        IN_A_WORLD(counties_cut_anew_keep_their_villages),
        IN_A_WORLD(every_unit_is_accounted_for),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
