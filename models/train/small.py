"""Small helpers beside the denoiser (judge, vision transformer) as shipped files: NAME.onnx, and NAME.fp16.bin with its weights.

As with the denoiser, weights are float16 external data, followed by a Cast to float32; tensors below 1 KiB are inline.
"""
import hashlib

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

from export import TRACED

INLINE_BELOW, ALIGNMENT = 1024, 64


def ship(net, image, folder, name, output):
    """Writes both files. `net` takes images like `image` [rows, ...]; `output`: names of what it returns."""
    graph_file, weights_file = folder / f"{name}.onnx", folder / f"{name}.fp16.bin"
    # Without folding, tensors keep the names of the network's own.
    torch.onnx.export(net, image, str(graph_file), opset_version=17, input_names=["image"], output_names=output,
                      dynamic_axes={key: {0: "rows"} for key in ["image", *output]}, do_constant_folding=False, **TRACED)
    model = onnx.load(str(graph_file))
    graph, data, casts, kept = model.graph, bytearray(), [], []
    for tensor in graph.initializer:
        array = numpy_helper.to_array(tensor)
        if array.dtype != np.float32 or array.nbytes < INLINE_BELOW:
            kept.append(tensor)
            continue
        half = np.ascontiguousarray(array.astype("<f2"))
        assert np.isfinite(half).all(), f"{tensor.name} leaves the range of float16"
        data.extend(bytes(-len(data) % ALIGNMENT))
        stored = TensorProto(name=f"{tensor.name}.fp16", data_type=TensorProto.FLOAT16, dims=array.shape, data_location=TensorProto.EXTERNAL)
        for key, value in (("location", weights_file.name), ("offset", len(data)), ("length", half.nbytes)):
            stored.external_data.add(key=key, value=str(value))
        data.extend(half.tobytes())
        kept.append(stored)
        casts.append(helper.make_node("Cast", [stored.name], [tensor.name], name=f"/weights/{tensor.name}/Cast", to=TensorProto.FLOAT))
    nodes = [*casts, *graph.node]
    del graph.node[:], graph.initializer[:], graph.value_info[:], model.metadata_props[:]
    graph.node.extend(nodes)
    graph.initializer.extend(kept)
    model.producer_name = "guidance-playground"
    weights_file.write_bytes(bytes(data))
    onnx.save(model, str(graph_file))
    onnx.checker.check_model(str(graph_file))


def load(net, folder, name):
    """Gives `net` exactly the numbers of the shipped files; what the graph does not use, they don't hold, and `net` keeps its own."""
    weights, state = (folder / f"{name}.fp16.bin").read_bytes(), {}
    for tensor in onnx.load(str(folder / f"{name}.onnx"), load_external_data=False).graph.initializer:
        if tensor.data_location == TensorProto.EXTERNAL:
            where = {entry.key: entry.value for entry in tensor.external_data}
            array = np.frombuffer(weights, "<f2", int(np.prod(tensor.dims)), int(where["offset"])).astype(np.float32)
            state[tensor.name.removesuffix(".fp16")] = torch.from_numpy(array.reshape(tensor.dims))
        else:
            state[tensor.name] = torch.from_numpy(np.array(numpy_helper.to_array(tensor)))
    own = net.state_dict()
    assert any(key in state for key in own) and all(name in own for name in state if not name.startswith("onnx::")), f"{name} is of another network"
    net.load_state_dict({key: state.get(key, value) for key, value in own.items()})
    return net.eval().requires_grad_(False)


def described(path):
    data = path.read_bytes()
    return dict(file=path.name, bytes=len(data), sha256=hashlib.sha256(data).hexdigest())
