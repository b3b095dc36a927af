/* Group commit. */
#include "web/writer.h"

#include <pthread.h>
#include <time.h>

#include "act/trace.h"
#include "web/call.h"
#include "web/log.h"
#include "web/server_in.h"

struct writer {
    struct home *home;
    struct log *log;
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t has_work;
    pthread_cond_t turned; /* somebody's turn changed */
    struct call *first;    /* waiting, in the order they came */
    struct call *last;
    bool is_stopping;
};

/* Under the lock: until there is work, or none was for HOME_RENEW_MS. */
static bool wait_for_work(struct writer *writer)
{
    struct timespec until = {0};
    int woken = 0;

    MUST(clock_gettime(CLOCK_MONOTONIC, &until) == 0);
    until.tv_sec += HOME_RENEW_MS / 1000;
    while (writer->first == NULL && !writer->is_stopping && woken == 0) {
        woken = pthread_cond_timedwait(&writer->has_work, &writer->mutex, &until);
    }
    return writer->first != NULL || writer->is_stopping;
}

/* Whoever was followed by another writes no more: every write is refused from then on, and the log
 * says why. */
static void renew(struct writer *writer)
{
    struct err err = {0};

    if (home_renew(writer->home, &err) != RC_OK) {
        log_event(writer->log, LOG_ERROR, STR("database"), msg_key(err.msg));
    }
}

static struct call *take_group(struct writer *writer)
{
    struct call *group = NULL;
    int count = 0;

    MUST(pthread_mutex_lock(&writer->mutex) == 0);
    while (!wait_for_work(writer)) {
        MUST(pthread_mutex_unlock(&writer->mutex) == 0);
        renew(writer);
        MUST(pthread_mutex_lock(&writer->mutex) == 0);
    }
    group = writer->first;
    struct call *end = group;
    while (end != NULL && ++count < WRITER_GROUP_MAX && end->next != NULL) {
        end = end->next;
    }
    if (end != NULL) {
        writer->first = end->next;
        end->next = NULL;
    }
    MUST(pthread_mutex_unlock(&writer->mutex) == 0);
    return group;
}

static void set_turn(struct writer *writer, struct call *call, enum turn turn)
{
    MUST(pthread_mutex_lock(&writer->mutex) == 0);
    call->turn = turn;
    MUST(pthread_cond_broadcast(&writer->turned) == 0);
    MUST(pthread_mutex_unlock(&writer->mutex) == 0);
}

/* Until its turn is this one, or later. */
static void wait_turn(struct writer *writer, const struct call *call, enum turn turn)
{
    MUST(pthread_mutex_lock(&writer->mutex) == 0);
    while (call->turn < turn) {
        MUST(pthread_cond_wait(&writer->turned, &writer->mutex) == 0);
    }
    MUST(pthread_mutex_unlock(&writer->mutex) == 0);
}

/* On the writer's thread: the call's own thread runs it now. */
static enum rc give_turn(struct writer *writer, struct call *call)
{
    set_turn(writer, call, TURN_GIVEN);
    wait_turn(writer, call, TURN_BACK);
    return call->rc;
}

/* An act of the group: done as a whole, or not at all. */
static void do_act(struct writer *writer, struct call *call)
{
    struct cx *cx = &call->act.cx;
    bool is_export = call->turn == TURN_NONE && call->instead == NULL &&
                     export_is_due(call); /* was read already */

    cx->db = home_db(writer->home);
    call->act.home = writer->home;
    call->rc = office_enter(cx, DB_WRITE);
    if (call->rc != RC_OK) {
        return;
    }
    call->phase = PHASE_WRITING;
    if (is_export) {
        call->rc = export_write(call);
    } else {
        call->rc = call->turn == TURN_NONE ? call_run(call) : give_turn(writer, call);
    }
    if (call->rc == RC_OK && call->act.is_trial) {
        office_undo(cx);
    } else {
        call->rc = office_leave(cx, call->rc);
    }
}

/* Sign once for all that the group wrote. */
static enum rc sign_group(struct call *group, struct err *err)
{
    for (struct call *call = group; call != NULL; call = call->next) {
        if (call->rc == RC_OK && !call->act.is_trial) {
            enum rc rc = trace_sign(&call->act);
            err_copy(err, &call->act.err);
            return rc;
        }
    }
    return RC_OK;
}

/* The acts in turn; what one of them cannot be done beside, none can. */
static enum rc do_acts(struct writer *writer, struct call *group, struct err *err)
{
    for (struct call *call = group; call != NULL; call = call->next) {
        do_act(writer, call);
        if (call->rc != RC_OK && db_is_crossed(&call->act.err)) {
            return err_set(err, call->rc, call->act.err.msg);
        }
    }
    return RC_OK;
}

/* All of the group in one transaction: begun and ended here, whatever fails on the way. */
static enum rc commit_whole(struct writer *writer, struct call *group, struct err *err)
{
    struct db *db = home_db(writer->home);

