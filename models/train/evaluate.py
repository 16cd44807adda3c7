"""The evaluation in PyTorch: the twin of `npm run evaluate`, faster on the CPU, and for weights that are not shipped yet.

    python3 models/train/evaluate.py --preset '{"method": "pag", "scale": 1}' --samples 5000 --out .cache/evaluate/pag
    python3 models/train/evaluate.py --preset FILE --weights main=RUN/ema0.05_1.0000.pt --samples 5000 --out ...
    python3 models/train/evaluate.py --family FAMILY --images OUT       # of its generator or synthesise.py
    python3 models/train/evaluate.py --family avatars --golden tests/unit/evaluation/golden.json

A preset is that of the page, with its defaults (presets.ts completes it). The images are drawn by sampling.py, from the application's own noise,
with the weights that are shipped.

The judge and the statistics are the files beside the model's; FD-avatars, precision, recall and intervals are as in
src/evaluation, written here from the papers a second time: Heusel et al. 2017 (arXiv 1706.08500), Kynkaanniemi et al. 2019
(arXiv 1904.06991). The images are those of `npm run evaluate` up to rounding (bfloat16 here), so the numbers nearly agree.
"""
import argparse
import fcntl
import json
import math
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import torch

from judge import judged, load_images, load_judge
from sampling import BATCH, COMPILE_HELP, Sampler, weights_of
from settings import ROOT, Family, families
from small import load
from synthesise import to_bytes
from train import with_huge_pages
from vision import Saliency, VisionTransformer

NEIGHBOURS, BLOCKS, STUDENT = 3, 10, 2.2621571628


def alone(threads):
    """So many threads for everything, those that draw single images included; on the CPU with huge pages."""
    os.environ["OMP_NUM_THREADS"] = str(threads)
    with_huge_pages()
    torch.set_num_threads(threads)


def frechet(mean, covariance, other_mean, other_covariance):
    """|m - m'|^2 + tr S + tr S' - 2 tr (S S')^(1/2), the last from the eigenvalues of the (unsymmetric) product."""
    values = np.linalg.eigvals(covariance @ other_covariance)
    return float(((mean - other_mean) ** 2).sum() + np.trace(covariance) + np.trace(other_covariance)
                 - 2 * np.sqrt(values.astype(complex)).real.sum())


def distances(a, b):
    return torch.cdist(a, b, compute_mode="donot_use_mm_for_euclid_dist")


def radii(points):
    # The point itself is the nearest.
    return torch.cat([distances(part, points).kthvalue(NEIGHBOURS + 1, dim=1).values for part in points.split(500)])


def share_covered(points, centres, radius):
    return [bool(v) for part in points.split(500) for v in (distances(part, centres) <= radius).any(1)]


def metrics(features, right, mean, covariance, real, blocks=False):
    """Values and half 95 % intervals; features [n, width] (float64 tensors here and in `real`), right [n] of bool, or None where no class was
    asked for. With `blocks` also what the distance is without each tenth of the images, of which the interval is made."""
    n = len(features)
    block = torch.arange(n) * BLOCKS // n
    inside = torch.tensor(share_covered(features, real, radii(real))).double()

    def all_of(keep):
        f = features[keep]
        return [frechet(mean, covariance, f.mean(0).numpy(), np.cov(f.numpy(), rowvar=False)), math.nan if right is None else right[keep].double().mean().item(),
                inside[keep].mean().item(), float(np.mean(share_covered(real, f, radii(f))))]

    values = all_of(torch.ones(n, dtype=torch.bool))
    margins = [None] * len(values)
    if n >= 10 * BLOCKS:
        without = np.array([all_of(block != b) for b in range(BLOCKS)])
        margins = list(jackknife(without))
    names = ["frechet", "agreement", "precision", "recall"]
    told = dict(samples=n, **{name: None if math.isnan(v) else dict(value=v, margin=None if m is None else float(m)) for name, v, m in zip(names, values, margins)})
    return {**told, "blocks": without[:, 0].tolist()} if blocks and n >= 10 * BLOCKS else told


