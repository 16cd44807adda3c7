"""Autoguidance with a second file: two networks of other weights and widths, exported as strangers would, and a whole trajectory by PyTorch alone.

    PYTHON tests/golden/second.py        # Python with torch, numpy and onnx; writes tests/golden/second/ and second.json

Euler's method as in Karras et al. 2022, algorithm 1 without churn, and D+ + s (D+ - D-) of Karras et al. 2024, eq. 3. The weak network's weights lie in a file
beside its graph.
"""
import json
from pathlib import Path

import numpy as np
import onnx
import torch

HERE = Path(__file__).parent
CHANNELS, SIZE, STEPS, SCALE = 3, 8, 6, 1.75
SIGMA_MIN, SIGMA_MAX, RHO = 0.01, 80, 7


class Net(torch.nn.Module):
    """D(x; sigma), with one attention over all places of the image."""

    def __init__(self, width, seed):
        super().__init__()
        torch.manual_seed(seed)
        self.into = torch.nn.Conv2d(CHANNELS, width, 3, padding=1)
        self.level = torch.nn.Linear(1, width)
        self.qkv = torch.nn.Conv2d(width, 3 * width, 1)
        self.out = torch.nn.Conv2d(width, CHANNELS, 3, padding=1)

    def forward(self, x, sigma):
        sigma = sigma.reshape(-1, 1, 1, 1)
        h = self.into(x / (1 + sigma**2).sqrt()) + self.level(sigma.log().reshape(-1, 1) / 4)[:, :, None, None]
        q, k, v = self.qkv(torch.nn.functional.silu(h)).flatten(2).chunk(3, 1)
        a = torch.softmax(q.transpose(1, 2) @ k / q.shape[1] ** 0.5, -1)
        h = h + (v @ a.transpose(1, 2)).reshape(h.shape)
        skip = 1 / (1 + sigma**2)
        return skip * x + sigma * skip.sqrt() * self.out(torch.nn.functional.silu(h))


def export(net, path):
    path.parent.mkdir(parents=True, exist_ok=True)
    torch.onnx.export(
        net, (torch.randn(2, CHANNELS, SIZE, SIZE), torch.tensor([1.0, 2.0])), str(path), dynamo=False, opset_version=17,
        input_names=["x", "sigma"], output_names=["denoised"], dynamic_axes={name: {0: "rows"} for name in ("x", "sigma", "denoised")})


def main():
    strong, weak = Net(16, 0).eval(), Net(8, 1).eval()
    export(strong, HERE / "second/model.onnx")
    export(weak, HERE / "second/weak/model.onnx")
    path = HERE / "second/weak/model.onnx"
    (path.parent / "model.onnx.data").unlink(missing_ok=True)
    onnx.save_model(onnx.load(path), path, save_as_external_data=True, location="model.onnx.data", size_threshold=64)
    steps = np.arange(STEPS) / (STEPS - 1)
    sigmas = [*((SIGMA_MAX ** (1 / RHO) + steps * (SIGMA_MIN ** (1 / RHO) - SIGMA_MAX ** (1 / RHO))) ** RHO), 0.0]
    torch.manual_seed(2)
    x = initial = SIGMA_MAX * torch.randn(1, CHANNELS, SIZE, SIZE)
    trajectory = []
    with torch.no_grad():
        for now, after in zip(sigmas, sigmas[1:]):
            sigma = torch.tensor([now], dtype=torch.float32)
            positive, negative = strong(x, sigma), weak(x, sigma)
            guided = positive + SCALE * (positive - negative)
            x = x + (after - now) * (x - guided) / now
            trajectory.append({"sigma": now, "guided": guided.flatten().tolist(), "x": x.flatten().tolist()})
    told = {"scale": SCALE, "steps": STEPS, "initial": initial.flatten().tolist(), "trajectory": trajectory}
    rounded = json.loads(json.dumps(told), parse_float=lambda text: float(f"{float(text):.8g}"))
    (HERE / "second.json").write_text(json.dumps(rounded) + "\n")


if __name__ == "__main__":
    main()
