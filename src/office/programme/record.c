/* Versions of the definition. */
#include "office/programme/record.h"

#include "office/audit/audit.h"
#include "office/programme/record_sql.h"

enum rc programme_recorded(const struct cx *cx, str hash_prefix, str *out_text)
{
    struct val row[2] = {{0}};
    const struct val in[] = {v_text(hash_prefix)};
    enum rc rc = hash_prefix.len == 0 ? db_one(cx->db, &VERSION_LAST, NULL, row, cx->arena, cx->err)
                                      : db_one(cx->db, &VERSION_FIND, in, row, cx->arena, cx->err);

    if (rc == RC_MISSING) {
        return err_set(cx->err, RC_MISSING, MSG_PROGRAMME_NO_VERSION, arg_text(hash_prefix));
    }
    TRY(rc);
    *out_text = row[1].text;
    return RC_OK;
}

static enum rc is_in_force(const struct cx *cx, const struct programme *programme, bool *out)
{
    struct val row[2] = {{0}};
    enum rc rc = db_one(cx->db, &VERSION_LAST, NULL, row, cx->arena, cx->err);

    *out = rc == RC_OK && str_equal(row[0].text, hash_bytes(&programme->hash));
    return rc == RC_MISSING ? RC_OK : rc;
}

static const struct stamped VERSIONS = {STR_INIT("programme_version"), &VERSION_ROWS, NULL};

const struct replay_table PROGRAMME_TABLES[] = {
    {STR_INIT("programme_version"), replay_stamped, &VERSIONS},
    {{0}, NULL, NULL},
};

/* The first event of an office, and then stamps: whoever replays knows by them that all is told. */
static enum rc add_event(const struct cx *cx, const struct programme *programme)
{
    struct event_body body;
    struct event_ref ref = {0};

    event_body_init(&body, cx->arena);
    event_body_text(&body, programme->id);
    event_body_text(&body, programme->version);
    event_body_hash(&body, programme->hash);
    TRY(event_add(cx, LOG_OFFICE, STR("programme.apply"), &body, NULL, &ref));
    TRY(stamp_add(cx, &VERSIONS, 0, &ref));
    return stamp_add(cx, &SETTINGS_STAMPED, 0, &ref);
}

enum rc programme_record(const struct cx *cx, const struct programme *programme, bool *out_is_new)
{
    bool stands = false;
    const struct val in[] = {
        v_blob(hash_bytes(&programme->hash)),
        v_text(programme->id),
        v_text(programme->version),
        v_blob(programme->text),
        v_int(cx->now_ms),
        v_text(cx->actor),
    };

    TRY(is_in_force(cx, programme, &stands));
    *out_is_new = !stands;
    if (stands) {
        return RC_OK;
    }
    TRY(db_change_one(cx->db, &VERSION_PUT, in, cx->err));
    TRY(office_set(cx, STR("notice"), text_in(programme->notice, cx->lang)));
    return add_event(cx, programme);
}