def jackknife(without):
    """Half 95 % intervals of statistics [...] from their values [BLOCKS, ...] without each block."""
    return STUDENT * np.sqrt((BLOCKS - 1) / BLOCKS * ((without - without.mean(0)) ** 2).sum(0))


def real_statistics(folder):
    about = json.loads((folder / "judge.json").read_text())
    width, data = about["width"], (folder / "judge-real.bin").read_bytes()
    mean = np.frombuffer(data, "<f8", width)
    covariance = np.frombuffer(data, "<f8", width * width, 8 * width).reshape(width, width)
    real = np.frombuffer(data, "<f4", about["stored"] * width, 8 * (width + width * width)).reshape(-1, width)
    return mean, covariance, torch.from_numpy(real.astype(np.float64))


def evaluate(images, folder, classes, samples=None):
    pixels, labels = load_images(images)
    pixels, labels = pixels[:samples], labels[:samples]
    features, logits = judged(load_judge(folder, classes), pixels)
    return metrics(features.double(), logits.argmax(1) == labels, *real_statistics(folder))


class Record:
    """What the judge said of image 0, 1, ... of a complete preset, in FILE; FILE.json says of what. Images that are there are not drawn again."""

    def __init__(self, file, preset, sampler, folder):
        self.file, self.preset, self.sampler, self.folder = Path(file), preset, sampler, folder
        self.classes = len(sampler.family.manifest["conditioning"]["classes"])
        about = json.loads((folder / "judge.json").read_text())
        self.kind = np.dtype([("seen", "<i4"), ("features", "<f4", about["width"])])
        told = json.dumps(dict(preset=preset, weights=weights_of(preset, sampler), judge=about["weights"]["sha256"]), indent=2) + "\n"
        subject = Path(f"{self.file}.json")
        if subject.exists() and subject.read_text() != told:
            raise SystemExit(f"{file} is of another preset, judge or weights: name another file, or delete it and {subject}")
        if not subject.exists():
            self.file.parent.mkdir(parents=True, exist_ok=True)
            own = Path(f"{subject}.{os.getpid()}")
            own.write_text(told)
            own.replace(subject)  # whole at once, for other processes that read it

    def __len__(self):
        return self.file.stat().st_size // self.kind.itemsize if self.file.exists() else 0

    def extend(self, count, batch=BATCH):
        """Draws up to `count` images; returns how many a second."""
        judge, started = load_judge(self.folder, self.classes), time.time()
        with open(self.file, "ab") as stream:
            fcntl.flock(stream, fcntl.LOCK_EX)  # another process that draws the same is waited for
            first = len(self)
            stream.truncate(first * self.kind.itemsize)
            for start in range(first, count, batch):
                images = self.sampler.images(self.preset, range(start, min(start + batch, count)))
                if not torch.isfinite(images).all():
                    raise SystemExit(f"an image of {self.preset} is not finite: lower the scale")
                features, logits = judged(judge, to_bytes(images))
                rows = np.empty(len(images), self.kind)
                rows["seen"], rows["features"] = logits.argmax(1), features
                stream.write(rows.tobytes())
                stream.flush()
        return max(0, count - first) / (time.time() - started)

    def metrics(self, count, blocks=False):
        rows = np.fromfile(self.file, self.kind, count)
        assert len(rows) == count, f"{self.file} has {len(rows)} images, not {count}"
        asked = np.arange(count) % self.classes if self.preset["class"] == "each" else self.preset["class"]
        right = None if self.preset["class"] == "none" else torch.from_numpy(rows["seen"] == asked)
        return metrics(torch.from_numpy(rows["features"].astype(np.float64)), right, *real_statistics(self.folder), blocks)


