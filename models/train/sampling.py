"""Images of complete presets in PyTorch, many at a time: every method, as tests/golden/methods.py and methods_newer.py define it.

Those files draw one image in float64, and are where the methods are written down; nothing of their mathematics is repeated here. This one
only makes it fast: each image is drawn by a thread of its own, and what all of them ask of one network is one batch, in bfloat16. The
noise is the application's (tests/golden/philox.py), so a preset's images are those of the page, as far as bfloat16 can tell. TCFG, MAMBO-G
and APG mix need the package diffusers, PLADIS the package entmax.

    python3 models/train/sampling.py [METHOD ...]    # draws all golden runs of the tiny family at once, of these newer methods too, and compares
"""
import functools
import json
import queue
import sys
import threading
from types import SimpleNamespace

import numpy as np
import torch

from network import group_norm, read_state  # noqa: E402
from settings import ROOT  # noqa: E402
from small import load  # noqa: E402
from synthesise import digest  # noqa: E402
from vision import Saliency, VisionTransformer  # noqa: E402

sys.path.insert(0, str(ROOT / "tests/golden"))
import methods  # noqa: E402
import methods_newer  # noqa: E402


class Gate:
    """Where tasks ask networks for rows. When every task that is not done waits, all rows of one kind are evaluated together."""

    def __init__(self):
        self.asked, self.pixels = queue.SimpleQueue(), 0

    def ask(self, network, row):
        answer = queue.SimpleQueue()
        self.asked.put((network, row, answer))
        return answer.get()

    def run(self, tasks):
        """The results of functions without arguments, which run side by side."""
        results = [None] * len(tasks)

        def work(index):
            try:
                results[index] = tasks[index]()
                self.asked.put(None)
            except Exception as error:
                self.asked.put(error)

        for index in range(len(tasks)):
            threading.Thread(target=work, args=(index,), daemon=True).start()
        working = len(tasks)
        while working:
            kinds, waiting = {}, 0
            while waiting < working:
                message = self.asked.get()
                if isinstance(message, Exception):
                    raise message
                if message is None:
                    working -= 1
                else:
                    network, row, answer = message
                    kinds.setdefault((network, row.kind()), []).append((row, answer))
                    waiting += 1
            for (network, _), asked in kinds.items():
                rows, answers = zip(*asked)
                self.pixels += sum(row.x[0].numel() for row in rows)
                for answer, result in zip(answers, network.evaluate(rows)):
                    answer.put(result)
        return results


# Images that are drawn side by side, and rows of a batch that is compiled: 500 and 5,000 are whole batches.
BATCH = 50
COMPILE_HELP = "torch.compile: faster with torch 2.13, after a minute for each size of network; needs a C++ compiler"


class Row(SimpleNamespace):
    """Arguments of methods.Network's call."""

    def kind(self):
        """Rows that may share a batch."""
        return self.x.shape, tuple((layer, control.get("skip")) for layer, control in self.controls.items())


class Rows(methods_newer.NewerNetwork):
    """A network that many threads ask at once. The small layers of the embedding stay double, so that all noise levels are told exactly."""

    gate, device, compiled = None, "cpu", None

    def __init__(self, state, *shape):
        super().__init__(state, *shape)
        small = ("noise_embedding.", "class_embedding.")
        self.w = {key: value if key.startswith(small) else self.stored(key, value).to(self.device) for key, value in self.w.items()}
        self.embeddings, self.own = {}, threading.local()

    @staticmethod
    def stored(key, value):
        if key.split(".")[-2].startswith("norm"):
            return value.float()
        return value.bfloat16().contiguous(memory_format=torch.channels_last) if value.dim() == 4 else value.bfloat16()

    @property
    def maps(self):
        """Of this thread's last row, by layer."""
        return self.own.maps

    def __call__(self, x, noise_level, label, controls, offset):
        image, self.own.maps = self.gate.ask(self, Row(x=x, level=noise_level, label=label, controls=controls, offset=offset))
        return image

    @torch.no_grad()
    def evaluate(self, rows):
        """[(F, maps)] of rows of one kind."""
        for row in rows:
            if row.level not in self.embeddings:
                self.embeddings[row.level] = self.embedding(row.level)
        e = torch.stack([self.condition(self.embeddings[row.level], row.label, row.offset) for row in rows]).bfloat16().to(self.device)
        x = torch.stack([row.x for row in rows]).to(self.device)
        together = {layer: dict(control, rows=[row.controls[layer] for row in rows]) for layer, control in rows[0].controls.items()}
        self.seen, self.controls = [], together
        images = self.compiled if self.compiled and len(rows) == BATCH and not together else self.images
        images = images(x, e, together).float().cpu()
        return [(image, Maps(self.seen, index)) for index, image in enumerate(images)]

    def norm(self, x, name):
        return group_norm(x, self.groups, self.w[f"{name}.weight"], self.w[f"{name}.bias"])

    def conv(self, x, name):
        return super().conv(x.bfloat16(), name)

    def attention(self, x, name, control):
        if "skip" in control:
            return x
        b, c, height, width = x.shape
        q, k, v = self.conv(self.norm(x, f"{name}.norm"), f"{name}.to_qkv").reshape(b, 3, -1, self.head_width, height * width).transpose(3, 4).unbind(1)
        controls = control.get("rows", [control])
        if all(each == controls[0] for each in controls) and not isinstance(controls[0].get("mix"), list) and "nag" not in controls[0]:
            # All heads of all rows are one's heads.
            parts = [attend(*(t.flatten(0, 1) for t in (q, k, v)), controls[0], height, width)]
        else:
            parts = [attend(*row, each, height, width) for *row, each in zip(q, k, v, controls)]
        out, weights = (torch.cat(part) for part in zip(*parts))
        self.seen.append(weights.unflatten(0, (b, -1)))
        return x + self.conv(out.unflatten(0, (b, -1)).transpose(2, 3).reshape(b, c, height, width), f"{name}.to_out")


