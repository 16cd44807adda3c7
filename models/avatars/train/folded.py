"""The raw network F of `network.Denoiser` in the form that is exported: D(x; sigma, y) = c_skip x + c_out F(c_in x, ln(sigma)/4, y).

Same function as the trained network, rearranged for few and fast GPU kernels; every rearrangement is exact:
the affine part of a norm goes into the linear layer that follows it, one matrix product gives the scale and shift of all
residual blocks, the patch step goes into the first convolution, a 1x1 convolution moves before the nearest-neighbour
upsampling it commutes with, and the key bias is dropped (it shifts a row of logits by a constant, which softmax ignores).
"""
import math

import torch
import torch.nn as nn
import torch.nn.functional as F

from network import Denoiser


def parameter(*shape):
    return nn.Parameter(torch.zeros(*shape))


class Linear(nn.Module):
    """x [..., c_in] @ weight [c_in, c_out]: stored as the MatMul of ONNX has it."""

    def __init__(self, channels, bias=True):
        super().__init__()
        self.weight, self.bias = parameter(channels, channels), parameter(channels) if bias else None

    def forward(self, x):
        x = x @ self.weight
        return x if self.bias is None else x + self.bias


def normalise(x, groups, size):
    """GroupNorm without its affine part; x [b, *size]. InstanceNorm over the groups, which is what ONNX runtimes have."""
    channels, height, width = size
    grouped = x.reshape(-1, groups, channels // groups * height * width)
    one, zero = torch.ones(groups), torch.zeros(groups)  # the exporter wants them named
    return torch.instance_norm(grouped, one, zero, None, None, True, 0.0, 1e-5, False).reshape(-1, channels, height, width)


class SelfAttention(nn.Module):
    """x [b, c, h, w] + to_out(attention over its h*w tokens). `attend(q, k, v)`, all [b, heads, tokens, width] and q already
    scaled by 1/sqrt(width), may be replaced by a test."""

    def __init__(self, size, head_width, groups):
        super().__init__()
        self.size, self.head_width, self.groups = size, head_width, groups
        channels = size[0]
        self.to_q, self.to_k, self.to_v = Linear(channels), Linear(channels, bias=False), Linear(channels)
        self.to_out = Linear(channels)
        self.attend = lambda q, k, v: (q @ k.transpose(-1, -2)).softmax(-1) @ v

    def forward(self, x):
        channels, height, width = self.size
        tokens, heads = height * width, channels // self.head_width
        t = normalise(x, self.groups, self.size).reshape(-1, channels, tokens).transpose(1, 2)
        q, k, v = self.to_q(t), self.to_k(t), self.to_v(t)
        q, k, v = (s.reshape(-1, tokens, heads, self.head_width).transpose(1, 2) for s in (q, k, v))
        out = self.attend(q * self.head_width**-0.5, k, v).transpose(1, 2).reshape(-1, tokens, channels)
        return x + self.to_out(out).transpose(1, 2).reshape(-1, channels, height, width)

    def load(self, source):
        c = self.size[0]
        w, b = source.qkv.weight[:, :, 0, 0].double(), source.qkv.bias.double()
        b = b + w @ source.n.bias.double()
        w = w * source.n.weight.double()
        for i, own in enumerate((self.to_q, self.to_k, self.to_v)):
            own.weight.data.copy_(w[i * c:(i + 1) * c].T)
            if own.bias is not None:
                own.bias.data.copy_(b[i * c:(i + 1) * c])
        self.to_out.weight.data.copy_(source.o.weight[:, :, 0, 0].T)
        self.to_out.bias.data.copy_(source.o.bias)


class Residual(nn.Module):
    """`scale` and `shift` [b, c_out, 1, 1] already contain the affine part of the second norm."""

    def __init__(self, size_in, size_out, groups):
        super().__init__()
        self.size_in, self.size_out, self.groups = size_in, size_out, groups
        self.resample = "down" if size_in[1] > size_out[1] else "up" if size_in[1] < size_out[1] else None
        self.norm_weight, self.norm_bias = parameter(size_in[0], 1, 1), parameter(size_in[0], 1, 1)
        self.conv_in = nn.Conv2d(size_in[0], size_out[0], 3, padding=1)
        self.conv_out = nn.Conv2d(size_out[0], size_out[0], 3, padding=1)
        self.skip = nn.Conv2d(size_in[0], size_out[0], 1) if size_in[0] != size_out[0] else None

    def forward(self, x, scale, shift):
        h = F.silu(normalise(x, self.groups, self.size_in) * self.norm_weight + self.norm_bias)
        if self.resample == "down":
            h, x = F.avg_pool2d(h, 2), F.avg_pool2d(x, 2)
        if self.skip is not None:
            x = self.skip(x)
        if self.resample == "up":
            h, x = (F.interpolate(t, scale_factor=2.0, mode="nearest") for t in (h, x))
        h = F.silu(normalise(self.conv_in(h), self.groups, self.size_out) * scale + shift)
        return x + self.conv_out(h)

    def load(self, source):
        self.norm_weight.data.copy_(source.n1.weight[:, None, None])
        self.norm_bias.data.copy_(source.n1.bias[:, None, None])
        pairs = [(self.conv_in, source.c1), (self.conv_out, source.c2)]
        for own, trained in pairs if self.skip is None else [*pairs, (self.skip, source.sk)]:
            own.load_state_dict(trained.state_dict())


def modulation(source):
    """Weight [2 c, emb] and bias [2 c] whose product with the embedding is the block's scale w(1 + s), then its shift b(1 + s) + t."""
    w, b = source.n2.weight.double(), source.n2.bias.double()
    (ws, wt), (bs, bt) = source.e.weight.double().chunk(2), source.e.bias.double().chunk(2)
    return torch.cat([w[:, None] * ws, b[:, None] * ws + wt]), torch.cat([w * (1 + bs), b * (1 + bs) + bt])


class Level(nn.Module):
    def __init__(self, size_in, size, head_width, groups):
        super().__init__()
        self.block, self.attention = Residual(size_in, size, groups), SelfAttention(size, head_width, groups)

    def forward(self, x, scale, shift):
        return self.attention(self.block(x, scale, shift))


class FoldedDenoiser(nn.Module):
    """F(x [b, 3, H, W], noise_level [b], class_weights [b, classes]) -> [b, 3, H, W]; state from `FoldedDenoiser.of(trained)`."""

    # A WebGPU shader may bind 8 storage buffers, so a Split has at most 7 outputs: three blocks' scale and shift.
    BLOCKS_PER_SPLIT = 3

    def __init__(self, image=64, ch=96, c8=192, emb=256, head_width=32, patch=4, groups=8, classes=10):
        super().__init__()
        self.image, self.patch, self.head_width, self.groups = image, patch, head_width, groups
        n = image // patch
        self.high = high = (ch, n, n)
        low, half = (c8, n // 2, n // 2), ch // 2

        def cat(size):
            return (2 * size[0], *size[1:])

        def level(size_in, size):
            return Level(size_in, size, head_width, groups)

        # In turns, not radians: dropping whole turns keeps sine and cosine in the range where GPUs compute them well.
        freqs = torch.exp(-math.log(10000) * torch.arange(half, dtype=torch.float64) / half) * 1000
        self.register_buffer("turns", (freqs / (2 * math.pi)).float()[None])
        self.noise_in, self.noise_out = nn.Linear(ch, emb), nn.Linear(emb, emb)
        self.class_table = parameter(classes, emb)
        self.patch_in = nn.Conv2d(3, ch, 3 * patch, stride=patch, padding=patch)
        self.names = {"encoder_high": f"encoder_{n}", "encoder_low": f"encoder_{n // 2}", "middle": "middle", "middle_out": "middle_out",
                      "decoder_low": f"decoder_{n // 2}", "decoder_high": f"decoder_{n}"}
        parts = dict(
            encoder_high=nn.ModuleList([level(high, high) for _ in range(2)]), down=Residual(high, low, groups),
            encoder_low=nn.ModuleList([level(low, low)]), middle=level(low, low), middle_out=Residual(low, low, groups),
            decoder_low=nn.ModuleList([level(cat(low), low)]), up=Residual(low, high, groups),
            decoder_high=nn.ModuleList([level(cat(high), high) for _ in range(2)]))
        for key, module in parts.items():
            self.add_module(self.names.get(key, key), module)
        self.norm_weight, self.norm_bias = parameter(ch, 1, 1), parameter(ch, 1, 1)
        self.patch_out = nn.Conv2d(ch, 3 * patch * patch, 3, padding=1)
        self.modulation = nn.Linear(emb, sum(2 * block.size_out[0] for block in self.blocks()))

    def part(self, key):
        return getattr(self, self.names.get(key, key))

    def blocks(self):
        """Residual blocks in the order of evaluation."""
        p = self.part
        return [*(level.block for level in p("encoder_high")), p("down"), *(level.block for level in p("encoder_low")),
                p("middle").block, p("middle_out"), *(level.block for level in p("decoder_low")), p("up"),
                *(level.block for level in p("decoder_high"))]

    def attention_layers(self):
        """(stage, layer) in the order of evaluation."""
        p = self.part
        return [*(("encoder", level.attention) for key in ("encoder_high", "encoder_low") for level in p(key)),
                ("middle", p("middle").attention),
                *(("decoder", level.attention) for key in ("decoder_low", "decoder_high") for level in p(key))]

    def modulations(self, e):
        """(scale, shift) of every block, in the order of evaluation."""
        widths = [block.size_out[0] for block in self.blocks()]
        n = self.BLOCKS_PER_SPLIT
        chunks = [widths[i:i + n] for i in range(0, len(widths), n)]
        for part, chunk in zip(self.modulation(e).split([2 * sum(chunk) for chunk in chunks], 1), chunks):
            pieces = part.split([width for width in chunk for _ in range(2)], 1)
            for i, width in enumerate(chunk):
                yield tuple(piece.reshape(-1, width, 1, 1) for piece in pieces[2 * i:2 * i + 2])

    def forward(self, x, noise_level, class_weights):
        turns = noise_level.reshape(-1, 1) * self.turns
        phase = (turns - turns.floor()) * (2 * math.pi)
        noise = self.noise_out(F.silu(self.noise_in(torch.cat([phase.cos(), phase.sin()], 1))))
        e = F.silu(noise + class_weights @ self.class_table)
        modulation = self.modulations(e)
        h, skips = self.patch_in(x), []
        for level in self.part("encoder_high"):
            h = level(h, *next(modulation)); skips.append(h)
        h = self.part("down")(h, *next(modulation))
        for level in self.part("encoder_low"):
            h = level(h, *next(modulation)); skips.append(h)
        h = self.part("middle")(h, *next(modulation))
        h = self.part("middle_out")(h, *next(modulation))
        for level in self.part("decoder_low"):
            h = level(torch.cat([h, skips.pop()], 1), *next(modulation))
        h = self.part("up")(h, *next(modulation))
        for level in self.part("decoder_high"):
            h = level(torch.cat([h, skips.pop()], 1), *next(modulation))
        h = F.silu(normalise(h, self.groups, self.high) * self.norm_weight + self.norm_bias)
        return F.pixel_shuffle(self.patch_out(h), self.patch)

    @classmethod
    @torch.no_grad()
    def of(cls, trained: Denoiser, size):
        self = cls(**Denoiser.SIZES[size])
        self.noise_in.load_state_dict(trained.map[0].state_dict())
        self.noise_out.load_state_dict(trained.map[2].state_dict())
        self.class_table.data.copy_(trained.cls.weight)
        # A 3x3 convolution over p x p patches is a 3p x 3p convolution with stride p over the image.
        w, p = trained.inp.weight, self.patch
        self.patch_in.weight.data.copy_(w.reshape(len(w), 3, p, p, 3, 3).permute(0, 1, 4, 2, 5, 3).reshape(self.patch_in.weight.shape))
        self.patch_in.bias.data.copy_(trained.inp.bias)
        blocks = [*trained.d16, trained.dn, *trained.d8, trained.m1, trained.m2, *trained.u8, trained.up, *trained.u16]
        for own, source in zip(self.blocks(), blocks):
            own.load(source)
        for (_, own), source in zip(self.attention_layers(), trained.attention_layers()):
            own.load(source)
        weights, biases = zip(*(modulation(block) for block in blocks))
        self.modulation.weight.data.copy_(torch.cat(weights))
        self.modulation.bias.data.copy_(torch.cat(biases))
        self.norm_weight.data.copy_(trained.on.weight[:, None, None])
        self.norm_bias.data.copy_(trained.on.bias[:, None, None])
        self.patch_out.load_state_dict(trained.out.state_dict())
        return self.eval()
