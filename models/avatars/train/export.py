"""Writes the shipped files of a model: graph.onnx, weights.fp16.bin, manifest.json.

    python3 models/avatars/train/export.py --size main --weights FILE.pt --out models/avatars [--log RUN/log.csv]

graph.onnx is a plain ONNX model of the raw network F (see folded.py), opset 17, that any runtime opens beside its weights:
a weight of 1 KiB or more is stored once as float16 external data, followed by a Cast to float32; the rest is inline float32.
The manifest lacks its `golden` entry until tests/golden/generate.py has written golden.bin.
"""
import argparse
import collections
import csv
import hashlib
import json
import subprocess
import tempfile
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

from folded import FoldedDenoiser
from network import SIGMA_DATA, Denoiser

ROOT = Path(__file__).resolve().parents[3]
INLINE_BELOW, ALIGNMENT = 1024, 64
CLASSES = ["adventurer", "avataaars", "bigSmile", "bottts", "funEmoji", "lorelei", "micah", "openPeeps", "personas", "toonHead"]
CLASS_NAMES = ["Adventurer", "Avataaars", "Big Smile", "Bottts", "Fun Emoji", "Lorelei", "Micah", "Open Peeps", "Personas", "Toon Head"]


def export_onnx(net, path):
    rows = 2
    inputs = (torch.zeros(rows, 3, net.image, net.image), torch.zeros(rows), torch.zeros(rows, len(CLASSES)))
    names = ["x", "noise_level", "class_weights", "prediction"]
    torch.onnx.export(net, inputs, str(path), opset_version=17, input_names=names[:3], output_names=names[3:],
                      dynamic_axes={name: {0: "rows"} for name in names}, do_constant_folding=False)
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
    total = 0
    for node in one.graph.node:
        if node.op_type in ("MatMul", "Gemm"):
            depth = shape[node.input[0]][-1]
        elif node.op_type == "Conv":
            depth = int(np.prod(shape[node.input[1]][1:]))
        else:
            continue
        size = int(np.prod(shape[node.output[0]]))
        assert size > 0 and depth > 0, f"no static shape for {node.name}"
        total += 2 * size * depth
    return total


def externalise(model, location):
    """Moves big float32 initializers to float16 external data. Returns the bytes of the weights file."""
    graph, data, casts, kept = model.graph, bytearray(), [], []
    for tensor in graph.initializer:
        array = numpy_helper.to_array(tensor)
        if array.dtype != np.float32 or array.nbytes < INLINE_BELOW:
            kept.append(tensor)
            continue
        half = np.ascontiguousarray(array.astype("<f2"))
        assert np.isfinite(half).all(), f"{tensor.name} leaves the range of float16"
        data.extend(bytes(-len(data) % ALIGNMENT))
        stored = TensorProto(name=f"{tensor.name}.fp16", data_type=TensorProto.FLOAT16, dims=array.shape,
                             data_location=TensorProto.EXTERNAL)
        for key, value in (("location", location), ("offset", len(data)), ("length", half.nbytes)):
            stored.external_data.add(key=key, value=str(value))
        data.extend(half.tobytes())
        kept.append(stored)
        casts.append(helper.make_node("Cast", [stored.name], [tensor.name], name=f"/weights/{tensor.name}/Cast", to=TensorProto.FLOAT))
    nodes = [*casts, *graph.node]
    del graph.node[:], graph.initializer[:], graph.value_info[:]
    graph.node.extend(nodes)
    graph.initializer.extend(kept)
    return bytes(data)


def load_shipped(folder, size):
    """The network with exactly the numbers of the shipped files: float16 weights widened, small ones as they are."""
    folder = Path(folder)
    weights = (folder / "weights.fp16.bin").read_bytes()
    net, state = FoldedDenoiser(**Denoiser.SIZES[size]), {}
    for tensor in onnx.load(str(folder / "graph.onnx"), load_external_data=False).graph.initializer:
        if tensor.data_location == TensorProto.EXTERNAL:
            where = {entry.key: entry.value for entry in tensor.external_data}
            array = np.frombuffer(weights, "<f2", int(np.prod(tensor.dims)), int(where["offset"])).reshape(tensor.dims)
            state[tensor.name.removesuffix(".fp16")] = array.astype(np.float32)
        else:
            state[tensor.name] = numpy_helper.to_array(tensor)
    wanted = net.state_dict()
    net.load_state_dict({key: torch.from_numpy(np.array(state[key])) for key in wanted})
    return net.eval()


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


def classes():
    script = ("import('@dicebear/collection').then((c) => console.log(JSON.stringify("
              f"{json.dumps(CLASSES)}.map((k) => c[k].meta))))")
    metas = json.loads(subprocess.run(["node", "-e", script], cwd=ROOT, check=True, capture_output=True, text=True).stdout)
    return [dict(name=name, artist=meta["creator"].removesuffix(" - draftbit.com"), licence=meta["license"]["name"], url=meta["source"])
            for name, meta in zip(CLASS_NAMES, metas)]


def described(path):
    data = path.read_bytes()
    return dict(file=path.name, bytes=len(data), sha256=hashlib.sha256(data).hexdigest())


def relative(a, b):
    return float((a - b).abs().max() / b.abs().max())


