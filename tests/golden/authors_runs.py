"""Whole runs of the tiny network by code of others, beside those of the golden makers; tests/golden/authors.py calls it."""
import math
import types
from typing import Any, List, Optional
from unittest import mock

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

import methods
import philox
from authors_tools import loop, source, taken
from methods import Run, Side, relative

LABEL = 4


def preset(**own):
    return dict(model="tiny", network="main", seed=1, samples=1, steps=6, solver="euler", window=[0, "inf"], rescale=0, **{"class": LABEL}) | own


def started(run):
    """A run whose noise levels are not rounded to single precision, as none of the others' are, and its noise."""
    low, high, rho = run.spread
    n = run.preset["steps"]
    run.sigmas = [(high**(1 / rho) + i / (n - 1) * (low**(1 / rho) - high**(1 / rho)))**rho for i in range(n)] + [0.0]
    shape = run.family.shape
    noise = philox.normals(1, 0, math.prod(shape)).reshape(shape) * run.sigmas[0]
    return torch.from_numpy(noise.astype(np.float32)).double() / run.sigmas[0]


def batched(side):
    """A prediction as networks of others are called: a batch of one."""
    return lambda x, sigma, labels=None: side(x[0], float(sigma))[None]


def spread(run):
    low, high, rho = run.spread
    return dict(num_steps=run.preset["steps"], sigma_min=low, sigma_max=high, rho=rho)


def none(folder, family):
    text = source(folder, "NVlabs/edm", "training/networks.py").replace("torch.float32", "torch.float64")
    theirs = taken(text, ["EDMPrecond"], dict(torch=torch)).EDMPrecond
    whole = theirs.__new__(theirs)
    nn.Module.__init__(whole)
    network, classes = family.network("main"), len(family.manifest["conditioning"]["classes"])
    whole.label_dim, whole.use_fp16, whole.sigma_data, whole.sigma_min, whole.sigma_max = classes, False, 0.5, 0, math.inf
    whole.model = lambda x, t, class_labels: network(x[0], float(t), int(class_labels.argmax()), {}, None)[None]
    samplers = taken(source(folder, "NVlabs/edm", "generate.py"), ["edm_sampler", "ablation_sampler"], dict(torch=torch, np=np))
    worst = 0
    for solver in ("heun", "euler"):
        run = Run(family, preset(method="none", solver=solver))
        noise = started(run)
        own = samplers.edm_sampler if solver == "heun" else samplers.ablation_sampler
        more = {} if solver == "heun" else dict(solver="euler", discretization="edm", schedule="linear", scaling="none")
        made = own(whole, noise[None], F.one_hot(torch.tensor([LABEL]), classes), **spread(run), **more)[0]
        worst = max(worst, relative(run()[1], made))
    yield "none", "whole runs of six Euler and Heun steps, with their preconditioning", "the authors' edm_sampler, ablation_sampler and EDMPrecond", "authors", worst


def sims(folder, family):
    theirs = taken(source(folder, "SinaAlemohammad/Neon", "edm/generate_images.py"), ["edm_sampler"], dict(torch=torch, np=np))
    run = Run(family, preset(method="sims", scale=1.5, budget="sims-1", form="sims", solver="heun"))
    noise = started(run)
    net, aux = (batched(Side(family.network(name), LABEL)) for name in ("main", "sims-1"))
    made = theirs.edm_sampler(net, noise[None], None, aux, **spread(run), guidance=1.5, dtype=torch.float64)[0]
    yield "sims", "a whole run of six Heun steps, ω 1.5", "the first author's edm_sampler, in Neon's repository", "authors", relative(run()[1], made)

    states = {name: {key: value.double() for key, value in family.state(name).items()} for name in ("main", "sims-1")}
    merged = loop(source(folder, "SinaAlemohammad/Neon", "edm/cal_PR_single.py"), "(1.0 + w) * base_state[k] - w * aux_state[k]",
                  dict(torch=torch, w=1.5, base_state=states["main"], aux_state=states["sims-1"], new_state=dict(states["main"])))["new_state"]
    ours = family.network("main", neon=("sims-1", 1.5)).w
    yield "sims", "Neon's weights, w 1.5", "the authors' cal_PR_single.py", "authors", max(relative(ours[key], merged[key]) for key in ours)


