"""The raw network F of `network.Denoiser` in the form that is exported: D(x; sigma, y) = c_skip x + c_out F(c_in x, ln(sigma)/4, y).

Same function as the trained network, rearranged for few and fast GPU kernels; every rearrangement is exact:
the affine part of a norm goes into the linear layer that follows it, one matrix product gives the scale and shift of all
residual blocks, the patch step goes into the first convolution, a 1x1 convolution moves before the nearest-neighbour
upsampling it commutes with, and the key bias is dropped (it shifts a row of logits by a constant, which softmax ignores).

What is stored are the trained tensors, cut and transposed but never multiplied with each other: the products above are
operations of the graph on its constants, which runtimes compute once, when a session is created. So a linear combination of
stored weights (an average over training, an extrapolation) is the network of the combined trained weights.
"""
import math

import torch
import torch.nn as nn
import torch.nn.functional as F

from network import Denoiser, convolution


def parameter(*shape):
    return nn.Parameter(torch.zeros(*shape))


class Linear(nn.Module):
    """x [..., c_in] @ weight [c_in, c_out]: stored as the MatMul of ONNX has it. `norm`, the (weight [c_in, 1], bias [c_in]) of a norm
    before it, is applied to the layer instead of to x."""

    def __init__(self, channels, bias=True):
        super().__init__()
        self.weight, self.bias = parameter(channels, channels), parameter(channels) if bias else None

    def forward(self, x, norm=None):
        weight, bias = self.weight, self.bias
        if norm is not None:
            bias = None if bias is None else norm[1] @ weight + bias
            weight = norm[0] * weight
        x = x @ weight
        return x if bias is None else x + bias


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
        self.norm_weight, self.norm_bias = parameter(channels, 1), parameter(channels)
        self.to_q, self.to_k, self.to_v = Linear(channels), Linear(channels, bias=False), Linear(channels)
        self.to_out = Linear(channels)
        self.attend = lambda q, k, v: (q @ k.transpose(-1, -2)).softmax(-1) @ v

    def forward(self, x):
        channels, height, width = self.size
        tokens, heads = height * width, channels // self.head_width
        t = normalise(x, self.groups, self.size).reshape(-1, channels, tokens).transpose(1, 2)
        norm = self.norm_weight, self.norm_bias
        q, k, v = self.to_q(t, norm), self.to_k(t, norm), self.to_v(t, norm)
        q, k, v = (s.reshape(-1, tokens, heads, self.head_width).transpose(1, 2) for s in (q, k, v))
        out = self.attend(q * self.head_width**-0.5, k, v).transpose(1, 2).reshape(-1, tokens, channels)
        return x + self.to_out(out).transpose(1, 2).reshape(-1, channels, height, width)

    def load(self, source):
        c = self.size[0]
        self.norm_weight.data.copy_(source.norm.weight[:, None])
        self.norm_bias.data.copy_(source.norm.bias)
        w, b = source.to_qkv.weight[:, :, 0, 0], source.to_qkv.bias
        for i, own in enumerate((self.to_q, self.to_k, self.to_v)):
            own.weight.data.copy_(w[i * c:(i + 1) * c].T)
            if own.bias is not None:
                own.bias.data.copy_(b[i * c:(i + 1) * c])
        self.to_out.weight.data.copy_(source.to_out.weight[:, :, 0, 0].T)
        self.to_out.bias.data.copy_(source.to_out.bias)


