"""Writes a model's files: the graphs and weights of all its networks, and manifest.json.

    python3 models/train/family.py FAMILY [--runs .cache/runs] [--trial .cache/trial]

`networks` of models/FAMILY/train/family.json says which average of which run each network is: {id, role, name, size, sources}, a source being
{run, at, own?} or {file, samples, sigmaRel}, see Run and File below. A network is exported from the first of its sources that exists in
RUNS (folders that train.py wrote), TRIAL (a first trial's weights) or family.json's folder. One whose better source is no longer there stays as it
is in the manifest, if its files still fit the graph. Run it again at any time: files are written only where they change, and files
that the manifest no longer names go. The manifest's entries `golden` (tests/golden/generate.py) and `vision` are kept, and so is what people
(or their measurements) say of the family: `family`, `first`, `chosen`, `starts`, `judge`,
`evaluation` and `renders`.

Entries of the manifest beside those of `ModelInfo` in src/engine/types.ts: of each network its `size` (a key of `shapes`) and its
`source`.
"""
import argparse
import hashlib
import json
import math
import re
from dataclasses import dataclass, replace
from pathlib import Path

import torch

from export import Graph, check_folding, check_in_onnxruntime, check_linear, for_image, layers, read_network
from folded import FoldedDenoiser
from network import SIGMA_DATA, Denoiser, load_denoiser
from settings import Family, families
from train import gamma_of

# Entries of the manifest that are written by hand or from measurements.
SAID = ("family", "first", "chosen", "judge", "evaluation", "starts", "renders")
FILE_LIMIT, FAMILY_LIMIT = 16e6, 240e6
# Of onnxruntime against torch, relative; rounding alone gives some 1e-6.
ERROR_LIMIT = 1e-3
# An average is a power function of training time as far as the run's own weights make it: at most this share of it may stand for what was before.
FOREIGN_LIMIT = 0.05


@dataclass(frozen=True)
class Average:
    """An average of the weights in a file; `run` is null where it is not one of train.py's, which began after `begun` samples."""
    path: Path
    samples: int
    sigma_rel: float | None
    run: str | None = None
    begun: int = 0

    def is_power_function(self):
        return (self.begun / self.samples) ** (gamma_of(self.sigma_rel) + 1) <= FOREIGN_LIMIT


@dataclass(frozen=True)
class File:
    """A file of weights in the folder `own`; `name` begins with trial/ where it is one of the first trial's."""
    name: str
    samples: int
    sigma_rel: float | None
    own: Path

    def label(self):
        return self.name

    def find(self, runs, trial):
        path = trial / self.name.removeprefix("trial/") if self.name.startswith("trial/") else self.own / self.name
        return Average(path, self.samples, self.sigma_rel) if path.exists() else None


@dataclass(frozen=True)
class Run:
    """A snapshot of a run: after a fraction of its samples, the `first` or `last` there is, or `mark 1`, the first of its --marks. With
    `own`, its samples are counted from where the run began."""
    name: str
    pick: float | str
    sigma_rel: float = 0.05
    own: bool = False

    def label(self):
        return f"{self.name} {self.pick}"

    def find(self, runs, trial):
        found = [(average, name) for average, name in snapshots(runs, self.name) if average.sigma_rel == self.sigma_rel]
        if isinstance(self.pick, float):
            found = [(average, name) for average, name in found if name == f"{self.pick:.4f}"]
        elif self.pick.startswith("mark "):
            at = int(self.pick.removeprefix("mark ")) - 1
            found = [entry for entry in found if "." not in entry[1]][at:at + 1]
        if not found:
            return None
        average = found[0 if self.pick == "first" else -1][0]
        return replace(average, samples=average.samples - average.begun) if self.own else average


@dataclass(frozen=True)
class Network:
    id: str
    role: str
    name: str
    size: str
    sources: tuple

    @classmethod
    def read(cls, told, own):
        return cls(**{**told, "sources": tuple(source(each, own) for each in told["sources"])})


def source(told, own):
    if "file" in told:
        return File(told["file"], told["samples"], told["sigmaRel"], own)
    return Run(told["run"], told["at"], own=told.get("own", False))


def snapshots(runs, run):
    """[(average, fraction or samples as its file is named)] of a run, by samples."""
    out, paths = [], list((runs / run).glob("ema*.pt"))
    told = json.loads((runs / run / "run.json").read_text()) if paths else {}
    for path in paths:
        sigma_rel, name = re.fullmatch(r"ema(\d\.\d\d)_([\d.]+)\.pt", path.name).groups()
        batch, start = told["batch"], told["init_samples"]
        wanted = float(name) * told["samples"] if "." in name else int(name)
        # train.py writes a snapshot after the batch that reaches it.
        samples = start + math.ceil((wanted - start) / batch) * batch
        out.append((Average(path, samples, float(sigma_rel), run, start), name))
    return sorted(out, key=lambda entry: (entry[0].samples, entry[0].sigma_rel))


