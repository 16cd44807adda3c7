"""Attention as hardly anyone writes it, though a graph may: each layer is one that a finder of patterns gets wrong."""
import torch
import torch.nn as nn
import torch.nn.functional as F

from paper_nets import Body, Form, body, conv, plain, sines
from truth import Layer, Network, randomise, rows


class Tokens(Form):
    """Queries, keys and values of an image's pixels, two heads; subclasses write the rest."""

    def __init__(self, c, heads=2):
        super().__init__()
        self.heads, self.norm = heads, nn.GroupNorm(4, c)
        self.to_q, self.to_k, self.to_v, self.to_out = (nn.Linear(c, c) for _ in range(4))

    def split(self, tokens):
        return tokens.unflatten(-1, (self.heads, -1)).transpose(1, 2)

    def parts(self, tokens):
        return self.split(self.to_q(tokens)), self.split(self.to_k(tokens)), self.split(self.to_v(tokens))

    def result(self, x, out):
        return x + out

    def forward(self, x):
        tokens = self.norm(x).flatten(2).transpose(1, 2)
        out = self.to_out(self.attend(*self.parts(tokens)).transpose(1, 2).flatten(2))
        return self.result(x, out.transpose(1, 2).reshape(x.shape))

    def called(self, q, k, v):
        return F.scaled_dot_product_attention(q, k, v)

    def scores(self, q, k):
        return q @ k.transpose(-1, -2) / q.shape[-1] ** 0.5

    def written(self, q, k, v):
        return self.scores(q, k).softmax(-1) @ v


class CastBetween(Tokens):
    """The product is widened before its softmax, and the map narrowed: exported code of half precision does it."""

    def written(self, q, k, v):
        return self.scores(q, k).to(torch.float64).softmax(-1).to(v.dtype) @ v


class FirstAxis(Tokens):
    """The map lies on its side: keys first, and the softmax goes over them."""

    def written(self, q, k, v):
        weights = (k @ q.transpose(-1, -2) / q.shape[-1] ** 0.5).softmax(-2)
        return weights.transpose(-1, -2) @ v


class MapSecond(Tokens):
    """V^T A^T: the map is the product's second factor."""

    def written(self, q, k, v):
        weights = self.scores(q, k).softmax(-1)
        return (v.transpose(-1, -2) @ weights.transpose(-1, -2)).transpose(-1, -2)


class WrittenOut(Tokens):
    """Exponentials over their sum."""

    def written(self, q, k, v):
        weights = self.scores(q, k).exp()
        return (weights / weights.sum(-1, keepdim=True)) @ v


class WrittenLess(Tokens):
    """The same with the largest score taken off before, keys first."""

    def written(self, q, k, v):
        scores = k @ q.transpose(-1, -2) / q.shape[-1] ** 0.5
        weights = (scores - scores.amax(-2, keepdim=True)).exp()
        return (weights * weights.sum(-2, keepdim=True).reciprocal()).transpose(-1, -2) @ v


class WrittenLog(Tokens):
    """The exponential of a log-softmax."""

    def written(self, q, k, v):
        return self.scores(q, k).log_softmax(-1).exp() @ v


class NoResidual(Tokens):
    """The attention's result takes the place of what came in."""

    def result(self, x, out):
        return out


class SharedKeys(Tokens):
    """Two attentions one after another with one set of keys, that of the first's input."""

    def __init__(self, c):
        super().__init__(c)
        self.again_q, self.again_v = nn.Linear(c, c), nn.Linear(c, c)

    def forward(self, x):
        tokens = self.norm(x).flatten(2).transpose(1, 2)
        q, k, v = self.parts(tokens)
        first = self.attend(q, k, v).transpose(1, 2).flatten(2)
        second = self.attend(self.split(self.again_q(first)), k, self.split(self.again_v(first))).transpose(1, 2).flatten(2)
        return x + self.to_out(first + second).transpose(1, 2).reshape(x.shape)


class Beside(Tokens):
    """Four learned keys and values beside the image's own: the map isn't square."""

    def __init__(self, c):
        super().__init__(c)
        self.mem_k, self.mem_v = nn.Parameter(torch.zeros(4, c)), nn.Parameter(torch.zeros(4, c))

    def parts(self, tokens):
        q, k, v = self.to_q(tokens), self.to_k(tokens), self.to_v(tokens)
        k, v = (torch.cat([memory.expand(len(tokens), -1, -1), own], 1) for memory, own in ((self.mem_k, k), (self.mem_v, v)))
        return self.split(q), self.split(k), self.split(v)


class Instead(Tokens):
    """As many learned keys as there are pixels, instead of theirs: the map is square, and isn't self-attention."""

    def __init__(self, c, count):
        super().__init__(c)
        self.memory = nn.Parameter(torch.zeros(count, c))

    def parts(self, tokens):
        memory = self.memory.expand(len(tokens), -1, -1)
        return self.split(self.to_q(tokens)), self.split(self.to_k(memory)), self.split(self.to_v(memory))


class Relus(Tokens):
    """Keys meet values first, over all tokens, with a one behind them that counts the weights: Sana's linear attention."""

    def attend(self, q, k, v):
        q, k = q.relu(), k.relu()
        state = k.transpose(-1, -2) @ F.pad(v, (0, 1), value=1.0)
        out = q @ state
        return out[..., :-1] / (out[..., -1:] + 1e-6)


class InALine(Tokens):
    """The same sums in another order: the map is there, and is no softmax."""

    def attend(self, q, k, v):
        return self.scores(q, k) @ v / 16


class Sigmoids(Tokens):
    """Each weight is a sigmoid of its score."""

    def attend(self, q, k, v):
        return (self.scores(q, k) - 2).sigmoid() @ v


