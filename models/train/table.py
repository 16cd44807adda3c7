"""The evaluation table of the model card: every method of sweep.json at its best scale, every network without guidance, what only samples
longer ("controls"), curves, and some methods with Heun's solver beside Euler's.

    python3 models/train/table.py draw FAMILY [--first 500] [--best 5000] [--only NAME ...]    # in as many processes as there are cores; resumable
    python3 models/train/table.py report FAMILY [--first 500] [--best 5000]    # evaluation.json, charts, and the card's table

Every scale is tried with the first images; that with the lowest Fréchet distance (FD-FAMILY), and every network, gets as many as --best. A
method or curve of sweep.json with "images" gets so many at every point in place of both. What a preset leaves out is the application's default.
Records lie in --records by what decides the images (evaluate.Record), so that none is drawn twice, and new weights are drawn anew. A process
takes the next record that no other one has locked. points.json keeps the numbers of every record, so that they need not be drawn again where
the records are gone. A report shows each row with the most images that it was measured with, and says what is not drawn yet. The page reads
evaluation.json.
"""
import argparse
import contextlib
import fcntl
import hashlib
import json
import time
from pathlib import Path

import numpy as np

from evaluate import Record, alone, complete, frechet, jackknife, real_statistics
from plot import chart
from sampling import COMPILE_HELP, Sampler, weights_of
from settings import ROOT, Family, families

BEGIN, END = "<!-- evaluation: written by train/table.py -->", "<!-- end of evaluation -->"


@contextlib.contextmanager
def locked(file):
    """Whether this process has the file for itself; a lock goes with the process that holds it."""
    with open(f"{file}.lock", "w") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield False
        else:
            yield True


class Point:
    """A preset's record, and its numbers; `known`: numbers of earlier reports by `name`, which stands for what decides the images.
    `first`: images that it is tried with, `best`: that it gets where it is best."""

    def __init__(self, preset, sampler, folder, known, first=500, best=5000):
        self.preset, self.sampler, self.weights, self.first, self.best = preset, sampler, weights_of(preset, sampler), first, best
        key = json.dumps([preset, self.weights], sort_keys=True)
        self.name = f"{preset['method']}-{hashlib.sha256(key.encode()).hexdigest()[:16]}"
        self.record = Record(folder / f"{self.name}.rec", preset, sampler, sampler.family.folder)
        self.known = known.get(self.name, {})

    def has(self, count):
        return str(count) in self.known or len(self.record) >= count

    def evaluations(self):
        """Of a network, for one image."""
        if "evaluations" not in self.known:
            self.known["evaluations"] = self.sampler.evaluations(self.preset)
        return self.known["evaluations"]

    def distance(self, count):
        """Of the first images."""
        if str(count) in self.known:
            return self.known[str(count)]["frechet"]["value"]
        mean, covariance, _ = real_statistics(self.sampler.family.folder)
        features = np.fromfile(self.record.file, self.record.kind, count)["features"].astype(np.float64)
        return frechet(mean, covariance, features.mean(0), np.cov(features, rowvar=False))

    def metrics(self, count):
        if str(count) in self.known:
            return self.known[str(count)]
        kept = Path(f"{self.record.file}.{count}.json")
        if not kept.exists():
            kept.write_text(json.dumps(self.record.metrics(count, blocks=True)))
        return json.loads(kept.read_text())

    def most(self):
        """The largest number of images, at least `first`, that there are numbers of; or None."""
        counts = [int(count) for count in self.known if count.isdigit() and self.first <= int(count) <= self.best]
        return self.best if self.has(self.best) else max(counts, default=self.first if self.has(self.first) else None)

    def numbers(self, counts):
        """For `known` of a later report."""
        fresh = {str(count): self.metrics(count) for count in counts if self.has(count)}
        return {**self.known, **fresh}


