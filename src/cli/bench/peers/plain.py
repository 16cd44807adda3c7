"""The loop that a person writes: PAG with onnxruntime, in two sessions or in one batch. Reads orders line by line, and times itself."""

import base64
import json
import sys
import time
from pathlib import Path

import numpy
import onnxruntime


def main(path, threads):
    work = json.loads(Path(path).read_text())
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    load = lambda name: onnxruntime.InferenceSession(
        str(Path(path).parent / work[name]), options, providers=["CPUExecutionProvider"]
    )
    plain, controlled = load("plain"), load("controlled")
    array = lambda entry: numpy.array(entry["data"], numpy.float32).reshape(1, *entry["dims"])
    controls = {kind: {name: array(entry) for name, entry in of.items()} for kind, of in work["controls"].items()}
    steps = [
        {**step, "told": {name: array(entry) for name, entry in step["told"].items()}} for step in work["steps"]
    ]

    def denoise(session, step, xs, kinds=None):
        """D of each x; `kinds` says of the controlled graph which are negatives."""
        x = numpy.concatenate(xs)
        feeds = {work["sample"]: (step["scale"] * x + step["shift"]).astype(numpy.float32)}
        for name, told in step["told"].items():
            feeds[name] = numpy.repeat(told, len(xs), axis=0)
        for name in controls["positive"] if kinds else ():
            feeds[name] = numpy.concatenate([controls[kind][name] for kind in kinds])
        (output,) = session.run([work["output"]], feeds)
        d = step["skip"] * x + step["out"] * output + step["offset"]
        return numpy.split(d.astype(numpy.float32), len(xs))

    def euler(step, x, d):
        return d + (x - d) * numpy.float32(step["next"] / step["sigma"])

    def sample(alone, batch):
        """Three trajectories, or the guided one only: two runs a step, or one."""
        start = numpy.array(work["x"], numpy.float32).reshape(1, *work["dims"])
        positive = negative = guided = start
        kinds = ["positive", "negative"] * (2 if alone else 1)
        for step in steps:
            if batch:
                xs = [positive, negative, guided, guided] if alone else [guided, guided]
                ds = denoise(controlled, step, xs, kinds)
            else:
                plus = denoise(plain, step, [positive, guided] if alone else [guided])
                minus = denoise(
                    controlled, step, [negative, guided] if alone else [guided], ["negative"] * len(plus)
                )
                ds = [d for pair in zip(plus, minus) for d in pair]
            if alone:
                positive, negative = euler(step, positive, ds[0]), euler(step, negative, ds[1])
            guided = euler(step, guided, ds[-2] + numpy.float32(work["guidance"]) * (ds[-2] - ds[-1]))
        return guided

    print(json.dumps({"version": onnxruntime.__version__}), flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        began, used = time.perf_counter(), time.process_time()
        picture = sample(order["alone"], order["batch"])
        answer = {"ms": 1000 * (time.perf_counter() - began), "cpu": 1000 * (time.process_time() - used)}
        answer["picture"] = base64.b64encode(picture.tobytes()).decode()
        print(json.dumps(answer), flush=True)


main(sys.argv[1], int(sys.argv[2]))