def attend(q, k, v, control, height, width):
    """In bfloat16, but where torch 1.13 can't pad or pool in it on the CPU, and where a map is made in another way."""
    if "sparse" in control:
        weights = methods_newer.sparse_attention(q.float(), k.float(), *control["sparse"]).bfloat16()
        return weights @ v, weights
    if "querySigma" in control:
        q = methods.blur_queries(q.float(), control["querySigma"], height, width).bfloat16()
        control = {key: value for key, value in control.items() if key != "querySigma"}
    if "smooth" in control:
        q, k, v = q.float(), k.float(), v.float()
    out, weights = (t.bfloat16() for t in methods.attend(q, k, v, control, height, width))
    if "nag" in control:
        side_by_side = [t.float().transpose(0, 1).flatten(1) for t in (out, v)]
        out = methods_newer.nag(*side_by_side, *control["nag"]).unflatten(1, (len(out), -1)).transpose(0, 1).bfloat16()
    return out, weights


class Maps:
    """The attention maps [heads, tokens, tokens] of one row of a batch, by layer."""

    def __init__(self, layers, row):
        self.layers, self.row = layers, row

    def __getitem__(self, layer):
        return self.layers[layer][self.row].float().cpu()


class Run(methods_newer.NewerRun):
    """In single precision, whatever hangs on rounding."""

    margin, dtype = 0, torch.float32


class Sampler:
    """`weights`: {id of a network: file of a state_dict} in place of what is shipped. `compiled`: batches of BATCH rows
    without controls are, once for all networks of a shape: 1.8 times their speed on a core with AMX, torch 2.13 and a C++ compiler."""

    def __init__(self, model_id, weights=None, device="cpu", compiled=False):
        self.gate = Gate()
        of_class = dict(gate=self.gate, device=device, **({"compiled": torch.compile(Rows.images, dynamic=False)} if compiled else {}))
        self.family = OtherWeights(model_id, type("Asked", (Rows,), of_class), weights or {})

    def images(self, preset, indices, run=Run):
        """[n, 3, h, w] of a complete preset: image i has the preset's seed plus i, and if its class is "each", class i over and over."""
        classes = len(self.family.manifest["conditioning"]["classes"])
        if (unknown := [key for key in preset if key.startswith("positive") and preset[key] not in ("none", "same")]):
            raise SystemExit(f"{unknown[0]} is not defined in Python: use npm run evaluate")
        named = {"each": None, "none": None}
        presets = [{**preset, "seed": preset["seed"] + index, "samples": 1, "ema": None if preset["ema"] == "stored" else preset["ema"],
                    "class": index % classes if preset["class"] == "each" else named.get(preset["class"], preset["class"])} for index in indices]
        return torch.stack(self.gate.run([lambda own=own: run(self.family, own)()[1] for own in presets]))

    def evaluations(self, preset):
        """How many evaluations of whole images one image asks for; of its first one, since a method may draw lots."""
        before = self.gate.pixels
        [image] = self.images(preset, range(1))
        return (self.gate.pixels - before) / image[0].numel()


def weights_of(preset, sampler):
    """{id: SHA-256} of the networks that a preset names; of a file given in place of the shipped weights, its own."""
    ids = {term[key] for term in (preset, *preset["stack"]) for key in ("network", "weak", "budget") if key in term}
    shipped = {i: sampler.family.networks[i]["weights"]["sha256"] for i in sorted(ids)}
    return {i: digest(sampler.family.weights[i]) if i in sampler.family.weights else sha for i, sha in shipped.items()}


class OtherWeights(methods.Family):
    def __init__(self, model_id, make, weights):
        super().__init__(model_id, make)
        self.weights = weights

    def state(self, network_id, weights=None):
        if network_id in self.weights:
            return read_state(self.weights[network_id])
        return super().state(network_id, weights)

    @functools.cached_property
    def vision(self):
        return load(Saliency(VisionTransformer()), self.folder, "vision")

    def saliency(self, image):
        """Where the vision transformer looks [h, w], each pixel as its patch."""
        _, height, width = self.shape
        [looked] = self.vision(image[None].float())
        return looked.repeat_interleave(height // len(looked), 0).repeat_interleave(width // looked.shape[1], 1)


def check(newer):
    """Root mean square errors of the final images, as shares of the images: bfloat16 costs about 1 %, more where a mask hangs on rounding."""
    folder, sampler = ROOT / "tests/golden", Sampler("tiny")
    errors = {}
    for file in (folder / "methods-tiny.json", *(folder / f"methods/{method}.json" for method in newer)):
        runs, data = json.loads(file.read_text())["runs"], file.with_suffix(".bin").read_bytes()
        images = sampler.gate.run([lambda preset=run["preset"]: Run(sampler.family, preset)()[1] for run in runs])
        for run, image in zip(runs, images):
            golden = torch.from_numpy(np.frombuffer(data, "<f4", image.numel(), run["final"]["offset"]).copy()).reshape(image.shape)
            errors[run["name"]] = float((image - golden).norm() / golden.norm())
    worst = max(errors, key=errors.get)
    print(f"{len(errors)} golden runs: error {np.median(list(errors.values())):.2%} in the median, at most {errors[worst]:.2%} ({worst})")
    assert errors[worst] < 0.06 and np.median(list(errors.values())) < 0.012


if __name__ == "__main__":
    torch.set_num_threads(1)
    check(sys.argv[1:])
