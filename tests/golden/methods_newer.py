"""Golden tensors of newer guidance methods, each in files of its own: whole runs of presets of the tiny model.

    python3 -m venv venv; venv/bin/pip install torch==2.13.0 diffusers==0.42.1 entmax==1.3 onnx
    venv/bin/python tests/golden/methods_newer.py [METHOD ...] [--out FOLDER]

The network, the sampler and the seeded draws are those of tests/golden/methods.py. What combines two predictions is diffusers' own code
(TCFG, MAMBO-G, APG mix), run at every step on what its models predict; sparse attention maps are those of the package entmax (PLADIS).
The other methods have no code of their authors' for networks like this one, and are written from the papers (named at each function).

Written are tests/golden/methods/METHOD.json and .bin, as methods.py describes them.
"""
import argparse
import copy
import json
import math
import threading
from pathlib import Path
from unittest import mock

import numpy as np
import torch
import torch.nn.functional as F

import methods
import philox
from methods import ROOT, SETTINGS, Family, Network, Run, Store, stored


# ---- the network -----------------------------------------------------------------------------------------------------------------

def nag(positive, negative, scale, limit, blend):
    """Chen et al. 2025 (arXiv 2505.21179), algorithm 1, in s-form; [tokens, channels], all heads of a token side by side."""
    guided = positive + scale * (positive - negative)
    ratio = guided.abs().sum(-1, keepdim=True) / positive.abs().sum(-1, keepdim=True)
    guided = torch.where(ratio > limit, limit * guided / ratio, guided)
    return blend * guided + (1 - blend) * positive


def sparse_attention(q, k, kind, share):
    """Kim and Sim 2025 (arXiv 2503.07677), equation 15; q, k [heads, tokens, d]."""
    import entmax
    logits = q @ k.transpose(1, 2) / math.sqrt(q.shape[-1])
    return share * getattr(entmax, kind)(logits, dim=-1) + (1 - share) * logits.softmax(-1)


