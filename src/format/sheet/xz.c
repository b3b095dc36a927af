/* .xz files, by liblzma: the index says how much there is before anything is unpacked. */
#include <lzma.h>

#include "format/sheet/sheet.h"

enum { DECODER_BYTES_MAX = 128 * 1024 * 1024 };

static enum rc damaged(struct err *err)
{
    return err_set(err, RC_INVALID, MSG_SHEET_XZ_DAMAGED);
}

/* What the index of the file says it holds; the decoder asks to be moved to where it lies. */
static enum rc unpacked_size(str bytes, uint64_t *out_size, struct err *err)
{
    lzma_stream stream = LZMA_STREAM_INIT;
    lzma_index *index = NULL;
    lzma_ret state =
        lzma_file_info_decoder(&stream, &index, DECODER_BYTES_MAX, (uint64_t)bytes.len);

    stream.next_in = (const uint8_t *)bytes.at;
    stream.avail_in = bytes.len;
    while (state == LZMA_OK || state == LZMA_SEEK_NEEDED) {
        state = lzma_code(&stream, LZMA_FINISH);
        if (state == LZMA_SEEK_NEEDED) {
            stream.next_in = (const uint8_t *)bytes.at + stream.seek_pos;
            stream.avail_in = bytes.len - (size_t)stream.seek_pos;
        }
    }
    bool is_sound = state == LZMA_STREAM_END;
    if (is_sound) {
        *out_size = lzma_index_uncompressed_size(index);
        lzma_index_end(index, NULL);
    }
    lzma_end(&stream);
    return is_sound ? RC_OK : damaged(err);
}

enum rc xz_unpack(str bytes, size_t unpacked_max, struct arena *arena, str *out, struct err *err)
{
    uint64_t size = 0;
    uint64_t memory_max = DECODER_BYTES_MAX;
    size_t read = 0;
    size_t written = 0;

    enum rc rc = unpacked_size(bytes, &size, err);
    if (rc != RC_OK) {
        return rc;
    }
    if (size > unpacked_max) {
        return err_set(err, RC_LIMIT, MSG_SHEET_XZ_TOO_BIG,
                       arg_count((int64_t)(unpacked_max / ARENA_MIB)));
    }
    uint8_t *at = arena_take(arena, (size_t)size + 1);
    lzma_ret state =
        lzma_stream_buffer_decode(&memory_max, LZMA_CONCATENATED, NULL, (const uint8_t *)bytes.at,
                                  &read, bytes.len, at, &written, (size_t)size);
    if (state != LZMA_OK || written != size || read != bytes.len) {
        return damaged(err);
    }
    *out = (str){(const char *)at, (size_t)size};
    return RC_OK;
}
