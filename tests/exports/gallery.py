"""Tries the recipes of docs/gallery.md: runs each block of Python as it stands, and then its commands, with small networks of random weights
in the place of those that it loads.

    PYTHON tests/exports/gallery.py --work WORK [--code CODE] [WORD ...]

PYTHON is that of `npm run exports`. The recipes of authors' code need CODE, a folder with the repositories edm, edm2 and guided-diffusion; without it they are
left out. Words choose headings. Texts are random numbers: diffusers' pipelines are stood in for by their parts.
"""
import argparse
import builtins
import os
import pickle
import re
import shutil
import subprocess
import sys
import types
from pathlib import Path

import diffusers
import torch

from truth import randomise

ROOT = Path(__file__).resolve().parents[2]
SMALL = {"num_channels=256": "num_channels=32", "num_head_channels=64": "num_head_channels=16", '"32,16,8"': '"8"', "size = 256": "size = 64"}


def vae(**more):
    return diffusers.AutoencoderKL(
        block_out_channels=(4, 4), norm_num_groups=2, down_block_types=("DownEncoderBlock2D",) * 2, up_block_types=("UpDecoderBlock2D",) * 2, **more)


def pipeline(**parts):
    return types.SimpleNamespace(from_pretrained=lambda *_, **__: types.SimpleNamespace(**parts))


def unet():
    return randomise(diffusers.UNet2DModel(
        sample_size=16, block_out_channels=(8, 16), layers_per_block=1, norm_num_groups=4, attention_head_dim=4,
        down_block_types=("DownBlock2D", "AttnDownBlock2D"), up_block_types=("AttnUpBlock2D", "UpBlock2D")))


def conditional():
    return randomise(diffusers.UNet2DConditionModel(
        sample_size=16, block_out_channels=(8, 16), layers_per_block=1, norm_num_groups=4, attention_head_dim=2, cross_attention_dim=12,
        down_block_types=("CrossAttnDownBlock2D", "DownBlock2D"), up_block_types=("UpBlock2D", "CrossAttnUpBlock2D")))


def dit():
    return randomise(diffusers.DiTTransformer2DModel(
        num_attention_heads=2, attention_head_dim=8, in_channels=4, out_channels=8, num_layers=3, sample_size=8, num_embeds_ada_norm=1000))


def sd3():
    return randomise(diffusers.SD3Transformer2DModel(
        sample_size=8, in_channels=4, num_layers=2, attention_head_dim=8, num_attention_heads=2, joint_attention_dim=12, caption_projection_dim=16,
        pooled_projection_dim=10, out_channels=4, pos_embed_max_size=8))


def flux():
    return randomise(diffusers.FluxTransformer2DModel(
        in_channels=16, num_layers=1, num_single_layers=1, attention_head_dim=16, num_attention_heads=2, joint_attention_dim=12,
        pooled_projection_dim=10, axes_dims_rope=(4, 6, 6)))


