"""The U-Net of every family, as it is trained: EDM-preconditioned, told noise level and class, self-attention on both of its grids.

Preconditioning: Karras et al. 2022, "Elucidating the design space of diffusion-based generative models", table 1.
"""
import math
import re

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


def convolution(channels_in, channels_out, separable):
    """3x3: whole, or of each channel alone and then of all channels at each pixel. No bias is between these two, so that leaving out
    channels before the first or the second is one."""
    if not separable:
        return nn.Conv2d(channels_in, channels_out, 3, padding=1)
    alone = nn.Conv2d(channels_in, channels_in, 3, padding=1, groups=channels_in, bias=False)
    return nn.Sequential(alone, nn.Conv2d(channels_in, channels_out, 1))


class SelfAttention(nn.Module):
    """Multi-head self-attention over the h*w tokens of x [b, c, h, w]."""

    def __init__(self, channels, head_width, groups):
        super().__init__()
        self.heads, self.head_width = channels // head_width, head_width
        self.norm = GroupNorm(groups, channels)
        self.to_qkv = nn.Conv2d(channels, 3 * channels, 1)
        self.to_out = zeroed(nn.Conv2d(channels, channels, 1))

    def forward(self, x):
        b, c, h, w = x.shape
        q, k, v = self.to_qkv(self.norm(x)).reshape(b, 3, self.heads, self.head_width, h * w).transpose(-1, -2).unbind(1)
        out = ((q / math.sqrt(self.head_width)) @ k.transpose(-1, -2)).softmax(-1) @ v
        return x + self.to_out(out.transpose(-1, -2).reshape(b, c, h, w))


class Residual(nn.Module):
    """Two convolutions; the second norm is scaled and shifted by what the embedding says."""

    def __init__(self, channels_in, channels_out, embedding, groups, separable, resample=None):
        super().__init__()
        self.resample = resample
        self.norm_in, self.conv_in = GroupNorm(groups, channels_in), convolution(channels_in, channels_out, separable)
        self.scale_shift = nn.Linear(embedding, 2 * channels_out)
        self.norm_out, self.conv_out = GroupNorm(groups, channels_out), convolution(channels_out, channels_out, separable)
        zeroed(self.conv_out[1] if separable else self.conv_out)
        self.skip = nn.Conv2d(channels_in, channels_out, 1) if channels_in != channels_out else nn.Identity()

    def forward(self, x, e):
        h = F.silu(self.norm_in(x))
        if self.resample == "down":
            h, x = F.avg_pool2d(h, 2), F.avg_pool2d(x, 2)
        if self.resample == "up":
            h, x = (F.interpolate(t, scale_factor=2.0, mode="nearest") for t in (h, x))
        h = self.conv_in(h)
        scale, shift = self.scale_shift(e)[:, :, None, None].chunk(2, 1)
        return self.skip(x) + self.conv_out(F.silu(self.norm_out(h) * (1 + scale) + shift))


class Level(nn.Module):
    """A residual block, then self-attention."""

    def __init__(self, channels_in, channels, embedding, head_width, groups, separable):
        super().__init__()
        self.block = Residual(channels_in, channels, embedding, groups, separable)
        self.attention = SelfAttention(channels, head_width, groups)

    def forward(self, x, e):
        return self.attention(self.block(x, e))


