"""The evaluation in PyTorch: the twin of `npm run evaluate`, for a GPU, or for weights that are not shipped yet.

    python3 models/avatars/train/evaluate.py --weights RUN/ema0.05_1.0000.pt --samples 5000 --out .cache/evaluate/none
    python3 models/avatars/train/evaluate.py --weights ... --method pag --scale 1 --layers 2 3 4 --samples 5000 --out ...
    python3 models/avatars/train/evaluate.py --weights ... --method autoguidance --negative RUN/ema0.05_0.0625.pt --scale 1 ...
    python3 models/avatars/train/evaluate.py --images OUT       # of generate.ts or synthesise.py
    python3 models/avatars/train/evaluate.py --golden tests/unit/evaluation/golden.json

Images are drawn as synthesise.py draws them (Euler, bfloat16, resumable) with D = D+ + s (D+ - D-). D- is, of each method:
pag: the attention maps of --layers (indices in the order of the network's run; default all) made identities; seg: their
queries blurred with --sigma (inf: the mean); autoguidance and sims: the network --negative (of --negative-size); cfg:
the same without a class (weights trained with label dropout, or those of --negative); icg: a random class at each step.

The judge and the statistics are the files beside the model's; FD-avatars, precision, recall and intervals are as in
src/evaluation, written here from the papers a second time: Heusel et al. 2017 (arXiv 1706.08500), Kynkaanniemi et al. 2019
(arXiv 1904.06991). Noise differs from the application's, so the same method gives equal numbers only within the intervals;
the same images give the same numbers.
"""
import argparse
import json
import math
import os
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from judge import judged, load_images, load_judge
from network import Denoiser
from small import load
from synthesise import digest, euler, load_network, sample_set
from train import with_huge_pages
from vision import Saliency, VisionTransformer

ROOT = Path(__file__).resolve().parents[3]
NEIGHBOURS, BLOCKS, STUDENT = 3, 10, 2.2621571628


def frechet(mean, covariance, other_mean, other_covariance):
    """|m - m'|^2 + tr S + tr S' - 2 tr (S S')^(1/2), the last from the eigenvalues of the (unsymmetric) product."""
    values = np.linalg.eigvals(covariance @ other_covariance)
    return float(((mean - other_mean) ** 2).sum() + np.trace(covariance) + np.trace(other_covariance)
                 - 2 * np.sqrt(values.astype(complex)).real.sum())


def distances(a, b):
    return torch.cdist(a, b, compute_mode="donot_use_mm_for_euclid_dist")


def radii(points):
    # The point itself is the nearest.
    return torch.cat([distances(part, points).kthvalue(NEIGHBOURS + 1, dim=1).values for part in points.split(500)])


def share_covered(points, centres, radius):
    return [bool(v) for part in points.split(500) for v in (distances(part, centres) <= radius).any(1)]


def metrics(features, right, mean, covariance, real):
    """Values and half 95 % intervals; features [n, width] (float64 tensors here and in `real`), right [n] of bool."""
    n = len(features)
    block = torch.arange(n) * BLOCKS // n
    inside = torch.tensor(share_covered(features, real, radii(real))).double()

    def all_of(keep):
        f = features[keep]
        return [frechet(mean, covariance, f.mean(0).numpy(), np.cov(f.numpy(), rowvar=False)), right[keep].double().mean().item(),
                inside[keep].mean().item(), float(np.mean(share_covered(real, f, radii(f))))]

    values = all_of(torch.ones(n, dtype=torch.bool))
    margins = [None] * len(values)
    if n >= 10 * BLOCKS:
        without = np.array([all_of(block != b) for b in range(BLOCKS)])
        margins = list(STUDENT * np.sqrt((BLOCKS - 1) / BLOCKS * ((without - without.mean(0)) ** 2).sum(0)))
    names = ["frechet", "agreement", "precision", "recall"]
    return dict(samples=n, **{name: dict(value=v, margin=None if m is None else float(m)) for name, v, m in zip(names, values, margins)})