def any_pair(folder, family):
    theirs = taken(source(folder, "NVlabs/edm2", "generate_images.py"), ["edm_sampler"], dict(torch=torch, np=np))
    own = methods.tiny_presets(family)["pair of all but input"]
    run = Run(family, preset(**own, solver="heun"))
    noise = started(run)
    calls = []

    def negative(x, sigma, labels):
        # Two evaluations a step; what is drawn belongs to the step.
        step = len(calls) // 2
        calls.append(step)
        return run.answer(0, x[0], float(sigma), run.sigmas[step], None, None, step)[0][None]

    made = theirs.edm_sampler(batched(run.positive), noise[None], None, negative, **spread(run), guidance=own["scale"] + 1, dtype=torch.float64)[0]
    yield "pair", "a whole run of six Heun steps, of all choices but the input", "edm_sampler of NVlabs/edm2, its weak network the pair's negative", "others", relative(run()[1], made)


def cfg_plus_plus(folder, family):
    text = source(folder, "CFGpp-diffusion/CFGpp", "latent_diffusion.py").replace(".to(torch.float16)", "").replace("@torch.autocast(device_type='cuda', dtype=torch.float16)", "")
    base = taken(text, ["to_d", "calculate_input", "calculate_denoised", "kdiffusion_x_to_denoised"], dict(torch=torch))
    worst = 0
    for share in (0.6, 1.0):
        run = Run(family, preset(**{"method": "cfg++", "scale": 1.0, "lambda": share, "negative": "cfg", "network": "dropout"}))
        noise = started(run)
        sides = [Side(family.network("dropout"), label) for label in (None, LABEL)]

        def predict(self, scaled, sigma, *conditions):
            x = scaled[0] * math.sqrt(float(sigma)**2 + 1)
            return [((x - side(x, float(sigma))) / float(sigma))[None] for side in sides]

        parent = type("StableDiffusion", (), {**{name: vars(base)[name] for name in ("to_d", "calculate_input", "calculate_denoised", "kdiffusion_x_to_denoised")},
                                              "predict_noise": predict, "timestep": lambda self, sigma: sigma, "device": "cpu",
                                              "get_text_embed": lambda self, **names: (None, None), "decode": lambda self, image: image,
                                              "initialize_latent": lambda self, **names: noise[None] * run.sigmas[0]})
        scope = dict(torch=torch, StableDiffusion=parent, tqdm=lambda steps, desc: steps, get_sigmas_karras=lambda *given, rho: torch.tensor(run.sigmas))
        solver = taken(text, ["EulerCFGppSolver"], scope).EulerCFGppSolver()
        solver.scheduler, solver.total_alphas = types.SimpleNamespace(timesteps=range(6)), torch.ones(1)
        steps = []
        # Their last line makes a picture of it and clips: compared is the last denoised image, and x after every step.
        solver.sample(share, callback_fn=lambda i, t, seen: steps.append(seen["zt"][0]) or seen)
        seen, final = run()
        worst = max(worst, relative(final, steps[-1]), *(relative(step["x"], x) for step, x in zip(seen[1:], steps)))
    yield "cfg++", "x after each of six Euler steps, λ 0.6 and 1", "the authors' EulerCFGppSolver", "authors", worst


def icg(folder, family):
    classes = len(family.manifest["conditioning"]["classes"])
    text = source(folder, "dmpcd/guided-diffusion", "guided_diffusion/gaussian_diffusion.py").replace("high=1000", f"high={classes}")
    theirs = taken(text, ["p_sample_loop_icg"], dict(th=torch)).p_sample_loop_icg
    run = Run(family, preset(method="icg", scale=1.5, draw="class", redraw="step", exclude=False, steps=12))
    noise = started(run)
    network, drawn = family.network("main"), []

    def moments(model, x, t, model_kwargs, **others):
        """An Euler step without noise, which is linear in the prediction as the mean is."""
        step, label = 11 - int(t[0]), int(model_kwargs["y"][0])
        if len(drawn) < step + 1:
            drawn.append(None)
        elif drawn[step] is None:
            drawn[step] = label
        sigma = run.sigmas[step]
        mean = x[0] + (run.sigmas[step + 1] - sigma) * (x[0] - Side(network, label)(x[0], sigma)) / sigma
        return dict(mean=mean[None], variance=torch.zeros(1), log_variance=torch.tensor(-math.inf))

    self = types.SimpleNamespace(num_timesteps=12, p_mean_variance=moments)
    made = theirs(self, None, (1, *family.shape), noise=noise[None] * run.sigmas[0], model_kwargs=dict(y=torch.tensor([LABEL])), device="cpu",
                  icg_scale=2.5)[0]
    assert len(set(drawn)) > 3
    with mock.patch.object(philox, "random_integer", lambda seed, sample, purpose, index, bound: drawn[index]):
        yield "icg", "a whole run of twelve steps with the classes that it drew", "p_sample_loop_icg of dmpcd/guided-diffusion", "others", relative(run()[1], made)


