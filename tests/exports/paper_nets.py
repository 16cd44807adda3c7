"""Attention as the papers' own code writes it, in small networks of our own: EDM, ADM, LDM, score-SDE, U-ViT and HDiT.

Each attention has two forms of one calculation: `written`, which is exported, and one call of scaled_dot_product_attention, for the answers. Where
which is used is said once, by `Form`; that both agree is checked before each file is written.
"""
import copy
import math

import torch
import torch.nn as nn
import torch.nn.functional as F

from truth import Layer, Network, randomise, rows


class Form(nn.Module):
    """An attention with a switch between its two forms."""

    plain = False

    def attend(self, *parts):
        return self.called(*parts) if self.plain else self.written(*parts)


def plain(module):
    module = copy.deepcopy(module)
    for part in module.modules():
        if isinstance(part, Form):
            part.plain = True
    return module


def conv(a, b, size=3, **more):
    return nn.Conv2d(a, b, size, padding=size // 2, **more)


def sines(t, width):
    """Sines and cosines of a time."""
    rates = torch.exp(-math.log(10000) * torch.arange(width // 2) / (width // 2))
    angles = t.float()[:, None] * rates
    return torch.cat([angles.cos(), angles.sin()], 1)


class Body(nn.Module):
    """A convolution, attention at half and at a quarter of the resolution, and back; the time is added to the channels."""

    def __init__(self, attention, channels=16, image=3):
        super().__init__()
        c = channels
        self.start, self.time = conv(image, c), nn.Linear(16, c)
        self.down, self.lower = conv(c, c, stride=2), conv(c, c, stride=2)
        self.fine, self.coarse, self.up = attention(c), attention(c), attention(c)
        self.end = conv(c, image)

    def forward(self, x, t):
        x = self.start(x) + self.time(sines(t, 16))[:, :, None, None]
        fine = self.fine(F.silu(self.down(F.silu(x))))
        coarse = self.coarse(F.silu(self.lower(fine)))
        fine = self.up(fine + F.interpolate(coarse, scale_factor=2.0, mode="nearest"))
        return self.end(F.silu(x + F.interpolate(fine, scale_factor=2.0, mode="nearest")))


def body(attention, heads, about, size=(16, 24), channels=16, times=(0.3, -1.2), **more):
    h, w = size[0] // 2, size[1] // 2
    fine, coarse = Layer("self", h * w, h * w, heads, [h, w]), Layer("self", h * w // 4, h * w // 4, heads, [h // 2, w // 2])
    net = randomise(Body(attention, channels), gain=1.1, sharp=("qkv", "q.", "k.", "to_q", "to_k", "NIN_0", "NIN_1"))
    return Network(net, {"x": rows(3, *size), "t": torch.tensor(times)}, [fine, coarse, fine], plain=plain(net), about=about, **more)


class EdmAttention(Form):
    """UNetBlock of NVlabs/edm: heads within the rows, `ncq,nck->nqk`, then `nqk,nck->ncq`."""

    def __init__(self, c, heads=2):
        super().__init__()
        self.heads, self.norm = heads, nn.GroupNorm(4, c, eps=1e-6)
        self.qkv, self.proj = conv(c, 3 * c, 1), conv(c, c, 1)

    def forward(self, x):
        q, k, v = self.qkv(self.norm(x)).reshape(x.shape[0] * self.heads, x.shape[1] // self.heads, 3, -1).unbind(2)
        return (self.proj(self.attend(q, k, v).reshape(*x.shape)) + x) * math.sqrt(0.5)

    def written(self, q, k, v):
        w = torch.einsum("ncq,nck->nqk", q.to(torch.float32), (k / math.sqrt(k.shape[1])).to(torch.float32)).softmax(dim=2).to(q.dtype)
        return torch.einsum("nqk,nck->ncq", w, v)

    def called(self, q, k, v):
        q, k, v = (t.unflatten(0, (-1, self.heads)).transpose(-1, -2) for t in (q, k, v))
        return F.scaled_dot_product_attention(q, k, v).transpose(-1, -2).flatten(0, 1)


class AdmAttention(Form):
    """AttentionBlock of openai/guided-diffusion with QKVAttentionLegacy, heads before the split in three, or QKVAttention, after it."""

    def __init__(self, c, heads=2, legacy=True):
        super().__init__()
        self.heads, self.legacy, self.norm = heads, legacy, nn.GroupNorm(4, c)
        self.qkv, self.proj_out = nn.Conv1d(c, 3 * c, 1), nn.Conv1d(c, c, 1)

    def forward(self, x):
        b, c, *spatial = x.shape
        x = x.reshape(b, c, -1)
        return (x + self.proj_out(self.attend(self.qkv(self.norm(x))))).reshape(b, c, *spatial)

    def written(self, qkv):
        bs, width, length = qkv.shape
        ch = width // (3 * self.heads)
        scale = 1 / math.sqrt(math.sqrt(ch))
        if self.legacy:
            q, k, v = qkv.reshape(bs * self.heads, ch * 3, length).split(ch, dim=1)
            weight = torch.einsum("bct,bcs->bts", q * scale, k * scale)
            weight = torch.softmax(weight.float(), dim=-1).type(weight.dtype)
            return torch.einsum("bts,bcs->bct", weight, v).reshape(bs, -1, length)
        q, k, v = qkv.chunk(3, dim=1)
        weight = torch.einsum("bct,bcs->bts", (q * scale).view(bs * self.heads, ch, length), (k * scale).view(bs * self.heads, ch, length))
        weight = torch.softmax(weight.float(), dim=-1).type(weight.dtype)
        return torch.einsum("bts,bcs->bct", weight, v.reshape(bs * self.heads, ch, length)).reshape(bs, -1, length)

    def called(self, qkv):
        order = (self.heads, 3, -1) if self.legacy else (3, self.heads, -1)
        q, k, v = qkv.unflatten(1, order).unbind(2 if self.legacy else 1)
        return F.scaled_dot_product_attention(*(t.transpose(-1, -2) for t in (q, k, v))).transpose(-1, -2).flatten(1, 2)


class NIN(nn.Module):
    """score-SDE's layer of that name: a matrix over the channels."""

    def __init__(self, c):
        super().__init__()
        self.W, self.b = nn.Parameter(torch.zeros(c, c)), nn.Parameter(torch.zeros(c))

    def forward(self, x):
        x = x.permute(0, 2, 3, 1)
        return (torch.einsum("abcd,de->abce", x, self.W) + self.b).permute(0, 3, 1, 2)


class ScoreAttention(Form):
    """AttnBlockpp of yang-song/score_sde_pytorch (DDPM++): one head, a map of four axes that is reshaped for its softmax."""

    def __init__(self, c):
        super().__init__()
        self.GroupNorm_0 = nn.GroupNorm(4, c, eps=1e-6)
        self.NIN_0, self.NIN_1, self.NIN_2, self.NIN_3 = (NIN(c) for _ in range(4))

    def forward(self, x):
        h = self.GroupNorm_0(x)
        return (x + self.NIN_3(self.attend(self.NIN_0(h), self.NIN_1(h), self.NIN_2(h)))) / math.sqrt(2.0)

    def written(self, q, k, v):
        B, C, H, W = q.shape
        w = torch.einsum("bchw,bcij->bhwij", q, k) * (int(C) ** (-0.5))
        w = F.softmax(torch.reshape(w, (B, H, W, H * W)), dim=-1)
        return torch.einsum("bhwij,bcij->bchw", torch.reshape(w, (B, H, W, H, W)), v)

    def called(self, q, k, v):
        shape = q.shape
        q, k, v = (t.flatten(2).transpose(1, 2)[:, None] for t in (q, k, v))
        return F.scaled_dot_product_attention(q, k, v)[:, 0].transpose(1, 2).reshape(shape)


class SpatialSelfAttention(Form):
    """LDM's AttnBlock of that name: convolutions for q, k and v, and einsum over `(h w)`."""

    def __init__(self, c):
        super().__init__()
        self.norm = nn.GroupNorm(4, c, eps=1e-6)
        self.q, self.k, self.v, self.proj_out = (conv(c, c, 1) for _ in range(4))

    def forward(self, x):
        h_ = self.norm(x)
        return x + self.proj_out(self.attend(self.q(h_), self.k(h_), self.v(h_)))

    def written(self, q, k, v):
        b, c, h, w = q.shape
        q, k = q.flatten(2).transpose(1, 2), k.flatten(2)
        w_ = F.softmax(torch.einsum("bij,bjk->bik", q, k) * (int(c) ** (-0.5)), dim=2)
        return torch.einsum("bij,bjk->bik", v.flatten(2), w_.permute(0, 2, 1)).reshape(b, c, h, w)

    def called(self, q, k, v):
        return ScoreAttention.called(self, q, k, v)


class CrossAttention(Form):
    """LDM's, of tokens to themselves or to a text: heads folded into the rows, `b i d, b j d -> b i j`."""

    def __init__(self, c, context=None, heads=2):
        super().__init__()
        self.heads = heads
        self.to_q, self.to_k, self.to_v = nn.Linear(c, c, bias=False), nn.Linear(context or c, c, bias=False), nn.Linear(context or c, c, bias=False)
        self.to_out = nn.Linear(c, c)

    def forward(self, x, context=None):
        context = x if context is None else context
        return self.to_out(self.attend(self.to_q(x), self.to_k(context), self.to_v(context)))

    def written(self, q, k, v):
        b, h = q.shape[0], self.heads
        q, k, v = (t.reshape(b, t.shape[1], h, -1).permute(0, 2, 1, 3).reshape(b * h, t.shape[1], -1) for t in (q, k, v))
        attn = (torch.einsum("b i d, b j d -> b i j", q, k) * q.shape[-1] ** -0.5).softmax(dim=-1)
        out = torch.einsum("b i j, b j d -> b i d", attn, v)
        return out.reshape(b, h, out.shape[1], -1).permute(0, 2, 1, 3).reshape(b, out.shape[1], -1)

    def called(self, q, k, v):
        q, k, v = (t.unflatten(-1, (self.heads, -1)).transpose(1, 2) for t in (q, k, v))
        return F.scaled_dot_product_attention(q, k, v).transpose(1, 2).flatten(2)


class LinearAttention(nn.Module):
    """LDM's: the softmax goes over the tokens of the keys, and keys meet values first, so that there is no map."""

    def __init__(self, c, heads=2):
        super().__init__()
        self.heads, self.to_qkv, self.to_out = heads, conv(c, 3 * c, 1, bias=False), conv(c, c, 1)

    def forward(self, x):
        b, c, h, w = x.shape
        q, k, v = self.to_qkv(x).reshape(b, 3, self.heads, c // self.heads, h * w).unbind(1)
        context = torch.einsum("bhdn,bhen->bhde", k.softmax(dim=-1), v)
        out = torch.einsum("bhde,bhdn->bhen", context, q)
        return x + self.to_out(out.reshape(b, c, h, w))


class Ldm(nn.Module):
    def __init__(self, c=16):
        super().__init__()
        self.start, self.time, self.down, self.end = conv(4, c), nn.Linear(16, c), conv(c, c, stride=2), conv(c, 4)
        self.linear, self.spatial = LinearAttention(c), SpatialSelfAttention(c)
        self.norms = nn.ModuleList(nn.LayerNorm(c) for _ in range(3))
        self.attn1, self.attn2, self.ff = CrossAttention(c), CrossAttention(c, 12), nn.Linear(c, c)

    def forward(self, x, timesteps, context):
        x = self.start(x) + self.time(sines(timesteps, 16))[:, :, None, None]
        h = self.spatial(self.linear(F.silu(self.down(x))))
        tokens = h.flatten(2).transpose(1, 2)
        tokens = self.attn1(self.norms[0](tokens)) + tokens
        tokens = self.attn2(self.norms[1](tokens), context) + tokens
        tokens = self.ff(F.gelu(self.norms[2](tokens))) + tokens
        h = h + tokens.transpose(1, 2).reshape(h.shape)
        return self.end(F.silu(x + F.interpolate(h, scale_factor=2.0, mode="nearest")))


class UvitAttention(Form):
    """U-ViT's: one matrix for q, k and v of all heads."""

    def __init__(self, c, heads=2):
        super().__init__()
        self.heads, self.qkv, self.proj = heads, nn.Linear(c, 3 * c, bias=False), nn.Linear(c, c)

    def forward(self, x):
        return self.proj(self.attend(self.qkv(x)))

    def split(self, qkv):
        return qkv.reshape(*qkv.shape[:2], 3, self.heads, -1).permute(2, 0, 3, 1, 4).unbind(0)

    def written(self, qkv):
        q, k, v = self.split(qkv)
        attn = ((q @ k.transpose(-2, -1)) * q.shape[-1] ** -0.5).softmax(dim=-1)
        return (attn @ v).transpose(1, 2).reshape(qkv.shape[0], qkv.shape[1], -1)

    def called(self, qkv):
        return F.scaled_dot_product_attention(*self.split(qkv)).transpose(1, 2).flatten(2)


class UvitBlock(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.norm1, self.norm2, self.attn = nn.LayerNorm(c), nn.LayerNorm(c), UvitAttention(c)
        self.mlp, self.skip = nn.Sequential(nn.Linear(c, 2 * c), nn.GELU(), nn.Linear(2 * c, c)), nn.Linear(2 * c, c)

    def forward(self, x, skip=None):
        x = x if skip is None else self.skip(torch.cat([x, skip], -1))
        x = x + self.attn(self.norm1(x))
        return x + self.mlp(self.norm2(x))


class Uvit(nn.Module):
    """Time and class are tokens before the image's; a block in, one in the middle, one out with the first's tokens."""

    def __init__(self, c=16, patch=2, size=(12, 16)):
        super().__init__()
        self.patch, self.grid = patch, (size[0] // patch, size[1] // patch)
        self.embed, self.label = nn.Conv2d(3, c, patch, patch), nn.Embedding(10, c)
        self.pos = nn.Parameter(torch.zeros(1, 2 + self.grid[0] * self.grid[1], c))
        self.into, self.middle, self.out = UvitBlock(c), UvitBlock(c), UvitBlock(c)
        self.norm, self.end, self.final = nn.LayerNorm(c), nn.Linear(c, patch * patch * 3), conv(3, 3)

    def forward(self, x, timesteps, y):
        x = self.embed(x).flatten(2).transpose(1, 2)
        x = torch.cat([sines(timesteps, 16)[:, None], self.label(y)[:, None], x], 1) + self.pos
        skip = self.into(x)
        x = self.end(self.norm(self.out(self.middle(skip), skip)))[:, 2:]
        x = x.unflatten(1, self.grid).unflatten(-1, (self.patch, self.patch, 3))
        return self.final(torch.einsum("bhwpqc->bchpwq", x).flatten(4, 5).flatten(2, 3))


class HditAttention(Form):
    """k-diffusion's image_transformer_v2: cosine similarity with a learned scale for each head, and rotary positions on both axes."""

    def __init__(self, c, heads=2):
        super().__init__()
        self.heads, self.norm = heads, nn.LayerNorm(c)
        self.qkv, self.proj, self.scale = nn.Linear(c, 3 * c, bias=False), nn.Linear(c, c, bias=False), nn.Parameter(torch.full([heads], 10.0))

    def forward(self, x):
        b, c, h, w = x.shape
        tokens = x.permute(0, 2, 3, 1)
        q, k, v = self.qkv(self.norm(tokens)).reshape(b, h * w, 3, self.heads, -1).permute(2, 0, 3, 1, 4).unbind(0)
        root = self.scale.abs().sqrt()[:, None, None] * 2
        q, k = (t * (root * (t.square().sum(-1, keepdim=True) + 1e-6).rsqrt()) for t in (q, k))
        angles = self.angles(h, w, q.shape[-1] // 4)
        out = self.attend(self.turned(q, angles), self.turned(k, angles), v)
        return x + self.proj(out.transpose(1, 2).reshape(b, h, w, c)).permute(0, 3, 1, 2)

    @staticmethod
    def angles(h, w, count):
        rates = math.pi * 10 ** (torch.arange(count) / count)
        across = [axis.flatten()[:, None] * rates for axis in torch.meshgrid(torch.linspace(-1, 1, h), torch.linspace(-1, 1, w), indexing="ij")]
        return torch.cat(across, -1)

    @staticmethod
    def turned(x, angles):
        d = angles.shape[-1]
        a, b, rest = x[..., :d], x[..., d:2 * d], x[..., 2 * d:]
        cos, sin = angles.cos(), angles.sin()
        return torch.cat([a * cos - b * sin, b * cos + a * sin, rest], -1)

    def written(self, q, k, v):
        return torch.softmax(q @ k.transpose(-1, -2), dim=-1) @ v

    def called(self, q, k, v):
        return F.scaled_dot_product_attention(q, k, v, scale=1.0)


def edm():
    return body(EdmAttention, 2, "a network with EDM's attention")


def adm(legacy=True):
    return body(lambda c: AdmAttention(c, legacy=legacy), 2, f"a network with ADM's {'QKVAttentionLegacy' if legacy else 'QKVAttention'}", times=(700.0, 30.0))


def score():
    return body(ScoreAttention, 1, "a network with score-SDE's attention (DDPM++)")


def hdit():
    return body(HditAttention, 2, "a network with HDiT's attention")


def ldm():
    """A linear attention, a spatial one with one head, one of tokens with two, and one to five tokens of text."""
    net = randomise(Ldm(), gain=1.1, sharp=("q.", "k.", "to_q.", "to_k."))
    layers = [Layer("linear", 48, 48, 2), Layer("self", 48, 48, 1, [6, 8]), Layer("self", 48, 48, 2, [6, 8]), Layer("cross", 48, 5, 2)]
    return Network(net, {"x": rows(4, 12, 16), "timesteps": torch.tensor([30, 700]), "context": rows(5, 12, seed=2)}, layers, plain=plain(net), about="a network with LDM's attentions")


def uvit():
    """A grid of 6x8 behind a token of the time and one of the class."""
    net = randomise(Uvit(), sharp=("qkv",))
    return Network(net, {"x": rows(3, 12, 16), "timesteps": torch.tensor([0.3, 0.8]), "y": torch.tensor([3, 7])},
                   [Layer("self", 50, 50, 2, [6, 8], {"start": 2, "count": 48})] * 3, plain=plain(net), about="U-ViT")
