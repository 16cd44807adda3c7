"""The files of one network: a graph (graph.onnx) and its weights (weights.fp16.bin). family.py writes those of a whole model.

A graph is a plain ONNX model of the raw network F (see folded.py), opset 17, that any runtime opens beside its weights. All trained
tensors are float16 external data, followed by a Cast to float32; true constants are inline. A graph depends on the network's size and
on the image's alone: networks of one size share it byte for byte, and graphs of one size for other images share its weights.
"""
import collections
import inspect
import json
import math
import subprocess
import tempfile
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

from folded import FoldedDenoiser
from network import SIGMA_DATA, Denoiser
from settings import ROOT, Family

ALIGNMENT = 64
# The exporter that traces is the only one in torch 1.13, and has to be asked for in 2.9 and later.
TRACED = dict(dynamo=False) if "dynamo" in inspect.signature(torch.onnx.export).parameters else {}
FORBIDDEN = {"Shape", "Gather", "ConstantOfShape", "Unsqueeze", "Expand", "Constant", "Pad"}


def random_network(shape, seed):
    """A trained network's shapes with random numbers: no two tensors are equal, so that an exporter can't share them."""
    trained, generator = Denoiser(**shape), torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for value in trained.parameters():
            value.copy_(torch.randn(value.shape, generator=generator) / math.sqrt(value[0].numel() + 1))
    return trained.eval()


def for_image(net, shape, image):
    """The folded network `net` of this shape for images of another side."""
    other = FoldedDenoiser(**{**shape, "image": image})
    other.load_state_dict(net.state_dict())
    return other.eval()


def feeds(net, sigmas):
    """Inputs of F that exercise all of it; the same in every call."""
    generator, rows, classes = torch.Generator().manual_seed(1), len(sigmas), len(net.class_table)
    return dict(x=torch.randn(rows, 3, net.image, net.image, generator=generator), noise_level=torch.tensor(sigmas).log() / 4,
                class_weights=torch.eye(classes)[torch.arange(rows) * 4 % classes],
                embedding_offset=0.1 * torch.randn(rows, net.class_table.shape[1], generator=generator))


def export_onnx(net, path):
    inputs = feeds(net, [0.5, 2.0])
    names = [*inputs, "prediction"]
    torch.onnx.export(net, tuple(inputs.values()), str(path), opset_version=17, input_names=names[:-1], output_names=names[-1:],
                      dynamic_axes={name: {0: "rows"} for name in names}, do_constant_folding=False, **TRACED)
    return onnx.load(str(path))


def tidy(model):
    """Constants become initializers, equal ones shared, and what torch 1.13 wraps around Resize and AveragePool goes; the names of
    the trained weights stay."""
    graph, renamed, shared, values = model.graph, {}, {}, {}

    def constant(name, array):
        key = (array.dtype.str, array.shape, array.tobytes())
        if key not in shared:
            text = "_".join(str(v) for v in array.reshape(-1)[:4])
            shared[key] = f"constant.{len(shared)}.{text}"
            graph.initializer.append(numpy_helper.from_array(array, shared[key]))
        renamed[name], values[name] = shared[key], array

    for tensor in [t for t in graph.initializer if t.name.startswith("onnx::")]:
        constant(tensor.name, numpy_helper.to_array(tensor))
        graph.initializer.remove(tensor)
    nodes = []
    for node in graph.node:
        if node.op_type == "Constant":
            constant(node.output[0], numpy_helper.to_array(node.attribute[0].t))
        elif node.op_type == "Concat" and all(name in values for name in node.input):
            constant(node.output[0], np.concatenate([values[name] for name in node.input]))
        elif node.op_type == "Identity" or node.op_type == "Pad" and not values[node.input[1]].any():
            renamed[node.output[0]] = renamed.get(node.input[0], node.input[0])
        else:
            for i, name in enumerate(node.input):
                node.input[i] = renamed.get(name, name)
            nodes.append(node)
    used = {name for node in nodes for name in node.input}
    initializers = [t for t in graph.initializer if t.name in used]
    del graph.node[:], graph.initializer[:]
    graph.node.extend(nodes)
    graph.initializer.extend(initializers)
    return model


def operations(model):
    """Twice the multiply-adds of one row, over the layers that multiply by matrices (all others together are below one percent)."""
    one = onnx.ModelProto()
    one.CopyFrom(model)
    for value in [*one.graph.input, *one.graph.output]:
        value.type.tensor_type.shape.dim[0].dim_value = 1
    one = onnx.shape_inference.infer_shapes(one, data_prop=True)
    shape = {v.name: [d.dim_value for d in v.type.tensor_type.shape.dim]
             for v in [*one.graph.value_info, *one.graph.input, *one.graph.output]}
    shape.update({t.name: list(t.dims) for t in one.graph.initializer})

    def product(name):
        size = int(np.prod(shape[name]))
        assert size > 0, f"no static shape for {name}"
        return size

    total, constants = 0, {t.name for t in one.graph.initializer}
    for node in one.graph.node:
        if constants.issuperset(node.input):
            constants.update(node.output)  # computed once, when a session is created
        elif node.op_type in ("MatMul", "Gemm"):
            total += 2 * product(node.output[0]) * shape[node.input[0]][-1]
        elif node.op_type == "Conv":
            total += 2 * product(node.output[0]) * int(np.prod(shape[node.input[1]][1:]))
    return total


