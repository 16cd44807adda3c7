"""Trains all networks of a family, one after another: `runs` of models/FAMILY/train/family.json, in their order. Resumable: run the
same command again.

    python3 models/train/whole.py FAMILY --runs .cache/FAMILY/runs [--seconds 540] [OPTIONS of train.py, for all runs]
    python3 models/train/whole.py FAMILY --runs .cache/FAMILY/runs --bring DIR     # what another machine has made, as few files
    python3 models/train/whole.py FAMILY --runs .cache/FAMILY/runs --unpack DIR    # and here

A run is {name, and options of train.py by their long names}; besides, `init` may name an earlier run, whose first average it starts from,
and `drawn` one whose network draws the pictures that it learns from (SIMS): {of, count}. After --seconds the run that is under way
stops and can be gone on with; exit status 3 says that something is left. --share divides samples, marks and counts, for a trial.
"""
import argparse
import json
import multiprocessing
import runpy
import sys
import time
from pathlib import Path

import torch

from settings import Family, families
from train import with_huge_pages

HERE = Path(__file__).resolve().parent
# What a machine lent to us hands back at a time.
PACK_BYTES, PACKS = 15_500_000, 8
LEFT = 3
# A process that has torch already: loading it takes longer than a small run. A graphics processor is not for forked processes.
FORKS = sys.platform == "linux" and torch.version.cuda is None


def begin(script, *options):
    sys.argv = [script, *options]
    runpy.run_path(script, run_name="__main__")


class Time:
    def __init__(self, seconds):
        self.ends = time.time() + seconds if seconds else None

    def left(self):
        return max(0.0, self.ends - time.time()) if self.ends else None

    def over(self):
        return self.ends is not None and time.time() >= self.ends

    def run(self, *command):
        """Whether it ended by itself; it is asked to stop, and waited for, when the time is over."""
        process = multiprocessing.get_context("fork" if FORKS else "spawn").Process(target=begin, args=list(map(str, command)))
        process.start()
        process.join(self.left())
        if process.exitcode is None:
            process.terminate()
            process.join()
            return False
        if process.exitcode:
            raise SystemExit(f"{' '.join(map(str, command))} ended with status {process.exitcode}")
        return not self.over()


class Whole:
    def __init__(self, a, rest):
        self.a, self.rest, self.family, self.time = a, rest, Family(a.family), Time(a.seconds)

    def last(self, run):
        """The first average of a run at its end."""
        ema = run.get("ema", self.family.training["ema"])[0]
        return self.a.runs / run["name"] / f"ema{ema:.2f}_1.0000.pt"

    def options(self, run):
        """Of train.py."""
        told = {key: value for key, value in run.items() if key not in ("name", "drawn")}
        told["samples"] = run.get("samples", self.family.training["samples"])
        for key in ("samples", "marks", "init_samples"):
            if key in told:
                told[key] = [number // self.a.share for number in told[key]] if isinstance(told[key], list) else told[key] // self.a.share
        if "init" in run:
            told["init"] = self.last(self.named(run["init"]))
        told["data"] = self.drawn(run) if "drawn" in run else self.a.data or self.family.data("train")
        for key, value in told.items():
            yield f"--{key.replace('_', '-')}"
            yield from () if value is True else map(str, value) if isinstance(value, list) else [str(value)]

    def named(self, name):
        return next(run for run in self.family.runs if run["name"] == name)

    def drawn(self, run):
        return self.a.runs / f"drawn-{run['drawn']['of']}"

    def train(self):
        """Whether all runs are at their end."""
        for run in self.family.runs:
            if self.last(run).exists():
                continue
            print(f"== {run['name']}", flush=True)
            if "drawn" in run:
                weights, count = self.last(self.named(run["drawn"]["of"])), run["drawn"]["count"] // self.a.share
                if not self.time.run(HERE / "synthesise.py", self.family.id, "--weights", weights, "--count", count, "--out", self.drawn(run)):
                    return False
            self.time.run(HERE / "train.py", self.family.id, "--run", self.a.runs / run["name"], *self.options(run), *self.rest)
            if not self.last(run).exists():
                return False
        return True


def halved(path):
    return {key: value.half() if value.is_floating_point() else value for key, value in torch.load(path, map_location="cpu").items()}


def bring(runs, out):
    """Averages in 16 bits, and what is told of the runs, packed into the folder `out`. Those that were brought before are left out, and
    the last ones where they are too many: they come with the next call."""
    told = runs / "brought.json"
    known = json.loads(told.read_text()) if told.exists() else []
    out.mkdir(parents=True, exist_ok=True)
    texts = {str(path.relative_to(runs)): path.read_text() for name in ("run.json", "log.csv") for path in sorted(runs.glob(f"*/{name}"))}
    waiting = [path for path in sorted(runs.glob("*/ema*.pt"), key=lambda path: path.stat().st_mtime) if str(path.relative_to(runs)) not in known]
    for index in range(PACKS):
        pack, size = dict(texts) if index == 0 else {}, 0
        while waiting:
            state = halved(waiting[0])
            size += sum(value.numel() * value.element_size() for value in state.values())
            if size > PACK_BYTES:
                assert any(isinstance(value, dict) for value in pack.values()), f"{waiting[0]} is larger than a pack may be"
                break
            name = str(waiting.pop(0).relative_to(runs))
            pack[name] = state
            known.append(name)
        if pack:
            torch.save(pack, out / f"{len(known):03d}.pack.pt")
    told.write_text(json.dumps(known))
    print(f"{len(known)} averages were brought so far, {len(waiting)} wait for the next call")


def unpack(runs, packs):
    for path in sorted(packs.glob("*.pack.pt")):
        for name, content in torch.load(path, map_location="cpu").items():
            (runs / name).parent.mkdir(parents=True, exist_ok=True)
            if isinstance(content, str):
                (runs / name).write_text(content)
            else:
                torch.save(content, runs / name)


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("family", choices=families())
    p.add_argument("--runs", type=Path, required=True)
    p.add_argument("--data", type=Path, help="OUT of the family's generator; default .cache/FAMILY/train")
    p.add_argument("--seconds", type=float)
    p.add_argument("--share", type=int, default=1)
    p.add_argument("--bring", type=Path)
    p.add_argument("--unpack", type=Path)
    a, rest = p.parse_known_args()
    if a.unpack:
        return unpack(a.runs, a.unpack)
    if FORKS:
        with_huge_pages()
    done = Whole(a, rest).train()
    if a.bring:
        bring(a.runs, a.bring)
    return 0 if done else LEFT


if __name__ == "__main__":
    sys.exit(main())
