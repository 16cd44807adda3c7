"""The judge: a small classifier of fresh renders, whose features are where generated pictures are compared with fresh
ones.

    python3 models/train/judge.py FAMILY    # needs the splits `judge` and `heldout` of the family's generator, with their attributes

It learns the class, and within each class whatever the generator drew (of avatars background, hair, eyes, mouth,
colours ...), through one linear map of WIDTH features, so that the features say all of that. A picture whose class
lacks a feature, or in which it was not drawn, is not asked for it. `judge` of family.json says which features classes
share, and which a person checks; their accuracies are printed. Neither split was seen by a diffusion model.

Writes judge.onnx and judge.fp16.bin: image [rows, 3, 64, 64] in [-1, 1] -> features [rows, WIDTH], logits [rows,
classes]; and of the held-out renders judge-real.bin: mean [WIDTH] and covariance [WIDTH, WIDTH] (float64, of all
images, divisor n - 1), then the features of the first images [STORED, WIDTH] (float32); judge.json has the sizes,
hashes and accuracies. Features are scaled so that their variances on held-out renders average 1.
"""
import argparse
import json
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.nn.utils.fusion import fuse_conv_bn_eval

from settings import Family, families
from small import described, load, ship
from train import with_huge_pages

WIDTH, STORED, BATCH = 96, 5000, 64


class Conv(nn.Module):
    def __init__(self, c_in, c_out, stride=1):
        super().__init__()
        self.c, self.n = nn.Conv2d(c_in, c_out, 3, stride, 1, bias=False), nn.BatchNorm2d(c_out)

    def forward(self, x):
        return F.relu(self.n(self.c(x)))

    def folded(self):
        self.c, self.n = fuse_conv_bn_eval(self.c, self.n), nn.Identity()


class Judge(nn.Module):
    """image [b, 3, 64, 64] in [-1, 1] -> features [b, WIDTH], logits [b, classes]."""

    def __init__(self, classes):
        super().__init__()
        self.s32, self.s16, self.r16 = Conv(3, 32, 2), Conv(32, 64, 2), Conv(64, 64)
        self.s8, self.r8, self.s4, self.r4 = Conv(64, 128, 2), Conv(128, 128), Conv(128, 160, 2), Conv(160, 160)
        self.features = nn.Linear(160 * 16, WIDTH)
        self.style = nn.Linear(WIDTH, classes)

    def forward(self, image):
        x = self.s16(self.s32(image))
        x = self.s8(x + self.r16(x))
        x = self.s4(x + self.r8(x))
        f = self.features((x + self.r4(x)).flatten(1))
        return f, self.style(f)


def load_images(out):
    images = torch.from_numpy(np.fromfile(f"{out}.u8", np.uint8)).reshape(-1, 3, 64, 64)
    labels = torch.from_numpy(np.fromfile(f"{out}.labels", np.uint8)).long()
    return images, labels


def load_judge(folder, classes):
    """The judge of so many classes with exactly the numbers of the shipped files."""
    judge = Judge(classes)
    for module in judge.modules():
        if isinstance(module, Conv):
            module.c, module.n = nn.Conv2d(module.c.in_channels, module.c.out_channels, 3, module.c.stride, 1), nn.Identity()
    return load(judge, folder, "judge")


def judged(judge, images):
    """Features [n, WIDTH] and logits [n, classes] of uint8 images."""
    with torch.no_grad():
        parts = [judge(part.float() / 127.5 - 1) for part in images.split(250)]
    return torch.cat([f for f, _ in parts]), torch.cat([logits for _, logits in parts])


class Attributes:
    """Every feature of every class that has more than one value is a group of outputs beside the class's; with `shared`,
    features of one name and equal values are one group."""

    def __init__(self, out, shared):
        self.book = json.loads(Path(f"{out}.attributes.json").read_text())
        self.group, self.starts, self.sizes, known = {}, [], [], {}
        for s, drawn in enumerate(self.book["classes"]):
            for j, feature in enumerate(drawn["features"]):
                if len(feature["values"]) > 1:
                    key = (feature["name"], *feature["values"]) if shared else (s, j)
                    if key not in known:
                        known[key] = len(self.sizes)
                        self.starts.append(sum(self.sizes))
                        self.sizes.append(len(feature["values"]))
                    self.group[s, j] = known[key]
        self.indicator = torch.zeros(sum(self.sizes), len(self.sizes))
        for g, start in enumerate(self.starts):
            self.indicator[start:start + self.sizes[g], g] = 1

    def targets(self, out, labels):
        """Index of the output that is right [n, groups], -1 where the group is another class's, or the value was never seen in training."""
        other = json.loads(Path(f"{out}.attributes.json").read_text())
        table = np.fromfile(f"{out}.attributes", np.uint8).reshape(len(labels), other["width"])
        result = np.full((len(labels), len(self.sizes)), -1)
        for s, drawn in enumerate(self.book["classes"]):
            rows = np.flatnonzero(labels.numpy() == s)
            columns = {feature["name"]: (k, feature["values"]) for k, feature in enumerate(other["classes"][s]["features"])}
            for j, feature in enumerate(drawn["features"]):
                if (s, j) not in self.group or feature["name"] not in columns:
                    continue
                k, values = columns[feature["name"]]
                start = self.starts[self.group[s, j]]
                to = np.array([start + feature["values"].index(v) if v in feature["values"] else -1 for v in values] + [-1])
                index = table[rows, k]
                result[rows, self.group[s, j]] = to[np.where(index == 255, len(values), index)]
        return torch.from_numpy(result)