class Channels(Tokens):
    """Channels look at channels: a softmax over features, whose scores sum over all tokens (Restormer, XCiT)."""

    def attend(self, q, k, v):
        return v @ (k.transpose(-1, -2) @ q / q.shape[-2]).softmax(-2)


class Pieces(Tokens):
    """Half of the queries at a time, to save memory."""

    def attend(self, q, k, v):
        return torch.cat([self.scores(part, k).softmax(-1) @ v for part in q.chunk(2, -2)], -2)


class Swapped(NoResidual):
    """The same with the halves put back in another order: which place a token shows after it is not the image's order."""

    def attend(self, q, k, v):
        return torch.cat([self.scores(part, k).softmax(-1) @ v for part in q.chunk(2, -2)][::-1], -2)


class BertBlock(Tokens):
    """BERT's form of a block, norms last: onnxruntime's optimiser makes one Attention node with packed weights of it."""

    def __init__(self, c):
        super().__init__(c)
        self.norms, self.ff = nn.ModuleList(nn.LayerNorm(c) for _ in range(2)), nn.Sequential(nn.Linear(c, 2 * c), nn.GELU(), nn.Linear(2 * c, c))

    def split(self, tokens):
        return tokens.view(tokens.shape[0], tokens.shape[1], self.heads, tokens.shape[2] // self.heads).permute(0, 2, 1, 3)

    def forward(self, tokens):
        out = self.attend(*self.parts(tokens)).permute(0, 2, 1, 3).contiguous()
        tokens = self.norms[0](self.to_out(out.view(out.shape[0], out.shape[1], -1)) + tokens)
        return self.norms[1](self.ff(tokens) + tokens)


class Bert(nn.Module):
    """A grid of 3x5 of pixels' tokens."""

    def __init__(self, c=16):
        super().__init__()
        self.start, self.norm, self.end = conv(3, c), nn.LayerNorm(c), nn.Linear(c, 3)
        self.time, self.blocks = nn.Linear(16, c), nn.ModuleList(BertBlock(c) for _ in range(2))

    def forward(self, x, t):
        tokens = self.norm(self.start(x).flatten(2).transpose(1, 2) + self.time(sines(t, 16))[:, None])
        for block in self.blocks:
            tokens = block(tokens)
        return self.end(tokens).transpose(1, 2).reshape(x.shape)


class Chain(nn.Module):
    """Attentions one after another at half the resolution."""

    def __init__(self, make, c=16):
        super().__init__()
        self.start, self.time, self.down, self.end = conv(3, c), nn.Linear(16, c), conv(c, c, stride=2), conv(c, 3)
        self.layers = nn.ModuleList(kind(c) for kind in make)

    def forward(self, x, t):
        x = self.start(x) + self.time(sines(t, 16))[:, :, None, None]
        h = F.silu(self.down(x))
        for layer in self.layers:
            h = layer(h)
        return self.end(F.silu(x + F.interpolate(h, scale_factor=2.0, mode="nearest")))


def chain(make, layers, size, about):
    net = randomise(Chain(make), gain=1.1, sharp=("_q.", "_k."))
    return Network(net, {"x": rows(3, *size), "t": torch.tensor([0.3, 0.8])}, layers, plain=plain(net), about=about)


def forms():
    """Six forms of self-attention, and a seventh that shares keys; a grid of 4x9."""
    layer = Layer("self", 36, 36, 2, [4, 9])
    return chain([Tokens, CastBetween, FirstAxis, MapSecond, SharedKeys, NoResidual], [layer] * 7, (8, 18), "forms of self-attention: cast, keys first, map second, shared keys, no residual")


def written():
    """A grid of 4x9, softmaxes that are written out."""
    return chain([WrittenOut, WrittenLess, WrittenLog], [Layer("self", 36, 36, 2, [4, 9])] * 3, (8, 18), "softmaxes written out: exponentials over their sum, of a log-softmax")


def memory():
    """A grid of 2x2: self-attention, four learned keys beside (2x2 to 8), four instead (2x2 to 4, square), self-attention."""
    layer = Layer("self", 4, 4, 2, [2, 2])
    return chain([Tokens, Beside, lambda c: Instead(c, 4), Tokens], [layer, Layer("joint", 4, 8, 2, [2, 2], {"start": 0, "keyStart": 4, "count": 4}), Layer("cross", 4, 4, 2), layer], (4, 4), "learned keys beside and instead of the image's")


def no_softmax():
    """A grid of 4x9: linear attentions and one of sigmoids between two that can be guided; attention of channels, and in pieces, the second time put together in another order."""
    layer, none = Layer("self", 36, 36, 2, [4, 9]), Layer("linear", 36, 36, 2)
    return chain([Tokens, Relus, InALine, Sigmoids, Channels, Pieces, Tokens, Swapped, Tokens], [layer, none, none, Layer("no softmax", 36, 36, 2), Layer("channels", 8, 8, 2), *[Layer("in pieces", 18, 36, 2)] * 2, layer, *[Layer("in pieces", 18, 36, 2)] * 2, Layer("lost", 36, 36, 2)], (8, 18), "attention without a softmax over tokens")


def fixed():
    return body(Tokens, 2, "plain attention, a fixed number of rows", size=(16, 20))


def bert():
    net = randomise(Bert(), sharp=("to_q", "to_k"))
    return Network(net, {"x": rows(3, 3, 5), "t": torch.tensor([0.3, 0.8])}, [Layer("self", 15, 15, 2, [3, 5])] * 2, plain=plain(net), about="blocks of BERT's form over pixels")
