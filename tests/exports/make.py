"""Makes the exports that the tests open, each with PyTorch's answers beside it.

    PYTHON tests/exports/make.py OUT             all of them
    PYTHON tests/exports/make.py OUT unet dit    those whose names contain one of the words
    PYTHON tests/exports/make.py OUT --quick     those that `npm test` makes
    PYTHON tests/exports/make.py --list

README.md beside this file says what is in a file.
"""
import argparse
import os
import sys
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Callable

os.environ.setdefault("OMP_NUM_THREADS", "1")
import onnx
import torch

import diffusers_nets as diffusers
import export
import library_nets as library
import odd_nets as odd
import paper_nets as paper
import transformer_nets as transformers
import transforms
import truth

LEGACY, DYNAMO = "legacy", "dynamo"


@dataclass
class Export:
    network: Callable
    exporter: str
    opset: int
    after: Callable | None = None  # what is done to the file
    batch: int | None = None  # the number of rows, if it is fixed
    quick: bool = True


slow = partial(Export, quick=False)
old_conditional = partial(diffusers.conditional_unet, old=True)

EXPORTS = {
    "unet-legacy17": Export(diffusers.unet, LEGACY, 17),
    "unet-old-legacy17": Export(partial(diffusers.unet, old=True), LEGACY, 17),
    "unet-dynamo20": slow(diffusers.unet, DYNAMO, 20),
    "unet-dynamo23": slow(diffusers.unet, DYNAMO, 23),
    "unet-legacy17-half": Export(diffusers.unet, LEGACY, 17, transforms.half),
    "unet-legacy18-extended": Export(diffusers.unet, LEGACY, 18, transforms.extended),
    "conditional-unet-legacy17": Export(diffusers.conditional_unet, LEGACY, 17),
    "conditional-unet-old-dynamo18": slow(old_conditional, DYNAMO, 18),
    "conditional-unet-old-legacy17-fused": Export(old_conditional, LEGACY, 17, transforms.fused("unet")),
    "dit-legacy18": Export(diffusers.dit, LEGACY, 18),
    "dit-dynamo23": Export(diffusers.dit, DYNAMO, 23),
    "dit-legacy17-int8": Export(diffusers.dit, LEGACY, 17, transforms.int8),
    "dit-legacy17-extended": Export(diffusers.dit, LEGACY, 17, transforms.extended),
    "sd3-legacy20": Export(diffusers.sd3, LEGACY, 20),
    "sd3-dynamo23": slow(diffusers.sd3, DYNAMO, 23),
    "sd3-legacy17-fused": Export(partial(diffusers.sd3, dual=False), LEGACY, 17, transforms.fused("mmdit", 2, 16)),
    "flux-legacy17": Export(diffusers.flux, LEGACY, 17),
    "flux-dynamo18": slow(diffusers.flux, DYNAMO, 18),
    "added-legacy17": slow(diffusers.added, LEGACY, 17),
    "added-old-dynamo18": slow(partial(diffusers.added, old=True), DYNAMO, 18),
    "added-image-dynamo20": slow(partial(diffusers.added, image=True), DYNAMO, 20),
    "cascade-legacy17": Export(diffusers.cascade, LEGACY, 17),
    "cascade-dynamo23": slow(diffusers.cascade, DYNAMO, 23),
    "pixart-legacy17": Export(transformers.pixart, LEGACY, 17),
    "auraflow-legacy17": Export(transformers.auraflow, LEGACY, 17),
    "auraflow-dynamo23": slow(transformers.auraflow, DYNAMO, 23),
    "prx-legacy17": Export(transformers.prx, LEGACY, 17),
    "prx-dynamo23": slow(transformers.prx, DYNAMO, 23),
    "sana-legacy17": Export(transformers.sana, LEGACY, 17),
    "vit-legacy17": Export(library.vit, LEGACY, 17),
    "vit-dynamo23": Export(partial(library.vit, one_call=True), DYNAMO, 23),
    "swin-legacy18": Export(library.swin, LEGACY, 18),
    "swin-dynamo20": slow(library.swin, DYNAMO, 20),
    "monai-legacy17": Export(library.monai, LEGACY, 17),
    "monai-conditional-legacy20": Export(partial(library.monai, conditional=True), LEGACY, 20),
    "monai-dynamo18": slow(library.monai, DYNAMO, 18),
    "edm-legacy17": Export(paper.edm, LEGACY, 17),
    "edm-dynamo18": Export(paper.edm, DYNAMO, 18),
    "edm-legacy17-half-inside": Export(paper.edm, LEGACY, 17, transforms.half_inside),
    "adm-heads-first-legacy17": Export(paper.adm, LEGACY, 17),
    "adm-heads-last-dynamo20": Export(partial(paper.adm, legacy=False), DYNAMO, 20),
    "ldm-legacy17": Export(paper.ldm, LEGACY, 17),
    "ldm-dynamo20": slow(paper.ldm, DYNAMO, 20),
    "score-sde-legacy18": Export(paper.score, LEGACY, 18),
    "score-sde-dynamo23": slow(paper.score, DYNAMO, 23),
    "uvit-legacy20": Export(paper.uvit, LEGACY, 20),
    "uvit-dynamo18": slow(paper.uvit, DYNAMO, 18),
    "hdit-legacy17-external": Export(paper.hdit, LEGACY, 17, transforms.external),
    "hdit-dynamo23": slow(paper.hdit, DYNAMO, 23),
    "bert-legacy17-fused": Export(odd.bert, LEGACY, 17, transforms.fused("bert", 2, 16)),
    "forms-legacy17": Export(odd.forms, LEGACY, 17),
    "forms-dynamo20": slow(odd.forms, DYNAMO, 20),
    "written-legacy17": Export(odd.written, LEGACY, 17),
    "written-dynamo20": slow(odd.written, DYNAMO, 20),
    "memory-legacy17": Export(odd.memory, LEGACY, 17),
    "memory-dynamo23": slow(odd.memory, DYNAMO, 23),
    "no-softmax-legacy17": Export(odd.no_softmax, LEGACY, 17),
    "no-softmax-dynamo20": slow(odd.no_softmax, DYNAMO, 20),
    "two-rows-legacy17": Export(odd.fixed, LEGACY, 17, batch=2),
    "one-row-dynamo20": Export(odd.fixed, DYNAMO, 20, batch=1),
}


