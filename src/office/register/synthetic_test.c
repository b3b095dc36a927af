/* Registers changed at random, with the truth known: how much of each kind of change is found, and
 * how much of what is said is so. Seeded; the seed is printed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/map.h"
#include "office/lineage/lineage.h"
#include "office/register/test_units.h"
#include "office/test_world.h"

enum { ACCEPT = 950, CODE_LEN = 12, TOWNSHIP_LEN = 9, CODE_ROOM = 16, OWN_MAX = 1000 };

/* A row of a register, and what became of it. */
struct row {
    str code;
    str name;
    str base;
    int level;
    int kind;
    bool is_changed;
    bool is_gone;
    str new_code;
    str new_name;
    enum lineage_kind truth; /* of changed ones */
    str successor;           /* code after, of a merged one */
};

struct world {
    struct cx *cx;
    struct row *rows;
    int count;
    struct map used;  /* codes, old and new */
    struct buf extra; /* created rows */
    struct map created;
    uint64_t seed;
};

static unsigned chance(struct world *world, unsigned of)
{
    world->seed ^= world->seed << 13;
    world->seed ^= world->seed >> 7;
    world->seed ^= world->seed << 17;
    return (unsigned)((world->seed >> 11) % of);
}

static bool happens(struct world *world, unsigned per_thousand)
{
    return chance(world, 1000) < per_thousand;
}

static str joined(struct world *world, str a, str b)
{
    struct buf buf;
    str out = {0};

    buf_init(&buf, world->cx->arena, 1000);
    buf_put(&buf, a);
    buf_put(&buf, b);
    assert_true(buf_done(&buf, &out));
    return out;
}

static str township_of(str code)
{
    return str_part(code, 0, TOWNSHIP_LEN);
}

/* A code nobody has, `digits` long after `head`, from `own` on. */
static str fresh_code(struct world *world, str head, int own, const char *tail)
{
    for (int i = own; i < OWN_MAX; i++) {
        char text[CODE_ROOM];
        (void)snprintf(text, sizeof(text), "%03d%s", i, tail);
        str code = joined(world, head, str_from(text));
        if (map_put(&world->used, code, 1)) {
            return code;
        }
    }
    fail_msg("no code left below %.*s", STR_ARG(head));
    return head;
}

static str committee(struct world *world, str base)
{
    return joined(world, base, STR("村委会"));
}

/* One character more, or one replaced: as villages are respelt. */
static str respelt(struct world *world, str base)
{
    static const str MARKS[] = {STR_INIT("新"), STR_INIT("东"), STR_INIT("上"), STR_INIT("大")};

    if (base.len > 6 && happens(world, 500)) {
        return joined(world, str_part(base, 0, base.len - 3), STR("庄"));
    }
    return joined(world, MARKS[chance(world, 4)], base);
}

static str elsewhere(struct world *world)
{
    const struct row *row = &world->rows[chance(world, (unsigned)world->count)];

    return joined(world, row->base, STR("湾"));
}

static void change(struct row *row, enum lineage_kind truth, str code, str name)
{
    row->is_changed = true;
    row->truth = truth;
    row->new_code = code;
    row->new_name = name;
}

static void end(struct row *row, str successor)
{
    row->is_changed = true;
    row->is_gone = true;
    row->truth = LINEAGE_MERGE;
    row->successor = successor;
}

static bool is_committee(const struct row *row)
{
    return row->level == VILLAGE && row->kind == KIND_COMMITTEE;
}

/* The first own number of units of a kind. */
static int own_number(int kind)
{
    const struct kind *of = kind == NONE ? NULL : &test_programme()->kinds[kind];

    return of == NULL ? 600 : (int)of->code_from;
}

/* Move every village of a township to another code, under the township that is now `head`. */
static void move_villages(struct world *world, int township, str head, enum lineage_kind truth)
{
    for (int i = township + 1; i < world->count && world->rows[i].level == VILLAGE; i++) {
        struct row *row = &world->rows[i];
        change(row, truth, fresh_code(world, head, own_number(row->kind), ""), row->name);
    }
}

static void change_township(struct world *world, int township, int before)
{
    struct row *row = &world->rows[township];
    bool same_county = before >= 0 && str_equal(str_part(world->rows[before].code, 0, 6),
                                                str_part(row->code, 0, 6));

    if (same_county && !world->rows[before].is_changed && happens(world, 60)) {
        end(row, world->rows[before].code);
        move_villages(world, township, township_of(world->rows[before].code), LINEAGE_TRANSFER);
    } else if (happens(world, 60)) {
        str head = str_part(row->code, 0, 6);
        str code = fresh_code(world, head, row->kind == KIND_TOWN ? 150 : 350, "000");
        bool other_kind = row->kind != KIND_TOWN && row->kind != KIND_RURAL;
        change(row, other_kind ? LINEAGE_UPGRADE : LINEAGE_RECODE, code, row->name);
        move_villages(world, township, township_of(code), LINEAGE_RECODE);
    }
}

