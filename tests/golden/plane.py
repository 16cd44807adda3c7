"""
Numbers of the plane by PyTorch, in double precision: the log density of noisy points by torch.distributions, its score by autograd, and
what each network of models/plane/networks.json predicts. `/usr/bin/python3 tests/golden/plane.py` writes tests/golden/plane.json.
"""
import base64
import json
import math
import pathlib
import sys

import torch

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / 'models/plane/train'))
from network import Network  # noqa: E402

torch.set_default_dtype(torch.float64)
MIXTURE = json.loads((ROOT / 'models/plane/mixture.json').read_text())
ROWS = torch.tensor(MIXTURE['components'])


def density(sigma, label):
    """p(x; sigma) as a mixture of multivariate normals."""
    rows = ROWS if label is None else ROWS[ROWS[:, 0] == label]
    xx, xy, yy = rows[:, 5], rows[:, 6], rows[:, 7]
    covariance = torch.stack([torch.stack([xx, xy], 1), torch.stack([xy, yy], 1)], 1) + sigma ** 2 * torch.eye(2)
    parts = torch.distributions.MultivariateNormal(rows[:, 3:5], covariance)
    return torch.distributions.MixtureSameFamily(torch.distributions.Categorical(rows[:, 2]), parts)


def truth():
    cases = []
    for sigma in (0.0, 0.002, 0.03, 0.4, 5.0):
        for label in (0, 1, None):
            generator = torch.Generator().manual_seed(len(cases))
            # True points, noisy, and others far from any.
            chosen = torch.randint(len(ROWS), (4,), generator=generator)
            near = ROWS[chosen, 3:5] + math.hypot(sigma, 0.01) * torch.randn(4, 2, generator=generator)
            x = torch.cat([near, 3 * torch.rand(2, 2, generator=generator) - 1.5]).requires_grad_()
            log = density(sigma, label).log_prob(x)
            score, = torch.autograd.grad(log.sum(), x)
            cases.append({'sigma': sigma, 'label': label, 'x': x.flatten().tolist(), 'log': log.tolist(), 'score': score.flatten().tolist()})
    return cases


def networks():
    cases = []
    stored = json.loads((ROOT / 'models/plane/weights.json').read_text())
    for entry in json.loads((ROOT / 'models/plane/networks.json').read_text())['networks']:
        network = Network(entry['hidden'], entry['layers'])
        flat = torch.frombuffer(bytearray(base64.b64decode(stored[entry['id']])), dtype=torch.float32).double()
        at = 0
        parts = [network.level.weight, network.level.bias, network.told.weight, network.told.bias, network.label.weight]
        for linear, shift in zip(network.inside, network.shift):
            parts += [linear.weight, linear.bias, shift.weight]
        for part in [*parts, network.out.weight, network.out.bias]:
            part.data.copy_(flat[at:at + part.numel()].view_as(part))
            at += part.numel()
        generator = torch.Generator().manual_seed(7)
        for sigma, weights in ((0.01, [1.0, 0.0]), (0.5, [0.0, 1.0]), (4.0, [0.0, 0.0])):
            # As the page has them: single precision.
            x = (math.hypot(sigma, 0.5) * torch.randn(3, 2, generator=generator)).float().double()
            with torch.no_grad():
                made = network(x, torch.full((3,), sigma), torch.tensor(weights).expand(3, 2))
            cases.append({'network': entry['id'], 'sigma': sigma, 'classWeights': weights, 'x': x.flatten().tolist(), 'denoised': made.flatten().tolist()})
    return cases


if __name__ == '__main__':
    lines = {name: ',\n    '.join(json.dumps(case) for case in cases) for name, cases in (('truth', truth()), ('networks', networks()))}
    parts = ',\n'.join(f'  "{name}": [\n    {text}\n  ]' for name, text in lines.items())
    (ROOT / 'tests/golden/plane.json').write_text(f'{{\n{parts}\n}}\n')