    TRY(db_begin(db, DB_WRITE, err));
    enum rc rc = do_acts(writer, group, err);
    rc = rc == RC_OK ? sign_group(group, err) : rc;
    rc = rc == RC_OK ? db_commit(db, err) : rc;
    if (rc != RC_OK) {
        db_rollback(db);
    }
    return rc;
}

/* What loops remember is over, and be it for nothing, before anybody is answered. */
static enum rc commit_group(struct writer *writer, struct call *group, struct err *err)
{
    enum rc rc = commit_whole(writer, group, err);

    if (group != NULL) {
        (void)atomic_fetch_add(&group->server->version, 1);
    }
    return rc;
}

static void end_call(struct writer *writer, struct call *call, enum rc rc, const struct err *err)
{
    if (rc != RC_OK && call->rc == RC_OK) {
        err_copy(&call->act.err, err);
        call->rc = rc;
    }
    if (call->turn == TURN_NONE) {
        call_answer(call);
    } else {
        set_turn(writer, call, TURN_OVER);
    }
}

/* Those of a group that crossed another transaction that can be done again here; the others begin
 * anew where they came from. */
static struct call *repeat_group(struct writer *writer, struct call *group, const struct err *err)
{
    struct call *first = NULL;
    struct call **last = &first;

    while (group != NULL) {
        struct call *call = group;
        group = call->next;
        call->next = NULL;
        if (call_may_repeat(call)) {
            call_restart(call);
            *last = call;
            last = &call->next;
        } else {
            call->is_stale = true;
            end_call(writer, call, err->rc, err);
        }
    }
    return first;
}

/* What fails for the group fails for all who hoped for it; where it crossed somebody else's
 * transaction, it is done again. */
static void do_group(struct writer *writer, struct call *group)
{
    struct err err = {0};

    for (struct call *call = group; call != NULL; call = call->next) {
        call_mark(call);
    }
    enum rc rc = commit_group(writer, group, &err);
    for (int tried = 1; rc != RC_OK && db_try_again(&err, tried); tried++) {
        group = repeat_group(writer, group, &err);
        err_clear(&err);
        rc = commit_group(writer, group, &err);
    }
    while (group != NULL) {
        struct call *call = group;
        group = call->next;
        end_call(writer, call, rc, &err);
    }
}

static void *work(void *self)
{
    struct writer *writer = self;
    struct call *group = NULL;

    while ((group = take_group(writer)) != NULL) {
        do_group(writer, group);
    }
    return NULL;
}

enum rc writer_start(struct home *home, struct log *log, struct arena *arena, struct writer **out,
                     struct err *err)
{
    struct writer *writer = ARENA_NEW(arena, struct writer, 1);
    pthread_condattr_t steady;

    writer->home = home;
    writer->log = log;
    MUST(pthread_condattr_init(&steady) == 0);
    MUST(pthread_condattr_setclock(&steady, CLOCK_MONOTONIC) == 0);
    MUST(pthread_mutex_init(&writer->mutex, NULL) == 0);
    MUST(pthread_cond_init(&writer->has_work, &steady) == 0);
    MUST(pthread_condattr_destroy(&steady) == 0);
    MUST(pthread_cond_init(&writer->turned, NULL) == 0);
    if (pthread_create(&writer->thread, NULL, work, writer) != 0) {
        return err_set(err, RC_BROKEN, MSG_WEB_THREAD);
    }
    *out = writer;
    return RC_OK;
}

void writer_put(struct writer *writer, struct call *call)
{
    call->next = NULL;
    MUST(pthread_mutex_lock(&writer->mutex) == 0);
    if (writer->first == NULL) {
        writer->first = call;
    } else {
        writer->last->next = call;
    }
    writer->last = call;
    MUST(pthread_cond_signal(&writer->has_work) == 0);
    MUST(pthread_mutex_unlock(&writer->mutex) == 0);
}

enum rc writer_enter(struct writer *writer, struct call *call)
{
    call->turn = TURN_WAITS;
    call->rc = RC_OK;
    writer_put(writer, call);
    wait_turn(writer, call, TURN_GIVEN);
    return call->phase == PHASE_WRITING ? RC_OK : call->rc;
}

void writer_leave(struct writer *writer, struct call *call)
{
    set_turn(writer, call, TURN_BACK);
    wait_turn(writer, call, TURN_OVER);
}

void writer_stop(struct writer *writer)
{
    if (writer == NULL) {
        return;
    }
    MUST(pthread_mutex_lock(&writer->mutex) == 0);
    writer->is_stopping = true;
    MUST(pthread_cond_signal(&writer->has_work) == 0);
    MUST(pthread_mutex_unlock(&writer->mutex) == 0);
    MUST(pthread_join(writer->thread, NULL) == 0);
    MUST(pthread_cond_destroy(&writer->turned) == 0);
    MUST(pthread_cond_destroy(&writer->has_work) == 0);
    MUST(pthread_mutex_destroy(&writer->mutex) == 0);
}
