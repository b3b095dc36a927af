/* The few calls of DuckDB's C interface that the bench needs. */
#include "tests/bench/duck.h"

#include <dlfcn.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>

/* duckdb_result as the library declares it. */
struct result {
    uint64_t column_count;
    uint64_t row_count;
    uint64_t rows_changed;
    void *columns;
    char *error;
    void *internal;
};

struct duck {
    void *library;
    void *database;
    void *connection;
    int (*query)(void *connection, const char *text, struct result *out);
    const char *(*error)(struct result *result);
    void (*destroy_result)(struct result *result);
    void *(*fetch_chunk)(struct result result);
    void (*destroy_chunk)(void **chunk);
    uint64_t (*chunk_size)(void *chunk);
    uint64_t (*chunk_columns)(void *chunk);
    void *(*chunk_vector)(void *chunk, uint64_t column);
    void *(*vector_data)(void *vector);
    uint64_t *(*vector_validity)(void *vector);
    void (*disconnect)(void **connection);
    void (*close)(void **database);
    const char *(*version)(void);
};

static void stop(const char *what, const char *why)
{
    (void)fprintf(stderr, "bench: %s: %s\n", what, why == NULL ? "failed" : why);
    exit(1); /* NOLINT(concurrency-mt-unsafe): nothing else runs */
}

/* Functions are not data: the pointer is copied byte by byte. */
static void find(void *library, const char *name, void *out_function)
{
    void *at = dlsym(library, name);

    if (at == NULL) {
        stop(name, "not in the library");
    }
    memcpy(out_function, &at, sizeof(at));
}

struct duck *duck_open(const char *library, const char *database)
{
    struct duck *duck = calloc(1, sizeof(*duck));
    int (*open)(const char *path, void **out) = NULL;
    int (*connect)(void *in, void **out) = NULL;

    if (duck == NULL) {
        stop("memory", NULL);
    }
    duck->library = dlopen(library, RTLD_NOW);
    if (duck->library == NULL) {
        stop(library, "cannot be loaded");
    }
    find(duck->library, "duckdb_open", &open);
    find(duck->library, "duckdb_connect", &connect);
    find(duck->library, "duckdb_query", &duck->query);
    find(duck->library, "duckdb_result_error", &duck->error);
    find(duck->library, "duckdb_destroy_result", &duck->destroy_result);
    find(duck->library, "duckdb_fetch_chunk", &duck->fetch_chunk);
    find(duck->library, "duckdb_destroy_data_chunk", &duck->destroy_chunk);
    find(duck->library, "duckdb_data_chunk_get_size", &duck->chunk_size);
    find(duck->library, "duckdb_data_chunk_get_column_count", &duck->chunk_columns);
    find(duck->library, "duckdb_data_chunk_get_vector", &duck->chunk_vector);
    find(duck->library, "duckdb_vector_get_data", &duck->vector_data);
    find(duck->library, "duckdb_vector_get_validity", &duck->vector_validity);
    find(duck->library, "duckdb_disconnect", &duck->disconnect);
    find(duck->library, "duckdb_close", &duck->close);
    find(duck->library, "duckdb_library_version", &duck->version);
    if (open(database, &duck->database) != 0 || connect(duck->database, &duck->connection) != 0) {
        stop(database, "cannot be opened");
    }
    return duck;
}

void duck_close(struct duck *duck)
{
    duck->disconnect(&duck->connection);
    duck->close(&duck->database);
    free(duck);
}

const char *duck_version(const struct duck *duck)
{
    return duck->version();
}

void duck_run(struct duck *duck, const char *statement)
{
    struct result result = {0};

    if (duck->query(duck->connection, statement, &result) != 0) {
        stop(duck->error(&result), statement);
    }
    duck->destroy_result(&result);
}

static bool is_null(const uint64_t *validity, uint64_t row)
{
    return validity != NULL && (validity[row / 64] >> (row % 64) & 1) == 0;
}

static void take_chunk(struct duck *duck, void *chunk, size_t first_row, duck_take take, void *self)
{
    uint64_t rows = duck->chunk_size(chunk);

    for (uint64_t c = 0; c < duck->chunk_columns(chunk); c++) {
        void *vector = duck->chunk_vector(chunk, c);
        const double *values = duck->vector_data(vector);
        const uint64_t *validity = duck->vector_validity(vector);
        for (uint64_t r = 0; r < rows; r++) {
            take(self, first_row + r, c, is_null(validity, r) ? (double)NAN : values[r]);
        }
    }
}

void duck_each(struct duck *duck, const char *query, duck_take take, void *self)
{
    struct result result = {0};
    size_t row = 0;

    if (duck->query(duck->connection, query, &result) != 0) {
        stop(duck->error(&result), query);
    }
    for (void *chunk = duck->fetch_chunk(result); chunk != NULL;
         chunk = duck->fetch_chunk(result)) {
        take_chunk(duck, chunk, row, take, self);
        row += duck->chunk_size(chunk);
        duck->destroy_chunk(&chunk);
    }
    duck->destroy_result(&result);
}
