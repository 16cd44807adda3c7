#!/bin/sh
# From runs to everything that ships: files of all networks, golden tensors, sample sheets, loss curves and facts in the card, and of the
# evaluation what these weights still have (table.py draws the rest).
#
#   sh models/avatars/train/release.sh RUNS [TRIAL]
#
# RUNS and TRIAL are those of family.py, whose table says what is taken from them. PYTHON names a Python with torch and onnx (default: that of
# Debian).
set -eu
python=${PYTHON:-/usr/bin/python3}
[ $# -eq 1 ] || [ $# -eq 2 ] || { sed -n '2,8p' "$0" >&2; exit 2; }
runs=$(realpath "$1")
trial=$(realpath -m "${2:-.cache/trial}")
cd "$(dirname "$0")/../../.."

$python -W ignore models/train/family.py avatars --runs "$runs" --trial "$trial"
$python tests/golden/generate.py avatars
$python tests/golden/methods.py avatars
npm run -s first-light
for split in heldout train; do
  npx tsx models/avatars/train/generate.ts --split $split --count 40 --out .cache/avatars/card-$split
done
$python -W ignore models/train/table.py report avatars
$python models/train/card.py avatars --images .cache/avatars/card-heldout .cache/avatars/card-train --runs "$runs"