def make(name, folder):
    """Writes the files of one export; returns its bytes, the smallest effect of a change, and how far onnxruntime is from PyTorch."""
    entry = EXPORTS[name]
    network, path = entry.network(), folder / f"{name}.onnx"
    model = export.exported(network, entry.exporter, entry.opset, entry.batch)
    (entry.after or onnx.save)(model, path)
    return path.stat().st_size, *truth.write(network, path, {"exporter": entry.exporter, "opset": entry.opset, "batch": entry.batch})


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path, nargs="?")
    parser.add_argument("words", nargs="*")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--quick", action="store_true")
    a = parser.parse_args()
    names = [name for name in EXPORTS if EXPORTS[name].quick or not a.quick]
    names = [name for name in names if not a.words or any(word in name for word in a.words)]
    if a.list or not a.out:
        print("\n".join(names))
        return
    torch.set_num_threads(1)
    a.out.mkdir(parents=True, exist_ok=True)
    failed = 0
    for name in names:
        began = time.process_time()
        try:
            size, effect, error = make(name, a.out)
            print(f"{name}: {size / 1000:.0f} kB, effects from {effect:.3f} deviations, {error:.1e} off PyTorch, {time.process_time() - began:.1f} s", flush=True)
        except Exception as error:
            failed += 1
            print(f"{name}: FAILED {type(error).__name__} {str(error)[-1200:]}", flush=True)
    print(f"{len(names) - failed} made, {failed} failed")
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
