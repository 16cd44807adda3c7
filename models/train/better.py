"""What train.py can do otherwise, to learn more from equal samples. Each is off unless it is asked for, and none
changes what is exported: averages are of the plain weights.

--normalise  a weight is a gain times a direction, whose rows keep their length: Karras et al. 2024, "Analyzing and
             improving the training dynamics of diffusion models", section 2.3. Of its magnitude-preserving layers this
             is the part that any network can have; activations, sums and group norms stay as they are.
--muon       matrices step by the nearest orthogonal matrix of their momentum: Jordan et al. 2024,
             kellerjordan.github.io/posts/muon
--weighting  noise levels are weighted by a learned estimate of their own loss: Karras et al. 2024, eq. 14
"""
import math

import torch
import torch.nn as nn
from torch.nn.utils import parametrize

WEIGHTING_RATE = 1e-3


class Direction(nn.Module):
    """gain [rows, 1 ...] times the rows of v at length 1; kept ones have length sqrt(n), so entries of about 1."""

    def forward(self, v, gain):
        return v * (gain / lengths(v))

    def right_inverse(self, weight):
        gain = lengths(weight)
        # A layer that begins with zeros has no direction yet.
        v = torch.where(gain > 0, weight, torch.randn_like(weight))
        return v * (v[0].numel() ** 0.5 / lengths(v)), gain


def lengths(v):
    return v.square().sum(tuple(range(1, v.dim())), keepdim=True).sqrt()


def layers(net):
    return [module for module in net.modules() if isinstance(module, (nn.Conv2d, nn.Linear))]


def normalise(net):
    for module in layers(net):
        parametrize.register_parametrization(module, "weight", Direction())


@torch.no_grad()
def force_lengths(net):
    for module in layers(net):
        v = module.parametrizations.weight.original0
        v.mul_(v[0].numel() ** 0.5 / lengths(v))


def plain(net, names):
    """Values of the plain network's parameters, of these names."""
    return [getattr(net.get_submodule(name.rpartition(".")[0]), name.rpartition(".")[2]) for name in names]


def orthogonal(matrix, steps=5, kind=torch.bfloat16):
    """Near the product U V^T of the singular vectors, by Newton and Schulz's iteration of fifth order: singular values
    end between 0.6 and 1.2."""
    x = matrix.to(kind)
    turned = len(x) > x.shape[1]
    x = x.T if turned else x
    x = x / x.norm().clamp(min=1e-7)
    for _ in range(steps):
        square = x @ x.T
        x = 3.4445 * x + (2.0315 * square @ square - 4.7750 * square) @ x
    return (x.T if turned else x).to(matrix.dtype)


class Muon(torch.optim.Optimizer):
    """`relative`: the root mean square of a step is `lr`, as for weights whose own is 1; otherwise its singular values
    are."""

    def __init__(self, parameters, lr, relative, momentum=0.95):
        super().__init__(parameters, dict(lr=lr, relative=relative, momentum=momentum))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                momentum = self.state[p].setdefault("momentum", torch.zeros_like(p))
                momentum.lerp_(p.grad, 1 - group["momentum"])
                update = orthogonal(p.grad.lerp(momentum, group["momentum"]).flatten(1))
                rows, columns = update.shape
                scale = max(rows, columns) ** 0.5 if group["relative"] else max(1, rows / columns) ** 0.5
                p.add_(update.reshape(p.shape), alpha=-group["lr"] * scale)


class Weighting(nn.Module):
    """u(sigma): the logarithm of the loss that is expected at a noise level, linear in cosines of ln(sigma) / 4."""

    def __init__(self, width=64):
        super().__init__()
        self.register_buffer("frequencies", 2 * math.pi * torch.randn(width))
        self.register_buffer("phases", 2 * math.pi * torch.rand(width))
        self.weight, self.bias = nn.Parameter(torch.zeros(width)), nn.Parameter(torch.zeros(()))

    def forward(self, sigma):
        return (sigma.log()[:, None] / 4 * self.frequencies + self.phases).cos() @ self.weight * 2**0.5 + self.bias

    def weighted(self, loss, sigma):
        u = self(sigma)
        return (loss / u.exp() + u).mean()


def optimisers(net, weighting, a):
    """{name in the checkpoint: (optimiser, the rates that its groups begin with)}; `net` is normalised already where
    that was asked for."""
    ends = {net.patch_in, net.patch_out, net.noise_embedding[0]}
    matrices, directions, taken = [], [], set()
    for module in layers(net):
        own = module.parametrizations.weight if a.normalise else None
        weight = own.original0 if own else module.weight
        if a.muon and module not in ends and getattr(module, "groups", 1) == 1:
            matrices.append(weight)
        elif own:
            directions.append(weight)
        directions += [own.original1] if own else []
    taken = {id(p) for p in (*matrices, *directions)}
    groups = [([p for p in net.parameters() if id(p) not in taken], a.lr), (directions, a.matrix_lr),
              (list(weighting.parameters()) if weighting else [], WEIGHTING_RATE)]
    groups = [(parameters, rate) for parameters, rate in groups if parameters]
    adam = torch.optim.Adam([dict(params=parameters) for parameters, _ in groups], lr=a.lr, betas=(0.9, 0.99))
    made = {"opt": (adam, [rate for _, rate in groups])}
    return {**made, "muon": (Muon(matrices, a.matrix_lr, a.normalise), [a.matrix_lr])} if matrices else made
