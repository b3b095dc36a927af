/* What a PostgreSQL server is and how it is set up, as far as an office's data depend on it. */
#include "store/pg/pg.h"

/* A row a fact: its place in FACTS, its value, and whether it is well. What cannot be looked at is
 * not ill. */
static const struct sql FACTS_READ = {
    .name = "facts_read",
    .text =
        "SELECT 0, 'PostgreSQL ' || current_setting('server_version'),"
        " CAST(CAST(current_setting('server_version_num') AS BIGINT) >= 130000 AS INTEGER)"
        " UNION ALL SELECT 1, current_setting('server_encoding'),"
        " CAST(current_setting('server_encoding') = 'UTF8' AS INTEGER)"
        " UNION ALL SELECT 2, coalesce(string_agg(DISTINCT c.relname || '.' || a.attname, ', '),"
        " 'C'), CAST(count(*) = 0 AS INTEGER) FROM pg_catalog.pg_attribute a"
        " JOIN pg_catalog.pg_class c ON c.oid = a.attrelid AND c.relkind = 'r'"
        " JOIN pg_catalog.pg_collation o ON o.oid = a.attcollation"
        " WHERE c.relnamespace = CAST(current_schema() AS regnamespace) AND a.attnum > 0"
        " AND NOT a.attisdropped AND o.collname <> 'C'"
        " UNION ALL SELECT 3, setting, CAST(setting = 'on' AS INTEGER)"
        " FROM pg_catalog.pg_settings WHERE name = 'fsync'"
        " UNION ALL SELECT 4, setting, CAST(setting <> 'off' AS INTEGER)"
        " FROM pg_catalog.pg_settings WHERE name = 'synchronous_commit'"
        " UNION ALL SELECT 5, setting, CAST(setting = 'on' AS INTEGER)"
        " FROM pg_catalog.pg_settings WHERE name = 'full_page_writes'"
        " UNION ALL SELECT 6, CAST(current_user AS TEXT),"
        " CAST(NOT (has_table_privilege('event', 'UPDATE')"
        " OR has_table_privilege('event', 'DELETE')) AS INTEGER)"
        " UNION ALL SELECT 7, coalesce(host(inet_server_addr()), 'socket')"
        " || CASE WHEN s.ssl THEN ', TLS' ELSE '' END,"
        " CAST(s.ssl OR inet_server_addr() IS NULL OR inet_server_addr() <<= inet '127.0.0.0/8'"
        " OR inet_server_addr() = inet '::1' AS INTEGER)"
        " FROM pg_catalog.pg_stat_ssl s WHERE s.pid = pg_backend_pid()"
        " UNION ALL SELECT 8, CASE WHEN until_ms < extract(epoch FROM clock_timestamp()) * 1000"
        " THEN '-' ELSE holder END || ' (' || epoch || ')', 1 FROM store_lease WHERE id = 1"
        " ORDER BY 1",
    .out_count = 3,
};

/* What is said of each, and when it is ill; a setting has its name. */
static const struct {
    enum msg_id what;
    enum msg_id wrong;
    const char *setting;
    const char *wanted;
} FACTS[] = {
    {MSG_STORE_FACT_ENGINE, MSG_STORE_OLD_SERVER, NULL, NULL},
    {MSG_STORE_FACT_ENCODING, MSG_STORE_SETTING, "server_encoding", "UTF8"},
    {MSG_STORE_FACT_ORDER, MSG_STORE_ORDER, NULL, NULL},
    {MSG_STORE_FACT_FSYNC, MSG_STORE_SETTING, "fsync", "on"},
    {MSG_STORE_FACT_SYNCHRONOUS, MSG_STORE_SETTING, "synchronous_commit", "on"},
    {MSG_STORE_FACT_PAGES, MSG_STORE_SETTING, "full_page_writes", "on"},
    {MSG_STORE_FACT_ROLE, MSG_STORE_ROLE, NULL, NULL},
    {MSG_STORE_FACT_LINE, MSG_STORE_LINE, NULL, NULL},
    {MSG_STORE_FACT_LEASE, MSG_STORE_LEASED, NULL, NULL},
};

struct telling {
    db_tell tell;
    void *self;
};

static enum rc tell_one(void *self, const struct val *row)
{
    const struct telling *telling = self;
    size_t i = (size_t)row[0].number;
    str value = row[1].text;
    struct err wrong = {0};

    MUST(i < COUNT_OF(FACTS));
    if (row[2].number == 0 && FACTS[i].setting != NULL) {
        (void)err_set(&wrong, RC_CONFLICT, FACTS[i].wrong, arg_text(str_from(FACTS[i].setting)),
                      arg_text(value), arg_text(str_from(FACTS[i].wanted)));
    } else if (row[2].number == 0) {
        (void)err_set(&wrong, RC_CONFLICT, FACTS[i].wrong, arg_text(value));
    }
    return telling->tell(telling->self, FACTS[i].what, value, wrong.rc == RC_OK ? NULL : &wrong);
}

enum rc pg_facts(struct db *db, db_tell tell, void *self, struct err *err)
{
    struct telling telling = {tell, self};

    return db_each(db, &FACTS_READ, NULL, tell_one, &telling, err);
}
