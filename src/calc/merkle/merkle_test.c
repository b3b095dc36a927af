/* Merkle trees against the RFC's own examples and a slow reference; forged proofs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "calc/merkle/merkle.h"

enum { LEAVES = 200, LEVELS = 9, FORGED_SIZE = 77 };

/* Every level of a tree as one would draw it: pairs joined, an odd one goes up as it is. */
struct drawing {
    struct hash at[LEVELS][LEAVES];
    int count[LEVELS];
    int top;
};

static struct hash leaves[LEAVES];

static void make_leaves(void)
{
    for (int i = 0; i < LEAVES; i++) {
        char text[2] = {(char)('a' + i % 26), (char)i};
        leaves[i] = merkle_leaf(MERKLE_SHA256, (str){text, 2});
    }
}

static void draw(struct drawing *drawing, const struct hash *from, int count)
{
    memcpy(drawing->at[0], from, sizeof(struct hash) * (size_t)count);
    drawing->count[0] = count;
    for (drawing->top = 0; drawing->count[drawing->top] > 1; drawing->top++) {
        const struct hash *low = drawing->at[drawing->top];
        struct hash *high = drawing->at[drawing->top + 1];
        int n = drawing->count[drawing->top];
        for (int i = 0; i < n; i += 2) {
            high[i / 2] = i + 1 < n ? merkle_node(MERKLE_SHA256, &low[i], &low[i + 1]) : low[i];
        }
        drawing->count[drawing->top + 1] = (n + 1) / 2;
    }
}

static struct hash drawn_root(const struct drawing *drawing)
{
    return drawing->at[drawing->top][0];
}

static struct merkle_proof drawn_path(const struct drawing *drawing, int index)
{
    struct merkle_proof path = {.count = 0};

    for (int level = 0; level < drawing->top; level++, index /= 2) {
        int beside = index % 2 == 0 ? index + 1 : index - 1;
        if (beside < drawing->count[level]) {
            path.hashes[path.count++] = drawing->at[level][beside];
        }
    }
    return path;
}

/* Perfect subtrees, from a drawing of all leaves, where every one of them stands. */
static enum rc read_drawn(void *self, struct merkle_at at, struct hash *out)
{
    const struct drawing *drawing = self;

    assert_true(at.level < LEVELS && (at.place + 1) << at.level <= drawing->count[0]);
    *out = drawing->at[at.level][at.place];
    return RC_OK;
}

static struct drawing whole;
static struct drawing tree; /* of the size at hand */
static const struct merkle_source SOURCE = {&whole, MERKLE_SHA256, read_drawn};

static int set_up(void **state)
{
    (void)state;
    make_leaves();
    draw(&whole, leaves, LEAVES);
    return 0;
}

static struct hash from_hex(const char *hex)
{
    struct hash hash = {{0}};

    for (size_t i = 0; i < HASH_BYTES; i++) {
        const char pair[3] = {hex[2 * i], hex[2 * i + 1], '\0'};
        hash.bytes[i] = (unsigned char)strtoul(pair, NULL, 16);
    }
    return hash;
}

/* The tree of the reference implementation of RFC 6962 (merkle tree test data). */
static void gives_the_published_roots(void **state)
{
    static const str BYTES[] = {
        STR_INIT(""),
        STR_INIT("\x00"),
        STR_INIT("\x10"),
        STR_INIT("\x20\x21"),
        STR_INIT("\x30\x31"),
        STR_INIT("\x40\x41\x42\x43"),
        STR_INIT("\x50\x51\x52\x53\x54\x55\x56\x57"),
        STR_INIT("\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f"),
    };
    static const char *const ROOTS[] = {
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    };
    struct merkle_range range = {.algorithm = MERKLE_SHA256};
    struct hash empty = merkle_root(&range);
    struct hash none = from_hex("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");

    (void)state;
    assert_memory_equal(empty.bytes, none.bytes, HASH_BYTES);
    for (size_t i = 0; i < COUNT_OF(BYTES); i++) {
        struct hash leaf = merkle_leaf(MERKLE_SHA256, BYTES[i]);
        struct hash wanted = from_hex(ROOTS[i]);
        assert_int_equal(merkle_append(&range, leaf, NULL), RC_OK);
        struct hash root = merkle_root(&range);
        assert_memory_equal(root.bytes, wanted.bytes, HASH_BYTES);
    }
}

