/* Growing a Merkle tree and proving from it. */
#include "calc/merkle/merkle.h"

#include <string.h>

enum { NODE_BYTES = 1 + 2 * HASH_BYTES };

str merkle_algorithm_name(enum merkle_algorithm algorithm)
{
    switch (algorithm) {
    case MERKLE_SHA256:
        return STR("sha256");
    }
    return STR("");
}

struct hash merkle_leaf(enum merkle_algorithm algorithm, str leaf)
{
    MUST(algorithm == MERKLE_SHA256);
    return hash_of_two((str){"", 1}, leaf);
}

struct hash merkle_node(enum merkle_algorithm algorithm, const struct hash *left,
                        const struct hash *right)
{
    char bytes[NODE_BYTES] = {1};

    MUST(algorithm == MERKLE_SHA256);
    memcpy(bytes + 1, left->bytes, HASH_BYTES);
    memcpy(bytes + 1 + HASH_BYTES, right->bytes, HASH_BYTES);
    return hash_of((str){bytes, NODE_BYTES});
}

struct hash merkle_empty(enum merkle_algorithm algorithm)
{
    MUST(algorithm == MERKLE_SHA256);
    return hash_of(STR(""));
}

static enum rc keep(const struct merkle_keeper *keeper, int level, int64_t place,
                    const struct hash *hash)
{
    return keeper == NULL ? RC_OK
                          : keeper->keep(keeper->self, (struct merkle_at){level, place}, hash);
}

enum rc merkle_append(struct merkle_range *range, struct hash leaf,
                      const struct merkle_keeper *keeper)
{
    struct hash top = leaf;
    int64_t place = range->size;
    int level = 0;
    enum rc rc = keep(keeper, level, place, &top);

    /* As adding one carries through the ones at the end of the size. */
    for (; rc == RC_OK && (range->size >> level & 1) != 0; rc = keep(keeper, level, place, &top)) {
        range->count--;
        top = merkle_node(range->algorithm, &range->peaks[range->count], &top);
        place >>= 1;
        level++;
    }
    range->peaks[range->count++] = top;
    range->size++;
    return rc;
}

struct hash merkle_root(const struct merkle_range *range)
{
    if (range->count == 0) {
        return merkle_empty(range->algorithm);
    }
    struct hash root = range->peaks[range->count - 1];
    for (int i = range->count - 2; i >= 0; i--) {
        root = merkle_node(range->algorithm, &range->peaks[i], &root);
    }
    return root;
}

/* The hash of leaves `from` to `to`, where `from` is at a border of subtrees that is no smaller
 * than the span: the peaks of the span, joined from the right. */
static enum rc span_hash(const struct merkle_source *source, int64_t from, int64_t to,
                         struct hash *out)
{
    int64_t left = to - from;
    bool is_begun = false;
    struct hash sum = {{0}};

    for (int level = 0; left > 0; level++) {
        struct hash peak = {{0}};
        if ((left >> level & 1) == 0) {
            continue;
        }
        left -= (int64_t)1 << level;
        struct merkle_at at = {level, (from + left) >> level};
        enum rc rc = source->read(source->self, at, &peak);
        if (rc != RC_OK) {
            return rc;
        }
        sum = is_begun ? merkle_node(source->algorithm, &peak, &sum) : peak;
        is_begun = true;
    }
    *out = sum;
    return RC_OK;
}

enum rc merkle_root_at(const struct merkle_source *source, int64_t size, struct hash *out)
{
    if (size == 0) {
        *out = merkle_empty(source->algorithm);
        return RC_OK;
    }
    return span_hash(source, 0, size, out);
}

/* The greatest power of two below `n`, which is at least 2: where RFC 6962 splits. */
static int64_t split_of(int64_t n)
{
    int64_t half = 1;

    while (half < n - half) {
        half *= 2;
    }
    return half;
}

static void turn_round(struct merkle_proof *proof)
{
    for (int i = 0; i < proof->count / 2; i++) {
        struct hash hash = proof->hashes[i];
        proof->hashes[i] = proof->hashes[proof->count - 1 - i];
        proof->hashes[proof->count - 1 - i] = hash;
    }
}

static enum rc add_span(const struct merkle_source *source, int64_t from, int64_t to,
                        struct merkle_proof *proof)
{
    MUST(proof->count < MERKLE_PROOF_MAX);
    return span_hash(source, from, to, &proof->hashes[proof->count++]);
}

/* PATH(index, D[size]): down from the top, then turned round. */
enum rc merkle_prove_inclusion(const struct merkle_source *source, int64_t index, int64_t size,
                               struct merkle_proof *out)
{
    int64_t from = 0;
    int64_t to = size;
    enum rc rc = RC_OK;

    MUST(0 <= index && index < size);
    out->count = 0;
    while (rc == RC_OK && to - from > 1) {
        int64_t middle = from + split_of(to - from);
        bool is_left = index < middle;
        rc = is_left ? add_span(source, middle, to, out) : add_span(source, from, middle, out);
        from = is_left ? from : middle;
        to = is_left ? middle : to;
    }
    turn_round(out);
    return rc;
}

/* SUBPROOF(before, D[size], true): down along the end of the earlier tree, then turned round. The
 * earlier tree itself is left out where it is one subtree. */
enum rc merkle_prove_consistency(const struct merkle_source *source, int64_t before, int64_t size,
                                 struct merkle_proof *out)
{
    int64_t from = 0;
    int64_t to = size;
    enum rc rc = RC_OK;

    MUST(0 <= before && before <= size);
    out->count = 0;
    if (before == 0 || before == size) {
        return RC_OK;
    }
    while (rc == RC_OK && before < to) {
        int64_t middle = from + split_of(to - from);
        bool is_left = before <= middle;
        rc = is_left ? add_span(source, middle, to, out) : add_span(source, from, middle, out);
        from = is_left ? from : middle;
        to = is_left ? middle : to;
    }
    if (rc == RC_OK && from > 0) {
        rc = add_span(source, from, to, out);
    }
    turn_round(out);
    return rc;
}