class Denoiser(nn.Module):
    """D(x; sigma, y): x [b, 3, image, image] in [-1, 1] plus noise, sigma [b], y [b] class index -> denoised [b, 3, image, image].

    y = -1 is the null condition: no class embedding at all. Only a network trained with label dropout knows it. Patches of `patch` pixels
    are the tokens of the high grid, which has `width` channels; the low grid is half of it each way and has `low_width`. `separable`:
    the residual blocks' convolutions are depthwise, then pointwise.
    """

    def __init__(self, image, classes, width, low_width, embedding, head_width=32, patch=4, groups=8, separable=False):
        super().__init__()
        self.image, self.patch, self.width = image, patch, width
        pixels = 3 * patch * patch

        def level(channels_in, channels):
            return Level(channels_in, channels, embedding, head_width, groups, separable)

        def residual(channels_in, channels, resample=None):
            return Residual(channels_in, channels, embedding, groups, separable, resample)

        self.noise_embedding = nn.Sequential(nn.Linear(width, embedding), nn.SiLU(), nn.Linear(embedding, embedding))
        self.class_embedding = nn.Embedding(classes, embedding)
        self.patch_in = nn.Conv2d(pixels, width, 3, padding=1)
        self.encoder_high = nn.ModuleList([level(width, width) for _ in range(2)])
        self.down = residual(width, low_width, "down")
        self.encoder_low = nn.ModuleList([level(low_width, low_width)])
        self.middle, self.middle_out = level(low_width, low_width), residual(low_width, low_width)
        self.decoder_low = nn.ModuleList([level(2 * low_width, low_width)])
        self.up = residual(low_width, width, "up")
        self.decoder_high = nn.ModuleList([level(2 * width, width) for _ in range(2)])
        self.norm_out, self.patch_out = GroupNorm(groups, width), zeroed(nn.Conv2d(width, pixels, 3, padding=1))

    def blocks(self):
        """Residual blocks in the order of evaluation."""
        return [*(level.block for level in self.encoder_high), self.down, *(level.block for level in self.encoder_low),
                self.middle.block, self.middle_out, *(level.block for level in self.decoder_low), self.up,
                *(level.block for level in self.decoder_high)]

    def attention_layers(self):
        """In the order of evaluation."""
        levels = [*self.encoder_high, *self.encoder_low, self.middle, *self.decoder_low, *self.decoder_high]
        return [level.attention for level in levels]

    def embed(self, sigma, y):
        """What the blocks are told [b, embedding]."""
        half = self.width // 2
        frequencies = torch.exp(-math.log(10000) * torch.arange(half, device=sigma.device) / half) * 1000
        phase = (sigma.log() / 4).reshape(-1, 1) * frequencies
        label = self.class_embedding(y.clamp(min=0)) * (y >= 0).unsqueeze(-1)
        return F.silu(self.noise_embedding(torch.cat([phase.cos(), phase.sin()], 1)) + label)

    def forward(self, x, sigma, y):
        s = sigma.reshape(-1, 1, 1, 1)
        c_skip = SIGMA_DATA**2 / (s**2 + SIGMA_DATA**2)
        c_out = s * SIGMA_DATA / (s**2 + SIGMA_DATA**2).sqrt()
        c_in = 1 / (SIGMA_DATA**2 + s**2).sqrt()
        e, skips = self.embed(sigma, y), []
        h = self.patch_in(F.pixel_unshuffle(x * c_in, self.patch))
        for level in self.encoder_high:
            h = level(h, e)
            skips.append(h)
        h = self.down(h, e)
        for level in self.encoder_low:
            h = level(h, e)
            skips.append(h)
        h = self.middle_out(self.middle(h, e), e)
        for level in self.decoder_low:
            h = level(torch.cat([h, skips.pop()], 1), e)
        h = self.up(h, e)
        for level in self.decoder_high:
            h = level(torch.cat([h, skips.pop()], 1), e)
        return c_skip * x + c_out * F.pixel_shuffle(self.patch_out(F.silu(self.norm_out(h))), self.patch).float()


# Names of the first state_dicts, such as those of models/avatars/train/ema-*.pt: of whole modules, then of the parts of blocks and layers.
OLD_MODULES = {
    "map": "noise_embedding", "cls": "class_embedding", "inp": "patch_in", "on": "norm_out", "out": "patch_out",
    "d16.0": "encoder_high.0.block", "a16.0": "encoder_high.0.attention", "d16.1": "encoder_high.1.block", "a16.1": "encoder_high.1.attention",
    "dn": "down", "d8.0": "encoder_low.0.block", "a8.0": "encoder_low.0.attention", "m1": "middle.block", "ma": "middle.attention",
    "m2": "middle_out", "u8.0": "decoder_low.0.block", "ua8.0": "decoder_low.0.attention", "up": "up",
    "u16.0": "decoder_high.0.block", "ua16.0": "decoder_high.0.attention", "u16.1": "decoder_high.1.block", "ua16.1": "decoder_high.1.attention",
}
OLD_PARTS = {"n1": "norm_in", "c1": "conv_in", "e": "scale_shift", "n2": "norm_out", "c2": "conv_out", "sk": "skip",
             "n": "norm", "qkv": "to_qkv", "o": "to_out"}


def new_name(key):
    """Today's name of a tensor of an old state_dict."""
    module, rest = re.fullmatch(r"(\w+?(?:\.\d(?=\.\w+\.\w+$))?)\.(.+)", key).groups()
    *parts, last = rest.split(".")
    return ".".join([OLD_MODULES[module], *(OLD_PARTS.get(part, part) for part in parts), last])


def read_state(path, device="cpu"):
    """The state_dict of a Denoiser in a file, in single precision, under today's names."""
    state = {key: value.float() for key, value in torch.load(path, map_location=device).items()}
    return {new_name(key): value for key, value in state.items()} if "inp.weight" in state else state


def load_denoiser(path, shape):
    """The network of a shape with the numbers in a file, ready to be asked."""
    net = Denoiser(**shape)
    net.load_state_dict(read_state(path))
    return net.eval().requires_grad_(False)
