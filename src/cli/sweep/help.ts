/** What `npm run sweep` says about itself. */
export const HELP = `Usage: npm run -s sweep -- SWEEP.json [--out FOLDER] [--shard I/N] [--images N] [--KEY VALUE ...]
       npm run -s sweep -- --of KEY=VALUES [--of KEY=VALUES] [--preset FILE_OR_LINK] [--KEY VALUE ...] [--images N]
       npm run -s sweep -- SWEEP.json --merge [FOLDER ...] [--out FOLDER]
       npm run -s sweep -- SWEEP.json --list | --cost
       npm run -s sweep -- --results RESULTS.jsonl ... [--write FILE]

Draws and judges N images at each point of a grid of settings, and prints a row for each: the judge's distance (lower is better; compare
equal N only), class agreement, precision and recall, each with its 95 % interval from 100 images on. The same file works on the page (Lab).
docs/sweeps.md tells of the file, of shards on many machines, and of Snakemake, Slurm and Kubernetes.

  SWEEP.json             the file: a preset, one to three axes, images (public/sweep.schema.json; examples in public/sweeps)
  --of KEY=VALUES        an axis in place of a file, up to three times: --of "scale=0..2 by 0.25" --of layers=all,3,2_3_4 --of "sigma=0.5..8 log 5"
  --preset FILE_OR_LINK  what all points of --of share: a preset file, or a link copied from the page
  --KEY VALUE            a key of a preset in the preset's place, such as --model ./my-network or --steps 32
  --images N             images of each point, in the file's place (--of: 500 unless given). Image i has the preset's seed + i; classes take turns
                         unless the preset names one
  --judge FAMILY         whose judge sees the images, where the model is a folder of one's own
  --features NET.onnx    a feature network of yours in the judge's place (docs/metrics.md), with --protocol ID and --reference FILE.npz as evaluate
                         takes them: FID, KID, FD-DINOv2 or CMMD of each point
  --out FOLDER           keeps what was judged, image by image, and the results (default: .cache/sweeps/ and the file's name). The same command
                         goes on where it was stopped or killed; other values or more images draw only what is missing
  --shard I/N            draws only the I-th of N parts (I from 1); which point is in which follows from its settings alone. With --merge: only
                         computes the numbers of that part, which a merge then finds. Several processes may share a folder without --shard, too
  --merge [FOLDER ...]   draws nothing: results from what lies in the folders (default: --out), equal to one run's to the bit. Written to --out
  --list                 every cell with its id, why one can't be drawn, and how many images of it were measured before (points.json)
  --cost                 how many evaluations that is, and what it takes, by seconds an evaluation that are measured here now, and elsewhere before
  --evaluation SECONDS   with --cost: seconds of one evaluation on a machine of yours
  --write FILE           the results in another form as well: .jsonl, .csv, .parquet or .svg (a chart); may be given again
  --keep-features FOLDER what was seen of each image, as NumPy's .npz, a file a point
  --results FILE ...     shows or --writes results that are there, the page's too; draws nothing
  --batch N              images drawn together (default 8)
  --threads N            CPU threads (default: all; with several processes on a machine give 1)
  --json                 results as JSON
  --help                 this text

Exit status: 0 done, 1 the run failed, 2 the arguments or the sweep are wrong.`
