"""Token ids and embeddings of texts, as transformers computes them: of a small CLIP text encoder and a small T5 encoder with random
weights, each with a tokenizer trained here on a few sentences. Writes tests/golden/texts/.

    pip install torch==2.13.0 transformers==5.24.0 onnx==1.23.2 onnxscript==0.7.2 && python tests/golden/texts.py
"""

import json
from pathlib import Path

import numpy as np
import torch
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import CLIPTextConfig, CLIPTextModelWithProjection, PreTrainedTokenizerFast, T5Config, T5EncoderModel

OUT = Path(__file__).parent / "texts"
PROMPTS = ["", "a red ball", "Two  CATS, and a dog!", "the quick brown fox jumps over the lazy dog again and again and again", "café 12:30 🙂"]
CORPUS = [
    "a photo of a red ball on the table", "two cats and a dog sleep near the fire", "the quick brown fox jumps over the lazy dog",
    "a small café at 12:30 in the morning", "it's a drawing of a house, isn't it?",
] * 4
LENGTH = 16


def clip():
    """As CLIP's own: lower case, byte-level BPE with </w>, texts between two marks, padded with the end mark."""
    tokenizer = Tokenizer(models.BPE(continuing_subword_prefix="", end_of_word_suffix="</w>", unk_token="<|endoftext|>"))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFC(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Lowercase()])
    pattern = r"<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(pattern), behavior="removed", invert=True), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
    ])
    tokenizer.decoder = decoders.ByteLevel()
    marks = ["<|startoftext|>", "<|endoftext|>"]
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    tokenizer.train_from_iterator(CORPUS, trainers.BpeTrainer(
        vocab_size=640, special_tokens=marks, initial_alphabet=alphabet, end_of_word_suffix="</w>", show_progress=False))
    start, end = (tokenizer.token_to_id(mark) for mark in marks)
    tokenizer.post_processor = processors.RobertaProcessing(sep=(marks[1], end), cls_token=(marks[0], start), trim_offsets=False, add_prefix_space=False)
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, bos_token=marks[0], eos_token=marks[1], unk_token=marks[1], pad_token=marks[1], model_max_length=LENGTH)
    torch.manual_seed(0)
    config = CLIPTextConfig(vocab_size=tokenizer.get_vocab_size(), hidden_size=16, intermediate_size=32, projection_dim=12, num_hidden_layers=1,
                            num_attention_heads=2, max_position_embeddings=LENGTH, bos_token_id=start, eos_token_id=end, pad_token_id=end)
    return fast, CLIPTextModelWithProjection(config).eval(), ["input_ids"]


def t5():
    """As T5's own: unigram pieces, an end mark after the text, padded with zeros, which a mask hides."""
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace()
    tokenizer.train_from_iterator(CORPUS, trainers.UnigramTrainer(vocab_size=120, special_tokens=["<pad>", "</s>", "<unk>"], unk_token="<unk>", show_progress=False))
    end = tokenizer.token_to_id("</s>")
    tokenizer.post_processor = processors.TemplateProcessing(single="$A </s>", pair="$A </s> $B </s>", special_tokens=[("</s>", end)])
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, eos_token="</s>", unk_token="<unk>", pad_token="<pad>", model_max_length=LENGTH)
    torch.manual_seed(1)
    config = T5Config(vocab_size=tokenizer.get_vocab_size(), d_model=16, d_kv=8, d_ff=32, num_layers=1, num_heads=2, pad_token_id=0, eos_token_id=end, decoder_start_token_id=0)
    return fast, T5EncoderModel(config).eval(), ["input_ids", "attention_mask"]


def write(name, tokenizer, model, inputs):
    folder = OUT / name
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer.save_pretrained(folder)
    for file in folder.iterdir():
        if file.name not in ("tokenizer.json", "tokenizer_config.json"):
            file.unlink()
    encoded = tokenizer(PROMPTS, padding="max_length", truncation=True, max_length=LENGTH, return_tensors="pt")
    given = {key: encoded[key] for key in inputs}
    with torch.no_grad():
        output = model(**given)
    names = ["text_embeds", "last_hidden_state"] if name == "clip" else ["last_hidden_state"]
    wrapped = Outputs(model, names)
    dims = {key: {0: "rows"} for key in [*inputs, *names]}
    torch.onnx.export(wrapped, tuple(given[key] for key in inputs), folder / "model.onnx", input_names=inputs, output_names=names, dynamic_axes=dims, opset_version=18, dynamo=False)
    return {
        "ids": given["input_ids"].tolist(),
        **{key: {"shape": list(output[key].shape[1:]), "values": np.float64(output[key].numpy()).round(7).reshape(len(PROMPTS), -1).tolist()} for key in names},
    }


class Outputs(torch.nn.Module):
    def __init__(self, model, names):
        super().__init__()
        self.model, self.names = model, names

    def forward(self, input_ids, attention_mask=None):
        output = self.model(input_ids=input_ids, attention_mask=attention_mask)
        return tuple(output[name] for name in self.names)


if __name__ == "__main__":
    golden = {"prompts": PROMPTS, "length": LENGTH, "clip": write("clip", *clip()), "t5": write("t5", *t5())}
    (OUT / "golden.json").write_text(json.dumps(golden) + "\n")
