/* Exports. */
#include "web/export.h"

#include "format/json/json.h"
#include "office/approval/approval.h"
#include "office/audit/audit.h"
#include "web/call.h"

/* A view of data; what carries a right of its own (accounts, the trace) is not counted here. */
static bool is_view(const struct call *call)
{
    return call->route->right == RIGHT_READ && !call_is_write(call);
}

static bool is_file(const struct call *call)
{
    return is_view(call) && call->faces.face != FACE_JSON;
}

enum right export_right(const struct call *call)
{
    return is_file(call) ? RIGHT_EXPORT : call->route->right;
}

void export_begin(struct call *call)
{
    call->export.limit = is_view(call) ? call->programme->export_rows : 0;
    call->export.is_told = is_file(call) || call->route->right == RIGHT_EXPORT;
}

/* Above the limit: let out by somebody, or proposed, or refused. */
static enum rc export_more(struct call *call)
{
    struct exporting *export = &call->export;
    struct cx *cx = &call->act.cx;
    str reason = {0};

    TRY(right_check(cx, RIGHT_EXPORT, actor_unit(cx->actor), NULL));
    export->digest = hash_of(faces_request(call));
    TRY(proposal_released(cx, MATTER_EXPORT, export->digest, &export->release));
    if (export->release != 0) {
        export->is_told = true;
        export->limit = 0;
        return RC_OK;
    }
    export->is_asked = http_query(call->request, STR("reason"), &reason);
    return err_set(cx->err, RC_DENIED, MSG_WEB_EXPORT_BULK, arg_count(export->limit));
}

enum rc export_count(struct call *call)
{
    int64_t limit = call->export.limit;

    return limit == 0 || call->faces.row_count <= limit ? RC_OK : export_more(call);
}

bool export_is_due(const struct call *call)
{
    return call->rc == RC_OK ? call->export.is_told : call->export.is_asked;
}

static enum rc propose(struct call *call)
{
    struct exporting *export = &call->export;
    const struct cx *cx = &call->act.cx;
    struct proposal proposal = {
        .matter = MATTER_EXPORT,
        .unit = actor_unit(cx->actor),
        .target = cx->person,
        .topic = hash_hex(export->digest, cx->arena),
        .wanted = faces_request(call),
        .digest = export->digest,
    };

    (void)http_query(call->request, STR("reason"), &proposal.reason);
    err_clear(cx->err);
    TRY(proposal_ask(cx, &proposal, &export->proposal));
    faces_drop(call);
    call->faces = (struct faces){.spool = act_spool(&call->act)};
    struct json *json = call_object(call);
    json_key(json, STR("proposal"));
    json_id(json, export->proposal);
    return call_close_object(call);
}

static enum rc tell(struct call *call)
{
    const struct exporting *export = &call->export;
    const struct cx *cx = &call->act.cx;
    struct event_body body;

    event_body_init(&body, cx->arena);
    event_body_text(&body, faces_request(call));
    event_body_int(&body, call->faces.row_count);
    event_body_int(&body, spool_len(call->faces.spool));
    event_body_int(&body, export->release);
    return event_add(cx, actor_unit(cx->actor), STR("data.export"), &body, NULL, NULL);
}

enum rc export_write(struct call *call)
{
    struct exporting *export = &call->export;
    struct proposal proposal = {.id = export->release};

    if (export->is_asked) {
        return propose(call);
    }
    if (export->release != 0) {
        TRY(proposal_done(&call->act.cx, &proposal, export->digest));
    }
    return tell(call);
}
