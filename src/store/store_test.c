/* The store: statements, transactions, migrations, the data directory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "store/db_in.h"
#include "store/file.h"
#include "store/home.h"
#include "store/migrate.h"
#include "store/secret.h"

static const struct sql PUT = {
    .name = "put",
    .text = "INSERT INTO office (key, value) VALUES (?1, ?2)",
    .in_count = 2,
};
static const struct sql SET = {
    .name = "set",
    .text = "UPDATE office SET value = ?2 WHERE key = ?1",
    .in_count = 2,
};
static const struct sql GET = {
    .name = "get",
    .text = "SELECT value FROM office WHERE key = ?1",
    .in_count = 1,
    .out_count = 1,
};
static const struct sql ALL = {
    .name = "all",
    .text = "SELECT key, value FROM office ORDER BY key",
    .in_count = 0,
    .out_count = 2,
    .scans = "all are wanted",
};
static const struct sql SCAN = {
    .name = "scan",
    .text = "SELECT key FROM office WHERE value = ?1",
    .in_count = 1,
    .out_count = 1,
};

struct world {
    struct arena arena;
    struct err err;
    char directory[64];
    struct home *home;
    struct db *db;
};

static str home_name(const struct world *world)
{
    return str_from(world->directory);
}

static int begin(void **state)
{
    struct world *world = calloc(1, sizeof(*world));

    arena_init(&world->arena, ARENA_REQUEST_MAX);
    (void)snprintf(world->directory, sizeof(world->directory), "/tmp/wancun-store-XXXXXX");
    assert_non_null(mkdtemp(world->directory));
    assert_int_equal(home_open(home_name(world), HOME_CREATE, 1, &world->home, &world->err), RC_OK);
    assert_int_equal(home_found(world->home, &world->err), RC_OK);
    world->db = home_db(world->home);
    *state = world;
    return 0;
}

static int end(void **state)
{
    struct world *world = *state;
    char command[128];

    home_close(world->home);
    arena_done(&world->arena);
    (void)snprintf(command, sizeof(command), "rm -rf %s", world->directory);
    FILE *done = popen(command, "r");
    assert_non_null(done);
    (void)pclose(done);
    free(world);
    return 0;
}

static enum rc put(struct world *world, const char *key, const char *value)
{
    const struct val in[] = {v_text(str_from(key)), v_text(str_from(value))};

    return db_change_one(world->db, &PUT, in, &world->err);
}

static enum rc get(struct world *world, const char *key, struct val *out)
{
    const struct val in[] = {v_text(str_from(key))};

    return db_one(world->db, &GET, in, out, &world->arena, &world->err);
}

static void keeps_what_is_committed_and_forgets_the_rest(void **state)
{
    struct world *world = *state;
    struct val out = {0};

    assert_int_equal(db_begin(world->db, DB_WRITE, &world->err), RC_OK);
    assert_int_equal(put(world, "a", "1"), RC_OK);
    assert_int_equal(db_begin(world->db, DB_WRITE, &world->err), RC_OK);
    assert_int_equal(put(world, "b", "2"), RC_OK);
    db_rollback(world->db);
    assert_int_equal(db_commit(world->db, &world->err), RC_OK);
    assert_int_equal(get(world, "a", &out), RC_OK);
    assert_true(str_equal(out.text, STR("1")));
    assert_int_equal(get(world, "b", &out), RC_MISSING);
    assert_int_equal(world->err.rc, RC_OK);
}

static void says_conflict_when_not_exactly_one_row_changes(void **state)
{
    struct world *world = *state;
    const struct val in[] = {v_text(STR("none")), v_text(STR("x"))};

    assert_int_equal(db_change_one(world->db, &SET, in, &world->err), RC_CONFLICT);
    assert_int_equal(put(world, "a", "1"), RC_OK);
    assert_int_equal(put(world, "a", "2"), RC_CONFLICT);
    assert_int_equal(world->err.msg, MSG_STORE_CONSTRAINT);
}

static enum rc count_rows(void *self, const struct val *row)
{
    int *count = self;

    (*count)++;
    return str_equal(row[0].text, STR("stop")) ? RC_LIMIT : RC_OK;
}

static void walks_rows_until_told_to_stop(void **state)
{
    struct world *world = *state;
    int count = 0;

    assert_int_equal(put(world, "a", "1"), RC_OK);
    assert_int_equal(put(world, "stop", "2"), RC_OK);
    assert_int_equal(put(world, "z", "3"), RC_OK);
    assert_int_equal(db_each(world->db, &ALL, NULL, count_rows, &count, &world->err), RC_LIMIT);
    assert_int_equal(count, 2);
}

static void proves_statements(void **state)
{
    struct world *world = *state;
    struct sql wrong = GET;

    assert_int_equal(db_prove(world->db, &GET, &world->err), RC_OK);
    wrong.out_count = 2;
    assert_int_equal(db_prove(world->db, &wrong, &world->err), RC_BROKEN);
    err_clear(&world->err);
    assert_int_equal(db_prove(world->db, &SCAN, &world->err), RC_BROKEN);
    err_clear(&world->err);
    assert_int_equal(db_prove(world->db, &ALL, &world->err), RC_OK);
    wrong = GET;
    wrong.scans = "no reason, since it does not";
    assert_int_equal(db_prove(world->db, &wrong, &world->err), RC_BROKEN);
}

static void makes_ids_that_never_repeat(void **state)
{
    struct world *world = *state;
    int64_t first = db_new_id(world->db, 1000);

    assert_true(db_new_id(world->db, 1000) > first);
    assert_true(db_new_id(world->db, 999) > first);
    assert_true(db_new_id(world->db, 2000) > first + 1000);
}

static void lets_one_process_write_and_others_read(void **state)
{
    struct world *world = *state;
    struct home *other = NULL;

    assert_int_equal(home_open(home_name(world), HOME_WRITE, 1, &other, &world->err), RC_BUSY);
    err_clear(&world->err);
    assert_int_equal(home_open(home_name(world), HOME_READ, 1, &other, &world->err), RC_OK);
    world->db = home_db(other);
    assert_int_equal(put(world, "a", "1"), RC_BROKEN);
    home_close(other);
}

static void refuses_to_create_over_data(void **state)
{
    struct world *world = *state;
    struct home *other = NULL;

    home_close(world->home);
    world->home = NULL;
    assert_int_equal(home_open(home_name(world), HOME_CREATE, 1, &other, &world->err), RC_CONFLICT);
    err_clear(&world->err);
    assert_int_equal(home_open(STR("/tmp/wancun-absent"), HOME_READ, 1, &other, &world->err),
                     RC_MISSING);
}

static void an_unfinished_directory_is_none_and_may_be_made_again(void **state)
{
    struct world *world = *state;
    struct home *other = NULL;

    assert_int_equal(db_claim(world->db, &world->err), RC_OK);
    home_close(world->home);
    world->home = NULL;
    assert_int_equal(home_open(home_name(world), HOME_READ, 1, &other, &world->err), RC_MISSING);
    err_clear(&world->err);
    assert_int_equal(home_open(home_name(world), HOME_WRITE, 1, &other, &world->err), RC_MISSING);
    err_clear(&world->err);
    assert_int_equal(home_open(home_name(world), HOME_CREATE, 1, &other, &world->err), RC_OK);
    assert_int_equal(home_found(other, &world->err), RC_OK);
    home_close(other);
    assert_int_equal(home_open(home_name(world), HOME_CREATE, 1, &other, &world->err), RC_CONFLICT);
    err_clear(&world->err);
    assert_int_equal(home_open(home_name(world), HOME_WRITE, 1, &world->home, &world->err), RC_OK);
}

static void finds_a_damaged_file_and_a_row_that_points_nowhere(void **state)
{
    struct world *world = *state;
    sqlite3 *raw = NULL;
    str path = home_path(world->home, STR("wancun.db"), &world->arena);

    assert_int_equal(db_check(world->db, &world->err), RC_OK);
    assert_int_equal(sqlite3_open(path.at, &raw), SQLITE_OK);
    assert_int_equal(sqlite3_exec(raw, "INSERT INTO unit VALUES (1, 2, 3)", NULL, NULL, NULL),
                     SQLITE_OK);
    assert_int_equal(db_check(world->db, &world->err), RC_BROKEN);
    assert_int_equal(world->err.msg, MSG_STORE_DANGLING);
    err_clear(&world->err);
    assert_int_equal(sqlite3_exec(raw,
                                  "DELETE FROM unit; PRAGMA writable_schema = ON;"
                                  "UPDATE sqlite_schema SET rootpage = 3 WHERE name = 'unit_alias'",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_close(raw), SQLITE_OK);
    home_close(world->home);
    assert_int_equal(home_open(home_name(world), HOME_WRITE, 1, &world->home, &world->err), RC_OK);
    assert_int_equal(db_check(home_db(world->home), &world->err), RC_BROKEN);
    assert_int_equal(world->err.msg, MSG_STORE_DAMAGED);
}

static void refuses_a_newer_or_altered_schema(void **state)
{
    struct world *world = *state;
    sqlite3 *raw = NULL;
    str path = home_path(world->home, STR("wancun.db"), &world->arena);
    struct home *other = NULL;

    assert_int_equal(sqlite3_open(path.at, &raw), SQLITE_OK);
    assert_int_equal(sqlite3_exec(raw, "UPDATE schema_log SET sha256 = x'00' WHERE version = 1",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    assert_int_equal(home_open(home_name(world), HOME_READ, 1, &other, &world->err), RC_CONFLICT);
    assert_int_equal(world->err.msg, MSG_STORE_SCHEMA_CHANGED);
    err_clear(&world->err);
    assert_int_equal(sqlite3_exec(raw, "INSERT INTO schema_log VALUES (9999, 'x', x'00', 1, 'x')",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    assert_int_equal(home_open(home_name(world), HOME_READ, 1, &other, &world->err), RC_CONFLICT);
    assert_int_equal(world->err.msg, MSG_STORE_SCHEMA_NEWER);
    (void)sqlite3_close(raw);
}

static void never_changes_an_event(void **state)
{
    struct world *world = *state;
    static const struct sql ADD = {
        .name = "add",
        .text = "INSERT INTO event (log_id, seq, at_ms, actor, kind, body, digest)"
                " VALUES (1, 1, 1, 'a', 'k', x'', x'')",
    };
    static const struct sql CHANGE = {.name = "change", .text = "UPDATE event SET actor = 'b'"};
    static const struct sql REMOVE = {.name = "remove", .text = "DELETE FROM event"};

    assert_int_equal(db_change_one(world->db, &ADD, NULL, &world->err), RC_OK);
    assert_int_not_equal(db_change(world->db, &CHANGE, NULL, &world->err), RC_OK);
    assert_int_not_equal(db_change(world->db, &REMOVE, NULL, &world->err), RC_OK);
}

static void keeps_files_by_their_hash(void **state)
{
    struct world *world = *state;
    struct hash hash = {{0}};
    struct file_map back = {0};

    assert_int_equal(home_keep_file(world->home, STR("bytes"), &hash, &world->err), RC_OK);
    assert_int_equal(home_keep_file(world->home, STR("bytes"), &hash, &world->err), RC_OK);
    assert_int_equal(home_map_file(world->home, hash, &back, &world->err), RC_OK);
    assert_true(str_equal(file_map_bytes(&back), STR("bytes")));
    file_unmap(&back);
    assert_int_equal(home_keep_file(world->home, STR(""), &hash, &world->err), RC_OK);
    assert_int_equal(home_map_file(world->home, hash, &back, &world->err), RC_OK);
    assert_int_equal(file_map_bytes(&back).len, 0);
    hash.bytes[0] ^= 1;
    assert_int_equal(home_map_file(world->home, hash, &back, &world->err), RC_BROKEN);
}

static void notices_a_kept_file_that_was_altered(void **state)
{
    struct world *world = *state;
    struct hash hash = {{0}};
    struct buf name;
    str text = {0};
    struct file_map back = {0};

    assert_int_equal(home_keep_file(world->home, STR("bytes"), &hash, &world->err), RC_OK);
    buf_init(&name, &world->arena, 256);
    buf_put(&name, STR("files/"));
    buf_put(&name, hash_hex(hash, &world->arena));
    assert_true(buf_done(&name, &text));
    assert_int_equal(
        file_write_whole(home_path(world->home, text, &world->arena), STR("other"), &world->err),
        RC_OK);
    assert_int_equal(home_map_file(world->home, hash, &back, &world->err), RC_BROKEN);
    assert_int_equal(world->err.msg, MSG_STORE_FILE_CHANGED);
}

static void keeps_secrets_from_others(void **state)
{
    struct world *world = *state;
    str path = home_path(world->home, STR("secret.key"), &world->arena);
    struct stat found = {0};
    str back = {0};

    assert_int_equal(secret_read(path, &world->arena, &back, &world->err), RC_MISSING);
    assert_int_equal(world->err.rc, RC_OK);
    assert_int_equal(secret_keep(path, STR("secret"), &world->err), RC_OK);
    assert_int_equal(stat(path.at, &found), 0);
    assert_int_equal(found.st_mode & 07777, 0400);
    assert_int_equal(secret_read(path, &world->arena, &back, &world->err), RC_OK);
    assert_true(str_equal(back, STR("secret")));
    assert_int_equal(secret_keep(path, STR("other"), &world->err), RC_CONFLICT);
    err_clear(&world->err);
    assert_int_equal(chmod(path.at, 0440), 0);
    assert_int_equal(secret_read(path, &world->arena, &back, &world->err), RC_DENIED);
}

/* What a program that was ended in the middle left beside it is no secret. */
static void an_unfinished_secret_is_none(void **state)
{
    struct world *world = *state;
    str path = home_path(world->home, STR("secret.key"), &world->arena);
    str beside = home_path(world->home, STR("secret.key.new"), &world->arena);
    str back = {0};

    assert_int_equal(file_write_whole(beside, STR(""), &world->err), RC_OK);
    assert_int_equal(secret_read(path, &world->arena, &back, &world->err), RC_MISSING);
    assert_int_equal(secret_keep(path, STR("secret"), &world->err), RC_OK);
    assert_int_equal(secret_read(path, &world->arena, &back, &world->err), RC_OK);
    assert_true(str_equal(back, STR("secret")));
    assert_int_not_equal(access(beside.at, F_OK), 0);
}

