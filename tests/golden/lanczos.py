"""Golden values of enlarged and shrunk pictures: Pillow's `resize` with LANCZOS, in floats, which it does not clip.

    python3 tests/golden/lanczos.py > tests/golden/lanczos.json

Written with Pillow 13.0. The pictures are of black and white, 0 and 255, where the filter rings most.
"""
import json

import numpy as np
from PIL import Image

random = np.random.default_rng(0)
# Enlarged by a whole and by a broken factor, shrunk, one axis each way, and fewer samples than the filter has lobes.
SIZES = [((8, 6), (24, 18)), ((8, 6), (29, 17)), ((16, 12), (5, 7)), ((6, 12), (15, 5)), ((2, 1), (7, 4))]


def case(old, new):
    values = (random.integers(0, 2, old) * 255).astype(np.float32)
    image = Image.fromarray(values)
    assert image.mode == "F" and image.size == old[::-1]
    resized = np.asarray(image.resize(new[::-1], Image.Resampling.LANCZOS))
    numbers = lambda array: [round(float(value), 4) for value in array.ravel()]
    return {"from": old, "to": new, "values": numbers(values), "resized": numbers(resized)}


print(json.dumps([case(old, new) for old, new in SIZES], separators=(",", ":")))