def stand_in():
    """In the place of what diffusers loads."""
    discrete = diffusers.DDPMScheduler
    diffusers.DDPMPipeline = pipeline(unet=unet(), scheduler=discrete())
    diffusers.DiTPipeline = pipeline(transformer=dit(), scheduler=discrete(), vae=vae(scaling_factor=0.18215))
    diffusers.StableDiffusionPipeline = pipeline(
        unet=conditional(), scheduler=diffusers.PNDMScheduler(beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear"), vae=vae(),
        encode_prompt=lambda prompts, *_: (torch.randn(len(prompts), 5, 12), None))
    diffusers.StableDiffusion3Pipeline = pipeline(
        transformer=sd3(), scheduler=diffusers.FlowMatchEulerDiscreteScheduler(shift=3.0), vae=vae(scaling_factor=1.5305, shift_factor=0.0609),
        encode_prompt=lambda prompts, *_, **__: (torch.randn(len(prompts), 7, 12), None, torch.randn(len(prompts), 10), None))

    diffusers.FluxPipeline = pipeline(
        transformer=flux(), scheduler=diffusers.FlowMatchEulerDiscreteScheduler(shift=1.0), vae=vae(scaling_factor=0.3611, shift_factor=0.1159),
        encode_prompt=lambda prompts, *_: (torch.randn(len(prompts), 7, 12), torch.randn(len(prompts), 10), None))


def edm():
    from training.networks import EDMPrecond
    return EDMPrecond(16, 3, 10, model_type="SongUNet", model_channels=16, channel_mult=[1, 2], num_blocks=1, attn_resolutions=[8])


def edm2():
    from training.networks_edm2 import Precond
    return Precond(16, 3, 10, model_channels=16, channel_mult=[1, 2], num_blocks=1, attn_resolutions=[8], channels_per_head=16)


def awake(net):
    """Layers that begin at nothing would hide what guidance does."""
    for parameter in net.parameters():
        if parameter.abs().max() < 1e-3:
            torch.nn.init.normal_(parameter, std=0.1)
    return net


def loaded(name):
    """What the recipe's pickle holds."""
    for module in [module for module in sys.modules if module.split(".")[0] in ("training", "torch_utils", "dnnlib")]:
        del sys.modules[module]
    return {"ema": awake(edm2() if "edm2" in name else edm())}


def run(code, folder):
    """The block, with stand-ins for the files that it opens; ADM's is made smaller in its text, as its arguments are there."""
    if "create_model" in code:
        for large, small in SMALL.items():
            code = code.replace(large, small)
        code = re.sub(r"net\.load_state_dict.*", "awake(net)", code)
    if "FluxPipeline" in code:
        code = code.replace('Path("flux"), 128', 'Path("flux"), 8')
    opened = []

    def fake_open(name, *more):
        if not str(name).endswith(".pkl"):
            return builtins.open(name, *more)
        opened.append(name)
        return builtins.open(os.devnull, *more)

    kept, path = pickle.load, list(sys.path)
    functional = torch.nn.functional
    convolutions = functional.conv2d, functional.conv_transpose2d
    pickle.load = lambda file: loaded(opened[-1])
    os.chdir(folder)
    try:
        exec(compile(code, "recipe", "exec"), {"__name__": "recipe", "open": fake_open, "awake": awake})
    finally:
        pickle.load = kept
        functional.conv2d, functional.conv_transpose2d = convolutions
        sys.path[:] = path


def command(line, folder):
    """`npm run -s NAME -- …`, as npm would start it, in the folder."""
    _, name, words = re.match(r"(npm run -s) (\w+) -- (.*)", line).groups()
    words = re.sub(r"--steps \d+", "--steps 2", words).split()
    subprocess.run(["node", ROOT / "node_modules/tsx/dist/cli.mjs", ROOT / f"src/cli/{name}.ts", *words, "--threads", "1"], cwd=folder, check=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--code", type=Path)
    parser.add_argument("words", nargs="*")
    a = parser.parse_args()
    work = a.work.resolve()
    work.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(0)
    stand_in()
    for name in ("edm", "edm2", "guided-diffusion"):
        if a.code and not (work / name).exists():
            shutil.copytree(a.code.resolve() / name, work / name)
    for section in (ROOT / "docs/gallery.md").read_text().split("\n## ")[1:]:
        title = section.split("\n")[0]
        if a.words and not any(word.lower() in title.lower() for word in a.words):
            continue
        if "authors" in title and not a.code:
            print(f"{title}: left out, as there is no --code", flush=True)
            continue
        print(f"== {title}", flush=True)
        with torch.no_grad():
            run(re.search(r"```python\n(.*?)```", section, re.S)[1], work)
        for line in re.search(r"```sh\n(.*?)```", section, re.S)[1].strip().split("\n"):
            print(f"$ {line}", flush=True)
            command(line, work)


if __name__ == "__main__":
    main()
