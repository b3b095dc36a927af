/* Answers on their way out. */
#include "cli/output.h"

#include <stdio.h>

#include "format/book/book.h"
#include "office/programme/programme.h"
#include "store/file.h"

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

static enum rc open_workbook(struct act *act, struct output *output, struct table_sink *out)
{
    str notice = STR("");
    enum rc rc = act->home == NULL ? RC_MISSING /* there is no office that could have a notice */
                                   : office_setting(&act->cx, STR("notice"), &notice);

    if (rc != RC_OK && rc != RC_MISSING) {
        return rc;
    }
    const struct book_options options = {.footer = notice, .created_ms = act->cx.now_ms};
    TRY(book_open(&act->out_arena, &options, &act->err, &output->book));
    *out = book_sink(output->book);
    return RC_OK;
}

/* A command may ask several times, a file it takes in each: all its tables go to one file. */
static enum rc open_file(struct act *act, str path)
{
    struct output *output = ARENA_NEW(&act->out_arena, struct output, 1);

    output->path = path;
    output->gathered = gathered_new(&act->out_arena, &act->err);
    session_of(act)->output = output;
    if (str_ends(path, STR(".xlsx"))) {
        return open_workbook(act, output, &output->sink);
    }
    if (str_ends(path, STR(".csv"))) {
        output->sink = csv_sink(&act->out_arena, gathered_sink(output->gathered));
        return RC_OK;
    }
    if (str_ends(path, STR(".json"))) {
        output->sink = json_sink(&act->out_arena, gathered_sink(output->gathered));
        return RC_OK;
    }
    return err_set(&act->err, RC_INVALID, MSG_CLI_OUTPUT_KIND, arg_text(path));
}

struct table_sink output_shown(struct act *act)
{
    struct byte_sink bytes = output_stdout(&act->err);

    return act->is_json ? json_sink(&act->out_arena, bytes) : text_sink(&act->out_arena, bytes);
}

enum rc output_sink(struct act *act, struct table_sink *out)
{
    str path = act_text(act, "output");

    if (path.len == 0) {
        *out = output_shown(act);
        return RC_OK;
    }
    if (session_of(act)->output == NULL) {
        TRY(open_file(act, path));
    }
    *out = session_of(act)->output->sink;
    return RC_OK;
}

enum rc output_write(struct act *act, str path, str bytes)
{
    return file_write_whole(path, bytes, &act->err);
}

enum rc output_flush(struct session *session)
{
    struct output *output = session->output;
    struct err *err = &session->act.err;

    if (output == NULL) {
        return RC_OK;
    }
    if (output->book != NULL) {
        struct book *book = output->book;
        output->book = NULL;
        TRY(book_close(book, gathered_sink(output->gathered)));
    }
    TRY(file_write_whole(output->path, gathered_bytes(output->gathered), err));
    SAY(&session->act, MSG_ACT_WROTE, arg_text(output->path));
    return RC_OK;
}

void output_drop(struct session *session)
{
    if (session->output != NULL) {
        book_abandon(session->output->book);
        session->output->book = NULL;
    }
}
