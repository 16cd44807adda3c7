/** What `npm run evaluate` says about itself. */
export const HELP = `Usage: npm run -s evaluate -- [--preset FILE_OR_LINK] [--KEY VALUE ...] --samples N [--out FILE]
       npm run -s evaluate -- [--model MODEL] --images OUT
       npm run -s evaluate -- [--model MODEL] --merge FILE...
       npm run -s evaluate -- ... --features NET.onnx --protocol ID --reference FILE.npz

Draws N guided images and compares them with held-out renders in the features of the model family's judge: the Fréchet
distance (lower is better; compare sets of equal N only, and never with an FID), class agreement
(the judge sees the class that was asked for), precision and recall (3 nearest neighbours), each with its 95 % interval
(jackknife over ten blocks of seeds, from 100 samples on).

  --preset FILE_OR_LINK  a preset file, or a link copied from the page. Sample i has the preset's seed + i. Classes take
                         turns, unless the preset names one (a link: one that is not the default). samples is not used.
                         Sample i alone, to the bit, here or by sample: --seed SEED+I --samples 1 and its --class
  --KEY VALUE            a key of a preset in the preset's place, such as --method seg --scale 0.5 --steps 32 (npm run -s
                         sample -- --help lists them)
  --judge FAMILY         whose judge sees the images, where the model is a folder of one's own, which has none (RGB of a side that
                         divides 64); class agreement is left out where the judge does not know the model's classes
  --features NET.onnx    a feature network of yours in the judge's place (docs/metrics.md), with
  --protocol ID          how its pictures are prepared and what is reported: clean-fid, pytorch-fid (FID, KID), dinov2 (FD-DINOv2, KID), cmmd
  --reference FILE.npz   what to compare with, as pytorch-fid, clean-fid or dgm-eval save it (or a .npy of features)
  --save-reference FILE  makes such a file of these images, mu, sigma and feats
  --samples N            how many images; of fewer than 4 only what the judge sees in each
  --out FILE             keeps what was judged, so that the same command goes on where it was stopped, also to a larger N
  --shard I/N            draws only the I-th of N parts (I from 1); needs --out
  --merge FILE...        the numbers of the shards' files together, equal to those of one run; draws nothing
  --images OUT           judges OUT.u8 and OUT.labels, as generate.ts and synthesise.py write them, instead of drawing
  --batch N              images drawn together (default 8)
  --threads N            CPU threads (default: all)
  --json                 the numbers as JSON
  --help                 this text

Exit status: 0 done, 1 the run failed, 2 the arguments or the preset are wrong.`
