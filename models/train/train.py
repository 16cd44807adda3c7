"""Trains a denoiser of a family with the EDM loss. Resumable: run the same command again.

    python3 models/train/train.py FAMILY --run .cache/runs/main

What is not given is the default of the family (`training` in models/FAMILY/train/family.json) and its first size.

The run folder receives `run.json` (how it was begun), `checkpoint.pt` (weights, averages, optimiser, random state;
written every few minutes and on SIGTERM; --state names a folder for a second one in 16 bits, half as large and a file
for each part, that a run whose folder is new goes on from), `log.csv` (samples seen, loss, samples per second, seconds) and the averaged weights
at the fractions of the run named by --snapshots, or after the numbers of samples named by --marks. Learning rate:
linear warm-up, constant, then linear to zero over the last --decay of the run.

Averages are power functions of training time (Karras et al. 2024, "Analyzing and improving the training dynamics of
diffusion models", eq. 4 to 11), one for each --ema length sigma_rel.
"""
import argparse
import copy
import csv
import json
import os
import platform
import shutil
import signal
import sys
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from better import Weighting, force_lengths, normalise, optimisers, plain
from network import SIGMA_DATA, Denoiser, read_state
from settings import Family, families

LOG_STEPS, SAVE_SECONDS = 20, 240


def gamma_of(sigma_rel):
    """Exponent of the power-function average of relative width sigma_rel (the largest real root of the cubic)."""
    t = sigma_rel**-2
    return max(r.real for r in np.roots([1, 7, 16 - t, 12 - t]) if abs(r.imag) < 1e-9)


def parser():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("family", choices=families())
    p.add_argument("--run", type=Path, required=True, help="folder of this run")
    p.add_argument("--data", type=Path, help="OUT of the family's generator; default .cache/FAMILY/train")
    p.add_argument("--size", help="a key of the family's shapes")
    p.add_argument("--samples", type=int, help="training length, in samples seen")
    p.add_argument("--batch", type=int)
    p.add_argument("--lr", type=float)
    p.add_argument("--warmup", type=int, help="steps over which the rate rises")
    p.add_argument("--decay", type=float, help="fraction of the run over which the rate falls to zero")
    p.add_argument("--ema", type=float, nargs="*")
    p.add_argument("--snapshots", type=float, nargs="*")
    p.add_argument("--marks", type=int, nargs="*", default=[], help="more snapshots, at these numbers of samples seen")
    p.add_argument("--label-dropout", type=float, default=0.0, help="share of samples that are trained without their class; 1: an unconditional network")
    p.add_argument("--init", type=Path, help="weights to start from (a state_dict)")
    p.add_argument("--init-samples", type=int, default=0, help="samples that --init has already seen")
    p.add_argument("--noise-mean", type=float, help="mean of the logarithm of the noise level")
    p.add_argument("--noise-std", type=float, help="its standard deviation")
    p.add_argument("--normalise", action="store_true", help="weights are gains times directions (better.py)")
    p.add_argument("--muon", action="store_true", help="matrices learn by Muon (better.py)")
    p.add_argument("--matrix-lr", type=float, default=0.02, help="rate of what --normalise and --muon are about")
    p.add_argument("--weighting", action="store_true", help="noise levels are weighted by their expected loss (better.py)")
    p.add_argument("--compile", action="store_true", help="torch.compile: 1.4 times the speed on a core with torch 2.13, after a minute; needs a C++ compiler")
    p.add_argument("--state", type=Path, help="folder of a second checkpoint, to carry elsewhere")
    p.add_argument("--seed", type=int, default=0)
    p.add_argument("--threads", type=int, default=os.cpu_count() or 1, help="1 is many times faster for the tiny network")
    p.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    return p


def arguments(a):
    """What was not given is the family's."""
    a.family = Family(a.family)
    defaults = dict(a.family.training, size=next(iter(a.family.shapes)), data=a.family.data("train"))
    defaults.update(noise_mean=defaults["logSigmaMean"], noise_std=defaults["logSigmaStd"])
    for name, value in vars(a).items():
        setattr(a, name, defaults.get(name) if value is None else value)
    return a


def with_huge_pages():
    """Starts again with an allocator that keeps big blocks on huge pages: 1.4 times the speed on the CPU (torch 1.13, glibc 2.36)."""
    if sys.platform == "linux" and "GLIBC_TUNABLES" not in os.environ:
        os.environ["GLIBC_TUNABLES"] = ":".join(f"glibc.malloc.{k}={v}" for k, v in dict(
            hugetlb=1, mmap_threshold=8_000_000_000, trim_threshold=16_000_000_000).items())
        os.execv(sys.executable, [sys.executable, *sys.argv])


