/* The store on PostgreSQL: what is sent later, rows inside rows, and who may write. Runs where
 * WANCUN_TEST_DATABASE names a server (tests/pg/with_pg.sh). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "store/db_in.h"
#include "store/file.h"
#include "store/home.h"

enum { SECOND_ROOM = 80 };

static const struct sql PUT = {
    .name = "put",
    .text = "INSERT INTO office (key, value) VALUES (?1, ?2)",
    .in_count = 2,
};
static const struct sql ALL = {
    .name = "all",
    .text = "SELECT key FROM office ORDER BY key",
    .out_count = 1,
};
static const struct sql EXPIRE = {
    .name = "expire",
    .text = "UPDATE store_lease SET until_ms = 0",
};

struct world {
    struct arena arena;
    struct err err;
    struct db *admin;
    char schema[64];
    char url[512];
    char directory[64];
    struct home *home;
    struct db *db;
};

static void script(struct world *world, const char *act, const char *rest)
{
    char text[256];

    (void)snprintf(text, sizeof(text), "%s %s %s", act, world->schema, rest);
    assert_int_equal(db_script(world->admin, text, &world->err), RC_OK);
}

static int begin(void **state)
{
    static int count;
    const char *server = getenv("WANCUN_TEST_DATABASE");
    struct world *world = calloc(1, sizeof(*world));

    *state = world;
    if (server == NULL) {
        return 0;
    }
    arena_init(&world->arena, ARENA_REQUEST_MAX);
    (void)snprintf(world->schema, sizeof(world->schema), "store_%d_%d", getpid(), count++);
    (void)snprintf(world->url, sizeof(world->url),
                   "%s&options=-csearch_path%%3D%s&application_name=%s", server, world->schema,
                   world->schema);
    (void)snprintf(world->directory, sizeof(world->directory), "/tmp/wancun-pg-XXXXXX");
    assert_non_null(mkdtemp(world->directory));
    assert_int_equal(db_open(server, DB_WRITE, &world->admin, &world->err), RC_OK);
    script(world, "CREATE SCHEMA", "");
    assert_int_equal(home_create_on(str_from(world->directory), str_from(world->url), 1,
                                    &world->home, &world->err),
                     RC_OK);
    assert_int_equal(home_found(world->home, &world->err), RC_OK);
    world->db = home_db(world->home);
    return 0;
}

static int end(void **state)
{
    struct world *world = *state;
    char command[128];

    if (world->admin != NULL) {
        home_close(world->home);
        script(world, "DROP SCHEMA", "CASCADE");
        db_close(world->admin);
        arena_done(&world->arena);
        (void)snprintf(command, sizeof(command), "rm -rf %s", world->directory);
        FILE *done = popen(command, "r");
        assert_non_null(done);
        (void)pclose(done);
    }
    free(world);
    return 0;
}

static struct world *world_or_skip(void **state)
{
    struct world *world = *state;

    if (world->admin == NULL) {
        print_message("# skipped: WANCUN_TEST_DATABASE names no server\n");
        skip();
    }
    return world;
}

static enum rc put(struct world *world, struct db *db, const char *key)
{
    const struct val in[] = {v_text(str_from(key)), v_text(STR(""))};

    return db_change(db, &PUT, in, &world->err);
}

struct counting {
    struct world *world;
    int depth;
    int count;
};

static enum rc count_row(void *self, const struct val *row)
{
    struct counting *counting = self;
    struct counting inner = {counting->world, counting->depth - 1, 0};

    assert_int_equal(row[0].kind, VAL_TEXT);
    counting->count++;
    if (counting->depth == 0) {
        return RC_OK;
    }
    enum rc rc = db_each(counting->world->db, &ALL, NULL, count_row, &inner, &inner.world->err);
    assert_int_equal(inner.count, 3);
    return rc;
}

static int rows_of(struct world *world, struct db *db)
{
    struct counting counting = {world, 0, 0};

    assert_int_equal(db_each(db, &ALL, NULL, count_row, &counting, &world->err), RC_OK);
    return counting.count;
}

static void a_failure_is_told_by_the_commit_at_the_latest(void **state)
{
    struct world *world = world_or_skip(state);

    assert_int_equal(db_begin(world->db, DB_WRITE, &world->err), RC_OK);
    assert_int_equal(put(world, world->db, "a"), RC_OK);
    assert_int_equal(put(world, world->db, "a"), RC_OK);
    assert_int_equal(db_commit(world->db, &world->err), RC_CONFLICT);
    assert_int_equal(world->err.msg, MSG_STORE_CONSTRAINT);
    db_rollback(world->db);
    assert_int_equal(rows_of(world, world->db), 0);
}

static void what_failed_before_cannot_be_committed(void **state)
{
    struct world *world = world_or_skip(state);
    const struct val in[] = {v_text(STR("a")), v_text(STR(""))};

    assert_int_equal(db_begin(world->db, DB_WRITE, &world->err), RC_OK);
    assert_int_equal(db_change_one(world->db, &PUT, in, &world->err), RC_OK);
    assert_int_equal(db_change_one(world->db, &PUT, in, &world->err), RC_CONFLICT);
    err_clear(&world->err);
    assert_int_equal(db_commit(world->db, &world->err), RC_BROKEN);
    db_rollback(world->db);
    assert_int_equal(rows_of(world, world->db), 0);
}

static void rows_are_walked_inside_rows(void **state)
{
    struct world *world = world_or_skip(state);
    struct counting counting = {world, 2, 0};

    assert_int_equal(put(world, world->db, "a"), RC_OK);
    assert_int_equal(put(world, world->db, "b"), RC_OK);
    assert_int_equal(put(world, world->db, "c"), RC_OK);
    assert_int_equal(db_each(world->db, &ALL, NULL, count_row, &counting, &world->err), RC_OK);
    assert_int_equal(counting.count, 3);
}

static void an_inner_transaction_takes_back_its_own_alone(void **state)
{
    struct world *world = world_or_skip(state);

    assert_int_equal(db_begin(world->db, DB_WRITE, &world->err), RC_OK);
    assert_int_equal(put(world, world->db, "a"), RC_OK);
    assert_int_equal(db_begin(world->db, DB_WRITE, &world->err), RC_OK);
    assert_int_equal(put(world, world->db, "b"), RC_OK);
    db_rollback(world->db);
    assert_int_equal(db_commit(world->db, &world->err), RC_OK);
    assert_int_equal(rows_of(world, world->db), 1);
}

/* A second directory on the same database, as one copied to another machine would be. */
static enum rc open_second(struct world *world, char directory[SECOND_ROOM], struct home **out)
{
    struct buf path;
    str text = {0};

