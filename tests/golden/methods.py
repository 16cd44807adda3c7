"""Golden tensors of every guidance method: whole runs of presets, computed by PyTorch from the papers alone.

    python3 tests/golden/methods.py [tiny] [avatars] [--only TEXT ...] [--folder FOLDER --out FOLDER]

Nothing here shares code with the engine or with the exported graphs. The network is written out once more below, from the trained
tensors, in float64; the methods are written as the papers and their reference code have them (named at each function), the random draws
as tests/golden/philox.py defines them. A preset says everything that a run depends on, so that no default is needed to read it.

Written are tests/golden/methods-ID.json and .bin: an index, and little-endian float32 data; a tensor is {offset (bytes), shape}.
`runs`: {name, preset, steps: [{sigma, x?, positive?, negative?, denoised?, mask?, stacked?}], final?}, of the last image of the preset.
`x` is x_t of the guided trajectory, and the others are the first evaluation there: D+, D-, the guided D, and for each term of the stack
its D-. A tensor that a step does not name is not stored, for others tell of it already (D+ and D of x); null says that this run does
not evaluate it. Of SAG, D- is D+ minus its difference.
"""
import argparse
import itertools
import json
import math
import sys
from fractions import Fraction
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

import philox

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "models/train"))
from export import load_shipped  # noqa: E402
from settings import Family as Settings  # noqa: E402

SIGMA_DATA = 0.5
# A synthesised average is made of the stored ones of so many last moments.
SNAPSHOTS = 2


class Close(Exception):
    """A decision of this run hangs on rounding; another seed will do."""


# ---- the network -----------------------------------------------------------------------------------------------------------------

def kernel(sigma, side):
    """SEG-SDXL: an odd size that covers three standard deviations each way, at most side + 1 (even) or side (odd)."""
    size = math.ceil(6 * sigma)
    size = min(size + 1 - size % 2, side + 1 - side % 2)
    x = torch.linspace(-(size - 1) / 2, (size - 1) / 2, size, dtype=torch.float64)
    weight = torch.exp(-0.5 * (x / sigma)**2)
    return weight / weight.sum()


def blur_queries(q, sigma, height, width):
    """SEG (Hong 2024, eq. 7; SEG-SDXL): every channel of q [heads, tokens, d] blurred over the grid of queries."""
    if sigma == 0:
        return q
    if math.isinf(sigma):
        return q.mean(1, keepdim=True).expand_as(q)
    image = q.transpose(1, 2).reshape(1, -1, height, width)
    for line, dims in ((kernel(sigma, width)[None], 0), (kernel(sigma, height)[:, None], 1)):
        line, half = line.to(q), line.numel() // 2
        image = F.pad(image, [half, half, 0, 0] if dims == 0 else [0, 0, half, half], mode="reflect")
        image = F.conv2d(image, line.expand(image.shape[1], 1, *line.shape), groups=image.shape[1])
    return image.reshape(q.shape[0], q.shape[2], -1).transpose(1, 2)


def smooth_map(weights, kind):
    """PAG's ablation: the map as if it were an image, by a 5 x 5 Gaussian of deviation 9, reflected at the edges
    (torchvision's gaussian_blur, which the authors call), or a 3 x 3 average with zeros outside."""
    if kind == "average":
        return F.avg_pool2d(weights[None], 3, stride=1, padding=1, count_include_pad=True)[0]
    line = torch.exp(-torch.arange(-2, 3, dtype=torch.float64)**2 / (2 * 81))
    line = line / line.sum()
    padded = F.pad(weights[:, None], [2, 2, 2, 2], mode="reflect")
    return F.conv2d(padded, torch.outer(line, line)[None, None].to(weights))[:, 0]


def attend(q, k, v, control, height, width):
    """One layer under one control; q, k, v [heads, tokens, d]. Returns what goes to the output projection, and the map [heads, N, N]."""
    tokens = height * width
    q = blur_queries(q, control.get("querySigma", 0), height, width)
    logits = q @ k.transpose(1, 2) * (control.get("temperature", 1) / math.sqrt(q.shape[-1]))
    if "mask" in control:
        rate, seed, keep = control["mask"]
        logits = logits.masked_fill(torch.from_numpy(philox.mask(tokens, rate, seed, keep)).to(q.device), -math.inf)
    weights = logits.softmax(-1)
    if "smooth" in control:
        weights = smooth_map(weights, control["smooth"])
    if "drop" in control:
        weights = weights.masked_fill(torch.from_numpy(philox.drop(tokens, *control["drop"])).to(q.device), 0)
    if "noise" in control:
        deviation, seed = control["noise"]
        weights = weights + deviation * torch.from_numpy(philox.map_noise(tokens, seed)).to(weights)
    out = weights @ v
    if "shuffle" in control:
        sources, targets = philox.shuffle(tokens, *control["shuffle"])
        handed = out.clone()
        handed[:, targets] = out[:, sources]
        out = handed
    if "mix" in control:
        mix = torch.as_tensor(control["mix"], dtype=v.dtype, device=v.device).reshape(-1, 1, 1)
        out = (1 - mix) * out + mix * v
    return out, weights


