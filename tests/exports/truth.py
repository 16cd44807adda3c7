"""What PyTorch answers when one attention layer of one row is changed by hand, and the files it goes into.

A network is a module whose attentions call torch.nn.functional.scaled_dot_product_attention, once a layer. For the answers that function is replaced
by one that changes a chosen call. Nothing here is shared with the TypeScript that is tested with the answers.
"""
import contextlib
import json
import math
from dataclasses import asdict, dataclass, field

import numpy as np
import onnxruntime
import torch
import torch.nn.functional as F

SIGMAS = ("0.5", "2", "inf")
IDENTITY_ROW, BLUR_ROW = 0, 1


@dataclass
class Layer:
    """An attention as the module's author knows it. `image` is where the image's tokens lie among others (`keyStart`: among the keys, where they lie elsewhere there); `windows` how many maps a row has."""

    kind: str  # self, joint, cross, or one that calls no attention of PyTorch: linear (has no map), "no softmax", channels, "in pieces", lost
    queries: int
    keys: int
    heads: int
    grid: list | None = None
    image: dict | None = None
    windows: int = 1

    @property
    def calls(self):
        return self.guided or self.kind in ("cross", "lost")

    @property
    def guided(self):
        return self.kind in ("self", "joint")


@dataclass
class Network:
    """`module` is exported. `plain` computes the same with plain calls of attention, where `module` does not (else None)."""

    module: torch.nn.Module
    inputs: dict  # name: tensor of two rows, or of no rows if named in `shared`
    layers: list
    plain: torch.nn.Module | None = None
    shared: tuple = ()  # inputs that have no batch axis
    dynamic: dict = field(default_factory=dict)  # input: axes that may change besides the batch
    about: str = ""


@dataclass
class Change:
    layer: int  # counts calls
    row: int
    what: str  # identity, blur
    sigma: str = ""


