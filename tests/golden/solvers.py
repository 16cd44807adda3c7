"""Golden trajectories of the solvers, written from the papers alone: python3 solvers.py writes solvers.json beside it.

The denoiser is that of a mixture of two Gaussians, so that trajectories bend; everything is in double precision. Each solver
is written in its paper's own variables, and not in those of src/sampling/solvers:

  edm      Karras et al. 2022 (arXiv 2206.00364), algorithm 2 (algorithm 1 where S_churn = 0), with and without lines 8 to 10
  dpmpp    Lu et al. 2022 (arXiv 2211.01095), algorithm 2: DPM-Solver++(2M), data prediction, lambda = log(alpha / sigma)
  ddim     Song, Meng and Ermon 2021 (arXiv 2010.02502), equations 12 and 16, in alpha-bar and noise predictions
"""
import json
import math
from pathlib import Path

import torch

torch.set_default_dtype(torch.float64)
torch.manual_seed(7)
MEANS, VARIANCE = torch.tensor([-0.8, 0.6]), 0.04
STEPS, SIZE = 9, 4
SIGMA_MIN, SIGMA_MAX, RHO = 0.01, 40.0, 7


def denoise(x, sigma):
    """E[x_0 | x] of the mixture, each value by itself."""
    total = VARIANCE + sigma**2
    weights = torch.softmax(-((x[:, None] - MEANS) ** 2) / (2 * total), dim=1)
    return (weights * (VARIANCE * x[:, None] + sigma**2 * MEANS) / total).sum(1)


def schedule():
    """Equation 5 of Karras et al., and 0 at the end; rounded to single precision, as the sampler's is."""
    i = torch.arange(STEPS) / (STEPS - 1)
    sigmas = (SIGMA_MAX ** (1 / RHO) + i * (SIGMA_MIN ** (1 / RHO) - SIGMA_MAX ** (1 / RHO))) ** RHO
    return [*sigmas.float().double().tolist(), 0.0]


def edm(x, sigmas, noise, heun, s_churn=0.0, s_tmin=0.0, s_tmax=math.inf, s_noise=1.0):
    out = []
    for i, (t, t_next) in enumerate(zip(sigmas[:-1], sigmas[1:])):
        gamma = min(s_churn / STEPS, math.sqrt(2) - 1) if s_tmin <= t <= s_tmax else 0.0
        t_hat = t + gamma * t
        x_hat = x + math.sqrt(t_hat**2 - t**2) * s_noise * noise[i]
        d = (x_hat - denoise(x_hat, t_hat)) / t_hat
        x = x_hat + (t_next - t_hat) * d
        if heun and t_next != 0:
            d_next = (x - denoise(x, t_next)) / t_next
            x = x_hat + (t_next - t_hat) * (d / 2 + d_next / 2)
        out.append(x)
    return out


def dpmpp(x, sigmas, noise):
    out, before, h_before = [], None, None
    for t, t_next in zip(sigmas[:-1], sigmas[1:]):
        predicted = denoise(x, t)
        if t_next == 0:
            # h is infinite: e^-h = 0.
            x = predicted
        else:
            h = math.log(1 / t_next) - math.log(1 / t)
            if before is None:
                d = predicted
            else:
                r = h_before / h
                d = (1 + 1 / (2 * r)) * predicted - 1 / (2 * r) * before
            x = t_next / t * x - math.expm1(-h) * d
            h_before = h
        before = predicted
        out.append(x)
    return out


def ddim(x, sigmas, noise, eta):
    out = []
    for i, (t, t_next) in enumerate(zip(sigmas[:-1], sigmas[1:])):
        alpha, alpha_next = 1 / (1 + t**2), 1 / (1 + t_next**2)
        scaled = math.sqrt(alpha) * x
        eps = (scaled - math.sqrt(alpha) * denoise(x, t)) / math.sqrt(1 - alpha)
        sigma = eta * math.sqrt((1 - alpha_next) / (1 - alpha)) * math.sqrt(1 - alpha / alpha_next)
        predicted = (scaled - math.sqrt(1 - alpha) * eps) / math.sqrt(alpha)
        towards = math.sqrt(max(0.0, 1 - alpha_next - sigma**2)) * eps
        scaled = math.sqrt(alpha_next) * predicted + towards + sigma * noise[i]
        x = scaled / math.sqrt(alpha_next)
        out.append(x)
    return out


CHURN = {"churn": 6, "churnFrom": 0.05, "churnTo": 20, "churnNoise": 1.007}
EDM_CHURN = {"s_churn": 6, "s_tmin": 0.05, "s_tmax": 20, "s_noise": 1.007}
RUNS = [
    ("euler", {}, lambda *of: edm(*of, heun=False)),
    ("euler", CHURN, lambda *of: edm(*of, heun=False, **EDM_CHURN)),
    ("heun", {}, lambda *of: edm(*of, heun=True)),
    ("heun", CHURN, lambda *of: edm(*of, heun=True, **EDM_CHURN)),
    ("heun", {"churn": 40}, lambda *of: edm(*of, heun=True, s_churn=40)),
    ("dpmpp-2m", {}, dpmpp),
    ("ddim", {"ancestral": 0}, lambda *of: ddim(*of, eta=0)),
    ("ddim", {"ancestral": 0.4}, lambda *of: ddim(*of, eta=0.4)),
    ("ddim", {}, lambda *of: ddim(*of, eta=1)),
]


def main():
    sigmas = schedule()
    start = SIGMA_MAX * torch.randn(SIZE)
    noise = torch.randn(STEPS, SIZE)
    # What the solvers are given is in single precision.
    start, noise = start.float().double(), noise.float().double()
    runs = [
        {"solver": solver, "parameters": parameters, "x": [x.tolist() for x in run(start, sigmas, noise)]}
        for solver, parameters, run in RUNS
    ]
    mixture = {"means": MEANS.tolist(), "variance": VARIANCE}
    golden = {"mixture": mixture, "sigmas": sigmas, "start": start.tolist(), "noise": noise.tolist(), "runs": runs}
    Path(__file__).with_name("solvers.json").write_text(json.dumps(golden) + "\n")


main()