    (void)snprintf(directory, SECOND_ROOM, "%s/second", world->directory);
    assert_int_equal(file_make_directory(str_from(directory), &world->err), RC_OK);
    buf_init(&path, &world->arena, 256);
    buf_put(&path, str_from(directory));
    buf_put(&path, STR("/database"));
    assert_true(buf_done(&path, &text));
    assert_int_equal(file_write_whole(text, str_from(world->url), &world->err), RC_OK);
    return home_open(str_from(directory), HOME_WRITE, 1, out, &world->err);
}

static void one_of_two_directories_writes_and_both_read(void **state)
{
    struct world *world = world_or_skip(state);
    struct home *second = NULL;
    char directory[SECOND_ROOM];

    assert_int_equal(open_second(world, directory, &second), RC_BUSY);
    assert_int_equal(world->err.msg, MSG_STORE_LEASED);
    err_clear(&world->err);
    assert_int_equal(home_open(str_from(directory), HOME_READ, 1, &second, &world->err), RC_OK);
    assert_int_equal(rows_of(world, home_db(second)), 0);
    assert_int_not_equal(put(world, home_db(second), "a"), RC_OK);
    home_close(second);
    err_clear(&world->err);
    home_close(world->home);
    world->home = NULL;
    assert_int_equal(home_open(str_from(directory), HOME_WRITE, 1, &second, &world->err), RC_OK);
    home_close(second);
}

