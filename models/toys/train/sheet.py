"""Draws a sheet of pictures as rows of all classes: python3 models/toys/train/sheet.py OUT FILE.jpg [--rows 10] [--scale 2]"""
import argparse
from pathlib import Path

import numpy as np
from PIL import Image

p = argparse.ArgumentParser(description=__doc__)
p.add_argument("out", help="OUT of generate.py")
p.add_argument("file", type=Path)
p.add_argument("--rows", type=int, default=10)
p.add_argument("--scale", type=int, default=2)
p.add_argument("--quality", type=int, default=88)
a = p.parse_args()
labels = np.fromfile(f"{a.out}.labels", np.uint8)
columns = int(labels.max()) + 1
images = np.fromfile(f"{a.out}.u8", np.uint8, a.rows * columns * 3 * 64 * 64).reshape(-1, columns, 3, 64, 64)
cell = 64 * a.scale + 4
sheet = Image.new("RGB", (cell * columns + 4, cell * len(images) + 4), "white")
for row, pictures in enumerate(images):
    for column, picture in enumerate(pictures):
        image = Image.fromarray(picture.transpose(1, 2, 0)).resize((64 * a.scale,) * 2, Image.LANCZOS)
        sheet.paste(image, (4 + cell * column, 4 + cell * row))
sheet.save(a.file, quality=a.quality, subsampling=0)
