/* Where answers go: standard output, or a file whose ending says what it becomes. */
#ifndef CLI_OUTPUT_H
#define CLI_OUTPUT_H

#include "base/bytes.h"
#include "base/table.h"
#include "cli/session.h"

/* Bytes straight to standard output. */
struct byte_sink output_stdout(struct err *err);

/* Bytes gathered in memory until the command has succeeded. */
struct gathered;
struct gathered *gathered_new(struct arena *arena, struct err *err);
struct byte_sink gathered_sink(struct gathered *gathered);
str gathered_bytes(const struct gathered *gathered);

#endif
