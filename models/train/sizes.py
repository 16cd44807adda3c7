"""How far, and where to, each method of sweep.json pushes at s = 1: what the best scales of the evaluation compare with, and why a method helps.

    python3 models/train/sizes.py FAMILY [--images 40] [--only NAME ...] [--reference NAME]

Along the way without guidance, each Euler step from sigma to sigma' would be moved by (1 - sigma'/sigma) s (D+ - D-). Printed of that at s = 1 are
its size: root mean square over pixels (which span [-1, 1]), summed over the steps and averaged over images; how much of its energy is in detail
of more than an eighth of a cycle a pixel; and the cosine of the angle between it and the reference's, all steps of an image as one vector,
averaged over images, with a 95 % interval. The reference is SIMS where no other row is named, because it helps most. Left out are methods that give no negative
or go over another one's, those of other networks than main, whose way is another one, and rows that differ from an earlier one in scale alone.
"""
import argparse
import json

import torch

from evaluate import alone, complete
from sampling import Run, Sampler
from settings import Family, families

WITHOUT_OWN_NEGATIVE = "momentum", "apg", "cfg-zero-star", "cfg++", "fdg", "tcfg", "mambo-g", "apg-mix", "nag", "pladis"


class Unmoved(Run):
    """Asks for the negatives, and goes on without guidance."""

    def combined(self, p, x, sigma, sigma_next, positive, negative, step, memory):
        self.pushes[self.seed, step] = (1 - sigma_next / sigma) * (positive - negative).float()
        return positive, memory


def pushes_of(sampler, preset, images):
    """[images, steps, 3, h, w]; zero where the method does not act."""
    pushes = {}
    shape = sampler.images(preset, range(images), type("Measured", (Unmoved,), dict(pushes=pushes))).shape[1:]
    return torch.stack([torch.stack([pushes.get((preset["seed"] + image, step), torch.zeros(shape)) for step in range(preset["steps"])]) for image in range(images)])


def share_of_detail(push):
    energy = torch.fft.fft2(push).abs().square().flatten(0, -3).sum(0)
    frequency = torch.hypot(*torch.meshgrid(*(torch.fft.fftfreq(n) for n in energy.shape), indexing="ij"))
    return (energy[frequency > 1 / 8].sum() / energy.sum()).item()


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("family", choices=families())
    p.add_argument("--images", type=int, default=40)
    p.add_argument("--only", nargs="+")
    p.add_argument("--reference", default="SIMS")
    a = p.parse_args()
    alone(1)
    told = json.loads((Family(a.family).own / "sweep.json").read_text())["methods"]
    presets = complete([{"model": a.family, **row["preset"], "scale": 1} for row in told])
    pushing = [(row["name"], preset) for at, (row, preset) in enumerate(zip(told, presets)) if preset["network"] == "main"
               and preset["method"] not in WITHOUT_OWN_NEGATIVE and preset.get("form") != "neon" and preset not in presets[:at]]
    asked = sorted((each for each in pushing if a.only is None or each[0] in (*a.only, a.reference)), key=lambda each: each[0] != a.reference)
    sampler, reference = Sampler(a.family), None
    for name, preset in asked:
        push = pushes_of(sampler, preset, a.images)
        reference = push if reference is None else reference
        cosines = torch.cosine_similarity(push.flatten(1), reference.flatten(1))
        size = push.square().mean((2, 3, 4)).sqrt().sum(1).mean()
        print(f"{name}: size {size:.3f}, detail {share_of_detail(push):.0%}, cosine {cosines.mean():+.3f} ± {1.96 * cosines.std() / a.images**0.5:.3f}", flush=True)


if __name__ == "__main__":
    main()
