"""The judge's attributes: what it tells of hair, eyes, mouth ... of a picture, by linear maps of its features.

    python3 models/train/attributes.py FAMILY    # after judge.py, on the same splits `judge` and `heldout` with their attributes

For each class and each thing that the generator varies in it, a multinomial logistic regression on the shipped judge's
features of fresh renders; with `judge.shared` of family.json, classes that have a thing of one name and equal values share one.
On the held-out renders it finds how often that is right, and the shares of the values as the regression tells them, to which
drawn pictures are compared: by the same eyes, so that their mistakes are on both sides.

Writes judge-attributes.fp16.bin, float16, little-endian: of each group weights [values, WIDTH] and bias [values], one group
after the other; then of each group and each of its classes the shares [values]. judge.json has its size, hash and groups.
"""
import argparse
import json
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from judge import WIDTH, Attributes, judged, load_images, load_judge
from settings import Family, families
from small import described

STEPS, DECAY = 400, 3e-4


def fit(features, right, values):
    """Weights [values, WIDTH] and bias [values] of a logistic regression."""
    weight, bias = torch.zeros(values, WIDTH, requires_grad=True), torch.zeros(values, requires_grad=True)
    optimiser = torch.optim.Adam([weight, bias], lr=0.05)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, STEPS)
    for _ in range(STEPS):
        loss = F.cross_entropy(features @ weight.T + bias, right) + DECAY * weight.square().sum()
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        optimiser.step()
        schedule.step()
    return weight.detach().half().float(), bias.detach().half().float()


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("family", choices=families())
    p.add_argument("--threads", type=int, default=1)
    a = p.parse_args()
    torch.set_num_threads(a.threads)
    family = Family(a.family)
    judge = load_judge(family.folder, len(family.classes))
    attributes = Attributes(family.data("judge"), family.judge["shared"])

    def seen(split):
        images, labels = load_images(family.data(split))
        return judged(judge, images)[0], labels, attributes.targets(family.data(split), labels)

    (features, _, targets), (real, labels, truth) = seen("judge"), seen("heldout")
    names, classes = {}, {}
    for (s, j), g in attributes.group.items():
        names[g] = attributes.book["classes"][s]["features"][j]["name"]
        classes.setdefault(g, []).append(s)
    maps, shares, groups, accuracies = [], [], [], []
    for g in sorted(names):
        start, values = attributes.starts[g], attributes.sizes[g]
        asked = targets[:, g] >= 0
        weight, bias = fit(features[asked], targets[asked, g] - start, values)
        maps += [weight.flatten(), bias]
        groups.append(dict(name=names[g], values=values, classes=classes[g]))
        for s in classes[g]:
            own = labels == s
            told = F.softmax(real[own] @ weight.T + bias, 1)
            shares.append(told.mean(0))
            known = truth[own, g] >= 0
            if known.any():
                accuracies.append((told[known].argmax(1) == truth[own, g][known] - start).float().mean().item())
    out = family.folder / "judge-attributes.fp16.bin"
    out.write_bytes(torch.cat([*maps, *shares]).numpy().astype("<f2").tobytes())
    about = json.loads((family.folder / "judge.json").read_text())
    about["heads"] = dict(described(out), accuracy=round(float(np.mean(accuracies)), 4), groups=groups)
    (family.folder / "judge.json").write_text(json.dumps(about, indent=2) + "\n")
    print(f"{len(groups)} groups, {sum(g['values'] for g in groups)} values, right in {np.mean(accuracies):.1%} of held-out renders, {out.stat().st_size} bytes")


if __name__ == "__main__":
    main()
