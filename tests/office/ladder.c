/* Runs of tiers for tests. */
#include "tests/office/ladder.h"
#include "office/approval/approval.h"

static const char REGISTER[] = "code|level|name\n"
                               "99|province|示范省\n"
                               "991|city|东市\n"
                               "9911|county|甲县\n"
                               "991101|village|一村\n"
                               "991102|village|二村\n"
                               "991103|village|三村\n"
                               "991104|village|四村\n"
                               "991105|village|五村\n"
                               "991106|village|六村\n"
                               "991150|village|甲社区\n"
                               "9912|county|乙县\n"
                               "991201|village|七村\n"
                               "991202|village|八村\n"
                               "991203|village|九村\n"
                               "991204|village|十村\n"
                               "992|city|西市\n"
                               "9921|county|丙县\n"
                               "992101|village|百村\n"
                               "992102|village|千村\n"
                               "992103|village|万村\n";

void ladder_open(void *world, const struct edit *edits, int count, struct ladder *out)
{
    const struct rooms_of of = {"tiers.yaml", REGISTER, edits, count};

    *out = (struct ladder){.options = {.threads = 1}};
    rooms_open_as(world, &of, &out->rooms);
}

void ladder_take(struct ladder *ladder, int year, const char *text)
{
    struct ledger_job job = rooms_job(&ladder->rooms);
    struct change_list list = {0};
    struct batch batch = {0};

    job.period = period_of_year(year);
    MUST(rooms_import(&ladder->rooms, text, &job, &list, &batch) == RC_OK);
}

enum rc ladder_try(struct ladder *ladder, int year)
{
    const struct rooms *rooms = &ladder->rooms;
    const struct panel_of of = {
        .tree = &rooms->tree,
        .programme = rooms->programme,
        .numbers = &rooms->numbers,
        .level = rooms->programme->schemes[ladder->options.scheme].level,
        .within = ladder->options.root,
    };

    ladder->options.period = period_of_year(year);
    TRY(tier_prepare(rooms->cx, &of, &ladder->options, &ladder->in));
    return tier_compute(&ladder->in, &ladder->answer);
}

void ladder_run(struct ladder *ladder, int year)
{
    MUST(ladder_try(ladder, year) == RC_OK);
}

int64_t ladder_keep(struct ladder *ladder, const char *resolution)
{
    struct cx *cx = ladder->rooms.cx;

    cx->now_ms++;
    MUST(office_enter(cx, DB_WRITE) == RC_OK);
    MUST(office_leave(cx, tier_keep(&ladder->in, STR("test"), &ladder->answer)) == RC_OK);
    if (resolution != NULL) {
        MUST(office_enter(cx, DB_WRITE) == RC_OK);
        const struct resolution resolved = {.body = str_from(resolution)};
        int64_t waits = 0;
        MUST(office_leave(cx, run_approve(cx, ladder->answer.run, &resolved, &waits)) == RC_OK);
    }
    return ladder->answer.run;
}

enum rc ladder_override(struct ladder *ladder, const char *code, const char *tier,
                        const char *reason)
{
    struct cx *cx = ladder->rooms.cx;
    const struct tier_exception exception = {
        .tree = &ladder->rooms.tree,
        .place = rooms_place(&ladder->rooms, code),
        .scheme = STR("main"),
        .tier = str_from(tier),
        .reason = str_from(reason),
    };
    int64_t waits = 0;

    cx->now_ms++;
    TRY(office_enter(cx, DB_WRITE));
    return office_leave(cx, tier_override(cx, &exception, &waits));
}

int ladder_place(const struct ladder *ladder, const char *code)
{
    for (int i = 0; i < ladder->in.count; i++) {
        if (str_equal(tier_unit(&ladder->in, i)->code, str_from(code))) {
            return i;
        }
    }
    NEVER("a village that is not classified");
}

const struct placing *ladder_placing(const struct ladder *ladder, const char *code)
{
    return &ladder->answer.base.places[ladder_place(ladder, code)];
}

int ladder_tier(const struct ladder *ladder, const char *code)
{
    return ladder_placing(ladder, code)->tier;
}

double ladder_score(const struct ladder *ladder, const char *code)
{
    return (double)ladder->answer.scores[ladder_place(ladder, code)];
}

const struct tier_line *ladder_line(const struct ladder *ladder, const char *county, int tier)
{
    const struct tier_case *in = &ladder->in;

    for (int p = 0; p < in->rules.pool_count; p++) {
        if (str_equal(in->tree->units[in->pool_places[p]].code, str_from(county))) {
            return &ladder->answer.base.lines[p * in->tier_count + tier];
        }
    }
    NEVER("a county without a pool");
}