static void whoever_was_followed_writes_no_more(void **state)
{
    struct world *world = world_or_skip(state);
    struct home *second = NULL;
    char directory[SECOND_ROOM];

    assert_int_equal(db_change(world->db, &EXPIRE, NULL, &world->err), RC_OK);
    assert_int_equal(open_second(world, directory, &second), RC_OK);
    enum rc rc = db_begin(world->db, DB_WRITE, &world->err);
    if (rc == RC_OK) {
        (void)!put(world, world->db, "a");
        err_clear(&world->err);
        rc = db_commit(world->db, &world->err);
        db_rollback(world->db);
    }
    assert_int_equal(rc, RC_BUSY);
    assert_int_equal(world->err.msg, MSG_STORE_LEASE_LOST);
    assert_int_equal(rows_of(world, home_db(second)), 0);
    home_close(second);
}

/* Every connection of the world is cut, as by a server that stops. */
static void cut(struct world *world)
{
    char text[256];

    (void)snprintf(text, sizeof(text),
                   "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                   " WHERE application_name = '%s'",
                   world->schema);
    assert_int_equal(db_script(world->admin, text, &world->err), RC_OK);
}

static void a_connection_that_was_cut_is_made_again(void **state)
{
    struct world *world = world_or_skip(state);

    assert_int_equal(put(world, world->db, "a"), RC_OK);
    cut(world);
    assert_int_equal(db_begin(world->db, DB_WRITE, &world->err), RC_OK);
    assert_int_equal(put(world, world->db, "b"), RC_OK);
    assert_int_equal(db_commit(world->db, &world->err), RC_OK);
    cut(world);
    assert_int_equal(db_begin(world->db, DB_READ, &world->err), RC_OK);
    assert_int_equal(rows_of(world, world->db), 2);
    assert_int_equal(db_commit(world->db, &world->err), RC_OK);
}

static void what_a_cut_interrupts_is_undone(void **state)
{
    struct world *world = world_or_skip(state);
    const struct val in[] = {v_text(STR("b")), v_text(STR(""))};

    assert_int_equal(db_begin(world->db, DB_WRITE, &world->err), RC_OK);
    assert_int_equal(put(world, world->db, "a"), RC_OK);
    assert_int_equal(rows_of(world, world->db), 1);
    cut(world);
    assert_int_equal(db_change_one(world->db, &PUT, in, &world->err), RC_BUSY);
    assert_int_equal(world->err.msg, MSG_STORE_UNREACHABLE);
    err_clear(&world->err);
    assert_int_equal(db_commit(world->db, &world->err), RC_BUSY);
    assert_int_equal(world->err.msg, MSG_STORE_UNREACHABLE);
    db_rollback(world->db);
    err_clear(&world->err);
    assert_int_equal(db_begin(world->db, DB_WRITE, &world->err), RC_OK);
    assert_int_equal(rows_of(world, world->db), 0);
    assert_int_equal(db_commit(world->db, &world->err), RC_OK);
}

static enum rc cut_at_row(void *self, const struct val *row)
{
    (void)row;
    cut(self);
    return RC_OK;
}

static void a_cut_between_rows_ends_the_walk(void **state)
{
    struct world *world = world_or_skip(state);

    assert_int_equal(put(world, world->db, "a"), RC_OK);
    assert_int_equal(put(world, world->db, "b"), RC_OK);
    assert_int_equal(db_begin(world->db, DB_READ, &world->err), RC_OK);
    (void)!db_each(world->db, &ALL, NULL, cut_at_row, world, &world->err);
    db_rollback(world->db);
    err_clear(&world->err);
    assert_int_equal(db_begin(world->db, DB_READ, &world->err), RC_OK);
    assert_int_equal(rows_of(world, world->db), 2);
    assert_int_equal(db_commit(world->db, &world->err), RC_OK);
}