def real_statistics(folder):
    about = json.loads((folder / "judge.json").read_text())
    width, data = about["width"], (folder / "judge-real.bin").read_bytes()
    mean = np.frombuffer(data, "<f8", width)
    covariance = np.frombuffer(data, "<f8", width * width, 8 * width).reshape(width, width)
    real = np.frombuffer(data, "<f4", about["stored"] * width, 8 * (width + width * width)).reshape(-1, width)
    return mean, covariance, torch.from_numpy(real.astype(np.float64))


def evaluate(images, folder, samples=None):
    pixels, labels = load_images(images)
    pixels, labels = pixels[:samples], labels[:samples]
    features, logits = judged(load_judge(folder), pixels)
    return metrics(features.double(), logits.argmax(1) == labels, *real_statistics(folder))


def blurred(q, sigma):
    """Queries [b, heads, tokens, width] blurred over the token grid, as in SusungHong/SEG-SDXL; here the grid is a square."""
    if math.isinf(sigma):
        return q.mean(-2, keepdim=True).expand_as(q)
    b, heads, tokens, width = q.shape
    side = math.isqrt(tokens)
    size = math.ceil(6 * sigma) + 1 - math.ceil(6 * sigma) % 2
    size = min(size, side - (side % 2 - 1))
    x = torch.linspace(-(size - 1) / 2, (size - 1) / 2, size, device=q.device)
    kernel = torch.exp(-0.5 * (x / sigma) ** 2)
    kernel = (kernel / kernel.sum()).to(q.dtype)
    image = F.pad(q.transpose(-1, -2).reshape(b, heads * width, side, side), [size // 2] * 4, mode="reflect")
    image = F.conv2d(image, kernel[None, None, :, None].expand(heads * width, 1, size, 1), groups=heads * width)
    image = F.conv2d(image, kernel[None, None, None, :].expand(heads * width, 1, 1, size), groups=heads * width)
    return image.reshape(b, heads, width, tokens).transpose(-1, -2)


def perturbation(a):
    def pag(q, k, v):
        return v

    def seg(q, k, v):
        return ((blurred(q, a.sigma) / math.sqrt(q.shape[-1])) @ k.transpose(-1, -2)).softmax(-1) @ v

    return dict(pag=pag, seg=seg)[a.method]


def guided(a, net, negative, generator, y):
    """denoise(x, sigma) -> D of the method."""
    layers = net.attention_layers()
    chosen = layers if a.layers is None else [layers[i] for i in a.layers]

    def at(network, x, sigma, y):
        return network(x, torch.full((len(x),), sigma, device=x.device), y).float()

    def minus(x, sigma):
        if a.method in ("pag", "seg"):
            for layer in chosen:
                layer.perturb = perturbation(a)
            try:
                return at(net, x, sigma, y)
            finally:
                for layer in chosen:
                    layer.perturb = None
        if a.method == "cfg":
            return at(negative or net, x, sigma, torch.full_like(y, -1))
        if a.method == "icg":
            return at(net, x, sigma, torch.randint(0, net.cls.num_embeddings, y.shape, generator=generator).to(y.device))
        return at(negative, x, sigma, y)

    def denoise(x, sigma):
        positive = at(net, x, sigma, y)
        if a.method == "none" or a.scale == 0 or not a.window[0] < sigma <= a.window[1]:
            return positive
        return positive + a.scale * (positive - minus(x, sigma))

    return denoise


def draw(a):
    net = load_network(a.size, a.weights).to(a.device)
    negative = load_network(a.negative_size, a.negative).to(a.device) if a.negative else None
    asked = dict(weights=digest(a.weights), size=a.size, steps=a.steps, batch=a.batch, seed=a.seed, method=a.method, scale=a.scale,
                 layers=a.layers, sigma=str(a.sigma), window=[str(v) for v in a.window],
                 negative=digest(a.negative) if a.negative else None)

    def images(noise, y, generator):
        return euler(guided(a, net, negative, generator, y), noise, a.steps)

    sample_set(a, asked, net.image, net.cls.num_embeddings, images)


def golden(folder):
    """Numbers for the tests of src/evaluation: metrics of small random sets, and what the shipped judge and vision
    transformer say of drawn patterns."""
    random = np.random.default_rng(0)
    turn = random.normal(size=(4, 4))
    real = (random.normal(size=(60, 4)) @ turn + 2).astype(np.float32)
    generated = (random.normal(size=(150, 4)) @ turn * 0.9 + 2.3).astype(np.float32)
    asked = np.arange(150) % 3
    seen = np.where(random.uniform(size=150) < 0.8, asked, (asked + 1) % 3)
    moments = real.astype(np.float64).mean(0), np.cov(real.astype(np.float64), rowvar=False)
    few = generated[:3].astype(np.float64)
    t = np.arange(3 * 64 * 64)
    patterns = np.stack([(t * step) % 251 for step in (7, 1)]).astype(np.uint8).reshape(2, 3, 64, 64)
    features, logits = judged(load_judge(folder), torch.from_numpy(patterns))
    with torch.no_grad():
        saliency = load(Saliency(VisionTransformer()), folder, "vision")(torch.from_numpy(patterns).float() / 127.5 - 1)
    return dict(
        real=real.tolist(), generated=generated.tolist(), asked=asked.tolist(), seen=seen.tolist(),
        metrics=metrics(torch.from_numpy(generated).double(), torch.from_numpy(asked == seen), *moments, torch.from_numpy(real).double()),
        frechetOfFew=frechet(*moments, few.mean(0), np.cov(few, rowvar=False)),
        judged=[dict(step=step, seen=int(score.argmax()), features=[round(v, 5) for v in f.tolist()],
                     saliency=[round(v, 7) for v in m.flatten().tolist()])
                for step, f, score, m in zip((7, 1), features, logits, saliency)])


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--weights", type=Path, help="a state_dict of the positive's network")
    p.add_argument("--size", default="main", choices=list(Denoiser.SIZES))
    p.add_argument("--method", default="none", choices=["none", "pag", "seg", "autoguidance", "sims", "cfg", "icg"])
    p.add_argument("--scale", type=float, default=1.0, help="s")
    p.add_argument("--layers", type=int, nargs="*")
    p.add_argument("--sigma", type=float, default=math.inf)
    p.add_argument("--window", type=float, nargs=2, default=[0.0, math.inf], help="guided where low < sigma <= high")
    p.add_argument("--negative", type=Path)
    p.add_argument("--negative-size", default="main", choices=list(Denoiser.SIZES))
    p.add_argument("--samples", dest="count", type=int, default=None, help="default 5000; of --images: all")
    p.add_argument("--steps", type=int, default=16)
    p.add_argument("--batch", type=int, default=64)
    p.add_argument("--seed", type=int, default=0)
    p.add_argument("--out", type=Path, help="OUT of OUT.u8, OUT.labels: the images are kept")
    p.add_argument("--images", type=Path, help="draw nothing; evaluate OUT.u8 and OUT.labels")
    p.add_argument("--golden", type=Path, help="write this file for the tests")
    p.add_argument("--judge", type=Path, default=ROOT / "models/avatars", help="folder of the judge's files")
    p.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    p.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    a = p.parse_args()
    if a.device == "cpu":
        with_huge_pages()
    torch.set_num_threads(a.threads)
    if a.golden:
        a.golden.write_text(json.dumps(golden(a.judge)) + "\n")
        return
    if not a.images:
        if not a.weights or not a.out:
            p.error("--weights and --out are needed to draw")
        if a.method in ("autoguidance", "sims") and not a.negative:
            p.error(f"{a.method} needs --negative")
        a.count = a.count or 5000
        draw(a)
    print(json.dumps(evaluate(a.images or a.out, a.judge, a.count), indent=2))


if __name__ == "__main__":
    main()
