"""Renders the toys data set with POV-Ray: 64x64 RGB, a class each in turn. Resumable: run the same command again.

    python3 models/toys/train/generate.py --split train --count 20000 --out .cache/toys/train

draws pictures FIRST, FIRST + 1 ... of a split, and writes OUT.u8 (uint8 [count, 3, 64, 64]), OUT.labels (uint8 [count]), OUT.attributes.json, what was
drawn: for each class the names of its features and their values, and OUT.attributes (uint8 [count, width]), the value's index under each feature of
the picture's class, 255 for none, and OUT.scenes.jsonl, the exact numbers. Picture i of a split is drawn from the seed `SPLIT-i`, so that `heldout` is
never seen in training. Pictures are rendered twice as large, and averaged in linear light.
"""
import argparse
import importlib
import json
import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
from scene import Draw, studio  # noqa: E402

SIZE, LARGER, CHUNK = 64, 2, 50
CLASSES = [each["name"] for each in json.loads((HERE / "family.json").read_text())["classes"]]
TOYS = [importlib.import_module(f"toys.{name.split()[0].lower()}") for name in CLASSES]


def picture(split, number):
    """What POV-Ray reads of a picture, and what was drawn."""
    draw, label = Draw(f"{split}-{number}"), number % len(TOYS)
    toy, palette = TOYS[label].build(draw)
    return studio(draw, palette, toy), label, draw


def rendered(source, folder, count):
    """uint8 [count, 3, SIZE, SIZE] of the scenes 0.pov, 1.pov ... in a folder."""
    (folder / "all.pov").write_text('#include concat(str(frame_number, 0, 0), ".pov")\n')
    side = SIZE * LARGER
    command = ["povray", "+Iall.pov", "+Oout.ppm", f"+W{side}", f"+H{side}", "-A", "-D", "-GA", "+WT1", "+FP16", "File_Gamma=1.0", "+KFI1", f"+KFF{count}",
               "+KI1", f"+KF{count}"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"POV-Ray failed on {source}:\n{done.stderr[-3000:]}")
    return np.stack([downsampled(path) for path in sorted(folder.glob("out*.ppm"))])


def downsampled(path):
    """sRGB bytes of a linear 16-bit PPM, each pixel the mean of LARGER x LARGER."""
    side = SIZE * LARGER
    linear = np.frombuffer(path.read_bytes()[-6 * side * side:], ">u2").reshape(SIZE, LARGER, SIZE, LARGER, 3).mean((1, 3)) / 65535
    srgb = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    return (srgb * 255).round().clip(0, 255).astype(np.uint8).transpose(2, 0, 1)


def chunk(split, first, count, path):
    """Renders pictures first, first + 1 ... into a file, whole at once."""
    with tempfile.TemporaryDirectory() as folder:
        for i in range(count):
            source = picture(split, first + i)[0]
            Path(folder, f"{i + 1}.pov").write_text(source)
        images = rendered(f"{split}-{first} to {split}-{first + count - 1}", Path(folder), count)
    part = path.with_suffix(f".{os.getpid()}")
    part.write_bytes(images.tobytes())
    part.replace(path)


def write_attributes(split, numbers, out):
    """Features and values of a class in the order in which its toy draws them; `values` of all pictures of the class agree."""
    features, rows = [{} for _ in TOYS], []
    with open(f"{out}.scenes.jsonl", "w") as scenes:
        for number in numbers:
            _, label, draw = picture(split, number)
            for name, values in draw.values.items():
                assert features[label].setdefault(name, values) == values, f"{name} of {CLASSES[label]} has other values"
            scenes.write(json.dumps({"class": CLASSES[label], **draw.told}) + "\n")
            rows.append((label, draw.index))
    order = [list(each) for each in features]
    table = np.full((len(numbers), max(map(len, order))), 255, np.uint8)
    for row, (label, index) in zip(table, rows):
        for name, value in index.items():
            row[order[label].index(name)] = value
    table.tofile(f"{out}.attributes")
    told = [dict(name=name, features=[dict(name=key, values=values) for key, values in each.items()]) for name, each in zip(CLASSES, features)]
    Path(f"{out}.attributes.json").write_text(json.dumps(dict(width=table.shape[1], classes=told), indent=1) + "\n")


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--split", default="train")
    p.add_argument("--first", type=int, default=0, help="number of the first picture, a multiple of 50")
    p.add_argument("--count", type=int, default=50_000)
    p.add_argument("--out", type=Path, help="default .cache/toys/SPLIT")
    p.add_argument("--processes", type=int, default=1)
    a = p.parse_args()
    if a.first % CHUNK:
        p.error(f"--first {a.first} is no multiple of {CHUNK}")
    out = a.out or Path(".cache/toys") / a.split
    parts = Path(f"{out}.parts")
    parts.mkdir(parents=True, exist_ok=True)
    end = a.first + a.count
    wanted = {first: parts / f"{first:06d}-{min(CHUNK, end - first)}.u8" for first in range(a.first, end, CHUNK)}
    missing = [first for first, path in wanted.items() if not path.exists()]
    started, done = time.time(), 0
    os.nice(19)
    with ThreadPoolExecutor(a.processes) as pool:
        for _ in pool.map(lambda first: chunk(a.split, first, min(CHUNK, end - first), wanted[first]), missing):
            done += CHUNK
            if done % (10 * CHUNK) == 0:
                print(f"{done} of {len(missing) * CHUNK} pictures, {(time.time() - started) / done * 1000:.0f} ms each", flush=True)
    with open(f"{out}.u8", "wb") as stream:
        for path in wanted.values():
            stream.write(path.read_bytes())
    (np.arange(a.first, end) % len(TOYS)).astype(np.uint8).tofile(f"{out}.labels")
    write_attributes(a.split, range(a.first, end), out)


if __name__ == "__main__":
    main()
