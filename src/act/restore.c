/* check and restore: is a backup whole, and a data directory made of it. */
#include <string.h>

#include "act/backup.h"
#include "act/cmd.h"
#include "act/trace.h"
#include "base/base64.h"
#include "format/tar/tar.h"
#include "office/audit/checkpoint.h"
#include "store/secret.h"

/* What a walk through a backup found. */
struct backup {
    struct file_map map;
    str about;
    int64_t originals;
    bool has_database;
};

typedef enum rc (*backup_take)(void *self, const struct tar_entry *entry);

static enum rc is_wrong(struct act *act, str name)
{
    return err_set(&act->err, RC_INVALID, MSG_ACT_BACKUP_ENTRY, arg_text(name));
}

/* An entry that a backup may have, once, and an original that is what its name says. */
static enum rc judge(struct act *act, const struct tar_entry *entry, struct backup *out)
{
    struct hash named;
    struct hash now = hash_of(entry->bytes);
    str rest = str_part(entry->name, sizeof(BACKUP_ORIGINALS) - 1, entry->name.len);

    if (out->about.len == 0) {
        out->about = entry->bytes;
        return str_equal(entry->name, STR(BACKUP_ABOUT)) &&
                       str_starts(entry->bytes, STR(BACKUP_FORMAT "\n"))
                   ? RC_OK
                   : is_wrong(act, entry->name);
    }
    if (!out->has_database) {
        out->has_database = true;
        return str_equal(entry->name, STR(BACKUP_DATABASE)) ? RC_OK : is_wrong(act, entry->name);
    }
    out->originals++;
    return str_starts(entry->name, STR(BACKUP_ORIGINALS)) && hash_parse(rest, &named) &&
                   memcmp(named.bytes, now.bytes, HASH_BYTES) == 0
               ? RC_OK
               : is_wrong(act, entry->name);
}

static void add_sum(struct act *act, struct buf *sums, const struct tar_entry *entry)
{
    struct arena_mark mark = arena_mark(&act->arena);

    buf_put(sums, hash_hex(hash_of(entry->bytes), &act->arena));
    arena_rewind(&act->arena, mark);
    buf_put(sums, STR("  "));
    buf_put(sums, entry->name);
    buf_char(sums, '\n');
}

/* To its end: every entry is judged, and the sums at the end are those of what came before. */
static enum rc walk(struct act *act, struct backup *out)
{
    str rest = file_map_bytes(&out->map);
    struct tar_entry entry = {0};
    struct buf sums;
    str made = {0};
    enum rc rc = RC_OK;

    buf_init(&sums, &act->out_arena, BACKUP_TEXT_MAX);
    while ((rc = tar_next(&rest, &entry, &act->err)) == RC_OK &&
           !str_equal(entry.name, STR(BACKUP_SUMS))) {
        TRY(judge(act, &entry, out));
        add_sum(act, &sums, &entry);
    }
    if (rc == RC_MISSING) {
        return is_wrong(act, STR(BACKUP_SUMS));
    }
    TRY(rc);
    if (!out->has_database || !buf_done(&sums, &made) || !str_equal(made, entry.bytes)) {
        return is_wrong(act, STR(BACKUP_SUMS));
    }
    rc = tar_next(&rest, &entry, &act->err);
    return rc == RC_MISSING ? RC_OK : is_wrong(act, STR(BACKUP_SUMS));
}

static enum rc open_backup(struct act *act, str path, struct backup *out)
{
    enum rc rc = file_map(path, &out->map, &act->err);

    if (rc == RC_MISSING) {
        return err_set(&act->err, rc, MSG_ACT_BACKUP_NONE, arg_text(path));
    }
    return rc == RC_OK ? walk(act, out) : rc;
}

/* The line of the about text that begins with `word`. */
static str line_of(str about, str word)
{
    str line = {0};

    while (about.len > 0 && str_cut(&about, '\n', &line)) {
        if (str_starts(line, word)) {
            return str_part(line, word.len, line.len);
        }
    }
    return STR("");
}

enum rc cmd_check(struct act *act)
{
    struct backup backup = {.about = STR("")};
    enum rc rc = open_backup(act, act->operands[0], &backup);

    if (rc == RC_OK) {
        SAY(act, MSG_ACT_BACKUP_WHOLE, arg_count(backup.originals),
            arg_count((int64_t)backup.map.len),
            arg_text(line_of(backup.about, STR(BACKUP_CHECKPOINT))),
            arg_text(line_of(backup.about, STR(BACKUP_DAY))));
    }
    file_unmap(&backup.map);
    return rc;
}

static str join(struct act *act, str directory, const char *name)
{
    struct buf buf;
    str path = {0};

    buf_init(&buf, &act->arena, 8192);
    buf_put(&buf, directory);
    buf_put(&buf, str_from(name));
    MUST(buf_done(&buf, &path));
    return arena_str(&act->arena, path);
}

/* The key that goes on signing is the one that signed: another office's would not verify. */
static enum rc check_key(struct act *act, str directory, const struct backup *backup)
{
    struct sign_key key;
    str wanted = {0};
    str path = join(act, directory, "/trace.key");
    enum rc rc = trace_key(act, path, false, &key);

