"""Golden tensors: what the shipped networks must answer, computed by PyTorch from the papers alone.

    python3 tests/golden/generate.py [tiny] [avatars] [toys] [--folder FOLDER --out FOLDER]

Nothing here shares code with the engine: the perturbations are written as the papers and their reference code have them (PAG: Ahn et
al. 2024, eq. 14; SoftPAG: arXiv 2506.10978; SEG: Hong 2024 and SusungHong/SEG-SDXL; sampler: Karras et al. 2022, algorithm 1).
Weights are read back from the shipped files. Written are, for each model,

- tests/golden/ID.json and ID.bin: an index, and little-endian float32 data. A tensor is {offset (bytes), shape}.
  `cases`: {name, method, sigma, class, layers, attention, probe?, tensors: {x, denoised | map, mask?}}. `attention` holds one control per
  layer or null, with the field names of `AttentionControl`; an infinite querySigma is "inf", `mask` names the tensor that holds it
  (1: this entry of the map is dropped; the same for all heads). `denoised` is D(x; sigma, class), preconditioned; `map` is the
  effective map of layer `probe`, the mean over heads.
  `trajectories` (tiny): {name, method, solver, scale, class, attention, sigmas, tensors: {x, positive, negative, denoised, final}};
  the first four are stacked over steps, as the first evaluation of each step saw them.
- models/ID/golden.bin for the start-up check: uint32 length of the header, header (the same index, UTF-8, padded with spaces to four
  bytes), data; tensor offsets count from the end of the header. Its entry in the manifest is updated.
"""
import argparse
import hashlib
import json
import math
import struct
import sys
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "models/train"))
from export import load_shipped  # noqa: E402

MODELS = ("tiny", "avatars", "toys")
SIGMA_DATA = 0.5


# The layer: out = (1 - mix) softmax(temperature (B Q) K^T / sqrt(d) + mask) V + mix V

def kernel_size(sigma, side):
    """Odd size that covers three standard deviations, at most the side of the map (plus one where that is even)."""
    size = math.ceil(6 * sigma)
    size += 1 - size % 2
    return min(size, side + 1 - side % 2)


def gaussian(sigma, side):
    size = kernel_size(sigma, side)
    x = torch.linspace(-(size - 1) / 2, (size - 1) / 2, size)
    weight = torch.exp(-0.5 * (x / sigma) ** 2)
    return weight / weight.sum()