def machine(a):
    if a.device != "cpu":
        name = torch.cuda.get_device_name()
    else:
        cpu = Path("/proc/cpuinfo")
        names = [line.split(":")[1].strip() for line in cpu.read_text().splitlines() if line.startswith("model name")] if cpu.exists() else []
        name = f"{a.threads} of {os.cpu_count()} cores, {names[0] if names else platform.processor() or platform.machine()}"
    return f"{name}, PyTorch {torch.__version__.split('+')[0]}"


def facts(a):
    """For `family.py`, which says how many samples a snapshot has seen, and `card.py`."""
    return dict(size=a.size, samples=a.samples, batch=a.batch, init=a.init and a.init.name, init_samples=a.init_samples, seed=a.seed,
                command=" ".join([Path(sys.argv[0]).name, *sys.argv[1:]]), machine=machine(a))


class Pictures:
    """All of them in memory, as bytes of the side that the network takes."""

    def __init__(self, a, image):
        whole = a.family.image
        self.images = torch.from_numpy(np.fromfile(f"{a.data}.u8", np.uint8)).reshape(-1, 3, whole, whole).to(a.device)
        self.labels = torch.from_numpy(np.fromfile(f"{a.data}.labels", np.uint8)).long().to(a.device)
        if image != whole:
            self.images = torch.cat([F.avg_pool2d(part.float(), whole // image).round().byte() for part in self.images.split(4096)])

    def draw(self, a):
        """Pictures in [-1, 1], noise levels and classes of a batch."""
        i = torch.randint(0, len(self.images), (a.batch,), device=a.device)
        x = (self.images[i].float() / 127.5 - 1).contiguous(memory_format=torch.channels_last)
        sigma = (torch.randn(a.batch, device=a.device) * a.noise_std + a.noise_mean).exp()
        y = self.labels[i]
        if a.label_dropout > 0:
            y = torch.where(torch.rand(a.batch, device=a.device) < a.label_dropout, -1, y)
        return x, sigma, y


def edm_loss(net, x, sigma, y, device):
    """Of each picture; Karras et al. 2022, table 1."""
    with torch.autocast(device, dtype=torch.bfloat16):
        denoised = net(x + torch.randn_like(x) * sigma[:, None, None, None], sigma, y)
    weight = (sigma**2 + SIGMA_DATA**2) / (sigma * SIGMA_DATA) ** 2
    return weight * (denoised - x).square().mean((1, 2, 3))


def halved(state, kind=torch.bfloat16):
    """The same in 16 bits: weights as float16, what the optimisers keep as bfloat16, for its squares are small. The few
    weights of the weighting stay whole, since its frequencies are drawn once and never learned."""
    if isinstance(state, dict):
        kinds = {"net": torch.float16, "averages": torch.float16, "weighting": torch.float32}
        return {key: halved(value, kinds.get(key, kind)) for key, value in state.items()}
    if isinstance(state, (list, tuple)):
        return [halved(value, kind) for value in state]
    floats = isinstance(state, torch.Tensor) and state.dim() > 0 and state.is_floating_point()
    return state.to(kind) if floats else state


def write_parts(state, folder):
    """A file for each part, so that none is large; the folder is whole at once."""
    part = folder.with_suffix(".part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    for name, value in state.items():
        torch.save(value, part / f"{name}.pt")
    shutil.rmtree(folder, ignore_errors=True)
    part.rename(folder)


def read_checkpoint(path, device):
    """Of one file, or of a folder of parts."""
    if path.is_dir():
        return {file.stem: torch.load(file, map_location=device) for file in path.glob("*.pt")}
    return torch.load(path, map_location=device)


class Run:
    """The state of a run, and its folder."""

    def __init__(self, a, net):
        self.a, self.net, self.seen, self.seconds, self.step = a, net, a.init_samples, 0.0, 0
        if a.init:
            net.load_state_dict(read_state(a.init, a.device))
        if a.label_dropout == 1:
            torch.nn.init.zeros_(net.class_embedding.weight)  # so that it is one function, whatever class is asked
        self.evaluated = torch.compile(net) if a.compile else net  # the same weights
        self.averages = {s: copy.deepcopy(net).requires_grad_(False) for s in a.ema}
        self.gammas = {s: gamma_of(s) for s in a.ema}
        self.names = [name for name, _ in net.named_parameters()]
        if a.normalise:
            normalise(net)
        self.weighting = Weighting().to(a.device) if a.weighting else None
        self.optimisers = optimisers(net, self.weighting, a)
        self.checkpoint = a.run / "checkpoint.pt"
        for path in (self.checkpoint, a.state):
            if path and path.exists():
                self.resume(path)
                break

    def resume(self, path):
        state = read_checkpoint(path, self.a.device)
        self.net.load_state_dict(state["net"])
        for name, (optimiser, _) in self.optimisers.items():
            optimiser.load_state_dict(state[name])
        if self.weighting:
            self.weighting.load_state_dict(state["weighting"])
        for s, average in self.averages.items():
            average.load_state_dict(state["averages"][s])
        self.seen, self.seconds = state["seen"], state["seconds"]
        torch.set_rng_state(state["rng"].cpu())
        print(f"resuming at {self.seen} samples")

    def save(self):
        state = dict(net=self.net.state_dict(), seen=self.seen, seconds=self.seconds, rng=torch.get_rng_state(),
                     averages={s: m.state_dict() for s, m in self.averages.items()},
                     **{name: optimiser.state_dict() for name, (optimiser, _) in self.optimisers.items()},
                     **({"weighting": self.weighting.state_dict()} if self.weighting else {}))
        part = self.checkpoint.with_suffix(".part")
        torch.save(state, part)
        os.replace(part, self.checkpoint)
        if self.a.state:
            write_parts(halved(state), self.a.state)

    def learn(self, pictures):
        """One step; returns the batch's loss."""
        a = self.a
        share = min(1, (self.step + 1) / a.warmup) * min(1, (a.samples - self.seen) / (a.decay * a.samples))
        x, sigma, y = pictures.draw(a)
        losses = edm_loss(self.evaluated, x, sigma, y, a.device)
        loss = losses.mean()
        for optimiser, _ in self.optimisers.values():
            optimiser.zero_grad(set_to_none=True)
        (self.weighting.weighted(losses, sigma) if self.weighting else loss).backward()
        torch.nn.utils.clip_grad_norm_(self.net.parameters(), 1.0)
        for optimiser, rates in self.optimisers.values():
            for group, rate in zip(optimiser.param_groups, rates):
                group["lr"] = rate * share
            optimiser.step()
        if a.normalise:
            force_lengths(self.net)
        before, self.seen, self.step = self.seen, self.seen + a.batch, self.step + 1
        self.average()
        self.snapshot(before)
        return loss.detach()

    @torch.no_grad()
    def average(self):
        weights = plain(self.net, self.names)
        for s, average in self.averages.items():
            beta = max(0.0, 1 - self.a.batch / self.seen) ** (self.gammas[s] + 1)
            torch._foreach_mul_(list(average.parameters()), beta)
            torch._foreach_add_(list(average.parameters()), weights, alpha=1 - beta)

    def snapshot(self, before):
        a = self.a
        marks = {f * a.samples: f"{f:.4f}" for f in a.snapshots} | {m: str(m) for m in a.marks}
        for mark, name in marks.items():
            if before < mark <= self.seen:
                for s, average in self.averages.items():
                    torch.save(average.state_dict(), a.run / f"ema{s:.2f}_{name}.pt")

    def go(self, pictures):
        """To the end, or until SIGTERM."""
        stop, start = [], self.seen
        signal.signal(signal.SIGTERM, lambda *_: stop.append(True))
        mark, marked_seen, losses, saved = time.time(), self.seen, [], time.time()
        with open(self.a.run / "log.csv", "a", newline="") as log:
            while self.seen < self.a.samples and not stop:
                losses.append(self.learn(pictures))
                if self.step % LOG_STEPS == 0 or self.seen >= self.a.samples:
                    now = time.time()
                    self.seconds += now - mark
                    row = [self.seen, f"{torch.stack(losses).mean().item():.5f}", f"{(self.seen - marked_seen) / (now - mark):.1f}", f"{self.seconds:.0f}"]
                    csv.writer(log).writerow(row)
                    log.flush()
                    print(*row, flush=True)
                    mark, marked_seen, losses = now, self.seen, []
                if time.time() - saved > SAVE_SECONDS:
                    self.save()
                    saved = time.time()
        self.seconds += time.time() - mark
        self.save()
        print(f"stopped at {self.seen} samples ({self.seen - start} here)")


def train(a, make):
    """`make()` gives the network with random weights."""
    if a.device == "cpu":
        with_huge_pages()
    a.run.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(a.threads)  # torch counts two hyperthreads as one
    torch.manual_seed(a.seed)
    net = make().to(a.device, memory_format=torch.channels_last)
    pictures = Pictures(a, net.image)
    (a.run / "run.json").write_text(json.dumps(facts(a)) + "\n")
    Run(a, net).go(pictures)


if __name__ == "__main__":
    asked = arguments(parser().parse_args())
    train(asked, lambda: Denoiser(**asked.family.shape(asked.size)))