def train(a, family):
    images, labels = load_images(a.data)
    attributes = Attributes(a.data, family.judge["shared"])
    targets = attributes.targets(a.data, labels)
    judge = Judge(len(family.classes)).to(memory_format=torch.channels_last)
    heads = nn.Linear(WIDTH, sum(attributes.sizes))
    parameters = [*judge.parameters(), *heads.parameters()]
    opt = torch.optim.AdamW(parameters, lr=2e-3, weight_decay=0.02)
    total = a.epochs * (len(images) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(opt, 3e-3, total_steps=total, pct_start=0.15)
    started, running = time.time(), []
    for step in range(total):
        if step % (len(images) // BATCH) == 0:
            order = torch.randperm(len(images))
        i = order[step % (len(images) // BATCH) * BATCH:][:BATCH]
        x = (images[i].float() / 127.5 - 1).contiguous(memory_format=torch.channels_last)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            f, logits = judge(x)
        f, logits, target = f.float(), logits.float(), targets[i]
        outputs = heads(f)
        top = outputs.max(1, keepdim=True).values.detach()
        normaliser = (((outputs - top).exp() @ attributes.indicator) + 1e-20).log() + top
        asked = target >= 0
        cross_entropy = (normaliser - outputs.gather(1, target.clamp(min=0))) * asked
        loss = F.cross_entropy(logits, labels[i]) + cross_entropy.sum() / len(i) / 4
        opt.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 5.0)
        opt.step()
        schedule.step()
        running.append(loss.item())
        if (step + 1) % 200 == 0:
            print(f"{(step + 1) * BATCH} images, loss {np.mean(running):.4f}, {(step + 1) * BATCH / (time.time() - started):.0f} images/s", flush=True)
            running = []
    return judge.eval().requires_grad_(False), heads, attributes, total * BATCH, time.time() - started


def attribute_accuracy(attributes, names, heads, features, targets, labels):
    """Accuracy by (class, feature) and the guess of the commonest value, over the images that were asked."""
    with torch.no_grad():
        outputs = heads(features)
    rows = []
    for (s, j), g in attributes.group.items():
        asked, start = (targets[:, g] >= 0) & (labels == s), attributes.starts[g]
        right = targets[asked, g]
        if len(right) == 0:
            continue
        chosen = outputs[asked, start:start + attributes.sizes[g]].argmax(1) + start
        commonest = right.bincount().max().item() / len(right)
        name = attributes.book["classes"][s]["features"][j]["name"]
        rows.append((names[s], name, (chosen == right).float().mean().item(), commonest))
    return rows


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("family", choices=families())
    p.add_argument("--data", type=Path, help="OUT of the generator, to learn from; default its split `judge`")
    p.add_argument("--real", type=Path, help="OUT of the generator, for accuracies and statistics; default its split `heldout`")
    p.add_argument("--out", type=Path, help="default models/FAMILY")
    p.add_argument("--epochs", type=int, default=4)
    p.add_argument("--seed", type=int, default=0)
    p.add_argument("--threads", type=int, default=1)
    a = p.parse_args()
    family = Family(a.family)
    a.data, a.real, a.out = a.data or family.data("judge"), a.real or family.data("heldout"), a.out or family.folder
    with_huge_pages()
    torch.set_num_threads(a.threads)
    torch.manual_seed(a.seed)
    judge, heads, attributes, seen, seconds = train(a, family)

    real, labels = load_images(a.real)
    for module in judge.modules():
        if isinstance(module, Conv):
            module.folded()
    features, logits = judged(judge, real)
    targets = attributes.targets(a.real, labels)
    rows = attribute_accuracy(attributes, family.class_names, heads, features, targets, labels)
    for name, wanted in family.judge["checked"].items():
        known = [feature["name"] for feature in attributes.book["classes"][family.class_names.index(name)]["features"]]
        assert set(wanted) <= set(known), f"{name} has no {set(wanted) - set(known)}: it has {known}"
    checked = [row for row in rows if row[1] in family.judge["checked"].get(row[0], ())]
    for mark, drawn, name, accuracy, commonest in [(" *"[row in checked], *row) for row in rows]:
        print(f"{mark} {drawn:12s} {name:18s} {accuracy:6.1%}, always the commonest {commonest:6.1%}")
    scale = features.var(0).mean().rsqrt()
    judge.features.weight.mul_(scale)
    judge.features.bias.mul_(scale)
    judge.style.weight.div_(scale)

    a.out.mkdir(parents=True, exist_ok=True)
    ship(judge, torch.zeros(2, 3, 64, 64), a.out, "judge", ["features", "logits"])
    graph, weights, statistics = a.out / "judge.onnx", a.out / "judge.fp16.bin", a.out / "judge-real.bin"

    features, logits = judged(load_judge(a.out, len(family.classes)), real)
    f = features.double().numpy()
    statistics.write_bytes(f.mean(0).tobytes() + np.cov(f, rowvar=False).tobytes() + features[:STORED].numpy().tobytes())
    agreement = (logits.argmax(1) == labels).float().mean().item()
    def told(known):
        return dict(groups=len(known), accuracy=round(float(np.mean([row[2] for row in known])), 4),
                    commonest=round(float(np.mean([row[3] for row in known])), 4))

    about = dict(format=1, graph=described(graph), weights=described(weights), statistics=described(statistics), width=WIDTH,
                 images=len(real), stored=min(STORED, len(real)), styleAccuracy=round(agreement, 5),
                 attributes=told(rows), **({"checked": told(checked)} if checked else {}),
                 training=dict(images=seen, epochs=a.epochs, seed=a.seed, seconds=round(seconds)))
    (a.out / "judge.json").write_text(json.dumps(about, indent=2) + "\n")
    print(json.dumps(about, indent=2))


if __name__ == "__main__":
    main()
