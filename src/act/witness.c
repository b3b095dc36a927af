/* witness: another office keeps the newest checkpoint it saw of this one, and cosigns a newer one
 * only when it grew out of that. */
#include "act/cmd.h"
#include "act/export.h"
#include "act/trace.h"
#include "base/base64.h"
#include "base/num.h"
#include "format/json/read.h"
#include "office/audit/checkpoint.h"
#include "store/file.h"

enum { WITNESS_LOGS_MAX = 1 << 16, PATH_ROOM = 4096, NAME_BYTES_MAX = 64 };

/* One log as the bundle has it: what it is, what it was, and how it grew. */
struct grown {
    struct unit_id log;
    bool is;
    bool was;
    struct merkle_claim now;
    struct merkle_claim before;
    struct merkle_proof proof;
};

struct bundle {
    struct act *act;
    struct json_reader json;
    str key;
    str note;
    str before;
    struct grown *logs; /* in order of id */
    int count;
};

/* The fields of one line; those it has not are empty. */
struct line {
    str kind;
    str key;
    str note;
    int64_t log;
    struct merkle_claim claim;
    struct merkle_proof proof;
};

static enum rc refuse(const struct bundle *bundle)
{
    return json_refuse(&bundle->json, RC_INVALID, MSG_ACT_WITNESS_LINE, ARG_LAST, ARG_LAST);
}

