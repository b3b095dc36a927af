/* Answers on their way out. */
#include "cli/output.h"

#include <stdio.h>

#include "act/face.h"
#include "format/book/book.h"

struct output {
    str path;
    struct spool *spool;
    struct facing facing;
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

static str ending_of(str path)
{
    str ending = STR("");

    for (str rest = path; str_cut(&rest, '.', &ending);) {
    }
    return ending;
}

/* A command may ask several times, a file it takes in each: all its tables go to one file. */
static enum rc open_file(struct act *act, str path)
{
    struct output *output = ARENA_NEW(&act->out_arena, struct output, 1);
    enum face face = face_by_id(ending_of(path));

    if (face == FACES) {
        return err_set(&act->err, RC_INVALID, MSG_CLI_OUTPUT_KIND, arg_text(path));
    }
    output->path = path;
    output->spool = act_spool(act);
    TRY(face_open(act, face, output->spool, &output->facing));
    session_of(act)->output = output;
    return RC_OK;
}

static struct byte_sink held_back(struct act *act)
{
    struct session *session = session_of(act);

    if (session->shown == NULL) {
        session->shown = act_spool(act);
    }
    return spool_sink(session->shown);
}

struct table_sink output_shown(struct act *act)
{
    bool may_repeat = act->home != NULL && act->command->access != ACCESS_READ;
    struct byte_sink bytes = may_repeat ? held_back(act) : output_stdout(&act->err);

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
    *out = session_of(act)->output->facing.tables;
    return RC_OK;
}

enum rc output_write(struct act *act, str path, struct spool *bytes)
{
    (void)act;
    return spool_write(bytes, path);
}

enum rc output_flush(struct session *session)
{
    struct output *output = session->output;

    if (output == NULL) {
        return RC_OK;
    }
    TRY(face_close(&output->facing));
    TRY(spool_write(output->spool, output->path));
    SAY(&session->act, MSG_ACT_WROTE, arg_text(output->path));
    return RC_OK;
}

enum rc output_show(struct session *session)
{
    struct act *act = &session->act;
    struct err err = {0}; /* the act's own may tell already why it failed */
    struct byte_sink out = output_stdout(&err);
    str shown = {0};

    if (session->shown == NULL) {
        return RC_OK;
    }
    enum rc rc = spool_read(session->shown, &act->out_arena, &shown);
    rc = rc == RC_OK ? out.take(out.self, shown) : rc;
    if (rc != RC_OK && act->err.rc == RC_OK) {
        err_copy(&act->err, &err);
    }
    return rc;
}

void output_drop(struct session *session)
{
    if (session->output != NULL) {
        face_drop(&session->output->facing);
    }
    session->output = NULL;
    session->shown = NULL;
}
