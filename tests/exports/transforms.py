"""What people do to an ONNX file before they use it: half precision, 8-bit integers, onnxruntime's own optimisers, weights in a file of their own."""
import contextlib
import io
import logging
import warnings

import onnx
import onnxruntime


def half(model, path):
    """Weights, inputs and outputs in half precision."""
    _half(model, path, keep_io_types=False)


def half_inside(model, path):
    """Half precision, though inputs and outputs stay as they were."""
    _half(model, path, keep_io_types=True)


def _half(model, path, **options):
    from onnxruntime.transformers import float16

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        onnx.save(float16.convert_float_to_float16(model, **options), path)


def int8(model, path):
    """Weights of 8 bits, with activations quantised as they come."""
    from onnxruntime.quantization import quantize_dynamic

    whole = path.with_suffix(".whole")
    onnx.save(model, whole)
    logging.disable(logging.WARNING)
    try:
        quantize_dynamic(str(whole), str(path))
    finally:
        logging.disable(logging.NOTSET)
        whole.unlink()


def extended(model, path):
    """onnxruntime's offline optimisation at its second level."""
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    options.optimized_model_filepath = str(path)
    onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])


CUDA_ONLY = (
    "enable_nhwc_conv", "enable_group_norm", "enable_skip_group_norm", "enable_bias_splitgelu", "enable_bias_add", "enable_packed_qkv", "enable_packed_kv")


def fused(model_type, heads=0, width=0):
    """onnxruntime.transformers' optimiser, which makes nodes such as Attention and MultiHeadAttention."""

    def optimise(model, path):
        from onnxruntime.transformers.fusion_options import FusionOptions
        from onnxruntime.transformers.optimizer import optimize_model

        whole = path.with_suffix(".whole")
        onnx.save(model, whole)
        logging.disable(logging.WARNING)
        try:
            options = FusionOptions(model_type)
            for name in CUDA_ONLY:
                setattr(options, name, False)
            with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
                optimised = optimize_model(str(whole), model_type, heads, width, options, opt_level=0)
            optimised.save_model_to_file(str(path))
        finally:
            logging.disable(logging.NOTSET)
            whole.unlink()

    return optimise


def external(model, path):
    """Weights in NAME.data."""
    data = path.with_suffix(".data")
    data.unlink(missing_ok=True)
    onnx.save(model, path, save_as_external_data=True, all_tensors_to_one_file=True, location=data.name, size_threshold=256)