    if (rc == RC_MISSING) {
        return err_set(&act->err, rc, MSG_ACT_RESTORE_NO_KEY, arg_text(path));
    }
    TRY(rc);
    struct sign_public public = sign_key_public(&key);
    crypt_wipe(&key, sizeof(key));
    bool is_same = base64_read(line_of(backup->about, STR(BACKUP_KEY)), &act->arena, &wanted) &&
                   str_equal(wanted, (str){(const char *)public.bytes, SIGN_PUBLIC_BYTES});
    return is_same ? RC_OK
                   : err_set(&act->err, RC_CONFLICT, MSG_ACT_RESTORE_OTHER_KEY, arg_text(path));
}

static enum rc copy_secret(struct act *act, str from, str to)
{
    str bytes = {0};
    enum rc rc = secret_read(from, &act->arena, &bytes, &act->err);

    return rc == RC_OK ? secret_keep(to, bytes, &act->err) : rc;
}

static enum rc copy_keys(struct act *act, str from, str to)
{
    TRY(copy_secret(act, join(act, from, "/trace.key"), join(act, to, "/trace.key")));
    enum rc rc = copy_secret(act, join(act, from, "/seal.key"), join(act, to, "/seal.key"));
    if (rc == RC_MISSING) {
        SAY(act, MSG_ACT_RESTORE_NO_SEAL, arg_text(from));
        return RC_OK;
    }
    return rc;
}

static enum rc unpack(struct act *act, const struct backup *backup, str directory)
{
    str rest = file_map_bytes(&backup->map);
    str base = join(act, directory, "/");
    struct tar_entry entry = {0};

    TRY(file_make_directory(join(act, base, BACKUP_ORIGINALS), &act->err));
    for (int64_t i = 0; i < backup->originals + 2; i++) {
        struct arena_mark mark = arena_mark(&act->arena);
        TRY(tar_next(&rest, &entry, &act->err));
        str name = arena_str(&act->arena, entry.name);
        if (!str_equal(name, STR(BACKUP_ABOUT))) {
            TRY(file_write_whole(join(act, base, name.at), entry.bytes, &act->err));
        }
        arena_rewind(&act->arena, mark);
    }
    return RC_OK;
}

static enum rc check_root(struct act *act, const struct backup *backup)
{
    struct note note = {0};

    enum rc rc = checkpoint_newest(&act->cx, &note);
    if (rc != RC_OK && rc != RC_MISSING) {
        return rc;
    }
    return str_equal(hash_hex(note.root, &act->arena), line_of(backup->about, STR(BACKUP_ROOT)))
               ? RC_OK
               : is_wrong(act, STR(BACKUP_ABOUT));
}

/* Opened where nobody finds it yet: brought to this program's schema, and its trace verified. */
static enum rc prove(struct act *act, const struct backup *backup, str directory)
{
    TRY(home_open(directory, HOME_WRITE, act->cx.now_ms, &act->home, &act->err));
    act->cx.db = home_db(act->home);
    TRY(office_enter(&act->cx, DB_READ));
    enum rc rc = check_root(act, backup);
    rc = rc == RC_OK ? cmd_audit_verify(act) : rc;
    office_undo(&act->cx);
    return rc;
}

static enum rc make_office(struct act *act, const struct backup *backup, str directory)
{
    TRY(unpack(act, backup, directory));
    TRY(copy_keys(act, act_text(act, "keys"), directory));
    enum rc rc = prove(act, backup, directory);
    home_close(act->home);
    act->home = NULL;
    return rc;
}

static enum rc need_empty(struct act *act, str directory)
{
    str *names = NULL;
    size_t count = 0;

    if (!file_is_directory(directory)) {
        return RC_OK;
    }
    TRY(file_list(directory, STR(""), &act->arena, &names, &count, &act->err));
    return count <= 2 /* "." and ".." */
               ? RC_OK
               : err_set(&act->err, RC_CONFLICT, MSG_ACT_RESTORE_FULL, arg_text(directory));
}

/* Beside the target first: there is a restored office, or there is none. */
static enum rc restore(struct act *act, const struct backup *backup, str target)
{
    str part = join(act, target, ".part");
    struct err ignored = {0};

    TRY(need_empty(act, target));
    TRY(check_key(act, act_text(act, "keys"), backup));
    (void)!file_remove_all(part, &ignored);
    enum rc rc = make_office(act, backup, part);
    rc = rc == RC_OK ? file_move(part, target, &act->err) : rc;
    if (rc != RC_OK) {
        (void)!file_remove_all(part, &ignored);
        return rc;
    }
    SAY(act, MSG_ACT_RESTORED, arg_text(target), arg_count(backup->originals));
    return RC_OK;
}

enum rc cmd_restore(struct act *act)
{
    struct backup backup = {.about = STR("")};
    str target = act->operands[1];

    while (target.len > 1 && str_ends(target, STR("/"))) {
        target = str_part(target, 0, target.len - 1);
    }
    enum rc rc = open_backup(act, act->operands[0], &backup);
    rc = rc == RC_OK ? restore(act, &backup, arena_str(&act->arena, target)) : rc;
    file_unmap(&backup.map);
    return rc;
}
