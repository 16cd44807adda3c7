#!/bin/sh
# Trains the family of the tiny test network and exports it with its golden tensors.
#
#   sh models/tiny/train/recipe.sh          writes models/tiny and tests/golden; 115,000 samples, some two minutes on an idle core; needs
#                                           .cache/avatars/train of the avatars' generator. Run it again after an interruption: it continues.
#   sh models/tiny/train/recipe.sh OUT      the whole recipe, data included, on fewer images and samples, and nothing written but OUT:
#                                           OUT/model is the family, OUT/golden PyTorch's tensors of it. `npm test` runs this.
#
# PYTHON names a Python with torch and onnx (default: that of Debian).
set -eu
python=${PYTHON:-/usr/bin/python3}
[ $# -le 1 ] || { sed -n '2,9p' "$0" >&2; exit 2; }
[ $# -eq 0 ] || { mkdir -p "$1"; out=$(realpath "$1"); }
cd "$(dirname "$0")/../../.."
if [ $# -eq 0 ]; then
  data=.cache/avatars/train runs=.cache/tiny model=models/tiny golden=tests/golden share=1 batch=64
else
  data=$out/data/train runs=$out/runs model=$out/model golden=$out/golden share=32 batch=32
  mkdir -p "$golden"
  node --import tsx models/avatars/train/generate.ts --split train --count 40 --out "$data"
fi
# The run `sims` stands for tuning on its own samples: it only has to differ from main.
$python models/train/whole.py tiny --runs "$runs" --data "$data" --share $share --threads 1 --batch $batch

in_turn() {
  $python -W ignore models/train/in_turn.py models/train/family.py tiny --runs "$runs" --out "$model" \
    -- tests/golden/generate.py tiny --folder "$model" --out "$golden" "$@"
}
if [ $# -eq 0 ]; then
  in_turn
else
  in_turn -- tests/recipe/old_names.py -- tests/recipe/learning.py "$out" \
    -- tests/golden/methods.py tiny --folder "$model" --out "$golden" --only "autoguidance, snapshot, euler" "cfg, euler" "sims, euler"
fi
