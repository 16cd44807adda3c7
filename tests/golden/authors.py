"""Runs code that is not ours beside what the golden tensors were made with, and writes the largest differences.

    python3 -m venv venv; venv/bin/pip install torch==2.13.0 diffusers==0.42.1 kornia==0.9.0 entmax==1.3 numpy
    venv/bin/python tests/golden/authors.py AUTHORS

AUTHORS is a folder with a clone of each repository that REPOSITORIES names, and with arxiv-2407.02687/figure12.py: the listing of that paper, TSG's,
of which its authors published no other code, typed out. Of their files only the functions and classes are taken
that are compared, so that nothing else of them has to run; torchvision's blurs are kornia's, which pad by reflection too. Written is
tests/golden/authors.json: {versions, commits, records: [{method, what, against, kind, error}]}, `kind` saying whose code it is (`others`: neither
the authors' nor a library's), `error` being the largest difference over the largest value. The cards of the methods claim no less:
tests/unit/guidance/provenance.test.ts reads both.
"""
import argparse
import json
import math
import types
from pathlib import Path

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

import methods
from authors_layers import all_layers
from authors_runs import all_runs
from authors_tools import COMMITS, source, taken
from methods import Family, Run, Side, relative

REPOSITORIES = ["KU-CVLAB/Self-Attention-Guidance", "KU-CVLAB/Perturbed-Attention-Guidance", "SusungHong/SEG-SDXL", "NVlabs/edm2",
                "HHU-MMBS/swg_bmvc2025_official", "ChenDarYen/ComfyUI-NAG", "NVlabs/edm", "SinaAlemohammad/Neon", "CFGpp-diffusion/CFGpp",
                "maple-research-lab/Self-Guidance", "Stability-AI/sd3.5", "TaatiTeam/Token-Perturbation-Guidance", "dmpcd/guided-diffusion",
                "pamparamm/sd-perturbed-attention", "YXOfficial/Y_X-Guidance-Pack"]
torch.manual_seed(1)
torch.set_default_dtype(torch.float64)


def kornia_blur(image, kernel_size, sigma):
    """torchvision's gaussian_blur by kornia: reflection, a kernel that sums to one."""
    import kornia
    out = kornia.filters.gaussian_blur2d(image[None] if image.ndim == 3 else image, (kernel_size, kernel_size), (float(sigma), float(sigma)), "reflect", False)
    return out[0] if image.ndim == 3 else out


SIGMA, LEVELS = 2.0, (3.0, 2.0, 1.0, 0.5)
SHAPE = (3, 16, 16)


def predictions():
    """x, D+ and D- at four steps."""
    x = [torch.randn(SHAPE) * 2 for _ in LEVELS]
    plus = [each * 0.4 + torch.randn(SHAPE) * 0.3 for each in x]
    return list(zip(x, plus, [each + 0.2 * torch.randn(SHAPE) for each in plus]))


# ---- rules, by diffusers' guiders and the authors' functions -------------------------------------------------------------------------

