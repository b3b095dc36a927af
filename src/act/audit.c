/* audit verify: is the trace whole, and are the tables what it says? */
#include "act/cmd.h"
#include "act/trace.h"
#include "base/base64.h"
#include "office/replay/replay.h"

static const struct column_row COLUMNS[] = {
    {STR_INIT("check"), MSG_ACT_AUDIT_CHECK, 24, false},
    {STR_INIT("answer"), MSG_ACT_AUDIT_ANSWER, 10, false},
    {STR_INIT("rows"), MSG_ACT_AUDIT_ROWS, 10, false},
    {STR_INIT("uncovered"), MSG_ACT_AUDIT_UNCOVERED, 10, false},
    {STR_INIT("log"), MSG_ACT_AUDIT_LOG, 20, true},
    {STR_INIT("seq"), MSG_ACT_AUDIT_SEQ, 10, false},
    {STR_INIT("where"), MSG_ACT_AUDIT_WHERE, 60, false},
};

struct verifying {
    struct act *act;
    struct table_sink sink;
    int ill;
};

static str words_of(struct act *act)
{
    struct buf buf;
    str text = {0};

    buf_init(&buf, &act->arena, 1 << 16);
    err_put(&buf, act->cx.lang, &act->err);
    MUST(buf_done(&buf, &text));
    return text;
}

static str number_text(struct act *act, int64_t number)
{
    struct buf buf;
    str text = {0};

    buf_init(&buf, &act->arena, 64);
    buf_int(&buf, number);
    MUST(buf_done(&buf, &text));
    return text;
}

/* One row a check: well, partly covered, or ill with the first record that is wrong. */
static enum rc put_row(struct verifying *in, str name, enum rc rc, const struct replay_count *count)
{
    struct act *act = in->act;
    enum lang lang = act->cx.lang;
    bool is_well = rc == RC_OK;
    bool is_placed = act->err.msg == MSG_AUDIT_WRONG;
    const struct out none = out_none(STR("none"), STR(""));
    const struct out row[] = {
        out_text(name),
        is_well ? out_named(STR("well"), msg_text(lang, MSG_ACT_AUDIT_WELL))
                : out_named(STR("ill"), msg_text(lang, MSG_ACT_AUDIT_ILL)),
        is_well ? out_int(count->rows) : none,
        is_well ? out_int(count->uncovered) : none,
        is_placed ? out_text(number_text(act, act->err.args[0].number)) : none,
        is_placed ? out_int(act->err.args[1].number) : none,
        is_well ? none : out_text(words_of(act)),
    };

    in->ill += is_well ? 0 : 1;
    err_clear(&act->err);
    return in->sink.row(in->sink.self, row);
}

/* What --key names, or the key of the data directory. */
static enum rc find_key(struct act *act, struct sign_public *out)
{
    str text = act_text(act, "key");
    str bytes = {0};

    if (text.len == 0) {
        enum rc rc = trace_public(act, out);
        return rc == RC_MISSING ? err_set(&act->err, RC_MISSING, MSG_ACT_TRACE_NO_KEY) : rc;
    }
    if (!base64_read(text, &act->arena, &bytes) || bytes.len != SIGN_PUBLIC_BYTES) {
        return err_set(&act->err, RC_INVALID, MSG_ACT_TRACE_BAD_KEY, arg_text(text));
    }
    memcpy(out->bytes, bytes.at, SIGN_PUBLIC_BYTES);
    return RC_OK;
}

static enum rc check_note(struct act *act)
{
    str text = {0};

    TRY(act_read(act, act_text(act, "note"), &text));
    return replay_note(&act->cx, text);
}

static enum rc check_trace(struct verifying *in, const struct sign_public *key)
{
    struct act *act = in->act;
    struct replay_count logs = {0};
    struct replay_count checkpoints = {0};
    struct replay_count note = {.rows = 1};
    enum rc rc = replay_logs(&act->cx, &logs);

    TRY(put_row(in, STR("event"), rc, &logs));
    rc = replay_checkpoints(&act->cx, key, &checkpoints);
    TRY(put_row(in, STR("checkpoint"), rc, &checkpoints));
    if (!act_has(act, "note")) {
        return RC_OK;
    }
    rc = check_note(act);
    return put_row(in, STR("note"), rc, &note);
}

static enum rc check_tables(struct verifying *in)
{
    struct act *act = in->act;
    const struct replay_table *table = NULL;

    for (int i = 0; (table = replay_table_at(i)) != NULL; i++) {
        struct replay_count count = {0};
        struct arena_mark mark = arena_mark(&act->arena);
        enum rc rc = table->check(&act->cx, table, &count);
        TRY(put_row(in, table->table, rc, &count));
        arena_rewind(&act->arena, mark);
    }
    return RC_OK;
}

static enum rc put_facts(struct act *act, const struct sign_public *key, struct fact *facts)
{
    enum lang lang = act->cx.lang;
    struct note note = {0};
    struct buf text;
    str shown = {0};
    enum rc rc = checkpoint_newest(&act->cx, &note);

    if (rc != RC_OK) {
        err_clear(&act->err);
    }
    buf_init(&text, &act->arena, 256);
    base64_put(&text, (str){(const char *)key->bytes, SIGN_PUBLIC_BYTES});
    MUST(buf_done(&text, &shown));
    facts[0] = (struct fact){STR("key"), msg_text(lang, MSG_ACT_AUDIT_KEY), out_text(shown)};
    facts[1] = (struct fact){STR("checkpoint"), msg_text(lang, MSG_ACT_AUDIT_CHECKPOINT),
                             out_int(note.number)};
    facts[2] = (struct fact){STR("root"), msg_text(lang, MSG_ACT_AUDIT_ROOT),
                             out_text(hash_hex(note.root, &act->arena))};
    return rc == RC_OK || rc == RC_MISSING || rc == RC_BROKEN ? RC_OK : rc;
}

enum rc cmd_audit_verify(struct act *act)
{
    enum lang lang = act->cx.lang;
    struct verifying in = {.act = act};
    struct sign_public key = {{0}};
    struct fact facts[3];

    TRY(find_key(act, &key));
    TRY(put_facts(act, &key, facts));
    const struct table table = {
        .name = STR("audit"),
        .title = msg_text(lang, MSG_ACT_AUDIT_TITLE),
        .columns = columns_in(lang, COLUMNS, COUNT_OF(COLUMNS), &act->arena),
        .column_count = COUNT_OF(COLUMNS),
        .facts = facts,
        .fact_count = COUNT_OF(facts),
    };
    TRY(act_sink(act, &in.sink));
    TRY(in.sink.begin(in.sink.self, &table));
    TRY(check_trace(&in, &key));
    TRY(check_tables(&in));
    TRY(in.sink.end(in.sink.self));
    return in.ill == 0 ? RC_OK
                       : err_set(&act->err, RC_CONFLICT, MSG_ACT_AUDIT_FOUND, arg_count(in.ill));
}
