/* Plans for tests. */
#include "tests/office/board.h"

#include "format/doc/doc.h"

static const char REGISTER[] = "code|level|name\n"
                               "99|province|示范省\n"
                               "9901|county|甲县\n"
                               "990101|village|一村\n"
                               "990102|village|二村\n"
                               "990103|village|三村\n"
                               "9902|county|乙县\n"
                               "990201|village|四村\n"
                               "990202|village|五村\n";

static const char VILLAGES[] = "行政区划代码|人口|户数|地形|供水|照明|安全\n"
                               "990101|1200|400|平川|90|80|是\n"
                               "990102|800|300|山区|30|50|否\n"
                               "990103|500|200|平川||20|否\n"
                               "990201|900|250|平川|45|60|否\n"
                               "990202|300|100|山区|10|30|是\n";

static const char COUNTIES[] = "行政区划代码|分类|耕地|耕地任务\n"
                               "9901|重点|1000|990\n"
                               "9902|较强|2000|1980\n";

const char BOARD_MONEY[] = "funds:\n"
                           "  - {fund: province, unit: '99', year: 2025, amount: 900}\n"
                           "  - {fund: county, unit: '9901', year: 2025, amount: 900}\n"
                           "  - {fund: county, unit: '9902', year: 2025, amount: 900}\n";

static void take(struct board_room *room, const char *text, int level)
{
    struct ledger_job job = rooms_job(&room->rooms);
    struct change_list list = {0};
    struct batch batch = {0};

    job.level = level;
    MUST(rooms_import(&room->rooms, text, &job, &list, &batch) == RC_OK);
}

static void keep_tiers(struct board_room *room)
{
    const struct rooms *rooms = &room->rooms;
    const struct panel_of of = {
        .tree = &rooms->tree,
        .programme = rooms->programme,
        .numbers = &rooms->numbers,
        .level = rooms->programme->schemes[0].level,
    };
    const struct tier_options options = {.period = period_of_year(2024), .threads = 1};
    struct tier_answer answer = {0};

    MUST(tier_prepare(rooms->cx, &of, &options, &room->tiers) == RC_OK);
    MUST(tier_compute(&room->tiers, &answer) == RC_OK);
    MUST(office_enter(rooms->cx, DB_WRITE) == RC_OK);
    MUST(office_leave(rooms->cx, tier_keep(&room->tiers, STR("test"), &answer)) == RC_OK);
    MUST(run_load(rooms->cx, answer.run, &room->run) == RC_OK);
}

void board_open(void *world, const struct edit *edits, int count, struct board_room *out)
{
    const struct rooms_of of = {"board.yaml", REGISTER, edits, count};

    *out = (struct board_room){
        .options = {.first_year = 2025, .year_count = 1, .steps = 4000000, .threads = 1}};
    rooms_open_as(world, &of, &out->rooms);
    take(out, VILLAGES, 2);
    take(out, COUNTIES, 1);
    keep_tiers(out);
}

enum rc board_limit(struct board_room *room, const char *yaml)
{
    const struct rooms *rooms = &room->rooms;
    const struct doc *doc = NULL;

    TRY(doc_read_yaml(str_from(yaml), STR("limits"), rooms->cx->arena, &doc, rooms->cx->err));
    return plan_read_limits(rooms->cx, doc, &rooms->tree, rooms->programme, &room->options,
                            &room->limits);
}

enum rc board_prepare(struct board_room *room)
{
    return plan_prepare(&room->tiers, &room->run, &room->limits, &room->options, &room->plan);
}

enum rc board_compute(struct board_room *room)
{
    TRY(board_prepare(room));
    return plan_compute(room->plan, &room->answer);
}

enum rc board_keep(struct board_room *room)
{
    struct cx *cx = room->rooms.cx;

    cx->now_ms++;
    TRY(office_enter(cx, DB_WRITE));
    return office_leave(cx, plan_keep(room->plan, STR("test"), &room->answer));
}

const struct solve_problem *board_problem(void *world, const struct edit *edits, int count,
                                          int years, struct board_room *room)
{
    board_open(world, edits, count, room);
    room->options.year_count = years;
    MUST(board_limit(room, BOARD_MONEY) == RC_OK);
    MUST(board_prepare(room) == RC_OK);
    return plan_problem(room->plan);
}

int64_t board_use(const struct solve_problem *problem, int option, int row)
{
    for (int64_t u = problem->use_first[option]; u < problem->use_first[option + 1]; u++) {
        if (problem->use[u].row == row) {
            return problem->use[u].amount;
        }
    }
    return 0;
}

int64_t board_best(const struct solve_problem *problem, int group)
{
    int64_t best = 0;

    for (int o = problem->first[group]; o < problem->first[group + 1]; o++) {
        best = problem->value[o] > best ? problem->value[o] : best;
    }
    return best;
}
