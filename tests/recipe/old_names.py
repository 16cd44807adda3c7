"""That weights of before the network's parts were renamed are read as what they are: models/avatars/train/ema-600000.pt against the file that
ships, whose names never changed. The key bias, which softmax ignores, is not shipped."""
import sys
from pathlib import Path

import torch

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "models/train"), str(ROOT / "tests/golden")]
import methods  # noqa: E402
from network import Denoiser, read_state  # noqa: E402
from settings import Family  # noqa: E402

read = read_state(ROOT / "models/avatars/train/ema-600000.pt")
assert read.keys() == Denoiser(**Family("avatars").shape("main")).state_dict().keys()
for name, shipped in methods.Family("avatars").state("main-1-2").items():
    own = read[name].clone()
    if name.endswith("to_qkv.bias"):
        own.chunk(3)[1].zero_()
    assert torch.equal(own, shipped), name
print(f"{len(read)} tensors of old names agree")
