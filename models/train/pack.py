"""A family's pictures as a few files without loss, to carry them to another machine: WebP takes a third of the bytes.

    python3 models/train/pack.py pack OUT DIR [--count N]    # OUT.u8 and OUT.labels of a generator, into files of at most 24 MB
    python3 models/train/pack.py unpack DIR OUT              # all that lie there
"""
import argparse
import io
import sys
from pathlib import Path

import numpy as np
from PIL import Image

# What a static host takes in a file.
LIMIT = 24_000_000


def side(images, labels):
    """Of square pictures of three channels, from how many bytes there are."""
    return int(round((len(images) / len(labels) / 3) ** 0.5))


def encoded(picture):
    """WebP of uint8 [3, side, side]."""
    stream = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(picture.transpose(1, 2, 0))).save(stream, "WEBP", lossless=True, quality=60, method=2)
    return stream.getvalue()


def write(path, labels, codes):
    np.savez(path, labels=labels, lengths=np.array([len(code) for code in codes], np.uint32), codes=np.frombuffer(b"".join(codes), np.uint8))


def pack(out, folder, count):
    labels, raw = np.fromfile(f"{out}.labels", np.uint8), np.fromfile(f"{out}.u8", np.uint8)
    pictures = raw.reshape(len(labels), 3, side(raw, labels), -1)[:count]
    folder.mkdir(parents=True, exist_ok=True)
    codes, begun, size, files = [], 0, 0, 0
    for index, picture in enumerate(pictures):
        codes.append(encoded(picture))
        size += len(codes[-1])
        if size > LIMIT - 100_000 or index == len(pictures) - 1:
            write(folder / f"{files:02d}.npz", labels[begun:index + 1], codes)
            print(f"{files:02d}.npz: {len(codes)} pictures, {size} bytes", flush=True)
            codes, begun, size, files = [], index + 1, 0, files + 1


def unpack(folder, out):
    out.parent.mkdir(parents=True, exist_ok=True)
    with open(f"{out}.u8", "wb") as pictures, open(f"{out}.labels", "wb") as labels:
        for path in sorted(folder.glob("*.npz")):
            file = np.load(path)
            labels.write(file["labels"].tobytes())
            ends = np.cumsum(file["lengths"], dtype=np.int64)
            codes = file["codes"].tobytes()
            for start, end in zip(ends - file["lengths"], ends):
                picture = np.asarray(Image.open(io.BytesIO(codes[start:end])).convert("RGB"))
                pictures.write(np.ascontiguousarray(picture.transpose(2, 0, 1)).tobytes())


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("what", choices=["pack", "unpack"])
    p.add_argument("source", type=Path)
    p.add_argument("target", type=Path)
    p.add_argument("--count", type=int)
    a = p.parse_args()
    return pack(a.source, a.target, a.count) if a.what == "pack" else unpack(a.source, a.target)


if __name__ == "__main__":
    sys.exit(main())
