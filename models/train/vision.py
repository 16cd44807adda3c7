"""A tiny self-supervised vision transformer of a family's pictures: says where an image's content is, for SAG's masking strategy "DINO".

    python3 models/train/vision.py FAMILY [--samples 60000]     # trains, writes vision.onnx, vision.fp16.bin and the manifest's entry
    python3 models/train/vision.py FAMILY --sheet FILE.png  # saliency over pictures of --data, from the shipped files

Self-distillation without labels (Caron et al. 2021, "Emerging properties in self-supervised vision transformers",
arXiv 2104.14294): the student's answers about crops of an image are drawn to those of its own average, the teacher, about
other crops; the teacher's answers are centred and sharpened. Here: 64x64 images in 8x8 patches, two global crops (64x64) and
three local ones (32x32), changed in colour; what is shipped is the teacher.

The graph: image [rows, 3, 64, 64] in [-1, 1] -> saliency [rows, 8, 8], the attention of the class token to each patch in the
last layer (softmax over the patches), mean over heads.
"""
import argparse
import copy
import json
import math
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from PIL import Image

from settings import Family, families
from small import described, load, ship
from train import with_huge_pages

PATCH, GRID, WIDTH, HEADS, LAYERS = 8, 8, 96, 3, 3
GLOBAL, LOCAL, LOCAL_SIZE, PROTOTYPES = 2, 3, 32, 512
STUDENT_TEMPERATURE, TEACHER_TEMPERATURE, CENTRE_MOMENTUM = 0.1, 0.04, 0.9


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.n1, self.qkv, self.o = nn.LayerNorm(WIDTH), nn.Linear(WIDTH, 3 * WIDTH), nn.Linear(WIDTH, WIDTH)
        self.n2, self.up, self.down = nn.LayerNorm(WIDTH), nn.Linear(WIDTH, 4 * WIDTH), nn.Linear(4 * WIDTH, WIDTH)

    def heads(self, x):
        tokens = x.shape[1]
        return self.qkv(self.n1(x)).reshape(-1, tokens, 3, HEADS, WIDTH // HEADS).permute(2, 0, 3, 1, 4).unbind(0)

    def forward(self, x):
        q, k, v = self.heads(x)
        a = (q @ k.transpose(-1, -2) / math.sqrt(WIDTH // HEADS)).softmax(-1) @ v
        x = x + self.o(a.transpose(1, 2).reshape(-1, x.shape[1], WIDTH))
        return x + self.down(F.gelu(self.up(self.n2(x))))

    def saliency(self, x):
        q, k, _ = self.heads(x)
        return (q[:, :, :1] @ k[:, :, 1:].transpose(-1, -2) / math.sqrt(WIDTH // HEADS)).softmax(-1).mean(1)


class VisionTransformer(nn.Module):
    """Images [b, 3, h, w] in [-1, 1] -> the class token [b, WIDTH]; `saliency` gives its attention to the patches [b, GRID, GRID]."""

    def __init__(self):
        super().__init__()
        self.patch = nn.Conv2d(3, WIDTH, PATCH, PATCH)
        self.token = nn.Parameter(torch.randn(1, 1, WIDTH) * 0.02)
        self.token_place = nn.Parameter(torch.randn(1, 1, WIDTH) * 0.02)
        self.place = nn.Parameter(torch.randn(1, WIDTH, GRID, GRID) * 0.02)
        self.blocks = nn.ModuleList([Block() for _ in range(LAYERS)])
        self.norm = nn.LayerNorm(WIDTH)

    def tokens(self, images):
        patches = self.patch(images)
        place = self.place if patches.shape[-1] == GRID else F.interpolate(self.place, size=patches.shape[-2:], mode="bicubic", align_corners=False)
        patches = (patches + place).flatten(2).transpose(1, 2)
        # A sum with zeros, where expand() would make the exported graph compute shapes.
        return torch.cat([patches[:, :1] * 0 + self.token + self.token_place, patches], 1)

    def forward(self, images):
        x = self.tokens(images)
        for block in self.blocks:
            x = block(x)
        return self.norm(x)[:, 0]

    def saliency(self, images):
        x = self.tokens(images)
        for block in self.blocks[:-1]:
            x = block(x)
        return self.blocks[-1].saliency(x).reshape(-1, GRID, GRID)


class Head(nn.Module):
    def __init__(self):
        super().__init__()
        self.mlp = nn.Sequential(nn.Linear(WIDTH, 256), nn.GELU(), nn.Linear(256, 64))
        self.prototypes = nn.Parameter(torch.randn(64, PROTOTYPES))

    def forward(self, x):
        return F.normalize(self.mlp(x), dim=-1) @ F.normalize(self.prototypes, dim=0)


class Saliency(nn.Module):
    def __init__(self, net):
        super().__init__()
        self.net = net

    def forward(self, image):
        return self.net.saliency(image)


def crops(images, size, area):
    """A random crop of each image [b, 3, size, size], mirrored half the time; `area`: range of its share of the image."""
    b = len(images)
    share = (torch.rand(b) * (area[1] - area[0]) + area[0]).sqrt()
    aspect = ((torch.rand(b) * 2 - 1) * math.log(4 / 3) / 2).exp()
    w, h = (share * aspect).clamp(max=1), (share / aspect).clamp(max=1)
    mirror = (torch.rand(b) < 0.5).float() * 2 - 1
    zero = torch.zeros(b)
    theta = torch.stack([torch.stack([w * mirror, zero, (torch.rand(b) * 2 - 1) * (1 - w)], 1),
                         torch.stack([zero, h, (torch.rand(b) * 2 - 1) * (1 - h)], 1)], 1)
    return F.grid_sample(images, F.affine_grid(theta, (b, 3, size, size), align_corners=False), padding_mode="reflection", align_corners=False)


def recoloured(x):
    """Random hue (a rotation about grey), saturation (0 a fifth of the time), contrast and brightness of each image."""
    b = len(x)
    angle, keep = (torch.rand(b) * 2 - 1) * math.pi, (torch.rand(b) * 1.2 + 0.4) * (torch.rand(b) > 0.2)
    grey = torch.full((3, 3), 1 / 3)
    turn = torch.tensor([[0.0, -1, 1], [1, 0, -1], [-1, 1, 0]]) / math.sqrt(3)
    cos, sin = angle.cos()[:, None, None], angle.sin()[:, None, None]
    matrix = grey + keep[:, None, None] * (cos * (torch.eye(3) - grey) + sin * turn)
    contrast, brightness = torch.rand(b) * 0.8 + 0.6, (torch.rand(b) * 2 - 1) * 0.3
    return (torch.einsum("bij,bjhw->bihw", matrix * contrast[:, None, None], x) + brightness[:, None, None, None]).clamp(-1, 1)


def train(a):
    torch.manual_seed(a.seed)
    images = torch.from_numpy(np.fromfile(f"{a.data}.u8", np.uint8)).reshape(-1, 3, 64, 64)
    student = nn.ModuleDict(dict(net=VisionTransformer(), head=Head()))
    teacher = copy.deepcopy(student).requires_grad_(False)
    centre = torch.zeros(PROTOTYPES)
    opt = torch.optim.AdamW(student.parameters(), lr=1e-3, weight_decay=0.04)
    started, running, entropies = time.time(), [], []
    steps = a.samples // a.batch
    for step in range(steps):
        share = step / steps
        for group in opt.param_groups:
            group["lr"] = 1e-3 * min(1, (step + 1) / 100) * (0.5 + 0.5 * math.cos(math.pi * share))
        x = images[torch.randint(0, len(images), (a.batch,))].float() / 127.5 - 1
        wide = [recoloured(crops(x, 64, (0.5, 1))) for _ in range(GLOBAL)]
        near = [recoloured(crops(x, LOCAL_SIZE, (0.1, 0.4))) for _ in range(LOCAL)]
        with torch.autocast("cpu", dtype=torch.bfloat16):
            seen = torch.cat([student["net"](torch.cat(wide)), student["net"](torch.cat(near))]).float()
            with torch.no_grad():
                told = teacher["net"](torch.cat(wide)).float()
        answers = (student["head"](seen) / STUDENT_TEMPERATURE).log_softmax(-1).chunk(GLOBAL + LOCAL)
        with torch.no_grad():
            raw = teacher["head"](told)
            wanted = ((raw - centre) / TEACHER_TEMPERATURE).softmax(-1)
            centre.mul_(CENTRE_MOMENTUM).add_(raw.mean(0), alpha=1 - CENTRE_MOMENTUM)
            spread = wanted.mean(0)
            entropies.append([-(wanted * (wanted + 1e-9).log()).sum(-1).mean().item(), -(spread * (spread + 1e-9).log()).sum().item()])
        pairs = [-(target * answer).sum(-1).mean() for i, target in enumerate(wanted.chunk(GLOBAL)) for j, answer in enumerate(answers) if i != j]
        loss = torch.stack(pairs).mean()
        opt.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(student.parameters(), 3.0)
        opt.step()
        momentum = 1 - (1 - 0.99) * (0.5 + 0.5 * math.cos(math.pi * share))
        with torch.no_grad():
            torch._foreach_mul_(list(teacher.parameters()), momentum)
            torch._foreach_add_(list(teacher.parameters()), list(student.parameters()), alpha=1 - momentum)
        running.append(loss.item())
        if step % 50 == 49:
            # Collapse shows as equal entropies: of one answer, and of their mean.
            one, mean = np.mean(entropies[-50:], 0)
            print(f"{(step + 1) * a.batch} images, loss {np.mean(running):.3f}, entropy {one:.2f} of one, {mean:.2f} of the mean, {time.time() - started:.0f} s", flush=True)
            running = []
    return teacher["net"].eval(), dict(images=steps * a.batch, seconds=round(time.time() - started), seed=a.seed)


def enter(out):
    """The manifest's entry `vision`; the rest of the manifest stays."""
    path = out / "manifest.json"
    manifest = json.loads(path.read_text())
    manifest["vision"] = dict(graph=described(out / "vision.onnx"), weights=described(out / "vision.fp16.bin"), height=GRID, width=GRID)
    path.write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n")


def draw_sheet(net, data, path):
    """Rows of three: pictures, their saliency, and the pictures darkened where it is low."""
    images = torch.from_numpy(np.fromfile(f"{data}.u8", np.uint8, 40 * 3 * 64 * 64)).reshape(-1, 3, 64, 64)
    with torch.no_grad():
        maps = net(images.float() / 127.5 - 1)
    shown = F.interpolate((maps / maps.amax((1, 2), keepdim=True))[:, None], scale_factor=8.0, mode="nearest")
    strips = []
    for first in range(0, 40, 10):
        for row in (images[first:first + 10].float(), shown[first:first + 10].expand(-1, 3, -1, -1) * 255,
                    images[first:first + 10] * (0.15 + 0.85 * shown[first:first + 10])):
            strips.append(row.permute(2, 0, 3, 1).reshape(64, 640, 3))
    Image.fromarray(torch.cat(strips).byte().numpy()).resize((1280, 1536), 0).save(path)


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("family", choices=families())
    p.add_argument("--data", type=Path, help="OUT of the generator; default its split `train`")
    p.add_argument("--out", type=Path, help="default models/FAMILY")
    p.add_argument("--samples", type=int, default=60_000, help="training length, in images seen")
    p.add_argument("--batch", type=int, default=64)
    p.add_argument("--seed", type=int, default=0)
    p.add_argument("--sheet", type=Path, help="train nothing; draw this picture")
    a = p.parse_args()
    family = Family(a.family)
    a.data, a.out = a.data or family.data("train"), a.out or family.folder
    with_huge_pages()
    torch.set_num_threads(1)
    if a.sheet:
        return draw_sheet(load(Saliency(VisionTransformer()), a.out, "vision"), a.data, a.sheet)
    net, facts = train(a)
    ship(Saliency(net.requires_grad_(False)), torch.zeros(2, 3, 64, 64), a.out, "vision", ["saliency"])
    enter(a.out)
    print(json.dumps(facts))


if __name__ == "__main__":
    main()
