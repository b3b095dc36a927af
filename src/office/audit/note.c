/* Notes: made, and taken apart again. */
#include "office/audit/note.h"

#include "base/base64.h"
#include "base/num.h"

enum { KEY_ID_BYTES = 4, KIND_ED25519 = 0x01, KIND_COSIGNATURE = 0x04, ORIGIN_DIGITS = 32 };
enum { MOMENT_BYTES = 8, COSIGNED_BYTES_MAX = 2 * NOTE_BYTES_MAX };

static const str DASH = STR_INIT("\xE2\x80\x94 ");

static str done(const struct buf *buf)
{
    str text = {0};

    MUST(buf_done(buf, &text));
    return text;
}

static str name_of(str head, const struct sign_public *key, struct arena *arena)
{
    struct hash hash = hash_of((str){(const char *)key->bytes, SIGN_PUBLIC_BYTES});
    struct buf buf;

    buf_init(&buf, arena, 256);
    buf_put(&buf, head);
    buf_put(&buf, str_part(hash_hex(hash, arena), 0, ORIGIN_DIGITS));
    return done(&buf);
}

str note_origin(const struct sign_public *key, struct arena *arena)
{
    return name_of(STR("wancun.office/"), key, arena);
}

str note_witness(const struct sign_public *key, struct arena *arena)
{
    return name_of(STR("wancun.witness/"), key, arena);
}

/* The key's id: SHA-256(name, newline, kind of signature, public key), its first four bytes. */
static struct hash key_id(str name, char kind, const struct sign_public *key, struct arena *arena)
{
    struct buf buf;

    buf_init(&buf, arena, NOTE_BYTES_MAX);
    buf_put(&buf, name);
    buf_char(&buf, '\n');
    buf_char(&buf, kind);
    buf_put(&buf, (str){(const char *)key->bytes, SIGN_PUBLIC_BYTES});
    return hash_of(done(&buf));
}

static void put_number(struct buf *buf, str word, int64_t number)
{
    buf_put(buf, word);
    buf_int(buf, number);
    buf_char(buf, '\n');
}

static str body_of(const struct note *note, struct arena *arena)
{
    struct buf buf;

    buf_init(&buf, arena, NOTE_BYTES_MAX);
    buf_put(&buf, note->origin);
    buf_char(&buf, '\n');
    put_number(&buf, STR(""), note->size);
    base64_put(&buf, hash_bytes(&note->root));
    buf_char(&buf, '\n');
    put_number(&buf, STR("checkpoint "), note->number);
    put_number(&buf, STR("logs "), note->logs);
    put_number(&buf, STR("time "), note->at_ms);
    buf_put(&buf, STR("hash "));
    buf_put(&buf, merkle_algorithm_name(MERKLE_SHA256));
    buf_char(&buf, '\n');
    return done(&buf);
}

static void put_signature(struct buf *out, str name, const struct hash *id, str bytes)
{
    struct buf blob;

    buf_init(&blob, out->arena, 256);
    buf_put(&blob, (str){(const char *)id->bytes, KEY_ID_BYTES});
    buf_put(&blob, bytes);
    buf_put(out, DASH);
    buf_put(out, name);
    buf_char(out, ' ');
    base64_put(out, done(&blob));
    buf_char(out, '\n');
}

str note_sign(const struct note *note, const struct sign_key *key, struct arena *arena)
{
    str body = body_of(note, arena);
    struct sign_public public = sign_key_public(key);
    struct hash id = key_id(note->origin, KIND_ED25519, &public, arena);
    struct signature signature = sign_bytes(key, body);
    struct buf buf;

    buf_init(&buf, arena, NOTE_BYTES_MAX);
    buf_put(&buf, body);
    buf_char(&buf, '\n');
    put_signature(&buf, note->origin, &id, (str){(const char *)signature.bytes, SIGN_BYTES});
    return done(&buf);
}

/* What a cosignature signs: its own head, the moment in whole seconds, the body. */
static str cosigned_bytes(str body, int64_t at_s, struct arena *arena)
{
    struct buf buf;

    buf_init(&buf, arena, COSIGNED_BYTES_MAX);
    buf_put(&buf, STR("cosignature/v1\n"));
    put_number(&buf, STR("time "), at_s);
    buf_put(&buf, body);
    return done(&buf);
}

str note_cosign(const struct note *note, str name, const struct sign_key *key, int64_t at_ms,
                struct arena *arena)
{
    int64_t at_s = at_ms / 1000;
    struct sign_public public = sign_key_public(key);
    struct hash id = key_id(name, KIND_COSIGNATURE, &public, arena);
    struct signature signature = sign_bytes(key, cosigned_bytes(note->body, at_s, arena));
    struct buf bytes;
    struct buf buf;

