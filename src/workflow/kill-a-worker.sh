#!/usr/bin/env bash
# Draws forty settings by one process and, in four shards, by Snakemake, of which one worker is killed (kill -9) half-way; fails unless both
# give the same bytes. Needs snakemake, and runs here or on Slurm:
#   bash src/workflow/kill-a-worker.sh [PROFILE] [FOLDER]      PROFILE: local (default), slurm, or a profile of your own
#   SNAKEMAKE_ARGS='--slurm-no-account' bash src/workflow/kill-a-worker.sh slurm
set -euo pipefail
cd "$(dirname "$0")/../.."
profile=${1:-local}
folder=${2:-.cache/kill-a-worker}
sweep=src/workflow/forty.json
[ -e "src/workflow/profiles/$profile" ] && profile=src/workflow/profiles/$profile
rm -rf "$folder"
mkdir -p "$folder"

node --import tsx src/cli/sweep.ts $sweep --out "$folder/one" --threads 1 > "$folder/one.txt"

# shellcheck disable=SC2086
snakemake -s src/workflow/Snakefile --profile "$profile" ${SNAKEMAKE_ARGS:-} \
  --config sweep=$sweep out="$folder/shards" shards=4 > "$folder/snakemake.log" 2>&1 &
snakemake=$!

drawn() { cat "$folder"/shards/points/*/*.jsonl 2> /dev/null | grep -c '"index"' || true; }
while kill -0 $snakemake 2> /dev/null && [ "$(drawn)" -lt 400 ]; do sleep 0.2; done
# A piece that is being drawn has a lock, which names the process.
victim=$(sed -n 's/.*"pid":\([0-9]*\).*/\1/p' "$folder"/shards/points/*/*.lock 2> /dev/null | head -1)
[ -n "$victim" ] || { echo "no worker was there to be killed; see $folder/snakemake.log"; exit 1; }
before=$(drawn)
kill -9 "$victim"
echo "killed worker $victim when $before of 1600 images were drawn"
wait $snakemake || { echo "snakemake failed: see $folder/snakemake.log"; exit 1; }

grep -c 'Trying to restart\|Error in rule draw' "$folder/snakemake.log" | sed 's/^/lines of the log about the restart: /'
cmp "$folder/one/results.jsonl" "$folder/shards/results.jsonl"
echo "equal: $(sha256sum < "$folder/one/results.jsonl" | cut -c1-16) of $(wc -l < "$folder/one/results.jsonl") settings"
