/* What lies beside the ledgers: registers, the truth about changes, money, locks, wishes, the
 * report of a meeting, and a page that says what each file is. */
#include "demo/demo_in.h"
#include "format/paper/paper.h"
#include "office/lineage/lineage.h"

enum { PAPER_BYTES_MAX = 16 << 20, PLAN_FIRST_YEAR = 2025, PLAN_YEARS = 3 };

static enum rc put_file(const struct demo_job *job, str path, const struct buf *made)
{
    str text = {0};

    MUST(buf_done(made, &text));
    return job->out.file(job->out.self, path, text);
}

static str year_text(const struct demo_job *job, int year)
{
    return demo_digits(job->arena, DEMO_FIRST_YEAR + year);
}

/* ---- registers ---- */

static enum rc write_register(const struct demo_job *job, int year)
{
    const struct demo_world *world = job->world;
    struct buf csv;

    buf_init(&csv, job->arena, PAPER_BYTES_MAX);
    buf_put(&csv, STR(DEMO_NOTICE "\ncode,level,name\n"));
    for (int i = 0; i < world->order_count[year]; i++) {
        const struct demo_unit *unit = &world->units[world->order[year][i]];
        buf_put(&csv, unit->faces[year].code);
        buf_char(&csv, ',');
        buf_put(&csv, world->programme->levels[unit->level].id);
        buf_char(&csv, ',');
        buf_put(&csv, unit->faces[year].name);
        buf_char(&csv, '\n');
    }
    str path = JOIN(job->arena, STR("register-"), year_text(job, year), STR("-12-31.csv"));
    return put_file(job, path, &csv);
}

static void put_side(struct buf *csv, const struct demo_world *world, int unit, int year)
{
    const struct demo_face *face = unit == NONE ? NULL : &world->units[unit].faces[year];
    bool is_there = face != NULL && face->is_there;

    buf_char(csv, ',');
    buf_put(csv, is_there ? face->code : STR(""));
    buf_char(csv, ',');
    buf_put(csv, is_there ? face->name : STR(""));
}

static enum rc write_truth(const struct demo_job *job)
{
    const struct demo_world *world = job->world;
    struct buf csv;

    buf_init(&csv, job->arena, PAPER_BYTES_MAX);
    buf_put(&csv, STR(DEMO_NOTICE "\n名录日期,变化,原代码,原名称,现代码,现名称\n"));
    for (int i = 0; i < world->change_count; i++) {
        const struct demo_change *change = &world->changes[i];
        int after = change->kind == LINEAGE_MERGE ? change->into : change->unit;
        buf_put(&csv, year_text(job, change->year));
        buf_put(&csv, STR("-12-31,"));
        buf_put(&csv, lineage_kind_key(change->kind));
        put_side(&csv, world, change->unit, change->year - 1);
        put_side(&csv, world, after, change->year);
        buf_char(&csv, '\n');
    }
    return put_file(job, STR("lineage-truth.csv"), &csv);
}

/* ---- money, locks, wishes: in the units of the last register ---- */

/* About a third of what would be worth doing can be paid: so much a village, in 10,000 yuan. */
struct rate {
    int level;
    const char *fund;
    double each;
};
static const struct rate RATES[] = {
    {PROVINCE, "provincial", 16},
    {PROVINCE, "provincial_farmland", 3},
    {CITY, "city", 5},
    {COUNTY, "county", 12},
    {COUNTY, "social", 4},
};

/* Villages in the unit at place `from` of the last register's order. */
static int villages_within(const struct demo_world *world, int from)
{
    const int *order = world->order[DEMO_LAST];
    int level = world->units[order[from]].level;
    int count = 0;

    for (int i = from + 1;
         i < world->order_count[DEMO_LAST] && world->units[order[i]].level > level; i++) {
        count += world->units[order[i]].faces[DEMO_LAST].is_village ? 1 : 0;
    }
    return count;
}

static void put_amount(struct buf *out, str code, int year, double amount)
{
    buf_put(out, STR("unit: \""));
    buf_put(out, code);
    buf_put(out, STR("\", year: "));
    buf_int(out, year);
    buf_put(out, STR(", amount: "));
    buf_int(out, (int64_t)(amount + 0.5));
    buf_put(out, STR("}\n"));
}

static void put_funds_of(struct buf *funds, struct buf *land, const struct demo_world *world,
                         int from, int year)
{
    static const double GROWTH = 0.04;
    static const double LAND_EACH = 0.6; /* 亩 */
    const struct demo_unit *unit = &world->units[world->order[DEMO_LAST][from]];
    str code = unit->faces[DEMO_LAST].code;
    int size = villages_within(world, from);

    for (size_t i = 0; size > 0 && i < COUNT_OF(RATES); i++) {
        if (RATES[i].level == unit->level) {
            buf_put(funds, STR("  - {fund: "));
            buf_put(funds, str_from(RATES[i].fund));
            buf_put(funds, STR(", "));
            put_amount(funds, code, PLAN_FIRST_YEAR + year,
                       RATES[i].each * size * (1 + GROWTH * year));
        }
    }
    if (unit->level == COUNTY && size > 0) {
        buf_put(land, STR("  - {"));
        put_amount(land, code, PLAN_FIRST_YEAR + year, LAND_EACH * size);
    }
}