static bool hex_digit(char c, unsigned *out)
{
    *out = c >= 'a' ? (unsigned)(c - 'a') + 10 : (unsigned)(c - '0');
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

static bool read_hex(str text, struct hash *out)
{
    for (size_t i = 0; text.len == 2 * (size_t)HASH_BYTES && i < HASH_BYTES; i++) {
        unsigned high = 0;
        unsigned low = 0;
        if (!hex_digit(text.at[2 * i], &high) || !hex_digit(text.at[2 * i + 1], &low)) {
            return false;
        }
        out->bytes[i] = (unsigned char)(high << 4 | low);
    }
    return text.len == 2 * (size_t)HASH_BYTES;
}

static enum rc read_proof(struct bundle *bundle, struct merkle_proof *out)
{
    struct json_reader *json = &bundle->json;

    out->count = 0;
    TRY(json_expect(json, JSON_LIST));
    TRY(json_next(json));
    while (json->token != JSON_LIST_END) {
        if (json->token != JSON_TEXT || out->count == MERKLE_PROOF_MAX ||
            !read_hex(json->text, &out->hashes[out->count])) {
            return refuse(bundle);
        }
        out->count++;
        TRY(json_next(json));
    }
    return RC_OK;
}

static enum rc read_text(struct bundle *bundle, str *out)
{
    TRY(json_expect(&bundle->json, JSON_TEXT));
    *out = bundle->json.text;
    return RC_OK;
}

static enum rc read_field(struct bundle *bundle, str key, struct line *line)
{
    struct json_reader *json = &bundle->json;

    if (str_equal(key, STR("kind"))) {
        return read_text(bundle, &line->kind);
    }
    if (str_equal(key, STR("key"))) {
        return read_text(bundle, &line->key);
    }
    if (str_equal(key, STR("note"))) {
        return read_text(bundle, &line->note);
    }
    if (str_equal(key, STR("log"))) {
        TRY(json_expect(json, JSON_TEXT));
        return num_parse_int(json->text, 0, INT64_MAX, &line->log) ? RC_OK : refuse(bundle);
    }
    if (str_equal(key, STR("size"))) {
        return json_expect_int(json, 0, INT64_MAX, &line->claim.size);
    }
    if (str_equal(key, STR("root"))) {
        TRY(json_expect(json, JSON_TEXT));
        return read_hex(json->text, &line->claim.root) ? RC_OK : refuse(bundle);
    }
    return str_equal(key, STR("proof")) ? read_proof(bundle, &line->proof) : json_skip(json);
}

/* Logs come in order; the first line of a log makes its place. */
static struct grown *grown_of(struct bundle *bundle, int64_t log)
{
    int at = bundle->count;

    while (at > 0 && bundle->logs[at - 1].log.v >= log) {
        at--;
    }
    if (at < bundle->count && bundle->logs[at].log.v == log) {
        return &bundle->logs[at];
    }
    if (bundle->count == WITNESS_LOGS_MAX) {
        return NULL;
    }
    memmove(&bundle->logs[at + 1], &bundle->logs[at],
            sizeof(struct grown) * (size_t)(bundle->count - at));
    bundle->count++;
    bundle->logs[at] = (struct grown){.log = {log}};
    return &bundle->logs[at];
}

static enum rc take_log(struct bundle *bundle, const struct line *line)
{
    struct grown *grown = grown_of(bundle, line->log);

    if (grown == NULL) {
        return refuse(bundle);
    }
    if (str_equal(line->kind, STR("log"))) {
        grown->is = true;
        grown->now = line->claim;
    } else if (str_equal(line->kind, STR("was"))) {
        grown->was = true;
        grown->before = line->claim;
    } else {
        grown->proof = line->proof;
    }
    return RC_OK;
}

static enum rc take_line(struct bundle *bundle, const struct line *line)
{
    if (str_equal(line->kind, STR("checkpoint"))) {
        bundle->note = line->note;
        bundle->key = line->key;
        return RC_OK;
    }
    if (str_equal(line->kind, STR("before"))) {
        bundle->before = line->note;
        return RC_OK;
    }
    if (str_equal(line->kind, STR("event"))) {
        return RC_OK;
    }
    bool is_of_log = str_equal(line->kind, STR("log")) || str_equal(line->kind, STR("was")) ||
                     str_equal(line->kind, STR("growth"));
    return is_of_log ? take_log(bundle, line) : refuse(bundle);
}

static enum rc read_bundle(struct bundle *bundle, str bytes, str name)
{
    struct act *act = bundle->act;
    struct json_reader *json = &bundle->json;
    struct line *line = ARENA_NEW(&act->arena, struct line, 1);
    bool is_key = false;

    bundle->logs = ARENA_NEW(&act->arena, struct grown, WITNESS_LOGS_MAX + 1);
    TRY(json_read_begin(json, bytes, name, &act->arena, &act->err));
    TRY(json_next(json));
    while (json->token == JSON_MAP) {
        *line = (struct line){.log = 0};
        TRY(json_next_key(json, &is_key));
        while (is_key) {
            TRY(read_field(bundle, json->text, line));
            TRY(json_next_key(json, &is_key));
        }
        TRY(take_line(bundle, line));
        TRY(json_next(json));
    }
    return json->token == JSON_END && bundle->note.len > 0 ? RC_OK : refuse(bundle);
}

/* ---- what the bundle proves ---- */

static enum rc no(struct act *act, enum msg_id why)
{
    return err_set(&act->err, RC_CONFLICT, MSG_ACT_WITNESS_REFUSED, arg_msg(why));
}

/* The heads of either kind, as one tree. */
static struct hash root_of(const struct bundle *bundle, bool before, int *out_count)
{
    struct arena *arena = &bundle->act->arena;
    struct log_heads heads = {
        .heads = ARENA_NEW(arena, struct log_head, (size_t)bundle->count),
    };

    for (int i = 0; i < bundle->count; i++) {
        const struct grown *log = &bundle->logs[i];
        if (before ? log->was : log->is) {
            heads.heads[heads.count++] =
                (struct log_head){log->log, before ? log->before : log->now};
        }
    }
    *out_count = heads.count;
    return checkpoint_root(&heads, arena);
}

static bool lists_heads(const struct bundle *bundle, const struct note *note, bool before)
{
    int count = 0;
    struct hash root = root_of(bundle, before, &count);

    return count == note->logs && memcmp(root.bytes, note->root.bytes, HASH_BYTES) == 0;
}

static bool has_grown(const struct grown *log)
{
    return log->is &&
           merkle_verify_consistency(&log->before, &log->now, &log->proof, MERKLE_SHA256);
}

/* The checkpoint by itself: its key, its signature, its heads. */
static enum rc check_note(const struct bundle *bundle, struct note *out)
{
    struct act *act = bundle->act;
    struct sign_public key;
    str bytes = {0};

    if (!note_read(bundle->note, &act->arena, out) ||
        !base64_read(bundle->key, &act->arena, &bytes) || bytes.len != SIGN_PUBLIC_BYTES) {
        return no(act, MSG_ACT_WITNESS_NO_NOTE);
    }
    memcpy(key.bytes, bytes.at, SIGN_PUBLIC_BYTES);
    if (!str_equal(out->origin, note_origin(&key, &act->arena)) ||
        !note_is_signed(out, &key, &act->arena)) {
        return no(act, MSG_AUDIT_SIGNATURE_WRONG);
    }
    return lists_heads(bundle, out, false) ? RC_OK : no(act, MSG_AUDIT_ROOT_DIFFERS);
}

/* Beside what was cosigned last. */
static enum rc check_growth(const struct bundle *bundle, const struct note *old,
                            const struct note *now)
{
    struct act *act = bundle->act;
    struct note before = {0};

    if (now->number < old->number) {
        return no(act, MSG_AUDIT_ROLLED_BACK);
    }
    if (now->number == old->number) {
        return str_equal(now->body, old->body) ? RC_OK : no(act, MSG_AUDIT_FORKED);
    }
    if (!note_read(bundle->before, &act->arena, &before) || before.number != old->number) {
        return err_set(&act->err, RC_CONFLICT, MSG_ACT_WITNESS_NEEDS, arg_number(old->number));
    }
    if (!str_equal(before.body, old->body) || !lists_heads(bundle, old, true)) {
        return no(act, MSG_AUDIT_FORKED);
    }
    for (int i = 0; i < bundle->count; i++) {
        if (bundle->logs[i].was && !has_grown(&bundle->logs[i])) {
            return no(act, MSG_AUDIT_FORKED);
        }
    }
    return RC_OK;
}

/* ---- the witness's own memory ---- */

static str join_path(struct act *act, str directory, str name, str ending)
{
    struct buf buf;
    str path = {0};

    buf_init(&buf, &act->arena, PATH_ROOM);
    buf_put(&buf, directory);
    buf_char(&buf, '/');
    buf_put(&buf, name);
    buf_put(&buf, ending);
    buf_char(&buf, '\0');
    if (!buf_done(&buf, &path)) {
        return STR("");
    }
    return str_part(path, 0, path.len - 1);
}

/* What was cosigned last of that office; false when it is new here. */
static enum rc read_state(struct act *act, str path, struct note *out, bool *out_is_known)
{
    str text = {0};
    enum rc rc = file_read_whole(path, NOTE_BYTES_MAX, &act->arena, &text, &act->err);

    *out_is_known = rc == RC_OK;
    if (rc == RC_MISSING) {
        err_clear(&act->err);
        return RC_OK;
    }
    TRY(rc);
    return note_read(text, &act->arena, out) ? RC_OK : no(act, MSG_AUDIT_NOTE_BROKEN);
}

static str state_path(struct act *act, str origin)
{
    str name = origin;

    for (str rest = origin; str_cut(&rest, '/', &name);) {
    }
    return join_path(act, act_text(act, "state"), name, STR(".note"));
}

/* A data directory says itself how it grew since what was cosigned last. */
static enum rc export_home(struct act *act, str directory, str *out)
{
    struct spool *spool = act_spool(act);
    const struct byte_sink sink = spool_sink(spool);
    struct export_options options = {.only_heads = true};
    struct note now = {0};
    struct note old = {0};
    bool is_known = false;

    TRY(home_open(directory, HOME_READ, act->cx.now_ms, &act->home, &act->err));
    act->cx.db = home_db(act->home);
    TRY(office_enter(&act->cx, DB_READ));
    enum rc rc = checkpoint_newest(&act->cx, &now);
    if (rc == RC_OK) {
        rc = read_state(act, state_path(act, now.origin), &old, &is_known);
    }
    if (rc == RC_OK || rc == RC_MISSING) {
        options.since = is_known && old.number < now.number ? old.number : 0;
        rc = export_trace(act, &options, &sink);
    }
    office_undo(&act->cx);
    return rc == RC_OK ? spool_read(spool, &act->arena, out) : rc;
}

/* Kept first, and only then given out: a cosignature that is lost can be made again, one that was
 * given out and forgotten could be contradicted. */
static enum rc cosign(struct act *act, const struct note *note)
{
    str directory = act_text(act, "state");
    struct sign_key key;

    TRY(trace_key(act, join_path(act, directory, STR("witness"), STR(".key")), true, &key));
    struct sign_public public = sign_key_public(&key);
    str name = note_witness(&public, &act->arena);
    str text = note_cosign(note, name, &key, act->cx.now_ms, &act->arena);
    crypt_wipe(&key, sizeof(key));
    TRY(file_write_whole(state_path(act, note->origin), text, &act->err));
    TRY(act_write_text(act, act_text(act, "output"), text));
    SAY(act, MSG_ACT_WITNESS_COSIGNED, arg_number(note->number), arg_count(note->size),
        arg_text(name));
    return RC_OK;
}

enum rc cmd_witness(struct act *act)
{
    struct bundle *bundle = ARENA_NEW(&act->arena, struct bundle, 1);
    str source = act->operands[0];
    struct note now = {0};
    struct note old = {0};
    str bytes = {0};
    bool is_known = false;

    bundle->act = act;
    TRY(file_make_directory(act_text(act, "state"), &act->err));
    TRY(file_is_directory(source) ? export_home(act, source, &bytes)
                                  : act_read(act, source, &bytes));
    TRY(read_bundle(bundle, bytes, source));
    TRY(check_note(bundle, &now));
    TRY(read_state(act, state_path(act, now.origin), &old, &is_known));
    if (is_known) {
        TRY(check_growth(bundle, &old, &now));
    } else {
        SAY(act, MSG_ACT_WITNESS_NEW, arg_text(now.origin));
    }
    return cosign(act, &now);
}
