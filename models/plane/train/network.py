"""
The plane's networks: a few hidden layers on a point's two coordinates, each told the noise level and the class by an added embedding.
Only products, sums, quotients and square roots, so that the page's arithmetic (src/plane/network.ts) is the same on every device.
"""
import math

import torch

EMBEDDING = 16
SIGMA_DATA = 0.5


def bend(x):
    """Like SiLU, of square roots instead of exponentials."""
    return 0.5 * x * (1 + x / torch.sqrt(1 + x * x))


class Network(torch.nn.Module):
    def __init__(self, hidden, layers, classes=2):
        super().__init__()
        self.hidden, self.layers, self.classes = hidden, layers, classes
        widths = [2] + [hidden] * layers
        self.level = torch.nn.Linear(1, EMBEDDING)
        self.told = torch.nn.Linear(EMBEDDING, EMBEDDING)
        self.label = torch.nn.Linear(classes, EMBEDDING, bias=False)
        self.inside = torch.nn.ModuleList(torch.nn.Linear(a, b) for a, b in zip(widths, widths[1:]))
        self.shift = torch.nn.ModuleList(torch.nn.Linear(EMBEDDING, hidden, bias=False) for _ in range(layers))
        self.out = torch.nn.Linear(hidden, 2)
        with torch.no_grad():
            self.level.weight.mul_(3)
            self.label.weight.normal_(0, 1)
            for linear in self.inside:
                linear.weight.normal_(0, math.sqrt(2 / linear.in_features))
            self.out.weight.mul_(0.1)

    def embedding(self, sigma, weights):
        level = torch.log(sigma) / 4
        return self.told(bend(self.level(level[:, None]))) + self.label(weights)

    def forward(self, x, sigma, weights):
        """D(x; sigma), preconditioned as in EDM."""
        total = sigma ** 2 + SIGMA_DATA ** 2
        skip, out, into = SIGMA_DATA ** 2 / total, sigma * SIGMA_DATA / total.sqrt(), 1 / total.sqrt()
        embedding = self.embedding(sigma, weights)
        h = x * into[:, None]
        for linear, shift in zip(self.inside, self.shift):
            h = bend(linear(h) + shift(embedding))
        return skip[:, None] * x + out[:, None] * self.out(h)

    def flat(self):
        """All parameters in the order in which the page reads them."""
        parts = [self.level.weight, self.level.bias, self.told.weight, self.told.bias, self.label.weight]
        for linear, shift in zip(self.inside, self.shift):
            parts += [linear.weight, linear.bias, shift.weight]
        return torch.cat([p.detach().reshape(-1) for p in [*parts, self.out.weight, self.out.bias]])
