"""How well a classifier tells pictures of presets from renders: of a pair, one of each, how often it names the render
(AUC; 0.5 is chance).

    python3 models/train/detect.py FAMILY --preset '{"method": "pag", "scale": 0.5}' ... --out OUT [--count 5000]
    python3 models/train/detect.py FAMILY --images OUT ... [--real OUT]   # sets of the generator, or of synthesise.py

Renders are those of the split `heldout`, as many as there are pictures, of the same classes. Cross-validated: a small
convolutional network, told the class, learns on all folds but one, and is asked about that one. The AUC is the mean
over the folds; its interval (95 %, DeLong et al. 1988, within each fold) is over the pictures that are asked about, and
knows nothing of another training. A preset's pictures are those of the page (sampling.py), kept in OUT, to go on from.
"""
import argparse
import hashlib
import json
import os
from pathlib import Path

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

from judge import Conv, load_images
from sampling import Sampler, weights_of
from settings import Family, families
from synthesise import to_bytes
from train import with_huge_pages

BATCH, WIDTHS = 64, (16, 32, 64, 96)


class Detector(nn.Module):
    """image [b, 3, h, w] in [-1, 1], class [b] -> how much it looks like a render [b]."""

    def __init__(self, classes):
        super().__init__()
        sizes = zip((3, *WIDTHS), WIDTHS)
        self.body = nn.Sequential(*(Conv(c_in, c_out, 1 if c_in == 3 else 2) for c_in, c_out in sizes))
        self.offset, self.out = nn.Embedding(classes, WIDTHS[-1]), nn.Linear(2 * WIDTHS[-1], 1)
        nn.init.zeros_(self.offset.weight)

    def forward(self, image, label):
        x = self.body(image).float()
        return self.out(torch.cat([x.mean((2, 3)) + self.offset(label), x.amax((2, 3))], 1))[:, 0]


def scores(net, images, labels):
    net.eval()
    with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
        parts = [net(i.float() / 127.5 - 1, y).float() for i, y in zip(images.split(250), labels.split(250))]
    return torch.cat(parts).double().numpy()


def learned(images, labels, real, classes, epochs, seed):
    """The network after so many rounds over pictures [n, 3, h, w], which are `real` (1) or not (0)."""
    torch.manual_seed(seed)
    net = Detector(classes).to(memory_format=torch.channels_last).train()
    a_round = max(1, len(images) // BATCH)
    steps = epochs * a_round
    opt = torch.optim.AdamW(net.parameters(), weight_decay=0.02)
    schedule = torch.optim.lr_scheduler.OneCycleLR(opt, 3e-3, total_steps=steps, pct_start=0.2)
    for step in range(steps):
        if step % a_round == 0:
            order = torch.randperm(len(images))
        i = order[step % a_round * BATCH:][:BATCH]
        x = (images[i].float() / 127.5 - 1).contiguous(memory_format=torch.channels_last)
        if step % 2:
            x = x.flip(3)  # a scene and its mirror image are equally likely
        with torch.autocast("cpu", dtype=torch.bfloat16):
            loss = F.binary_cross_entropy_with_logits(net(x, labels[i]), real[i])
        opt.zero_grad(set_to_none=True)
        loss.backward()
        opt.step()
        schedule.step()
    return net


def auc(positive, negative):
    """Share of pairs in which the positive's score is higher (ties: half), and its variance (DeLong et al. 1988)."""
    above = (positive[:, None] > negative) + 0.5 * (positive[:, None] == negative)
    rows, columns = above.mean(1), above.mean(0)
    return above.mean(), rows.var(ddof=1) / len(rows) + columns.var(ddof=1) / len(columns)


def detect(renders, pictures, classes, folds=5, epochs=8, seed=0):
    """(AUC, half its 95 % interval) of two sets [(images, labels)] of equal numbers."""
    images = torch.cat([renders[0], pictures[0]])
    labels = torch.cat([renders[1], pictures[1]])
    n = len(renders[0])
    real = (torch.arange(2 * n) < n).float()
    # Folds hold all classes alike, since these come in turn.
    fold = torch.arange(n) // classes % folds
    fold, values = torch.cat([fold, fold]), []
    for f in range(folds):
        own = fold == f
        net = learned(images[~own], labels[~own], real[~own], classes, epochs, seed + f)
        score = scores(net, images[own], labels[own])
        truth = real[own].bool().numpy()
        values.append(auc(score[truth], score[~truth]))
    areas, variances = np.array(values).T
    return float(areas.mean()), float(1.96 * np.sqrt(variances.sum()) / folds)


def drawn(preset, count, folder, family, batch=64):
    """The first `count` pictures of a complete preset under the weights of now, and their classes; drawn where the folder
    lacks them."""
    if preset["class"] != "each":
        raise SystemExit("leave the class out: renders are of all classes in turn, and so are the pictures of such a preset")
    sampler = Sampler(preset["model"])
    told = dict(preset=preset, weights=weights_of(preset, sampler))
    path = Path(folder, hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:16])
    path.parent.mkdir(parents=True, exist_ok=True)
    size = 3 * family.image**2
    path.with_suffix(".json").write_text(json.dumps(told, indent=2) + "\n")
    with open(path.with_suffix(".u8"), "ab") as stream:
        first = stream.tell() // size
        stream.truncate(first * size)
        for start in range(first, count, batch):
            pictures = sampler.images(preset, range(start, min(start + batch, count)))
            stream.write(to_bytes(pictures).numpy().tobytes())
            stream.flush()
    images = torch.from_numpy(np.fromfile(path.with_suffix(".u8"), np.uint8, count * size))
    return images.reshape(-1, 3, family.image, family.image), torch.arange(count) % len(family.classes)


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("family", choices=families())
    p.add_argument("--preset", nargs="*", default=[], help="presets, or files of presets")
    p.add_argument("--images", nargs="*", default=[], help="OUT.u8 and OUT.labels, classes in turn")
    p.add_argument("--real", type=Path, help="OUT of the generator; default its split `heldout`")
    p.add_argument("--out", type=Path, default=Path(".cache/detect"))
    p.add_argument("--count", type=int, help="pictures of each set; default as many as there are renders")
    p.add_argument("--folds", type=int, default=5)
    p.add_argument("--epochs", type=int, default=8)
    p.add_argument("--threads", type=int, default=1)
    a = p.parse_args()
    os.environ["OMP_NUM_THREADS"] = str(a.threads)  # of the threads that draw single pictures, too
    with_huge_pages()
    torch.set_num_threads(a.threads)
    family = Family(a.family)
    renders = load_images(a.real or family.data("heldout"))
    wanted, classes = min(len(renders[0]), a.count or len(renders[0])), len(family.classes)

    def sets_of_pictures():
        for given in a.images:
            yield given, load_images(given)
        if a.preset:
            from evaluate import complete  # needs Pillow, as nothing else here
            told = [json.loads(Path(each).read_text() if Path(each).is_file() else each) for each in a.preset]
            for preset in complete([{"model": family.id, **each} for each in told]):
                yield json.dumps(preset), drawn(preset, wanted, a.out, family)

    for name, pictures in sets_of_pictures():
        count = min(wanted, len(pictures[0])) // classes * classes
        sets = [tuple(part[:count] for part in each) for each in (renders, pictures)]
        assert torch.equal(sets[0][1], sets[1][1]), "the classes of both sets must come in the same order"
        value, margin = detect(*sets, classes, a.folds, a.epochs)
        auc_told = dict(value=round(value, 4), margin=round(margin, 4))
        print(json.dumps(dict(set=name, samples=count, auc=auc_told)), flush=True)


if __name__ == "__main__":
    main()
