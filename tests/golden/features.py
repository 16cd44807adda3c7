"""Golden values of the field's metrics from the packages themselves: pytorch-fid, clean-fid, dgm-eval, cmmd-pytorch; and Pillow's resizing.

    pip install torch scipy scikit-learn pillow pytorch-fid clean-fid tqdm requests     (torchvision where pip has one for this torch)
    git clone https://github.com/layer6ai-labs/dgm-eval; git clone https://github.com/sayakpaul/cmmd-pytorch
    python tests/golden/features.py DGM_EVAL CMMD_PYTORCH > tests/golden/features.json

Written with torch 2.13, scipy 1.17, Pillow 13.0, pytorch-fid 0.3.0, clean-fid 0.1.35, dgm-eval of 2023 (d57a6d2), cmmd-pytorch 49fb717.
"""
import json
import sys
import types
from importlib.util import module_from_spec, spec_from_file_location
from unittest.mock import MagicMock

import numpy as np
import torch
from PIL import Image

try:
    import torchvision  # noqa: F401
except (ImportError, RuntimeError):
    # pytorch-fid imports it for its network only, which is not asked here.
    for name in ["torchvision", "torchvision.transforms"]:
        sys.modules[name] = MagicMock()
from cleanfid import fid as clean
from cleanfid.resize import make_resizer
from pytorch_fid import fid_score


def module(path):
    spec = spec_from_file_location(path.replace("/", "_"), path)
    made = module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


dgm, cmmd_folder = sys.argv[1:]
fd = module(f"{dgm}/dgm_eval/metrics/fd.py")
mmd = module(f"{dgm}/dgm_eval/metrics/mmd.py")
cmmd = module(f"{cmmd_folder}/distance.py")

random = np.random.default_rng(7)
round_list = lambda array, digits: [float(f"{value:.{digits}g}") for value in np.asarray(array, dtype=np.float64).ravel()]


def clouds(count, real_count, width):
    mixing = random.normal(size=(width, width)) / np.sqrt(width)
    real = (random.normal(size=(real_count, width)) @ mixing + 0.3).astype(np.float32)
    made = (random.normal(size=(count, width)) @ (mixing * 0.9) + 0.1 * random.normal(size=width)).astype(np.float32)
    # What is written is what is measured.
    return [np.array(round_list(array, 6), dtype=np.float32).reshape(array.shape) for array in (made, real)]


def moments(features):
    return np.mean(features, axis=0, dtype=np.float64), np.cov(features.astype(np.float64), rowvar=False)


def distances(count, real_count, width):
    made, real = clouds(count, real_count, width)
    (m1, s1), (m2, s2) = moments(made), moments(real)
    unit = lambda rows: rows / np.linalg.norm(rows, axis=-1, keepdims=True)
    case = {
        "count": count, "realCount": real_count, "width": width,
        "made": round_list(made, 6), "real": round_list(real, 6), "mu": round_list(m2, 17), "sigma": round_list(s2, 17),
        "pytorchFid": float(fid_score.calculate_frechet_distance(m1, s1, m2, s2)),
        "cleanFid": float(clean.frechet_distance(m1, s1, m2, s2)),
        "dgmEval": float(fd.compute_FD_with_reps(real.astype(np.float64), made.astype(np.float64))),
        "cmmd": float(cmmd.mmd(unit(made.astype(np.float64)), unit(real.astype(np.float64)))),
    }
    if count == real_count:
        # All of both sets in each subset, so that chance has no say.
        case["cleanKid"] = float(clean.kernel_distance(real.astype(np.float64), made.astype(np.float64), num_subsets=1))
        case["dgmKid"] = float(mmd.compute_mmd(real.astype(np.float64), made.astype(np.float64), n_subsets=1)[0])
    return case


def resized(old, new):
    pixels = random.integers(0, 256, (old, old, 3)).astype(np.uint8)
    # As torchvision's Resize of a picture, which dgm-eval calls: Pillow's own.
    picture = np.asarray(Image.fromarray(pixels).resize((new, new), Image.Resampling.BICUBIC))
    return {
        "from": old, "to": new, "pixels": pixels.ravel().tolist(),
        "cleanFid": round_list(make_resizer("PIL", False, "bicubic", (new, new))(pixels), 7),
        "pytorchFid": round_list(make_resizer("PyTorch", False, "bilinear", (new, new))(pixels), 7),
        "bytes": picture.ravel().tolist(),
    }


print(json.dumps({
    "distances": [distances(30, 40, 6), distances(24, 24, 5), distances(8, 30, 12)],
    "resized": [resized(8, 19), resized(16, 37), resized(20, 7)],
}, separators=(",", ":")))
