"""What the model card shows: the sample sheet, and the block of facts in README.md, from the shipped files.

    python3 models/avatars/train/card.py [--log RUN/log.csv] [--images HELDOUT TRAIN]

HELDOUT and TRAIN are outputs of generate.ts; on both the loss of the shipped network is measured with the same noise.
"""
import argparse
import csv
import json
import math
import sys
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageDraw, ImageFont

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tests/golden"))
from generate import SIGMA_DATA, Model, karras_schedule  # noqa: E402
from train import LOG_SIGMA_MEAN, LOG_SIGMA_STD  # noqa: E402

FOLDER = ROOT / "models/avatars"
STEPS, SEED, BEGIN, END = 24, 0, "<!-- facts: written by train/card.py -->", "<!-- end of facts -->"


def sample(model, noise, labels, scale=0.0, attention=None, other=None):
    """Euler, from the same noise for every class; the negative is a perturbed network or the classes `other` at each step."""
    sigmas = karras_schedule(STEPS)
    x = sigmas[0] * noise.expand(len(labels), *noise.shape)
    for step, (sigma, sigma_next) in enumerate(zip(sigmas, sigmas[1:])):
        denoised = model.denoised(x, sigma, labels)
        if scale:
            negative = model.denoised(x, sigma, other[step] if other else labels, attention)
            denoised = denoised + scale * (denoised - negative)
        x = denoised if sigma_next == 0 else x + (sigma_next - sigma) * (x - denoised) / sigma
    return x


def font(size):
    try:
        return ImageFont.truetype("DejaVuSans.ttf", size)
    except OSError:
        return ImageFont.load_default()


def draw_sheet(model, names, path):
    everywhere = range(len(model.layers))
    coarse = [i for i, layer in enumerate(model.layers) if layer.size[1] == 8]
    middle = [i for i in everywhere if model.stages[i] == "middle"]
    generator = torch.Generator().manual_seed(SEED)
    noise = torch.randn(model.shape, generator=generator)
    labels = list(range(len(names)))
    others = [torch.randint(0, len(names), (len(names),), generator=generator) for _ in range(STEPS)]
    rows = [("No guidance", {}),
            ("PAG\nall layers\ns = 1.5", dict(scale=1.5, attention=model.on(everywhere, mix=1))),
            ("PAG\nmiddle layer\ns = 1.5", dict(scale=1.5, attention=model.on(middle, mix=1))),
            ("SEG, σ = ∞\n8×8 layers\ns = 1", dict(scale=1.0, attention=model.on(coarse, querySigma=math.inf))),
            ("ICG\ns = 1", dict(scale=1.0, other=others))]
    side, gap, left, top, zoom = model.shape[1], 4, 104, 24, 1
    cell = side * zoom + gap
    sheet = Image.new("RGB", (left + cell * len(names), top + cell * len(rows)), "white")
    draw = ImageDraw.Draw(sheet)
    for column, name in enumerate(names):
        draw.text((left + cell * column + (cell - gap) / 2, top / 2), name, "#222", font(10), anchor="mm")
    for row, (title, options) in enumerate(rows):
        draw.multiline_text((4, top + cell * row + side * zoom / 2), title, "#222", font(11), anchor="lm", spacing=2)
        images = sample(model, noise, labels, **options)
        pixels = ((images.clamp(-1, 1) + 1) * 127.5).round().byte().permute(0, 2, 3, 1).numpy()
        for column, image in enumerate(pixels):
            sheet.paste(Image.fromarray(image).resize((side * zoom, side * zoom), 0), (left + cell * column, top + cell * row))
    sheet.save(path, optimize=True)
    print(f"{path.name}: {path.stat().st_size} bytes")


def loss(model, images):
    """The training loss (EDM) of the shipped network on images OUT of generate.ts; the noise depends on the index alone."""
    pixels = torch.from_numpy(np.fromfile(f"{images}.u8", np.uint8)).reshape(-1, *model.shape).float() / 127.5 - 1
    labels = torch.from_numpy(np.fromfile(f"{images}.labels", np.uint8)).long()
    generator, total = torch.Generator().manual_seed(3), 0.0
    for image, label in zip(pixels, labels):
        sigma = float((torch.randn((), generator=generator) * LOG_SIGMA_STD + LOG_SIGMA_MEAN).exp())
        denoised = model.denoised(image + sigma * torch.randn(model.shape, generator=generator), sigma, label)
        total += (sigma**2 + SIGMA_DATA**2) / (sigma * SIGMA_DATA) ** 2 * (denoised - image).square().mean().item()
    return total / len(pixels), len(pixels)


def facts(manifest, log, measured, before):
    """The lines of the block; what only a run's log can tell stays as it is in `before` where there is no log."""
    main = manifest["networks"][0]
    lines = [f"- Weights after {main['samples']:,} samples, {main['parameters']:,} parameters, "
             f"{main['flops'] / 1e9:.2f} GFLOP per evaluation (multiply-adds times two), "
             f"{main['weights']['bytes'] / 1e6:.1f} MB to download."]
    if log:
        rows = [[float(v) for v in row] for row in csv.reader(open(log))]
        # A run that was stopped between two checkpoints repeats a stretch, so samples are counted from the last row.
        seconds = rows[-1][3]
        lines.append(f"- Continued run: from {rows[0][0] - 6400:,.0f} to {rows[-1][0]:,.0f} samples seen, "
                     f"{seconds / 60:.0f} minutes, {np.median([row[2] for row in rows]):.0f} images a second in the median. "
                     f"Running loss {rows[0][1]:.4f} at its start, {rows[-1][1]:.4f} at its end.")
    else:
        lines += [line for line in before.splitlines() if line.startswith("- Continued run:")]
    if measured:
        (held, count), (seen, _) = measured
        lines.append(f"- Loss of the shipped weights on {count} avatars of held-out seeds {held:.4f}, on {count} of the training set "
                     f"{seen:.4f} (same noise on both).")
    return "\n".join(lines)


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--log", type=Path)
    p.add_argument("--images", nargs=2, metavar=("HELDOUT", "TRAIN"))
    a = p.parse_args()
    torch.set_num_threads(1)
    manifest = json.loads((FOLDER / "manifest.json").read_text())
    model = Model("avatars")
    draw_sheet(model, [c["name"] for c in manifest["conditioning"]["classes"]], FOLDER / "sheet.png")
    readme = FOLDER / "README.md"
    head, rest = readme.read_text().split(BEGIN)
    before, tail = rest.split(END)
    text = facts(manifest, a.log, [loss(model, images) for images in a.images] if a.images else None, before)
    readme.write_text(f"{head}{BEGIN}\n{text}\n{END}{tail}")
    print(text)


if __name__ == "__main__":
    main()
