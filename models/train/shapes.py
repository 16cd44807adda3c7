"""Compares shapes of the network before a long training: what each costs in the browser's runtime, and how well it learns from equal samples.

    python3 models/train/shapes.py time OUT                       # milliseconds of onnxruntime-web, one thread, as Node runs it
    python3 models/train/shapes.py learn SHAPE FAMILY --run RUN   # train.py's options; resumable
    python3 models/train/shapes.py loss FAMILY SHAPE=WEIGHTS ... --images HELDOUT   # loss on held-out pictures, differences from the first

SHAPES below is what is compared: arguments of network.Denoiser, and what is changed in it. A change is made alike in the network as it is trained
(network.py) and as it is exported (folded.py), so that both are of one shape.
"""
import argparse
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import onnx
import torch
import torch.nn as nn

import export
import folded
import heldout
import train
from folded import FoldedDenoiser
from network import Denoiser, GroupNorm
from settings import ROOT, Family

CLASSES = 10


class RmsNorm(nn.Module):
    """Every pixel's channels divided by their root mean square."""

    def __init__(self, channels):
        super().__init__()
        self.weight, self.bias = nn.Parameter(torch.ones(channels)), nn.Parameter(torch.zeros(channels))

    def forward(self, x):
        with torch.autocast("cpu", enabled=False):
            x = x.float()
            return x * (x.square().mean(1, keepdim=True) + 1e-5).rsqrt() * self.weight[:, None, None] + self.bias[:, None, None]


def fewer_levels(net):
    """One level instead of two at each side of the high grid."""
    net.encoder_high, net.decoder_high = net.encoder_high[:1], net.decoder_high[1:]


def rms(net):
    for module in list(net.modules()):
        for name, child in module.named_children():
            if isinstance(child, GroupNorm):
                setattr(module, name, RmsNorm(child.num_channels))


def normalise_rms(x, groups, size):
    return x * (x.square().mean(1, keepdim=True) + 1e-5).rsqrt()


SHAPES = {
    "today": (dict(width=96, low_width=192, embedding=256), []),
    "wider": (dict(width=128, low_width=192, embedding=256), [fewer_levels]),
    "separable": (dict(width=128, low_width=256, embedding=256, separable=True), []),
    "separable-wider": (dict(width=160, low_width=320, embedding=256, separable=True), []),
    "rms": (dict(width=96, low_width=192, embedding=256), [rms]),
}


def made(kind, name, **more):
    shape, changes = SHAPES[name]
    net = kind(**{"image": 64, "classes": CLASSES, **shape, **more})
    for change in changes:
        change(net)
    return net


def exported(name, path):
    """Writes a whole ONNX file of random weights, and returns its operations and parameters."""
    net = made(FoldedDenoiser, name).eval()
    generator = torch.Generator().manual_seed(0)
    with torch.no_grad():
        for value in net.parameters():
            value.copy_(torch.randn(value.shape, generator=generator) / (value[0].numel() + 1) ** 0.5)
    plain = folded.normalise
    folded.normalise = normalise_rms if rms in SHAPES[name][1] else plain
    try:
        model = export.tidy(export.export_onnx(net, path))
    finally:
        folded.normalise = plain
    path.write_bytes(model.SerializeToString())
    return export.operations(model), sum(p.numel() for p in net.parameters())


TIME = """
import fs from 'node:fs'; import * as ort from 'onnxruntime-web'; import native from 'onnxruntime-node'
ort.env.wasm.numThreads = 1
const { files, rows, rounds } = JSON.parse(fs.readFileSync(0, 'utf8'))
const sessions = []
for (const file of files) sessions.push(await ort.InferenceSession.create(fs.readFileSync(file), { executionProviders: ['wasm'] }))
const random = (size) => Float32Array.from({ length: size }, () => Math.random() - 0.5)
const feeds = () => ({
  x: new ort.Tensor('float32', random(rows * 3 * 64 * 64), [rows, 3, 64, 64]), noise_level: new ort.Tensor('float32', random(rows), [rows]),
  class_weights: new ort.Tensor('float32', random(rows * 10), [rows, 10]), embedding_offset: new ort.Tensor('float32', random(rows * 256), [rows, 256]),
})
const times = files.map(() => [])
for (let round = 0; round < rounds + 2; round++)
  for (const [i, session] of sessions.entries()) {
    const asked = feeds(), before = process.cpuUsage().user
    await session.run(asked)
    if (round >= 2) times[i].push((process.cpuUsage().user - before) / 1000 / rows)
  }
for (const file of files) await native.InferenceSession.create(file, { graphOptimizationLevel: 'basic', optimizedModelFilePath: file + '.basic' })
console.log(JSON.stringify(times))
"""


def time(a):
    """CPU time, in turns: a shared machine stretches all alike."""
    a.out.mkdir(parents=True, exist_ok=True)
    files, facts = [], []
    for name in SHAPES:
        files.append(str((a.out / f"{name}.onnx").resolve()))
        facts.append(exported(name, Path(files[-1])))
    asked = json.dumps(dict(files=files, rows=a.rows, rounds=a.rounds))
    done = subprocess.run(["node", "--input-type=module", "-e", TIME], cwd=ROOT, input=asked, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(done.stderr)
    times = np.array(json.loads(done.stdout))
    share = times / times[0]
    for name, file, (flops, parameters), own, ratio in zip(SHAPES, files, facts, times, share):
        nodes = len(onnx.load(f"{file}.basic").graph.node)  # without what is computed once
        low, middle, high = np.percentile(ratio, [25, 50, 75])
        print(f"{name}: {parameters / 1e6:.2f} M parameters, {flops / 1e9:.2f} GFLOP, {nodes} nodes, {np.median(own):.1f} ms an evaluation "
              f"(least {own.min():.1f}), {middle:.2f} of {next(iter(SHAPES))} (quartiles {low:.2f} to {high:.2f})")


def learn(arguments):
    """`arguments`: SHAPE and what train.py is given."""
    name, *rest = arguments
    asked = train.arguments(train.parser().parse_args(rest))
    train.train(asked, lambda: made(Denoiser, name))


def loss(a):
    torch.set_num_threads(1)
    family, nets = Family(a.family), {}
    for given in a.weights:
        name, path = given.split("=", 1)
        nets[name] = made(Denoiser, name)
        nets[name].load_state_dict(torch.load(path, map_location="cpu"))
        nets[name].eval().to(memory_format=torch.channels_last)
    for line in heldout.compare(nets, *heldout.load_images(a.images), family.training):
        print(line, flush=True)


def main():
    if sys.argv[1:2] == ["learn"]:
        return learn(sys.argv[2:])
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    kinds = p.add_subparsers(dest="what", required=True)
    timed = kinds.add_parser("time")
    timed.add_argument("out", type=Path)
    timed.add_argument("--rows", type=int, default=1)
    timed.add_argument("--rounds", type=int, default=20)
    judged = kinds.add_parser("loss")
    judged.add_argument("family")
    judged.add_argument("weights", nargs="+")
    judged.add_argument("--images", required=True)
    a = p.parse_args()
    time(a) if a.what == "time" else loss(a)


if __name__ == "__main__":
    main()