class Residual(nn.Module):
    """`scale` and `shift` [b, c_out, 1, 1] already contain the affine part of the second norm; see `modulation`."""

    def __init__(self, size_in, size_out, emb, groups, separable):
        super().__init__()
        self.size_in, self.size_out, self.groups = size_in, size_out, groups
        self.resample = "down" if size_in[1] > size_out[1] else "up" if size_in[1] < size_out[1] else None
        self.norm_weight, self.norm_bias = parameter(size_in[0], 1, 1), parameter(size_in[0], 1, 1)
        channels = size_out[0]
        self.scale_weight, self.scale_bias = parameter(channels, emb), parameter(channels)
        self.shift_weight, self.shift_bias = parameter(channels, emb), parameter(channels)
        self.norm_out_weight, self.norm_out_bias = parameter(channels), parameter(channels)
        self.conv_in = convolution(size_in[0], size_out[0], separable)
        self.conv_out = convolution(size_out[0], size_out[0], separable)
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

    def modulation(self):
        """Weights [c, emb] and biases [c] whose products with the embedding are the block's scale w(1 + s) and shift b(1 + s) + t,
        where w and b are the affine part of the second norm, s and t what was trained."""
        w, b, one = self.norm_out_weight, self.norm_out_bias, 1 + self.scale_bias
        weights = w.reshape(-1, 1) * self.scale_weight, b.reshape(-1, 1) * self.scale_weight + self.shift_weight
        return weights, (w * one, b * one + self.shift_bias)

    def load(self, source):
        self.norm_weight.data.copy_(source.norm_in.weight[:, None, None])
        self.norm_bias.data.copy_(source.norm_in.bias[:, None, None])
        self.norm_out_weight.data.copy_(source.norm_out.weight)
        self.norm_out_bias.data.copy_(source.norm_out.bias)
        for own, trained in (((self.scale_weight, self.shift_weight), source.scale_shift.weight), ((self.scale_bias, self.shift_bias), source.scale_shift.bias)):
            for half, part in zip(own, trained.chunk(2)):
                half.data.copy_(part)
        pairs = [(self.conv_in, source.conv_in), (self.conv_out, source.conv_out)]
        for own, trained in pairs if self.skip is None else [*pairs, (self.skip, source.skip)]:
            own.load_state_dict(trained.state_dict())


class Level(nn.Module):
    def __init__(self, size_in, size, emb, head_width, groups, separable):
        super().__init__()
        self.block, self.attention = Residual(size_in, size, emb, groups, separable), SelfAttention(size, head_width, groups)

    def forward(self, x, scale, shift):
        return self.attention(self.block(x, scale, shift))