def rules():
    from diffusers import guiders
    from diffusers.guiders.adaptive_projected_guidance import MomentumBuffer, normalized_guidance
    at = predictions()
    p = dict(momentum=-0.5, eta=0.3, normLimit=2.5)
    buffer, memory, worst = MomentumBuffer(p["momentum"]), None, 0
    # The third step has no difference, as where a class is drawn that is the wanted one.
    for x, plus, minus in (*at[:2], (at[2][0], at[2][1], at[2][1]), at[3]):
        ours, memory = methods.apg(plus, minus, 2.0, p, memory)
        theirs = normalized_guidance(plus[None], minus[None], 2.0, buffer, p["eta"], p["normLimit"], True)[0]
        worst = max(worst, relative(ours, theirs))
    yield "apg", "four steps, one with a difference of zero", "diffusers' normalized_guidance", "library", worst

    worst = 0
    for zero, scale in ((0, 1.5), (2, 1.5), (2, 0.0)):
        theirs = guiders.ClassifierFreeZeroStarGuidance(guidance_scale=scale + 1, zero_init_steps=zero)
        for step, (x, plus, minus) in enumerate(at):
            theirs.set_state(step=step, num_inference_steps=4, timestep=torch.tensor(0))
            other = plus if scale == 0 else minus
            v = theirs.forward(((x - plus) / SIGMA)[None], ((x - other) / SIGMA)[None]).pred[0]
            worst = max(worst, relative(methods.cfg_zero_star(x, SIGMA, plus, other, scale, dict(zeroSteps=zero), step), x - SIGMA * v))
    yield "cfg-zero-star", "velocities of four steps, still and moving, at s = 0 too", "diffusers' ClassifierFreeZeroStarGuidance", "library", worst

    worst = 0
    for scales in ([1.5, 0.6], [1.5, 1.0, 0.5]):
        theirs = guiders.FrequencyDecoupledGuidance(guidance_scales=[s + 1 for s in scales])
        theirs.set_state(step=1, num_inference_steps=4, timestep=torch.tensor(0))
        for _, plus, minus in at:
            worst = max(worst, relative(methods.fdg(plus, minus, scales), theirs.forward(plus[None], minus[None]).pred[0]))
    yield "fdg", "two and three levels", "diffusers' FrequencyDecoupledGuidance on kornia's pyramids", "library", worst

    theirs = guiders.ClassifierFreeGuidance(guidance_scale=2.5)
    worst = max(relative(plus + 1.5 * (plus - minus), theirs.forward(plus[None], minus[None]).pred[0]) for _, plus, minus in at)
    yield "cfg", "the combination, w = s + 1", "diffusers' ClassifierFreeGuidance", "library", worst


# ---- attention ----------------------------------------------------------------------------------------------------------------------

def heads(side=8, count=2, width=4):
    return torch.randn(3, count, side * side, width)


def attention(folder):
    from diffusers.models.attention_processor import Attention, PAGIdentitySelfAttnProcessor2_0
    side, count, width = 8, 2, 4
    layer = Attention(query_dim=count * width, heads=count, dim_head=width, bias=False, out_bias=False)
    hidden = torch.randn(1, side * side, count * width)
    q, k, v = (to(hidden)[0].reshape(-1, count, width).transpose(0, 1) for to in (layer.to_q, layer.to_k, layer.to_v))

    def whole(control):
        return layer.to_out[0](methods.attend(q, k, v, control, side, side)[0].transpose(0, 1).reshape(side * side, -1))

    with torch.no_grad():
        theirs = PAGIdentitySelfAttnProcessor2_0()(layer, torch.cat([hidden, hidden]))
        yield "pag", "identity, a layer with its projections", "diffusers' PAGIdentitySelfAttnProcessor2_0", "library", relative(whole(dict(mix=1)), theirs[1])

        names = ["QKVAttentionLegacyBlur", "QKVAttentionLegacyAvgPool2D"]
        scope = dict(th=torch, nn=nn, math=math, TVF=types.SimpleNamespace(gaussian_blur=kornia_blur))
        # A map of double precision is made single on the way, as `.float()` asks; here it stays what it is.
        theirs = taken(source(folder, "KU-CVLAB/Perturbed-Attention-Guidance", "guided_diffusion/unet.py").replace("weight.float()", "weight"), names, scope)
        qkv = torch.cat([q, k, v], 2).transpose(1, 2).reshape(1, -1, side * side)
        for what, module, control in (("map blurred", theirs.QKVAttentionLegacyBlur(count, 9), dict(smooth="gaussian")),
                                      ("map averaged", theirs.QKVAttentionLegacyAvgPool2D(count), dict(smooth="average"))):
            ours = methods.attend(q, k, v, control, side, side)[0].transpose(1, 2).reshape(1, -1, side * side)
            yield "pag", what, "the authors' guided_diffusion/unet.py", "authors", relative(ours, module(qkv))

        scope = dict(F=F, math=math, torch=torch, Attention=Attention, Optional=__import__("typing").Optional)
        text = source(folder, "SusungHong/SEG-SDXL", "pipeline_seg.py")
        theirs = taken(text, ["gaussian_blur_2d", "SEGCFGSelfAttnProcessor"], scope)
        for sigma in (0.5, 1, 2, 10, 1e7):
            made = theirs.SEGCFGSelfAttnProcessor(blur_sigma=sigma, do_cfg=False)(layer, torch.cat([hidden, hidden]))
            ours = whole(dict(querySigma=math.inf if sigma > 9999 else sigma))
            yield "seg", f"σ {'∞' if sigma > 9999 else sigma}, a layer with its projections", "the authors' pipeline_seg.py", "authors", relative(ours, made[1])


