/* audit export: the trace as lines of JSON that anybody can verify (docs/audit.md). */
#include "act/export.h"
#include "act/cmd.h"
#include "act/trace.h"
#include "base/base64.h"
#include "format/json/json.h"
#include "office/audit/checkpoint.h"
#include "office/audit/tree.h"

struct exporting {
    struct act *act;
    struct json json;
    struct tree_reading reading; /* of the log at hand */
    int64_t size;                /* of its tree at the checkpoint */
};

static str base64_text(struct act *act, str bytes)
{
    struct buf buf;
    str text = {0};

    buf_init(&buf, &act->arena, 2 * (bytes.len + 4));
    base64_put(&buf, bytes);
    MUST(buf_done(&buf, &text));
    return text;
}

static void open_line(struct exporting *out, str kind)
{
    json_open_map(&out->json);
    json_key(&out->json, STR("kind"));
    json_text(&out->json, kind);
}

static void close_line(struct exporting *out)
{
    json_close_map(&out->json);
    json_line(&out->json);
}

static void put_text(struct exporting *out, str key, str text)
{
    json_key(&out->json, key);
    json_text(&out->json, text);
}

static void put_number(struct exporting *out, str key, int64_t number)
{
    json_key(&out->json, key);
    json_int(&out->json, number);
}

static void put_log(struct exporting *out, struct unit_id log)
{
    json_key(&out->json, STR("log"));
    json_id(&out->json, log.v);
}

static void put_hash(struct exporting *out, str key, struct hash hash)
{
    put_text(out, key, hash_hex(hash, &out->act->arena));
}

static void put_proof(struct exporting *out, const struct merkle_proof *proof)
{
    json_key(&out->json, STR("proof"));
    json_open_list(&out->json);
    for (int i = 0; i < proof->count; i++) {
        json_text(&out->json, hash_hex(proof->hashes[i], &out->act->arena));
    }
    json_close_list(&out->json);
}

static void put_note(struct exporting *out, str kind, str text)
{
    open_line(out, kind);
    put_text(out, STR("note"), text);
    close_line(out);
}

static void put_heads(struct exporting *out, str kind, const struct log_heads *heads)
{
    for (int i = 0; i < heads->count; i++) {
        open_line(out, kind);
        put_log(out, heads->heads[i].log);
        put_number(out, STR("size"), heads->heads[i].at.size);
        put_hash(out, STR("root"), heads->heads[i].at.root);
        close_line(out);
    }
}

static const struct log_head *find_head(const struct log_heads *heads, struct unit_id log)
{
    for (int i = 0; i < heads->count; i++) {
        if (heads->heads[i].log.v == log.v) {
            return &heads->heads[i];
        }
    }
    return NULL;
}

/* That each log grew out of what it was at the earlier checkpoint. */
static enum rc put_growth(struct exporting *out, const struct log_heads *before,
                          const struct log_heads *now)
{
    for (int i = 0; i < before->count; i++) {
        const struct log_head *was = &before->heads[i];
        const struct log_head *is = find_head(now, was->log);
        struct tree_reading reading = {&out->act->cx, was->log};
        const struct merkle_source source = tree_source(&reading);
        struct merkle_proof proof;
        if (is == NULL || is->at.size == was->at.size) {
            continue;
        }
        TRY(merkle_prove_consistency(&source, was->at.size, is->at.size, &proof));
        open_line(out, STR("growth"));
        put_log(out, was->log);
        put_proof(out, &proof);
        close_line(out);
    }
    return RC_OK;
}

static enum rc put_event(void *self, const struct event *event)
{
    struct exporting *out = self;
    struct arena_mark mark = arena_mark(&out->act->arena);
    const struct merkle_source source = tree_source(&out->reading);
    struct merkle_proof proof;

