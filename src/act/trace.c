/* Signing what acts wrote. */
#include "act/trace.h"

#include "base/base64.h"
#include "office/audit/checkpoint.h"
#include "store/secret.h"

static const str KEY_HEAD = STR_INIT(SIGN_ALGORITHM " ");

static str key_path(struct act *act)
{
    return home_path(act->home, STR("trace.key"), &act->arena);
}

static enum rc make_key(struct act *act, str path, struct sign_key *out)
{
    struct buf buf;
    str text = {0};

    sign_key_make(out);
    buf_init(&buf, &act->arena, SECRET_BYTES_MAX);
    buf_put(&buf, KEY_HEAD);
    base64_put(&buf, (str){(const char *)out->seed, SIGN_SEED_BYTES});
    buf_char(&buf, '\n');
    MUST(buf_done(&buf, &text));
    return secret_keep(path, text, &act->err);
}

enum rc trace_key(struct act *act, str path, bool may_make, struct sign_key *out)
{
    str text = {0};
    str seed = {0};
    enum rc rc = secret_read(path, &act->arena, &text, &act->err);

    if (rc == RC_MISSING) {
        return may_make ? make_key(act, path, out) : RC_MISSING;
    }
    TRY(rc);
    if (!str_starts(text, KEY_HEAD) || !str_ends(text, STR("\n")) ||
        !base64_read(str_part(text, KEY_HEAD.len, text.len - KEY_HEAD.len - 1), &act->arena,
                     &seed) ||
        seed.len != SIGN_SEED_BYTES) {
        return err_set(&act->err, RC_BROKEN, MSG_ACT_TRACE_KEY, arg_text(path));
    }
    memcpy(out->seed, seed.at, SIGN_SEED_BYTES);
    return RC_OK;
}

enum rc trace_sign(struct act *act)
{
    struct sign_key key;
    bool is_made = false;
    enum rc rc = trace_key(act, key_path(act), true, &key);

    if (rc == RC_OK) {
        rc = checkpoint_sign(&act->cx, &key, &is_made);
    }
    crypt_wipe(&key, sizeof(key));
    return rc;
}

enum rc trace_public(struct act *act, struct sign_public *out)
{
    struct sign_key key;
    enum rc rc = trace_key(act, key_path(act), false, &key);

    if (rc == RC_OK) {
        *out = sign_key_public(&key);
    }
    crypt_wipe(&key, sizeof(key));
    return rc;
}
