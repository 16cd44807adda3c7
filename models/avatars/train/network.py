"""U-Net for 64x64 avatars: EDM-preconditioned, class-conditional, self-attention at 16x16 and 8x8.

Preconditioning: Karras et al. 2022, "Elucidating the design space of diffusion-based generative models", table 1.
"""
import math
import torch
import torch.nn as nn
import torch.nn.functional as F

SIGMA_DATA = 0.5


def group_norm(x, groups, weight, bias, eps=1e-5):
    """Group norm in single precision of x [b, c, h, w] in any, from sums over channels_last: on the CPU torch 1.13 has no kernel for bf16,
    and a slow one for this order."""
    b, c, h, w = x.shape
    x = x.float().permute(0, 2, 3, 1).reshape(b, h * w, c)
    mean, square = (t.sum(1).reshape(b, groups, -1).sum(2, keepdim=True) * groups / (c * h * w) for t in (x, x.square()))
    scale = (square - mean**2 + eps).rsqrt() * weight.reshape(groups, -1)
    shift = bias.reshape(groups, -1) - mean * scale
    return torch.addcmul(shift.reshape(b, 1, c), x, scale.reshape(b, 1, c)).reshape(b, h, w, c).permute(0, 3, 1, 2)


class GroupNorm(nn.GroupNorm):
    def forward(self, x):
        with torch.autocast("cpu", enabled=False):
            return group_norm(x, self.num_groups, self.weight, self.bias, self.eps)


def zeroed(module):
    nn.init.zeros_(module.weight)
    nn.init.zeros_(module.bias)
    return module


class SelfAttention(nn.Module):
    """Multi-head self-attention over the H*W tokens of x [b, c, h, w]; `perturb(q, k, v) -> out` may replace it."""

    def __init__(self, channels, head_width, groups):
        super().__init__()
        self.heads, self.head_width = channels // head_width, head_width
        self.n = GroupNorm(groups, channels)
        self.qkv = nn.Conv2d(channels, 3 * channels, 1)
        self.o = zeroed(nn.Conv2d(channels, channels, 1))
        self.perturb = None

    def forward(self, x):
        b, c, h, w = x.shape
        q, k, v = self.qkv(self.n(x)).reshape(b, 3, self.heads, self.head_width, h * w).transpose(-1, -2).unbind(1)
        if self.perturb is not None:
            out = self.perturb(q, k, v)
        else:
            out = ((q / math.sqrt(self.head_width)) @ k.transpose(-1, -2)).softmax(-1) @ v
        return x + self.o(out.transpose(-1, -2).reshape(b, c, h, w))


class Residual(nn.Module):
    def __init__(self, c_in, c_out, emb, groups, resample=None):
        super().__init__()
        self.resample = resample
        self.n1, self.c1 = GroupNorm(groups, c_in), nn.Conv2d(c_in, c_out, 3, padding=1)
        self.e = nn.Linear(emb, 2 * c_out)
        self.n2, self.c2 = GroupNorm(groups, c_out), zeroed(nn.Conv2d(c_out, c_out, 3, padding=1))
        self.sk = nn.Conv2d(c_in, c_out, 1) if c_in != c_out else nn.Identity()

    def forward(self, x, e):
        h = F.silu(self.n1(x))
        if self.resample == "down":
            h, x = F.avg_pool2d(h, 2), F.avg_pool2d(x, 2)
        if self.resample == "up":
            h, x = (F.interpolate(t, scale_factor=2.0, mode="nearest") for t in (h, x))
        h = self.c1(h)
        scale, shift = self.e(e)[:, :, None, None].chunk(2, 1)
        return self.sk(x) + self.c2(F.silu(self.n2(h) * (1 + scale) + shift))


