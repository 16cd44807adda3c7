"""Paired differences of two sets on the same seeds, in numpy: python3 tests/golden/paired.py > tests/golden/paired.json

The sets are those of tests/unit/evaluation/golden.json and the same moved by what `other` says. Each statistic is computed without each
tenth of the images for both; the interval is Student's t times the jackknife error of the differences (models/train/evaluate.py)."""
import json
import math
import sys
from pathlib import Path

import numpy as np
import torch

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "models/train"))
from evaluate import BLOCKS, frechet, jackknife, radii, share_covered  # noqa: E402


def other(generated):
    """The second set: each image drawn to 1 by a tenth, and every third pushed."""
    moved = (generated * np.float32(0.9) + np.float32(0.1)).astype(np.float32)
    moved[::3, 0] += np.float32(0.25)
    return moved


def statistics(features, right, real):
    def of(keep):
        f = torch.from_numpy(features[keep]).double()
        moments = real.mean(0).numpy(), np.cov(real.numpy(), rowvar=False)
        return [frechet(*moments, f.mean(0).numpy(), np.cov(f.numpy(), rowvar=False)), right[keep].mean(),
                np.mean(share_covered(f, real, radii(real))), np.mean(share_covered(real, f, radii(f)))]

    n = len(features)
    block = np.arange(n) * BLOCKS // n
    return np.array([of(np.ones(n, bool))] + [of(block != b) for b in range(BLOCKS)])


g = json.loads((ROOT / "tests/unit/evaluation/golden.json").read_text())
real, generated = torch.tensor(g["real"]).double(), np.array(g["generated"], np.float32)
asked, seen = np.array(g["asked"]), np.array(g["seen"])
a = statistics(generated, (asked == seen).astype(float), real)
b = statistics(other(generated), (asked == np.roll(seen, 3)).astype(float), real)
margins = jackknife(a[1:] - b[1:])
told = {name: dict(value=float(v), margin=float(m)) for name, v, m in zip(["frechet", "agreement", "precision", "recall"], a[0] - b[0], margins)}
assert not any(math.isnan(v["value"]) for v in told.values())
print(json.dumps(dict(samples=len(generated), **told), indent=1))
