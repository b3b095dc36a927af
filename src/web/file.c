/* Files that are sent first and named afterwards. */
#include "web/file.h"

#include "act/load.h"
#include "format/json/json.h"

enum rc file_keep(struct call *call)
{
    struct act *act = &call->act;
    struct hash hash;
    struct buf name;
    str bytes = {0};
    str text = {0};

    TRY(call_body(call, &bytes));
    TRY(load_keep(act, act->operands[0], bytes, &hash));
    buf_init(&name, &act->arena, 8192);
    buf_put(&name, STR("sha256:"));
    buf_put(&name, hash_hex(hash, &act->arena));
    buf_char(&name, '/');
    buf_put(&name, act->operands[0]);
    if (!buf_done(&name, &text)) {
        return err_set(&act->err, RC_INVALID, MSG_WEB_VALUE_LONG, arg_text(STR("name")),
                       arg_count(8000));
    }
    struct json *json = call_object(call);
    json_key(json, STR("file"));
    json_text(json, text);
    return call_close_object(call);
}
