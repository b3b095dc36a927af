/* The zip archive of a workbook: what it claims is checked before anything is inflated, what it
 * holds is counted while it is. */
#include "format/sheet/xlsx_in.h"

static const str OLE2_MAGIC = STR_INIT("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1");
static const str ZIP_MAGIC = STR_INIT("PK\x03\x04");
static const str ENTRY_MAGIC = STR_INIT("PK\x01\x02");
/* The stream of a workbook with a password, as OLE2 directories write names: UTF-16. */
static const str ENCRYPTED_STREAM = STR_INIT("E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e");

enum { PATH_MAX_BYTES = 512, RATIO_FREE_BYTES = 1024 * 1024 };

static str lower_path(struct arena *arena, str path)
{
    str copy = arena_str(arena, path);
    char *at = arena_take(arena, path.len + 1);

    for (size_t i = 0; i < copy.len; i++) {
        char c = copy.at[i];
        at[i] = (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    }
    return (str){at, copy.len};
}

/* An upper bound on the entries any directory in these bytes can have, so that a directory that
 * claims half a million of them costs nothing. */
static size_t entry_count_at_most(str bytes)
{
    size_t count = 0;
    size_t place = 0;

    while ((place = str_find(bytes, ENTRY_MAGIC)) != STR_NONE) {
        bytes = str_part(bytes, place + ENTRY_MAGIC.len, bytes.len);
        count++;
    }
    return count;
}

static enum rc check_kind(const struct package *package, str bytes)
{
    size_t max = package->limits->packed_max;

    if (bytes.len > max) {
        return err_set(package->err, RC_LIMIT, MSG_SHEET_FILE_TOO_BIG,
                       arg_fixed((int64_t)bytes.len * 10 / (int64_t)ARENA_MIB, 1),
                       arg_count((int64_t)(max / ARENA_MIB)));
    }
    if (str_starts(bytes, OLE2_MAGIC)) {
        bool has_password = str_find(bytes, ENCRYPTED_STREAM) != STR_NONE;
        return err_set(package->err, RC_INVALID,
                       has_password ? MSG_SHEET_PASSWORD : MSG_SHEET_OLD_FORMAT);
    }
    if (!str_starts(bytes, ZIP_MAGIC)) {
        return err_set(package->err, RC_INVALID, MSG_SHEET_NOT_WORKBOOK);
    }
    if (entry_count_at_most(bytes) > (size_t)package->limits->part_max) {
        return err_set(package->err, RC_LIMIT, MSG_SHEET_TOO_MANY_PARTS,
                       arg_count(package->limits->part_max));
    }
    return RC_OK;
}

static enum rc damaged(const struct package *package, str path)
{
    return err_set(package->err, RC_INVALID, MSG_SHEET_PART_DAMAGED, arg_text(path));
}

struct totals {
    uint64_t packed;
    uint64_t unpacked;
};

static enum rc check_sizes(const struct package *package, const zip_stat_t *entry, str path,
                           struct totals *totals)
{
    const struct sheet_limits *limits = package->limits;

    if (entry->size > limits->unpacked_max ||
        (totals->unpacked += entry->size) > limits->unpacked_max) {
        return err_set(package->err, RC_LIMIT, MSG_SHEET_UNPACKED_TOO_BIG,
                       arg_count((int64_t)(limits->unpacked_max / ARENA_MIB)));
    }
    if (entry->size > RATIO_FREE_BYTES &&
        entry->size / (uint64_t)limits->ratio_max > entry->comp_size) {
        return err_set(package->err, RC_LIMIT, MSG_SHEET_RATIO_TOO_HIGH, arg_text(path),
                       arg_count(limits->ratio_max));
    }
    return RC_OK;
}

/* One line of the directory: a method and a name we can work with, a size within bounds, and no
 * second entry of that name. Entries that overlap give themselves away by their sum. */
static enum rc check_entry(struct package *package, uint64_t index, uint64_t bytes,
                           struct totals *totals)
{
    const uint64_t needed = ZIP_STAT_NAME | ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE |
                            ZIP_STAT_COMP_METHOD | ZIP_STAT_ENCRYPTION_METHOD;
    zip_stat_t entry = {0};

    if (zip_stat_index(package->zip, index, 0, &entry) != 0 || (entry.valid & needed) != needed) {
        return damaged(package, STR("zip"));
    }
    str path = str_from(entry.name);
    if (path.len > PATH_MAX_BYTES) {
        return damaged(package, str_part(path, 0, PATH_MAX_BYTES));
    }
    if (entry.encryption_method != ZIP_EM_NONE) {
        return err_set(package->err, RC_INVALID, MSG_SHEET_PASSWORD);
    }
    if (entry.comp_method != ZIP_CM_STORE && entry.comp_method != ZIP_CM_DEFLATE) {
        return damaged(package, path);
    }
    totals->packed += entry.comp_size;
    if (entry.comp_size > bytes || totals->packed > bytes) {
        return err_set(package->err, RC_INVALID, MSG_SHEET_PARTS_OVERLAP, arg_text(path));
    }
    if (!map_put(&package->parts, lower_path(package->arena, path), (int64_t)index)) {
        return err_set(package->err, RC_INVALID, MSG_SHEET_PART_TWICE, arg_text(path));
    }
    return check_sizes(package, &entry, path, totals);
}

static enum rc check_directory(struct package *package, uint64_t bytes)
{
    zip_int64_t count = zip_get_num_entries(package->zip, 0);
    struct totals totals = {0};
    enum rc rc = RC_OK;

    if (count > package->limits->part_max) {
        return err_set(package->err, RC_LIMIT, MSG_SHEET_TOO_MANY_PARTS,
                       arg_count(package->limits->part_max));
    }
    map_init(&package->parts, package->arena, (size_t)count);
    for (zip_int64_t i = 0; i < count && rc == RC_OK; i++) {
        rc = check_entry(package, (uint64_t)i, bytes, &totals);
    }
    return rc;
}

enum rc package_open(struct package *package, str bytes, const struct sheet_limits *limits,
                     struct arena *arena, struct err *err)
{
    zip_error_t why;

    *package = (struct package){.limits = limits, .arena = arena, .err = err};
    enum rc rc = check_kind(package, bytes);
    if (rc != RC_OK) {
        return rc;
    }
    zip_error_init(&why);
    package->source = zip_source_buffer_create(bytes.at, bytes.len, 0, &why);
    MUST(package->source != NULL);
    package->zip = zip_open_from_source(package->source, ZIP_RDONLY, &why);
    zip_error_fini(&why);
    if (package->zip == NULL) {
        return err_set(err, RC_INVALID, MSG_SHEET_FILE_DAMAGED);
    }
    package->source = NULL; /* now the archive's */
    return check_directory(package, bytes.len);
}

void package_close(struct package *package)
{
    if (package->zip != NULL) {
        zip_discard(package->zip);
    }
    if (package->source != NULL) {
        zip_source_free(package->source);
    }
    *package = (struct package){0};
}

static bool find_part(const struct package *package, str path, int64_t *out_index)
{
    return map_get(&package->parts, lower_path(package->arena, path), out_index);
}

bool package_has(const struct package *package, str path)
{
    int64_t index = 0;

    return find_part(package, path, &index);
}

enum rc part_open(struct package *package, str path, struct part *part)
{
    zip_stat_t entry = {0};
    int64_t index = 0;

    *part = (struct part){.package = package, .path = path};
    if (!find_part(package, path, &index)) {
        return err_set(package->err, RC_INVALID, MSG_SHEET_PART_MISSING, arg_text(path));
    }
    if (zip_stat_index(package->zip, (uint64_t)index, 0, &entry) != 0) {
        return damaged(package, path);
    }
    part->left = entry.size;
    part->file = zip_fopen_index(package->zip, (uint64_t)index, 0);
    return part->file == NULL ? damaged(package, path) : RC_OK;
}

enum rc part_read(struct part *part, char *at, size_t room, size_t *out_len)
{
    zip_int64_t len = zip_fread(part->file, at, room);

    if (len < 0 || (uint64_t)len > part->left || (len == 0 && room > 0 && part->left > 0)) {
        return damaged(part->package, part->path);
    }
    part->left -= (uint64_t)len;
    *out_len = (size_t)len;
    return RC_OK;
}

void part_close(struct part *part)
{
    if (part->file != NULL) {
        (void)zip_fclose(part->file);
        part->file = NULL;
    }
}