/* RFC 6962, 2.1.3: the tree of d0…d6 with the nodes a…l. */
static void gives_the_proofs_of_the_rfc(void **state)
{
    const struct hash *d = leaves;
    struct merkle_proof proof;

    (void)state;
    draw(&tree, leaves, 7);
    struct hash g = tree.at[1][0];
    struct hash h = tree.at[1][1];
    struct hash i = tree.at[1][2];
    struct hash k = tree.at[2][0];
    struct hash l = tree.at[2][1];
    const struct {
        int index;
        int count;
        struct hash path[3];
    } paths[] = {
        {0, 3, {d[1], h, l}}, {3, 3, {d[2], g, l}}, {4, 3, {d[5], d[6], k}}, {6, 2, {i, k}}};
    const struct {
        int before;
        int count;
        struct hash path[4];
    } grown[] = {{3, 4, {d[2], d[3], g, l}}, {4, 1, {l}}, {6, 3, {i, d[6], k}}};

    for (size_t n = 0; n < COUNT_OF(paths); n++) {
        assert_int_equal(merkle_prove_inclusion(&SOURCE, paths[n].index, 7, &proof), RC_OK);
        assert_int_equal(proof.count, paths[n].count);
        assert_memory_equal(proof.hashes, paths[n].path, sizeof(struct hash) * (size_t)proof.count);
    }
    for (size_t n = 0; n < COUNT_OF(grown); n++) {
        assert_int_equal(merkle_prove_consistency(&SOURCE, grown[n].before, 7, &proof), RC_OK);
        assert_int_equal(proof.count, grown[n].count);
        assert_memory_equal(proof.hashes, grown[n].path, sizeof(struct hash) * (size_t)proof.count);
    }
}

static void grows_as_the_drawing_at_every_size(void **state)
{
    struct merkle_range range = {.algorithm = MERKLE_SHA256};

    (void)state;
    for (int size = 1; size <= LEAVES; size++) {
        struct hash at = {{0}};
        draw(&tree, leaves, size);
        assert_int_equal(merkle_append(&range, leaves[size - 1], NULL), RC_OK);
        struct hash grown = merkle_root(&range);
        struct hash wanted = drawn_root(&tree);
        assert_int_equal(merkle_root_at(&SOURCE, size, &at), RC_OK);
        assert_memory_equal(grown.bytes, wanted.bytes, HASH_BYTES);
        assert_memory_equal(at.bytes, wanted.bytes, HASH_BYTES);
        assert_int_equal(range.size, size);
    }
}

struct kept {
    int count;
};

static enum rc check_kept(void *self, struct merkle_at at, const struct hash *hash)
{
    assert_memory_equal(hash->bytes, whole.at[at.level][at.place].bytes, HASH_BYTES);
    ((struct kept *)self)->count++;
    return RC_OK;
}

static void tells_every_perfect_subtree_once(void **state)
{
    struct merkle_range range = {.algorithm = MERKLE_SHA256};
    struct kept kept = {0};
    const struct merkle_keeper keeper = {&kept, check_kept};
    int wanted = 0;

    (void)state;
    for (int i = 0; i < LEAVES; i++) {
        assert_int_equal(merkle_append(&range, leaves[i], &keeper), RC_OK);
    }
    for (int size = LEAVES; size > 0; size /= 2) {
        wanted += size;
    }
    assert_int_equal(kept.count, wanted);
}

static enum rc refuse(void *self, struct merkle_at at, const struct hash *hash)
{
    (void)self;
    (void)at;
    (void)hash;
    return RC_BROKEN;
}

