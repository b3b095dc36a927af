/* The trace, verified: what an attacker with the database does is found, and named. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "office/audit/tree.h"
#include "office/replay/replay.h"
#include "office/test_world.h"

enum { EVENTS = 40, LOGS = 3 };

static struct sign_key key;
static struct sign_public public;

/* Three logs of forty events, signed in two checkpoints. */
static struct cx *make(void *world)
{
    struct cx *cx = world_cx(world);
    bool is_made = false;

    sign_key_make(&key);
    public = sign_key_public(&key);
    for (int i = 0; i < EVENTS; i++) {
        for (int64_t log = 0; log < LOGS; log++) {
            struct event_body body;
            event_body_init(&body, cx->arena);
            event_body_int(&body, i);
            assert_int_equal(
                event_add(cx, (struct unit_id){log * 10}, STR("test.act"), &body, NULL, NULL),
                RC_OK);
        }
        if (i == EVENTS / 2 || i == EVENTS - 1) {
            assert_int_equal(checkpoint_sign(cx, &key, &is_made), RC_OK);
            assert_true(is_made);
        }
    }
    return cx;
}

static void expect(const struct cx *cx, enum rc rc, int64_t log, int64_t seq, enum msg_id why)
{
    assert_int_equal(rc, RC_BROKEN);
    assert_int_equal(cx->err->msg, MSG_AUDIT_WRONG);
    assert_int_equal(cx->err->args[0].number, log);
    assert_int_equal(cx->err->args[1].number, seq);
    assert_int_equal(cx->err->args[2].number, why);
}

static void finds_a_whole_trace_whole(void **state)
{
    struct cx *cx = make(*state);
    struct replay_count logs = {0};
    struct replay_count checkpoints = {0};
    bool is_made = true;

    assert_int_equal(replay_logs(cx, &logs), RC_OK);
    assert_int_equal(logs.rows, LOGS * EVENTS);
    assert_int_equal(replay_checkpoints(cx, &public, &checkpoints), RC_OK);
    assert_int_equal(checkpoints.rows, 2);
    assert_int_equal(checkpoint_sign(cx, &key, &is_made), RC_OK);
    assert_false(is_made);
}

static void names_the_event_that_was_changed(void **state)
{
    struct cx *cx = make(*state);
    struct replay_count count = {0};

    world_script(*state, "DROP TRIGGER event_is_kept;"
                         "UPDATE event SET actor = 'x' WHERE log_id = 10 AND seq = 17");
    expect(cx, replay_logs(cx, &count), 10, 17, MSG_AUDIT_EVENT_CHANGED);
}

static void names_the_event_that_was_cut_out(void **state)
{
    struct cx *cx = make(*state);
    struct replay_count count = {0};

    world_script(*state,
                 "DROP TRIGGER event_stays; DELETE FROM event WHERE log_id = 20 AND seq = 9");
    expect(cx, replay_logs(cx, &count), 20, 9, MSG_AUDIT_EVENT_LOST);
}

static void names_the_end_that_was_cut_off(void **state)
{
    struct cx *cx = make(*state);
    struct replay_count count = {0};

    world_script(*state,
                 "DROP TRIGGER event_stays; DELETE FROM event WHERE log_id = 0 AND seq > 30");
    expect(cx, replay_logs(cx, &count), 0, 31, MSG_AUDIT_EVENT_LOST);
}

/* Who can change an event can change its digest, too: the tree remembers. */
static void finds_an_event_whose_digest_was_changed_with_it(void **state)
{
    struct cx *cx = make(*state);
    struct replay_count count = {0};
    struct event event = {.ref = {{10}, 40},
                          .at_ms = cx->now_ms,
                          .actor = STR("local:tester"),
                          .kind = STR("test.act"),
                          .body = STR("another")};
    struct hash digest = hash_of(event_leaf(cx->arena, &event));
    struct buf script;
    str text = {0};

    buf_init(&script, cx->arena, 4096);
    buf_put(&script, STR("DROP TRIGGER event_is_kept; UPDATE event SET body = X'616e6f74686572', "
                         "digest = X'"));
    buf_put(&script, hash_hex(digest, cx->arena));
    buf_put(&script, STR("' WHERE log_id = 10 AND seq = 40"));
    buf_char(&script, '\0');
    assert_true(buf_done(&script, &text));
    world_script(*state, text.at);
    expect(cx, replay_logs(cx, &count), 10, 40, MSG_AUDIT_ROOT_DIFFERS);
}

static void finds_what_was_signed_with_another_key(void **state)
{
    struct cx *cx = make(*state);
    struct replay_count count = {0};
    struct sign_key other;

    sign_key_make(&other);
    struct sign_public other_public = sign_key_public(&other);
    expect(cx, replay_checkpoints(cx, &other_public, &count), 0, 0, MSG_AUDIT_SIGNATURE_WRONG);
}

static void finds_events_that_nobody_signed(void **state)
{
    struct cx *cx = make(*state);
    struct replay_count count = {0};
    struct event_body body;

    event_body_init(&body, cx->arena);
    assert_int_equal(event_add(cx, (struct unit_id){10}, STR("test.act"), &body, NULL, NULL),
                     RC_OK);
    expect(cx, replay_checkpoints(cx, &public, &count), 10, EVENTS + 1, MSG_AUDIT_UNSIGNED);
}