class Denoiser(nn.Module):
    """D(x; sigma, y): x [b, 3, 64, 64] in [-1, 1] plus noise, sigma [b], y [b] class index -> denoised [b, 3, 64, 64].

    y = -1 is the null condition: no class embedding at all. Only a network trained with label dropout knows it.
    """

    SIZES = {
        "main": dict(ch=96, c8=192, emb=256),
        # 34 % of main's parameters: the weaker network of autoguidance.
        "small": dict(ch=64, c8=96, emb=256),
        # For tests: the same graph on 16x16 images, tokens on 8x8 and 4x4.
        "tiny": dict(image=16, ch=8, c8=8, emb=16, head_width=4, patch=2, groups=4),
        # Its weaker relative, with half the heads at 8x8.
        "tiny-small": dict(image=16, ch=4, c8=8, emb=16, head_width=4, patch=2, groups=4),
    }

    def __init__(self, image=64, ch=96, c8=192, emb=256, head_width=32, patch=4, groups=8, classes=10):
        super().__init__()
        self.image, self.patch, self.ch = image, patch, ch
        pixels = 3 * patch * patch
        self.map = nn.Sequential(nn.Linear(ch, emb), nn.SiLU(), nn.Linear(emb, emb))
        self.cls = nn.Embedding(classes, emb)
        self.inp = nn.Conv2d(pixels, ch, 3, padding=1)
        self.d16 = nn.ModuleList([Residual(ch, ch, emb, groups) for _ in range(2)])
        self.a16 = nn.ModuleList([SelfAttention(ch, head_width, groups) for _ in range(2)])
        self.dn = Residual(ch, c8, emb, groups, "down")
        self.d8, self.a8 = nn.ModuleList([Residual(c8, c8, emb, groups)]), nn.ModuleList([SelfAttention(c8, head_width, groups)])
        self.m1, self.ma, self.m2 = Residual(c8, c8, emb, groups), SelfAttention(c8, head_width, groups), Residual(c8, c8, emb, groups)
        self.u8, self.ua8 = nn.ModuleList([Residual(2 * c8, c8, emb, groups)]), nn.ModuleList([SelfAttention(c8, head_width, groups)])
        self.up = Residual(c8, ch, emb, groups, "up")
        self.u16 = nn.ModuleList([Residual(2 * ch, ch, emb, groups) for _ in range(2)])
        self.ua16 = nn.ModuleList([SelfAttention(ch, head_width, groups) for _ in range(2)])
        self.on, self.out = GroupNorm(groups, ch), zeroed(nn.Conv2d(ch, pixels, 3, padding=1))

    def attention_layers(self):
        return [*self.a16, *self.a8, self.ma, *self.ua8, *self.ua16]

    def forward(self, x, sigma, y):
        s = sigma.reshape(-1, 1, 1, 1)
        c_skip = SIGMA_DATA**2 / (s**2 + SIGMA_DATA**2)
        c_out = s * SIGMA_DATA / (s**2 + SIGMA_DATA**2).sqrt()
        c_in = 1 / (SIGMA_DATA**2 + s**2).sqrt()
        half = self.ch // 2
        freqs = torch.exp(-math.log(10000) * torch.arange(half, device=x.device) / half) * 1000
        phase = (sigma.log() / 4).reshape(-1, 1) * freqs
        label = self.cls(y.clamp(min=0)) * (y >= 0).unsqueeze(-1)
        e = F.silu(self.map(torch.cat([phase.cos(), phase.sin()], 1)) + label)
        h, skips = self.inp(F.pixel_unshuffle(x * c_in, self.patch)), []
        for block, attn in zip(self.d16, self.a16):
            h = attn(block(h, e)); skips.append(h)
        h = self.dn(h, e)
        for block, attn in zip(self.d8, self.a8):
            h = attn(block(h, e)); skips.append(h)
        h = self.m2(self.ma(self.m1(h, e)), e)
        for block, attn in zip(self.u8, self.ua8):
            h = attn(block(torch.cat([h, skips.pop()], 1), e))
        h = self.up(h, e)
        for block, attn in zip(self.u16, self.ua16):
            h = attn(block(torch.cat([h, skips.pop()], 1), e))
        return c_skip * x + c_out * F.pixel_shuffle(self.out(F.silu(self.on(h))), self.patch).float()
