"""How far each method of sweep.json pushes at s = 1: what the best scales of the evaluation compare with.

    python3 models/avatars/train/sizes.py [--images 40] [--only NAME ...]

Along the way without guidance, each Euler step from sigma to sigma' would be moved by (1 - sigma'/sigma) s (D+ - D-). Printed is that at s = 1,
root mean square over pixels (which span [-1, 1]), summed over the steps and averaged over images. Methods that give no negative are left out.
"""
import argparse
import json

from evaluate import alone, complete
from sampling import Run, Sampler
from table import SWEEP


class Unmoved(Run):
    """Asks for the negatives, and goes on without guidance."""

    def combined(self, p, x, sigma, sigma_next, positive, negative, step, memory):
        self.pushes.append(((1 - sigma_next / sigma) * (positive - negative)).square().mean().sqrt().item())
        return positive, memory


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--images", type=int, default=40)
    p.add_argument("--only", nargs="+")
    a = p.parse_args()
    alone(1)
    rows = [row for row in json.loads(SWEEP.read_text())["methods"] if (a.only is None or row["name"] in a.only) and row["preset"].get("form") != "neon"]
    sampler = Sampler()
    for row, preset in zip(rows, complete([{**row["preset"], "scale": 1} for row in rows])):
        pushes = []
        sampler.images(preset, range(a.images), type("Measured", (Unmoved,), dict(pushes=pushes)))
        print(f"{row['name']}: {sum(pushes) / a.images:.3f}", flush=True)


if __name__ == "__main__":
    main()
