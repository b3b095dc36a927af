/* An office for the matrix of routes. */
#include "tests/rights/stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/clock.h"
#include "format/doc/doc.h"
#include "office/account/test_person.h"
#include "office/approval/approval.h"
#include "office/definition/definition.h"
#include "office/file/batch.h"
#include "office/indicator/value.h"
#include "office/lineage/lineage.h"
#include "office/notice/notice.h"
#include "office/programme/record.h"
#include "office/register/test_units.h"
#include "store/file.h"

static const int64_t NOW_MS = 1767250800000; /* 2026-01-01 15:00 */

static const char UNITS[] = "code,level,name\n"
                            "990000000000,province,示范省\n"
                            "990100000000,city,甲市\n"
                            "990101000000,county,丙县\n"
                            "990101100000,township,丁镇\n"
                            "990101100200,village,东沟村委会\n"
                            "990101100201,village,西沟村委会\n"
                            "990101101000,township,戊镇\n"
                            "990101101200,village,南沟村委会\n"
                            "990102000000,county,己县\n";

/* Own, below, above, beside of who stands at a level; "": there is none. */
static const struct {
    const char *level;
    const char *codes[4];
} STANDS[] = {
    {"county", {"990101000000", "990101100200", "990100000000", "990102000000"}},
    {"province", {"990000000000", "990101100200", "", ""}},
    {"township", {"990101100000", "990101100200", "990101000000", "990101101000"}},
    {"village", {"990101100200", "", "990101100000", "990101100201"}},
};

#define WELL(stage, call)                                                                          \
    do {                                                                                           \
        enum rc well_ = (call);                                                                    \
        if (well_ != RC_OK) {                                                                      \
            print_message("# %.*s\n", STR_ARG(msg_key((stage)->err.msg)));                         \
        }                                                                                          \
        assert_int_equal(well_, RC_OK);                                                            \
    } while (0)

str stage_file(struct stage *stage, const char *name)
{
    struct buf path;
    str at = {0};
    str text = {0};

    buf_init(&path, &stage->arena, 4096);
    buf_put(&path, str_from(getenv("WANCUN_SOURCE"))); /* NOLINT(concurrency-mt-unsafe) */
    buf_char(&path, '/');
    buf_put(&path, str_from(name));
    assert_true(buf_done(&path, &at));
    WELL(stage, file_read_whole(at, (int64_t)16 << 20, &stage->arena, &text, &stage->err));
    return text;
}

static void read_programme(struct stage *stage)
{
    static const char *const NAMES[] = {"tests/rights/small.yaml",
                                        "programmes/example-province/posts.yaml"};
    const struct doc *docs[COUNT_OF(NAMES)] = {0};
    struct problems problems;
    struct numbers numbers;
    bool is_new = false;

    for (size_t i = 0; i < COUNT_OF(NAMES); i++) {
        WELL(stage, doc_read_yaml(stage_file(stage, NAMES[i]), str_from(NAMES[i]), &stage->arena,
                                  &docs[i], &stage->err));
    }
    WELL(stage, definition_read(docs, COUNT_OF(NAMES), &stage->arena, &stage->programme, &problems,
                                &stage->err));
    WELL(stage, programme_record(&stage->cx, stage->programme, &is_new));
    WELL(stage, numbers_load(&stage->cx, stage->programme, true, &numbers));
}

static int64_t add_run(struct stage *stage, struct unit_id unit)
{
    const struct resolution resolution = {.body = STR("会议")};
    struct run run = {
        .kind = STR("tier"),
        .scheme = STR("main"),
        .period = period_of_year(2024),
        .register_day = date_of(2023, 6, 30),
        .root = unit,
        .programme = stage->programme->hash,
        .program = STR("test"),
        .summary = STR("-"),
    };
    int64_t waits = 0;

    WELL(stage, run_add(&stage->cx, &run));
    WELL(stage, run_approve(&stage->cx, run.id, &resolution, &waits));
    return run.id;
}

static int64_t add_notice(struct stage *stage, int64_t run)
{
    struct notice notice = {
        .run = run,
        .from = date_of(2025, 12, 1),
        .to = date_of(2026, 2, 1),
        .place = STR("村务公开栏"),
    };

    WELL(stage, notice_open(&stage->cx, &notice));
    return notice.id;
}

/* As somebody at that unit would have taken it in. */
static int64_t add_batch(struct stage *stage, struct unit_id unit)
{
    struct batch batch = {.kind = STR("ledger"), .state = STR("committed"), .file_name = STR("x")};
    struct cx cx = stage->cx;
    struct buf actor;

    batch.file = hash_of(STR("x"));
    buf_init(&actor, &stage->arena, 64);
    buf_put(&actor, STR("person:1/office@"));
    buf_int(&actor, unit.v);
    assert_true(buf_done(&actor, &cx.actor));
    cx.actor = unit.v == 0 ? stage->cx.actor : cx.actor;
    WELL(stage, file_note(&cx, batch.file, STR("x"), 1));
    WELL(stage, batch_add(&cx, &batch));
    return batch.id;
}

