#!/bin/sh
# Trains the networks of the plane and writes models/plane: python3 with torch (1.13 was used) and numpy, one thread.
#
#   sh models/plane/train/recipe.sh RUNS    some ten minutes of an idle core; a run that is there already is left as it is
#
# Each run is 16,384 iterations of 1,024 points. PYTHON names another Python (default: that of Debian).
set -eu
python=${PYTHON:-/usr/bin/python3}
[ $# -eq 1 ] || { sed -n '2,6p' "$0" >&2; exit 2; }
mkdir -p "$1"
runs=$(realpath "$1")
cd "$(dirname "$0")/../../.."
train() {
  name=$1
  shift
  [ -f "$runs/$name.pt" ] || $python models/plane/train/train.py "$runs/$name.pt" "$@"
}
$python models/plane/train/mixture.py
train main --snapshot "1024=$runs/main-1-16.pt" --snapshot "2048=$runs/main-1-8.pt"
train small --hidden 12 --snapshot "1024=$runs/small-1-16.pt"
train dropout --drop 0.15
train unconditional --drop 1
train sims --tune "$runs/main.pt" --iterations 8192
$python models/plane/train/export.py "$runs"
$python tests/golden/plane.py
