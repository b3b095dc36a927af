/* How well lineage is found in real registers: against 300 pairs labelled by hand before the
 * comparison was written (tests/data/README.md), and on every unique return of a name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

#include "office/lineage/lineage.h"
#include "office/register/test_units.h"
#include "office/test_world.h"

enum { ACCEPT = 950 };

/* The five registers of one source, taken in one after the other, and what was found. */
struct registers {
    struct cx *cx;
    struct unit_tree tree[REAL_DAYS];
    struct lineage_rows rows[REAL_DAYS]; /* of the step that leads to the day */
};

static date real_day(int which)
{
    date day = {0};

    assert_true(date_parse(str_from(REAL_DAY[which]), &day));
    return day;
}

static double cpu_seconds(void)
{
    struct timespec now = {0};

    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static bool take_in(struct registers *registers, struct cx *cx,
                    str (*source)(struct arena *arena, int day))
{
    registers->cx = cx;
    for (int i = 0; i < REAL_DAYS; i++) {
        struct register_result result = {0};
        str text = source(cx->arena, i);
        if (text.len < 100) {
            return false;
        }
        double begun = cpu_seconds();
        assert_int_equal(test_import(cx, text, REAL_DAY[i], ACCEPT, &result), RC_OK);
        double seconds = cpu_seconds() - begun;
        print_message("# %s: %d units, %d new, %d ended, %d confirmed, %d proposed, %.2f s\n",
                      REAL_DAY[i], result.unit_count, result.created, result.ended,
                      result.confirmed, result.proposed, seconds);
    }
    for (int i = 0; i < REAL_DAYS; i++) {
        date since = i == 0 ? date_of(2000, 1, 1) : real_day(i - 1);
        assert_int_equal(unit_tree_load(cx, test_programme(), real_day(i), &registers->tree[i]),
                         RC_OK);
        assert_int_equal(lineage_load(cx, since, real_day(i), &registers->rows[i]), RC_OK);
    }
    return true;
}

/* What was found between two places of two trees that follow each other. */
struct finding {
    int continued; /* confidence that the one is the other, 0: not proposed */
    int merged;
    int elsewhere; /* highest confidence that either continues as, or from, another */
    int ended;     /* that the older one ended, or the newer one is new */
};

static int place_of_id(const struct unit_tree *tree, struct unit_id id)
{
    return id.v == 0 ? NONE : unit_tree_find_id(tree, id);
}

static void raise_to(int *value, int confidence)
{
    *value = confidence > *value ? confidence : *value;
}

static void weigh(struct finding *finding, const struct lineage_row *row, bool is_pair)
{
    bool continues = lineage_continues(row->kind);

    if (is_pair) {
        raise_to(continues ? &finding->continued : &finding->merged, row->confidence);
    } else if (continues) {
        raise_to(&finding->elsewhere, row->confidence);
    } else if (row->from.v == 0 || row->to.v == 0) {
        raise_to(&finding->ended, row->confidence);
    }
}

static struct finding find(const struct registers *registers, int day, int before, int after)
{
    const struct unit_tree *old = &registers->tree[day - 1];
    const struct unit_tree *new = &registers->tree[day];
    const struct lineage_rows *rows = &registers->rows[day];
    struct finding finding = {0};
    bool is_told = false;

    MUST(old->units != NULL && new->units != NULL);
    for (int i = 0; i < rows->count; i++) {
        int from = place_of_id(old, rows->rows[i].from);
        int to = place_of_id(new, rows->rows[i].to);
        bool touches = (before != NONE && from == before) || (after != NONE && to == after);
        if (touches) {
            weigh(&finding, &rows->rows[i], from == before && to == after);
            is_told = true;
        }
    }
    bool is_same =
        before != NONE && after != NONE && old->units[before].id.v == new->units[after].id.v;
    if (!is_told && is_same) {
        finding.continued = LINEAGE_SURE;
    }
    return finding;
}

/* One labelled pair. */
struct label {
    str stratum;
    int day; /* of the newer register */
    str code_before;
    str code_after;
    str name;
    str says;
};

enum { LABEL_FIELDS = 10 };

static bool read_label(str line, struct label *out)
{
    str field[LABEL_FIELDS] = {{0}};

    for (int i = 0; i < LABEL_FIELDS; i++) {
        (void)str_cut(&line, ',', &field[i]);
    }
    for (int i = 1; i < REAL_DAYS; i++) {
        if (str_equal(field[2], str_from(REAL_DAY[i]))) {
            *out = (struct label){
                field[0], i, field[3], field[6], field[4].len > 0 ? field[4] : field[7], field[9]};
            return true;
        }
    }
    return false;
}

static bool may_continue(str label)
{
    return str_equal(label, STR("same"));
}

/* Would an automatic acceptance say what the label forbids? */
static bool is_wrong(const struct label *label, const struct finding *finding)
{
    if (may_continue(label->says)) {
        return finding->elsewhere >= ACCEPT || finding->merged >= ACCEPT;
    }
    if (str_equal(label->says, STR("into"))) {
        return finding->continued >= ACCEPT;
    }
    if (str_equal(label->says, STR("continues"))) {
        return finding->ended >= ACCEPT;
    }
    if (str_equal(label->says, STR("gone")) || str_equal(label->says, STR("new"))) {
        return finding->elsewhere >= ACCEPT;
    }
    return finding->continued >= ACCEPT || finding->merged >= ACCEPT;
}

struct score {
    int pairs;
    int wrong;
    int same;
    int same_proposed;
    int same_accepted;
};

static int place_of_code(const struct unit_tree *tree, str code)
{
    return code.len == 0 ? NONE : unit_tree_find_code(tree, code);
}

static void judge(const struct registers *registers, const struct label *label, struct score *score)
{
    int before = place_of_code(&registers->tree[label->day - 1], label->code_before);
    int after = place_of_code(&registers->tree[label->day], label->code_after);

    if ((before == NONE) != (label->code_before.len == 0) ||
        (after == NONE) != (label->code_after.len == 0)) {
        return; /* not in these registers */
    }
    struct finding finding = find(registers, label->day, before, after);
    score->pairs++;
    if (is_wrong(label, &finding)) {
        score->wrong++;
        print_message("# wrong: %.*s %.*s (%.*s) %.*s\n", STR_ARG(label->stratum),
                      STR_ARG(label->code_before), STR_ARG(label->name), STR_ARG(label->says));
    }
    if (may_continue(label->says)) {
        score->same++;
        score->same_proposed += finding.continued > 0 ? 1 : 0;
        score->same_accepted += finding.continued >= ACCEPT ? 1 : 0;
    }
}

static struct score judge_all(const struct registers *registers)
{
    str labels = test_file(registers->cx->arena, "tests/data/lineage-labels.csv");
    struct score score = {0};
    str line = {0};

    while (str_cut(&labels, '\n', &line)) {
        struct label label = {0};
        if (read_label(line, &label)) {
            judge(registers, &label, &score);
        }
    }
    print_message(
        "# labels: %d pairs, %d wrong acceptances; of %d same: %d proposed, %d accepted\n",
        score.pairs, score.wrong, score.same, score.same_proposed, score.same_accepted);
    return score;
}

static void the_county_that_the_tree_carries_is_understood(void **state)
{
    struct registers registers = {0};

    assert_true(take_in(&registers, world_cx(*state), test_county_register));
    struct score score = judge_all(&registers);
    assert_true(score.pairs >= 8);
    assert_int_equal(score.wrong, 0);
    assert_int_equal(score.same_proposed, score.same);
}

/* Names of villages that vanished and came back in the same county, once on both sides. */
struct returned {
    str county; /* its code */
    str base;
    int place;
};

static int by_county_and_name(const void *a, const void *b)
{
    const struct returned *first = a;
    const struct returned *second = b;

    int order = str_compare(first->county, second->county);

    return order != 0 ? order : str_compare(first->base, second->base);
}

/* Villages whose code the other tree does not have; counties by their code's number. */
static int only_here(const struct unit_tree *here, const struct unit_tree *there,
                     struct returned *out)
{
    int count = 0;

    for (int i = 0; i < here->count; i++) {
        const struct unit *unit = &here->units[i];
        if (unit->level == VILLAGE && unit_tree_find_code(there, unit->code) == NONE) {
            int county = unit_tree_above(here, i, COUNTY);
            out[count++] = (struct returned){here->units[county].code, unit->base, i};
        }
    }
    qsort(out, (size_t)count, sizeof(*out), by_county_and_name);
    return count;
}

static int run_at(const struct returned *rows, int count, int begin)
{
    int end = begin;

    while (end < count && by_county_and_name(&rows[begin], &rows[end]) == 0) {
        end++;
    }
    return end - begin;
}

static void every_unique_return_is_proposed(const struct registers *registers, int day)
{
    struct arena *arena = registers->cx->arena;
    const struct unit_tree *old = &registers->tree[day - 1];
    const struct unit_tree *new = &registers->tree[day];
    struct returned *gone = ARENA_NEW(arena, struct returned, (size_t)old->count);
    struct returned *come = ARENA_NEW(arena, struct returned, (size_t) new->count);
    int gone_count = only_here(old, new, gone);
    int come_count = only_here(new, old, come);
    int unique = 0;
    int proposed = 0;

    for (int i = 0, k = 0; i < gone_count && k < come_count;) {
        int order = by_county_and_name(&gone[i], &come[k]);
        if (order == 0 && run_at(gone, gone_count, i) == 1 && run_at(come, come_count, k) == 1) {
            unique++;
            proposed += find(registers, day, gone[i].place, come[k].place).continued > 0 ? 1 : 0;
        }
        i += order <= 0 ? run_at(gone, gone_count, i) : 0;
        k += order >= 0 ? run_at(come, come_count, k) : 0;
    }
    print_message("# %s: %d of %d unique returns proposed as recoded or transferred\n",
                  REAL_DAY[day], proposed, unique);
    assert_true(unique >= 2800);
    assert_true(proposed * 100 >= unique * 99);
}

static void the_province_is_understood(void **state)
{
    struct registers registers = {0};
    struct cx *cx = world_cx(*state);

    if (test_province_register(cx->arena, 0).len == 0) {
        print_message("# skipped: the province's registers are not beside the source tree\n");
        skip();
    }
    assert_true(take_in(&registers, cx, test_province_register));
    struct score score = judge_all(&registers);
    assert_int_equal(score.pairs, 300);
    assert_int_equal(score.wrong, 0);
    assert_true(score.same_proposed * 100 >= score.same * 98);
    assert_true(score.same_accepted * 100 >= score.same * 85);
    every_unique_return_is_proposed(&registers, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_WORLD(the_county_that_the_tree_carries_is_understood),
        IN_A_WORLD(the_province_is_understood),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
