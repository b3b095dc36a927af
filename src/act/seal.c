/* The key of sealed fields. */
#include "act/seal.h"

#include "base/base64.h"
#include "store/secret.h"

static const str KEY_HEAD = STR_INIT("xchacha20poly1305 ");

static enum rc make_key(struct act *act, str path, struct seal_key *out)
{
    struct buf buf;
    str text = {0};

    crypt_random(out->bytes, SEAL_KEY_BYTES);
    buf_init(&buf, &act->arena, SECRET_BYTES_MAX);
    buf_put(&buf, KEY_HEAD);
    base64_put(&buf, (str){(const char *)out->bytes, SEAL_KEY_BYTES});
    buf_char(&buf, '\n');
    MUST(buf_done(&buf, &text));
    return secret_keep(path, text, &act->err);
}

enum rc seal_key_of(struct act *act, bool may_make, struct seal_key *out)
{
    str path = home_path(act->home, STR("seal.key"), &act->arena);
    str text = {0};
    str key = {0};
    enum rc rc = secret_read(path, &act->arena, &text, &act->err);

    if (rc == RC_MISSING) {
        return may_make ? make_key(act, path, out) : RC_MISSING;
    }
    TRY(rc);
    if (!str_starts(text, KEY_HEAD) || !str_ends(text, STR("\n")) ||
        !base64_read(str_part(text, KEY_HEAD.len, text.len - KEY_HEAD.len - 1), &act->arena,
                     &key) ||
        key.len != SEAL_KEY_BYTES) {
        return err_set(&act->err, RC_BROKEN, MSG_ACT_SEAL_KEY, arg_text(path));
    }
    memcpy(out->bytes, key.at, SEAL_KEY_BYTES);
    return RC_OK;
}
