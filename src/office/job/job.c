/* Long work asked for from afar. */
#include "office/job/job.h"

#include "office/job/job_sql.h"

enum { JOB_COLUMNS = 17 };
static const int64_t DAY_MS = 86400000;

const str JOB_STATES[] = {
    [JOB_WAITING] = STR_INIT("waiting"),     [JOB_RUNNING] = STR_INIT("running"),
    [JOB_DONE] = STR_INIT("done"),           [JOB_FAILED] = STR_INIT("failed"),
    [JOB_CANCELLED] = STR_INIT("cancelled"), [JOB_LOST] = STR_INIT("lost"),
};

static enum job_state state_of(str text)
{
    int state = JOB_LOST;

    while (state > JOB_WAITING && !str_equal(JOB_STATES[state], text)) {
        state--;
    }
    return (enum job_state)state;
}

static bool take_hash(const struct val *value, struct hash *out)
{
    bool is_hash = value->kind == VAL_BLOB && value->text.len == HASH_BYTES;

    if (is_hash) {
        memcpy(out->bytes, value->text.at, HASH_BYTES);
    }
    return is_hash;
}

static struct job unpack(const struct val *row)
{
    struct job job = {
        .id = row[0].number,
        .person = row[1].number,
        .session = row[2].number,
        .is_token = row[3].number != 0,
        .fresh_ms = row[4].number,
        .work = row[5].text,
        .asked = row[6].text,
        .state = state_of(row[8].text),
        .tries = (int)row[9].number,
        .asked_ms = row[10].number,
        .begun_ms = row[11].number,
        .ended_ms = row[12].number,
        .answer = {.status = (int)row[13].number, .media = row[14].text, .file_name = row[15].text},
    };

    job.has_body = take_hash(&row[7], &job.body);
    job.has_answer = take_hash(&row[16], &job.answer.bytes);
    return job;
}

bool job_has_ended(const struct job *job)
{
    return job->state != JOB_WAITING && job->state != JOB_RUNNING;
}

static enum rc check_room(const struct cx *cx, int64_t person)
{
    const struct val in[] = {v_int(person)};
    struct val row[2] = {{0}};

    TRY(db_one(cx->db, &JOB_WAITING_COUNT, in, row, cx->arena, cx->err));
    if (row[0].number >= JOBS_WAITING_MAX) {
        return err_set(cx->err, RC_BUSY, MSG_JOB_MANY, arg_count(row[0].number));
    }
    return row[1].number < JOBS_OF_ONE_MAX
               ? RC_OK
               : err_set(cx->err, RC_BUSY, MSG_JOB_OF_ONE, arg_count(row[1].number));
}

enum rc job_add(const struct cx *cx, struct job *job)
{
    const struct val old[] = {v_int(cx->now_ms - JOB_DAYS * DAY_MS)};

    TRY(db_change(cx->db, &JOB_DROP_OLD, old, cx->err));
    TRY(check_room(cx, job->person));
    job->id = db_new_id(cx->db, cx->now_ms);
    job->state = JOB_WAITING;
    job->asked_ms = cx->now_ms;
    const struct val in[] = {
        v_int(job->id),       v_int(job->person),
        v_int(job->session),  v_int(job->is_token ? 1 : 0),
        v_int(job->fresh_ms), v_text(job->work),
        v_text(job->asked),   job->has_body ? v_blob(hash_bytes(&job->body)) : v_null(),
        v_int(job->asked_ms),
    };
    return db_change_one(cx->db, &JOB_INSERT, in, cx->err);
}

static enum rc load(const struct cx *cx, int64_t id, struct job *out)
{
    const struct val in[] = {v_int(id)};
    struct val row[JOB_COLUMNS] = {{0}};

    TRY(db_one(cx->db, &JOB_GET, in, row, cx->arena, cx->err));
    *out = unpack(row);
    return RC_OK;
}

enum rc job_load(const struct cx *cx, int64_t person, int64_t id, struct job *out)
{
    enum rc rc = load(cx, id, out);

    if (rc == RC_MISSING || (rc == RC_OK && out->person != person)) {
        return err_set(cx->err, RC_MISSING, MSG_JOB_UNKNOWN, arg_number(id));
    }
    return rc;
}

struct listing {
    job_take take;
    void *self;
};

static enum rc list_one(void *self, const struct val *row)
{
    const struct listing *listing = self;
    struct job job = unpack(row);

    return listing->take(listing->self, &job);
}

enum rc job_each(const struct cx *cx, int64_t person, job_take take, void *self)
{
    struct listing listing = {take, self};
    const struct val in[] = {v_int(person), v_int(JOBS_LISTED_MAX)};

    return db_each(cx->db, &JOB_OF_PERSON, in, list_one, &listing, cx->err);
}

enum rc job_begin(const struct cx *cx, int64_t id, struct job *out)
{
    const struct val in[] = {v_int(id), v_int(cx->now_ms)};
    enum rc rc = db_change_one(cx->db, &JOB_START, in, cx->err);

    if (rc == RC_CONFLICT) {
        return err_set(cx->err, rc, MSG_JOB_ENDED, arg_number(id));
    }
    TRY(rc);
    return load(cx, id, out);
}

enum rc job_end(const struct cx *cx, int64_t id, enum job_state state,
                const struct job_answer *answer)
{
    static const struct job_answer NONE_KEPT = {0};
    const struct job_answer *what = answer == NULL ? &NONE_KEPT : answer;
    const struct val in[] = {
        v_int(id),
        v_text(JOB_STATES[state]),
        v_int(cx->now_ms),
        v_int(what->status),
        v_text(what->media),
        v_text(what->file_name),
        answer == NULL ? v_null() : v_blob(hash_bytes(&answer->bytes)),
    };
    enum rc rc = db_change_one(cx->db, &JOB_FINISH, in, cx->err);

    return rc == RC_CONFLICT ? err_set(cx->err, rc, MSG_JOB_ENDED, arg_number(id)) : rc;
}

enum rc job_put_back(const struct cx *cx, int64_t id)
{
    const struct val in[] = {v_int(id)};

    return db_change(cx->db, &JOB_RETURN, in, cx->err);
}

enum rc job_cancel(const struct cx *cx, int64_t person, int64_t id)
{
    const struct val in[] = {v_int(id), v_int(person), v_int(cx->now_ms)};

    return db_change_one(cx->db, &JOB_UNASK, in, cx->err);
}

enum rc job_recover(const struct cx *cx)
{
    const struct val in[] = {v_int(JOB_BEGUN_MAX), v_int(cx->now_ms)};

    TRY(db_change(cx->db, &JOB_LOSE, in, cx->err));
    return db_change(cx->db, &JOB_WAIT_AGAIN, NULL, cx->err);
}

struct counting {
    job_take_waiting take;
    void *self;
};

static enum rc take_waiting(void *self, const struct val *row)
{
    const struct counting *in = self;

    return in->take(in->self, row[0].number, row[1].number);
}

enum rc job_each_waiting(const struct cx *cx, job_take_waiting take, void *self)
{
    struct counting counting = {take, self};

    return db_each(cx->db, &JOB_ALL_WAITING, NULL, take_waiting, &counting, cx->err);
}
