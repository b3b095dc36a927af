/* Is a proof one? Written from RFC 9162 alone, and apart from what makes proofs. */
#include <string.h>

#include "calc/merkle/merkle.h"

static bool is_same(const struct hash *a, const struct hash *b)
{
    return memcmp(a->bytes, b->bytes, HASH_BYTES) == 0;
}

/* H(0x01 || left || right) once more, so that nothing is shared with the maker. */
static struct hash join(const struct hash *left, const struct hash *right)
{
    unsigned char both[2 * HASH_BYTES + 1] = {0x01};

    memcpy(&both[1], left->bytes, HASH_BYTES);
    memcpy(&both[HASH_BYTES + 1], right->bytes, HASH_BYTES);
    return hash_of((str){(const char *)both, sizeof(both)});
}

static bool can_be(const struct merkle_proof *proof, enum merkle_algorithm algorithm)
{
    return algorithm == MERKLE_SHA256 && 0 <= proof->count && proof->count <= MERKLE_PROOF_MAX;
}

bool merkle_verify_inclusion(const struct merkle_claim *tree, int64_t index, struct hash leaf,
                             const struct merkle_proof *proof, enum merkle_algorithm algorithm)
{
    if (!can_be(proof, algorithm) || index < 0 || tree->size <= index) {
        return false;
    }
    uint64_t fn = (uint64_t)index;
    uint64_t sn = (uint64_t)tree->size - 1;
    struct hash r = leaf;
    for (int i = 0; i < proof->count; i++) {
        const struct hash *p = &proof->hashes[i];
        if (sn == 0) {
            return false;
        }
        if ((fn & 1) == 0 && fn != sn) {
            r = join(&r, p);
            fn >>= 1;
            sn >>= 1;
            continue;
        }
        r = join(p, &r);
        while ((fn & 1) == 0 && fn != 0) {
            fn >>= 1;
            sn >>= 1;
        }
        fn >>= 1;
        sn >>= 1;
    }
    return sn == 0 && is_same(&r, &tree->root);
}

/* The walk of 2.1.4.2 from the first hash on: `fr` becomes the earlier root, `sr` the later. */
struct climb {
    uint64_t fn;
    uint64_t sn;
    struct hash fr;
    struct hash sr;
};

static bool climb_one(struct climb *at, const struct hash *c)
{
    if (at->sn == 0) {
        return false;
    }
    if ((at->fn & 1) == 1 || at->fn == at->sn) {
        at->fr = join(c, &at->fr);
        at->sr = join(c, &at->sr);
        while ((at->fn & 1) == 0 && at->fn != 0) {
            at->fn >>= 1;
            at->sn >>= 1;
        }
    } else {
        at->sr = join(&at->sr, c);
    }
    at->fn >>= 1;
    at->sn >>= 1;
    return true;
}

static bool is_power_of_two(int64_t n)
{
    return (n & (n - 1)) == 0;
}

/* Nothing before, or nothing added: no hashes are needed, and none may be there. */
static bool verify_trivial(const struct merkle_claim *before, const struct merkle_claim *after,
                           const struct merkle_proof *proof)
{
    struct hash none = hash_of((str){"", 0});

    if (before->size == 0) {
        return proof->count == 0 && is_same(&before->root, &none) &&
               (after->size > 0 || is_same(&after->root, &none));
    }
    return proof->count == 0 && is_same(&before->root, &after->root);
}

bool merkle_verify_consistency(const struct merkle_claim *before, const struct merkle_claim *after,
                               const struct merkle_proof *proof, enum merkle_algorithm algorithm)
{
    if (!can_be(proof, algorithm) || before->size < 0 || after->size < before->size) {
        return false;
    }
    if (before->size == 0 || before->size == after->size) {
        return verify_trivial(before, after, proof);
    }
    if (proof->count == 0) {
        return false;
    }
    int next = is_power_of_two(before->size) ? 0 : 1;
    struct climb at = {
        .fn = (uint64_t)before->size - 1,
        .sn = (uint64_t)after->size - 1,
        .fr = next == 0 ? before->root : proof->hashes[0],
        .sr = next == 0 ? before->root : proof->hashes[0],
    };
    while ((at.fn & 1) == 1) {
        at.fn >>= 1;
        at.sn >>= 1;
    }
    for (; next < proof->count; next++) {
        if (!climb_one(&at, &proof->hashes[next])) {
            return false;
        }
    }
    return at.sn == 0 && is_same(&at.fr, &before->root) && is_same(&at.sr, &after->root);
}
