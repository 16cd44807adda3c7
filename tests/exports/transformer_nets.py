"""More of diffusers' transformers with random weights: other forms of embedding, of text beside the image, of masks."""
import torch
from diffusers import AuraFlowTransformer2DModel, PixArtTransformer2DModel, PRXTransformer2DModel, SanaTransformer2DModel

from diffusers_nets import SHARP, TIMES, Sample
from truth import Layer, Network, randomise, rows

SHARES = torch.tensor([0.2, 0.7])


class PixArt(torch.nn.Module):
    """As its pipeline asks below a thousand pixels: nothing is said of sizes."""

    def __init__(self, net):
        super().__init__()
        self.net = net
        self.eval()

    def forward(self, hidden_states, timestep, encoder_hidden_states, encoder_attention_mask):
        return self.net(hidden_states, encoder_hidden_states, timestep, {"resolution": None, "aspect_ratio": None},
                        encoder_attention_mask=encoder_attention_mask, return_dict=False)[0]


def pixart():
    """A grid of 4x6, and cross-attention to five tokens of text, some of them padding; learned variance."""
    net = PixArtTransformer2DModel(
        num_attention_heads=2, attention_head_dim=8, in_channels=4, out_channels=8, num_layers=2, norm_num_groups=4, cross_attention_dim=16, sample_size=8,
        patch_size=2, caption_channels=12, use_additional_conditions=False)
    randomise(net, sharp=SHARP)
    mask = torch.ones(2, 5, dtype=torch.int64)
    mask[0, 3:] = 0
    return Network(
        PixArt(net), {"hidden_states": rows(4, 8, 12), "timestep": TIMES, "encoder_hidden_states": rows(5, 12, seed=2), "encoder_attention_mask": mask},
        [Layer("self", 24, 24, 2, [4, 6]), Layer("cross", 24, 5, 2)] * 2, about="PixArtTransformer2DModel")


def auraflow():
    """A grid of 4x6 behind eight registers and five tokens of text."""
    net = AuraFlowTransformer2DModel(
        sample_size=8, patch_size=2, in_channels=4, num_mmdit_layers=1, num_single_dit_layers=2, attention_head_dim=8, num_attention_heads=2,
        joint_attention_dim=12, caption_projection_dim=16, pos_embed_max_size=36)
    randomise(net, sharp=SHARP)
    return Network(
        Sample(net, "hidden_states", "encoder_hidden_states", "timestep"),
        {"hidden_states": rows(4, 8, 12), "encoder_hidden_states": rows(5, 12, seed=2), "timestep": SHARES},
        [Layer("joint", 37, 37, 2, [4, 6], {"start": 13, "count": 24})] * 3, about="AuraFlowTransformer2DModel")


def prx():
    """A grid of 4x6 whose tokens see five of a text before them, which ask for nothing."""
    net = PRXTransformer2DModel(in_channels=4, patch_size=2, context_in_dim=12, hidden_size=16, mlp_ratio=2, num_heads=2, depth=2, axes_dim=[4, 4])
    randomise(net, sharp=(*SHARP, "qkv"))
    return Network(
        Sample(net, "hidden_states", "timestep", "encoder_hidden_states"),
        {"hidden_states": rows(4, 8, 12), "timestep": SHARES, "encoder_hidden_states": rows(5, 12, seed=2)},
        [Layer("joint", 24, 29, 2, [4, 6], {"start": 0, "keyStart": 5, "count": 24})] * 2, about="PRXTransformer2DModel")


def sana():
    """A grid of 8x12 by linear attention, and cross-attention to five tokens of text."""
    net = SanaTransformer2DModel(
        in_channels=4, out_channels=4, num_attention_heads=2, attention_head_dim=8, num_layers=2, num_cross_attention_heads=2, cross_attention_head_dim=8,
        cross_attention_dim=16, caption_channels=12, mlp_ratio=2, sample_size=8, patch_size=1)
    randomise(net, sharp=SHARP)
    return Network(
        Sample(net, "hidden_states", "encoder_hidden_states", "timestep"),
        {"hidden_states": rows(4, 8, 12), "encoder_hidden_states": rows(5, 12, seed=2), "timestep": TIMES},
        [Layer("linear", 96, 96, 2), Layer("cross", 96, 5, 2)] * 2, about="SanaTransformer2DModel")