static int64_t add_step(struct stage *stage, struct unit_id unit, int place, int64_t batch)
{
    const struct lineage_row row = {
        .id = db_new_id(stage->cx.db, NOW_MS),
        .day = date_of(2023, 6, 30),
        .kind = LINEAGE_CREATE,
        .to = unit,
        .share_num = 1,
        .share_den = 1,
        .confidence = 500,
        .state = LINEAGE_PROPOSED,
        .home = stage->tree.units[stage->tree.units[place].home].id,
    };

    WELL(stage, lineage_insert(&stage->cx, &row, batch));
    return row.id;
}

static void add_things(struct stage *stage)
{
    for (int i = 0; i < STAGE_UNITS; i++) {
        struct stage_things *at = &stage->things[i];
        at->unit = stage->tree.units[i].id;
        at->code = arena_str(&stage->arena, stage->tree.units[i].code).at;
        at->run = add_run(stage, at->unit);
        at->notice = add_notice(stage, at->run);
        at->batch = add_batch(stage, at->unit);
        at->step = add_step(stage, at->unit, i, at->batch);
    }
    stage->batch = add_batch(stage, (struct unit_id){0});
}

static void open_home(struct stage *stage)
{
    (void)snprintf(stage->directory, sizeof(stage->directory), "/tmp/wancun-routes-XXXXXX");
    assert_non_null(mkdtemp(stage->directory));
    WELL(stage, home_open(str_from(stage->directory), HOME_CREATE, NOW_MS, &stage->server.home,
                          &stage->err));
    for (int i = 0; i < LANES; i++) {
        stage->server.readers[i] = stage->server.home;
    }
    stage->cx = (struct cx){
        .arena = &stage->arena,
        .db = home_db(stage->server.home),
        .err = &stage->err,
        .who = &ACTOR_OWNER,
        .actor = STR("local:test"),
        .now_ms = clock_now_ms(),
        .lang = LANG_ZH,
    };
}

static void look(void *self, struct http_request *request, struct http_plan *plan)
{
    (void)self;
    (void)request;
    (void)plan;
}

static void handle(void *self, struct http_request *request)
{
    (void)self;
    (void)request;
}

/* A door that nobody knocks at: requests are made here, and belong to it. */
static void open_door(struct stage *stage)
{
    struct buf listen;
    struct http_opts opts = {
        .loops = 1,
        .workers = 1,
        .spool = str_from(stage->directory),
        .begin = look,
        .handle = handle,
    };

    buf_init(&listen, &stage->arena, 128);
    buf_put(&listen, STR("unix:"));
    buf_put(&listen, str_from(stage->directory));
    buf_put(&listen, STR("/socket"));
    assert_true(buf_done(&listen, &opts.listen));
    WELL(stage, http_open(&opts, &stage->server.http, &stage->err));
}

/* Who proposes what waits: at the root, so that he may for every unit. */
static void add_proposals(struct stage *stage)
{
    const struct stage_actor *planner = stage_actor(stage, STR("programme_office@province"));
    const struct stage_actor *keeper = stage_actor(stage, STR("system_admin"));

    for (int i = 0; i < STAGE_UNITS; i++) {
        stage->things[i].proposal = stage_proposal_of(stage, planner, &stage->things[i]);
        assert_int_not_equal(stage->things[i].proposal, 0);
    }
    stage->restore = stage_proposal_of(stage, keeper, NULL);
    assert_int_not_equal(stage->restore, 0);
}

void stage_open(struct stage *stage)
{
    struct register_result result = {0};

    *stage = (struct stage){.directory = ""};
    arena_init(&stage->arena, ARENA_JOB_MAX);
    arena_init(&stage->server.arena, ARENA_JOB_MAX);
    open_home(stage);
    open_door(stage);
    WELL(stage, office_enter(&stage->cx, DB_WRITE));
    read_programme(stage);
    WELL(stage, home_found(stage->server.home, &stage->err));
    WELL(stage, office_leave(&stage->cx, RC_OK));
    WELL(stage, test_import(&stage->cx, str_from(UNITS), "2023-06-30", 95, &result));
    WELL(stage, unit_tree_load(&stage->cx, stage->programme, date_of(2026, 1, 1), &stage->tree));
    assert_int_equal(stage->tree.count, STAGE_UNITS);
    WELL(stage, office_enter(&stage->cx, DB_WRITE));
    add_things(stage);
    WELL(stage, office_leave(&stage->cx, RC_OK));
    add_proposals(stage);
}

void stage_close(struct stage *stage)
{
    (void)http_close(stage->server.http, 0);
    home_close(stage->server.home);
    assert_int_equal(file_remove_all(str_from(stage->directory), &stage->err), RC_OK);
    arena_done(&stage->server.arena);
    arena_done(&stage->arena);
}

const struct stage_things *stage_at(const struct stage *stage, const char *code)
{
    for (int i = 0; i < STAGE_UNITS; i++) {
        if (strcmp(stage->things[i].code, code) == 0) {
            return &stage->things[i];
        }
    }
    return NULL;
}

