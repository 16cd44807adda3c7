"""The random draws of the playground, in numpy, written from their definitions; `python3 tests/golden/philox.py` checks the generator.

Generator: Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011). A draw is named by a counter of four
words and a key of two, so nothing depends on the order in which draws are made. `stream` is the index of the image among the samples.
"""
import numpy as np

NOISE, CONDITION, MASK, DROP, MAP_NOISE, SHUFFLE, TIME, GAUSSIAN_CONDITION, REGION, DROPOUT = range(10)
WORD = np.uint64(0xFFFFFFFF)


def philox(counter, key):
    """counter: four integers or arrays of them; key: two. -> [..., 4] words as uint64 below 2^32."""
    c = [np.atleast_1d(np.asarray(word, np.uint64)) for word in counter]
    c = list(np.broadcast_arrays(*c))
    k0, k1 = (np.uint64(int(word) & 0xFFFFFFFF) for word in key)
    for _ in range(10):
        product0, product1 = np.uint64(0xD2511F53) * c[0], np.uint64(0xCD9E8D57) * c[2]
        c = [product1 >> np.uint64(32) ^ c[1] ^ k0, product1 & WORD, product0 >> np.uint64(32) ^ c[3] ^ k1, product0 & WORD]
        k0, k1 = k0 + np.uint64(0x9E3779B9) & WORD, k1 + np.uint64(0xBB67AE85) & WORD
    return np.stack(c, -1)


def stream_of(method):
    """The purpose of a newer method's own draws: FNV-1a of its id, with the highest bit set."""
    value = 0x811C9DC5
    for byte in method.encode():
        value = (value ^ byte) * 0x01000193 & 0xFFFFFFFF
    return value | 0x80000000


def blocks(count, purpose, third, fourth, key):
    """`count` words from as many blocks as that takes: counter [block, purpose, third, fourth]."""
    return philox([np.arange(-(-count // 4)), purpose, third, fourth], key).reshape(-1)[:count]


def polar(count, counter_tail, key):
    """Standard normals, float32: Marsaglia's polar method on the word pairs (0, 1) and (2, 3) of each block, rejected pairs left out."""
    made = 1
    while True:
        made *= 2
        words = philox([np.arange(made * (count // 4 + 4)), *counter_tail], key).astype(np.float64).reshape(-1, 2)
        pairs = (words + 0.5) / 2**31 - 1
        square = (pairs**2).sum(1)
        pairs, square = pairs[(square < 1) & (square > 0)], square[(square < 1) & (square > 0)]
        out = (pairs * np.sqrt(-2 * np.log(square) / square)[:, None]).reshape(-1)
        if len(out) >= count:
            return out[:count].astype(np.float32)


def normals(seed, stream, count, purpose=NOISE, index=0):
    return polar(count, [purpose, index, 0], [seed, stream])


def random_word(seed, stream, purpose, index, sub=0):
    return int(philox([index, purpose, sub, 0], [seed, stream])[0, 0])


def random_integer(seed, stream, purpose, index, bound):
    """In [0, bound)."""
    return int(random_word(seed, stream, purpose, index) / 2**32 * bound)


def half_up(value):
    """Rounding to the nearest whole number, halves upwards."""
    return int(np.floor(value + 0.5))


def dropped(tokens, rate, seed, purpose):
    """[tokens, tokens] booleans: 16 bits an entry, the low half of a word first; true where they are below rate."""
    words = blocks(-(-tokens * tokens // 2), purpose, 0, 1, [seed, 0])
    bits = np.stack([words & np.uint64(0xFFFF), words >> np.uint64(16)], -1).reshape(-1)[:tokens * tokens]
    return (bits < half_up(rate * 65536)).reshape(tokens, tokens)


def mask(tokens, rate, seed, keep_diagonal):
    """Entries of the logits that are dropped; a row that lost all keeps its diagonal entry."""
    out, own = dropped(tokens, rate, seed, MASK), np.eye(tokens, dtype=bool)
    return out & ~(own & (keep_diagonal | out.all(1, keepdims=True)))


def drop(tokens, rate, seed):
    return dropped(tokens, rate, seed, DROP)


def map_noise(tokens, seed):
    return polar(tokens * tokens, [MAP_NOISE, 0, 1], [seed, 0]).reshape(tokens, tokens)


def shuffle(tokens, share, seed):
    """(sources, targets): token targets[k] gets what belongs to token sources[k]. Fisher and Yates, from the end."""
    p = np.arange(tokens)
    words = philox([np.arange(tokens), SHUFFLE, 0, 1], [seed, 0])[:, 0]
    for i in range(tokens - 1, -1, -1):
        j = int(int(words[i]) / 2**32 * (i + 1))
        p[[i, j]] = p[[j, i]]
    sources = p[:half_up(share * tokens)]
    return sources, np.sort(sources)


def region(seed, stream, step, height, width, area):
    """The `area` pixels with the smallest words."""
    words = blocks(height * width, REGION, step, 0, [seed, stream])
    out = np.zeros(height * width, bool)
    out[np.argsort(words, kind="stable")[:area]] = True
    return out.reshape(height, width)


def square(seed, stream, step, height, width, area):
    side = min(max(half_up(np.sqrt(area)), 1), height, width)
    w = philox([0, REGION, step, 1], [seed, stream])[0]
    top, left = int(int(w[0]) / 2**32 * (height - side + 1)), int(int(w[1]) / 2**32 * (width - side + 1))
    out = np.zeros((height, width), bool)
    out[top:top + side, left:left + side] = True
    return out


def check():
    """Known answers of Random123 (kat_vectors, philox4x32 10), and moments of what is drawn from them."""
    ones = 0xFFFFFFFF
    for counter, key, words in [
        ([0] * 4, [0] * 2, "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
        ([ones] * 4, [ones] * 2, "408f276d 41c83b0e a20bc7c6 6d5451fd"),
        ([0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344], [0xA4093822, 0x299F31D0], "d16cfe09 94fdcceb 5001e420 24126ea1"),
    ]:
        assert " ".join(f"{int(word):08x}" for word in philox(counter, key)[0]) == words
    drawn = normals(3, 0, 40000)
    assert abs(drawn.mean()) < 0.02 and abs(drawn.std() - 1) < 0.02 and abs((drawn**4).mean() - 3) < 0.15
    assert (normals(3, 0, 7) == drawn[:7]).all() and not (normals(3, 1, 7) == drawn[:7]).any()
    assert abs(dropped(64, 0.75, 5, MASK).mean() - 0.75) < 0.03 and not (dropped(64, 0.75, 5, MASK) == dropped(64, 0.75, 5, DROP)).all()
    assert (mask(16, 1, 5, False) == ~np.eye(16, dtype=bool)).all() and not mask(16, 0.9, 5, True).diagonal().any()
    sources, targets = shuffle(16, 1, 9)
    assert sorted(sources) == list(targets) == list(range(16)) and list(sources) != list(targets)
    assert len(shuffle(16, 0.3, 9)[0]) == 5
    assert region(1, 0, 2, 8, 8, 20).sum() == 20 and square(1, 0, 2, 8, 8, 24).sum() == 25


if __name__ == "__main__":
    check()
    print("Philox4x32-10 gives its known answers")
