/* Any bytes as a note: what is read is made of the same bytes again. */
#include <stdint.h>

#include "office/audit/note.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct sign_key key = {{7}};
    struct sign_public public = sign_key_public(&key);
    str text = {size == 0 ? "" : (const char *)data, size};
    struct arena arena;
    struct note note = {0};
    int64_t at_ms = 0;

    arena_init(&arena, 16 * ARENA_MIB);
    if (note_read(text, &arena, &note)) {
        MUST(str_starts(text, note.body));
        MUST(note.body.len + 1 + note.signatures.len == text.len);
        str again = note_sign(&note, &key, &arena);
        struct note signed_note = {0};
        MUST(note_read(again, &arena, &signed_note));
        MUST(str_equal(signed_note.body, note.body));
        MUST(note_is_signed(&signed_note, &public, &arena));
        (void)note_is_signed(&note, &public, &arena);
        (void)note_is_cosigned(&note, STR("wancun.witness/0"), &public, &arena, &at_ms);
    }
    arena_done(&arena);
    return 0;
}
