/* Faces of tables. */
#include "act/face.h"

#include "format/book/book.h"

const struct face_row FACE_ROWS[FACES] = {
    [FACE_JSON] = {STR_INIT("json"), STR_INIT("application/json")},
    [FACE_CSV] = {STR_INIT("csv"), STR_INIT("text/csv")},
    [FACE_NDJSON] = {STR_INIT("ndjson"), STR_INIT("application/x-ndjson")},
    [FACE_XLSX] = {STR_INIT("xlsx"),
                   STR_INIT("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")},
};

enum face face_by_id(str id)
{
    int i = 0;

    while (i < FACES && !str_equal(FACE_ROWS[i].id, id)) {
        i++;
    }
    return (enum face)i;
}

static enum rc open_workbook(struct act *act, struct facing *facing)
{
    str notice = STR("");
    enum rc rc = act->home == NULL ? RC_MISSING /* there is no office that could have a notice */
                                   : office_setting(&act->cx, STR("notice"), &notice);

    if (rc != RC_OK && rc != RC_MISSING) {
        return rc;
    }
    const struct book_options options = {
        .footer = notice, .created_ms = act->cx.now_ms, .scratch = act->scratch};
    TRY(book_open(&act->out_arena, &options, &act->err, &facing->book));
    facing->tables = book_sink(facing->book);
    return RC_OK;
}

enum rc face_open(struct act *act, enum face face, struct spool *spool, struct facing *out)
{
    struct byte_sink bytes = spool_sink(spool);

    *out = (struct facing){.spool = spool};
    switch (face) {
    case FACE_JSON:
        out->tables = json_sink(&act->out_arena, bytes);
        return RC_OK;
    case FACE_CSV:
        out->tables = csv_sink(&act->out_arena, bytes);
        return RC_OK;
    case FACE_NDJSON:
        out->tables = ndjson_sink(&act->out_arena, bytes);
        return RC_OK;
    case FACE_XLSX:
        return open_workbook(act, out);
    case FACES:
        break;
    }
    NEVER("a face of no kind");
}

enum rc face_close(struct facing *facing)
{
    struct book *book = facing->book;

    facing->book = NULL;
    return book == NULL ? RC_OK : book_close(book, spool_sink(facing->spool));
}

void face_drop(struct facing *facing)
{
    book_abandon(facing->book);
    facing->book = NULL;
}