    buf_init(&bytes, arena, 256);
    for (int i = MOMENT_BYTES - 1; i >= 0; i--) {
        buf_char(&bytes, (char)((uint64_t)at_s >> (8 * i) & 0xFF));
    }
    buf_put(&bytes, (str){(const char *)signature.bytes, SIGN_BYTES});
    buf_init(&buf, arena, COSIGNED_BYTES_MAX);
    buf_put(&buf, note->body);
    buf_char(&buf, '\n');
    buf_put(&buf, note->signatures);
    put_signature(&buf, name, &id, done(&bytes));
    return done(&buf);
}

/* The rest of the next line behind `word`. */
static bool take_line(str *rest, str word, str *out)
{
    str line = {0};

    if (!str_cut(rest, '\n', &line) || !str_starts(line, word)) {
        return false;
    }
    *out = str_part(line, word.len, line.len);
    return true;
}

static bool take_number(str *rest, str word, int64_t *out)
{
    str text = {0};

    return take_line(rest, word, &text) && num_parse_int(text, 0, INT64_MAX, out);
}

static bool take_root(str *rest, struct arena *arena, struct hash *out)
{
    str text = {0};
    str bytes = {0};

    if (!take_line(rest, STR(""), &text) || !base64_read(text, arena, &bytes) ||
        bytes.len != HASH_BYTES) {
        return false;
    }
    memcpy(out->bytes, bytes.at, HASH_BYTES);
    return true;
}

bool note_read(str text, struct arena *arena, struct note *out)
{
    str rest = text;
    str algorithm = {0};
    size_t end = str_find(text, STR("\n\n"));
    struct note note = {0};

    if (end == STR_NONE || text.len > NOTE_BYTES_MAX) {
        return false;
    }
    note.body = str_part(text, 0, end + 1);
    note.signatures = str_part(text, end + 2, text.len);
    if (!take_line(&rest, STR(""), &note.origin) || !take_number(&rest, STR(""), &note.size) ||
        !take_root(&rest, arena, &note.root) ||
        !take_number(&rest, STR("checkpoint "), &note.number) ||
        !take_number(&rest, STR("logs "), &note.logs) ||
        !take_number(&rest, STR("time "), &note.at_ms) ||
        !take_line(&rest, STR("hash "), &algorithm) ||
        !str_equal(algorithm, merkle_algorithm_name(MERKLE_SHA256))) {
        return false;
    }
    *out = note;
    return str_equal(note.body, body_of(&note, arena));
}

/* The bytes behind the key id in the line of that name and key. */
static bool find_signature(const struct note *note, str name, const struct hash *id, size_t len,
                           struct arena *arena, str *out)
{
    str rest = note->signatures;
    str line = {0};
    struct buf head;

    buf_init(&head, arena, NOTE_BYTES_MAX);
    buf_put(&head, DASH);
    buf_put(&head, name);
    buf_char(&head, ' ');
    str wanted = done(&head);
    while (str_cut(&rest, '\n', &line)) {
        str bytes = {0};
        if (str_starts(line, wanted) &&
            base64_read(str_part(line, wanted.len, line.len), arena, &bytes) &&
            bytes.len == KEY_ID_BYTES + len && memcmp(bytes.at, id->bytes, KEY_ID_BYTES) == 0) {
            *out = str_part(bytes, KEY_ID_BYTES, len);
            return true;
        }
    }
    return false;
}

bool note_is_signed(const struct note *note, const struct sign_public *key, struct arena *arena)
{
    struct hash id = key_id(note->origin, KIND_ED25519, key, arena);
    struct signature signature;
    str bytes = {0};

    if (!find_signature(note, note->origin, &id, SIGN_BYTES, arena, &bytes)) {
        return false;
    }
    memcpy(signature.bytes, bytes.at, SIGN_BYTES);
    return sign_is_good(key, note->body, &signature);
}

bool note_is_cosigned(const struct note *note, str name, const struct sign_public *key,
                      struct arena *arena, int64_t *out_at_ms)
{
    struct hash id = key_id(name, KIND_COSIGNATURE, key, arena);
    struct signature signature;
    uint64_t at_s = 0;
    str bytes = {0};

    if (!find_signature(note, name, &id, MOMENT_BYTES + SIGN_BYTES, arena, &bytes)) {
        return false;
    }
    for (int i = 0; i < MOMENT_BYTES; i++) {
        at_s = at_s << 8 | (unsigned char)bytes.at[i];
    }
    if (at_s > INT64_MAX / 1000) {
        return false;
    }
    memcpy(signature.bytes, bytes.at + MOMENT_BYTES, SIGN_BYTES);
    *out_at_ms = (int64_t)at_s * 1000;
    return sign_is_good(key, cosigned_bytes(note->body, (int64_t)at_s, arena), &signature);
}
