#!/bin/sh
# Trains the family of the tiny test network (115,000 samples, some two minutes on an idle core; needs .cache/avatars/train of generate.ts), and
# writes models/tiny and its golden tensors. Run it again after an interruption: it continues.
set -eu
python=${PYTHON:-/usr/bin/python3}
cd "$(dirname "$0")/../../.."
runs=.cache/tiny
run() { name=$1; shift; $python models/avatars/train/train.py --threads 1 --lr 4e-3 --run "$runs/$name" "$@"; }

run main --size tiny --samples 71680 --marks 6400 --snapshots 1
run small --size tiny-small --samples 19200 --snapshots 1 --ema 0.05 --seed 1
run dropout --size tiny --samples 19200 --marks 3200 --snapshots 1 --ema 0.05 --seed 2 --label-dropout 0.1
# Stands for tuning on its own samples: it only has to differ from main.
run sims --size tiny --samples 6400 --snapshots 1 --ema 0.05 --seed 3 --init "$runs/main/ema0.05_1.0000.pt" --init-samples 0

$python -W ignore models/avatars/train/family.py tiny --runs "$runs"
$python tests/golden/generate.py tiny