def nag(folder):
    import methods_newer
    theirs = taken(source(folder, "ChenDarYen/ComfyUI-NAG", "utils.py"), ["nag"], dict(torch=torch))
    plus, minus = torch.randn(16, 8), torch.randn(16, 8)
    ours = methods_newer.nag(plus, minus, 2.0, 1.5, 0.5)
    yield "nag", "tokens' results, limited and blended; scale 3 of theirs", "the authors' ComfyUI-NAG, utils.py", "authors", relative(
        ours, theirs.nag(plus[None], minus[None], 3.0, 1.5, 0.5)[0])


# ---- inputs and whole runs on the tiny network ----------------------------------------------------------------------------------------

def sag(folder, family):
    text = source(folder, "KU-CVLAB/Self-Attention-Guidance", "guided_diffusion/gaussian_diffusion.py")
    blur = types.SimpleNamespace(GaussianBlur=lambda kernel_size, sigma: lambda image: kornia_blur(image, kernel_size, sigma))
    theirs = taken(text, ["attention_masking"], dict(T=blur, F=F)).attention_masking
    maps = torch.randn(2, 64, 64).softmax(-1)
    size = (3, 32, 32)
    x, plus = torch.randn(size) * 2, torch.randn(size)
    x0, noise = plus.clamp(-1, 1), (x - plus) / SIGMA
    # Their noise schedule is x0 + sigma noise up to a factor, which their step undoes.
    self = types.SimpleNamespace(sel_attn_depth=0, sel_attn_block="output", num_heads=2, q_sample=lambda x, t, noise: x + SIGMA * noise)
    made = theirs(self, x0[None], torch.zeros(1), maps, noise[None], 3.0)[0]
    run = types.SimpleNamespace(family=types.SimpleNamespace(shape=size, layers=[dict(height=8, width=8)]), margin=0)
    seen = []
    methods.sag(run, lambda image, sigma: seen.append(image) or image, x, SIGMA, plus, [maps],
                dict(mask="attention", mapLayer=0, mapHead=-1, threshold=1, blurSigma=3.0, fill="blur"), 0)
    yield "sag", "the degraded input: mask, blur, noise", "the authors' attention_masking", "authors", relative(seen[0], made)


def swg(folder, family):
    theirs = taken(source(folder, "HHU-MMBS/swg_bmvc2025_official", "edm2/sample_edm2.py"), ["edges", "swg_guidance"], dict(torch=torch))
    side = Side(family.network("main"), 4)
    x = torch.randn(family.shape) * SIGMA
    run = types.SimpleNamespace(family=family)
    worst = 0
    for count in (2, 3):
        class Net:
            def __call__(self, crops, sigma, labels):
                return torch.stack([side(crop, sigma) for crop in crops])
        size = family.shape[1] * 3 // 4
        made, overlap = theirs.swg_guidance(x[None], SIGMA, None, Net(), size, count, dtype=torch.float64)
        ours, _ = methods.swg(run, side, x, SIGMA, None, dict(crop="3/4", perSide=count, overlapOnly=False))
        worst = max(worst, relative(ours, made[0]))
    yield "swg", "2 × 2 and 3 × 3 crops through the tiny network", "the authors' swg_guidance", "authors", worst


