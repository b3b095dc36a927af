/* A world for tests of the office. */
#include "office/test_world.h"

#include <stdio.h>
#include <unistd.h>

#include "office/access/actor.h"
#include "store/db_in.h"
#include "store/migrate.h"

struct world {
    struct arena arena;
    struct err err;
    struct cx cx;
    char schema[64]; /* on a server: of this world alone */
};

/* The server that the tests are to run on; NULL: a database in memory. */
static const char *test_database(void)
{
    return getenv("WANCUN_TEST_DATABASE");
}

struct cx *world_cx(void *world)
{
    return &((struct world *)world)->cx;
}

/* PostgreSQL keeps no switch for references: they are taken away one by one. */
#define WITHOUT_REFERENCES                                                                         \
    "DO $$ DECLARE one record; BEGIN FOR one IN SELECT conrelid::regclass AS place, conname"       \
    " FROM pg_constraint WHERE contype = 'f' AND connamespace = current_schema()::regnamespace"    \
    " LOOP EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', one.place, one.conname);"           \
    " END LOOP; END $$"

/* A statement as SQLite takes it, with its bytes written as PostgreSQL reads them. */
static void put_statement(struct buf *out, str text)
{
    for (size_t i = 0; i < text.len; i++) {
        bool begins = i > 0 && (text.at[i - 1] == ' ' || text.at[i - 1] == '(');
        bool is_bytes = begins && (text.at[i] == 'x' || text.at[i] == 'X') && i + 1 < text.len &&
                        text.at[i + 1] == '\'';
        if (is_bytes) {
            buf_put(out, STR("'\\x"));
            i++;
        } else {
            buf_char(out, text.at[i]);
        }
    }
}

/* The trigger's name says what it forbids: on PostgreSQL the right is given back instead. */
static bool put_right(struct buf *out, str trigger, str ending, str right)
{
    if (!str_ends(trigger, ending)) {
        return false;
    }
    buf_put(out, STR("GRANT "));
    buf_put(out, right);
    buf_put(out, STR(" ON "));
    buf_put(out, str_part(trigger, 0, trigger.len - ending.len));
    buf_put(out, STR(" TO CURRENT_USER"));
    return true;
}

/* The rules of the schema are broken in the engine's own way: `text` is SQLite's. */
static str in_dialect(struct world *world, const char *text)
{
    const str drop = STR("DROP TRIGGER ");
    str rest = str_from(text);
    str part = {0};
    struct buf out;
    str made = {0};

    buf_init(&out, &world->arena, 1 << 16);
    while (str_cut(&rest, ';', &part)) {
        str act = str_trim(part);
        str trigger = str_part(act, drop.len, act.len);
        if (str_starts(act, STR("PRAGMA foreign_keys = OFF"))) {
            buf_put(&out, STR(WITHOUT_REFERENCES));
        } else if (!str_starts(act, drop)) {
            put_statement(&out, act);
        } else {
            MUST(put_right(&out, trigger, STR("_is_kept"), STR("UPDATE")) ||
                 put_right(&out, trigger, STR("_stays"), STR("DELETE")));
        }
        buf_char(&out, ';');
    }
    buf_char(&out, '\0');
    MUST(buf_done(&out, &made));
    return made;
}

static void say_failure(struct world *world, const struct err *err)
{
    struct buf buf;
    str why = {0};

    buf_init(&buf, &world->arena, 1 << 16);
    err_put(&buf, LANG_EN, err);
    (void)buf_done(&buf, &why);
    (void)fprintf(stderr, "# %.*s\n", STR_ARG(why));
}

void world_script(void *at, const char *text)
{
    struct world *world = at;
    struct err err = {0};
    const char *script = test_database() == NULL ? text : in_dialect(world, text).at;
    enum rc rc = db_script(world->cx.db, script, &err);

    if (rc != RC_OK) {
        say_failure(world, &err);
    }
    MUST(rc == RC_OK);
}

/* A schema of its own where the database is shared. */
static enum rc open_database(struct world *world)
{
    static int count;
    char script[256];

    if (test_database() == NULL) {
        return db_open(":memory:", DB_WRITE, &world->cx.db, &world->err);
    }
    enum rc rc = db_open(test_database(), DB_WRITE, &world->cx.db, &world->err);
    (void)snprintf(world->schema, sizeof(world->schema), "world_%d_%d", getpid(), count++);
    (void)snprintf(script, sizeof(script), "CREATE SCHEMA %s; SET search_path = %s", world->schema,
                   world->schema);
    return rc == RC_OK ? db_script(world->cx.db, script, &world->err) : rc;
}

static void close_database(struct world *world)
{
    char script[256];

    if (test_database() != NULL) {
        (void)snprintf(script, sizeof(script), "DROP SCHEMA %s CASCADE", world->schema);
        err_clear(&world->err);
        (void)!db_script(world->cx.db, script, &world->err);
    }
    db_close(world->cx.db);
}

int world_begin(void **state)
{
    struct world *world = calloc(1, sizeof(*world));
    const int64_t now_ms = 1767225600000; /* 2026-01-01 */

    MUST(world != NULL);
    arena_init(&world->arena, ARENA_JOB_MAX);
    world->cx = (struct cx){
        .arena = &world->arena,
        .err = &world->err,
        .actor = STR("local:tester"),
        .who = &ACTOR_OWNER,
        .now_ms = now_ms,
        .lang = LANG_ZH,
    };
    enum rc rc = open_database(world);
    if (rc == RC_OK) {
        rc = db_migrate(world->cx.db, now_ms, &world->err);
    }
    if (rc != RC_OK) {
        say_failure(world, &world->err);
    }
    MUST(rc == RC_OK);
    *state = world;
    return 0;
}

int world_end(void **state)
{
    struct world *world = *state;

    close_database(world);
    arena_done(&world->arena);
    free(world);
    return 0;
}
