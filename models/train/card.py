"""What the model card shows, from the shipped files and the logs of the runs: sample sheets, loss curves, and two blocks of facts in README.md.

    python3 models/train/card.py FAMILY [--runs RUNS] [--images HELDOUT TRAIN]

HELDOUT and TRAIN are outputs of the family's generator; on both the loss of the shipped network is measured with the same noise. Of each run of
runs/runs.json that has a folder in RUNS, the log is kept here, shortened, with what its run.json says of how it was begun, so that curves
and facts stay when RUNS is gone.
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

from settings import ROOT, Family, families

sys.path.insert(0, str(ROOT / "tests/golden"))
from generate import SIGMA_DATA, Model, karras_schedule  # noqa: E402
from plot import chart  # noqa: E402
from sampling import Sampler  # noqa: E402
from synthesise import to_bytes  # noqa: E402

STEPS, SEED = 24, 0
LOG_LINES = 200


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
    save_sheet([(title, sample(model, noise, labels, **options)) for title, options in rows], names, path)


def draw_networks(family, path):
    """Every network without guidance: the first ten images of its evaluation, which have the same noise in all rows."""
    sampler, names = Sampler(family.id), family.class_names
    none = dict(method="none", ema="stored", seed=1, steps=16, stack=[], **{"class": "each"})
    rows = [(network["name"].replace(" of ", " of\n").replace(" after ", "\nafter ").replace(", ", ",\n", 1),
             sampler.images(dict(none, network=network["id"]), range(len(names)))) for network in sampler.family.manifest["networks"]]
    save_sheet(rows, names, path)


def save_sheet(rows, names, path):
    """`rows`: [(title, images [columns, 3, h, w])]."""
    side, gap, left, top = rows[0][1].shape[-1], 4, 140, 24
    cell = side + gap
    sheet = Image.new("RGB", (left + cell * len(names), top + cell * len(rows)), "white")
    draw = ImageDraw.Draw(sheet)
    for column, name in enumerate(names):
        draw.text((left + cell * column + (cell - gap) / 2, top / 2), name, "#222", font(10), anchor="mm")
    for row, (title, images) in enumerate(rows):
        draw.multiline_text((4, top + cell * row + side / 2), title, "#222", font(11), anchor="lm", spacing=2)
        for column, image in enumerate(to_bytes(images).permute(0, 2, 3, 1).numpy()):
            sheet.paste(Image.fromarray(image), (left + cell * column, top + cell * row))
    sheet.save(path, **(dict(quality=88, subsampling=0) if path.suffix == ".jpg" else dict(optimize=True)))
    print(f"{path.name}: {path.stat().st_size} bytes")


def loss(model, training, images):
    """The training loss (EDM) of the shipped network on OUT of the generator; the noise depends on the index alone."""
    pixels = torch.from_numpy(np.fromfile(f"{images}.u8", np.uint8)).reshape(-1, *model.shape).float() / 127.5 - 1
    labels = torch.from_numpy(np.fromfile(f"{images}.labels", np.uint8)).long()
    generator, total = torch.Generator().manual_seed(3), 0.0
    for image, label in zip(pixels, labels):
        sigma = float((torch.randn((), generator=generator) * training["logSigmaStd"] + training["logSigmaMean"]).exp())
        denoised = model.denoised(image + sigma * torch.randn(model.shape, generator=generator), sigma, label)
        total += (sigma**2 + SIGMA_DATA**2) / (sigma * SIGMA_DATA) ** 2 * (denoised - image).square().mean().item()
    return total / len(pixels), len(pixels)


def facts(manifest, measured, before):
    """The lines of the first block; the loss stays as it is in `before` where it was not measured."""
    main = manifest["networks"][0]
    lines = [f"- Weights after {main['samples']:,} samples, {main['parameters']:,} parameters, "
             f"{main['flops'] / 1e9:.2f} GFLOP per evaluation (multiply-adds times two), "
             f"{main['weights']['bytes'] / 1e6:.1f} MB to download."]
    if measured:
        (held, number), (seen, _) = measured
        lines.append(f"- Loss of the shipped weights on {number} pictures of held-out seeds {held:.4f}, on {number} of the training set "
                     f"{seen:.4f} (same noise on both).")
    else:
        lines += [line for line in before.splitlines() if line.startswith("- Loss of the shipped weights")]
    return "\n".join(lines)


def shortened(rows):
    """A log [(samples, loss, samples a second, seconds)] in at most LOG_LINES lines: losses are averaged, speeds are medians. A run that
    was stopped between two checkpoints repeats a stretch, of which the first pass goes."""
    kept = []
    for row in rows:
        while kept and kept[-1][0] >= row[0]:
            kept.pop()
        kept.append(row)
    parts = np.array_split(np.array(kept), min(LOG_LINES, len(kept)))
    return [(int(part[-1, 0]), part[:, 1].mean(), float(np.median(part[:, 2])), int(part[-1, 3])) for part in parts]


def read_log(path):
    with open(path, newline="") as file:
        return [tuple(float(value) for value in row) for row in csv.reader(file)]


def keep_facts(runs, told, kept):
    for run in told:
        about = runs / run["id"] / "run.json"
        facts = json.loads(about.read_text()) if about.exists() else {}
        if "command" in facts:
            run.update(seed=facts["seed"], begun=facts["init_samples"], machine=facts["machine"], command=facts["command"])
    (kept / "runs.json").write_text("[\n" + ",\n".join(f" {json.dumps(run)}" for run in told) + "\n]\n")


def keep_logs(runs, told, kept):
    for run in told:
        log = runs / run["id"] / "log.csv"
        if log.exists() and log.stat().st_size:
            with open(kept / f"{run['id']}.csv", "w", newline="") as file:
                csv.writer(file, lineterminator="\n").writerows((n, f"{loss:.5f}", f"{rate:.1f}", t) for n, loss, rate, t in shortened(read_log(log)))


def draw_losses(logs, path):
    lines = [(name, [(samples / 1000, loss, None) for samples, loss, _, _ in log]) for name, log in logs.items()]
    path.write_text(chart("Running loss of each run", "thousand samples seen", "loss", lines, logarithmic=True))


def run_facts(told, logs):
    """The second block: a table of all runs, and how each was begun."""
    out = ["![Running loss of each run, by samples seen](loss.svg)", "",
           "| run | seed | samples seen | minutes | samples a second, median | loss at first, at last |", "|---|---|---|---|---|---|"]
    for run in told:
        if run["id"] in logs:
            log = logs[run["id"]]
            numbers = [f"{run['begun']:,} to {log[-1][0]:,.0f}", f"{log[-1][3] / 60:.0f}", f"{np.median([row[2] for row in log]):.0f}", f"{log[0][1]:.4f}, {log[-1][1]:.4f}"]
        else:
            numbers = [run["samples"], run.get("minutes", "lost"), run.get("rate", "lost"), run.get("loss", "lost")]
        out.append(f"| {run['id']} | {run['seed']} | {' | '.join(numbers)} |")
    out += ["", "How they were begun (commands of before `train.py` served several families name none); paths are those of the recipe, settings that "
            "are not named are the defaults of the family, and of runs whose log is lost the table says what was written down elsewhere:", ""]
    for run in told:
        lost = "" if run["id"] in logs else " Its log is lost."
        out.append(f"- **{run['id']}**, {run['machine']}: `{run['command']}`.{' ' + run['note'] if 'note' in run else ''}{lost}")
    return "\n".join(out)


def write_block(folder, name, make):
    """Puts a text between the markers `name` of README.md; `make` is given what is there."""
    readme = folder / "README.md"
    begin, end = f"<!-- {name}: written by train/card.py -->", f"<!-- end of {name} -->"
    head, rest = readme.read_text().split(begin)
    before, tail = rest.split(end)
    readme.write_text(f"{head}{begin}\n{make(before)}\n{end}{tail}")


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("family", choices=families())
    p.add_argument("--runs", type=Path, help="folder of runs, as of family.py")
    p.add_argument("--images", nargs=2, metavar=("HELDOUT", "TRAIN"))
    a = p.parse_args()
    torch.set_num_threads(1)
    family = Family(a.family)
    folder, kept, names = family.folder, family.own / "runs", family.class_names
    manifest, model = json.loads((folder / "manifest.json").read_text()), Model(family.id)
    told = json.loads((kept / "runs.json").read_text())
    if a.runs:
        keep_facts(a.runs, told, kept)
        keep_logs(a.runs, told, kept)
    logs = {run["id"]: read_log(file) for run in told if (file := kept / f"{run['id']}.csv").exists()}
    if logs:
        draw_losses(logs, folder / "loss.svg")
    write_block(folder, "runs", lambda _: run_facts(told, logs))
    measured = [loss(model, family.training, images) for images in a.images] if a.images else None
    write_block(folder, "facts", lambda before: facts(manifest, measured, before))
    draw_networks(family, folder / "networks.jpg")
    draw_sheet(model, names, folder / "sheet.png")


if __name__ == "__main__":
    main()
