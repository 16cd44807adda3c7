"""Networks of timm and MONAI with random weights."""
import importlib.machinery
import sys
import types

import torch
import torch.nn as nn
import torch.nn.functional as F
from monai.networks.nets import DiffusionModelUNet

from truth import Layer, Network, randomise, rows


class Anything(type):
    """A class that has whatever is asked of it."""

    def __getattr__(cls, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return name


class Absent(types.ModuleType):
    """timm imports torchvision for its data, which isn't used here and has no build for PyTorch without CUDA."""

    __path__ = []

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return Anything(name, (), {"__init__": lambda self, *a, **k: None})


class Stub:
    def find_spec(self, name, path=None, target=None):
        return importlib.machinery.ModuleSpec(name, self, is_package=True) if name.split(".")[0] == "torchvision" else None

    def create_module(self, spec):
        return Absent(spec.name)

    def exec_module(self, module):
        pass


def import_timm():
    stub = Stub()
    sys.meta_path.append(stub)
    try:
        import timm.layers
        import timm.models
        return timm
    finally:
        sys.meta_path.remove(stub)
        for name in [name for name in sys.modules if name.split(".")[0] == "torchvision"]:
            del sys.modules[name]


timm = import_timm()


def image_of(tokens, grid, patch):
    """[rows, tokens, patch * patch * 3] as an image."""
    return tokens.unflatten(1, grid).unflatten(-1, (patch, patch, 3)).permute(0, 5, 1, 3, 2, 4).flatten(4, 5).flatten(2, 3)


class VitDenoiser(nn.Module):
    """A vision transformer whose image tokens are made an image; the class token and the registers are dropped at the end."""

    def __init__(self, size=(12, 20), patch=4, width=16):
        super().__init__()
        from timm.models.vision_transformer import VisionTransformer

        self.grid, self.patch = (size[0] // patch, size[1] // patch), patch
        self.vit = VisionTransformer(img_size=size, patch_size=patch, embed_dim=width, depth=2, num_heads=2, mlp_ratio=2, reg_tokens=4, num_classes=0, qk_norm=True)
        self.end = nn.Linear(width, patch * patch * 3)

    def forward(self, x):
        return image_of(self.end(self.vit.forward_features(x)[:, self.vit.num_prefix_tokens:]), self.grid, self.patch)


class SwinDenoiser(nn.Module):
    """Windows of 4x4 with a bias for relative positions, every second block's shifted; two levels."""

    def __init__(self, size=(16, 24), patch=2, width=16):
        super().__init__()
        from timm.models.swin_transformer import SwinTransformer

        self.grid, self.patch = (size[0] // patch // 2, size[1] // patch // 2), patch * 2
        self.swin = SwinTransformer(img_size=size, patch_size=patch, embed_dim=width, depths=(2, 1), num_heads=(2, 4), window_size=4, mlp_ratio=2, num_classes=0)
        self.end = nn.Linear(2 * width, self.patch ** 2 * 3)

    def forward(self, x):
        return image_of(self.end(self.swin.forward_features(x).flatten(1, 2)), self.grid, self.patch)


def fused(net, on):
    """timm's attentions and MONAI's keep their choice of one call or its parts in an attribute."""
    for module in net.modules():
        for name in ("fused_attn", "use_flash_attention"):
            if hasattr(module, name):
                setattr(module, name, on)
    return net


def either(make, one_call, inputs, layers, about, **more):
    return Network(fused(make(), one_call), inputs, layers, plain=fused(make(), True), about=about, **more)


def vit(one_call=False):
    """A grid of 3x5 behind a class token and four registers."""
    make = lambda: randomise(VitDenoiser(), sharp=("qkv",))
    return either(make, one_call, {"x": rows(3, 12, 20)}, [Layer("self", 20, 20, 2, [3, 5], {"start": 5, "count": 15})] * 2, "timm's VisionTransformer with registers")


def swin(one_call=False):
    """Six windows of 4x4 in a grid of 8x12, then a grid of 4x6 that is padded to two windows."""
    make = lambda: randomise(SwinDenoiser(), sharp=("qkv",))
    fine, coarse = Layer("self", 16, 16, 2, [4, 4], windows=6), Layer("self", 16, 16, 4, [4, 4], windows=2)
    return either(make, one_call, {"x": rows(3, 16, 24)}, [fine, fine, coarse], "timm's SwinTransformer")


class Monai(nn.Module):
    def __init__(self, conditional):
        super().__init__()
        self.net = DiffusionModelUNet(
            spatial_dims=2, in_channels=1, out_channels=1, num_res_blocks=(1, 1), channels=(8, 16), attention_levels=(False, True), norm_num_groups=4,
            num_head_channels=8, with_conditioning=conditional, cross_attention_dim=12 if conditional else None)
        self.eval()

    def forward(self, x, timesteps, context=None):
        return self.net(x, timesteps, context=context)


def monai(conditional=False, one_call=False):
    """A grid of 6x10, two heads; with a text of five tokens, if conditional."""
    make = lambda: randomise(Monai(conditional), sharp=("to_q", "to_k"))
    layer = Layer("self", 60, 60, 2, [6, 10])
    inputs = {"x": rows(1, 12, 20), "timesteps": torch.tensor([17, 640])}
    if not conditional:
        return either(make, one_call, inputs, [layer] * 4, "MONAI's DiffusionModelUNet")
    return either(make, one_call, {**inputs, "context": rows(5, 12, seed=2)}, [layer, Layer("cross", 60, 5, 2)] * 4, "MONAI's DiffusionModelUNet with a text")
