/* Long work asked for from afar: whose it is, in which order, how it ends, what a restart does. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "office/account/test_person.h"
#include "office/job/job.h"
#include "office/test_world.h"

static enum rc try_ask(struct cx *cx, int64_t person, int64_t *out)
{
    struct job job = {
        .person = person,
        .session = 7,
        .fresh_ms = cx->now_ms - 5,
        .work = STR("POST /somewhere"),
        .asked = STR("{\"years\":2025}"),
        .has_body = true,
        .body = hash_of(STR("body")),
    };
    enum rc rc = job_add(cx, &job);

    *out = job.id;
    return rc;
}

static int64_t ask(struct cx *cx, int64_t person)
{
    int64_t id = 0;

    assert_int_equal(try_ask(cx, person, &id), RC_OK);
    return id;
}

static struct job look(struct cx *cx, int64_t person, int64_t id)
{
    struct job job = {0};

    assert_int_equal(job_load(cx, person, id, &job), RC_OK);
    return job;
}

static void begin(struct cx *cx, int64_t id)
{
    struct job job = {0};

    assert_int_equal(job_begin(cx, id, &job), RC_OK);
    assert_int_equal(job.state, JOB_RUNNING);
}

static const struct job_answer ANSWER = {
    .status = 200,
    .media = STR_INIT("application/json"),
    .file_name = STR_INIT("a.json"),
};

static void keeps_what_was_asked_until_it_ends(void **state)
{
    struct cx *cx = world_cx(*state);
    int64_t person = test_begun(cx, "li.min").id;
    int64_t id = ask(cx, person);
    struct job job = look(cx, person, id);

    assert_int_equal(job.state, JOB_WAITING);
    assert_false(job_has_ended(&job) || job.has_answer);
    assert_true(str_equal(job.work, STR("POST /somewhere")));
    assert_true(str_equal(job.asked, STR("{\"years\":2025}")));
    assert_true(job.has_body && job.session == 7 && job.fresh_ms == cx->now_ms - 5);
    begin(cx, id);
    struct job_answer answer = ANSWER;
    answer.bytes = hash_of(STR("answer"));
    assert_int_equal(job_end(cx, id, JOB_DONE, &answer), RC_OK);
    job = look(cx, person, id);
    assert_true(job.state == JOB_DONE && job_has_ended(&job) && job.has_answer);
    assert_int_equal(job.answer.status, 200);
    assert_true(str_equal(job.answer.file_name, STR("a.json")));
    assert_memory_equal(job.answer.bytes.bytes, answer.bytes.bytes, HASH_BYTES);
}

static enum rc count(void *self, const struct job *job)
{
    (void)job;
    *(int *)self += 1;
    return RC_OK;
}

static void shows_nobody_what_others_asked(void **state)
{
    struct cx *cx = world_cx(*state);
    int64_t mine = test_begun(cx, "li.min").id;
    int64_t other = test_begun(cx, "wu.jun").id;
    int64_t id = ask(cx, mine);
    struct job job = {0};
    int seen = 0;

    assert_int_equal(job_load(cx, other, id, &job), RC_MISSING);
    assert_int_equal(cx->err->msg, MSG_JOB_UNKNOWN);
    err_clear(cx->err);
    assert_int_equal(job_load(cx, mine, id + 1, &job), RC_MISSING);
    assert_int_equal(cx->err->msg, MSG_JOB_UNKNOWN);
    err_clear(cx->err);
    assert_int_equal(job_each(cx, other, count, &seen), RC_OK);
    assert_int_equal(seen, 0);
    assert_int_equal(job_each(cx, mine, count, &seen), RC_OK);
    assert_int_equal(seen, 1);
    assert_int_equal(job_cancel(cx, other, id), RC_CONFLICT);
    assert_int_equal(look(cx, mine, id).state, JOB_WAITING);
}

static void lets_one_person_wait_for_a_few_only(void **state)
{
    struct cx *cx = world_cx(*state);
    int64_t mine = test_begun(cx, "li.min").id;
    int64_t first = 0;
    int64_t id = 0;

    for (int i = 0; i < JOBS_OF_ONE_MAX; i++) {
        id = ask(cx, mine);
        first = i == 0 ? id : first;
    }
    assert_int_equal(try_ask(cx, mine, &id), RC_BUSY);
    assert_int_equal(cx->err->msg, MSG_JOB_OF_ONE);
    err_clear(cx->err);
    (void)ask(cx, test_begun(cx, "wu.jun").id);
    begin(cx, first);
    (void)ask(cx, mine);
}

static void lets_so_many_wait_and_no_more(void **state)
{
    struct cx *cx = world_cx(*state);
    char login[] = "person.a";
    int64_t id = 0;

    for (int i = 0; i < JOBS_WAITING_MAX; i++) {
        login[sizeof(login) - 2] = (char)('a' + i / JOBS_OF_ONE_MAX);
        struct person person = {0};
        if (i % JOBS_OF_ONE_MAX == 0) {
            (void)test_person(cx, login, PERSON_OFFICIAL);
        }
        assert_int_equal(person_find(cx, str_from(login), &person), RC_OK);
        (void)ask(cx, person.id);
    }
    assert_int_equal(try_ask(cx, test_begun(cx, "wu.jun").id, &id), RC_BUSY);
    assert_int_equal(cx->err->msg, MSG_JOB_MANY);
}

static void cancels_only_what_waits(void **state)
{
    struct cx *cx = world_cx(*state);
    int64_t person = test_begun(cx, "li.min").id;
    int64_t id = ask(cx, person);
    struct job job = {0};

    assert_int_equal(job_cancel(cx, person, id), RC_OK);
    assert_int_equal(look(cx, person, id).state, JOB_CANCELLED);
    assert_int_equal(job_begin(cx, id, &job), RC_CONFLICT);
    err_clear(cx->err);
    id = ask(cx, person);
    begin(cx, id);
    assert_int_equal(job_cancel(cx, person, id), RC_CONFLICT);
    assert_int_equal(look(cx, person, id).state, JOB_RUNNING);
}

static void ends_once(void **state)
{
    struct cx *cx = world_cx(*state);
    int64_t person = test_begun(cx, "li.min").id;
    int64_t id = ask(cx, person);

    assert_int_equal(job_end(cx, id, JOB_DONE, &ANSWER), RC_CONFLICT);
    err_clear(cx->err);
    begin(cx, id);
    assert_int_equal(job_end(cx, id, JOB_FAILED, &ANSWER), RC_OK);
    assert_int_equal(job_end(cx, id, JOB_DONE, &ANSWER), RC_CONFLICT);
    assert_int_equal(look(cx, person, id).state, JOB_FAILED);
}

static void begins_again_after_the_first_death_and_is_lost_after_the_second(void **state)
{
    struct cx *cx = world_cx(*state);
    int64_t person = test_begun(cx, "li.min").id;
    int64_t id = ask(cx, person);
    int64_t waits = ask(cx, person);

    begin(cx, id);
    assert_int_equal(job_recover(cx), RC_OK);
    assert_int_equal(look(cx, person, id).state, JOB_WAITING);
    begin(cx, id);
    assert_int_equal(job_recover(cx), RC_OK);
    assert_int_equal(look(cx, person, id).state, JOB_LOST);
    assert_true(look(cx, person, id).ended_ms > 0);
    assert_int_equal(look(cx, person, waits).state, JOB_WAITING);
}

static void does_not_count_a_begin_that_was_put_back(void **state)
{
    struct cx *cx = world_cx(*state);
    int64_t person = test_begun(cx, "li.min").id;
    int64_t id = ask(cx, person);

    for (int i = 0; i < 2 * JOB_BEGUN_MAX; i++) {
        begin(cx, id);
        assert_int_equal(job_put_back(cx, id), RC_OK);
    }
    begin(cx, id);
    assert_int_equal(job_recover(cx), RC_OK);
    assert_int_equal(look(cx, person, id).state, JOB_WAITING);
}

struct order {
    int64_t last;
    int count;
};

static enum rc note_order(void *self, int64_t id, int64_t person)
{
    struct order *order = self;

    assert_true(id > order->last && person > 0);
    order->last = id;
    order->count++;
    return RC_OK;
}

static void waits_in_the_order_it_was_asked(void **state)
{
    struct cx *cx = world_cx(*state);
    int64_t person = test_begun(cx, "li.min").id;
    struct order order = {0};
    int64_t first = ask(cx, person);

    (void)ask(cx, person);
    (void)ask(cx, person);
    begin(cx, first);
    assert_int_equal(job_each_waiting(cx, note_order, &order), RC_OK);
    assert_int_equal(order.count, 2);
}

static void goes_a_while_after_its_end_and_not_before(void **state)
{
    struct cx *cx = world_cx(*state);
    int64_t person = test_begun(cx, "li.min").id;
    int64_t ended = ask(cx, person);
    int64_t waits = ask(cx, person);
    struct job job = {0};

    begin(cx, ended);
    assert_int_equal(job_end(cx, ended, JOB_DONE, &ANSWER), RC_OK);
    cx->now_ms += (int64_t)JOB_DAYS * 86400000;
    (void)ask(cx, person);
    assert_int_equal(look(cx, person, ended).state, JOB_DONE);
    cx->now_ms += 1;
    (void)ask(cx, person);
    assert_int_equal(job_load(cx, person, ended, &job), RC_MISSING);
    err_clear(cx->err);
    assert_int_equal(look(cx, person, waits).state, JOB_WAITING);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_WORLD(keeps_what_was_asked_until_it_ends),
        IN_A_WORLD(shows_nobody_what_others_asked),
        IN_A_WORLD(lets_one_person_wait_for_a_few_only),
        IN_A_WORLD(lets_so_many_wait_and_no_more),
        IN_A_WORLD(cancels_only_what_waits),
        IN_A_WORLD(ends_once),
        IN_A_WORLD(begins_again_after_the_first_death_and_is_lost_after_the_second),
        IN_A_WORLD(does_not_count_a_begin_that_was_put_back),
        IN_A_WORLD(waits_in_the_order_it_was_asked),
        IN_A_WORLD(goes_a_while_after_its_end_and_not_before),
    };

    return cmocka_run_group_tests_name("job", tests, NULL, NULL);
}