class FoldedDenoiser(nn.Module):
    """F(x [b, 3, H, W], noise_level [b], class_weights [b, classes], embedding_offset [b, emb]) -> [b, 3, H, W]; state from
    `FoldedDenoiser.of(trained)`. The offset is added to the embedding of noise level and class; None is no offset. Class weights of zero
    are the null condition. Another `image`, a multiple of two patches, gives the same network on a smaller image, with equal state."""

    # A WebGPU shader may bind 8 storage buffers, so a Split has at most 7 outputs: three blocks' scale and shift.
    BLOCKS_PER_SPLIT = 3

    def __init__(self, image, classes, width, low_width, embedding, head_width=32, patch=4, groups=8, separable=False):
        super().__init__()
        self.image, self.patch, self.head_width, self.groups = image, patch, head_width, groups
        n = image // patch
        self.high = high = (width, n, n)
        low, half = (low_width, n // 2, n // 2), width // 2

        def cat(size):
            return (2 * size[0], *size[1:])

        def level(size_in, size):
            return Level(size_in, size, embedding, head_width, groups, separable)

        def residual(size_in, size):
            return Residual(size_in, size, embedding, groups, separable)

        # In turns, not radians: dropping whole turns keeps sine and cosine in the range where GPUs compute them well.
        freqs = torch.exp(-math.log(10000) * torch.arange(half, dtype=torch.float64) / half) * 1000
        self.register_buffer("turns", (freqs / (2 * math.pi)).float()[None])
        self.noise_in, self.noise_out = nn.Linear(width, embedding), nn.Linear(embedding, embedding)
        self.class_table = parameter(classes, embedding)
        self.patch_in = nn.Conv2d(3, width, 3 * patch, stride=patch, padding=patch)
        self.encoder_high, self.down = nn.ModuleList([level(high, high) for _ in range(2)]), residual(high, low)
        self.encoder_low = nn.ModuleList([level(low, low)])
        self.middle, self.middle_out = level(low, low), residual(low, low)
        self.decoder_low, self.up = nn.ModuleList([level(cat(low), low)]), residual(low, high)
        self.decoder_high = nn.ModuleList([level(cat(high), high) for _ in range(2)])
        self.norm_weight, self.norm_bias = parameter(width, 1, 1), parameter(width, 1, 1)
        self.patch_out = nn.Conv2d(width, 3 * patch * patch, 3, padding=1)

    def blocks(self):
        """Residual blocks in the order of evaluation."""
        return [*(level.block for level in self.encoder_high), self.down, *(level.block for level in self.encoder_low),
                self.middle.block, self.middle_out, *(level.block for level in self.decoder_low), self.up,
                *(level.block for level in self.decoder_high)]

    def attention_layers(self):
        """(stage, layer) in the order of evaluation."""
        return [*(("encoder", level.attention) for level in (*self.encoder_high, *self.encoder_low)), ("middle", self.middle.attention),
                *(("decoder", level.attention) for level in (*self.decoder_low, *self.decoder_high))]

    def modulations(self, e):
        """(scale, shift) of every block, in the order of evaluation."""
        weights, biases = zip(*(block.modulation() for block in self.blocks()))
        weight, bias = (torch.cat([part for pair in pairs for part in pair]) for pairs in (weights, biases))
        flat = F.linear(e, weight, bias)
        widths = [block.size_out[0] for block in self.blocks()]
        n = self.BLOCKS_PER_SPLIT
        chunks = [widths[i:i + n] for i in range(0, len(widths), n)]
        for part, chunk in zip(flat.split([2 * sum(chunk) for chunk in chunks], 1), chunks):
            pieces = part.split([width for width in chunk for _ in range(2)], 1)
            for i, width in enumerate(chunk):
                yield tuple(piece.reshape(-1, width, 1, 1) for piece in pieces[2 * i:2 * i + 2])

    def noise_embedding(self, noise_level):
        turns = noise_level.reshape(-1, 1) * self.turns
        phase = (turns - turns.floor()) * (2 * math.pi)
        return self.noise_out(F.silu(self.noise_in(torch.cat([phase.cos(), phase.sin()], 1))))

    def forward(self, x, noise_level, class_weights, embedding_offset=None):
        embedding = self.noise_embedding(noise_level) + class_weights @ self.class_table
        if embedding_offset is not None:
            embedding = embedding + embedding_offset
        e = F.silu(embedding)
        modulation = self.modulations(e)
        h, skips = self.patch_in(x), []
        for level in self.encoder_high:
            h = level(h, *next(modulation)); skips.append(h)
        h = self.down(h, *next(modulation))
        for level in self.encoder_low:
            h = level(h, *next(modulation)); skips.append(h)
        h = self.middle(h, *next(modulation))
        h = self.middle_out(h, *next(modulation))
        for level in self.decoder_low:
            h = level(torch.cat([h, skips.pop()], 1), *next(modulation))
        h = self.up(h, *next(modulation))
        for level in self.decoder_high:
            h = level(torch.cat([h, skips.pop()], 1), *next(modulation))
        h = F.silu(normalise(h, self.groups, self.high) * self.norm_weight + self.norm_bias)
        return F.pixel_shuffle(self.patch_out(h), self.patch)

    @classmethod
    @torch.no_grad()
    def of(cls, trained: Denoiser, shape):
        """`shape`: the arguments that the trained network was made with."""
        self = cls(**shape)
        self.noise_in.load_state_dict(trained.noise_embedding[0].state_dict())
        self.noise_out.load_state_dict(trained.noise_embedding[2].state_dict())
        self.class_table.data.copy_(trained.class_embedding.weight)
        # A 3x3 convolution over p x p patches is a 3p x 3p convolution with stride p over the image.
        w, p = trained.patch_in.weight, self.patch
        self.patch_in.weight.data.copy_(w.reshape(len(w), 3, p, p, 3, 3).permute(0, 1, 4, 2, 5, 3).reshape(self.patch_in.weight.shape))
        self.patch_in.bias.data.copy_(trained.patch_in.bias)
        for own, source in zip(self.blocks(), trained.blocks()):
            own.load(source)
        for (_, own), source in zip(self.attention_layers(), trained.attention_layers()):
            own.load(source)
        self.norm_weight.data.copy_(trained.norm_out.weight[:, None, None])
        self.norm_bias.data.copy_(trained.norm_out.bias[:, None, None])
        self.patch_out.load_state_dict(trained.patch_out.state_dict())
        return self.eval()