static enum rc write_funds(const struct demo_job *job)
{
    const struct demo_world *world = job->world;
    struct buf funds;
    struct buf land;
    str text = {0};

    buf_init(&funds, job->arena, PAPER_BYTES_MAX);
    buf_init(&land, job->arena, PAPER_BYTES_MAX);
    buf_put(&funds,
            STR("# " DEMO_NOTICE "\n# 各级各年可用的资金（万元）和建设用地（亩）\nfunds:\n"));
    buf_put(&land, STR("land:\n"));
    for (int year = 0; year < PLAN_YEARS; year++) {
        for (int i = 0; i < world->order_count[DEMO_LAST]; i++) {
            if (world->units[world->order[DEMO_LAST][i]].level <= COUNTY) {
                put_funds_of(&funds, &land, world, i, year);
            }
        }
    }
    MUST(buf_done(&land, &text));
    buf_put(&funds, text);
    return put_file(job, STR("funds-2025-2027.yaml"), &funds);
}

/* The code of the `ordinal`-th village of the last register. */
static str village_code(const struct demo_world *world, int ordinal)
{
    for (int i = 0; i < world->order_count[DEMO_LAST]; i++) {
        const struct demo_face *face = &world->units[world->order[DEMO_LAST][i]].faces[DEMO_LAST];
        if (face->is_village && ordinal-- == 0) {
            return face->code;
        }
    }
    NEVER("a province without villages");
}

static enum rc write_locks(const struct demo_job *job)
{
    struct buf yaml;

    buf_init(&yaml, job->arena, PAPER_BYTES_MAX);
    buf_put(&yaml, STR("# " DEMO_NOTICE "\n# 会议已经定下的：必须安排或不得安排\nlocks:\n"
                       "  - {unit: \""));
    buf_put(&yaml, village_code(job->world, 3));
    buf_put(&yaml, STR("\", measure: LIGHTS, choice: out, reason: "
                       "示范县委农办会议第2号纪要：缓建}\n"));
    return put_file(job, STR("locks.yaml"), &yaml);
}

static enum rc put_wishes(const struct demo_job *job, struct paper *paper)
{
    static const struct paper_column COLUMNS[] = {
        {STR_INIT("代码"), STR_INIT(""), 16},   {STR_INIT("建设内容"), STR_INIT(""), 18},
        {STR_INIT("支持率"), STR_INIT(""), 10}, {STR_INIT("不同意"), STR_INIT(""), 10},
        {STR_INIT("说明"), STR_INIT(""), 30},
    };
    static const str LINES[] = {STR_INIT(DEMO_NOTICE)};
    static const struct {
        const char *measure;
        double support; /* 0: no vote was taken */
        const char *veto;
        const char *note;
    } WISHES[] = {
        {"生活污水治理", 82, "", "村民代表会议表决"},
        {"户厕改造", 45, "", "入户征求意见"},
        {"冷库和初加工", 0, "是", "村民代表会议否决"},
    };
    const struct paper_sheet sheet = {
        .tab = STR("村民意愿"),
        .title = STR("村民意愿征集情况"),
        .lines = LINES,
        .line_count = (int)COUNT_OF(LINES),
        .columns = COLUMNS,
        .column_count = (int)COUNT_OF(COLUMNS),
        .frozen_columns = 1,
        .has_one_head = true,
    };

    TRY(paper_begin(paper, &sheet));
    for (int i = 0; i < (int)COUNT_OF(WISHES); i++) {
        const struct paper_cell cells[] = {
            {PAPER_TEXT, village_code(job->world, i), 0},
            {PAPER_TEXT, str_from(WISHES[i].measure), 0},
            {WISHES[i].support > 0 ? PAPER_NUMBER : PAPER_EMPTY, STR(""), WISHES[i].support},
            {PAPER_TEXT, str_from(WISHES[i].veto), 0},
            {PAPER_TEXT, str_from(WISHES[i].note), 0},
        };
        TRY(paper_row(paper, cells, false));
    }
    return RC_OK;
}

static enum rc write_wishes(const struct demo_job *job)
{
    struct paper *paper = NULL;

    TRY(demo_open_paper(job, STR("村民意愿"), &paper));
    return demo_close_paper(job, paper, put_wishes(job, paper), STR("wishes.xlsx"));
}

/* ---- words ---- */