def check_in_onnxruntime(out, net):
    """Largest relative error of the shipped files in onnxruntime against the torch network with the same numbers."""
    generator = torch.Generator().manual_seed(1)
    sigmas = torch.tensor([0.02, 0.6, 20.0])
    x = torch.randn(3, 3, net.image, net.image, generator=generator)
    feeds = dict(x=x, noise_level=sigmas.log() / 4, class_weights=torch.eye(len(CLASSES))[[0, 4, 9]])
    with tempfile.TemporaryDirectory() as folder:
        for name, value in feeds.items():
            value.numpy().tofile(f"{folder}/{name}")
        dims = {name: list(value.shape) for name, value in feeds.items()}
        script = f"""
          import fs from 'node:fs'; import ort from 'onnxruntime-node'
          const session = await ort.InferenceSession.create({json.dumps(str(out / 'graph.onnx'))}, {{ intraOpNumThreads: 1 }})
          const feeds = {{}}
          for (const [name, dims] of Object.entries({json.dumps(dims)})) {{
            const bytes = fs.readFileSync({json.dumps(folder)} + '/' + name)
            feeds[name] = new ort.Tensor('float32', new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4).slice(), dims)
          }}
          const {{ prediction }} = await session.run(feeds)
          fs.writeFileSync({json.dumps(folder)} + '/prediction', prediction.data)
        """
        subprocess.run(["node", "--input-type=module", "-e", script], cwd=ROOT, check=True)
        got = torch.from_numpy(np.fromfile(f"{folder}/prediction", np.float32)).reshape(x.shape)
    with torch.no_grad():
        return relative(got, net(*feeds.values()))


def check_folding(trained, net):
    """Largest relative error of the folded network's denoised image against the trained network, before rounding to float16."""
    generator, worst = torch.Generator().manual_seed(2), 0.0
    for sigma in (0.02, 0.6, 20.0):
        s = torch.full((2,), sigma)
        x = torch.randn(2, 3, net.image, net.image, generator=generator) * (sigma**2 + 0.25)**0.5
        y = torch.tensor([3, 7])
        with torch.no_grad():
            worst = max(worst, relative(denoise(net, x, s, torch.eye(len(CLASSES))[y]), trained(x, s, y)))
    return worst


def denoise(net, x, sigma, class_weights):
    """D(x; sigma, y) of Karras et al. 2022, table 1, around the raw network."""
    s = sigma.reshape(-1, 1, 1, 1)
    total = s**2 + SIGMA_DATA**2
    return SIGMA_DATA**2 / total * x + s * SIGMA_DATA / total.sqrt() * net(x / total.sqrt(), sigma.log() / 4, class_weights)


def training_facts(log):
    rows = list(csv.reader(open(log)))
    return dict(samples=int(rows[-1][0]), loss=float(rows[-1][1]))


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--size", required=True, choices=list(Denoiser.SIZES))
    p.add_argument("--weights", type=Path, required=True, help="state_dict of an average")
    p.add_argument("--out", type=Path, required=True, help="folder; its name is the model's id")
    p.add_argument("--log", type=Path, help="log.csv of the run, for the facts in the manifest")
    a = p.parse_args()
    torch.set_num_threads(1)
    a.out.mkdir(parents=True, exist_ok=True)
    trained = Denoiser(**Denoiser.SIZES[a.size])
    trained.load_state_dict({key: value.float() for key, value in torch.load(a.weights, map_location="cpu").items()})
    net = FoldedDenoiser.of(trained.eval(), a.size)
    print(f"folded network against the trained one: {check_folding(trained, net):.1e}")

    graph = a.out / "graph.onnx"
    model = export_onnx(net, graph)
    print("nodes as exported:", dict(collections.Counter(n.op_type for n in model.graph.node).most_common()))
    model = tidy(model)
    counts = collections.Counter(n.op_type for n in model.graph.node)
    print("nodes as shipped, without weight casts:", sum(counts.values()), dict(counts.most_common()))
    forbidden = {"Shape", "Gather", "ConstantOfShape", "Unsqueeze", "Expand", "Constant", "Pad"} & counts.keys()
    assert not forbidden, f"the graph computes shapes: {forbidden}"
    flops = operations(model)
    weights = a.out / "weights.fp16.bin"
    weights.write_bytes(externalise(model, weights.name))
    model.producer_name = "guidance-playground"
    del model.metadata_props[:]
    onnx.save(model, str(graph))
    onnx.checker.check_model(str(graph))
    shipped = load_shipped(a.out, a.size)
    print(f"onnxruntime against torch with the shipped numbers: {check_in_onnxruntime(a.out, shipped):.1e}")
    print(f"effect of rounding the weights to float16: {check_folding(trained, shipped):.1e}")

    manifest = dict(
        format=1, id=a.out.name, name={"main": "Avatars", "tiny": "Tiny test network"}[a.size], licence="MIT",
        graph=described(graph), weights=described(weights),
        image=dict(channels=3, height=net.image, width=net.image),
        preconditioning=dict(kind="edm", sigmaData=SIGMA_DATA), sigma=dict(min=0.005, max=80, rho=7),
        conditioning=dict(kind="class", labelDropout=False, classes=classes()),
        layers=layers(net), parameters=sum(p.numel() for p in trained.parameters()), flops=flops,
        training=dict(weights=a.weights.name, **(training_facts(a.log) if a.log else {})))
    (a.out / "manifest.json").write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n")
    print(f"{a.out}: graph {graph.stat().st_size} bytes, weights {weights.stat().st_size} bytes, "
          f"{manifest['parameters']} parameters, {flops / 1e6:.1f} MFLOP a row")


if __name__ == "__main__":
    main()
