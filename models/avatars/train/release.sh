#!/bin/sh
# From the averaged weights of a run to everything that ships: model files, golden tensors, sample sheet, facts in the card.
#
#   sh models/avatars/train/release.sh .cache/runs/main/ema0.05_1.0000.pt
#
# The run's log.csv is looked for beside the weights. PYTHON names a Python with torch and onnx (default: that of Debian).
set -eu
python=${PYTHON:-/usr/bin/python3}
[ $# -eq 1 ] || { sed -n '2,6p' "$0" >&2; exit 2; }
weights=$(realpath "$1")
cd "$(dirname "$0")/../../.."
log=$(dirname "$weights")/log.csv
[ -f "$log" ] && set -- --log "$log" || set --

$python -W ignore models/avatars/train/export.py --size main --weights "$weights" --out models/avatars "$@"
$python tests/golden/generate.py avatars
for split in heldout train; do
  npx tsx models/avatars/train/generate.ts --split $split --count 40 --out .cache/avatars/card-$split
done
$python models/avatars/train/card.py --images .cache/avatars/card-heldout .cache/avatars/card-train "$@"
