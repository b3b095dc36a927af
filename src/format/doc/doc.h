/* YAML and JSON into document trees (base/doc.h), by libfyaml. What definitions do not need is
 * refused with its place: aliases, tags, second documents, keys that stand twice. Numbers stay
 * text, digit for digit. */
#ifndef FORMAT_DOC_DOC_H
#define FORMAT_DOC_DOC_H

#include "base/arena.h"
#include "base/doc.h"
#include "base/err.h"

enum {
    DOC_BYTES_MAX = 4 * 1024 * 1024,
    DOC_DEPTH_MAX = 32,
    DOC_NODES_MAX = 200 * 1000,
};

/* `file` names the source in messages and places. The tree lives in `arena` and does not need
 * `bytes`. A syntax fault is RC_INVALID with file, line and column; a limit is RC_LIMIT. */
enum rc doc_read_yaml(str bytes, str file, struct arena *arena, const struct doc **out,
                      struct err *err) MUST_CHECK;
/* RFC 8259, strictly. true, false and null: texts "true" and "false", and DOC_NULL. */
enum rc doc_read_json(str bytes, str file, struct arena *arena, const struct doc **out,
                      struct err *err) MUST_CHECK;

#endif