static void finds_a_checkpoint_that_was_taken_away(void **state)
{
    struct cx *cx = make(*state);
    struct replay_count count = {0};

    world_script(*state, "PRAGMA foreign_keys = OFF; DROP TRIGGER checkpoint_stays;"
                         "DELETE FROM checkpoint WHERE number = 2");
    expect(cx, replay_checkpoints(cx, &public, &count), 0, 0, MSG_AUDIT_CHECKPOINT_LOST);
}

static void knows_its_own_notes_and_no_others(void **state)
{
    struct cx *cx = make(*state);
    struct note note = {0};
    struct note later = {0};
    str text = {0};

    assert_int_equal(checkpoint_get(cx, 1, &text, &note), RC_OK);
    assert_int_equal(replay_note(cx, text), RC_OK);
    later = note;
    later.number = 9;
    expect(cx, replay_note(cx, note_sign(&later, &key, cx->arena)), 0, 0, MSG_AUDIT_ROLLED_BACK);
    err_clear(cx->err);
    later = note;
    later.root.bytes[3] ^= 1;
    expect(cx, replay_note(cx, note_sign(&later, &key, cx->arena)), 0, 0, MSG_AUDIT_FORKED);
    err_clear(cx->err);
    assert_int_equal(replay_note(cx, STR("no note\n\n")), RC_INVALID);
}

/* Any byte of a note changed: it cannot be read, or is not signed. */
static void refuses_a_note_with_any_byte_changed(void **state)
{
    struct cx *cx = make(*state);
    struct note note = {0};
    str text = {0};

    assert_int_equal(checkpoint_get(cx, 2, &text, &note), RC_OK);
    assert_true(note_is_signed(&note, &public, cx->arena));
    for (size_t i = 0; i < text.len; i++) {
        str copy = arena_str(cx->arena, text);
        char *bytes = arena_take(cx->arena, copy.len);
        struct note forged = {0};
        memcpy(bytes, copy.at, copy.len);
        bytes[i] = (char)(bytes[i] ^ 2);
        bool is_read = note_read((str){bytes, copy.len}, cx->arena, &forged);
        assert_false(is_read && note_is_signed(&forged, &public, cx->arena));
    }
}

static void proves_every_event_from_what_is_kept(void **state)
{
    struct cx *cx = make(*state);
    struct tree_reading reading = {cx, {10}};
    const struct merkle_source source = tree_source(&reading);
    struct log_heads heads = {0};
    struct log_heads before = {0};
    struct merkle_proof proof;

    assert_int_equal(checkpoint_heads(cx, 2, &heads), RC_OK);
    assert_int_equal(checkpoint_heads(cx, 1, &before), RC_OK);
    assert_int_equal(heads.count, LOGS);
    assert_int_equal(before.heads[1].at.size, EVENTS / 2 + 1);
    assert_int_equal(merkle_prove_consistency(&source, before.heads[1].at.size, EVENTS, &proof),
                     RC_OK);
    assert_true(
        merkle_verify_consistency(&before.heads[1].at, &heads.heads[1].at, &proof, MERKLE_SHA256));
    assert_int_equal(merkle_prove_inclusion(&source, 12, EVENTS, &proof), RC_OK);
}

static void cosigns_so_that_it_can_be_checked(void **state)
{
    struct cx *cx = make(*state);
    struct sign_key witness;
    struct note note = {0};
    struct note cosigned = {0};
    int64_t at_ms = 0;
    str text = {0};

    sign_key_make(&witness);
    struct sign_public witness_public = sign_key_public(&witness);
    str name = note_witness(&witness_public, cx->arena);
    assert_int_equal(checkpoint_get(cx, 2, &text, &note), RC_OK);
    str with = note_cosign(&note, name, &witness, cx->now_ms, cx->arena);
    assert_true(note_read(with, cx->arena, &cosigned));
    assert_true(note_is_signed(&cosigned, &public, cx->arena));
    assert_true(note_is_cosigned(&cosigned, name, &witness_public, cx->arena, &at_ms));
    assert_int_equal(at_ms, cx->now_ms);
    assert_false(note_is_cosigned(&note, name, &witness_public, cx->arena, &at_ms));
    assert_false(note_is_cosigned(&cosigned, name, &public, cx->arena, &at_ms));
}

static void tables_that_nothing_was_written_to_are_well(void **state)
{
    struct cx *cx = world_cx(*state);
    const struct replay_table *table = NULL;
    int count = 0;

    for (; (table = replay_table_at(count)) != NULL; count++) {
        struct replay_count rows = {0};
        assert_int_equal(table->check(cx, table, &rows), RC_OK);
        assert_int_equal(rows.rows, 0);
    }
    assert_true(count > 15);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_WORLD(finds_a_whole_trace_whole),
        IN_A_WORLD(names_the_event_that_was_changed),
        IN_A_WORLD(names_the_event_that_was_cut_out),
        IN_A_WORLD(names_the_end_that_was_cut_off),
        IN_A_WORLD(finds_an_event_whose_digest_was_changed_with_it),
        IN_A_WORLD(finds_what_was_signed_with_another_key),
        IN_A_WORLD(finds_events_that_nobody_signed),
        IN_A_WORLD(finds_a_checkpoint_that_was_taken_away),
        IN_A_WORLD(knows_its_own_notes_and_no_others),
        IN_A_WORLD(refuses_a_note_with_any_byte_changed),
        IN_A_WORLD(proves_every_event_from_what_is_kept),
        IN_A_WORLD(cosigns_so_that_it_can_be_checked),
        IN_A_WORLD(tables_that_nothing_was_written_to_are_well),
    };

    return cmocka_run_group_tests_name("replay", tests, NULL, NULL);
}