static void refuses_files_over_their_limit(void **state)
{
    struct world *world = *state;
    str path = home_path(world->home, STR("big"), &world->arena);
    str back = {0};

    assert_int_equal(file_write_whole(path, STR("0123456789"), &world->err), RC_OK);
    assert_int_equal(file_read_whole(path, 10, &world->arena, &back, &world->err), RC_OK);
    assert_int_equal(back.len, 10);
    assert_int_equal(file_read_whole(path, 9, &world->arena, &back, &world->err), RC_LIMIT);
}

/* The snapshot of the cube is such a file. */
static void maps_files_that_others_replace_and_nobody_changes(void **state)
{
    struct world *world = *state;
    str path = home_path(world->home, STR("map"), &world->arena);
    struct file_map map = {0};
    struct file_map again = {0};

    assert_int_equal(file_map(path, &map, &world->err), RC_MISSING);
    assert_int_equal(file_write_whole(path, STR(""), &world->err), RC_OK);
    assert_int_equal(file_map(path, &map, &world->err), RC_MISSING);
    assert_int_equal(world->err.rc, RC_OK);
    assert_int_equal(file_write_whole(path, STR("the first"), &world->err), RC_OK);
    assert_int_equal(file_map(path, &map, &world->err), RC_OK);
    assert_int_equal((uintptr_t)map.at % 4096, 0);
    memcpy(map.at, "THE", 3);
    assert_int_equal(file_map(path, &again, &world->err), RC_OK);
    assert_true(str_equal((str){again.at, again.len}, STR("the first")));
    assert_int_equal(file_write_whole(path, STR("2nd"), &world->err), RC_OK);
    assert_true(str_equal((str){map.at, map.len}, STR("THE first")));
    file_unmap(&map);
    file_unmap(&again);
    file_unmap(&again);
    assert_int_equal(file_map(home_name(world), &map, &world->err), RC_BROKEN);
}

