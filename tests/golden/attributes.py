"""What the judge's attributes say of a set, by PyTorch from the definitions, on the first held-out renders as the judge saw them.

    python3 tests/golden/attributes.py    # writes attributes.json; needs torch and numpy

Clarity: the mean probability of the likeliest value, over the things that a picture's class varies, then over pictures. Shift: of each
thing the total variation distance between the mean probabilities of the class's pictures and the shares of renders; the mean over things
of a class, weighted by its pictures. Intervals: the jackknife over ten blocks, Student's t.
"""
import json
from pathlib import Path

import numpy as np
import torch

HERE = Path(__file__).parent
FOLDER = HERE.parents[1] / "models/avatars"
STUDENT = 2.2621571628


def main():
    info = json.loads((FOLDER / "judge.json").read_text())
    width, groups = info["width"], info["heads"]["groups"]
    numbers = torch.from_numpy(np.fromfile(FOLDER / info["heads"]["file"], "<f2").astype(np.float64))
    parts, heads, shares = iter(numbers.split([n for g in groups for n in (g["values"] * width, g["values"])] + [g["values"] for g in groups for _ in g["classes"]])), [], {}
    for g in groups:
        heads.append((next(parts).reshape(g["values"], width), next(parts)))
    for index, g in enumerate(groups):
        for label in g["classes"]:
            shares[label, index] = next(parts)
    stored = np.fromfile(FOLDER / info["statistics"]["file"], np.float32, offset=8 * (width + width * width)).reshape(-1, width)

    def numbers_of(kept, asked):
        clear, apart = torch.zeros(len(kept), dtype=torch.float64), 0.0
        for label in np.unique(asked):
            own = np.flatnonzero(asked == label)
            mine = [index for index, g in enumerate(groups) if label in g["classes"]]
            told = [torch.softmax(kept[own] @ heads[index][0].T + heads[index][1], 1) for index in mine]
            clear[own] = torch.stack([p.max(1).values for p in told]).mean(0)
            distances = [(p.mean(0) - shares[label, index]).abs().sum().item() / 2 for p, index in zip(told, mine)]
            apart += len(own) / len(kept) * float(np.mean(distances))
        return np.array([clear.mean().item(), apart])

    cases = []
    for first, count in ((0, 120), (300, 37)):
        features = torch.from_numpy(stored[first:first + count].astype(np.float64))
        asked = np.arange(count) % 10
        whole = numbers_of(features, asked)
        margins = [None, None]
        if count >= 100:
            block = np.arange(count) * 10 // count
            without = np.array([numbers_of(features[block != b], asked[block != b]) for b in range(10)])
            margins = (STUDENT * np.sqrt(9 / 10 * ((without - without.mean(0)) ** 2).sum(0))).tolist()
        cases.append(dict(first=first, count=count, clarity=dict(value=whole[0], margin=margins[0]), shift=dict(value=whole[1], margin=margins[1])))
    (HERE / "attributes.json").write_text(json.dumps(cases, indent=1) + "\n")
    print(cases)


if __name__ == "__main__":
    main()