def tsg(folder, family):
    """Figure 12 of the paper on an embedding of the deviation that the manifest states, with our noise; t falls from 1 to 0, which the paper leaves open."""
    text = (folder / "arxiv-2407.02687" / "figure12.py").read_text()
    about = family.manifest["embedding"]
    embedding = torch.randn(about["width"], generator=torch.Generator().manual_seed(1))
    embedding *= about["noiseDeviation"] / embedding.std()
    for name, what, limits, own in (("get_power_schedule", "a power of t", (0, 1), dict(noiseScale=2, alpha=1)),
                                    ("get_constant_schedule", "a constant in the middle", (0.3, 0.7), dict(noiseScale=1, alpha=0))):
        run = Run(family, preset(method="tsg", scale=1.5, **own))
        x, (low, high, rho) = started(run) * run.sigmas[0], run.spread
        ends = [value**(1 / rho) for value in (low, high)]
        if own["alpha"] == 0:
            run.preset["window"] = [(ends[0] + t * (ends[1] - ends[0]))**rho for t in limits]
        for step, (sigma, after) in enumerate(zip(run.sigmas, run.sigmas[1:])):
            noise = types.SimpleNamespace(randn_like=lambda e: torch.from_numpy(philox.normals(1, 0, len(e), philox.TIME, step)))
            scope = dict(torch=noise, S=own["noiseScale"], ALPHA=own["alpha"], T_MIN=limits[0], T_MAX=limits[1])
            t = (sigma**(1 / rho) - ends[0]) / (ends[1] - ends[0])
            perturbed = getattr(taken(text, [name], scope), name)(embedding, t)
            plus, minus = (run.positive.but(offset=offset)(x, sigma) for offset in (None, perturbed - embedding))
            x = x + (after - sigma) * (x - (plus + 1.5 * (plus - minus))) / sigma
        yield "tsg", f"a whole run of six Euler steps, {what}", f"the paper's Figure 12, {name}", "authors", relative(run()[1], x)


def momentum(folder, family):
    group = taken(source(folder, "pamparamm/sd-perturbed-attention", "guidance_utils.py"), ["get_option_group"], dict(Any=Any))
    scope = dict(Any=Any, torch=torch, get_option_group=group.get_option_group,
                 io=types.SimpleNamespace(ComfyNode=object, NodeOutput=lambda model: model, Schema=None))
    node = taken(source(folder, "pamparamm/sd-perturbed-attention", "mg_nodes.py"), ["MomentumGuidance"], scope).MomentumGuidance
    rules = []
    model = types.SimpleNamespace(clone=lambda: model, set_model_sampler_post_cfg_function=rules.append)
    node.execute(model=model, momentum=0.5, ema=0.6)
    run = Run(family, preset(method="momentum", scale=0.5, beta=0.6))
    x, options = started(run) * run.sigmas[0], {}
    for sigma, after in zip(run.sigmas, run.sigmas[1:]):
        denoised = rules[0](dict(denoised=run.positive(x, sigma), model_options=options))
        x = x + (after - sigma) * (x - denoised) / sigma
    yield "momentum", "a whole run of six Euler steps", "mg_nodes.py of pamparamm/sd-perturbed-attention", "others", relative(run()[1], x)


