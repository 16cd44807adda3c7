"""The loss of weights on held-out pictures, the same noise for all: how recipes and shapes are compared.

    python3 models/train/heldout.py FAMILY WEIGHTS ... --images OUT [--size SIZE]   # means, differences
    python3 models/train/heldout.py FAMILY WEIGHTS ... --images OUT --by-sigma      # at levels even in their logarithm

OUT is the family's generator's; SIZE:WEIGHTS is of another size. Intervals are of 95 %, over pictures: they know
nothing of another seed of the training. By noise level one sees where the loss falls between two snapshots of a run
(--noise-mean and --noise-std of train.py say where it learns most).
"""
import argparse
import math
from pathlib import Path

import numpy as np
import torch

from judge import load_images
from network import SIGMA_DATA, load_denoiser
from settings import Family, families

LEVELS, SPREAD = 13, 3


@torch.no_grad()
def losses(net, pixels, labels, sigma, seed=3, batch=50):
    """EDM loss of each picture [n] (uint8) at its noise level [n]; the noise is the same in every call."""
    generator, result = torch.Generator().manual_seed(seed), []
    for first in range(0, len(pixels), batch):
        part = slice(first, first + batch)
        x, s = pixels[part].float() / 127.5 - 1, sigma[part]
        noise = torch.randn(x.shape, generator=generator)
        weight = (s**2 + SIGMA_DATA**2) / (s * SIGMA_DATA) ** 2
        noisy = (x + noise * s[:, None, None, None]).contiguous(memory_format=torch.channels_last)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            denoised = net(noisy, s, labels[part])
        result.append(weight * (denoised - x).square().mean((1, 2, 3)))
    return torch.cat(result)


def spread_evenly(count, mean, std):
    """Noise levels of so many pictures, even over the training's distribution, in an order that is always the same."""
    quantile = (torch.randperm(count, generator=torch.Generator().manual_seed(3)) + 0.5) / count
    return (torch.erfinv(2 * quantile - 1) * 2**0.5 * std + mean).exp()


def told(own, first):
    apart = own - first
    return f"{own.mean():.4f}, {apart.mean():+.4f} ± {1.96 * apart.std() / len(apart) ** 0.5:.4f}"


def compare(nets, pixels, labels, training):
    """Lines to print; `nets`: {name: network}."""
    sigma = spread_evenly(len(pixels), training["logSigmaMean"], training["logSigmaStd"])
    first = None
    for name, net in nets.items():
        own = losses(net, pixels, labels, sigma)
        first = own if first is None else first
        yield f"{name}: {told(own, first)} on {len(own)} pictures"


def by_sigma(nets, pixels, labels, training):
    mean, std = training["logSigmaMean"], training["logSigmaStd"]
    yield "sigma, share of the training's samples, loss of " + "; ".join(nets)
    step = 2 * SPREAD * std / (LEVELS - 1)
    for i in range(LEVELS):
        level = mean - SPREAD * std + i * step
        own = [losses(net, pixels, labels, torch.full((len(pixels),), math.exp(level))) for net in nets.values()]
        share = math.exp(-((level - mean) / std) ** 2 / 2) * step / (std * math.sqrt(2 * math.pi))
        yield f"{math.exp(level):.4g}, {share:.1%}, " + "; ".join(told(each, own[0]) for each in own)


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("family", choices=families())
    p.add_argument("weights", nargs="+")
    p.add_argument("--images", required=True)
    p.add_argument("--size")
    p.add_argument("--count", type=int, help="so many pictures; default all")
    p.add_argument("--by-sigma", action="store_true")
    a = p.parse_args()
    torch.set_num_threads(1)
    family = Family(a.family)
    pixels, labels = (part[:a.count] for part in load_images(a.images))
    nets = {}
    for given in a.weights:
        named, _, rest = given.partition(":")
        size, path = (named, rest) if named in family.shapes else (a.size or next(iter(family.shapes)), given)
        nets[given] = load_denoiser(Path(path), family.shape(size)).to(memory_format=torch.channels_last)
    for line in (by_sigma if a.by_sigma else compare)(nets, pixels, labels, family.training):
        print(line, flush=True)


if __name__ == "__main__":
    main()
