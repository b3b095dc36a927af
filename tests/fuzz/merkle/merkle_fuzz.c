/* Any bytes as two sizes, a place and a proof: the verifiers answer, and what they take for true
 * is what the maker of proofs gives. */
#include <stdint.h>
#include <string.h>

#include "calc/merkle/merkle.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { LEAVES = 64, HEAD_BYTES = 4 };

static struct hash leaves[LEAVES];

/* Subtrees made anew each time. */
static enum rc read_made(void *self, struct merkle_at at, struct hash *out)
{
    struct merkle_range range = {.algorithm = MERKLE_SHA256};

    (void)self;
    for (int64_t i = at.place << at.level; i < (at.place + 1) << at.level; i++) {
        MUST(merkle_append(&range, leaves[i], NULL) == RC_OK);
    }
    *out = merkle_root(&range);
    return RC_OK;
}

static const struct merkle_source SOURCE = {NULL, MERKLE_SHA256, read_made};

static struct merkle_proof proof_of(const uint8_t *data, size_t size)
{
    struct merkle_proof proof = {.count = (int)(size / HASH_BYTES)};

    proof.count = proof.count > MERKLE_PROOF_MAX ? MERKLE_PROOF_MAX : proof.count;
    memcpy(proof.hashes, data, (size_t)proof.count * HASH_BYTES);
    return proof;
}

static bool is_same(const struct merkle_proof *a, const struct merkle_proof *b)
{
    return a->count == b->count && memcmp(a->hashes, b->hashes, (size_t)a->count * HASH_BYTES) == 0;
}

static void check_inclusion(int index, const struct merkle_claim *tree,
                            const struct merkle_proof *given)
{
    struct merkle_proof made = {0};

    MUST(merkle_prove_inclusion(&SOURCE, index, tree->size, &made) == RC_OK);
    MUST(merkle_verify_inclusion(tree, index, leaves[index], &made, MERKLE_SHA256));
    MUST(merkle_verify_inclusion(tree, index, leaves[index], given, MERKLE_SHA256) ==
         is_same(&made, given));
}

static void check_growth(const struct merkle_claim *before, const struct merkle_claim *after,
                         const struct merkle_proof *given)
{
    struct merkle_proof made = {0};

    MUST(merkle_prove_consistency(&SOURCE, before->size, after->size, &made) == RC_OK);
    MUST(merkle_verify_consistency(before, after, &made, MERKLE_SHA256));
    MUST(merkle_verify_consistency(before, after, given, MERKLE_SHA256) == is_same(&made, given));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < HEAD_BYTES) {
        return 0;
    }
    for (int i = 0; i < LEAVES; i++) {
        leaves[i].bytes[0] = (unsigned char)i;
    }
    struct merkle_proof given = proof_of(data + HEAD_BYTES, size - HEAD_BYTES);
    struct merkle_claim after = {.size = data[0] % LEAVES + 1};
    struct merkle_claim before = {.size = data[1] % (after.size + 1)};
    MUST(merkle_root_at(&SOURCE, after.size, &after.root) == RC_OK);
    MUST(merkle_root_at(&SOURCE, before.size, &before.root) == RC_OK);
    check_inclusion((int)(data[2] % after.size), &after, &given);
    check_growth(&before, &after, &given);
    struct merkle_claim wild = {.size = (int64_t)((uint64_t)data[3] << 56 | data[1])};
    (void)merkle_verify_inclusion(&wild, data[2], leaves[0], &given, MERKLE_SHA256);
    (void)merkle_verify_consistency(&before, &wild, &given, MERKLE_SHA256);
    return 0;
}
