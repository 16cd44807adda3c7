"""
The plane's true distribution: for each of two classes a tree of Gaussians, as the toy of arXiv 2406.02507 (section 3) is described.
`python3 models/plane/train/mixture.py` writes models/plane/mixture.json, which training and the page read.
"""
import json
import math
import pathlib
import random

import numpy as np

FOLDER = pathlib.Path(__file__).resolve().parents[1]

CLASSES = ['Oak', 'Willow']
# Of each generation of branches: how many Gaussians a branch is made of.
PIECES = [6, 5, 4, 3, 2, 1]
# A twig is a branch of this generation with all that grows from it: what counts as a mode. Older branches belong to none.
TWIG = 4
LENGTH, SHORTER = 0.62, 0.74
THICKNESS, THINNER = 0.032, 0.72
SPREAD = 0.50
DEVIATION = 0.5


def grow(rng, at, angle, generation, twigs, twig, pieces):
    """A branch from `at` and what grows from it: [weight, x, y, along, across, angle, twig] each."""
    length = LENGTH * SHORTER ** generation * rng.uniform(0.85, 1.15)
    across = THICKNESS * THINNER ** generation
    if generation == TWIG:
        twig = len(twigs)
        twigs.append(twig)
    count = PIECES[generation]
    bend = rng.uniform(-0.25, 0.25)
    x, y = at
    for _ in range(count):
        step = length / count
        dx, dy = math.cos(angle), math.sin(angle)
        # Each generation as a whole weighs the same.
        pieces.append([1 / len(PIECES) / 2 ** generation / count, x + dx * step / 2, y + dy * step / 2, step * 0.42, across, angle, twig])
        x, y = x + dx * step, y + dy * step
        angle += bend / count
    if generation + 1 < len(PIECES):
        for side in (-1, 1):
            turn = side * (SPREAD + rng.uniform(-0.12, 0.12))
            grow(rng, (x, y), angle + turn, generation + 1, twigs, twig, pieces)


def build():
    trees = []
    for label, (angle, at, seed) in enumerate([(1.85, (0.10, -0.20), 11), (0.0, (-0.22, -0.06), 5)]):
        pieces = []
        grow(random.Random(seed), at, angle, 0, [], -1, pieces)
        trees += [[label, *piece] for piece in pieces]
    table = np.array(trees)
    label, weight, x, y, along, across, angle, twig = table.T
    c, s = np.cos(angle), np.sin(angle)
    covariance = np.stack([c * c * along ** 2 + s * s * across ** 2, c * s * (along ** 2 - across ** 2), s * s * along ** 2 + c * c * across ** 2], 1)
    mean = np.stack([x, y], 1)
    # Centred, and as wide as the networks expect, both classes together.
    weight = weight / 2
    centre = (weight[:, None] * mean).sum(0)
    mean = mean - centre
    variance = (weight * (covariance[:, 0] + covariance[:, 2] + (mean ** 2).sum(1))).sum() / 2
    scale = DEVIATION / math.sqrt(variance)
    mean, covariance, weight = mean * scale, covariance * scale ** 2, weight * 2
    return [[int(label[i]), int(twig[i]), *(float(f'{v:.6g}') for v in (weight[i], *mean[i], *covariance[i]))] for i in range(len(table))]


class Mixture:
    """Draws from the mixture, and its density and score at any noise level, by definition."""

    def __init__(self, rows):
        table = np.array([row[2:] for row in rows])
        self.label = np.array([row[0] for row in rows])
        self.weight, self.mean, self.covariance = table[:, 0], table[:, 1:3], table[:, 3:6]
        a, b, d = self.covariance.T
        low = np.sqrt(a)
        self.root = np.stack([low, b / low, np.sqrt(d - (b / low) ** 2)], 1)

    def draw(self, rng, labels):
        """One point of each label."""
        out = np.empty((len(labels), 2))
        for label in set(labels.tolist()):
            of = np.flatnonzero(labels == label)
            among = np.flatnonzero(self.label == label)
            weight = self.weight[among]
            chosen = among[rng.choice(len(among), len(of), p=weight / weight.sum())]
            z = rng.standard_normal((len(of), 2))
            root = self.root[chosen]
            out[of, 0] = self.mean[chosen, 0] + root[:, 0] * z[:, 0]
            out[of, 1] = self.mean[chosen, 1] + root[:, 1] * z[:, 0] + root[:, 2] * z[:, 1]
        return out


    def log_density(self, points, label, sigma=0.0):
        """ln p(x; sigma) of a class, or of all where `label` is None."""
        of = np.arange(len(self.label)) if label is None else np.flatnonzero(self.label == label)
        weight = self.weight[of] / (len(set(self.label.tolist())) if label is None else 1)
        xx, xy, yy = (self.covariance[of] + np.array([sigma ** 2, 0, sigma ** 2])).T
        determinant = xx * yy - xy * xy
        out = []
        for part in np.array_split(points, max(1, len(points) // 5000)):
            d = part[:, None] - self.mean[of]
            far = (yy * d[..., 0] ** 2 - 2 * xy * d[..., 0] * d[..., 1] + xx * d[..., 1] ** 2) / determinant
            terms = np.log(weight / (2 * np.pi * np.sqrt(determinant))) - far / 2
            top = terms.max(1)
            out.append(top + np.log(np.exp(terms - top[:, None]).sum(1)))
        return np.concatenate(out)


def truth(mixture, count=200_000, seed=1):
    """Of each class, and of both together: the log density below which one true point in a hundred lies, and its mean."""
    rng = np.random.default_rng(seed)
    edges, means = [], []
    for label in [0, 1, None]:
        labels = rng.integers(0, 2, count) if label is None else np.full(count, label)
        log = mixture.log_density(mixture.draw(rng, labels), label)
        edges.append(round(float(np.quantile(log, 0.01)), 4))
        means.append(round(float(log.mean()), 4))
    return edges, means


def read():
    return json.loads((FOLDER / 'mixture.json').read_text())


if __name__ == '__main__':
    rows = build()
    edges, means = truth(Mixture(rows))
    text = ',\n    '.join(json.dumps(row) for row in rows)
    about = 'Components: class, twig (-1: a branch), weight in its class, mean x and y, covariance xx, xy and yy'
    told = 'Of each class, then of both: the log density below which 1 % of true points lie, and the mean log density'
    head = f'"about": "{about}",\n  "classes": {json.dumps(CLASSES)},\n  "sigmaData": {DEVIATION},\n'
    facts = f'  "truth": {{ "about": "{told}", "edge": {edges}, "logLikelihood": {means} }},\n'
    (FOLDER / 'mixture.json').write_text(f'{{\n  {head}{facts}  "components": [\n    {text}\n  ]\n}}\n')
    print(len(rows), 'Gaussians; edges', edges, 'log-likelihoods', means)