def blur_queries(q, sigma, height, width):
    """q [b, heads, h*w, d]: every channel blurred over the grid of queries, reflect padding; an infinite sigma is the mean."""
    if math.isinf(sigma):
        return q.mean(2, keepdim=True).expand_as(q)
    b, heads, tokens, d = q.shape
    image = q.permute(0, 1, 3, 2).reshape(b, heads * d, height, width)
    line = gaussian(sigma, width)
    plane = torch.outer(line, line).expand(heads * d, 1, len(line), len(line))
    image = F.pad(image, [len(line) // 2] * 4, mode="reflect")
    return F.conv2d(image, plane, groups=heads * d).reshape(b, heads, d, tokens).permute(0, 1, 3, 2)


def attention_map(q, k, control, height, width):
    """The effective map [b, heads, tokens, tokens] under a control; q is already divided by sqrt(d)."""
    if "querySigma" in control:
        q = blur_queries(q, control["querySigma"], height, width)
    logits = q @ k.transpose(-1, -2) * control.get("temperature", 1.0)
    if "mask" in control:
        logits = logits.masked_fill(control["mask"].bool(), -math.inf)
    weights = logits.softmax(-1)
    mix = control.get("mix", 0.0)
    return (1 - mix) * weights + mix * torch.eye(weights.shape[-1])


class Model:
    """A network of a model's family, the default one unless told otherwise."""

    def __init__(self, model_id, network_id="main", folder=None):
        self.id, self.folder = model_id, folder or ROOT / "models" / model_id
        self.net = load_shipped(self.folder, network_id)
        self.layers = [layer for _, layer in self.net.attention_layers()]
        self.stages = [stage for stage, _ in self.net.attention_layers()]
        self.shape = (3, self.net.image, self.net.image)
        self.maps = {}

    @torch.no_grad()
    def denoised(self, x, sigma, label, attention=None):
        """D(x; sigma, label) for x [3, h, w] and one class, or [b, 3, h, w] and b classes; Karras et al. 2022, table 1, column "Ours"."""
        for index, layer in enumerate(self.layers):
            _, height, width = layer.size
            control = (attention or {}).get(index, {})

            def attend(q, k, v, index=index, control=control, height=height, width=width):
                if control.get("mix") == 1:
                    return v  # PAG: the map is the identity
                weights = self.maps[index] = attention_map(q, k, control, height, width)
                return weights @ v

            layer.attend = attend
        total = sigma**2 + SIGMA_DATA**2
        labels = F.one_hot(torch.as_tensor(label).reshape(-1), len(self.net.class_table)).float()
        f = self.net((x / math.sqrt(total)).reshape(-1, *self.shape), torch.full([len(labels)], math.log(sigma) / 4), labels)
        return SIGMA_DATA**2 / total * x + sigma * SIGMA_DATA / math.sqrt(total) * f.reshape(x.shape)

    def on(self, chosen, **control):
        return {index: control for index in chosen}


class Store:
    """Collects tensors, each content once."""

    def __init__(self):
        self.data, self.known = bytearray(), {}

    def add(self, tensor):
        raw = tensor.detach().contiguous().numpy().astype("<f4").tobytes()
        assert np.isfinite(np.frombuffer(raw, "<f4")).all()
        if raw not in self.known:
            self.known[raw] = len(self.data)
            self.data += raw
        return dict(offset=self.known[raw], shape=list(tensor.shape))


def written_control(control):
    out = {key: value for key, value in control.items() if key != "mask"}
    if "mask" in control:
        out["mask"] = "mask"
    if math.isinf(out.get("querySigma", 0)):
        out["querySigma"] = "inf"
    return out


def written_attention(model, attention):
    return [written_control(attention[i]) if i in attention else None for i in range(len(model.layers))] if attention else None


def case(model, store, name, method, x, sigma, label, attention=None, probe=None):
    """One answer of the network; with `probe`, the map of that layer instead of the image."""
    attention = attention or {}
    denoised = model.denoised(x, sigma, label, attention)
    tensors = dict(x=store.add(x))
    if probe is None:
        tensors["denoised"] = store.add(denoised)
    else:
        tensors["map"] = store.add(model.maps[probe].mean((0, 1)))
    masks = [control["mask"] for control in attention.values() if "mask" in control]
    if masks:
        tensors["mask"] = store.add(masks[0].float())
    out = dict(name=name, method=method, sigma=sigma, **{"class": label}, layers=sorted(attention))
    if probe is not None:
        out["probe"] = probe
    return dict(**out, attention=written_attention(model, attention), tensors=tensors)


def inputs(model, sigma, label):
    """An image of the class as the network imagines it, plus noise."""
    generator = torch.Generator().manual_seed(round(1000 * sigma) + label)
    noise = torch.randn(2, *model.shape, generator=generator)
    return model.denoised(80 * noise[0], 80.0, label) + sigma * noise[1]


def random_mask(tokens, rate, keep_diagonal):
    """Entries to drop; where the diagonal may go too, every row still keeps its next token."""
    mask = torch.rand(tokens, tokens, generator=torch.Generator().manual_seed(7)) < rate
    kept = torch.arange(tokens) if keep_diagonal else (torch.arange(tokens) + 1) % tokens
    mask[torch.arange(tokens), kept] = False
    return mask


def cases(model, store):
    rich = model.id == "tiny"
    everywhere = range(len(model.layers))
    middle = [i for i in everywhere if model.stages[i] == "middle"]
    decoder = [i for i in everywhere if model.stages[i] == "decoder"]
    labels = (2, 7)
    for sigma in (0.1, 0.6, 5.0):
        for label in labels:
            x = inputs(model, sigma, label)

            def add(name, method, attention=None, asked=label, **more):
                return case(model, store, f"{name}, sigma {sigma:g}, class {label}", method, x, sigma, asked, attention, **more)

            full = rich or (sigma == 0.6 and label == labels[0])
            yield add("plain", "plain")
            yield add("PAG all layers", "pag", model.on(everywhere, mix=1))
            if full or label == labels[0]:
                yield add("SEG inf all layers", "seg", model.on(everywhere, querySigma=math.inf))
            if not full:
                continue
            yield add("PAG middle", "pag", model.on(middle, mix=1))
            yield add("PAG decoder", "pag", model.on(decoder, mix=1))
            yield add("SoftPAG 0.5 all layers", "pag", model.on(everywhere, mix=0.5))
            for blur in (0.5, 1.0, 2.0, 10.0):
                yield add(f"SEG {blur:g} all layers", "seg", model.on(everywhere, querySigma=blur))
            yield add("uniform all layers", "uniform", model.on(everywhere, temperature=0))
            yield add("temperature 0.5 all layers", "temperature", model.on(everywhere, temperature=0.5))
            yield add("ICG", "icg", asked=labels[1] if label == labels[0] else labels[0])
            tokens = model.layers[middle[0]].size[1] * model.layers[middle[0]].size[2]
            for keep in (True, False):
                mask = random_mask(tokens, 0.75, keep)
                yield add(f"mask middle, diagonal {'kept' if keep else 'dropped too'}", "mask", model.on(middle, mask=mask))
            probed = middle[0]
            yield add("map middle, plain", "map", probe=probed)
            yield add("map middle, SEG 1", "map", model.on(middle, querySigma=1.0), probe=probed)
            yield add("map middle, SoftPAG 0.5", "map", model.on(middle, mix=0.5), probe=probed)
            if sigma != 0.6 or label != labels[0]:
                continue
            for index in everywhere if rich else (0, 2, 6):
                for blur in (0.5, 1.0, 2.0, 10.0, math.inf) if rich else (1.0,):
                    yield add(f"SEG {blur:g} layer {index}", "seg", model.on([index], querySigma=blur))
            yield add("map layer 0, plain", "map", probe=0)


def karras_schedule(steps, low=0.005, high=80.0, rho=7):
    sigmas = [(high ** (1 / rho) + i / (steps - 1) * (low ** (1 / rho) - high ** (1 / rho))) ** rho for i in range(steps)]
    return [float(np.float32(sigma)) for sigma in sigmas] + [0.0]


def trajectory(model, store, name, method, solver, scale, label, attention):
    """Karras et al. 2022, algorithm 1, with D = D+ + s (D+ - D-) in every evaluation; the last step has no correction."""
    sigmas = karras_schedule(6)
    x = sigmas[0] * torch.randn(model.shape, generator=torch.Generator().manual_seed(11))

    def guided(x, sigma):
        positive = model.denoised(x, sigma, label)
        if attention is None:
            return positive, None, positive
        negative = model.denoised(x, sigma, label, attention)
        return positive, negative, positive + scale * (positive - negative)

    seen = dict(x=[], positive=[], negative=[], denoised=[])
    for sigma, sigma_next in zip(sigmas, sigmas[1:]):
        positive, negative, denoised = guided(x, sigma)
        for key, value in zip(seen, (x, positive, negative, denoised)):
            if value is not None:
                seen[key].append(value)
        slope = (x - denoised) / sigma
        after = x + (sigma_next - sigma) * slope
        if solver == "heun" and sigma_next > 0:
            slope_next = (after - guided(after, sigma_next)[2]) / sigma_next
            after = x + (sigma_next - sigma) * (slope + slope_next) / 2
        x = after
    tensors = {key: store.add(torch.stack(values)) for key, values in seen.items() if values}
    tensors["final"] = store.add(x)
    return dict(name=name, method=method, solver=solver, scale=scale, **{"class": label},
                attention=written_attention(model, attention), sigmas=sigmas, tensors=tensors)


def trajectories(model, store):
    everywhere = range(len(model.layers))
    for solver in ("euler", "heun"):
        for method, scale, attention in (("none", 0.0, None), ("pag", 1.5, model.on(everywhere, mix=1)),
                                         ("seg", 1.0, model.on(everywhere, querySigma=math.inf))):
            yield trajectory(model, store, f"{method} {solver}", method, solver, scale, 4, attention)


def start_up_check(model):
    """golden.bin: two rows that exercise the plain network, the identity mix and the query blur."""
    store = Store()
    x = inputs(model, 0.6, 4)
    rows = [case(model, store, "plain", "plain", x, 0.6, 4),
            case(model, store, "PAG on layer 3, SEG 1 on layer 1", "mixed", x, 0.6, 4, {1: {"querySigma": 1.0}, 3: {"mix": 1}})]
    header = json.dumps(dict(format=1, model=model.id, cases=rows)).encode()
    header += b" " * (-len(header) % 4)
    path = model.folder / "golden.bin"
    path.write_bytes(struct.pack("<I", len(header)) + header + store.data)
    manifest_path = path.with_name("manifest.json")
    manifest = json.loads(manifest_path.read_text())
    content = path.read_bytes()
    entry = dict(file=path.name, bytes=len(content), sha256=hashlib.sha256(content).hexdigest())
    ordered = {}
    for key, value in manifest.items():
        if key != "golden":
            ordered[key] = value
        if key == "weights":
            ordered["golden"] = entry
    manifest_path.write_text(json.dumps(ordered, indent=2, ensure_ascii=False) + "\n")


def write(model, folder):
    store = Store()
    index = dict(format=1, model=model.id, cases=list(cases(model, store)))
    if model.id == "tiny":
        index["trajectories"] = list(trajectories(model, store))
    (folder / f"{model.id}.bin").write_bytes(store.data)
    lists = ",\n".join(f'"{key}": [\n' + ",\n".join(json.dumps(entry) for entry in index[key]) + "\n]"
                       for key in ("cases", "trajectories") if key in index)
    (folder / f"{model.id}.json").write_text(f'{{"format": 1, "model": "{model.id}",\n{lists}}}\n')
    print(f"{model.id}: {len(index['cases'])} cases, {len(index.get('trajectories', []))} trajectories, {len(store.data)} bytes")


def check_kernel():
    """Values computed from the reference implementation (SEG-SDXL, gaussian_blur_2d)."""
    assert [kernel_size(sigma, 100) for sigma in (0.1, 0.5, 1, 1.5, 2, 3, 4, 5, 10)] == [1, 3, 7, 9, 13, 19, 25, 31, 61]
    assert torch.allclose(gaussian(2, 8)[:5], torch.tensor([0.027631, 0.066282, 0.123832, 0.180174, 0.204164]), atol=1e-6)
    row = blur_queries(torch.eye(8).reshape(1, 1, 8, 1, 8).expand(1, 1, 8, 8, 8).reshape(1, 1, 64, 8), 1.0, 8, 8)[0, 0, 0]
    assert torch.allclose(row, torch.tensor([0.399050, 0.484072, 0.108011, 0.008866, 0, 0, 0, 0]), atol=1e-6)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("models", nargs="*", default=MODELS)
    parser.add_argument("--folder", type=Path, help="the family's files, and where golden.bin goes; default models/MODEL")
    parser.add_argument("--out", type=Path, default=ROOT / "tests/golden", help="folder for ID.json and ID.bin")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    check_kernel()
    for model_id in arguments.models:
        loaded = Model(model_id, folder=arguments.folder)
        write(loaded, arguments.out)
        start_up_check(loaded)