class NewerNetwork(Network):
    """The same network with what the newer methods do inside it."""

    # Which attention layer a residual block feeds.
    FEEDS = {f"{name}.block": layer for layer, name in enumerate(
        ("encoder_high.0", "encoder_high.1", "encoder_low.0", "middle", "decoder_low.0", "decoder_high.0", "decoder_high.1"))}

    def __call__(self, x, noise_level, label, controls, offset):
        self.controls = controls
        return super().__call__(x, noise_level, label, controls, offset)

    def residual(self, x, e, name, resample=None, skipped=False):
        control = self.controls.get(self.FEEDS.get(name), {})
        if "dropout" not in control:
            return super().residual(x, e, name, resample, skipped)
        # As torch.nn.functional.dropout, between the activation and the last convolution (Karras et al. 2022, UNetBlock).
        h = self.conv(F.silu(self.norm(x, f"{name}.norm_in")), f"{name}.conv_in")
        scale, shift = self.linear(e, f"{name}.scale_shift").chunk(2, -1)
        h = F.silu(self.norm(h, f"{name}.norm_out") * (1 + scale[..., None, None]) + shift[..., None, None])
        # models/train/sampling.py evaluates many images at once, each with a control of its own.
        rates, seeds = zip(*(row["dropout"] for row in control.get("rows", [control])))
        kept = torch.stack([self.kept(rate, seed, h.shape[1:]) for rate, seed in zip(rates, seeds)])
        h = h * kept / (1 - rates[0])
        return (self.conv(x, f"{name}.skip") if f"{name}.skip.weight" in self.w else x) + self.conv(h, f"{name}.conv_out")

    @staticmethod
    def kept(rate, seed, shape):
        words = philox.blocks(-(-shape.numel() // 2), philox.DROPOUT, 0, 1, [seed, 0])
        bits = np.stack([words & np.uint64(0xFFFF), words >> np.uint64(16)], -1).reshape(-1)[:shape.numel()]
        return torch.from_numpy(bits >= philox.half_up(rate * 65536)).reshape(shape)

    def attention(self, x, name, control):
        if not {"nag", "sparse"} & set(control):
            return super().attention(x, name, control)
        _, c, height, width = x.shape
        tokens = height * width
        q, k, v = self.conv(self.norm(x, f"{name}.norm"), f"{name}.to_qkv").reshape(3, -1, self.head_width, tokens).transpose(2, 3)
        weights = sparse_attention(q, k, *control["sparse"]) if "sparse" in control else methods.attend(q, k, v, {}, height, width)[1]
        out = (weights @ v).transpose(0, 1).reshape(tokens, c)
        if "nag" in control:
            out = nag(out, v.transpose(0, 1).reshape(tokens, c), *control["nag"])
        self.maps.append(weights)
        return x + self.conv(out.T.reshape(1, c, height, width), f"{name}.to_out")


# ---- what combines, by diffusers' guiders ------------------------------------------------------------------------------------------

# One thread at a time may change what all of them see.
PATCHED = threading.Lock()


def guider(name, **options):
    from diffusers import guiders
    from diffusers.utils import logging
    logging.set_verbosity_error()
    return getattr(guiders, name)(use_original_formulation=True, **options)


class NewerRun(Run):
    def __init__(self, family, preset):
        super().__init__(family, preset)
        # APG mix: the guider with its average, and as it was before this step.
        self.guider, self.before = None, None

    def asked(self, p, method, side, step, sigma):
        if method == "s2":
            chosen = list(self.chosen(p))
            word = {layer: philox.random_word(self.seed, self.sample, philox.stream_of("s2"), step, layer) for layer in chosen}
            count = max(1, philox.half_up(p["blockShare"] * len(chosen)))
            return side.but(controls={layer: dict(skip=p["part"]) for layer in sorted(chosen, key=word.get)[:count]})
        if method == "in-situ":
            return side.but(controls={layer: dict(dropout=(p["dropout"], philox.random_word(self.seed, self.sample, philox.stream_of("in-situ"), step, layer)))
                                      for layer in self.chosen(p)})
        return super().asked(p, method, side, step, sigma)

    def combined(self, p, x, sigma, sigma_next, positive, negative, step, memory):
        """diffusers' models predict the noise or a velocity; what that is follows from x and D, and the guided D from it."""
        level = self.level
        if p["method"] == "tcfg":
            noises = [(x - d)[None] / level for d in (positive, negative)]
            # Its single precision loses three digits where noise is large: there the difference is small beside it.
            with PATCHED, mock.patch.object(torch.Tensor, "float", torch.Tensor.double):
                made = guider("TangentialClassifierFreeGuidance", guidance_scale=p["scale"]).forward(*noises)
            return x - level * made.pred[0].to(x.dtype), None
        if p["method"] == "mambo-g":
            # In one axis: with three its norm is refused by this version of torch.
            velocities = [((x - d) / level - d).reshape(1, -1) for d in (positive, negative)]
            made = guider("MagnitudeAwareGuidance", guidance_scale=p["scale"], alpha=p["damping"]).forward(*velocities)
            # v = x/level - (1 + 1/level) D.
            return (x / level - made.pred.reshape(x.shape)) / (1 + 1 / level), None
        if p["method"] == "apg-mix":
            return self.apg_mix(p, [d[None] for d in (positive, negative)], level == sigma, step), None
        return super().combined(p, x, sigma, sigma_next, positive, negative, step, memory)

    def apg_mix(self, p, pair, first, step):
        """A step's second evaluation sees the average that the first one saw."""
        limit = methods.number(p["normLimit"])
        if self.guider is None:
            self.guider = guider("AdaptiveProjectedMixGuidance", guidance_scale=p["plainShare"] * p["scale"],
                                 adaptive_projected_guidance_scale=p["scale"], adaptive_projected_guidance_momentum=p["momentum"],
                                 adaptive_projected_guidance_rescale=0.0 if math.isinf(limit) else limit, eta=p["eta"],
                                 adaptive_projected_guidance_start_step=p["plainSteps"] - 1)
            self.guider.set_state(step=0, num_inference_steps=p["steps"], timestep=torch.tensor(0))
            self.guider.prepare_inputs(dict(x=tuple(pair)))
        if first:
            self.before = copy.deepcopy(self.guider)
        made = self.guider if first else copy.deepcopy(self.before)
        made.set_state(step=step, num_inference_steps=p["steps"], timestep=torch.tensor(0))
        return made.forward(*pair).pred[0]

    def evaluate(self, x, level, sigma, sigma_next, step):
        self.level = level
        p = self.preset
        if p["method"] not in ("nag", "pladis"):
            here, memory = super().evaluate(x, level, sigma, sigma_next, step)
            return here, memory
        low, high = map(methods.number, p["window"])
        side = self.positive
        if low < sigma <= high:
            inside = dict(nag=(p["scale"], p["featureLimit"], p["featureBlend"])) if p["method"] == "nag" else dict(
                sparse=({"entmax": "entmax15", "sparsemax": "sparsemax"}[p["sparseMap"]], p["scale"]))
            side = side.but(controls={layer: inside for layer in self.chosen(p)})
        denoised = side(x, level)
        return dict(x=x, positive=denoised, negative=None, denoised=denoised, mask=None, stacked=[]), self.memory


# ---- what is run -------------------------------------------------------------------------------------------------------------------

ALL = "all"
PAG = dict(negative="pag", layers=ALL, perturbation="identity", mix=1, head=-1)
CFG = dict(negative="cfg", network="dropout")

PRESETS = {
    "tcfg": {"tcfg": dict(scale=2.0, **CFG), "tcfg over pag": dict(scale=1.0, **PAG)},
    "mambo-g": {"mambo-g": dict(scale=6.0, damping=8, **CFG), "mambo-g over pag": dict(scale=3.0, damping=2, **PAG)},
    "apg-mix": {"apg-mix": dict(scale=2.0, plainSteps=3, plainShare=0.35, momentum=-0.5, eta=0, normLimit=2.5, **PAG),
                "apg-mix over cfg, no limit": dict(scale=1.0, plainSteps=2, plainShare=1, momentum=-0.75, eta=0.5, normLimit="inf", **CFG)},
    "s2": {"s2": dict(scale=1.0, layers=ALL, blockShare=0.3, part="attention"),
           "s2, blocks of the decoder": dict(scale=0.5, layers=[4, 5, 6], blockShare=0.05, part="block"),
           "s2, second image": dict(scale=0.5, layers=ALL, blockShare=0.5, part="block", samples=2)},
    "in-situ": {"in-situ": dict(scale=1.0, layers=ALL, dropout=0.1), "in-situ, decoder": dict(scale=0.5, layers=[5, 6], dropout=0.4),
                "in-situ, second image": dict(scale=1.0, layers=ALL, dropout=0.25, samples=2)},
    "nag": {"nag": dict(scale=2.0, layers=ALL, featureLimit=1.5, featureBlend=0.5),
            "nag, unlimited, decoder": dict(scale=1.0, layers=[4, 5, 6], featureLimit=10, featureBlend=1),
            "nag, window": dict(scale=4.0, layers=ALL, featureLimit=2.5, featureBlend=0.25, window=[0.2, 20])},
    "pladis": {"pladis": dict(scale=2.0, layers=ALL, sparseMap="entmax"), "pladis, sparsemax": dict(scale=1.5, layers=ALL, sparseMap="sparsemax"),
               "pladis, middle": dict(scale=4.0, layers=[2, 3], sparseMap="entmax", window=[0.2, 40])},
    "momentum": {"momentum of noise": dict(scale=0.5, beta=0.6, average="noise"),
                 "momentum of noise, window": dict(scale=1.5, beta=0.3, average="noise", window=[0.2, 20])},
    "self-guidance": {
        "self-guidance, shifted": dict(scale=1.0, delta=0.1, **{"from": "level"}),
        "self-guidance, previous": dict(scale=1.0, below=5, **{"from": "previous"}),
        "self-guidance, previous from the beginning": dict(scale=0.5, below="inf", **{"from": "previous"}),
        "pair of condition, perturbation, level and crops": dict(
            method="pair", scale=0.5, layers=ALL, negativeNetwork="same", negativeCondition="random", draw="class", redraw="once", exclude=True,
            negativePerturbation="erg", tau=0.5, negativeTime="self-guidance", delta=0.1, negativeInput="swg", crop="3/4", perSide=2,
            overlapOnly=True, **{"from": "level"})},
}
HEUN = ("tcfg", "mambo-g", "apg-mix", "s2", "in-situ", "nag", "pladis", "momentum of noise", "self-guidance, shifted", "self-guidance, previous")


def runs(family, store, method):
    for name, own in PRESETS[method].items():
        for solver in ("euler", "heun") if name in HEUN else ("euler",):
            preset = dict(model="tiny", network="main", seed=1, samples=1, steps=6, solver=solver, window=[0, "inf"], rescale=0, method=method,
                          **{"class": 4}) | own
            steps, final = NewerRun(family, preset)()
            plain = Run(family, {**SETTINGS, **preset, "method": "none"})()[1]
            push = float((final - plain).abs().max() / plain.abs().max())
            print(f"{name}, {solver}: ends {push:.3g} from the unguided image")
            assert push > 3e-3
            keys = ["x", "positive", "negative", "denoised"]
            yield dict(name=f"{name}, {solver}", preset=preset, final=store.add(final), steps=[
                stored(store, step, keys if index == 0 else keys[1:]) for index, step in enumerate(steps)])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("methods", nargs="*", default=list(PRESETS))
    parser.add_argument("--out", type=Path, default=ROOT / "tests/golden/methods", help="folder to write; default tests/golden/methods")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    philox.check()
    arguments.out.mkdir(exist_ok=True)
    family = Family("tiny", make=NewerNetwork)
    for method in arguments.methods:
        store = Store()
        lines = ",\n".join(json.dumps(entry, separators=(",", ":")) for entry in runs(family, store, method))
        (arguments.out / f"{method}.bin").write_bytes(store.data)
        (arguments.out / f"{method}.json").write_text(f'{{"format": 1, "model": "tiny", "runs": [\n{lines}\n]}}\n')
        print(f"{method}: {len(store.data)} bytes")


if __name__ == "__main__":
    main()