static void lists_names_in_order(void **state)
{
    struct world *world = *state;
    str *names = NULL;
    size_t count = 0;

    assert_int_equal(file_write_whole(home_path(world->home, STR("b.yaml"), &world->arena), STR(""),
                                      &world->err),
                     RC_OK);
    assert_int_equal(file_write_whole(home_path(world->home, STR("a.yaml"), &world->arena), STR(""),
                                      &world->err),
                     RC_OK);
    assert_int_equal(
        file_list(home_name(world), STR(".yaml"), &world->arena, &names, &count, &world->err),
        RC_OK);
    assert_int_equal(count, 2);
    assert_true(str_equal(names[0], STR("a.yaml")));
}

int main(void)
{
#define IN_A_HOME(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        IN_A_HOME(keeps_what_is_committed_and_forgets_the_rest),
        IN_A_HOME(says_conflict_when_not_exactly_one_row_changes),
        IN_A_HOME(walks_rows_until_told_to_stop),
        IN_A_HOME(proves_statements),
        IN_A_HOME(makes_ids_that_never_repeat),
        IN_A_HOME(lets_one_process_write_and_others_read),
        IN_A_HOME(an_unfinished_directory_is_none_and_may_be_made_again),
        IN_A_HOME(finds_a_damaged_file_and_a_row_that_points_nowhere),
        IN_A_HOME(refuses_to_create_over_data),
        IN_A_HOME(refuses_a_newer_or_altered_schema),
        IN_A_HOME(never_changes_an_event),
        IN_A_HOME(keeps_files_by_their_hash),
        IN_A_HOME(notices_a_kept_file_that_was_altered),
        IN_A_HOME(keeps_secrets_from_others),
        IN_A_HOME(an_unfinished_secret_is_none),
        IN_A_HOME(refuses_files_over_their_limit),
        IN_A_HOME(maps_files_that_others_replace_and_nobody_changes),
        IN_A_HOME(lists_names_in_order),
    };
    return cmocka_run_group_tests_name("store", tests, NULL, NULL);
}
