"""A family's own settings, from models/FAMILY/train/family.json: what the shared code here needs to know of it.

`name`: on the page. `data`: the family whose pictures and classes it learns from, where they are not its own.
`classes`: what the manifest says of each, in the order of the class index. `image`: side of the pictures that the
generator writes. `sigma`: noise levels of sampling. `training`: defaults of train.py, among them the normal
distribution of the logarithm of the noise level. `runs`: whole.py. `shapes`: arguments of network.Denoiser by the name of a size; the
first is the default. `judge`: `shared`, whether classes that have a feature of one name and equal values share the
judge's outputs for it, and `checked`, by class the features that a person checks first. `crops`: sides of smaller
images that the default network gets a graph for. `networks`: family.py.
"""
import json
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


class Family:
    def __init__(self, family_id):
        self.id, self.folder = family_id, ROOT / "models" / family_id
        self.own = self.folder / "train"
        told = json.loads((self.own / "family.json").read_text())
        self.data_family = told.get("data", family_id)
        source = told if self.data_family == family_id else json.loads((ROOT / "models" / self.data_family / "train/family.json").read_text())
        self.classes, self.image = source["classes"], source["image"]
        self.judge = {"shared": False, "checked": {}, **source.get("judge", {})}
        self.runs = told.get("runs", [])
        self.name, self.sigma, self.training, self.shapes, self.crops, self.networks = (
            told[key] for key in ("name", "sigma", "training", "shapes", "crops", "networks"))

    @property
    def class_names(self):
        return [each["name"] for each in self.classes]

    def data(self, split):
        """OUT of the generator of this split."""
        return Path(".cache") / self.data_family / split

    def shape(self, size):
        """Arguments of network.Denoiser."""
        return {"image": self.image, "classes": len(self.classes), **self.shapes[size]}


def families():
    return sorted(path.parent.parent.name for path in (ROOT / "models").glob("*/train/family.json"))