static void change_village(struct world *world, int village)
{
    struct row *row = &world->rows[village];
    struct row *next = village + 1 < world->count ? &world->rows[village + 1] : NULL;
    bool has_next = next != NULL && is_committee(next);
    unsigned dice = chance(world, 1000);
    str head = township_of(row->code);

    if (dice < 30) {
        change(row, LINEAGE_RENAME, row->code, committee(world, respelt(world, row->base)));
    } else if (dice < 40) {
        change(row, LINEAGE_RENAME, row->code, committee(world, elsewhere(world)));
    } else if (dice < 65) {
        change(row, LINEAGE_RECODE, fresh_code(world, head, 200, ""), row->name);
    } else if (dice < 80) {
        change(row, LINEAGE_UPGRADE, fresh_code(world, head, 1, ""),
               joined(world, row->base, STR("社区居委会")));
    } else if (dice < 130 && has_next && !next->is_changed) {
        end(row, next->code);
        change(next, LINEAGE_KINDS, next->code, next->name); /* stays, and is left alone */
    } else if (dice < 140) {
        str code = fresh_code(world, head, 200, "");
        buf_put(&world->extra, code);
        buf_put(&world->extra, STR(",village,"));
        buf_put(&world->extra, committee(world, elsewhere(world)));
        buf_char(&world->extra, '\n');
        (void)map_put(&world->created, code, 1);
    }
}

static void change_all(struct world *world)
{
    int before = -1;

    for (int i = 0; i < world->count; i++) {
        if (world->rows[i].level == TOWNSHIP) {
            change_township(world, i, before);
            before = i;
        }
    }
    for (int i = 0; i < world->count; i++) {
        if (is_committee(&world->rows[i]) && !world->rows[i].is_changed) {
            change_village(world, i);
        }
    }
}

static void read_rows(struct world *world, const struct unit_tree *tree)
{
    world->rows = ARENA_NEW(world->cx->arena, struct row, (size_t)tree->count);
    world->count = tree->count;
    map_init(&world->used, world->cx->arena, (size_t)tree->count * 2);
    map_init(&world->created, world->cx->arena, 1000);
    buf_init(&world->extra, world->cx->arena, 8 << 20);
    for (int i = 0; i < tree->count; i++) {
        const struct unit *unit = &tree->units[i];
        world->rows[i] = (struct row){
            .code = unit->code,
            .name = unit->name,
            .base = unit->base,
            .level = unit->level,
            .kind = unit->kind,
        };
        (void)map_put(&world->used, unit->code, 1);
    }
}

static str written(struct world *world)
{
    struct buf text;
    str extra = {0};
    str out = {0};

    buf_init(&text, world->cx->arena, 8 << 20);
    buf_put(&text, STR("code,level,name\n"));
    for (int i = 0; i < world->count; i++) {
        const struct row *row = &world->rows[i];
        if (row->is_gone) {
            continue;
        }
        buf_put(&text, row->is_changed ? row->new_code : row->code);
        buf_char(&text, ',');
        buf_put(&text, test_programme()->levels[row->level].id);
        buf_char(&text, ',');
        buf_put(&text, row->is_changed ? row->new_name : row->name);
        buf_char(&text, '\n');
    }
    assert_true(buf_done(&world->extra, &extra));
    buf_put(&text, extra);
    assert_true(buf_done(&text, &out));
    return out;
}

struct tally {
    int truth[LINEAGE_KINDS];
    int said[LINEAGE_KINDS];
    int right[LINEAGE_KINDS];
    int accepted;
    int accepted_wrong;
};

static const struct row *row_of(const struct world *world, const struct unit_tree *tree,
                                struct unit_id id)
{
    int place = id.v == 0 ? NONE : unit_tree_find_id(tree, id);

    return place == NONE ? NULL : &world->rows[place];
}

/* A vanished unit is right without a successor: names alone do not tell it. */
static bool is_right(const struct world *world, const struct lineage_row *row,
                     const struct row *from, str to)
{
    int64_t ignored = 0;

    if (row->kind == LINEAGE_CREATE) {
        return map_get(&world->created, to, &ignored);
    }
    if (from == NULL || !from->is_changed || from->truth != row->kind) {
        return false;
    }
    return from->is_gone ? to.len == 0 || str_equal(to, from->successor)
                         : str_equal(to, from->new_code);
}

