"""Trains a denoiser of a family with the EDM loss. Resumable: run the same command again.

    python3 models/train/train.py FAMILY --run .cache/runs/main

What is not given is the default of the family (`training` in models/FAMILY/train/family.json) and its first size.

The run folder receives `run.json` (how it was begun), `checkpoint.pt` (weights, averages, optimiser, random state; written every few minutes and on
SIGTERM), `log.csv` (samples seen, loss, samples per second, seconds) and the averaged weights at the fractions of the
run named by --snapshots, or after the numbers of samples named by --marks. Learning rate: linear warm-up, constant, then linear to zero over the last --decay of the run.

Averages are power functions of training time (Karras et al. 2024, "Analyzing and improving the training dynamics of
diffusion models", eq. 4 to 11), one for each --ema length sigma_rel.
"""
import argparse
import copy
import csv
import json
import os
import platform
import signal
import sys
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from network import SIGMA_DATA, Denoiser, read_state
from settings import Family, families


def gamma_of(sigma_rel):
    """Exponent of the power-function average of relative width sigma_rel (the largest real root of the cubic)."""
    t = sigma_rel**-2
    return max(r.real for r in np.roots([1, 7, 16 - t, 12 - t]) if abs(r.imag) < 1e-9)


def arguments():
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
    p.add_argument("--label-dropout", type=float, default=0.0, help="share of samples that are trained without their class")
    p.add_argument("--init", type=Path, help="weights to start from (a state_dict)")
    p.add_argument("--init-samples", type=int, default=0, help="samples that --init has already seen")
    p.add_argument("--seed", type=int, default=0)
    p.add_argument("--threads", type=int, default=os.cpu_count() or 1, help="1 is many times faster for the tiny network")
    p.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    a = p.parse_args()
    a.family = Family(a.family)
    defaults = dict(a.family.training, size=next(iter(a.family.shapes)), data=a.family.data("train"))
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


def main():
    a = arguments()
    if a.device == "cpu":
        with_huge_pages()
    a.run.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(a.threads)  # torch counts two hyperthreads as one
    torch.manual_seed(a.seed)
    images = torch.from_numpy(np.fromfile(f"{a.data}.u8", np.uint8)).reshape(-1, 3, a.family.image, a.family.image).to(a.device)
    labels = torch.from_numpy(np.fromfile(f"{a.data}.labels", np.uint8)).long().to(a.device)
    net = Denoiser(**a.family.shape(a.size)).to(a.device, memory_format=torch.channels_last)
    if net.image != images.shape[-1]:
        images = torch.cat([F.avg_pool2d(part.float(), a.family.image // net.image).round().byte() for part in images.split(4096)])
    told, seen, seconds = a.family.training, a.init_samples, 0.0
    if a.init:
        net.load_state_dict(read_state(a.init, a.device))
    averages = {s: copy.deepcopy(net).requires_grad_(False) for s in a.ema}
    opt = torch.optim.Adam(net.parameters(), lr=a.lr, betas=(0.9, 0.99))
    checkpoint = a.run / "checkpoint.pt"
    # For `family.py`, which says how many samples a snapshot has seen, and `card.py`.
    facts = dict(size=a.size, samples=a.samples, batch=a.batch, init=a.init and a.init.name, init_samples=a.init_samples, seed=a.seed,
                 command=" ".join(["train.py", *sys.argv[1:]]), machine=machine(a))
    (a.run / "run.json").write_text(json.dumps(facts) + "\n")
    if checkpoint.exists():
        state = torch.load(checkpoint, map_location=a.device)
        net.load_state_dict(state["net"])
        opt.load_state_dict(state["opt"])
        for s, average in averages.items():
            average.load_state_dict(state["averages"][s])
        seen, seconds = state["seen"], state["seconds"]
        torch.set_rng_state(state["rng"].cpu())
        print(f"resuming at {seen} samples")

    def save():
        part = checkpoint.with_suffix(".part")
        torch.save(dict(net=net.state_dict(), opt=opt.state_dict(), seen=seen, seconds=seconds, rng=torch.get_rng_state(),
                        averages={s: m.state_dict() for s, m in averages.items()}), part)
        os.replace(part, checkpoint)

    stop = []
    signal.signal(signal.SIGTERM, lambda *_: stop.append(True))
    log = open(a.run / "log.csv", "a", newline="")
    table = csv.writer(log)
    mark, marked_seen, losses, saved = time.time(), seen, [], time.time()
    start, step = seen, 0
    while seen < a.samples and not stop:
        rate = a.lr * min(1, (step + 1) / a.warmup) * min(1, (a.samples - seen) / (a.decay * a.samples))
        for group in opt.param_groups:
            group["lr"] = rate
        i = torch.randint(0, len(images), (a.batch,), device=a.device)
        x = (images[i].float() / 127.5 - 1).contiguous(memory_format=torch.channels_last)
        sigma = (torch.randn(a.batch, device=a.device) * told["logSigmaStd"] + told["logSigmaMean"]).exp()
        y = labels[i]
        if a.label_dropout > 0:
            y = torch.where(torch.rand(a.batch, device=a.device) < a.label_dropout, -1, y)
        with torch.autocast(a.device, dtype=torch.bfloat16):
            denoised = net(x + torch.randn_like(x) * sigma[:, None, None, None], sigma, y)
        weight = (sigma**2 + SIGMA_DATA**2) / (sigma * SIGMA_DATA) ** 2
        loss = (weight[:, None, None, None] * (denoised - x) ** 2).mean()
        opt.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        opt.step()
        before, seen, step = seen, seen + a.batch, step + 1
        with torch.no_grad():
            for s, average in averages.items():
                beta = max(0.0, 1 - a.batch / seen) ** (gamma_of(s) + 1)
                torch._foreach_mul_(list(average.parameters()), beta)
                torch._foreach_add_(list(average.parameters()), list(net.parameters()), alpha=1 - beta)
        losses.append(loss.detach())
        marks = {f * a.samples: f"{f:.4f}" for f in a.snapshots} | {m: str(m) for m in a.marks}
        for mark_at, name in marks.items():
            if before < mark_at <= seen:
                for s, average in averages.items():
                    torch.save(average.state_dict(), a.run / f"ema{s:.2f}_{name}.pt")
        if step % 20 == 0 or seen >= a.samples:
            now = time.time()
            seconds += now - mark
            row = [seen, f"{torch.stack(losses).mean().item():.5f}", f"{(seen - marked_seen) / (now - mark):.1f}", f"{seconds:.0f}"]
            table.writerow(row)
            log.flush()
            print(*row, flush=True)
            mark, marked_seen, losses = now, seen, []
        if time.time() - saved > 240:
            save()
            saved = time.time()
    seconds += time.time() - mark
    save()
    print(f"stopped at {seen} samples ({seen - start} here)")


if __name__ == "__main__":
    main()
