"""How a network becomes an ONNX file: PyTorch's two exporters."""
import contextlib
import inspect
import io
import logging
import warnings

import onnx
import torch
import torch.nn.functional as F

logging.getLogger("torch.onnx").setLevel(logging.ERROR)


def rms_norm(x, normalized_shape, weight=None, eps=None):
    """The exporter to opset 17 doesn't know torch's own."""
    axes = tuple(range(-len(normalized_shape), 0))
    x = x * (x.pow(2).mean(axes, keepdim=True) + (torch.finfo(x.dtype).eps if eps is None else eps)).rsqrt()
    return x if weight is None else x * weight


def exported(network, exporter, opset, batch=None):
    """The ONNX model. `batch` fixes the number of rows."""
    names = list(network.inputs)
    args = tuple(value if name in network.shared or batch is None else value[:batch] for name, value in network.inputs.items())
    rowed = [name for name in names if name not in network.shared and not batch]
    said = io.StringIO()
    with warnings.catch_warnings(), torch.no_grad(), contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        warnings.simplefilter("ignore")
        return (legacy if exporter == "legacy" else dynamo)(network, args, opset, names, rowed)


def legacy(network, args, opset, names, rowed):
    axes = {name: {axis: f"axis{axis}" for axis in network.dynamic.get(name, ())} for name in names}
    for name in rowed:
        axes[name][0] = "batch"
    file, usual = io.BytesIO(), F.rms_norm
    F.rms_norm = rms_norm
    try:
        torch.onnx.export(network.module, args, file, dynamo=False, opset_version=opset, input_names=names, output_names=["output"],
                          dynamic_axes={**axes, "output": {0: "batch"} if rowed else {}})
    finally:
        F.rms_norm = usual
    return onnx.load_from_string(file.getvalue())


def dynamo(network, args, opset, names, rowed):
    rows = torch.export.Dim("batch", min=1, max=64)
    shapes = tuple({0: rows} if name in rowed else None for name in names)
    if any(p.kind is p.VAR_POSITIONAL for p in inspect.signature(network.module.forward).parameters.values()):
        shapes = (shapes,)
    return torch.onnx.export(network.module, args, dynamo=True, opset_version=opset, input_names=names, output_names=["output"],
                             dynamic_shapes=shapes, verbose=False).model_proto