class Network:
    """F of the family's U-Net (models/train/network.py) from its trained tensors. `maps`: those of the last evaluation."""

    def __init__(self, state, groups, head_width, patch):
        self.w = {key: value.double() for key, value in state.items()}
        self.groups, self.head_width, self.patch = groups, head_width, patch

    def norm(self, x, name):
        return F.group_norm(x, self.groups, self.w[f"{name}.weight"], self.w[f"{name}.bias"], 1e-5)

    def conv(self, x, name):
        if (alone := self.w.get(f"{name}.0.weight")) is not None:  # each channel alone, then all channels at each pixel
            return self.conv(F.conv2d(x, alone, padding=1, groups=len(alone)), f"{name}.1")
        weight = self.w[f"{name}.weight"]
        return F.conv2d(x, weight, self.w[f"{name}.bias"], padding=weight.shape[-1] // 2)

    def linear(self, x, name):
        return F.linear(x, self.w[f"{name}.weight"], self.w[f"{name}.bias"])

    def embedding(self, noise_level):
        """Of the noise level alone. The phase is single precision by definition: a thousand radians leave double no meaning."""
        half = self.w["noise_embedding.0.weight"].shape[1] // 2
        frequencies = torch.exp(-math.log(10000) * torch.arange(half, dtype=torch.float64) / half) * 1000
        turns = torch.tensor(noise_level, dtype=torch.float32) * (frequencies / (2 * math.pi)).float()
        phase = (turns - turns.floor()).double() * 2 * math.pi
        return self.linear(F.silu(self.linear(torch.cat([phase.cos(), phase.sin()]), "noise_embedding.0")), "noise_embedding.2")

    def residual(self, x, e, name, resample=None, skipped=False):
        h = F.silu(self.norm(x, f"{name}.norm_in"))
        if resample == "down":
            h, x = F.avg_pool2d(h, 2), F.avg_pool2d(x, 2)
        if resample == "up":
            h, x = (t.repeat_interleave(2, 2).repeat_interleave(2, 3) for t in (h, x))
        if f"{name}.skip.weight" in self.w:
            x = self.conv(x, f"{name}.skip")
        if skipped:
            return x
        scale, shift = self.linear(e, f"{name}.scale_shift").chunk(2, -1)
        h = self.norm(self.conv(h, f"{name}.conv_in"), f"{name}.norm_out") * (1 + scale[..., None, None]) + shift[..., None, None]
        return x + self.conv(F.silu(h), f"{name}.conv_out")

    def attention(self, x, name, control):
        if "skip" in control:
            return x
        _, c, height, width = x.shape
        q, k, v = self.conv(self.norm(x, f"{name}.norm"), f"{name}.to_qkv").reshape(3, -1, self.head_width, height * width).transpose(2, 3)
        out, weights = attend(q, k, v, control, height, width)
        self.maps.append(weights)
        return x + self.conv(out.transpose(1, 2).reshape(1, c, height, width), f"{name}.to_out")

    @torch.no_grad()
    def __call__(self, x, noise_level, label, controls, offset):
        """x [3, h, w] -> [3, h, w]; `label` None is the null condition, `controls` {layer: control}, `offset` [width] or None."""
        self.maps = []
        return self.images(x[None], self.condition(self.embedding(noise_level), label, offset), controls)[0]

    def condition(self, e, label, offset):
        """What the blocks are told."""
        if label is not None:
            e = e + self.w["class_embedding.weight"][label]
        return F.silu(e if offset is None else e + offset)

    def images(self, x, e, controls):
        """x [rows, 3, h, w], e [width] or [rows, width]."""
        counter = itertools.count()

        def level(h, name):
            control = controls.get(next(counter), {})
            h = self.residual(h, e, f"{name}.block", skipped=control.get("skip") == "block")
            return self.attention(h, f"{name}.attention", control)

        h = self.conv(F.pixel_unshuffle(x, self.patch), "patch_in")
        h = first = level(h, "encoder_high.0")
        h = second = level(h, "encoder_high.1")
        h = third = level(self.residual(h, e, "down", "down"), "encoder_low.0")
        h = self.residual(level(h, "middle"), e, "middle_out")
        h = level(torch.cat([h, third], 1), "decoder_low.0")
        h = self.residual(h, e, "up", "up")
        h = level(torch.cat([h, second], 1), "decoder_high.0")
        h = level(torch.cat([h, first], 1), "decoder_high.1")
        return F.pixel_shuffle(self.conv(F.silu(self.norm(h, "norm_out")), "patch_out"), self.patch)


# ---- averages of weights (Karras et al. 2024, "Analyzing and improving the training dynamics of diffusion models", section 3) ------

def exponent(sigma_rel):
    """gamma of the profile t^gamma whose relative deviation is sigma_rel."""
    inverse = sigma_rel**-2
    roots = np.roots([1, 7, 16 - inverse, 12 - inverse])
    return float(max(root.real for root in roots if abs(root.imag) < 1e-9))


def correlation(time_a, gamma_a, time_b, gamma_b):
    ratio = time_a / time_b
    power = ratio**gamma_b if time_a < time_b else ratio**-gamma_a
    return (gamma_a + 1) * (gamma_b + 1) * power / ((gamma_a + gamma_b + 1) * max(time_a, time_b))


def coefficients(stored, wanted):
    """Of the stored averages [(time, sigma_rel)] in the combination closest to the `wanted` one; they sum to 1."""
    own = [(time, exponent(sigma_rel)) for time, sigma_rel in stored]
    target = (wanted[0], exponent(wanted[1]))
    a = np.array([[correlation(*i, *j) for j in own] for i in own])
    b = np.array([correlation(*i, *target) for i in own])
    x = np.linalg.solve(a, b)
    return x / x.sum()


def check():
    """Values that were computed from the reference implementations (guidance.md, section 17)."""
    for sigma_rel, gamma in ((0.01, 96.995), (0.05, 16.9722), (0.1, 6.9372), (0.16, 3.130)):
        assert abs(exponent(sigma_rel) - gamma) < 1e-3
    snapshots = [(time, sigma_rel) for time in (1, 2, 3, 4) for sigma_rel in (0.05, 0.1)]
    for sigma_rel, wanted in ((0.07, [0, 0, 8e-5, -5.7e-4, 0.01069, -0.04392, 0.43457, 0.59915]),
                              (0.12, [-3e-5, 1.3e-4, -0.00218, 0.00737, -0.02596, 0.07314, -0.14908, 1.09661])):
        assert np.allclose(coefficients(snapshots, (4, sigma_rel)), wanted, atol=1e-5)
    assert torch.allclose(kernel(2, 8)[:5], torch.tensor([0.027631, 0.066282, 0.123832, 0.180174, 0.204164]).double(), atol=1e-6)
    q = torch.eye(8, dtype=torch.float64).reshape(1, 8, 1, 8).expand(1, 8, 8, 8).reshape(1, 64, 8)
    row = blur_queries(q, 1.0, 8, 8)[0, 0]
    assert torch.allclose(row, torch.tensor([0.399050, 0.484072, 0.108011, 0.008866, 0, 0, 0, 0]).double(), atol=1e-6)
    edm = [float(s) for s in karras(32, 0.002, 80, 7)]
    assert np.allclose([edm[1], edm[17], edm[22]], [66.93, 1.609, 0.2830], rtol=1e-3)


def number(value):
    return math.inf if value == "inf" else value


def karras(steps, low, high, rho):
    """Karras et al. 2022, eq. 5, as float32 numbers; then 0."""
    sigmas = [(high**(1 / rho) + i / (steps - 1) * (low**(1 / rho) - high**(1 / rho)))**rho for i in range(steps)]
    return [float(np.float32(sigma)) for sigma in sigmas] + [0.0]


# ---- the model family --------------------------------------------------------------------------------------------------------------

class Family:
    """`make`: the class of its networks."""

    def __init__(self, model_id, make=Network, folder=None):
        self.make = make
        self.id, self.folder = model_id, folder or ROOT / "models" / model_id
        self.manifest = json.loads((self.folder / "manifest.json").read_text())
        self.networks = {network["id"]: network for network in self.manifest["networks"]}
        self.layers = self.manifest["layers"]
        image = self.manifest["image"]
        self.shape = (image["channels"], image["height"], image["width"])
        self.made = {}

    def state(self, network_id, weights=None):
        """Trained tensors of a network by name, from its own or another file of weights."""
        return trained_names(load_shipped(self.folder, network_id, weights=weights).state_dict())

    def network(self, network_id, sigma_rel=None, neon=None):
        """`sigma_rel`: an average of this length; `neon`: (id, w), Neon's (1 + w) theta - w theta_id (arXiv 2510.03597)."""
        key = (network_id, sigma_rel, neon)
        if key not in self.made:
            state = self.state(network_id)
            if sigma_rel is not None:
                entry = self.networks[network_id]
                # Only averages of the last moments: each is a file to download.
                moments = sorted({average["samples"] for average in entry["averages"]})[-SNAPSHOTS:]
                used = [average for average in entry["averages"] if average["samples"] in moments]
                factors = coefficients([(average["samples"], average["sigmaRel"]) for average in used], (entry["samples"], sigma_rel))
                state = combination([self.state(network_id, average["weights"]["file"]) for average in used], factors)
            if neon is not None:
                state = combination([state, self.state(neon[0])], [1 + neon[1], -neon[1]])
            shape = Settings(self.manifest["id"]).shape(self.networks[network_id]["size"])
            self.made[key] = self.make(state, *(shape.get(key, default) for key, default in (("groups", 8), ("head_width", 32), ("patch", 4))))
        return self.made[key]


def trained_names(folded):
    """The stored tensors under the names and in the shapes of network.Denoiser; the key bias, which softmax ignores, is zero."""
    out = {}

    def whole(name, own):
        for part in ("weight", "bias"):
            if f"{own}.{part}" in folded:
                out[f"{name}.{part}"] = folded[f"{own}.{part}"]

    def norm(name, own):
        for part in ("weight", "bias"):
            out[f"{name}.{part}"] = folded[f"{own}_{part}"].reshape(-1)

    def block(name):
        norm(f"{name}.norm_in", f"{name}.norm")
        norm(f"{name}.norm_out", f"{name}.norm_out")
        for part in ("weight", "bias"):
            out[f"{name}.scale_shift.{part}"] = torch.cat([folded[f"{name}.scale_{part}"], folded[f"{name}.shift_{part}"]])
        for part in ("conv_in", "conv_in.0", "conv_in.1", "conv_out", "conv_out.0", "conv_out.1", "skip"):
            whole(f"{name}.{part}", f"{name}.{part}")

    def attention(name):
        norm(f"{name}.norm", f"{name}.norm")
        q, k, v = (folded[f"{name}.to_{part}.weight"].T for part in "qkv")
        bias = [folded[f"{name}.to_{part}.bias"] for part in "qv"]
        out[f"{name}.to_qkv.weight"] = torch.cat([q, k, v])[:, :, None, None]
        out[f"{name}.to_qkv.bias"] = torch.cat([bias[0], torch.zeros_like(bias[0]), bias[1]])
        out[f"{name}.to_out.weight"] = folded[f"{name}.to_out.weight"].T[:, :, None, None]
        out[f"{name}.to_out.bias"] = folded[f"{name}.to_out.bias"]

    whole("noise_embedding.0", "noise_in"), whole("noise_embedding.2", "noise_out"), whole("patch_out", "patch_out")
    norm("norm_out", "norm")
    out["class_embedding.weight"] = folded["class_table"]
    weight = folded["patch_in.weight"]
    c, patch = len(weight), weight.shape[-1] // 3
    out["patch_in.weight"] = weight.reshape(c, 3, 3, patch, 3, patch).permute(0, 1, 3, 5, 2, 4).reshape(c, 3 * patch**2, 3, 3)
    out["patch_in.bias"] = folded["patch_in.bias"]
    for name in ("down", "middle_out", "up"):
        block(name)
    for name in ("encoder_high.0", "encoder_high.1", "encoder_low.0", "middle", "decoder_low.0", "decoder_high.0", "decoder_high.1"):
        block(f"{name}.block")
        attention(f"{name}.attention")
    return out


def combination(states, weights):
    return {key: sum(float(w) * state[key].double() for state, w in zip(states, weights)) for key in states[0]}


# ---- one prediction ----------------------------------------------------------------------------------------------------------------

class Side:
    """What one side of the guidance equation is asked."""

    top = 80.0

    def __init__(self, network, label, controls=None, factor=1.0, offset=None):
        self.network, self.label, self.controls, self.factor, self.offset = network, label, controls or {}, factor, offset

    def but(self, **changes):
        return Side(**{**vars(self), **changes})

    def __call__(self, x, sigma):
        """D(x; sigma): Karras et al. 2022, table 1, column "Ours". Only the network is told `factor` sigma, at most the schedule's top
        (maple-research-lab/Self-Guidance, pipeline_sd.py: prev_t = torch.clip(t + shift, 0, 1000))."""
        total = sigma**2 + SIGMA_DATA**2
        told = math.log(min(sigma * self.factor, max(self.top, sigma))) / 4
        f = self.network(x / math.sqrt(total), told, self.label, self.controls, self.offset)
        return SIGMA_DATA**2 / total * x + sigma * SIGMA_DATA / math.sqrt(total) * f


# ---- SAG (Hong et al. 2023, section 4; KU-CVLAB/Self-Attention-Guidance, attention_masking) -----------------------------------------

def gaussian_blur(image, sigma, size=31):
    """torchvision's GaussianBlur: reflect padding; on small images the largest odd size that the padding allows."""
    size = min(size, 2 * min(image.shape[1:]) - 1)
    x = torch.linspace(-(size - 1) / 2, (size - 1) / 2, size, dtype=torch.float64)
    line = torch.exp(-0.5 * (x / sigma)**2)
    line = line / line.sum()
    padded = F.pad(image[None], [size // 2] * 4, mode="reflect")
    return F.conv2d(padded, torch.outer(line, line).to(image.dtype).expand(len(image), 1, size, size), groups=len(image))[0]


def largest(score, area, margin):
    """The `area` pixels with the largest score [h, w]."""
    order = score.reshape(-1).sort(descending=True, stable=True)
    if 0 < area < score.numel():
        above, below = order.values[area - 1:area + 1]
        if above - below < margin * order.values[0]:
            raise Close
    out = torch.zeros(score.numel(), dtype=torch.bool)
    out[order.indices[:area]] = True
    return out.reshape(score.shape)


def high_pass(image):
    """Frequencies of less than 1/8 cycles per pixel removed; |what is left|, summed over channels."""
    fy = torch.fft.fftfreq(image.shape[1], dtype=torch.float64)[:, None]
    fx = torch.fft.fftfreq(image.shape[2], dtype=torch.float64)
    spectrum = torch.fft.fft2(image).masked_fill((fy**2 + fx**2).sqrt() < 1 / 8, 0)
    return torch.fft.ifft2(spectrum).real.abs().sum(0)


def sag_mask(run, x0, maps, p, step):
    """Where the image is made worse, [h, w]: the tokens that receive more attention than `threshold`, or as many pixels chosen otherwise."""
    _, height, width = run.family.shape
    head = p["mapHead"]
    weights = maps[p["mapLayer"]].mean(0) if head < 0 else maps[p["mapLayer"]][head]
    received = weights.sum(0)
    if (received - p["threshold"]).abs().min() < run.margin:
        raise Close
    grid = run.family.layers[p["mapLayer"]]
    mask = (received > p["threshold"]).reshape(grid["height"], grid["width"])
    mask = mask.repeat_interleave(height // grid["height"], 0).repeat_interleave(width // grid["width"], 1)
    area = int(mask.sum())
    strategy = p["mask"]
    if strategy == "attention":
        return mask
    if strategy == "global":
        return torch.ones_like(mask)
    if strategy == "high-frequency":
        return largest(high_pass(x0), area, run.margin)
    if strategy == "random":
        return torch.from_numpy(philox.region(run.seed, run.sample, step, height, width, area))
    if strategy == "square":
        return torch.from_numpy(philox.square(run.seed, run.sample, step, height, width, area))
    if strategy == "dino":  # only models/train/sampling.py has a vision transformer; pixels of a patch are alike, so no margin is asked for
        return largest(run.family.saliency(x0), area, 0)
    raise ValueError(strategy)


def sag(run, side, x, sigma, positive, maps, p, step):
    """(D-, mask); `side` is asked about the worse image. Delta = x0m - D(x^), because the two predictions see different inputs."""
    x0 = positive.clamp(-1, 1)
    mask = sag_mask(run, x0, maps, p, step)
    worse = gaussian_blur(x0, p["blurSigma"]) if p["fill"] == "blur" else torch.zeros_like(x0)
    degraded = torch.where(mask, worse, x0)
    noise = (x - positive) / sigma
    delta = degraded - side(degraded + sigma * noise, sigma)
    return positive - delta, mask


# ---- SWG (Adaloglou et al., arXiv 2411.10257; swg_bmvc2025_official, swg_guidance) ---------------------------------------------------

def swg(run, side, x, sigma, positive, p):
    _, height, width = run.family.shape
    share, count = Fraction(p["crop"]), p["perSide"]
    tall, wide = int(share * height), int(share * width)
    tops, lefts = (range(0, length - side + 1, (length - side) // (count - 1)) for length, side in ((height, tall), (width, wide)))
    assert len(tops) == len(lefts) == count and tops[-1] + tall == height and lefts[-1] + wide == width
    total, overlap = torch.zeros_like(x), torch.zeros(height, width, dtype=x.dtype)
    for top, left in itertools.product(tops, lefts):
        rows, columns = slice(top, top + tall), slice(left, left + wide)
        total[:, rows, columns] += side(x[:, rows, columns], sigma)
        overlap[rows, columns] += 1
    negative = total / overlap
    if not p["overlapOnly"]:
        return negative, None
    return torch.where(overlap > 1, negative, positive), overlap > 1


# ---- rules -------------------------------------------------------------------------------------------------------------------------

def apg(positive, negative, scale, p, memory):
    """Sadat et al. 2024 (arXiv 2410.02416), algorithm 1: momentum, limit, projection, all in x0 space."""
    delta = positive - negative
    if memory is not None:
        delta = delta + p["momentum"] * memory
    memory = delta
    delta = delta * min(1.0, number(p["normLimit"]) / float(delta.norm()))
    parallel = (delta * positive).sum() / (positive**2).sum() * positive
    return positive + scale * (delta - parallel + p["eta"] * parallel), memory


def cfg_zero_star(x, sigma, positive, negative, scale, p, step):
    """Fan et al. 2025 (arXiv 2503.18886) on the velocity (x - D) / sigma; a velocity of zero is D = x."""
    if step < p["zeroSteps"]:
        return x
    v, u = (x - positive) / sigma, (x - negative) / sigma
    best = (v * u).sum() / ((u**2).sum() + 1e-8)
    return x - sigma * (best * u + (scale + 1) * (v - best * u))


def cfg_plus_plus(sigma, sigma_next, positive, negative, share):
    """Chung et al. 2024 (arXiv 2406.08070): D- + share Delta, noised again with the negative's noise; as the D of an Euler step."""
    return negative + share / (1 - sigma_next / sigma) * (positive - negative)


def binomial(image):
    line = torch.tensor([1, 4, 6, 4, 1], dtype=image.dtype) / 16
    plane = torch.outer(line, line).expand(len(image), 1, 5, 5)
    return F.conv2d(F.pad(image[None], [2] * 4, mode="reflect"), plane, groups=len(image))[0]


def up(image):
    return binomial(F.interpolate(image[None], scale_factor=2, mode="bilinear", align_corners=False)[0])


def pyramid(image, levels):
    """Laplacian pyramid, finest level first (Burt and Adelson 1983, with kornia's bilinear steps between the levels)."""
    out = []
    for _ in range(levels - 1):
        smaller = F.avg_pool2d(binomial(image)[None], 2)[0]  # bilinear by one half
        out.append(image - up(smaller))
        image = smaller
    return [*out, image]


def fdg(positive, negative, scales):
    """Sadat et al. 2025 (arXiv 2506.19713): an own scale for each level of the pyramid, s-form."""
    levels = [a + s * (a - b) for a, b, s in zip(pyramid(positive, len(scales)), pyramid(negative, len(scales)), scales)]
    out = levels.pop()
    while levels:
        out = levels.pop() + up(out)
    return out


# ---- runs of presets ---------------------------------------------------------------------------------------------------------------

RULES = ("apg", "cfg-zero-star", "cfg++", "fdg", "tcfg", "mambo-g", "apg-mix")
SETTINGS = dict(scale=0, layers="all", window=[0, "inf"], stack=[], rescale=0, ema=None, solver="euler", average="image")


class Run:
    """The last image of a preset, step by step. Nothing of it has a default but what SETTINGS names."""

    # What decides by comparing (a token above the threshold, a pixel among the largest) must not hang on rounding.
    margin = 3e-4
    dtype = torch.float64

    def __init__(self, family, preset):
        self.family, self.preset = family, {**SETTINGS, **preset}
        self.seed, self.label, self.sample = preset["seed"], preset["class"], preset["samples"] - 1
        self.positive = Side(family.network(preset["network"], self.preset["ema"]), self.label)
        self.terms = [self.preset, *({**SETTINGS, **term} for term in self.preset["stack"])]
        spread = family.manifest["sigma"]
        self.spread = spread["min"], spread["max"], spread["rho"]
        self.sigmas = karras(preset["steps"], *self.spread)
        self.memory = [None for _ in self.terms]

    def chosen(self, p):
        return range(len(self.family.layers)) if p["layers"] == "all" else p["layers"]

    def asked(self, p, method, side, step, sigma):
        """`side` as one method changes it, or None where it stays what it is."""
        width = self.family.manifest["embedding"]["width"]

        def controls(control):
            """One for every chosen layer."""
            return side.but(controls={layer: control(layer) for layer in self.chosen(p)})

        def seeded(purpose, control):
            """The same, each with its own seed."""
            return controls(lambda layer: control(philox.random_word(self.seed, self.sample, purpose, step, layer)))

        def moved(offset):
            offset = torch.from_numpy(offset).double()
            return side.but(offset=offset if side.offset is None else side.offset + offset)

        if method == "cfg":
            knows = self.family.networks[self.preset["network"]]["labelDropout"] or "pair" in (p["method"], p.get("negative"))
            apart = next((each["id"] for each in self.family.networks.values() if each["role"] == "unconditional"), None)
            return side.but(label=None) if knows else side.but(label=None, network=self.family.network(apart))
        if method == "pag":
            return self.pag(p, controls, seeded)
        if method == "seg":
            return controls(lambda _: dict(querySigma=number(p["sigma"])))
        if method == "erg":
            return controls(lambda _: dict(temperature=p["tau"]))
        if method == "slg":
            return controls(lambda _: dict(skip=p["part"]))
        if method == "tpg":
            return seeded(philox.SHUFFLE, lambda seed: dict(shuffle=(p["share"], seed)))
        if method == "autoguidance":
            average = None if p["weakEma"] == "stored" else p["weakEma"]
            return side.but(network=self.family.network(p["weak"], average))
        if method == "sims":
            return side.but(network=self.family.network(p["budget"]))
        if method == "icg":
            index = step if p["redraw"] == "step" else 0
            if p["draw"] == "gaussian":
                noise = philox.normals(self.seed, self.sample, width, philox.GAUSSIAN_CONDITION, index)
                return moved(self.family.manifest["embedding"]["classDeviation"] * noise).but(label=None)
            classes = len(self.family.manifest["conditioning"]["classes"])
            drawn = philox.random_integer(self.seed, self.sample, philox.CONDITION, index, classes - p["exclude"])
            drawn += p["exclude"] and drawn >= self.label
            return None if drawn == self.label else side.but(label=drawn)
        if method == "tsg":
            low, high, rho = self.spread
            t = (sigma**(1 / rho) - low**(1 / rho)) / (high**(1 / rho) - low**(1 / rho))
            noise = philox.normals(self.seed, self.sample, width, philox.TIME, step)
            # At the end of the schedule (t = 0, which rounding may miss) nothing is left to add.
            if t < 1e-6 and p["alpha"] > 0:
                return None
            return moved(p["noiseScale"] * t**p["alpha"] * self.family.manifest["embedding"]["noiseDeviation"] * noise)
        if method == "self-guidance":
            return side.but(factor=side.factor * (1 + p["delta"]))
        raise ValueError(method)

    def pag(self, p, controls, seeded):
        """Ahn et al. 2024, eq. 14, and what KU-CVLAB/Perturbed-Attention-Guidance compares it with (guided_diffusion/unet.py)."""
        kind = p["perturbation"]
        if kind == "identity":
            if p["head"] < 0:
                return controls(lambda _: dict(mix=p["mix"]))
            return controls(lambda layer: dict(mix=[p["mix"] * (head == p["head"]) for head in range(self.family.layers[layer]["heads"])]))
        if kind == "uniform":
            return controls(lambda _: dict(temperature=0))
        if kind == "temperature":
            return controls(lambda _: dict(temperature=p["temperature"]))
        if kind == "mask":
            return seeded(philox.MASK, lambda seed: dict(mask=(p["rate"], seed, p["keepDiagonal"])))
        if kind == "drop":
            return seeded(philox.DROP, lambda seed: dict(drop=(p["rate"], seed)))
        if kind == "noise":
            return seeded(philox.MAP_NOISE, lambda seed: dict(noise=(p["deviation"], seed)))
        if kind in ("gaussian", "average"):
            return controls(lambda _: dict(smooth=kind))
        raise ValueError(kind)

    def answer(self, index, x, level, sigma, positive, maps, step):
        """(D-, mask) of one term at x and its noise level, (None, None) where it is the positive; `sigma` is that of the outer step, for which draws are made."""
        p = self.terms[index]
        method = p.get("negative", p["method"])
        side, given = self.positive, [method]
        if method == "pair":
            other = {"other": "autoguidance", "null": "cfg", "random": "icg"}
            given = [p[f"negative{key}"] for key in ("Network", "Condition", "Perturbation", "Time", "Input")]
            given = [other.get(choice, choice) for choice in given if choice not in ("same", "none")]
        if method == "momentum":
            # arXiv 2602.20360, equations 12 and 13, on dx/dsigma = (x - D) / sigma; pamparamm's mg_nodes.py averages D.
            before = self.memory[index]
            return (x - level * before if before is not None and p["average"] == "noise" else before), None
        if method == "self-guidance" and p["from"] == "previous":
            # pipeline_sd.py, sg_prev: the noise of the step before, not the image, and its own noise above the level.
            before = self.memory[index]
            return (None if before is None or sigma > number(p["below"]) else x - level * before), None
        for each in given:
            if each == "sag":
                return sag(self, side, x, level, positive, maps, p, step) if sigma <= p["startSigma"] else (None, None)
            if each == "swg":
                return swg(self, side, x, level, positive, p)
            side = self.asked(p, each, side, step, sigma) or side
        return (None if side is self.positive else side(x, level)), None

    def combined(self, p, x, sigma, sigma_next, positive, negative, step, memory):
        if p["method"] == "apg":
            return apg(positive, negative, p["scale"], p, memory)
        if p["method"] == "cfg-zero-star":
            return cfg_zero_star(x, sigma, positive, negative, p["scale"], p, step), None
        if p["method"] == "cfg++":
            # Not of the paper: a scale that fades it in.
            return positive + p["scale"] * (cfg_plus_plus(sigma, sigma_next, positive, negative, p["lambda"]) - positive), None
        if p["method"] == "fdg":
            return fdg(positive, negative, p["scale"] * np.linspace(p["high"], p["low"], p["levels"])), None
        return positive + p["scale"] * (positive - negative), None

    def evaluate(self, x, level, sigma, sigma_next, step):
        """The guided D at x and a noise level, within the outer step from sigma to sigma_next. Also what it is made of."""
        if self.preset.get("form") == "neon":
            # One evaluation a step: there is no second prediction.
            low, high = map(number, self.preset["window"])
            side = self.positive
            if low < sigma <= high:
                side = side.but(network=self.family.network(self.preset["network"], self.preset["ema"], (self.preset["budget"], self.preset["scale"])))
            positive = side(x, level)
            return dict(x=x, positive=positive, negative=None, denoised=positive, mask=None, stacked=[]), self.memory
        positive = self.positive(x, level)
        maps = self.positive.network.maps
        denoised, answers, memory = positive, [], list(self.memory)
        for index, p in enumerate(self.terms):
            low, high = map(number, p["window"])
            acts = p["method"] != "none" and p["scale"] != 0 and low < sigma <= high
            negative, mask = self.answer(index, x, level, sigma, positive, maps, step) if acts else (None, None)
            answers.append((negative, mask))
            if p["method"] == "momentum":
                now, before = (x - positive) / level if p["average"] == "noise" else positive, self.memory[index]
                memory[index] = now if before is None else (1 - p["beta"]) * now + p["beta"] * before
            if p["method"] == "self-guidance" and p["from"] == "previous":
                memory[index] = (x - positive) / level
            # A rule is asked at every step, with a difference of zero where there is none: it may stand still, or push by its memory.
            inside = low < sigma <= high
            if negative is None and (p["method"] not in RULES or not inside and p["method"] != "cfg-zero-star"):
                continue
            other = positive if negative is None else negative
            own, remembered = self.combined(p, x, sigma, sigma_next, positive, other, step, self.memory[index])
            denoised = denoised + (own - positive)
            if p["method"] == "apg":
                memory[index] = remembered
        share = self.preset["rescale"]
        denoised = denoised * (share * positive.std() / denoised.std() + 1 - share)
        (negative, mask), *stacked = answers
        return dict(x=x, positive=positive, negative=negative, denoised=denoised, mask=mask, stacked=[n for n, _ in stacked]), memory

    def __call__(self):
        """(what each step's first evaluation saw, final image): Karras et al. 2022, algorithm 1, without churn. What is remembered changes
        once a step, after its first evaluation, and the second one sees what was before."""
        shape = self.family.shape
        noise = philox.normals(self.seed, self.sample, math.prod(shape)).reshape(shape)
        x = torch.from_numpy((noise * self.sigmas[0]).astype(np.float32)).to(self.dtype)
        seen = []
        for step, (sigma, sigma_next) in enumerate(zip(self.sigmas, self.sigmas[1:])):
            here, memory = self.evaluate(x, sigma, sigma, sigma_next, step)
            seen.append(dict(sigma=sigma, **here))
            slope = (x - here["denoised"]) / sigma
            after = x + (sigma_next - sigma) * slope
            if self.preset["solver"] == "heun" and sigma_next > 0:
                there, _ = self.evaluate(after, sigma_next, sigma, sigma_next, step)
                slope_next = (after - there["denoised"]) / sigma_next
                after = x + (sigma_next - sigma) * (slope + slope_next) / 2
            x, self.memory = after, memory
        return seen, x


# ---- what is run -------------------------------------------------------------------------------------------------------------------

EVERYWHERE, HIGH, MIDDLE = "all", [5, 6], [3]
SAG = dict(scale=0.5, mask="attention", mapLayer=3, mapHead=-1, threshold=1, blurSigma=2, fill="blur", startSigma=100)
PAG = dict(scale=1.0, layers=EVERYWHERE, perturbation="identity", mix=1, head=-1)


def pag(perturbation, **changes):
    return dict(method="pag", scale=1.0, layers=EVERYWHERE, perturbation=perturbation, **changes)


def tiny_presets(family):
    """{name: preset without what `runs` fills in}."""
    out = {"none": dict(method="none"), "none, dropout, no class": dict(method="none", network="dropout", **{"class": None})}
    out["cfg"] = dict(method="cfg", network="dropout", scale=1.5)
    out["cfg, window"] = dict(method="cfg", network="dropout", scale=1.5, window=[0.1, 20])
    sags = {
        "": {}, ", threshold 1.1, layer 5, head 1": dict(threshold=1.1, mapLayer=5, mapHead=1), ", threshold 0.9, blur 9": dict(threshold=0.9, blurSigma=9),
        ", zero": dict(fill="zero"), ", from 5 on": dict(startSigma=5), ", global": dict(mask="global"), ", high-frequency": dict(mask="high-frequency"),
        ", random": dict(mask="random"), ", square": dict(mask="square"),
        ", dropout, class": dict(network="dropout"), ", dropout, no class": dict(network="dropout", **{"class": None}),
    }
    for name, changes in sags.items():
        out[f"sag{name}"] = dict(method="sag", **{**SAG, **changes})
    out["pag"] = pag("identity", mix=1, head=-1)
    out["pag, decoder"] = {**pag("identity", mix=1, head=-1), "layers": HIGH}
    out["pag, soft mix"] = pag("identity", mix=0.4, head=-1)
    out["pag, one head"] = pag("identity", mix=1, head=1)
    out["pag, uniform"] = pag("uniform")
    out["pag, temperature"] = pag("temperature", temperature=0.3)
    out["pag, mask with diagonal"] = pag("mask", rate=0.75, keepDiagonal=True)
    out["pag, mask without diagonal"] = pag("mask", rate=0.75, keepDiagonal=False)
    out["pag, drop"] = pag("drop", rate=0.5)
    out["pag, noise"] = pag("noise", deviation=0.1)
    out["pag, gaussian smooth"] = pag("gaussian")
    out["pag, average smooth"] = pag("average")
    out["pag, no class"] = {**pag("identity", mix=1, head=-1), "network": "dropout", "class": None}
    for sigma in (0.5, 1, 2, 10, "inf"):
        out[f"seg, {sigma}"] = dict(method="seg", scale=1.0, layers=EVERYWHERE, sigma=sigma)
    out["seg, decoder"] = dict(method="seg", scale=1.0, layers=HIGH, sigma="inf")
    out["seg, no class"] = dict(method="seg", scale=1.0, layers=EVERYWHERE, sigma="inf", network="dropout", **{"class": None})
    out["autoguidance, snapshot"] = dict(method="autoguidance", scale=1.1, weak="main-1-16", weakEma="stored")
    out["autoguidance, smaller"] = dict(method="autoguidance", scale=1.1, weak="small", weakEma="stored")
    out["autoguidance, averages of both"] = dict(method="autoguidance", scale=1.1, ema=0.06, weak="main", weakEma=0.14)
    out["autoguidance, no class"] = dict(method="autoguidance", scale=1.1, network="dropout", weak="dropout-early", weakEma="stored", **{"class": None})
    out["icg"] = dict(method="icg", scale=0.5, draw="class", redraw="step", exclude=False)
    out["icg, once, excluded"] = dict(method="icg", scale=0.5, draw="class", redraw="once", exclude=True)
    out["icg, excluded"] = dict(method="icg", scale=0.5, draw="class", redraw="step", exclude=True)
    out["icg, gaussian"] = dict(method="icg", scale=0.5, draw="gaussian", redraw="step")
    out["icg, gaussian, once"] = dict(method="icg", scale=0.5, draw="gaussian", redraw="once")
    out["tsg"] = dict(method="tsg", scale=1.0, noiseScale=2, alpha=1)
    out["tsg, alpha 0"] = dict(method="tsg", scale=0.5, noiseScale=1, alpha=0, window=[0.05, 40])
    out["tsg, no class"] = dict(method="tsg", scale=1.0, noiseScale=2, alpha=1, network="dropout", **{"class": None})
    out["sims"] = dict(method="sims", scale=1.0, budget="sims-1", form="sims")
    out["neon"] = dict(method="sims", scale=1.0, budget="sims-1", form="neon")
    out["slg, attention"] = dict(method="slg", scale=0.5, layers=MIDDLE, part="attention")
    out["slg, block"] = dict(method="slg", scale=0.5, layers=[3, 5], part="block")
    out["slg, blocks everywhere"] = dict(method="slg", scale=0.3, layers=EVERYWHERE, part="block")
    out["tpg"] = dict(method="tpg", scale=1.0, layers=EVERYWHERE, share=1)
    out["tpg, share 0.3"] = dict(method="tpg", scale=1.0, layers=HIGH, share=0.3)
    out["erg"] = dict(method="erg", scale=1.0, layers=EVERYWHERE, tau=0.2)
    out["swg, 2 x 2"] = dict(method="swg", scale=0.5, crop="3/4", perSide=2, overlapOnly=False)
    out["swg, 3 x 3"] = dict(method="swg", scale=0.5, crop="3/4", perSide=3, overlapOnly=False)
    out["swg, overlap only"] = dict(method="swg", scale=0.5, crop="3/4", perSide=2, overlapOnly=True)
    out["momentum"] = dict(method="momentum", scale=0.5, beta=0.6)
    over_pag = dict(negative="pag", layers=EVERYWHERE, perturbation="identity", mix=1, head=-1)
    over_cfg = dict(negative="cfg", network="dropout")
    out["apg"] = dict(method="apg", scale=2.0, momentum=-0.5, eta=0, normLimit=2.5, **over_pag)
    out["apg, eta, no limit"] = dict(method="apg", scale=1.0, momentum=-0.75, eta=0.5, normLimit="inf", **over_cfg)
    out["cfg-zero-star"] = dict(method="cfg-zero-star", scale=1.0, zeroSteps=1, **over_cfg)
    out["cfg-zero-star, no zero"] = dict(method="cfg-zero-star", scale=1.0, zeroSteps=0, **over_pag)
    out["cfg++"] = {"method": "cfg++", "scale": 1.0, "lambda": 0.6, **over_cfg}
    out["cfg++, faded"] = {"method": "cfg++", "scale": 0.5, "lambda": 0.8, **over_pag}
    out["fdg"] = dict(method="fdg", scale=1.5, levels=2, high=1, low=0.4, **over_pag)
    out["fdg, 3 levels"] = dict(method="fdg", scale=1.0, levels=3, high=1.5, low=0.5, **over_cfg)
    pair = dict(method="pair", scale=0.5, layers=EVERYWHERE)
    same = {f"negative{key}": "same" for key in ("Network", "Condition", "Time", "Input")}
    out["pair of all but input"] = {
        **pair, **same, "negativeNetwork": "other", "weak": "main-1-16", "weakEma": "stored", "negativeCondition": "random", "draw": "gaussian",
        "redraw": "step", "negativePerturbation": "seg", "sigma": 2, "negativeTime": "tsg", "noiseScale": 1, "alpha": 1}
    sag_parameters = {key: value for key, value in SAG.items() if key != "scale"}
    out["pair of sag and slg"] = {**pair, **same, "negativePerturbation": "slg", "part": "attention", "layers": MIDDLE, "negativeInput": "sag", **sag_parameters}
    for name in ("sag, random", "sag, square", "pag, noise", "icg, excluded", "icg, gaussian", "tsg", "tpg"):
        out[f"{name}, second image"] = dict(out[name], samples=2, steps=4)
    out["rescale"] = dict(method="pag", rescale=0.7, **PAG)
    out["window"] = dict(method="pag", window=[0.2, 5], **PAG)
    seg = dict(method="seg", scale=0.5, layers=HIGH, sigma=1, window=[0.5, 80])
    icg = dict(method="icg", scale=0.4, draw="class", redraw="step", exclude=True, window=[0, 20])
    out["stack of pag and seg"] = dict(method="pag", stack=[seg], window=[0, 3], rescale=0.3, **PAG)
    out["stack of apg, seg and momentum"] = dict(
        method="apg", scale=1.0, momentum=-0.5, eta=0, normLimit=8, stack=[seg, dict(method="momentum", scale=0.3, beta=0.6, window=[0, 10])], **over_pag)
    out["stack of cfg, sag and icg"] = dict(method="cfg", network="dropout", scale=0.5, stack=[dict(method="sag", **SAG, window=[0, 20]), icg])
    return out


HEUN = ["none", "cfg, window", "sag", "sag, random", "pag", "pag, noise", "seg, inf", "autoguidance, averages of both", "icg", "icg, gaussian",
        "tsg", "neon", "slg, block", "tpg", "swg, overlap only", "momentum", "apg",
        "cfg-zero-star", "fdg", "rescale", "stack of pag and seg", "stack of apg, seg and momentum"]


def avatar_presets(family):
    """One of each method that perturbs, on real weights."""
    pair = dict(method="autoguidance", weakEma="stored")
    out = {
        "pag": dict(method="pag", **PAG), "seg": dict(method="seg", scale=1.0, layers=EVERYWHERE, sigma="inf"), "sag": dict(method="sag", **SAG),
        "icg": dict(method="icg", scale=0.5, draw="class", redraw="step", exclude=True),
        "tsg": dict(method="tsg", scale=1.0, noiseScale=2, alpha=1), "slg": dict(method="slg", scale=0.5, layers=[3], part="block"),
        "tpg": dict(method="tpg", scale=1.0, layers=HIGH, share=1), "swg": dict(method="swg", scale=0.5, crop="5/8", perSide=2, overlapOnly=True),
    }
    snapshots = [network["id"] for network in family.networks.values() if network["role"] == "snapshot"]
    for weak in (*snapshots[-1:], "small"):
        if weak in family.networks:
            out[f"autoguidance, {weak}"] = dict(scale=1.1, weak=weak, **pair)
    if "dropout" in family.networks:
        out["cfg"] = dict(method="cfg", network="dropout", scale=1.5)
    return out


class Store:
    """Collects tensors, each content once."""

    def __init__(self):
        self.data, self.known = bytearray(), {}

    def add(self, tensor):
        raw = tensor.detach().contiguous().numpy().astype("<f4").tobytes()
        assert np.isfinite(np.frombuffer(raw, "<f4")).all()
        if raw not in self.known:
            self.known[raw] = len(self.data)
            self.data += raw
        return dict(offset=self.known[raw], shape=list(tensor.shape))


def relative(a, b):
    return float((a - b).abs().max() / b.abs().max())


def run(family, preset, name):
    """The first seed at which nothing hangs on rounding, and what came out."""
    for seed in itertools.count(preset["seed"]):
        tried = {**preset, "seed": seed}
        try:
            steps, final = Run(family, tried)()
        except Close:
            continue
        # A run that hardly differs from the unguided one would agree whatever the method did.
        others = [(step["positive"], other) for step in steps for other in (step["negative"], *step["stacked"]) if other is not None]
        push = max((relative(other, positive) for positive, other in others), default=None)
        print(f"{name}: seed {seed}, negative differs by {push}, largest |D| {max(float(step['denoised'].abs().max()) for step in steps):.3g}")
        assert push is None or push > 3e-3
        return tried, steps, final


def stored(store, step, keys):
    out = dict(sigma=step["sigma"])
    for key in keys:
        value = step[key]
        out[key] = None if value is None else [v if v is None else store.add(v) for v in value] if key == "stacked" else store.add(value.double())
    return out


def runs(family, store, only):
    for name, own in (tiny_presets if family.id == "tiny" else avatar_presets)(family).items():
        for solver in ("euler", "heun") if family.id == "tiny" and name in HEUN else ("euler",):
            title = f"{name}, {solver}" if family.id == "tiny" else name
            if only and not any(text in title for text in only):
                continue
            base = dict(model=family.id, network="main", seed=1, samples=1, steps=6, solver=solver, window=[0, "inf"], rescale=0, **{"class": 4})
            if family.id != "tiny":
                # Three noise levels, 17, 3 and 0.3: the first step is not guided, so that all runs share their x there.
                base.update(steps=5, window=[0, 40])
            preset, steps, final = run(family, {**base, **own}, title)
            neon = own.get("form") == "neon"
            keys = ["x", "denoised"] if neon else ["x", "positive", "negative", "denoised"]
            keys += ["mask"] if any(step["mask"] is not None for step in steps) else []
            keys += ["stacked"] if preset.get("stack") else []
            if family.id == "tiny":
                needless = () if neon else ("x", "positive") if solver == "heun" else ("x",)
                yield dict(name=title, preset=preset, final=store.add(final), steps=[
                    stored(store, step, [key for key in keys if key not in needless or index == 0]) for index, step in enumerate(steps)])
            else:
                yield dict(name=title, preset=preset, steps=[
                    stored(store, step, [key for key in keys if key in chosen]) for step, chosen in
                    zip(steps, [[], ["x", "positive", "negative", "denoised", "mask"], ["negative", "denoised"], ["negative", "denoised"], []])])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("models", nargs="*", default=["tiny", "avatars"])
    parser.add_argument("--only", nargs="*", default=[], help="runs whose name has one of these texts; nothing is written but to --out")
    parser.add_argument("--folder", type=Path, help="the family's files; default models/MODEL")
    parser.add_argument("--out", type=Path, help="folder to write; default tests/golden")
    a = parser.parse_args()
    torch.set_num_threads(1)
    philox.check()
    check()
    for model_id in a.models:
        store = Store()
        made = list(runs(Family(model_id, folder=a.folder), store, a.only))
        if a.only and not a.out:
            continue
        folder = a.out or ROOT / "tests/golden"
        (folder / f"methods-{model_id}.bin").write_bytes(store.data)
        lines = ",\n".join(json.dumps(entry, separators=(",", ":")) for entry in made)
        (folder / f"methods-{model_id}.json").write_text(f'{{"format": 1, "model": "{model_id}", "runs": [\n{lines}\n]}}\n')
        print(f"{model_id}: {len(made)} runs, {len(store.data)} bytes")


if __name__ == "__main__":
    main()