def digest(name, data):
    return dict(file=name, bytes=len(data), sha256=hashlib.sha256(data).hexdigest())


def deviation(values):
    return float(values.double().std(unbiased=False))


def embedding(net, sigma):
    """Width, and standard deviations over all entries of the noise embedding (256 noise levels, even in their logarithm) and of the class table."""
    sigmas = torch.logspace(math.log10(sigma["min"]), math.log10(sigma["max"]), 256)
    with torch.no_grad():
        noise = net.noise_embedding(sigmas.log() / 4)
    return dict(width=noise.shape[1], noiseDeviation=deviation(noise), classDeviation=deviation(net.class_table.detach()))


class Writer:
    def __init__(self, family, out, runs, trial):
        self.family, self.out, self.runs, self.trial = family, out, runs, trial
        self.wanted = [Network.read(told, family.own) for told in family.networks]
        out.mkdir(parents=True, exist_ok=True)
        self.manifest_path = out / "manifest.json"
        self.before = json.loads(self.manifest_path.read_text()) if self.manifest_path.exists() else {}
        self.graphs, self.described, self.files_of, self.fresh = {}, {}, {}, {}

    def write(self, name, data):
        """The file's entry in the manifest, and whether it is new."""
        path = self.out / name
        changed = not path.exists() or path.read_bytes() != data
        if changed:
            assert len(data) <= FILE_LIMIT, f"{name} has {len(data)} bytes"
            path.write_bytes(data)
            print(f"  {name}: {len(data):,} bytes")
        return digest(name, data), changed

    def graph(self, size):
        """The graph of a size. The default network's is graph.onnx; another size's is named after its first network."""
        if size not in self.graphs:
            network_id = next(network.id for network in self.wanted if network.size == size)
            suffix = "" if network_id == "main" else f"-{network_id}"
            shape = self.family.shape(size)
            graph = Graph(shape, shape["image"], f"weights{suffix}.fp16.bin")
            self.described[size], changed = self.write(f"graph{suffix}.onnx", graph.content)
            self.graphs[size] = graph
            if changed:
                print(f"  graph of {size} with averaged tensors against the averaged network: {check_linear(graph):.1e}")
        return self.graphs[size]

    def weights(self, name, size, path):
        """Writes an average as a weights file and, where it is new, measures that the shipped files are the trained network."""
        if path not in self.files_of:
            trained, graph = load_denoiser(path, self.family.shape(size)), self.graph(size)
            data = graph.weights(FoldedDenoiser.of(trained, graph.shape))
            self.files_of[path], changed = self.write(name, data)
            if changed:
                shipped = read_network(graph.content, data, graph.shape)
                print(f"  against the trained network {check_folding(trained, shipped):.1e}")
                self.fresh[name] = graph.content, data, shipped
        return self.files_of[path]

    def kept(self, network, better_than):
        """The entry in the manifest as it was, where it is from a source that is not there, and its files still serve."""
        entry = next((entry for entry in self.before.get("networks", ()) if entry["id"] == network.id), None)
        if entry is None or entry["source"] not in [source.label() for source in network.sources[:better_than]]:
            return None
        self.graph(network.size)
        files = [entry["weights"], *(average["weights"] for average in entry["averages"])]
        whole = all((self.out / file["file"]).exists() and digest(file["file"], (self.out / file["file"]).read_bytes()) == file for file in files)
        return entry if whole and entry["graph"] == self.described[network.size] else None

    def networks(self):
        chosen, entries = {}, {}
        for network in self.wanted:
            rank, average = next(((rank, average) for rank, source in enumerate(network.sources)
                                  if (average := source.find(self.runs, self.trial))), (len(network.sources), None))
            entry = self.kept(network, rank)
            if entry:
                entries[network.id] = entry
                print(f"{network.id}: kept, from {entry['source']}")
            elif average is None:
                print(f"{network.id}: no source yet")
            elif any(average.path == other.path for _, _, other in chosen.values()):
                print(f"{network.id}: left out, as its source is another network's ({average.path})")
            else:
                chosen[network.id] = network, network.sources[rank].label(), average
        for network, label, average in chosen.values():
            print(f"{network.id}: {average.path}")
            self.weights("weights.fp16.bin" if network.id == "main" else f"weights-{network.id}.fp16.bin", network.size, average.path)
        owners = {(average.run, average.samples): network.id for network, _, average in chosen.values()}
        for network, label, average in chosen.values():
            stored = []
            for other, _ in snapshots(self.runs, average.run) if average.run and average.is_power_function() else ():
                if other.samples <= average.samples and other.is_power_function():
                    owner = owners.get((other.run, other.samples), network.id)
                    name = f"weights-{owner}-{other.sigma_rel:.2f}-{other.samples}.fp16.bin"
                    stored.append(dict(sigmaRel=other.sigma_rel, samples=other.samples, weights=self.weights(name, network.size, other.path)))
            entries[network.id] = dict(
                id=network.id, name=network.name.format(samples=average.samples), role=network.role,
                graph=self.described[network.size], weights=self.files_of[average.path],
                parameters=sum(p.numel() for p in Denoiser(**self.family.shape(network.size)).parameters()), flops=self.graphs[network.size].flops,
                labelDropout=network.role in ("dropout", "unconditional"), samples=average.samples, sigmaRel=average.sigma_rel,
                averages=stored if len(stored) > 1 else [], size=network.size, source=label)
        for network in self.wanted:
            if network.id in entries:
                entries[network.id].update(heads=self.heads(network.size))
        return [entries[network.id] for network in self.wanted if network.id in entries]

    def heads(self, size):
        return [layer["heads"] for layer in layers(FoldedDenoiser(**self.family.shape(size)))]

    def crops(self, main, net):
        out, whole = [], self.graphs[main["size"]]
        for side in self.family.crops:
            graph = Graph(whole.shape, side, whole.location)
            assert graph.layout == whole.layout, f"the graph for {side} pixels reads other weights"
            name = f"graph-{side}.onnx"
            entry, changed = self.write(name, graph.content)
            if changed:
                self.fresh[name] = graph.content, (self.out / main["weights"]["file"]).read_bytes(), for_image(net, graph.shape, side)
            out.append(dict(height=side, width=side, graph=entry))
        return out

    def run(self):
        networks = self.networks()
        if not networks or networks[0]["id"] != "main":
            raise SystemExit(f"{self.family.id} has no main network: train it, or name its folder with --runs")
        main = networks[0]
        net = read_network(self.graphs[main["size"]].content, (self.out / main["weights"]["file"]).read_bytes(), self.graphs[main["size"]].shape)
        manifest = dict(
            format=1, id=self.family.id, name=self.family.name, licence="MIT",
            **{key: self.before[key] for key in SAID if key in self.before}, graph=main["graph"], weights=main["weights"],
            **{key: self.before[key] for key in ("golden",) if key in self.before},
            image=dict(channels=3, height=net.image, width=net.image),
            preconditioning=dict(kind="edm", sigmaData=SIGMA_DATA), sigma=self.family.sigma,
            conditioning=dict(kind="class", labelDropout=main["labelDropout"], classes=self.family.classes),
            embedding=embedding(net, self.family.sigma), networks=networks, crops=self.crops(main, net), vision=self.before.get("vision"),
            layers=layers(net), parameters=main["parameters"], flops=main["flops"])
        for name, error in zip(self.fresh, check_in_onnxruntime(self.fresh.values())):
            print(f"  {name}: onnxruntime against torch {error:.1e}")
            assert error < ERROR_LIMIT, f"{name} says something else in onnxruntime"
        text = json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
        self.write(self.manifest_path.name, text.encode())
        named = set(re.findall(r'"file": "([^"]+)"', text))
        for path in [*self.out.glob("weights-*.fp16.bin"), *self.out.glob("graph-*.onnx")]:
            if path.name not in named:
                path.unlink()
                print(f"  {path.name} is gone")
        total = sum((self.out / name).stat().st_size for name in named if (self.out / name).exists())
        assert total <= FAMILY_LIMIT, f"the family has {total} bytes"
        print(f"{self.out}: {len(networks)} networks, {len(named)} files, {total:,} bytes")


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("family", choices=families())
    p.add_argument("--runs", type=Path, default=Path(".cache/runs"), help="folder of runs")
    p.add_argument("--trial", type=Path, default=Path(".cache/trial"), help="folder of the first trial's weights")
    p.add_argument("--out", type=Path, help="folder to write; default models/FAMILY")
    a = p.parse_args()
    torch.set_num_threads(1)
    family = Family(a.family)
    Writer(family, a.out or family.folder, a.runs, a.trial).run()


if __name__ == "__main__":
    main()
