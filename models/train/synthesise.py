"""Samples a synthetic data set from trained weights, unguided: what SIMS fine-tunes a copy on. Resumable: run the same command again.

    python3 models/train/synthesise.py FAMILY --weights RUN/ema0.05_1.0000.pt --count 50000 --out .cache/FAMILY/synthetic

writes OUT.u8 (uint8 [count, 3, 64, 64]) and OUT.labels (uint8 [count]) as the family's generator does, classes interleaved, and
OUT.json (what was asked for). Sampler: Euler along the schedule of Karras et al. 2022, eq. 5, from sigma 80 to 0.005 and 0.
The noise of a batch is named by --seed and the batch's number, so an interrupted set is continued as if it had not been.
SIMS (Alemohammad et al. 2024, arXiv 2408.16333) trains its negative on such a set.
"""
import argparse
import hashlib
import json
import os
import time
from pathlib import Path

import numpy as np
import torch

from network import load_denoiser
from settings import Family, families
from train import with_huge_pages

SIGMA_MIN, SIGMA_MAX, RHO = 0.005, 80.0, 7.0


def karras_schedule(steps):
    """Noise levels [steps + 1]: steps of them from SIGMA_MAX to SIGMA_MIN, then 0."""
    ramp = np.linspace(SIGMA_MAX ** (1 / RHO), SIGMA_MIN ** (1 / RHO), steps) ** RHO
    return [float(s) for s in np.append(ramp.astype(np.float32), 0)]


def euler(denoise, noise, steps):
    """x at sigma 0, from standard normals [b, c, h, w]; denoise(x, sigma) -> D."""
    sigmas = karras_schedule(steps)
    x = noise * sigmas[0]
    for sigma, sigma_next in zip(sigmas, sigmas[1:]):
        denoised = denoise(x, sigma)
        x = denoised if sigma_next == 0 else x + (sigma_next - sigma) / sigma * (x - denoised)
    return x


def sample_set(a, asked, image, classes, draw):
    """Writes OUT.u8, OUT.labels and OUT.json, a batch at a time; goes on where an earlier call was stopped.

    `a`: arguments `out`, `count`, `batch`, `seed`, `device`; `asked`: what decides the images; `image`: their side.
    draw(noise, y, generator) -> images, from standard normals [batch, 3, image, image] and classes [batch]."""
    shape = (3, image, image)
    a.out.parent.mkdir(parents=True, exist_ok=True)
    images, labels, about = (Path(f"{a.out}.{kind}") for kind in ("u8", "labels", "json"))
    if images.exists() and (not about.exists() or json.loads(about.read_text()) != asked):
        raise SystemExit(f"{images} was made with other weights or arguments: name another --out, or delete it")
    about.write_text(json.dumps(asked, indent=2) + "\n")
    batches, size = -(-a.count // a.batch), a.batch * int(np.prod(shape))
    with open(images, "ab") as stream:
        first = min(stream.tell() // size, batches)
        stream.truncate(first * size)
        started = time.time()
        for batch in range(first, batches):
            generator = torch.Generator().manual_seed(a.seed * 1_000_003 + batch)
            noise = torch.randn(a.batch, *shape, generator=generator).to(a.device, memory_format=torch.channels_last)
            y = (torch.arange(a.batch, device=a.device) + batch * a.batch) % classes
            with torch.no_grad(), torch.autocast(a.device, dtype=torch.bfloat16):
                x = draw(noise, y, generator)
            assert torch.isfinite(x).all(), "a sample is not finite"
            keep = min(a.batch, a.count - batch * a.batch)
            stream.write(to_bytes(x[:keep]).cpu().contiguous().numpy().tobytes())
            stream.flush()
            done = batch * a.batch + keep
            if (batch - first) % 10 == 9 or done == a.count:
                print(f"{done} of {a.count}, {((batch - first) * a.batch + keep) / (time.time() - started):.2f} samples/s", flush=True)
    (np.arange(a.count) % classes).astype(np.uint8).tofile(labels)


def digest(weights):
    return hashlib.sha256(weights.read_bytes()).hexdigest()


def to_bytes(images):
    """[b, c, h, w] in [-1, 1] -> uint8."""
    return ((images.clamp(-1, 1) + 1) * 127.5).round().byte()


def arguments():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("family", choices=families())
    p.add_argument("--weights", type=Path, required=True, help="a state_dict, such as an average of a run")
    p.add_argument("--out", type=Path, required=True, help="OUT of OUT.u8, OUT.labels, OUT.json")
    p.add_argument("--count", type=int, default=50_000)
    p.add_argument("--size", help="a key of the family's shapes; default the first")
    p.add_argument("--steps", type=int, default=16)
    p.add_argument("--batch", type=int, default=64)
    p.add_argument("--seed", type=int, default=0)
    p.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    p.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    return p.parse_args()


def main():
    a = arguments()
    if a.device == "cpu":
        with_huge_pages()
    torch.set_num_threads(a.threads)
    family = Family(a.family)
    size = a.size or next(iter(family.shapes))
    net = load_denoiser(a.weights, family.shape(size)).to(a.device, memory_format=torch.channels_last)
    asked = dict(weights=digest(a.weights), size=size, steps=a.steps, batch=a.batch, seed=a.seed)

    def draw(noise, y, _):
        return euler(lambda x, sigma: net(x, torch.full((len(x),), sigma, device=a.device), y).float(), noise, a.steps)

    sample_set(a, asked, net.image, net.class_embedding.num_embeddings, draw)


if __name__ == "__main__":
    main()
