/* Answers on their way out. */
#include "cli/output.h"

#include <stdio.h>

#include "format/book/book.h"
#include "office/programme/programme.h"
#include "store/file.h"

struct gathered {
    struct buf bytes;
    struct err *err;
};

struct output {
    str path;
    struct gathered *gathered;
    struct book *book; /* while a workbook is being made */
    struct table_sink sink;
};

static enum rc take_stdout(void *self, str bytes)
{
    if (fwrite(bytes.at, 1, bytes.len, stdout) != bytes.len) {
        return err_set(self, RC_BROKEN, MSG_BASE_IO_WRITE, arg_text(STR("-")), arg_text(STR("")));
    }
    return RC_OK;
}

struct byte_sink output_stdout(struct err *err)
{
    return (struct byte_sink){.self = err, .take = take_stdout};
}

struct gathered *gathered_new(struct arena *arena, struct err *err)
{
    struct gathered *gathered = ARENA_NEW(arena, struct gathered, 1);

    buf_init(&gathered->bytes, arena, OUTPUT_BYTES_MAX);
    gathered->err = err;
    return gathered;
}

static enum rc take_gathered(void *self, str bytes)
{
    struct gathered *gathered = self;

    buf_put(&gathered->bytes, bytes);
    if (gathered->bytes.overfull) {
        return err_set(gathered->err, RC_LIMIT, MSG_CLI_OUTPUT_LARGE,
                       arg_count(OUTPUT_BYTES_MAX >> 20));
    }
    return RC_OK;
}

struct byte_sink gathered_sink(struct gathered *gathered)
{
    return (struct byte_sink){.self = gathered, .take = take_gathered};
}

str gathered_bytes(const struct gathered *gathered)
{
    str bytes = {0};

    MUST(buf_done(&gathered->bytes, &bytes));
    return bytes;
}

static enum rc open_workbook(struct session *session, struct output *output, struct table_sink *out)
{
    str notice = STR("");
    enum rc rc = session->home == NULL
                     ? RC_MISSING /* there is no office that could have a notice */
                     : office_setting(&session->cx, STR("notice"), &notice);

    if (rc != RC_OK && rc != RC_MISSING) {
        return rc;
    }
    const struct book_options options = {.footer = notice, .created_ms = session->cx.now_ms};
    TRY(book_open(&session->out_arena, &options, &session->err, &output->book));
    *out = book_sink(output->book);
    return RC_OK;
}

/* A command may ask several times, a file it takes in each: all its tables go to one file. */
static enum rc open_file(struct session *session, str path)
{
    struct output *output = ARENA_NEW(&session->out_arena, struct output, 1);

    output->path = path;
    output->gathered = gathered_new(&session->out_arena, &session->err);
    session->output = output;
    if (str_ends(path, STR(".xlsx"))) {
        return open_workbook(session, output, &output->sink);
    }
    if (str_ends(path, STR(".csv"))) {
        output->sink = csv_sink(&session->out_arena, gathered_sink(output->gathered));
        return RC_OK;
    }
    if (str_ends(path, STR(".json"))) {
        output->sink = json_sink(&session->out_arena, gathered_sink(output->gathered));
        return RC_OK;
    }
    return err_set(&session->err, RC_INVALID, MSG_CLI_OUTPUT_KIND, arg_text(path));
}

struct table_sink session_stdout(struct session *session)
{
    struct byte_sink bytes = output_stdout(&session->err);

    return session->is_json ? json_sink(&session->out_arena, bytes)
                            : text_sink(&session->out_arena, bytes);
}

enum rc session_sink(struct session *session, struct table_sink *out)
{
    str path = session_text(session, "output");

    if (path.len == 0) {
        *out = session_stdout(session);
        return RC_OK;
    }
    if (session->output == NULL) {
        TRY(open_file(session, path));
    }
    *out = session->output->sink;
    return RC_OK;
}

enum rc session_write(struct session *session, str path, str bytes)
{
    return file_write_whole(path, bytes, &session->err);
}

enum rc session_flush(struct session *session)
{
    struct output *output = session->output;

    if (output == NULL) {
        return RC_OK;
    }
    if (output->book != NULL) {
        struct book *book = output->book;
        output->book = NULL;
        TRY(book_close(book, gathered_sink(output->gathered)));
    }
    TRY(file_write_whole(output->path, gathered_bytes(output->gathered), &session->err));
    const struct arg args[] = {arg_text(output->path)};
    session_say(session, MSG_CLI_WROTE, args, 1);
    return RC_OK;
}

void session_drop(struct session *session)
{
    if (session->output != NULL) {
        book_abandon(session->output->book);
        session->output->book = NULL;
    }
}