class Sweep:
    def __init__(self, a):
        self.first, self.best = a.first, a.best
        self.family = Family(a.family)
        self.points_file, self.measure = self.family.own / "points.json", f"FD-{a.family}"
        told, sampler = json.loads((self.family.own / "sweep.json").read_text()), Sampler(a.family, device=a.device, compiled=a.compile)
        networks = sampler.family.manifest["networks"]
        self.names = {network["id"]: network["name"] for network in networks}
        self.told = told
        before = json.loads(self.points_file.read_text()) if self.points_file.exists() else {}
        self.judge = json.loads((self.family.folder / "judge.json").read_text())["weights"]["sha256"]
        self.known = before["points"] if before.get("judge") == self.judge else {}
        self.only = a.only
        # Networks that methods are asked of without a class are shown without guidance so, too.
        classless = list(dict.fromkeys(row["preset"]["network"] for row in told["methods"] if row["preset"].get("class") == "none"))
        # So are networks whose weights are averaged over another stretch than the one that is stored.
        averaged = dict.fromkeys((row["preset"].get("network", "main"), row["preset"]["ema"]) for row in told["methods"] if "ema" in row["preset"])
        plain = [dict(method="none", network=network) for network in self.names] + [{"method": "none", "network": network, "class": "none"} for network in classless]
        plain += [dict(method="none", network=network, ema=ema) for network, ema in averaged]
        asked = [[preset] for preset in plain]
        asked += [[{**row["preset"], "scale": scale} for scale in row["scales"]] for row in told["methods"]]
        asked += [[{**curve["preset"], curve["key"]: value} for value in curve["values"]] for curve in told["curves"]]
        asked += [[control["preset"]] for control in told["controls"]]
        told_of = {row["name"]: row for row in told["methods"]}
        asked += [[{**told_of[name]["preset"], "scale": scale, "solver": "heun"}] for name, scale in told["heun"]]
        owners = [{"images": a.first} if "ema" in preset else None for preset in plain] + told["methods"] + told["curves"] + [None] * (len(told["controls"]) + len(told["heun"]))
        presets = iter(complete([{"model": a.family, **preset} for group in asked for preset in group]))
        groups = iter([[Point(next(presets), sampler, a.records, self.known, *self.counts(owner)) for _ in group]
                       for group, owner in zip(asked, owners, strict=True)])
        self.unguided = {self.base(preset): next(groups)[0] for preset in plain}
        self.methods, self.curves = ([next(groups) for _ in told[key]] for key in ("methods", "curves"))
        self.controls = {control["name"]: next(groups)[0] for control in told["controls"]}
        self.heun_unguided = next(point for point in self.controls.values() if point.preset["solver"] == "heun")
        by_name = dict(zip(told_of, self.methods))
        # [(name, scale, the point with Euler's solver, the same with Heun's)]
        self.heun = [(name, scale, by_name[name][told_of[name]["scales"].index(scale)], next(groups)[0]) for name, scale in told["heun"]]

    def counts(self, owner):
        """(images of every point, of the best one) of a method or curve."""
        own = (owner or {}).get("images")
        return (own, own) if own else (self.first, self.best)

    @staticmethod
    def base(preset):
        """What a preset without guidance is called."""
        average = preset.get("ema", "stored")
        return preset["network"] + (", no class" if preset.get("class") == "none" else "") + ("" if average == "stored" else f", average {average:g}")

    def best_of(self, points):
        """The point of the lowest distance, or None while one is not drawn."""
        if not all(point.has(point.first) for point in points):
            return None
        return min(points, key=lambda point: point.distance(point.first))

    def wanted(self):
        """[(point, images)] that are known to be needed; more may be when these are drawn."""
        out = [(point, point.best) for network, point in self.unguided.items() if self.is_asked(network)]
        for row, points in zip(self.told["methods"], self.methods):
            if self.is_asked(row["name"]):
                best = self.best_of(points)
                out += [(best, best.best)] if best else [(point, point.first) for point in points]
        out += [(point, point.first) for curve, points in zip(self.told["curves"], self.curves) if self.is_asked(curve["name"]) for point in points]
        out += [(point, self.best) for name, point in self.controls.items() if self.is_asked(name)]
        return out + ([(point, self.first) for point in self.heun_points()] if self.is_asked("heun") else [])

    def heun_points(self):
        return [self.heun_unguided, *(point for _, _, *pair in self.heun for point in pair)]

    def is_asked(self, name):
        return self.only is None or name in self.only

    def draw(self):
        while missing := [(point, count) for point, count in self.wanted() if not point.has(count)]:
            drawn = False
            for point, count in missing:
                with locked(point.record.file) as mine:
                    if mine and not point.has(count):
                        print(f"{point.preset['method']} of {point.preset['network']}, scale {point.preset['scale']}: {count} images, "
                              f"{len(missing)} records to go", flush=True)
                        point.record.extend(count)
                        drawn = True
                        break
            if not drawn:
                time.sleep(5)  # others draw what is left

    def rows(self):
        """Those that are drawn."""
        out = []
        unguided = [("network", "No guidance" + base.removeprefix(point.preset["network"]), point) for base, point in self.unguided.items()]
        for kind, name, point in [*unguided, *(("control", *control) for control in self.controls.items())]:
            if count := point.most():
                out.append(dict(kind=kind, name=name, network=point.preset["network"], scale=None, tried=None, at_edge=False, point=point, images=count))
        for row, points in zip(self.told["methods"], self.methods):
            best = self.best_of(points)
            if best and (count := best.most()):
                out.append(dict(kind="method", name=row["name"], network=best.preset["network"], scale=best.preset["scale"], tried=row["scales"], at_edge=best in (points[0], points[-1]),
                                point=best, images=count, distances=[point.distance(point.first) for point in points],
                                scales=self.scales_of(points)))
        for row in out:
            row.update(metrics=row["point"].metrics(row["images"]), evaluations=row["point"].evaluations())
            row["against"] = None if row["kind"] == "network" else self.against(row["metrics"], self.unguided[self.base(row["point"].preset)], row["images"])
        return out

    def at(self, value, point, images):
        """A point of a curve."""
        numbers = point.metrics(images)
        return dict(x=value, frechet=numbers["frechet"], against=self.against(numbers, self.unguided[self.base(point.preset)], images))

    def scales_of(self, points):
        """What was measured at each scale of a method, ascending: those of its curve count, too, and each is told with the most images that it has."""
        curves = [point for curve, drawn in zip(self.told["curves"], self.curves) if curve["key"] == "scale" for point in drawn if point.has(point.first)]
        own = {point.preset["scale"]: point for point in points}
        rest = json.dumps({**points[0].preset, "scale": 0})
        own.update((point.preset["scale"], point) for point in curves if point.preset["scale"] != 0 and json.dumps({**point.preset, "scale": 0}) == rest)
        told = []
        for scale, point in sorted(own.items()):
            images = point.most()
            at = self.at(scale, point, images)
            told.append(dict(scale=scale, images=images, frechet=at["frechet"], against=at["against"]))
        return told

    @staticmethod
    def against(own, unguided, count):
        """How far the distance is from that of the same network and noise without guidance, and its half 95 % interval: that of the
        difference where both are known block by block, or else the sum of both intervals. None where there are too few images for one."""
        if not unguided.has(count):
            return None
        other = unguided.metrics(count)
        paired, margins = "blocks" in own and "blocks" in other, [own["frechet"]["margin"], other["frechet"]["margin"]]
        margin = float(jackknife(np.subtract(own["blocks"], other["blocks"]))) if paired else None if None in margins else sum(margins)
        return dict(value=own["frechet"]["value"] - other["frechet"]["value"], margin=margin, paired=paired)

    def report(self, command):
        rows = self.rows()
        curves = [(curve, [self.at(value, point, point.first) for value, point in zip(curve["values"], points)])
                  for curve, points in zip(self.told["curves"], self.curves) if all(point.has(point.first) for point in points)]
        solvers = [(name, scale, *(self.against(point.metrics(self.first), base, self.first) for point, base in ((euler, self.unguided["main"]), (heun, self.heun_unguided))))
                   for name, scale, euler, heun in self.heun if all(point.has(self.first) for point in (self.heun_unguided, euler, heun))]
        points = [*self.unguided.values(), *self.controls.values(), *self.heun_points(), *(point for group in (*self.methods, *self.curves) for point in group)]
        missing = [network for network, point in self.unguided.items() if not point.has(point.best)]
        missing += [row["name"] for row, points in zip(self.told["methods"], self.methods) if not ((best := self.best_of(points)) and best.has(best.best))]
        missing += [f"the curve of {curve['title']}" for curve in self.told["curves"] if curve["name"] not in [drawn["name"] for drawn, _ in curves]]
        missing += [name for name, point in self.controls.items() if not point.has(self.best)]
        missing += ["some of Heun's"] if len(solvers) < len(self.heun) else []
        kept = [{**{key: value for key, value in row.items() if key not in ("point", "metrics")}, "preset": row["point"].preset, "weights": row["point"].weights,
                 "metrics": {key: value for key, value in row["metrics"].items() if key != "blocks"}} for row in rows]
        for row in kept:
            if heun := next((heun for name, scale, _, heun in solvers if (name, scale) == (row["name"], row["scale"])), None):
                row["heun"] = dict(images=self.first, against=heun)
        result = dict(format=1, first=self.first, best=self.best, commands=command, judge=self.judge, rows=kept,
                      curves=[self.told_of(curve, values) for curve, values in curves], missing=missing)
        (self.family.folder / "evaluation.json").write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n")
        counts = sorted({count for point in points for count in (point.first, point.best)})
        numbers = {}
        for point in points:
            wanted = counts if point.preset["method"] == "none" else (point.first, point.best)
            if found := point.numbers(wanted):
                numbers[point.name] = {**numbers.get(point.name, {}), **found}
        lines = [f" {json.dumps(name)}: {json.dumps(found)}" for name, found in sorted(numbers.items())]
        self.points_file.write_text(f'{{"judge": {json.dumps(self.judge)}, "points": {{\n' + ",\n".join(lines) + "\n}}\n")
        charts = {f"curve-{curve['name']}.svg": self.drawn(curve, points) for curve, points in curves}
        for path in self.family.folder.glob("curve-*.svg"):
            if path.name not in charts:
                path.unlink()
        for name, content in charts.items():
            (self.family.folder / name).write_text(content)
        readme = self.family.folder / "README.md"
        head, rest = readme.read_text().split(BEGIN)
        readme.write_text(f"{head}{BEGIN}\n{self.text(kept, curves, solvers, missing)}\n{END}{rest.split(END)[1]}")

    def told_of(self, curve, values):
        """A curve as the page draws it: its words, what changes from point to point, and the preset that all points share."""
        drawn = self.curves[self.told["curves"].index(curve)]
        preset = {key: value for key, value in drawn[0].preset.items() if key != curve["key"]}
        weights = {network: tag for point in drawn for network, tag in point.weights.items()}
        return dict(**{key: curve[key] for key in ("name", "title", "across", "key")}, images=drawn[0].first, preset=preset, weights=weights, points=values)

    def drawn(self, curve, points):
        """SVG; a scale reads as w, and other values are spaced evenly."""
        by_scale = curve["key"] == "scale"
        x = [value + 1 for value in curve["values"]] if by_scale else range(len(points))
        named = None if by_scale else {i: self.label(curve, value) for i, value in enumerate(curve["values"])}
        line = [(at, point["frechet"]["value"], point["frechet"]["margin"]) for at, point in zip(x, points)]
        return chart(curve["title"], curve["across"], self.measure, [(f"{curve.get('images', self.first)} images", line)], named=named)

    @staticmethod
    def label(curve, value):
        if isinstance(value, list):
            return ", ".join(map(str, value))
        return "∞" if value == "inf" else f"{value + (curve['key'] == 'scale'):g}"

    def text(self, rows, curves, solvers, missing):
        def cell(estimate, share=False, signed=False):
            if estimate is None:
                return ""
            value, margin = estimate["value"], estimate["margin"]
            factor, digits = (100, 1) if share else (1, 2)
            number = f"{factor * value:{'+' if signed else ''}.{digits}f}".replace("-", "−")
            return number + ("" if margin is None else f" ± {factor * margin:.{digits}f}")

        def verdict(row):
            difference = row["against"]
            if difference is None:
                return ""
            apart = difference["margin"] is not None and abs(difference["value"]) > difference["margin"]
            return f"{cell(difference, signed=True)}, {'not told apart' if not apart else 'better' if difference['value'] < 0 else 'worse'}"

        def row_of(row):
            numbers = row["metrics"]
            edge = " †" if row["at_edge"] else ""
            scale = "" if row["scale"] is None else f"{row['scale']:g}{edge}"
            return (f"| {row['name']} | `{row['network']}` | {scale} | {row['images']:,} | {cell(numbers['frechet'])} | {verdict(row)} | "
                    f"{cell(numbers['agreement'], True)} | {cell(numbers['precision'], True)} | {cell(numbers['recall'], True)} | {row['evaluations']:g} |")

        header = [f"| method | network | s | images | {self.measure} ↓ | against no guidance | class agreement, % | precision, % | recall, % | evaluations |",
                  "|---|---|---|---|---|---|---|---|---|---|"]
        unguided, controls, methods = ([row for row in rows if row["kind"] == kind] for kind in ("network", "control", "method"))
        # Rows of different numbers of images can't be compared, so their differences from no guidance are what sorts them.
        guided = sorted(methods, key=lambda row: row["against"]["value"] if row["against"] else row["metrics"]["frechet"]["value"])
        out = [f"16 Euler steps, seeds from 1, classes in turn. {self.measure} falls with the number of images: compare rows of equal numbers only. A "
               f"method is shown at the scale s with the lowest {self.measure} on the first {self.first:,} images; † marks the lowest or highest scale that was "
               "tried, or the only one, beyond which a better one may lie. Everything else is the application's default. The difference from the same network without "
               "guidance, at as many images, has a 95 % interval of its own, in which the noise that both share cancels; “better” and “worse” are said where it leaves out 0. "
               "A scale that was chosen for its low number favours its row a little. Evaluations are those "
               "of whole images by any network, for one image: 32 steps without guidance ask as many as 16 steps with most methods.", "",
               *header, *map(row_of, [*unguided[:1], *controls, *guided]), "", "The networks without guidance:", "", *header, *map(row_of, unguided)]
        if missing:
            out += ["", f"Not drawn yet with {self.best:,} images: {', '.join(missing)}."]
        if solvers:
            distances = [point.metrics(self.first)["frechet"] for point in (self.unguided["main"], self.heun_unguided)]
            out += ["", f"Euler's solver against Heun's, 16 steps each, {self.first} images: differences from no guidance with the same solver.", "",
                    "| method | s | Euler | Heun |", "|---|---|---|---|", f"| No guidance, {self.measure} itself | | {' | '.join(map(cell, distances))} |",
                    *(f"| {name} | {scale:g} | {' | '.join(cell(difference, signed=True) for difference in differences)} |" for name, scale, *differences in solvers)]
        for curve, points in curves:
            values = [self.label(curve, point["x"]) for point in points]
            out += ["", f"![{self.measure} of {curve['title']} by {curve['across']}](curve-{curve['name']}.svg)", "",
                    f"| {curve['title']}, {curve['across']} | {' | '.join(values)} |", f"|---|{'---|' * len(points)}",
                    f"| {self.measure}, {curve.get('images', self.first):,} images | {' | '.join(cell(point['frechet']) for point in points)} |"]
            if all(point["against"] and point["against"]["paired"] for point in points):
                out += [f"| against no guidance | {' | '.join(cell(point['against'], signed=True) for point in points)} |"]
        return "\n".join(out)


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("what", choices=["draw", "report"])
    p.add_argument("family", choices=families())
    p.add_argument("--first", type=int, default=500, help="images of every scale")
    p.add_argument("--best", type=int, default=5000, help="images of the best scale, and of every network")
    p.add_argument("--only", nargs="+", help="draw these rows: names of methods and curves in sweep.json, ids of networks")
    p.add_argument("--records", type=Path, default=ROOT / ".cache/evaluation")
    p.add_argument("--device", default="cpu")
    p.add_argument("--compile", action="store_true", help=COMPILE_HELP)
    a = p.parse_args()
    alone(1)
    sweep = Sweep(a)
    if a.what == "draw":
        sweep.draw()
    else:
        numbers = f"--first {a.first} --best {a.best}"
        sweep.report([f"python3 models/train/table.py {what} {a.family} {numbers}" for what in ("draw", "report")])


if __name__ == "__main__":
    main()