static struct tally judge(const struct world *world, const struct unit_tree *old,
                          const struct unit_tree *new, const struct lineage_rows *rows)
{
    struct tally tally = {.truth[LINEAGE_CREATE] = (int)world->created.count};

    for (int i = 0; i < world->count; i++) {
        const struct row *row = &world->rows[i];
        if (row->is_changed && row->truth != LINEAGE_KINDS) {
            tally.truth[row->truth]++;
        }
    }
    for (int i = 0; i < rows->count; i++) {
        const struct lineage_row *row = &rows->rows[i];
        int to = row->to.v == 0 ? NONE : unit_tree_find_id(new, row->to);
        bool right = is_right(world, row, row_of(world, old, row->from),
                              to == NONE ? STR("") : new->units[to].code);
        tally.said[row->kind]++;
        tally.right[row->kind] += right ? 1 : 0;
        tally.accepted += row->state == LINEAGE_CONFIRMED ? 1 : 0;
        tally.accepted_wrong += row->state == LINEAGE_CONFIRMED && !right ? 1 : 0;
    }
    return tally;
}

/* Least precision and recall of each kind, in per cent, as measured less a margin. */
static const struct {
    enum lineage_kind kind;
    int precision;
    int recall;
} FLOORS[] = {
    {LINEAGE_RENAME, 97, 95},   {LINEAGE_RECODE, 99, 99}, {LINEAGE_UPGRADE, 98, 98},
    {LINEAGE_TRANSFER, 99, 99}, {LINEAGE_MERGE, 98, 98},  {LINEAGE_CREATE, 95, 95},
};

static void assert_floors(const struct tally *tally)
{
    for (size_t i = 0; i < COUNT_OF(FLOORS); i++) {
        enum lineage_kind kind = FLOORS[i].kind;
        print_message("#   %.*s: %d true, %d said, %d right\n", STR_ARG(lineage_kind_key(kind)),
                      tally->truth[kind], tally->said[kind], tally->right[kind]);
        assert_true(tally->right[kind] * 100 >= tally->said[kind] * FLOORS[i].precision);
        assert_true(tally->right[kind] * 100 >= tally->truth[kind] * FLOORS[i].recall);
    }
    print_message("#   accepted: %d, of them wrong: %d\n", tally->accepted, tally->accepted_wrong);
}

static struct tally run(struct cx *cx, str text, uint64_t seed)
{
    struct world world = {.cx = cx, .seed = seed};
    struct register_result result = {0};
    struct unit_tree old = {0};
    struct unit_tree new = {0};
    struct lineage_rows rows = {0};
    date first = date_of(2023, 6, 30);
    date second = date_of(2024, 6, 30);

    assert_int_equal(test_import(cx, text, "2023-06-30", ACCEPT, &result), RC_OK);
    assert_int_equal(unit_tree_load(cx, test_programme(), first, &old), RC_OK);
    read_rows(&world, &old);
    change_all(&world);
    assert_int_equal(test_import(cx, written(&world), "2024-06-30", ACCEPT, &result), RC_OK);
    assert_int_equal(unit_tree_load(cx, test_programme(), first, &old), RC_OK);
    assert_int_equal(unit_tree_load(cx, test_programme(), second, &new), RC_OK);
    assert_int_equal(lineage_load(cx, first, second, &rows), RC_OK);
    print_message("# seed %llu, %d units\n", (unsigned long long)seed, old.count);
    return judge(&world, &old, &new, &rows);
}

static void changes_made_to_a_county_are_found(void **state)
{
    struct cx *cx = world_cx(*state);
    const struct tally tally = run(cx, test_county_register(cx->arena, 0), 20231128);

    print_message("#   accepted: %d, of them wrong: %d\n", tally.accepted, tally.accepted_wrong);
    assert_true(tally.accepted > 0);
    assert_true(tally.accepted_wrong * 50 <= tally.accepted);
}

static void changes_made_to_a_province_are_found_kind_by_kind(void **state)
{
    struct cx *cx = world_cx(*state);
    str text = test_province_register(cx->arena, REAL_DAYS - 1);

    if (text.len == 0) {
        print_message("# skipped: the province's registers are not beside the source tree\n");
        skip();
    }
    const struct tally tally = run(cx, text, 20231128);
    assert_floors(&tally);
    assert_true(tally.accepted_wrong * 1000 <= tally.accepted);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_WORLD(changes_made_to_a_county_are_found),
        IN_A_WORLD(changes_made_to_a_province_are_found_kind_by_kind),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
