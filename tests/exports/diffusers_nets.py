"""Networks of diffusers with random weights, a few channels wide."""
import torch
from diffusers import DiTTransformer2DModel, FluxTransformer2DModel, SD3Transformer2DModel, UNet2DConditionModel, UNet2DModel
from diffusers.models.attention_processor import Attention, AttnAddedKVProcessor, AttnAddedKVProcessor2_0, AttnProcessor, AttnProcessor2_0
from diffusers.models.unets.unet_stable_cascade import StableCascadeUNet

from truth import Layer, Network, randomise, rows

SHARP = ("to_q", "to_k", "add_q", "add_k")
TIMES = torch.tensor([17, 640])


class Sample(torch.nn.Module):
    """The network's sample alone, and its inputs by position."""

    def __init__(self, net, *names, **fixed):
        super().__init__()
        self.net, self.names, self.fixed = net, names, fixed
        self.eval()

    def forward(self, *inputs):
        return self.net(**dict(zip(self.names, inputs)), **self.fixed, return_dict=False)[0]


def with_processor(net, old):
    """Attention as a product, a softmax and a product (old), or as one call."""
    for module in net.modules():
        if isinstance(module, Attention):
            module.set_processor(AttnProcessor() if old else AttnProcessor2_0())
    return net


def unet(old=False):
    """Grids of 8x18 and 4x9; four and six heads."""
    def make():
        net = UNet2DModel(
            sample_size=(16, 36), in_channels=3, out_channels=3, layers_per_block=1, block_out_channels=(8, 16, 24), norm_num_groups=4, attention_head_dim=4,
            down_block_types=("DownBlock2D", "AttnDownBlock2D", "AttnDownBlock2D"), up_block_types=("AttnUpBlock2D", "AttnUpBlock2D", "UpBlock2D"))
        return randomise(net, sharp=SHARP)
    net = with_processor(make(), old)
    fine, coarse = Layer("self", 144, 144, 4, [8, 18]), Layer("self", 36, 36, 6, [4, 9])
    names = ("sample", "timestep")
    return Network(
        Sample(net, *names), {"sample": rows(3, 16, 36), "timestep": TIMES}, [fine, coarse, coarse, coarse, coarse, fine, fine],
        plain=Sample(with_processor(make(), False), *names) if old else None, dynamic={"sample": (2, 3)} if old else {}, about="UNet2DModel")


def conditional_unet(old=False):
    """Grids of 8x12 and 4x6, and cross-attention to five tokens of text; two heads."""
    def make():
        net = UNet2DConditionModel(
            sample_size=(8, 12), in_channels=4, out_channels=4, layers_per_block=1, block_out_channels=(8, 16), norm_num_groups=4, attention_head_dim=2,
            cross_attention_dim=12, down_block_types=("CrossAttnDownBlock2D", "DownBlock2D"), up_block_types=("UpBlock2D", "CrossAttnUpBlock2D"))
        return randomise(net, sharp=SHARP)
    net = with_processor(make(), old)
    fine = [Layer("self", 96, 96, 2, [8, 12]), Layer("cross", 96, 5, 2)]
    coarse = [Layer("self", 24, 24, 2, [4, 6]), Layer("cross", 24, 5, 2)]
    names = ("sample", "timestep", "encoder_hidden_states")
    return Network(
        Sample(net, *names), {"sample": rows(4, 8, 12), "timestep": TIMES, "encoder_hidden_states": rows(5, 12, seed=2)},
        [*fine, *coarse, *fine, *fine], plain=Sample(with_processor(make(), False), *names) if old else None, about="UNet2DConditionModel")


def dit():
    """A grid of 6x6 from patches of 2x2; learned variance."""
    net = DiTTransformer2DModel(
        num_attention_heads=2, attention_head_dim=8, in_channels=4, out_channels=8, num_layers=3, sample_size=12, patch_size=2, num_embeds_ada_norm=1000)
    randomise(net, sharp=SHARP)
    return Network(
        Sample(net, "hidden_states", "timestep", "class_labels"), {"sample": rows(4, 12, 12), "timestep": TIMES, "class_labels": torch.tensor([3, 7])},
        [Layer("self", 36, 36, 2, [6, 6])] * 3, about="DiTTransformer2DModel")


def sd3(dual=True):
    """A grid of 4x6 before seven tokens of text; if `dual`, the first block has an attention for the image alone besides, as SD3.5's."""
    net = SD3Transformer2DModel(
        sample_size=12, patch_size=2, in_channels=4, num_layers=2, attention_head_dim=8, num_attention_heads=2, joint_attention_dim=12,
        caption_projection_dim=16, pooled_projection_dim=10, out_channels=4, pos_embed_max_size=12, dual_attention_layers=(0,) if dual else (), qk_norm="rms_norm")
    randomise(net, sharp=SHARP)
    joint = Layer("joint", 31, 31, 2, [4, 6], {"start": 0, "count": 24})
    return Network(
        Sample(net, "hidden_states", "encoder_hidden_states", "pooled_projections", "timestep"),
        {"hidden_states": rows(4, 8, 12), "encoder_hidden_states": rows(7, 12, seed=2), "pooled_projections": rows(10, seed=3), "timestep": TIMES},
        [joint, *[Layer("self", 24, 24, 2, [4, 6])] * dual, joint], about=f"SD3Transformer2DModel{' with a dual block' * dual}")


