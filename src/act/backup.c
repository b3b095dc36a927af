/* backup: all of a data directory but its keys, in one file, while others write. */
#include "act/backup.h"

#include "act/cmd.h"
#include "act/trace.h"
#include "base/base64.h"
#include "format/tar/tar.h"
#include "office/audit/checkpoint.h"
#include "office/file/batch.h"

/* 1 TiB: the disk says no before that, and the spool says so. */
#define BACKUP_BYTES_MAX (INT64_C(1) << 40)

struct making {
    struct act *act;
    struct byte_sink sink;
    struct buf sums;
    int64_t originals;
};

static enum rc put(struct making *in, str name, str bytes)
{
    struct act *act = in->act;
    struct arena_mark mark = arena_mark(&act->arena);

    buf_put(&in->sums, hash_hex(hash_of(bytes), &act->arena));
    buf_put(&in->sums, STR("  "));
    buf_put(&in->sums, name);
    buf_char(&in->sums, '\n');
    enum rc rc = tar_put(&in->sink, &(struct tar_entry){name, bytes}, act->cx.now_ms, &act->err);
    arena_rewind(&act->arena, mark);
    return rc;
}

static void put_line(struct buf *text, const char *word, str rest)
{
    buf_put(text, str_from(word));
    buf_put(text, rest);
    buf_char(text, '\n');
}

/* What it is a backup of, for people and for restore. */
static enum rc put_about(struct making *in)
{
    struct act *act = in->act;
    struct sign_public key = {{0}};
    struct note note = {0};
    struct buf text;
    struct buf shown;
    str about = {0};
    str key_text = {0};
    enum rc rc = trace_public(act, &key);

    rc = rc == RC_OK ? checkpoint_newest(&act->cx, &note) : rc;
    if (rc == RC_MISSING) {
        return err_set(&act->err, rc, MSG_ACT_TRACE_NO_KEY);
    }
    TRY(rc);
    buf_init(&shown, &act->arena, 256);
    base64_put(&shown, (str){(const char *)key.bytes, SIGN_PUBLIC_BYTES});
    MUST(buf_done(&shown, &key_text));
    buf_init(&text, &act->arena, 4096);
    put_line(&text, BACKUP_FORMAT, STR(""));
    put_line(&text, "program ", STR(WANCUN_VERSION));
    put_line(&text, BACKUP_DAY, cx_day(&act->cx, date_of_moment(act->cx.now_ms, 0)));
    put_line(&text, BACKUP_CHECKPOINT, cx_number(&act->cx, note.number));
    put_line(&text, BACKUP_ROOT, hash_hex(note.root, &act->arena));
    put_line(&text, BACKUP_KEY, key_text);
    MUST(buf_done(&text, &about));
    return put(in, STR(BACKUP_ABOUT), about);
}

static enum rc put_database(struct making *in)
{
    struct file_map map = {0};

    TRY(home_copy_database(in->act->home, &map, &in->act->err));
    enum rc rc = put(in, STR(BACKUP_DATABASE), file_map_bytes(&map));
    file_unmap(&map);
    return rc;
}

static enum rc put_original(void *self, struct hash hash)
{
    struct making *in = self;
    struct file_map map = {0};
    char name[TAR_NAME_MAX];

    TRY(home_map_file(in->act->home, hash, &map, &in->act->err));
    struct arena_mark mark = arena_mark(&in->act->arena);
    int len = snprintf(name, sizeof(name), BACKUP_ORIGINALS "%.*s",
                       STR_ARG(hash_hex(hash, &in->act->arena)));
    arena_rewind(&in->act->arena, mark);
    enum rc rc = put(in, (str){name, (size_t)len}, file_map_bytes(&map));
    file_unmap(&map);
    in->originals++;
    return rc;
}

static enum rc put_sums(struct making *in)
{
    str sums = {0};

    if (!buf_done(&in->sums, &sums)) {
        return err_set(&in->act->err, RC_LIMIT, MSG_ACT_BACKUP_MANY);
    }
    TRY(tar_put(&in->sink, &(struct tar_entry){STR(BACKUP_SUMS), sums}, in->act->cx.now_ms,
                &in->act->err));
    return tar_end(&in->sink);
}

enum rc cmd_backup(struct act *act)
{
    struct spool *spool = act_spool(act);
    struct making in = {.act = act, .sink = spool_sink(spool)};

    spool->max = BACKUP_BYTES_MAX;
    spool->directory = home_path(act->home, STR("."), &act->arena);
    buf_init(&in.sums, &act->out_arena, BACKUP_TEXT_MAX);
    TRY(put_about(&in));
    TRY(put_database(&in));
    TRY(file_each(&act->cx, put_original, &in));
    TRY(put_sums(&in));
    int64_t bytes = spool_len(spool);
    TRY(act_write(act, act_text(act, "output"), spool));
    SAY_LATER(act, MSG_ACT_BACKED_UP, arg_count(in.originals), arg_count(bytes));
    return RC_OK;
}
