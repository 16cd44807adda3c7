"""Trains a small DDPM with diffusers' own code, saves its pipeline and exports it to ONNX: what a person brings to *Open a model*.

    node --import tsx models/avatars/train/generate.ts --split train --count 600 --out DATA
    PYTHON tests/exports/ddpm.py --data DATA --out OUT [--minutes 12] [--resume OUT/pipeline]

The training loop is that of diffusers' tutorial "Train a diffusion model". OUT/pipeline is what save_pretrained wrote; OUT/model.onnx, config.json,
scheduler_config.json and model_index.json are what a person would drop; OUT/loss.csv is the loss, OUT/samples.png sixteen pictures by diffusers,
OUT/model.json and model.bin are PyTorch's answers as README.md says.
"""
import argparse
import csv
import math
import shutil
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from diffusers import DDIMScheduler, DDPMPipeline, DDPMScheduler, UNet2DModel
from diffusers.training_utils import EMAModel
from PIL import Image

import truth
from diffusers_nets import Sample
from truth import Layer, Network

SMILEYS = 4  # funEmoji, in the order of generate.ts: simple enough to be learnt in minutes
SIZE, BATCH = 32, 16


def pictures(data):
    """The smileys of the avatars, 32x32, from -1 to 1."""
    labels = np.fromfile(f"{data}.labels", np.uint8)
    images = np.fromfile(f"{data}.u8", np.uint8).reshape(len(labels), 3, 64, 64)[labels == SMILEYS]
    return F.avg_pool2d(torch.from_numpy(images).float(), 2) / 127.5 - 1


def network():
    return UNet2DModel(
        sample_size=SIZE, in_channels=3, out_channels=3, layers_per_block=1, block_out_channels=(32, 64, 96), attention_head_dim=16,
        norm_num_groups=8, down_block_types=("DownBlock2D", "AttnDownBlock2D", "AttnDownBlock2D"),
        up_block_types=("AttnUpBlock2D", "AttnUpBlock2D", "UpBlock2D"))


def train(unet, schedule, images, minutes, log):
    """As long as there is time; the rate falls by the clock, since machines differ."""
    started, recent, step = time.monotonic(), [], 0
    passed = lambda: (time.monotonic() - started) / (minutes * 60)
    optimizer = torch.optim.AdamW(unet.parameters(), lr=8e-4)
    rate = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: min(1, (step + 1) / 100) * (0.5 + 0.5 * math.cos(math.pi * min(1, passed()))))
    average = EMAModel(unet.parameters(), decay=0.995)
    while passed() < 1:
        clean = images[torch.randint(len(images), (BATCH,))]
        noise = torch.randn_like(clean)
        timesteps = torch.randint(0, schedule.config.num_train_timesteps, (BATCH,))
        loss = F.mse_loss(unet(schedule.add_noise(clean, noise, timesteps), timesteps, return_dict=False)[0], noise)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(unet.parameters(), 1.0)
        optimizer.step()
        rate.step()
        optimizer.zero_grad()
        average.step(unet.parameters())
        recent.append(loss.item())
        step += 1
        if step % 50 == 0:
            log.writerow([step, f"{np.mean(recent):.5f}", f"{time.monotonic() - started:.0f}"])
            recent = []
    average.copy_to(unet.parameters())
    return step


def export(unet, path):
    """As torch.onnx's page says, with names for what may change."""
    torch.onnx.export(
        unet, (torch.randn(2, 3, SIZE, SIZE), torch.tensor([1, 2]), None, False), str(path), dynamo=False, opset_version=17,
        input_names=["sample", "timestep"], output_names=["out_sample"],
        dynamic_axes={"sample": {0: "batch", 2: "height", 3: "width"}, "timestep": {0: "batch"}, "out_sample": {0: "batch", 2: "height", 3: "width"}})


def answers(unet, path):
    """Of a picture's noise at two times; grids of 16x16 and 8x8."""
    fine, coarse = Layer("self", 256, 256, 4, [16, 16]), Layer("self", 64, 64, 6, [8, 8])
    inputs = {"sample": truth.rows(3, SIZE, SIZE), "timestep": torch.tensor([900, 400])}
    network = Network(Sample(unet, *inputs), inputs, [fine, coarse, coarse, coarse, coarse, fine, fine], about="a DDPM of smileys")
    return truth.write(network, path, {"exporter": "legacy", "opset": 17, "batch": None})


def sheet(unet, schedule, path):
    pipeline = DDPMPipeline(unet, DDIMScheduler.from_config(schedule.config))
    images = pipeline(batch_size=16, generator=torch.Generator().manual_seed(0), num_inference_steps=50).images
    page = Image.new("RGB", (SIZE * 8, SIZE * 2))
    for i, image in enumerate(images):
        page.paste(image, (i % 8 * SIZE, i // 8 * SIZE))
    page.resize((SIZE * 8 * 3, SIZE * 2 * 3), Image.NEAREST).save(path)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=12)
    parser.add_argument("--resume", help="a pipeline that save_pretrained wrote, to train on")
    parser.add_argument("--threads", type=int, default=1)
    a = parser.parse_args()
    torch.set_num_threads(a.threads)
    torch.manual_seed(0)
    a.out.mkdir(parents=True, exist_ok=True)
    unet, schedule = UNet2DModel.from_pretrained(a.resume, subfolder="unet").train() if a.resume else network(), DDPMScheduler(num_train_timesteps=1000)
    images = pictures(a.data)
    print(f"{sum(p.numel() for p in unet.parameters()):,} parameters, {len(images)} pictures", flush=True)
    with open(a.out / "loss.csv", "w", newline="", buffering=1) as file:
        log = csv.writer(file)
        log.writerow(["step", "loss", "seconds"])
        steps = train(unet, schedule, images, a.minutes, log)
    unet.eval()
    print(f"{steps} steps", flush=True)
    DDPMPipeline(unet, schedule).save_pretrained(a.out / "pipeline")
    for name in ("unet/config.json", "scheduler/scheduler_config.json", "model_index.json"):
        shutil.copy(a.out / "pipeline" / name, a.out)
    with torch.no_grad():
        export(unet, a.out / "model.onnx")
        print("least effect and distance from PyTorch, in deviations:", answers(unet, a.out / "model.onnx"))
        sheet(unet, schedule, a.out / "samples.png")


if __name__ == "__main__":
    main()
