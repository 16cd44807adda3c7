"""Single predictions and layers of the tiny network by code of others, beside those of the golden makers; tests/golden/authors.py calls it."""
import math
import random
import types
from typing import Type
from unittest import mock

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

import methods
import philox
from authors_runs import LABEL, preset
from authors_tools import source, taken
from methods import Side, relative
from methods_newer import NewerNetwork, NewerRun


class Shuffled(NewerNetwork):
    """A layer's branch as the block that TPG's authors wrap; their Transformer2DModel adds the residual that keeps places."""

    def attention(self, x, name, control):
        if "shuffle" not in control:
            return super().attention(x, name, control)
        _, c, height, width = x.shape
        network = self

        class Branch(nn.Module):
            def forward(self, tokens, *others):
                def one(each):
                    image = each.T.reshape(1, c, height, width)
                    return (NewerNetwork.attention(network, image, name, {}) - image).reshape(c, -1).T

                return torch.stack([one(each) for each in tokens])

        tokens = torch.stack([x.reshape(c, -1).T] * 2)
        block = self.theirs.make_tpg_block(Branch, do_cfg=False)()
        return x + block(tokens, None, torch.zeros(2))[1].T.reshape(x.shape)


def tpg(folder, family):
    theirs = taken(source(folder, "TaatiTeam/Token-Perturbation-Guidance", "pipeline_sdxl_tpg.py"), ["make_tpg_block"], dict(torch=torch, Type=Type))
    network = family.network("main")
    other = Shuffled(network.w, network.groups, network.head_width, network.patch)
    other.theirs, worst = theirs, 0
    for sigma in (20.0, 2.0, 0.3):
        drawn, draw = [], torch.randperm
        x = torch.randn(family.shape) * sigma
        controls = {layer: dict(shuffle=(1, layer)) for layer in range(7)}
        with mock.patch.object(torch, "randperm", lambda *given, **more: drawn.append(draw(*given, **more)) or drawn[-1]):
            made = Side(other, LABEL, controls)(x, sigma)
        with mock.patch.object(philox, "shuffle", lambda tokens, share, seed: (drawn[seed], torch.arange(tokens))):
            worst = max(worst, relative(Side(network, LABEL, controls)(x, sigma), made))
    yield "tpg", "the negative with every layer shuffled as it drew", "the authors' make_tpg_block", "authors", worst


class Dropped(NewerNetwork):
    """Residual block and attention as one block that code of others can leave out; what changes the channels stands before it."""

    def block(self, x, e, name):
        return super().attention(super().residual(x, e, name), name.replace("block", "attention"), {})

    def residual(self, x, e, name, resample=None, skipped=False):
        if name not in self.FEEDS:
            return super().residual(x, e, name, resample)
        passed = self.conv(x, f"{name}.skip") if f"{name}.skip.weight" in self.w else x
        return self.blocks[self.FEEDS[name]].forward(passed, x, e, name)

    def attention(self, x, name, control):
        return x


def s2(folder, family):
    drawn = []

    def sample(among, count):
        drawn.append(random.Random(len(drawn)).sample(among, count))
        return drawn[-1]

    text = source(folder, "YXOfficial/Y_X-Guidance-Pack", "yx_guidance_utils.py")
    scope = dict(random=types.SimpleNamespace(sample=sample), logging=types.SimpleNamespace(debug=lambda text: None))
    theirs = taken(text, ["get_prediction_with_dropped_blocks"], scope)
    network = family.network("main")
    other = Dropped(network.w, network.groups, network.head_width, network.patch)
    other.blocks = [types.SimpleNamespace(forward=lambda passed, x, e, name: other.block(x, e, name)) for _ in range(7)]
    run = NewerRun(family, preset(method="s2", scale=1.0, layers="all", blockShare=0.3, part="block"))
    worst = 0
    for step, sigma in enumerate((20.0, 2.0, 0.3)):
        x = torch.randn(family.shape) * sigma
        made = theirs.get_prediction_with_dropped_blocks(other, Side(other, LABEL), 0.3, dict(x=x, sigma=sigma))
        left = drawn[-1]
        with mock.patch.object(philox, "random_word", lambda seed, stream, purpose, index, layer: layer not in left):
            worst = max(worst, relative(run.answer(0, x, sigma, sigma, None, None, step)[0], made))
    yield "s2", "the negative without the blocks that it drew", "get_prediction_with_dropped_blocks of YXOfficial/Y_X-Guidance-Pack", "others", worst


def in_situ(folder, family):
    text = source(folder, "NVlabs/edm", "training/networks.py").replace("torch.float32", "torch.float64")
    parts = taken(text, ["weight_init", "Linear", "Conv2d", "GroupNorm", "UNetBlock"], dict(torch=torch, np=np, silu=F.silu))
    network = NewerNetwork(family.network("main").w, 4, 4, 2)
    e = network.condition(network.embedding(0.1), LABEL, None)
    rate, worst, drop = 0.25, 0, F.dropout
    for name, layer in NewerNetwork.FEEDS.items():
        own = {key.removeprefix(f"{name}."): value for key, value in network.w.items() if key.startswith(f"{name}.")}
        out, into = own["conv_in.weight"].shape[:2]
        block = parts.UNetBlock(into, out, len(e), dropout=rate).train()
        block.norm0.num_groups = block.norm1.num_groups = network.groups
        pairs = [("norm0", "norm_in"), ("conv0", "conv_in"), ("affine", "scale_shift"), ("norm1", "norm_out"), ("conv1", "conv_out")]
        for there, here in pairs + ([("skip", "skip")] if block.skip else []):
            for part in ("weight", "bias"):
                getattr(getattr(block, there), part).data = own[f"{here}.{part}"].clone()
        x, kept = torch.randn(1, into, 8, 8), []

        def torchs(h, p, training):
            dropped = drop(h, p, training)
            kept.append((dropped != 0).reshape(-1).numpy())
            return dropped

        with torch.no_grad(), mock.patch.object(F, "dropout", torchs):
            made = block(x, e[None])
        # Their mask in place of ours: 16 bits a value, all of them where it is kept.
        words = np.where(kept[0], 0xFFFF, 0).astype(np.uint64).reshape(-1, 2)
        network.controls = {layer: dict(dropout=(rate, 0))}
        with mock.patch.object(philox, "blocks", lambda *given: words[:, 0] | words[:, 1] << np.uint64(16)):
            worst = max(worst, relative(network.residual(x, e, name), made))
    yield "in-situ", "the seven blocks with PyTorch's dropout in training", "UNetBlock of NVlabs/edm", "others", worst


def erg(folder, family):
    worst = 0
    for tau in (0, 0.2, 1.7):
        q, k, v = torch.randn(3, 2, 64, 4)
        made = F.scaled_dot_product_attention(q, k, v, scale=tau / math.sqrt(4))
        worst = max(worst, relative(methods.attend(q, k, v, dict(temperature=tau), 8, 8)[0], made))
    yield "erg", "a layer at τ 0, 0.2 and 1.7", "PyTorch's scaled_dot_product_attention at the scale τ / √d", "library", worst


def all_layers(folder, family):
    for each in (tpg, s2, in_situ, erg):
        yield from each(folder, family)
