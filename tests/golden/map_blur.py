"""Golden values of PAG's perturbation "map blurred": torchvision's gaussian_blur (5 taps, deviation 9) of random maps.

    python3 tests/golden/map_blur.py

torchvision 0.20 `_functional_tensor.gaussian_blur` written out: both sides padded by reflection, then one convolution with the outer
product of the kernel. Reflection needs a padding shorter than the map, so a map of two tokens gets three taps. Written is
tests/golden/map-blur.json: {tokens, map, blurred}, row by row.
"""
import json
from pathlib import Path

import torch
import torch.nn.functional as F


def gaussian_blur(image, taps, deviation):
    x = torch.linspace(-(taps - 1) * 0.5, (taps - 1) * 0.5, taps, dtype=torch.float64)
    kernel = torch.exp(-0.5 * (x / deviation)**2)
    kernel = kernel / kernel.sum()
    half = taps // 2
    padded = F.pad(image[None, None], [half, half, half, half], mode="reflect")
    return F.conv2d(padded, (kernel[:, None] * kernel[None])[None, None])[0, 0]


torch.manual_seed(1)
cases = []
for tokens, taps in ((2, 3), (3, 5), (4, 5), (9, 5)):
    image = torch.randn(tokens, tokens, dtype=torch.float64).mul(2).softmax(-1)
    cases.append(dict(tokens=tokens, map=image.flatten().tolist(), blurred=gaussian_blur(image, taps, 9).flatten().tolist()))
lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
(Path(__file__).parent / "map-blur.json").write_text(f"[\n{lines}\n]\n")
