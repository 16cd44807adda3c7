"""Configurations as diffusers writes them, which `src/model/guess.ts` reads.

    python3 tests/golden/diffusers_configs.py     # needs torch and diffusers (0.42.1 was used); seconds

Writes tests/golden/diffusers-configs.json: for each name what `save_config` would write. Widths are small, since they decide nothing;
channels, sizes, classes and the schedulers' numbers are those of the models that the names say.
"""

import json
from pathlib import Path

import diffusers as d

SMALL = {'block_out_channels': (8, 8), 'norm_num_groups': 4, 'layers_per_block': 1, 'attention_head_dim': 8}
PLAIN = {'down_block_types': ('DownBlock2D', 'AttnDownBlock2D'), 'up_block_types': ('AttnUpBlock2D', 'UpBlock2D')}
CROSS = {
    'down_block_types': ('CrossAttnDownBlock2D', 'DownBlock2D'),
    'up_block_types': ('UpBlock2D', 'CrossAttnUpBlock2D'),
}
VAE = {
    'block_out_channels': (4, 4),
    'norm_num_groups': 2,
    'down_block_types': ('DownEncoderBlock2D',) * 2,
    'up_block_types': ('UpDecoderBlock2D',) * 2,
}
LDM = {'beta_schedule': 'scaled_linear', 'beta_start': 0.00085, 'beta_end': 0.012}

PARTS = {
    'ddpm-unet': d.UNet2DModel(sample_size=32, in_channels=3, out_channels=3, **SMALL, **PLAIN),
    'ddpm-scheduler': d.DDPMScheduler(),
    'ncsnpp-unet': d.UNet2DModel(
        sample_size=256, time_embedding_type='fourier', in_channels=3, out_channels=3, **SMALL, **PLAIN
    ),
    'ncsnpp-scheduler': d.ScoreSdeVeScheduler(sigma_max=1348.0),
    'sd15-unet': d.UNet2DConditionModel(sample_size=64, cross_attention_dim=768, **SMALL, **CROSS),
    'sd15-scheduler': d.PNDMScheduler(**LDM, skip_prk_steps=True, steps_offset=1),
    'sd15-vae': d.AutoencoderKL(latent_channels=4, **VAE),
    'zero-snr-scheduler': d.DDIMScheduler(
        **LDM, prediction_type='v_prediction', rescale_betas_zero_snr=True, timestep_spacing='trailing'
    ),
    'dit': d.DiTTransformer2DModel(
        num_attention_heads=2, attention_head_dim=8, in_channels=4, out_channels=8, num_layers=1, norm_num_groups=2
    ),
    'dit-scheduler': d.DDIMScheduler(beta_start=0.0001, beta_end=0.02, clip_sample=False),
    'sd3': d.SD3Transformer2DModel(
        sample_size=128, num_layers=1, attention_head_dim=8, num_attention_heads=2, caption_projection_dim=16
    ),
    'sd3-scheduler': d.FlowMatchEulerDiscreteScheduler(shift=3.0),
    'sd3-vae': d.AutoencoderKL(latent_channels=16, scaling_factor=1.5305, shift_factor=0.0609, **VAE),
    'edm-scheduler': d.EDMEulerScheduler(sigma_min=0.002, sigma_max=80.0, sigma_data=0.5),
}

lines = ',\n'.join(f'"{name}": {json.dumps(json.loads(part.to_json_string()))}' for name, part in PARTS.items())
Path(__file__).with_name('diffusers-configs.json').write_text('{\n' + lines + '\n}\n')
print(len(PARTS), 'configurations of diffusers', d.__version__)
