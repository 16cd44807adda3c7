"""Whole trajectories of diffusers' schedulers, which the adapters of predictions and schedules must reproduce.

    python3 tests/golden/schedulers.py            # needs torch and diffusers (0.42.1 was used); seconds

A fixed smooth function stands for the network, written here and in tests/unit/model/adapter-trajectories.test.ts:
F(x, t) = 0.5 sin(1.3 x + 0.7 + c t) + 0.2 x cos(2 c t), elementwise, where x is what the network gets, t what it is told, and c scales
the time. Writes tests/golden/schedulers.json: of each run the scheduler, what a manifest says of such a network, the noise levels'
range, and the scheduler's own sample at each step, in its own units.
"""

import json
import sys
from pathlib import Path

import diffusers
import numpy as np
import torch
from diffusers import DDIMScheduler, EDMEulerScheduler, EulerDiscreteScheduler, FlowMatchEulerDiscreteScheduler

HERE = Path(__file__).parent
STEPS = 10
START = torch.from_numpy(np.random.default_rng(17).standard_normal((1, 1, 2, 3)).astype(np.float32))

BETAS = {
    'linear': {'beta_schedule': 'linear', 'beta_start': 0.0001, 'beta_end': 0.02},
    'scaled-linear': {'beta_schedule': 'scaled_linear', 'beta_start': 0.00085, 'beta_end': 0.012},
    'cosine': {'beta_schedule': 'squaredcos_cap_v2'},
}
PREDICTIONS = {'epsilon': 'epsilon', 'x0': 'sample', 'v': 'v_prediction'}


def network(x, t, rate):
    angle = rate * float(t)
    return 0.5 * torch.sin(1.3 * x + 0.7 + angle) + 0.2 * x * np.cos(2 * angle)


class Double:
    """torch for a scheduler's module, with double in the place of single: at high noise its Euler step cancels."""

    float32 = torch.float64

    def __getattr__(self, name):
        return getattr(torch, name)


def walk(scheduler, x, rate):
    module = sys.modules[type(scheduler).__module__]
    module.torch = Double()
    scheduler.sigmas = getattr(scheduler, 'sigmas', START).double()
    x = x.double()
    samples = [x]
    for t in scheduler.timesteps:
        output = network(scheduler.scale_model_input(x, t), t, rate)
        x = scheduler.step(output, t, x).prev_sample
        samples.append(x)
    module.torch = torch
    return [[float(f'{value:.9g}') for value in sample.flatten().tolist()] for sample in samples]


def flow_walk(scheduler, x, rate):
    samples = [x]
    for t in scheduler.timesteps:
        x = scheduler.step(network(x, t, rate), t, x).prev_sample
        samples.append(x)
    return [[float(f'{value:.9g}') for value in sample.flatten().tolist()] for sample in samples]


def betas_of(kind, zero):
    config = BETAS[kind]
    parameters = {'zeroTerminal': zero}
    if 'beta_start' in config:
        parameters |= {'betaStart': config['beta_start'], 'betaEnd': config['beta_end']}
    return {'kind': kind, 'parameters': parameters}


def training_sigma(scheduler, t):
    alpha = float(scheduler.alphas_cumprod.double()[t])
    return ((1 - alpha) / alpha) ** 0.5


def euler(kind, prediction, zero):
    # Even steps that are whole numbers: 999, 888 … 0, or with trailing 999, 899 … 99.
    spacing = 'trailing' if zero else 'linspace'
    scheduler = EulerDiscreteScheduler(
        **BETAS[kind], prediction_type=PREDICTIONS[prediction], timestep_spacing=spacing, rescale_betas_zero_snr=zero
    )
    scheduler.set_timesteps(STEPS)
    sigmas = [float(sigma) for sigma in scheduler.sigmas]
    return {
        'name': f'Euler, {kind}{", zero SNR" if zero else ""}, {prediction}',
        'prediction': {'kind': prediction, 'parameters': {}},
        'schedule': betas_of(kind, zero),
        'sigma': {'max': sigmas[0], 'min': sigmas[-2], 'rho': 7, 'spacing': 'time'},
        'units': 'x',
        'rate': 0.001,
        'told': [float(t) for t in scheduler.timesteps],
        'samples': walk(scheduler, START * scheduler.init_noise_sigma, 0.001),
    }


def ddim(kind, prediction, zero):
    scheduler = DDIMScheduler(
        **BETAS[kind],
        prediction_type=PREDICTIONS[prediction],
        clip_sample=False,
        set_alpha_to_one=True,
        rescale_betas_zero_snr=zero,
        timestep_spacing='trailing' if zero else 'leading',
    )
    scheduler.set_timesteps(STEPS)
    steps = [int(t) for t in scheduler.timesteps]
    # With zero SNR its σ is infinite, for which a high one stands.
    highest = 1e6 if zero else training_sigma(scheduler, steps[0])
    return {
        'name': f'DDIM, {kind}{", zero SNR" if zero else ""}, {prediction}',
        'prediction': {'kind': prediction, 'parameters': {}},
        'schedule': betas_of(kind, zero),
        'sigma': {'max': highest, 'min': training_sigma(scheduler, steps[-1]), 'rho': 7, 'spacing': 'time'},
        'units': 'scaled',
        'rate': 0.001,
        'told': [float(t) for t in steps],
        'samples': walk(scheduler, START, 0.001),
    }


def flow(shift):
    scheduler = FlowMatchEulerDiscreteScheduler(shift=shift)
    scheduler.set_timesteps(STEPS)
    last = float(scheduler.sigmas[-2])
    return {
        'name': f'flow matching, shift {shift}',
        'prediction': {'kind': 'flow', 'parameters': {}},
        'schedule': {'kind': 'flow', 'parameters': {'shift': shift}},
        'sigma': {'max': 1e6, 'min': last / (1 - last), 'rho': 7, 'spacing': 'time'},
        'units': 'scaled',
        'rate': 0.001,
        'told': [float(t) for t in scheduler.timesteps],
        'samples': flow_walk(scheduler, START, 0.001),
    }


def edm(prediction):
    scheduler = EDMEulerScheduler(prediction_type='epsilon' if prediction == 'edm' else 'v_prediction')
    scheduler.set_timesteps(STEPS)
    return {
        'name': f'EDM Euler, {prediction}',
        'prediction': {'kind': prediction, 'parameters': {'sigmaData': 0.5}},
        'schedule': {'kind': 'edm', 'parameters': {'sigmaData': 0.5}},
        'sigma': {'max': 80, 'min': 0.002, 'rho': 7},
        'units': 'x',
        'rate': 0.5,
        'told': [float(t) for t in scheduler.timesteps],
        'samples': walk(scheduler, START * scheduler.init_noise_sigma, 0.5),
    }


def main():
    runs = [euler(kind, prediction, False) for kind in BETAS for prediction in PREDICTIONS]
    # With linear betas diffusers' last σ is lower than the one before it, which is no schedule: DDIM alone.
    runs += [euler(kind, 'v', True) for kind in ('scaled-linear', 'cosine')]
    runs += [ddim(kind, prediction, False) for kind in BETAS for prediction in PREDICTIONS]
    runs += [ddim(kind, 'v', True) for kind in BETAS]
    runs += [flow(1.0), flow(3.0), edm('edm'), edm('v')]
    lines = ',\n'.join(json.dumps(run) for run in runs)
    (HERE / 'schedulers.json').write_text(
        f'{{"diffusers": "{diffusers.__version__}", "steps": {STEPS}, "runs": [\n{lines}\n]}}\n'
    )
    print(len(runs), 'runs')


if __name__ == '__main__':
    main()