def gaussian_blur_2d(img, sigma):
    """SEG-SDXL's function of this name; its limit of the kernel by the width is applied to each axis by its own length."""

    def kernel(size):
        length = math.ceil(6 * sigma) + 1 - math.ceil(6 * sigma) % 2
        length = min(length, size - (size % 2 - 1))
        half = (length - 1) * 0.5
        pdf = torch.exp(-0.5 * (torch.linspace(-half, half, steps=length) / sigma).pow(2))
        return pdf / pdf.sum()

    down, across = kernel(img.shape[-2]), kernel(img.shape[-1])
    kernel2d = torch.mm(down[:, None], across[None, :]).expand(img.shape[-3], 1, len(down), len(across))
    img = F.pad(img, [len(across) // 2] * 2 + [len(down) // 2] * 2, mode="reflect")
    return F.conv2d(img, kernel2d, groups=img.shape[-3])


def blurred_queries(q, layer, sigma):
    """q: [..., heads, tokens, d]; the image's tokens only."""
    start, count = (layer.image["start"], layer.image["count"]) if layer.image else (0, layer.queries)
    h, w = layer.grid
    assert h * w == count
    part = q[..., start:start + count, :]
    img = part.transpose(-1, -2).reshape(-1, q.shape[-1], h, w)
    if sigma == "inf":
        img = img.mean((-2, -1), keepdim=True).expand_as(img)
    else:
        img = gaussian_blur_2d(img, float(sigma))
    part = img.reshape(*part.shape[:-2], q.shape[-1], count).transpose(-1, -2)
    return torch.cat([q[..., :start, :], part, q[..., start + count:, :]], -2)


class Attentions:
    """Stands for scaled_dot_product_attention while truth is computed: counts calls, checks them, changes one, keeps the maps."""

    def __init__(self, layers, change=None):
        self.layers = [layer for layer in layers if layer.calls]
        self.change, self.calls, self.maps = change, 0, []

    def __call__(self, query, key, value, attn_mask=None, dropout_p=0.0, is_causal=False, scale=None, enable_gqa=False):
        assert not dropout_p and not is_causal and not enable_gqa
        layer = self.layers[self.calls]
        q, k, v = query.clone(), key, value
        found = (q.shape[-2], k.shape[-2], q.shape[-3], q.shape[0] // 2)
        assert found == (layer.queries, layer.keys, layer.heads, layer.windows), (self.calls, found, layer)
        mask = 0 if attn_mask is None else attn_mask
        if torch.is_tensor(mask) and mask.dtype == torch.bool:
            mask = torch.zeros(mask.shape).masked_fill(~mask, -math.inf)
        change = self.change if self.change and self.change.layer == self.calls else None
        rows = slice(change.row * layer.windows, (change.row + 1) * layer.windows) if change else None
        if change and change.what == "blur":
            q[rows] = blurred_queries(q[rows], layer, change.sigma)
        scores = q @ k.transpose(-1, -2) * (q.shape[-1] ** -0.5 if scale is None else scale) + mask
        if change and change.what == "identity" and layer.kind == "joint":
            # As in diffusers' PAGJointAttnProcessor2_0: an image token sees itself and the text.
            start, count = layer.image["start"], layer.image["count"]
            key = layer.image.get("keyStart", start)
            scores[rows, :, start:start + count, key:key + count] += torch.full((count, count), -math.inf).fill_diagonal_(0)
        weights = scores.softmax(-1)
        if change and change.what == "identity" and layer.kind == "self":
            weights[rows] = torch.eye(layer.queries)
        self.maps.append(weights)
        self.calls += 1
        return weights @ v


@contextlib.contextmanager
def attentions(layers, change=None):
    usual, stand_in = F.scaled_dot_product_attention, Attentions(layers, change)
    F.scaled_dot_product_attention = stand_in
    try:
        yield stand_in
        assert stand_in.calls == len(stand_in.layers), f"{stand_in.calls} attentions ran, {len(stand_in.layers)} are described"
    finally:
        F.scaled_dot_product_attention = usual


def answers(network):
    """Every array that the exported graph is compared with, by its key."""
    module = network.plain or network.module
    feeds = tuple(network.inputs.values())
    with torch.no_grad():
        untouched = network.module(*feeds)
        with attentions(network.layers) as seen:
            output = module(*feeds)
        deviation = output.std().item()
        apart = (output - untouched).abs().max().item() / deviation
        assert apart < 2e-5, f"the plain form differs from the exported one by {apart} deviations"
        found = {f"input:{name}": value for name, value in network.inputs.items()} | {"output": untouched}
        effects, call = [], -1
        for i, layer in enumerate(network.layers):
            call += layer.calls
            if not layer.guided:
                effects.append(None)
                continue
            weights = seen.maps[call].mean(-3)
            found[f"map_{i}"] = weights if layer.windows == 1 else weights.reshape(2, layer.windows, *weights.shape[1:])
            changes = {f"identity_{i}": Change(call, IDENTITY_ROW, "identity")}
            if layer.grid:
                changes |= {f"blur_{i}_{sigma}": Change(call, BLUR_ROW, "blur", sigma) for sigma in SIGMAS}
            effect = {}
            for key, change in changes.items():
                with attentions(network.layers, change):
                    found[key] = module(*feeds)
                moved = (found[key] - output).abs().amax(tuple(range(1, output.dim()))) / deviation
                assert moved[1 - change.row] < 1e-4 < moved[change.row], f"{key} moves the rows by {moved.tolist()}"
                effect[key.replace(f"_{i}", "", 1)] = round(moved[change.row].item(), 5)
            effects.append(effect)
    return found, effects


TYPES = {"tensor(float)": np.float32, "tensor(float16)": np.float16, "tensor(int64)": np.int64}


def graph_output(network, path, batch):
    """What onnxruntime makes of the file, its optimisations off."""
    options = onnxruntime.SessionOptions()
    options.log_severity_level, options.intra_op_num_threads = 3, 1
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    parts = []
    for row in range(0, 2, batch or 2):
        feeds = {}
        for asked in session.get_inputs():
            value = network.inputs[asked.name]
            value = value if asked.name in network.shared else value[row:row + (batch or 2)]
            feeds[asked.name] = value.numpy().astype(TYPES[asked.type])
        parts.append(session.run(None, feeds)[0].astype(np.float32))
    return np.concatenate(parts)


def write(network, path, about):
    """NAME.json and NAME.bin beside NAME.onnx; returns the least that a change moves the output and how far the file is off PyTorch, in deviations."""
    found, effects = answers(network)
    tensors, offset = {}, 0
    with open(path.with_suffix(".bin"), "wb") as file:
        for key, value in found.items():
            array = np.ascontiguousarray(value.numpy())
            tensors[key] = {"dims": list(array.shape), "type": str(array.dtype), "offset": offset, "bytes": array.nbytes}
            offset += file.write(array.tobytes())
    output = found["output"].numpy()
    error = float(np.abs(graph_output(network, path, about["batch"]) - output).max() / output.std())
    layers = [asdict(layer) | {"effects": effect} for layer, effect in zip(network.layers, effects)]
    described = {**about, "network": network.about, "error": error, "rows": {"identity": IDENTITY_ROW, "blur": BLUR_ROW}, "sigmas": SIGMAS,
                 "shared": list(network.shared), "layers": layers, "tensors": tensors}
    path.with_suffix(".json").write_text(json.dumps(described, indent=1))
    return min((move for effect in effects if effect for move in effect.values()), default=math.inf), error


def randomise(module, seed=0, gain=1.0, sharp=()):
    """Weights that make every part matter, zero-initialised ones too; matrices whose names contain a word of `sharp` are doubled, for maps with contrast."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, p in module.named_parameters():
            drawn = torch.randn(p.shape, generator=generator)
            if p.dim() >= 2:
                twice = 2.0 if any(word in name for word in sharp) else 1.0
                p.copy_(drawn * gain * twice / math.sqrt(p[0].numel()))
            elif "weight" in name or "gamma" in name or "scale" in name:
                p.copy_(1 + 0.2 * drawn)
            else:
                p.copy_(0.1 * drawn)
    return module.eval().requires_grad_(False)


def rows(*dims, seed=1):
    """Two rows that differ."""
    return torch.randn(2, *dims, generator=torch.Generator().manual_seed(seed))
