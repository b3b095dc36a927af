/* Checkpoints as text: signed notes (C2SP signed-note and tlog-checkpoint). The body is
 *
 *     <origin>
 *     <size: events of all logs>
 *     <root of the tree over the heads of all logs, base64>
 *     checkpoint <number>
 *     logs <count>
 *     time <ms since 1970>
 *     hash sha256
 *
 * then an empty line, and lines "— <name> <base64 of 4 bytes key id and the signature>". */
#ifndef OFFICE_AUDIT_NOTE_H
#define OFFICE_AUDIT_NOTE_H

#include "calc/merkle/merkle.h"
#include "crypt/crypt.h"
#include "office/audit/audit.h"

struct note {
    str origin; /* also the name of the key that signs */
    int64_t size;
    struct hash root;
    int64_t number;
    int64_t logs;
    int64_t at_ms;
    str body;       /* the bytes that are signed: all up to and without the empty line */
    str signatures; /* the lines behind it */
};

enum { NOTE_BYTES_MAX = 1 << 16 };

/* "wancun.office/…": of the key that signs the office's checkpoints. */
str note_origin(const struct sign_public *key, struct arena *arena);
/* "wancun.witness/…": likewise. */
str note_witness(const struct sign_public *key, struct arena *arena);
/* The text of a checkpoint, signed. */
str note_sign(const struct note *note, const struct sign_key *key, struct arena *arena);
/* The same text with a witness's cosignature behind it (C2SP tlog-cosignature, version 1): that at
 * `at_ms` this was the newest the witness had seen, and grew out of all it saw before. */
str note_cosign(const struct note *note, str name, const struct sign_key *key, int64_t at_ms,
                struct arena *arena);

/* Take a note apart; false where any byte is not as written above. */
bool note_read(str text, struct arena *arena, struct note *out);
/* Is there a line of that key, and does it hold? */
bool note_is_signed(const struct note *note, const struct sign_public *key, struct arena *arena);
/* The cosignature of that name and key, and its moment. */
bool note_is_cosigned(const struct note *note, str name, const struct sign_public *key,
                      struct arena *arena, int64_t *out_at_ms);

#endif