def externalise(model, trained, location):
    """Makes the initializers named in `trained` float16 external data."""
    graph, casts, kept, length = model.graph, [], [], 0
    for tensor in graph.initializer:
        if tensor.name not in trained:
            kept.append(tensor)
            continue
        length += -length % ALIGNMENT
        stored = TensorProto(name=f"{tensor.name}.fp16", data_type=TensorProto.FLOAT16, dims=tensor.dims,
                             data_location=TensorProto.EXTERNAL)
        size = 2 * int(np.prod(tensor.dims))
        for key, value in (("location", location), ("offset", length), ("length", size)):
            stored.external_data.add(key=key, value=str(value))
        length += size
        kept.append(stored)
        casts.append(helper.make_node("Cast", [stored.name], [tensor.name], name=f"/weights/{tensor.name}/Cast", to=TensorProto.FLOAT))
    assert len(casts) == len(trained), "a trained tensor is not in the graph"
    nodes = [*casts, *graph.node]
    del graph.node[:], graph.initializer[:], graph.value_info[:]
    graph.node.extend(nodes)
    graph.initializer.extend(kept)


class Graph:
    """A graph file: `content` (bytes), `flops` of a row, and `layout`: {name of a trained tensor: (offset, shape)}."""

    # Shapes whose graph was seen not to depend on the weights: for images of another side it is traced from the same code.
    independent = []

    def __init__(self, shape, image, location):
        self.shape, self.image, self.location = shape, image, location
        self.content, self.flops = self.build(0, location)
        if shape not in self.independent:
            assert self.content == self.build(1, location)[0], "the graph depends on the weights"
            self.independent.append(shape)
        self.layout = read_layout(onnx.load_from_string(self.content))

    def build(self, seed, location):
        net = for_image(FoldedDenoiser.of(random_network(self.shape, seed), self.shape), self.shape, self.image)
        with tempfile.TemporaryDirectory() as folder:
            model = tidy(export_onnx(net, f"{folder}/graph.onnx"))
        counts = collections.Counter(node.op_type for node in model.graph.node)
        assert not FORBIDDEN & counts.keys(), f"the graph computes shapes: {FORBIDDEN & counts.keys()}"
        flops = operations(model)
        externalise(model, dict(net.named_parameters()), location)
        model.producer_name = "guidance-playground"
        del model.metadata_props[:]
        return model.SerializeToString(deterministic=True), flops

    def weights(self, net):
        """Content of the weights file of a folded network."""
        state, data = net.state_dict(), bytearray()
        for name, (offset, shape) in self.layout.items():
            half = np.ascontiguousarray(state[name].numpy().astype("<f2"))
            assert list(half.shape) == shape and np.isfinite(half).all(), f"{name} leaves the range of float16"
            data.extend(bytes(offset - len(data)))
            data.extend(half.tobytes())
        return bytes(data)


def read_layout(model):
    layout = {}
    for tensor in model.graph.initializer:
        if tensor.data_location == TensorProto.EXTERNAL:
            where = {entry.key: entry.value for entry in tensor.external_data}
            layout[tensor.name.removesuffix(".fp16")] = (int(where["offset"]), list(tensor.dims))
    return layout


def read_network(graph, weights, shape, image=None):
    """The folded network with exactly the numbers of a weights file: float16 widened. `image`: side, where it is not the shape's own."""
    net = FoldedDenoiser(**{**shape, **({"image": image} if image else {})})
    state = {name: torch.from_numpy(np.frombuffer(weights, "<f2", int(np.prod(shape)), offset).reshape(shape).astype(np.float32))
             for name, (offset, shape) in read_layout(onnx.load_from_string(graph)).items()}
    net.load_state_dict({**state, "turns": net.turns})
    return net.eval()


def load_shipped(folder, network_id="main", image=None, weights=None):
    """A shipped network of the family in `folder`, as torch has it: `net(x, noise_level, class_weights, embedding_offset=None)`.

    `image`: side of its images, where it is not the model's own (`crops` of the manifest). `weights`: name of another file of weights for
    its graph, such as one of its `averages`. Raises StopIteration where the family has no such network."""
    folder = Path(folder)
    manifest = json.loads((folder / "manifest.json").read_text())
    network = next(entry for entry in manifest["networks"] if entry["id"] == network_id)
    graph = (folder / network["graph"]["file"]).read_bytes()
    shape = Family(manifest["id"]).shape(network["size"])
    return read_network(graph, (folder / (weights or network["weights"]["file"])).read_bytes(), shape, image)