static const char REPORT[] = DEMO_NOTICE
    "\n"
    "示范省“万村提升”工作推进会召开\n"
    "\n"
    "来源：示范日报（虚构）　时间：2024年11月20日\n"
    "\n"
    "11月18日，示范省“万村提升”工作推进会在省城召开。会议总结今年工作，部署明年任务。省委副书记出席"
    "会议并讲话。"
    "副省长主持会议。\n"
    "\n"
    "会议指出，今年以来各地分类推进村庄建设，人居环境持续改善，群众满意度有所提高。\n"
    "\n"
    "会议强调，要坚持一村一策，把钱花在最需要的地方。一要摸清底数。各县（市、区）要在12月31日前完成"
    "村级台账核对，"
    "做到一村一档、数据真实。二要分类推进。按照精品示范村、提档升级村、环境整治村三类，编制三年建设"
    "计划，"
    "明年1月底前报省委农办。三要补齐短板。明年年底前农村生活污水治理农户占比提高5个百分点，"
    "卫生厕所普及率达到80%"
    "以上；加快村内道路硬化，全面消除存量危房。四要管好资金。统筹各级各类资金，"
    "公开项目清单和资金使用情况，对截留挪用的，要严肃追责问责。五要尊重民意。"
    "建设内容要经村民代表会议讨论，不得强行推进。\n"
    "\n"
    "会议要求，省财政厅要在2025年3月31日前下达第一批补助资金。省农业农村厅要会同有关部门加强指导，"
    "每季度通报一次进展。各市要于每季度末上报工作情况。\n"
    "\n"
    "省直有关部门负责同志，各市分管负责同志参加会议。\n";

static const char GUIDE[] =
    "地名、单位、数值、会议全部虚构，不代表任何真实的地方和人。各乡镇的村数取自一份公开名录的数量结"
    "构，代码一律以99开头。\n"
    "同样的种子得到同样的文件。\n"
    "\n"
    "register-2022-12-31.csv、register-2023-12-31.csv、register-2024-12-31.csv\n"
    "    "
    "三年年末的区划名录：代码、层级、名称。依次导入；后两份与前一份相比有合并、更名、改码、划转、改"
    "制、撤销和新设。\n"
    "    wancun -d 目录 import register 文件 --as-of 日期 --accept 95\n"
    "lineage-truth.csv\n"
    "    名录变化的标准答案，用来核对程序提出的沿革建议。变化：rename 更名，recode 改码，upgrade "
    "改制（村改居），\n"
    "    transfer 划转，merge 并入，abolish 撤销，create 新设。\n"
    "ledgers/2022、ledgers/2023、ledgers/2024\n"
    "    "
    "各县报来的村级台账，一县一册，五种写法：按代码或按村名，一张或两张工作表，两行或一行表头，有无"
    "小计合计，\n"
    "    "
    "是否用“√”“有”“达标”，百分比和金额的写法各不相同；约百分之四的单元格没有数。用当年的代码和名称"
    "。\n"
    "    counties.csv 是县级指标，一县一行。\n"
    "    wancun -d 目录 import ledger ledgers/2024/*.xlsx --period 2024\n"
    "    wancun -d 目录 import ledger ledgers/2024/counties.csv --period 2024 --level county\n"
    "planted/\n"
    "    故意做错的2024年台账，每册一类错误；errors.csv "
    "列出每一处：文件、工作表、行、列、种类、程序应当怎样说。\n"
    "    先导入名录和2023年台账，再逐册试：\n"
    "    wancun -d 目录 import ledger planted/文件 --period 2024 --dry-run --errors 标好.xlsx\n"
    "funds-2025-2027.yaml    三年可用的资金和用地，大约够做值得做的三分之一\n"
    "locks.yaml              会议已经定下的一项：plan --lock\n"
    "wishes.xlsx             三个村的村民意愿：import wishes\n"
    "report.txt              一篇虚构的会议报道：wancun read report.txt\n";

static enum rc write_words(const struct demo_job *job)
{
    struct buf guide;
    const struct demo_world *world = job->world;

    buf_init(&guide, job->arena, PAPER_BYTES_MAX);
    buf_put(&guide, STR(DEMO_NOTICE "\n\n"));
    buf_put(&guide, world->options.is_county ? STR("示范省的一个县") : STR("示范省"));
    buf_put(&guide, STR("：2024年末名录 "));
    buf_int(&guide, world->order_count[DEMO_LAST]);
    buf_put(&guide, STR(" 个单位，其中行政村 "));
    buf_int(&guide, villages_within(world, 0));
    buf_put(&guide, STR(" 个；种子 "));
    buf_int(&guide, (int64_t)world->options.seed);
    buf_put(&guide, STR("。\n"));
    buf_put(&guide, str_from(GUIDE));
    TRY(job->out.file(job->out.self, STR("report.txt"), str_from(REPORT)));
    return put_file(job, STR("README.txt"), &guide);
}

enum rc demo_write_papers(const struct demo_job *job)
{
    for (int year = 0; year < DEMO_YEARS; year++) {
        TRY(write_register(job, year));
    }
    TRY(write_truth(job));
    TRY(write_funds(job));
    TRY(write_locks(job));
    TRY(write_wishes(job));
    return write_words(job);
}