def flux():
    """A grid of 4x6 behind five tokens of text; one block of two streams, two of one."""
    net = FluxTransformer2DModel(
        patch_size=1, in_channels=8, num_layers=1, num_single_layers=2, attention_head_dim=8, num_attention_heads=2, joint_attention_dim=12,
        pooled_projection_dim=10, axes_dims_rope=(2, 2, 4))
    randomise(net, sharp=SHARP)
    image = torch.stack([torch.zeros(24), torch.arange(24) // 6, torch.arange(24) % 6], -1).float()
    joint = Layer("joint", 29, 29, 2, [4, 6], {"start": 5, "count": 24})
    return Network(
        Sample(net, "hidden_states", "encoder_hidden_states", "pooled_projections", "timestep", "img_ids", "txt_ids"),
        {"hidden_states": rows(24, 8), "encoder_hidden_states": rows(5, 12, seed=2), "pooled_projections": rows(10, seed=3),
         "timestep": torch.tensor([0.2, 0.7]), "img_ids": image, "txt_ids": torch.zeros(5, 3)},
        [joint] * 3, shared=("img_ids", "txt_ids"), about="FluxTransformer2DModel")


def added(old=False, image=False):
    """Grids of 8x12 and 4x6 in one map with five tokens of text before the image's; with `image`, with three tokens made of one vector."""
    def make(old):
        more = dict(encoder_hid_dim=20, encoder_hid_dim_type="image_proj", addition_embed_type="image") if image else dict(encoder_hid_dim=12)
        net = UNet2DConditionModel(
            sample_size=(8, 12), in_channels=4, out_channels=4, layers_per_block=1, block_out_channels=(8, 16), norm_num_groups=4, attention_head_dim=4,
            cross_attention_dim=12, resnet_time_scale_shift="scale_shift", down_block_types=("SimpleCrossAttnDownBlock2D", "ResnetDownsampleBlock2D"),
            mid_block_type="UNetMidBlock2DSimpleCrossAttn", up_block_types=("ResnetUpsampleBlock2D", "SimpleCrossAttnUpBlock2D"), **more)
        if image:
            net.encoder_hid_proj.num_image_text_embeds, net.encoder_hid_proj.image_embeds = 3, torch.nn.Linear(20, 36)
        for module in net.modules():
            if isinstance(module, Attention):
                module.set_processor(AttnAddedKVProcessor() if old else AttnAddedKVProcessor2_0())
        return randomise(net, sharp=SHARP + ("add_k", "add_v"))
    def wrapped(net):
        return Embedded(net) if image else Sample(net, "sample", "timestep", "encoder_hidden_states")
    m = 3 if image else 5
    fine, coarse = (Layer("joint", n, n + m, heads, grid, {"start": 0, "keyStart": m, "count": n}) for n, heads, grid in ((96, 2, [8, 12]), (24, 4, [4, 6])))
    told = {"image_embeds": rows(20, seed=2)} if image else {"encoder_hidden_states": rows(5, 12, seed=2)}
    return Network(
        wrapped(make(old)), {"sample": rows(4, 8, 12), "timestep": TIMES, **told}, [fine, coarse, fine, fine],
        plain=wrapped(make(False)) if old else None, about=f"UNet2DConditionModel with added keys{' of an image' * image}")


class Embedded(torch.nn.Module):
    """As Kandinsky's pipelines ask: the embedding of an image is all the condition."""

    def __init__(self, net):
        super().__init__()
        self.net = net
        self.eval()

    def forward(self, sample, timestep, image_embeds):
        return self.net(sample, timestep, None, added_cond_kwargs={"image_embeds": image_embeds}, return_dict=False)[0]


def cascade():
    """Grids of 8x12 and 4x6 in one map with the text's and the image's tokens behind the image's own."""
    net = StableCascadeUNet(
        in_channels=4, out_channels=4, timestep_ratio_embedding_dim=8, conditioning_dim=12, block_out_channels=(16, 24), num_attention_heads=(2, 3),
        down_num_layers_per_block=(1, 1), up_num_layers_per_block=(1, 1), clip_text_in_channels=10, clip_text_pooled_in_channels=10, clip_image_in_channels=14,
        clip_seq=2, dropout=(0.0, 0.0), switch_level=(True,))
    randomise(net, sharp=SHARP)
    fine, coarse = (Layer("joint", n, n + 9, heads, grid, {"start": 0, "keyStart": 0, "count": n}) for n, heads, grid in ((96, 2, [8, 12]), (24, 3, [4, 6])))
    return Network(
        Sample(net, "sample", "timestep_ratio", "clip_text_pooled", "clip_text", "clip_img"),
        {"sample": rows(4, 8, 12), "timestep_ratio": torch.tensor([0.2, 0.7]), "clip_text_pooled": rows(1, 10, seed=2), "clip_text": rows(5, 10, seed=3),
         "clip_img": rows(1, 14, seed=4)}, [fine, coarse, coarse, fine], about="StableCascadeUNet")