static void fails_when_what_keeps_or_reads_fails(void **state)
{
    struct merkle_range range = {.algorithm = MERKLE_SHA256};
    const struct merkle_keeper keeper = {NULL, refuse};

    (void)state;
    assert_int_equal(merkle_append(&range, leaves[0], &keeper), RC_BROKEN);
}

static void proves_every_leaf_at_every_size(void **state)
{
    struct merkle_proof proof;

    (void)state;
    for (int size = 1; size <= LEAVES; size++) {
        draw(&tree, leaves, size);
        const struct merkle_claim claim = {size, drawn_root(&tree)};
        for (int i = 0; i < size; i++) {
            struct merkle_proof path = drawn_path(&tree, i);
            assert_int_equal(merkle_prove_inclusion(&SOURCE, i, size, &proof), RC_OK);
            assert_int_equal(proof.count, path.count);
            assert_memory_equal(proof.hashes, path.hashes,
                                sizeof(struct hash) * (size_t)path.count);
            assert_true(merkle_verify_inclusion(&claim, i, leaves[i], &proof, MERKLE_SHA256));
        }
    }
}

static void proves_growth_between_all_sizes(void **state)
{
    struct merkle_proof proof;
    struct hash roots[LEAVES + 1];

    (void)state;
    for (int size = 0; size <= LEAVES; size++) {
        assert_int_equal(merkle_root_at(&SOURCE, size, &roots[size]), RC_OK);
        const struct merkle_claim after = {size, roots[size]};
        for (int before = 0; before <= size; before++) {
            const struct merkle_claim earlier = {before, roots[before]};
            assert_int_equal(merkle_prove_consistency(&SOURCE, before, size, &proof), RC_OK);
            assert_true(merkle_verify_consistency(&earlier, &after, &proof, MERKLE_SHA256));
        }
    }
}

/* One bit of one byte of the proof, another one in every byte. */
static void flip(struct merkle_proof *proof, int byte)
{
    unsigned char *at = &proof->hashes[byte / HASH_BYTES].bytes[byte % HASH_BYTES];

    *at = (unsigned char)(*at ^ 1U << byte % 8);
}

/* Each byte changed, a hash more or less, another size, another leaf or place. */
static void refuses_forged_inclusion(void **state)
{
    struct merkle_claim claim = {.size = FORGED_SIZE};

    (void)state;
    assert_int_equal(merkle_root_at(&SOURCE, FORGED_SIZE, &claim.root), RC_OK);
    for (int i = 0; i < FORGED_SIZE; i++) {
        struct merkle_proof proof = {0};
        assert_int_equal(merkle_prove_inclusion(&SOURCE, i, FORGED_SIZE, &proof), RC_OK);
        for (int byte = 0; byte < proof.count * HASH_BYTES; byte++) {
            struct merkle_proof forged = proof;
            flip(&forged, byte);
            assert_false(merkle_verify_inclusion(&claim, i, leaves[i], &forged, MERKLE_SHA256));
        }
        struct merkle_proof other = proof;
        other.count--;
        assert_false(merkle_verify_inclusion(&claim, i, leaves[i], &other, MERKLE_SHA256));
        other.count += 2;
        assert_false(merkle_verify_inclusion(&claim, i, leaves[i], &other, MERKLE_SHA256));
        for (int j = 0; j < FORGED_SIZE; j++) {
            assert_int_equal(merkle_verify_inclusion(&claim, j, leaves[i], &proof, MERKLE_SHA256),
                             i == j);
            assert_int_equal(merkle_verify_inclusion(&claim, i, leaves[j], &proof, MERKLE_SHA256),
                             i == j);
        }
    }
}