def layers(net):
    groups = collections.Counter((stage, layer.size) for stage, layer in net.attention_layers())
    seen, out = collections.Counter(), []
    for index, (stage, layer) in enumerate(net.attention_layers()):
        channels, height, width = layer.size
        seen[stage, layer.size] += 1
        name = f"{stage} {height}×{width}"
        if groups[stage, layer.size] > 1:
            name += f" · {seen[stage, layer.size]}"
        out.append(dict(index=index, name=name, stage=stage, height=height, width=width, heads=channels // layer.head_width))
    return out


def relative(a, b):
    return float((a - b).abs().max() / b.abs().max())


RUN_ALL = """
import fs from 'node:fs'; import ort from 'onnxruntime-node'
for (const { folder, dims } of JSON.parse(fs.readFileSync(0, 'utf8'))) {
  const session = await ort.InferenceSession.create(folder + '/graph.onnx', { intraOpNumThreads: 1 })
  const feeds = {}
  for (const [name, shape] of Object.entries(dims)) {
    const bytes = fs.readFileSync(folder + '/' + name)
    feeds[name] = new ort.Tensor('float32', new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4).slice(), shape)
  }
  const { prediction } = await session.run(feeds)
  fs.writeFileSync(folder + '/prediction', prediction.data)
  await session.release()
}
"""


def check_in_onnxruntime(shipped):
    """Largest relative error of onnxruntime-node, for each of `shipped` [(content of a graph, of its weights, the same network in torch)]."""
    with tempfile.TemporaryDirectory() as root:
        asked, wanted = [], []
        for number, (graph, weights, net) in enumerate(shipped):
            folder, inputs = Path(root, str(number)), feeds(net, [0.02, 0.6, 20.0])
            folder.mkdir()
            where = next(t for t in onnx.load_from_string(graph).graph.initializer if t.data_location == TensorProto.EXTERNAL).external_data
            (folder / "graph.onnx").write_bytes(graph)
            (folder / next(entry.value for entry in where if entry.key == "location")).write_bytes(weights)
            onnx.checker.check_model(str(folder / "graph.onnx"))
            for name, value in inputs.items():
                value.numpy().tofile(folder / name)
            asked.append(dict(folder=str(folder), dims={name: list(value.shape) for name, value in inputs.items()}))
            with torch.no_grad():
                wanted.append(net(*inputs.values()))
        subprocess.run(["node", "--input-type=module", "-e", RUN_ALL], cwd=ROOT, check=True, input=json.dumps(asked), text=True)
        got = [np.fromfile(Path(each["folder"], "prediction"), np.float32) for each in asked]
    return [relative(torch.from_numpy(own).reshape(right.shape), right) for own, right in zip(got, wanted)]


def check_linear(graph):
    """That the stored tensors are linear in the trained ones: the average of two networks' stored tensors is, to the bit, what the average
    of the trained tensors is stored as. Returns the relative error of the graph with them against the averaged trained network."""
    a, b, middle = (random_network(graph.shape, seed) for seed in (2, 3, 2))
    with torch.no_grad():
        for own, other in zip(middle.parameters(), b.parameters()):
            own.copy_(own / 2 + other / 2)
    net, stored = FoldedDenoiser.of(middle, graph.shape), [FoldedDenoiser.of(t, graph.shape).state_dict() for t in (a, b)]
    for name, value in net.named_parameters():
        assert torch.equal(value, stored[0][name] / 2 + stored[1][name] / 2), f"{name} is not linear in the trained weights"
    return check_folding(middle, net)


def check_folding(trained, net):
    """Largest relative error of the folded network's denoised image against the trained network, before rounding to float16."""
    generator, worst = torch.Generator().manual_seed(2), 0.0
    for sigma in (0.02, 0.6, 20.0):
        s = torch.full((2,), sigma)
        x = torch.randn(2, 3, net.image, net.image, generator=generator) * (sigma**2 + 0.25)**0.5
        y = torch.tensor([3, 7])
        with torch.no_grad():
            worst = max(worst, relative(denoise(net, x, s, torch.eye(len(net.class_table))[y]), trained(x, s, y)))
    return worst


def denoise(net, x, sigma, class_weights):
    """D(x; sigma, y) of Karras et al. 2022, table 1, around the raw network."""
    s = sigma.reshape(-1, 1, 1, 1)
    total = s**2 + SIGMA_DATA**2
    return SIGMA_DATA**2 / total * x + s * SIGMA_DATA / total.sqrt() * net(x / total.sqrt(), sigma.log() / 4, class_weights)