    TRY(merkle_prove_inclusion(&source, event->ref.seq - 1, out->size, &proof));
    open_line(out, STR("event"));
    put_log(out, event->ref.log);
    put_number(out, STR("seq"), event->ref.seq);
    put_text(out, STR("bytes"), base64_text(out->act, event_leaf(&out->act->arena, event)));
    put_proof(out, &proof);
    close_line(out);
    arena_rewind(&out->act->arena, mark);
    return RC_OK;
}

static enum rc put_events(struct exporting *out, const struct log_heads *heads)
{
    const struct cx *cx = &out->act->cx;

    for (int i = 0; i < heads->count; i++) {
        const struct log_head *head = &heads->heads[i];
        bool is_seen = false;
        TRY(cx_sees(cx, head->log, &is_seen));
        if (!is_seen) {
            continue;
        }
        out->reading = (struct tree_reading){cx, head->log};
        out->size = head->at.size;
        TRY(event_each_between(cx, head->log, 1, head->at.size, put_event, out));
    }
    return RC_OK;
}

/* The checkpoint before, its heads, and how they grew. */
static enum rc put_since(struct exporting *out, int64_t since, const struct log_heads *now)
{
    struct act *act = out->act;
    struct log_heads before = {0};
    struct note note = {0};
    str text = {0};
    enum rc rc = checkpoint_get(&act->cx, since, &text, &note);

    if (rc == RC_MISSING) {
        return err_set(&act->err, RC_MISSING, MSG_ACT_AUDIT_NO_CHECKPOINT, arg_count(since));
    }
    TRY(rc);
    TRY(checkpoint_heads(&act->cx, since, &before));
    put_note(out, STR("before"), text);
    put_heads(out, STR("was"), &before);
    return put_growth(out, &before, now);
}

static enum rc put_head(struct exporting *out, struct note *note)
{
    struct act *act = out->act;
    struct sign_public key = {{0}};
    str text = {0};
    enum rc rc = checkpoint_newest(&act->cx, note);

    if (rc == RC_MISSING) {
        return err_set(&act->err, RC_MISSING, MSG_ACT_AUDIT_UNSIGNED);
    }
    TRY(rc);
    TRY(checkpoint_get(&act->cx, note->number, &text, note));
    rc = trace_public(act, &key);
    if (rc == RC_MISSING) {
        return err_set(&act->err, RC_MISSING, MSG_ACT_TRACE_NO_KEY);
    }
    TRY(rc);
    json_open_map(&out->json);
    put_text(out, STR("schema"), STR("wancun.audit-export/1"));
    put_text(out, STR("kind"), STR("checkpoint"));
    put_text(out, STR("algorithm"), merkle_algorithm_name(MERKLE_SHA256));
    put_text(out, STR("key"), base64_text(act, (str){(const char *)key.bytes, SIGN_PUBLIC_BYTES}));
    put_text(out, STR("note"), text);
    close_line(out);
    return RC_OK;
}

enum rc export_trace(struct act *act, const struct export_options *options,
                     const struct byte_sink *sink)
{
    struct exporting *out = ARENA_NEW(&act->arena, struct exporting, 1);
    struct log_heads heads = {0};
    struct note note = {0};

    out->act = act;
    json_init(&out->json, *sink);
    TRY(put_head(out, &note));
    TRY(checkpoint_heads(&act->cx, note.number, &heads));
    put_heads(out, STR("log"), &heads);
    if (options->since > 0) {
        TRY(put_since(out, options->since, &heads));
    }
    if (!options->only_heads) {
        TRY(put_events(out, &heads));
    }
    return json_done(&out->json);
}

enum rc cmd_audit_export(struct act *act)
{
    struct spool *spool = act_spool(act);
    const struct byte_sink sink = spool_sink(spool);
    struct export_options options = {.only_heads = act_has(act, "heads")};

    if (act_has(act, "since")) {
        TRY(act_int(act, "since", 1, INT64_MAX, &options.since));
    }
    TRY(export_trace(act, &options, &sink));
    str name = act_has(act, "output") ? act_text(act, "output") : STR("trace.ndjson");
    return act_write(act, name, spool);
}