def autoguidance(folder, family):
    theirs = taken(source(folder, "NVlabs/edm2", "generate_images.py"), ["edm_sampler"], dict(torch=torch, np=np))
    preset = dict(model="tiny", network="main", seed=1, samples=1, steps=6, solver="heun", window=[0, "inf"], rescale=0, method="autoguidance",
                  scale=1.1, weak="main-1-16", weakEma="stored", **{"class": 4})
    run = Run(family, preset)
    _, final = run()
    sides = [Side(family.network(name), 4) for name in ("main", "main-1-16")]
    net, weak = (lambda x, sigma, labels, side=side: side(x[0], float(sigma))[None] for side in sides)
    shape = family.shape
    noise = torch.from_numpy(methods.philox.normals(1, 0, math.prod(shape)).reshape(shape))
    low, high, rho = run.spread
    made = theirs.edm_sampler(net, noise[None], None, weak, num_steps=6, sigma_min=low, sigma_max=high, rho=rho, guidance=2.1, dtype=torch.float64)[0]
    yield "autoguidance", "a whole run of six Heun steps on the tiny network", "the authors' edm_sampler", "authors", relative(final, made)

    names = ["std_to_exp", "power_function_correlation", "solve_posthoc_coefficients"]
    phema = taken(source(folder, "NVlabs/edm2", "training/phema.py"), names, dict(np=np))
    stored = [(time, std) for time in (1, 2, 3, 4) for std in (0.05, 0.1)]
    made = phema.solve_posthoc_coefficients([t for t, _ in stored], [s for _, s in stored], [4], [0.07])[:, 0]
    ours = methods.coefficients(stored, (4, 0.07))
    yield "autoguidance", "coefficients of a weight average", "the authors' phema.py", "authors", float(np.abs(ours - made).max() / np.abs(made).max())


def sparse():
    import entmax
    import methods_newer
    q, k = torch.randn(2, 16, 4), torch.randn(2, 16, 4)
    logits = q @ k.transpose(1, 2) / 2
    worst = max(relative(methods_newer.sparse_attention(q, k, kind, 2.0), 2 * getattr(entmax, kind)(logits, dim=-1) - logits.softmax(-1))
                for kind in ("entmax15", "sparsemax"))
    yield "pladis", "maps of 1.5-entmax and sparsemax, λ 2", "the package entmax", "library", worst


def made():
    """Golden runs whose rule is the library's own code: there is nothing in between."""
    for method, name in (("tcfg", "TangentialClassifierFreeGuidance"), ("mambo-g", "MagnitudeAwareGuidance"), ("apg-mix", "AdaptiveProjectedMixGuidance")):
        yield method, "the golden runs are made by it", f"diffusers' {name}", "library", 0.0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("authors", type=Path, help="folder with the clones")
    folder = parser.parse_args().authors
    torch.set_num_threads(1)
    family = Family("tiny")
    found = [*rules(), *attention(folder), *nag(folder), *sparse(), *made(), *sag(folder, family), *swg(folder, family), *autoguidance(folder, family),
             *all_runs(folder, family), *all_layers(folder, family)]
    assert sorted(COMMITS) == sorted(REPOSITORIES)
    import diffusers
    import kornia
    versions = dict(torch=torch.__version__, diffusers=diffusers.__version__, kornia=kornia.__version__)
    lines = []
    for method, what, against, kind, error in found:
        print(f"{method}: {what}, against {against}: {error:.1e}")
        lines.append(json.dumps(dict(method=method, what=what, against=against, kind=kind, error=float(f"{error:.1e}")), ensure_ascii=False))
    out = Path(__file__).parent / "authors.json"
    out.write_text('{"versions": ' + json.dumps(versions) + ',\n"commits": ' + json.dumps(dict(sorted(COMMITS.items())), indent=1) + ',\n"records": [\n' + ",\n".join(lines) + "\n]}\n")


if __name__ == "__main__":
    main()