/* Two that read what the other writes: they cannot have come one after the other. */
static void two_that_cross_are_told_and_may_try_again(void **state)
{
    struct world *world = world_or_skip(state);
    struct db *other = NULL;

    assert_int_equal(db_open(world->url, DB_WRITE, &other, &world->err), RC_OK);
    assert_int_equal(db_begin(world->db, DB_WRITE, &world->err), RC_OK);
    assert_int_equal(db_begin(other, DB_WRITE, &world->err), RC_OK);
    assert_int_equal(rows_of(world, world->db), 0);
    assert_int_equal(rows_of(world, other), 0);
    assert_int_equal(put(world, world->db, "a"), RC_OK);
    assert_int_equal(put(world, other, "b"), RC_OK);
    assert_int_equal(db_commit(other, &world->err), RC_OK);
    assert_int_equal(db_commit(world->db, &world->err), RC_BUSY);
    assert_true(db_is_crossed(&world->err));
    db_rollback(world->db);
    assert_true(db_try_again(&world->err, 1));
    assert_false(db_try_again(&world->err, 1000));
    err_clear(&world->err);
    assert_int_equal(db_begin(world->db, DB_WRITE, &world->err), RC_OK);
    assert_int_equal(rows_of(world, world->db), 1);
    assert_int_equal(put(world, world->db, "a"), RC_OK);
    assert_int_equal(db_commit(world->db, &world->err), RC_OK);
    db_close(other);
}

static void a_lease_is_renewed_until_another_follows(void **state)
{
    struct world *world = world_or_skip(state);
    struct home *second = NULL;
    char directory[SECOND_ROOM];

    assert_int_equal(db_change(world->db, &EXPIRE, NULL, &world->err), RC_OK);
    assert_int_equal(home_renew(world->home, &world->err), RC_OK);
    assert_int_equal(open_second(world, directory, &second), RC_BUSY);
    err_clear(&world->err);
    assert_int_equal(db_change(world->db, &EXPIRE, NULL, &world->err), RC_OK);
    assert_int_equal(open_second(world, directory, &second), RC_OK);
    assert_int_equal(home_renew(world->home, &world->err), RC_BUSY);
    assert_int_equal(world->err.msg, MSG_STORE_LEASE_LOST);
    home_close(second);
    err_clear(&world->err);
    assert_int_equal(db_begin(world->db, DB_WRITE, &world->err), RC_BUSY);
    assert_int_equal(world->err.msg, MSG_STORE_LEASE_LOST);
}

static void a_password_has_no_place_in_the_directory(void **state)
{
    struct world *world = world_or_skip(state);
    struct home *other = NULL;

    assert_int_equal(
        home_create_on(STR("/tmp/wancun-none"), STR("postgres://a:b@/c"), 1, &other, &world->err),
        RC_INVALID);
    assert_int_equal(world->err.msg, MSG_STORE_ADDRESS_PASSWORD);
    err_clear(&world->err);
    assert_int_equal(
        home_create_on(STR("/tmp/wancun-none"), STR("mysql://a"), 1, &other, &world->err),
        RC_INVALID);
}

int main(void)
{
#define ON_A_SERVER(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        ON_A_SERVER(a_failure_is_told_by_the_commit_at_the_latest),
        ON_A_SERVER(what_failed_before_cannot_be_committed),
        ON_A_SERVER(rows_are_walked_inside_rows),
        ON_A_SERVER(an_inner_transaction_takes_back_its_own_alone),
        ON_A_SERVER(one_of_two_directories_writes_and_both_read),
        ON_A_SERVER(whoever_was_followed_writes_no_more),
        ON_A_SERVER(a_connection_that_was_cut_is_made_again),
        ON_A_SERVER(what_a_cut_interrupts_is_undone),
        ON_A_SERVER(a_cut_between_rows_ends_the_walk),
        ON_A_SERVER(two_that_cross_are_told_and_may_try_again),
        ON_A_SERVER(a_lease_is_renewed_until_another_follows),
        ON_A_SERVER(a_password_has_no_place_in_the_directory),
    };
    return cmocka_run_group_tests_name("store/pg", tests, NULL, NULL);
}
