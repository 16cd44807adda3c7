"""Embeddings of texts by several encoders, as diffusers' pipelines combine them: Stable Diffusion XL's two and Stable Diffusion 3's three,
small and with random weights. Writes tests/golden/texts/pipelines, each encoder as a folder with the names that optimum gives its outputs.

    pip install torch==2.13.0 diffusers==0.42.1 transformers==5.24.0 onnx==1.23.2 onnxscript==0.7.2 && python tests/golden/text_pipelines.py
"""

import json

import torch
from diffusers import AutoencoderKL, EulerDiscreteScheduler, FlowMatchEulerDiscreteScheduler, SD3Transformer2DModel, StableDiffusion3Pipeline, StableDiffusionXLPipeline, UNet2DConditionModel
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection, PreTrainedTokenizerFast, T5Config, T5EncoderModel

from texts import LENGTH, OUT as TEXTS

OUT = TEXTS / "pipelines"
PROMPTS = ["", "a red ball", "two cats and a dog sleep near the fire"]


def clip_encoder(kind, tokenizer, width, projection, seed):
    torch.manual_seed(seed)
    start, end = tokenizer.bos_token_id, tokenizer.eos_token_id
    return kind(CLIPTextConfig(
        vocab_size=len(tokenizer), hidden_size=width, intermediate_size=2 * width, projection_dim=projection, num_hidden_layers=2,
        num_attention_heads=2, max_position_embeddings=LENGTH, bos_token_id=start, eos_token_id=end, pad_token_id=end)).eval()


class Exported(torch.nn.Module):
    """Outputs as optimum names them, in its order."""

    def __init__(self, model, pooled):
        super().__init__()
        self.model, self.pooled = model, pooled

    def forward(self, input_ids):
        if self.pooled is None:
            return (self.model(input_ids).last_hidden_state,)
        found = self.model(input_ids, output_hidden_states=True)
        return found[self.pooled], found.last_hidden_state, *found.hidden_states


def write(folder, tokenizer, model, pooled):
    path = OUT / folder
    path.mkdir(parents=True, exist_ok=True)
    layers = [] if pooled is None else [f"hidden_states.{i}" for i in range(model.config.num_hidden_layers + 1)]
    names = [*([] if pooled is None else [pooled]), "last_hidden_state", *layers]
    ids = tokenizer([""], padding="max_length", truncation=True, max_length=LENGTH, return_tensors="pt").input_ids
    dims = {name: {0: "rows"} for name in ["input_ids", *names]}
    torch.onnx.export(Exported(model, pooled).eval(), (ids,), path / "model.onnx", input_names=["input_ids"], output_names=names, dynamic_axes=dims, opset_version=18, dynamo=False)


def told(texts, pooled):
    return [{"shape": list(one.shape[1:]), "values": [row.flatten().double().numpy().round(6).tolist() for row in one]} for one in (texts, pooled)]


def main():
    fast, pieces = (PreTrainedTokenizerFast.from_pretrained(TEXTS / name) for name in ("clip", "t5"))  # training one is not the same each time
    torch.manual_seed(2)
    t5_encoder = T5EncoderModel(T5Config(vocab_size=len(pieces), d_model=40, d_kv=8, d_ff=32, num_layers=1, num_heads=2, pad_token_id=0, eos_token_id=pieces.eos_token_id, decoder_start_token_id=0)).eval()
    plain = clip_encoder(CLIPTextModel, fast, 16, 16, 3)
    projecting = [clip_encoder(CLIPTextModelWithProjection, fast, width, projection, seed) for width, projection, seed in ((12, 10, 4), (20, 14, 5))]
    write("xl/text_encoder", fast, plain, "pooler_output")
    write("xl/text_encoder_2", fast, projecting[1], "text_embeds")
    for number, model in enumerate(projecting):
        write(f"sd3/text_encoder{'_2' * number}", fast, model, "text_embeds")
    write("sd3/text_encoder_3", pieces, t5_encoder, None)

    vae = AutoencoderKL(block_out_channels=(4,), norm_num_groups=2, latent_channels=4)
    unet = UNet2DConditionModel(
        block_out_channels=(4, 8), norm_num_groups=2, layers_per_block=1, cross_attention_dim=36, attention_head_dim=2, addition_embed_type="text_time",
        addition_time_embed_dim=2, projection_class_embeddings_input_dim=26, down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"), up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"))
    xl = StableDiffusionXLPipeline(
        vae=vae, text_encoder=plain, text_encoder_2=projecting[1], tokenizer=fast, tokenizer_2=fast, unet=unet, scheduler=EulerDiscreteScheduler(), add_watermarker=False)
    transformer = SD3Transformer2DModel(
        sample_size=4, patch_size=2, in_channels=4, num_layers=1, attention_head_dim=4, num_attention_heads=2, joint_attention_dim=40, caption_projection_dim=8,
        pooled_projection_dim=24, out_channels=4)
    sd3 = StableDiffusion3Pipeline(
        transformer=transformer, scheduler=FlowMatchEulerDiscreteScheduler(), vae=vae, text_encoder=projecting[0], tokenizer=fast, text_encoder_2=projecting[1], tokenizer_2=fast,
        text_encoder_3=t5_encoder, tokenizer_3=pieces)
    with torch.no_grad():
        texts, none, pooled, none_pooled = xl.encode_prompt(PROMPTS[1:], do_classifier_free_guidance=True)
        empty = [one[:1] for one in (none, none_pooled)]
        golden = {"prompts": PROMPTS, "xl": told(torch.cat([empty[0], texts]), torch.cat([empty[1], pooled]))}
        texts, _, pooled, _ = sd3.encode_prompt(PROMPTS, None, None, do_classifier_free_guidance=False, max_sequence_length=LENGTH)
        golden["sd3"] = told(texts, pooled)
        sd3.text_encoder_3 = None
        texts, _, pooled, _ = sd3.encode_prompt(PROMPTS, None, None, do_classifier_free_guidance=False, max_sequence_length=LENGTH)
        golden["sd3-without-t5"] = told(texts, pooled)
    (OUT / "golden.json").write_text(json.dumps(golden) + "\n")


if __name__ == "__main__":
    main()