/* "secretary@province", "township": the post, and where it stands unless that is said. */
static void take_stand(str name, str *out_post, const char *const **out_codes)
{
    str level = name;

    (void)str_cut(&level, '@', out_post);
    level = level.len > 0 ? level : *out_post;
    *out_codes = STANDS[0].codes;
    for (size_t i = 0; i < COUNT_OF(STANDS); i++) {
        *out_codes = str_equal(level, str_from(STANDS[i].level)) ? STANDS[i].codes : *out_codes;
    }
}

static enum person_kind kind_of(str name)
{
    size_t ending = str_find(name, STR("_admin"));

    return ending == STR_NONE ? PERSON_OFFICIAL : person_kind_by_id(str_part(name, 0, ending));
}

static void give_post(struct stage *stage, const struct person *person, str post,
                      const struct stage_actor *actor)
{
    struct held held = {0};
    bool is_admin = person->kind != PERSON_OFFICIAL;
    const struct appointment giving = {
        .programme = stage->programme,
        .tree = is_admin ? NULL : &stage->tree,
        .person = person,
        .post = is_admin ? PERSON_KIND_ROWS[person->kind].id : post,
        .place = is_admin ? NONE : unit_tree_find_code(&stage->tree, str_from(actor->codes[0])),
        .from = date_of(2020, 1, 1),
        .to = HELD_OPEN,
    };

    WELL(stage, post_give(&stage->cx, &giving, &held));
}

/* A token that may read what its person may. */
static void take_token(struct stage *stage, struct stage_actor *actor)
{
    struct session token = {
        .name = STR("test"),
        .person = actor->person,
        .rights = right_bit(RIGHT_READ),
        .unit = stage->tree.units[unit_tree_find_code(&stage->tree, str_from(actor->codes[0]))].id,
        .ends_ms = stage->cx.now_ms + 86400000,
    };

    actor->is_token = true;
    WELL(stage, token_add(&stage->cx, &token, &actor->token));
}

static void make_actor(struct stage *stage, str name, struct stage_actor *actor)
{
    struct buf login;
    str text = {0};
    str post = {0};

    *actor = (struct stage_actor){.name = name};
    take_stand(name, &post, &actor->codes);
    if (str_equal(name, STR("nobody"))) {
        return;
    }
    buf_init(&login, &stage->arena, 64);
    buf_put(&login, STR("p"));
    buf_int(&login, stage->actor_count);
    buf_char(&login, '\0');
    assert_true(buf_done(&login, &text));
    struct person person = test_person(&stage->cx, text.at, kind_of(name));
    WELL(stage, person_set_password(&stage->cx, &person, CHEAP, 0));
    actor->person = person.id;
    bool is_token = str_equal(name, STR("token_read"));
    give_post(stage, &person, is_token ? STR("programme_office") : post, actor);
    if (is_token) {
        take_token(stage, actor);
    } else {
        actor->token = test_attempt(&stage->cx, text.at, "password").token;
        assert_int_not_equal(actor->token.len, 0);
    }
}

const struct stage_actor *stage_actor(struct stage *stage, str name)
{
    for (int i = 0; i < stage->actor_count; i++) {
        if (str_equal(stage->actors[i].name, name)) {
            return &stage->actors[i];
        }
    }
    assert_true(stage->actor_count < STAGE_ACTORS_MAX);
    struct stage_actor *actor = &stage->actors[stage->actor_count];
    WELL(stage, office_enter(&stage->cx, DB_WRITE));
    make_actor(stage, arena_str(&stage->arena, name), actor);
    WELL(stage, office_leave(&stage->cx, RC_OK));
    stage->actor_count++;
    return actor;
}

/* In his name, in a context of its own. */
static int64_t propose(struct stage *stage, const struct stage_actor *actor,
                       const struct stage_things *at)
{
    struct cx cx = stage->cx;
    struct session session = {0};
    struct actor who = {0};
    struct proposal proposal = {
        .matter = at == NULL ? MATTER_RESTORE : MATTER_OVERRIDE,
        .unit = at == NULL ? (struct unit_id){0} : at->unit,
        .target = at == NULL ? 1 : at->unit.v,
        .topic = actor->name,
        .wanted = STR("high"),
        .reason = STR("会议"),
    };
    int64_t waits = 0;

    WELL(stage, session_find(&cx, actor->token, &session));
    WELL(stage, actor_load(&cx, stage->programme, &session, &who));
    cx.who = &who;
    enum rc rc = proposal_ask(&cx, &proposal, &waits);
    err_clear(&stage->err);
    return rc == RC_OK ? waits : 0;
}

int64_t stage_proposal_of(struct stage *stage, const struct stage_actor *actor,
                          const struct stage_things *at)
{
    size_t about = at == NULL ? STAGE_UNITS : (size_t)(at - stage->things);
    int64_t *own = &stage->own[actor - stage->actors][about];

    if (*own == 0 && actor->person != 0 && !actor->is_token) {
        WELL(stage, office_enter(&stage->cx, DB_WRITE));
        *own = propose(stage, actor, at);
        WELL(stage, office_leave(&stage->cx, RC_OK));
    }
    if (*own != 0) {
        return *own;
    }
    return at == NULL ? stage->restore : at->proposal;
}