def complete(presets):
    """Presets with every key, by the application's own defaults (presets.ts, under Node)."""
    done = subprocess.run(["npx", "tsx", "models/train/presets.ts"], cwd=ROOT, input=json.dumps(presets), capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(done.stderr)
    return json.loads(done.stdout)


def golden(folder, classes):
    """Numbers for the tests of src/evaluation: metrics of small random sets, and what the shipped judge and vision
    transformer say of drawn patterns."""
    random = np.random.default_rng(0)
    turn = random.normal(size=(4, 4))
    real = (random.normal(size=(60, 4)) @ turn + 2).astype(np.float32)
    generated = (random.normal(size=(150, 4)) @ turn * 0.9 + 2.3).astype(np.float32)
    asked = np.arange(150) % 3
    seen = np.where(random.uniform(size=150) < 0.8, asked, (asked + 1) % 3)
    moments = real.astype(np.float64).mean(0), np.cov(real.astype(np.float64), rowvar=False)
    few = generated[:3].astype(np.float64)
    t = np.arange(3 * 64 * 64)
    patterns = np.stack([(t * step) % 251 for step in (7, 1)]).astype(np.uint8).reshape(2, 3, 64, 64)
    features, logits = judged(load_judge(folder, classes), torch.from_numpy(patterns))
    with torch.no_grad():
        saliency = load(Saliency(VisionTransformer()), folder, "vision")(torch.from_numpy(patterns).float() / 127.5 - 1)
    return dict(
        real=real.tolist(), generated=generated.tolist(), asked=asked.tolist(), seen=seen.tolist(),
        metrics=metrics(torch.from_numpy(generated).double(), torch.from_numpy(asked == seen), *moments, torch.from_numpy(real).double()),
        frechetOfFew=frechet(*moments, few.mean(0), np.cov(few, rowvar=False)),
        judged=[dict(step=step, seen=int(score.argmax()), features=[round(v, 5) for v in f.tolist()],
                     saliency=[round(v, 7) for v in m.flatten().tolist()])
                for step, f, score, m in zip((7, 1), features, logits, saliency)])


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--preset", help="a preset, or the file of one; what it leaves out is the application's default")
    p.add_argument("--weights", nargs="*", default=[], metavar="ID=FILE", help="state_dicts in place of shipped weights")
    p.add_argument("--samples", type=int, help="default 5000; of --images: all")
    p.add_argument("--batch", type=int, default=BATCH)
    p.add_argument("--out", type=Path, help="what the judge says is kept in this file, to go on from")
    p.add_argument("--images", type=Path, help="draw nothing; evaluate IMAGES.u8 and IMAGES.labels")
    p.add_argument("--golden", type=Path, help="write this file for the tests")
    p.add_argument("--judge", type=Path, help="folder of the judge's files; default the family's")
    p.add_argument("--family", choices=families(), help="of --images and --golden; otherwise the preset says it")
    p.add_argument("--threads", type=int, default=1)
    p.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    p.add_argument("--compile", action="store_true", help=COMPILE_HELP)
    a = p.parse_args()
    alone(a.threads)
    if (a.golden or a.images) and not a.family:
        p.error("--family says whose judge is asked")
    if a.family:
        family = Family(a.family)
        judge, classes = a.judge or family.folder, len(family.classes)
        if a.golden:
            a.golden.write_text(json.dumps(golden(judge, classes)) + "\n")
        else:
            print(json.dumps(evaluate(a.images, judge, classes, a.samples), indent=2))
        return
    if not a.preset or not a.out:
        p.error("--preset and --out are needed to draw")
    [preset] = complete([json.loads(Path(a.preset).read_text() if Path(a.preset).is_file() else a.preset)])
    sampler = Sampler(preset["model"], {i: Path(file) for i, file in (given.split("=", 1) for given in a.weights)}, a.device, a.compile)
    record, count = Record(a.out, preset, sampler, a.judge or sampler.family.folder), a.samples or 5000
    print(f"{record.extend(count, a.batch):.2f} images a second", file=sys.stderr)
    print(json.dumps(record.metrics(count), indent=2))


if __name__ == "__main__":
    main()
