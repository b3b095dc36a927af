/* Merkle trees of append-only logs (RFC 6962 section 2.1, RFC 9162 section 2.1): growing one,
 * proving that a leaf is in it and that it grew out of an earlier one. Leaves are numbered from 0.
 * What verifies (merkle_verify_…) shares no code with what proves. */
#ifndef CALC_MERKLE_MERKLE_H
#define CALC_MERKLE_MERKLE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/hash.h"

/* The function under the tree. Its number stands in everything that is kept or sent. */
enum merkle_algorithm { MERKLE_SHA256 = 1 };

/* Its name in texts ("sha256"); an unknown number has none. */
str merkle_algorithm_name(enum merkle_algorithm algorithm);

enum {
    MERKLE_PEAKS_MAX = 63,     /* a size has at most so many ones */
    MERKLE_PROOF_MAX = 2 * 63, /* hashes of one proof */
};

/* H(0x00 || leaf), H(0x01 || left || right), and the root of no leaves, H(""). */
struct hash merkle_leaf(enum merkle_algorithm algorithm, str leaf);
struct hash merkle_node(enum merkle_algorithm algorithm, const struct hash *left,
                        const struct hash *right);
struct hash merkle_empty(enum merkle_algorithm algorithm);

/* A tree as little as can grow on: its size, and the roots of the perfect subtrees that it falls
 * into, the largest first. */
struct merkle_range {
    int64_t size;
    enum merkle_algorithm algorithm;
    int count;
    struct hash peaks[MERKLE_PEAKS_MAX];
};

/* A perfect subtree: 2^level leaves from leaf place x 2^level on. */
struct merkle_at {
    int level;
    int64_t place;
};

/* Told of each perfect subtree in the moment it is complete, from the lowest level up. */
struct merkle_keeper {
    void *self;
    enum rc (*keep)(void *self, struct merkle_at at, const struct hash *hash);
};

/* Append one leaf's hash. `keeper` may be NULL; only its failure fails. */
enum rc merkle_append(struct merkle_range *range, struct hash leaf,
                      const struct merkle_keeper *keeper) MUST_CHECK;
struct hash merkle_root(const struct merkle_range *range);

/* Whatever gives the hashes of perfect subtrees. */
struct merkle_source {
    void *self;
    enum merkle_algorithm algorithm;
    enum rc (*read)(void *self, struct merkle_at at, struct hash *out);
};

struct merkle_proof {
    int count;
    struct hash hashes[MERKLE_PROOF_MAX];
};

/* The root of the first `size` leaves. */
enum rc merkle_root_at(const struct merkle_source *source, int64_t size,
                       struct hash *out) MUST_CHECK;
/* That leaf `index` is in the tree of `size` leaves; 0 <= index < size. Reads at most two
 * subtrees a level. */
enum rc merkle_prove_inclusion(const struct merkle_source *source, int64_t index, int64_t size,
                               struct merkle_proof *out) MUST_CHECK;
/* That the tree of `size` leaves begins with that of `before`; 0 <= before <= size. Empty when
 * nothing was before, or nothing was added. */
enum rc merkle_prove_consistency(const struct merkle_source *source, int64_t before, int64_t size,
                                 struct merkle_proof *out) MUST_CHECK;

/* Do the hashes prove it? Any sizes, any bytes: what is no proof is false. (RFC 9162, 2.1.3.2 and
 * 2.1.4.2.) */
struct merkle_claim {
    int64_t size;
    struct hash root;
};
bool merkle_verify_inclusion(const struct merkle_claim *tree, int64_t index, struct hash leaf,
                             const struct merkle_proof *proof, enum merkle_algorithm algorithm);
bool merkle_verify_consistency(const struct merkle_claim *before, const struct merkle_claim *after,
                               const struct merkle_proof *proof, enum merkle_algorithm algorithm);

#endif
