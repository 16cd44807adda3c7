"""
Trains one of the plane's networks by denoising score matching on fresh points, as EDM does, and writes its averaged weights:
    python3 models/plane/train/train.py OUT.pt --hidden 32 --iterations 16384 [--drop 0.1] [--snapshot 2048=EARLY.pt] [--tune FROM.pt]
`--drop 1` trains without classes. `--tune` goes on from another network on points that it drew itself.
"""
import argparse
import copy
import math

import mixture
import numpy as np
import torch
from network import SIGMA_DATA, Network

SIGMA = 0.002, 5.0, 7.0
LOG_MEAN, LOG_DEVIATION = -2.3, 1.5
DRAWN = 32768
# Points of the mixture that a run draws from: so many that none is seen twice in a way that matters.
POOL = 1 << 19


def levels(steps):
    low, high, rho = SIGMA
    ramp = torch.linspace(0, 1, steps)
    return torch.cat([(high ** (1 / rho) + ramp * (low ** (1 / rho) - high ** (1 / rho))) ** rho, torch.zeros(1)])


@torch.no_grad()
def sample(network, weights, generator, steps=32):
    """By Heun's solver, without guidance."""
    sigma = levels(steps)
    x = torch.randn(len(weights), 2, generator=generator) * sigma[0]
    for now, after in zip(sigma[:-1], sigma[1:]):
        slope = (x - network(x, now.expand(len(x)), weights)) / now
        ahead = x + (after - now) * slope
        if after > 0:
            slope = (slope + (ahead - network(ahead, after.expand(len(x)), weights)) / after) / 2
        x = x + (after - now) * slope
    return x


def one_hot(labels):
    return torch.nn.functional.one_hot(torch.as_tensor(labels), 2).float()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('out')
    parser.add_argument('--hidden', type=int, default=32)
    parser.add_argument('--layers', type=int, default=3)
    parser.add_argument('--iterations', type=int, default=16384)
    parser.add_argument('--batch', type=int, default=1024)
    parser.add_argument('--rate', type=float, default=1e-2)
    parser.add_argument('--drop', type=float, default=0)
    parser.add_argument('--snapshot', action='append', default=[])
    parser.add_argument('--tune')
    parser.add_argument('--seed', type=int, default=1)
    args = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(args.seed)
    rng = np.random.default_rng(args.seed)
    generator = torch.Generator().manual_seed(args.seed)
    network = Network(args.hidden, args.layers)
    if args.tune:
        network.load_state_dict(torch.load(args.tune))
        labels = rng.integers(0, 2, DRAWN)
        points = sample(network, one_hot(labels), generator)
    else:
        labels = rng.integers(0, 2, POOL)
        points = torch.from_numpy(mixture.Mixture(mixture.read()['components']).draw(rng, labels)).float()
    wanted = one_hot(labels)
    average = copy.deepcopy(network)
    optimiser = torch.optim.Adam(network.parameters(), lr=args.rate, betas=(0.9, 0.99))
    snapshots = dict(pair.split('=') for pair in args.snapshot)
    running = 0.0
    for iteration in range(1, args.iterations + 1):
        for group in optimiser.param_groups:
            # Slower towards the end, and from the beginning of a run that has a long way to go.
            group['lr'] = args.rate * min(1, iteration / 256) / math.sqrt(max(1, iteration / (args.iterations / 8)))
        chosen = torch.randint(len(points), (args.batch,), generator=generator)
        y = points[chosen]
        weights = wanted[chosen] * (torch.rand(args.batch, 1, generator=generator) >= args.drop)
        sigma = torch.exp(LOG_MEAN + LOG_DEVIATION * torch.randn(args.batch, generator=generator))
        noisy = y + sigma[:, None] * torch.randn(args.batch, 2, generator=generator)
        scale = (sigma ** 2 + SIGMA_DATA ** 2) / (sigma * SIGMA_DATA) ** 2
        loss = (scale * ((network(noisy, sigma, weights) - y) ** 2).sum(1)).mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        # An average over the last tenth or so of the way.
        share = 1 - min(1, 10 / iteration)
        with torch.no_grad():
            for slow, fast in zip(average.parameters(), network.parameters()):
                slow.lerp_(fast, 1 - share)
        running += (loss.item() - running) * max(0.002, 1 / iteration)
        if str(iteration) in snapshots:
            torch.save(average.state_dict(), snapshots[str(iteration)])
        if iteration % 1024 == 0:
            print(f'{iteration} {running:.4f}', flush=True)
    torch.save(average.state_dict(), args.out)


if __name__ == '__main__':
    main()
