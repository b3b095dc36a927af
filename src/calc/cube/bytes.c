/* The cube as bytes: sealed, and taken back only when nothing is wrong with them. */
#include "calc/cube/cube_in.h"

enum { CHECKSUM_LANES = 8, CHECKSUM_STEP = CHECKSUM_LANES * 8 };

static uint64_t mixed(uint64_t sum, uint64_t word)
{
    sum = (sum ^ word) * 0x9E3779B97F4A7C15U;
    return sum ^ sum >> 29;
}

/* Against accidents, not against forgers: eight sums side by side, for the speed of memory. Bytes
 * come in whole lines of 64. */
static uint64_t checksum(const unsigned char *bytes, size_t len)
{
    uint64_t sums[CHECKSUM_LANES];
    uint64_t all = len;

    for (uint64_t i = 0; i < CHECKSUM_LANES; i++) {
        sums[i] = i + 1;
    }
    for (size_t at = 0; at + CHECKSUM_STEP <= len; at += CHECKSUM_STEP) {
        uint64_t words[CHECKSUM_LANES];
        memcpy(words, bytes + at, sizeof(words));
        for (size_t i = 0; i < CHECKSUM_LANES; i++) {
            sums[i] = mixed(sums[i], words[i]);
        }
    }
    for (size_t i = 0; i < CHECKSUM_LANES; i++) {
        all = mixed(all, sums[i]);
    }
    return all;
}

static uint64_t checksum_of(const struct cube_header *header)
{
    return checksum((const unsigned char *)header + LINE_BYTES, header->byte_count - LINE_BYTES);
}

str cube_to_bytes(struct cube *cube, const struct cube_stamp *stamp)
{
    struct cube_header *header = cube->header;

    memcpy(header->key, stamp->key, CUBE_KEY_BYTES);
    header->generation = stamp->generation;
    header->checksum = checksum_of(header);
    return (str){(const char *)header, header->byte_count};
}

/* The first line, and then the checksum. */
static enum rc check_bytes(const struct cube_header *header, size_t len, const unsigned char *key,
                           struct err *err)
{
    if (len < sizeof(*header) || memcmp(header->magic, CUBE_MAGIC, MAGIC_BYTES) != 0) {
        return err_set(err, RC_INVALID, MSG_CUBE_FOREIGN);
    }
    if (header->version != FORMAT_VERSION || header->byte_order != 1) {
        return err_set(err, RC_INVALID, MSG_CUBE_VERSION, arg_count(header->version),
                       arg_count(FORMAT_VERSION));
    }
    if (header->byte_count != len || len % LINE_BYTES != 0) {
        return err_set(err, RC_INVALID, MSG_CUBE_SHORT, arg_count((int64_t)len),
                       arg_count((int64_t)header->byte_count));
    }
    if (memcmp(header->key, key, CUBE_KEY_BYTES) != 0) {
        return err_set(err, RC_INVALID, MSG_CUBE_OTHER);
    }
    if (header->checksum != checksum_of(header)) {
        return err_set(err, RC_INVALID, MSG_CUBE_DAMAGED);
    }
    return RC_OK;
}

/* What a right checksum lets through may still have been written by a wrong program. */
static bool has_shape(const struct cube_header *header, const struct cube_indicator *indicators,
                      size_t len)
{
    struct err err = {0};

    if (header->level_count < 1 || header->level_count > CUBE_LEVELS_MAX ||
        header->indicator_count > CUBE_INDICATORS_MAX ||
        CUBE_INDICATORS_AT + header->indicator_count * sizeof(*indicators) > len) {
        return false;
    }
    for (uint32_t l = 0; l < header->level_count; l++) {
        if (header->unit_count[l] > CUBE_UNITS_MAX) {
            return false;
        }
    }
    return cube_check_weights(indicators, header->indicator_count, &err) == RC_OK;
}

enum rc cube_from_bytes(void *bytes, size_t len, const unsigned char key[static CUBE_KEY_BYTES],
                        struct arena *arena, struct cube **out, struct err *err)
{
    struct cube_header *header = bytes;
    enum rc rc = check_bytes(header, len, key, err);

    MUST((uintptr_t)bytes % LINE_BYTES == 0);
    if (rc != RC_OK) {
        return rc;
    }
    struct cube_indicator *indicators = (void *)((char *)bytes + CUBE_INDICATORS_AT);
    if (!has_shape(header, indicators, len)) {
        return err_set(err, RC_INVALID, MSG_CUBE_DAMAGED);
    }
    struct cube *cube = ARENA_NEW(arena, struct cube, 1);
    cube_take_header(cube, header, indicators, arena);
    if (cube_lay_out(cube, NULL) != len) {
        return err_set(err, RC_INVALID, MSG_CUBE_DAMAGED);
    }
    (void)cube_lay_out(cube, bytes);
    *out = cube;
    return RC_OK;
}

uint64_t cube_generation(const struct cube *cube)
{
    return cube->header->generation;
}