static void refuses_forged_growth(void **state)
{
    struct merkle_claim after = {.size = FORGED_SIZE};

    (void)state;
    assert_int_equal(merkle_root_at(&SOURCE, FORGED_SIZE, &after.root), RC_OK);
    for (int n = 1; n < FORGED_SIZE; n++) {
        struct merkle_claim before = {.size = n};
        struct merkle_proof proof = {0};
        assert_int_equal(merkle_root_at(&SOURCE, n, &before.root), RC_OK);
        assert_int_equal(merkle_prove_consistency(&SOURCE, n, FORGED_SIZE, &proof), RC_OK);
        for (int byte = 0; byte < proof.count * HASH_BYTES; byte++) {
            struct merkle_proof forged = proof;
            flip(&forged, byte);
            assert_false(merkle_verify_consistency(&before, &after, &forged, MERKLE_SHA256));
        }
        struct merkle_proof other = proof;
        other.count--;
        assert_false(merkle_verify_consistency(&before, &after, &other, MERKLE_SHA256));
        other.count += 2;
        assert_false(merkle_verify_consistency(&before, &after, &other, MERKLE_SHA256));
        struct merkle_claim fork = before;
        fork.root.bytes[n % HASH_BYTES] ^= 1;
        assert_false(merkle_verify_consistency(&fork, &after, &proof, MERKLE_SHA256));
        before.size = n + 1;
        assert_false(merkle_verify_consistency(&before, &after, &proof, MERKLE_SHA256));
        assert_false(merkle_verify_consistency(&after, &before, &proof, MERKLE_SHA256));
    }
}

static void refuses_what_no_tree_can_be(void **state)
{
    const struct merkle_claim none = {0, merkle_empty(MERKLE_SHA256)};
    const struct merkle_claim one = {1, leaves[0]};
    const struct merkle_claim negative = {-1, leaves[0]};
    const struct merkle_claim not_empty = {0, leaves[0]};
    const struct merkle_proof no_proof = {0};
    const struct merkle_proof absurd = {.count = MERKLE_PROOF_MAX + 1};
    const struct merkle_proof below = {.count = -1};
    const struct merkle_claim largest = {INT64_MAX, leaves[0]};

    (void)state;
    assert_false(merkle_verify_inclusion(&none, 0, leaves[0], &no_proof, MERKLE_SHA256));
    assert_false(merkle_verify_inclusion(&one, -1, leaves[0], &no_proof, MERKLE_SHA256));
    assert_true(merkle_verify_inclusion(&one, 0, leaves[0], &no_proof, MERKLE_SHA256));
    assert_false(merkle_verify_inclusion(&one, 0, leaves[0], &no_proof, 7));
    assert_false(merkle_verify_inclusion(&one, 0, leaves[0], &absurd, MERKLE_SHA256));
    assert_false(merkle_verify_inclusion(&one, 0, leaves[0], &below, MERKLE_SHA256));
    assert_false(
        merkle_verify_inclusion(&largest, INT64_MAX - 1, leaves[0], &no_proof, MERKLE_SHA256));
    assert_true(merkle_verify_consistency(&none, &one, &no_proof, MERKLE_SHA256));
    assert_false(merkle_verify_consistency(&not_empty, &one, &no_proof, MERKLE_SHA256));
    assert_false(merkle_verify_consistency(&none, &not_empty, &no_proof, MERKLE_SHA256));
    assert_false(merkle_verify_consistency(&negative, &one, &no_proof, MERKLE_SHA256));
    assert_false(merkle_verify_consistency(&one, &negative, &no_proof, MERKLE_SHA256));
    assert_false(merkle_verify_consistency(&one, &largest, &no_proof, MERKLE_SHA256));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_the_published_roots),
        cmocka_unit_test(gives_the_proofs_of_the_rfc),
        cmocka_unit_test(grows_as_the_drawing_at_every_size),
        cmocka_unit_test(tells_every_perfect_subtree_once),
        cmocka_unit_test(fails_when_what_keeps_or_reads_fails),
        cmocka_unit_test(proves_every_leaf_at_every_size),
        cmocka_unit_test(proves_growth_between_all_sizes),
        cmocka_unit_test(refuses_forged_inclusion),
        cmocka_unit_test(refuses_forged_growth),
        cmocka_unit_test(refuses_what_no_tree_can_be),
    };

    return cmocka_run_group_tests_name("merkle", tests, set_up, NULL);
}
