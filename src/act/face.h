/* The faces that tables have on their way out, chosen by a name: at the command line the ending of
 * a file, over the network a format. */
#ifndef ACT_FACE_H
#define ACT_FACE_H

#include "act/act.h"

enum face { FACE_JSON, FACE_CSV, FACE_NDJSON, FACE_XLSX, FACES };

struct face_row {
    str id;   /* "csv": the format's name and the file's ending */
    str type; /* of its media */
};
extern const struct face_row FACE_ROWS[FACES];
/* FACES when there is none of that name. */
enum face face_by_id(str id);

/* Tables being written. */
struct facing {
    struct book *book; /* while a workbook is being made */
    struct spool *spool;
    struct table_sink tables;
};

/* Tables put into `facing->tables` go to the spool, with the office's fixed line where the face has
 * a foot. */
enum rc face_open(struct act *act, enum face face, struct spool *spool,
                  struct facing *out) MUST_CHECK;
/* No table comes any more: the spool holds all there is. */
enum rc face_close(struct facing *facing) MUST_CHECK;
/* Instead of face_close, and after it: let go. */
void face_drop(struct facing *facing);

#endif