def self_guidance(folder, family):
    """Their t is made of σ: told levels are multiplied where t is shifted, and t = 1000 is the top."""
    text = source(folder, "maple-research-lab/Self-Guidance", "models/stable_diffusion/pipeline_sd.py")
    slope, shift = 90, 0.1
    for kind, own in (("sg", dict(delta=shift, **{"from": "level"})), ("sg_prev", dict(below=5, **{"from": "previous"}))):
        run = Run(family, preset(method="self-guidance", scale=1.5, **own))
        noise, now = started(run), []

        def t_of(sigma):
            return torch.tensor(1000 + slope * math.log(sigma / run.sigmas[0]))

        def unet(x, t, **conditions):
            sigma = now[-1]
            told = math.exp((float(t) - 1000) / slope) * run.sigmas[0]
            return ((x[0] - run.positive.but(factor=told / sigma)(x[0], sigma)) / sigma)[None],

        def euler(noise_pred, t, latents, **more):
            return latents + (run.sigmas[len(now)] - now[-1]) * noise_pred,

        scheduler = types.SimpleNamespace(order=1, step=euler, scale_model_input=lambda x, t: now.append(run.sigmas[len(now)]) or x)
        self = types.SimpleNamespace(interrupt=False, unet=unet, scheduler=scheduler, cross_attention_kwargs=None, do_self_guidance=True, guidance_rescale=0,
                                     do_perturbed_attention_guidance=False, do_classifier_free_guidance=False, self_guidance_shift_t=slope * math.log(1 + shift))
        scope = dict(torch=torch, self=self, timesteps=[t_of(sigma) for sigma in run.sigmas[:-1]], latents=noise[None] * run.sigmas[0],
                     prompt_embeds=torch.zeros(1), timestep_cond=None, added_cond_kwargs=None, self_guidance_type=kind, sg_prev_max_t=float(t_of(5)),
                     guidance_scale=1, self_guidance_scale=1.5, pag_scale=0, extra_step_kwargs={}, callback_on_step_end=None, num_warmup_steps=0,
                     noise_pred_deltat=None, progress_bar=types.SimpleNamespace(update=lambda: None))
        made = loop(text, "noise_pred_deltat = noise_pred.clone()", scope)["latents"][0]
        what = "told 1.1 σ" if kind == "sg" else "the step before"
        yield "self-guidance", f"a whole run of six Euler steps, {what}", f"the authors' denoising loop in pipeline_sd.py, {kind}", "authors", relative(run()[1], made)


def slg(folder, family):
    theirs = taken(source(folder, "Stability-AI/sd3.5", "sd3_impls.py"), ["SkipLayerCFGDenoiser"], dict(torch=torch)).SkipLayerCFGDenoiser
    run = Run(family, preset(method="slg", scale=1.5, layers=[3, 5], part="block", window=[0.5, 20]))

    def apply_model(x, sigma, c_crossattn=None, y=None, skip_layers=[]):
        side = run.positive.but(controls={layer: dict(skip="block") for layer in skip_layers})
        return torch.stack([side(each, float(level)) for each, level in zip(x, sigma)])

    x = started(run) * run.sigmas[0]
    inside = [step for step, sigma in enumerate(run.sigmas) if 0.5 < sigma <= 20]
    rule = theirs(types.SimpleNamespace(apply_model=apply_model), 6, dict(scale=1.5, start=(inside[0] - 0.5) / 6, end=(inside[-1] + 0.5) / 6, layers=[3, 5]))
    told = dict(c_crossattn=torch.zeros(1), y=torch.zeros(1))
    for sigma, after in zip(run.sigmas, run.sigmas[1:]):
        denoised = rule(x[None], torch.tensor([sigma]), told, told, 1.0)[0]
        x = x + (after - sigma) * (x - denoised) / sigma
    yield "slg", "a whole run of six Euler steps, two of them guided", "the authors' SkipLayerCFGDenoiser", "authors", relative(run()[1], x)

    core = taken(source(folder, "Stability-AI/sd3.5", "mmditx.py"), ["forward_core_with_concat"], dict(torch=torch, Optional=Optional, List=List))
    network, h = family.network("main"), torch.randn(1, 8, 8, 8)
    network.maps, e = [], network.condition(network.embedding(0.1), LABEL, None)

    def level(x, name, **control):
        return network.attention(network.residual(x, e, f"{name}.block", skipped="skip" in control), f"{name}.attention", control)

    names = ["encoder_high.0", "encoder_high.1", "encoder_high.0"]
    self = types.SimpleNamespace(register_length=0, final_layer=lambda x, c: x, joint_blocks=[
        lambda context, x, c, name=name: (context, level(x, name)) for name in names])
    ours = h
    for index, name in enumerate(names):
        ours = level(ours, name, **(dict(skip="block") if index == 1 else {}))
    made = core.forward_core_with_concat(self, h, e, skip_layers=[1])
    yield "slg", "three blocks, one left out", "the authors' forward_core_with_concat", "authors", relative(ours, made)


def all_runs(folder, family):
    for each in (none, sims, any_pair, cfg_plus_plus, icg, tsg, momentum, self_guidance, slg):
        yield from each(folder, family)
