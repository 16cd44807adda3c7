"""What models/train can do otherwise, against what was not written here: torch's own weight normalisation, singular
values, and losses that can be computed on paper; and a network of separable convolutions from training to ONNX Runtime.
With OUT, its graph is left there.

    python3 tests/recipe/learning.py [OUT]
"""
import copy
import json
import math
import sys
import tempfile
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import torch
import torch.nn as nn

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "models/train"), str(ROOT / "tests/golden")]
import better  # noqa: E402
import detect  # noqa: E402
import export  # noqa: E402
import heldout  # noqa: E402
import judge  # noqa: E402
import methods  # noqa: E402
import train  # noqa: E402
import whole  # noqa: E402
from folded import FoldedDenoiser  # noqa: E402
from network import Denoiser  # noqa: E402

SHAPE = dict(image=16, classes=10, width=8, low_width=8, embedding=16, head_width=4, patch=2, groups=4, separable=True)


def random_denoiser(seed=0):
    return export.random_network(SHAPE, seed).train()


def directions():
    """The function and its gradients are those of torch's weight normalisation."""
    torch.manual_seed(0)
    own, theirs, x = nn.Conv2d(6, 5, 3), nn.Conv2d(6, 5, 3), torch.randn(2, 6, 8, 8)
    theirs.load_state_dict(own.state_dict())
    theirs, plain = nn.utils.weight_norm(theirs), own.weight.detach().clone()
    better.normalise(own)
    assert torch.allclose(own.weight, plain, atol=1e-6)
    v, gain = own.parametrizations.weight.original0, own.parametrizations.weight.original1
    theirs.weight_v.data.copy_(v)
    theirs.weight_g.data.copy_(gain)
    for layer in (own, theirs):
        layer(x).square().sum().backward()
    assert torch.allclose(own(x), theirs(x), atol=1e-5)
    assert torch.allclose(v.grad, theirs.weight_v.grad, atol=1e-4)
    assert torch.allclose(gain.grad, theirs.weight_g.grad, atol=1e-3)


def orthogonal():
    """Singular vectors stay, and singular values end near 1 (numpy's decomposition)."""
    for rows, columns in ((12, 40), (40, 12), (24, 24)):
        matrix = torch.randn(rows, columns, generator=torch.Generator().manual_seed(rows)).numpy()
        u, s, v = np.linalg.svd(matrix, full_matrices=False)
        kept = s > s[0] / 20
        seen = u.T @ better.orthogonal(torch.from_numpy(matrix)).numpy() @ v.T
        values = np.diag(seen)[kept]
        assert 0.6 < values.min() and values.max() < 1.3, (rows, columns, values)
        assert np.abs(seen - np.diag(np.diag(seen))).max() < 0.05


def published_step(momentum, gradient, beta=0.95):
    """Muon's momentum and step in float32, as Jordan et al. 2024 have them: Nesterov's momentum, then five steps of Newton
    and Schulz's iteration with (a, b, c)."""
    momentum = beta * momentum + (1 - beta) * gradient
    x = (1 - beta) * gradient + beta * momentum
    turned = x.shape[0] > x.shape[1]
    x = x.T if turned else x
    x, (a, b, c) = x / np.linalg.norm(x), (3.4445, -4.7750, 2.0315)
    for _ in range(5):
        gram = x @ x.T
        x = a * x + (b * gram + c * gram @ gram) @ x
    return momentum, x.T if turned else x


def muon_steps():
    """Steps are the published ones: in float32 to its rounding, and as they are to that of bfloat16, which is 0.2 % of each of
    the iteration's terms, that is up to 3 % of the sum of 3.44, -4.78 and 2.03 in each round."""
    random, rate, orthogonal = np.random.default_rng(0), 0.02, better.orthogonal

    def steps(shape, relative, scale, tolerance):
        p, size = nn.Parameter(torch.zeros(shape)), (shape[0], math.prod(shape[1:]))
        optimiser, momentum = better.Muon([p], rate, relative), np.zeros(size, np.float32)
        for step in range(4):
            p.data.zero_()
            p.grad = torch.from_numpy(random.normal(size=shape).astype(np.float32))
            momentum, wanted = published_step(momentum, p.grad.numpy().reshape(size))
            optimiser.step()
            wanted = -rate * scale(*size) * wanted
            error = np.linalg.norm(p.detach().numpy().reshape(size) - wanted) / np.linalg.norm(wanted)
            assert error < tolerance, (shape, relative, step, error)

    try:
        for kind, tolerance in ((torch.float32, 1e-4), (torch.bfloat16, 0.08)):
            better.orthogonal = lambda matrix: orthogonal(matrix, kind=kind)
            for shape in ((12, 40), (40, 12), (24, 24), (10, 4, 3, 3)):
                steps(shape, False, lambda rows, columns: max(1, rows / columns) ** 0.5, tolerance)
                steps(shape, True, lambda rows, columns: max(rows, columns) ** 0.5, tolerance)
    finally:
        better.orthogonal = orthogonal


def learns(**options):
    """Steps as of Run: after each lengths hold; then the plain weights are the function, and the loss has fallen."""
    torch.manual_seed(1)
    net = random_denoiser()
    a = SimpleNamespace(lr=2e-3, matrix_lr=0.02, **options)
    names, average = [name for name, _ in net.named_parameters()], copy.deepcopy(net)
    if a.normalise:
        better.normalise(net)
    made = better.optimisers(net, None, a)
    x, y = torch.randn(4, 3, 16, 16) * 0.5, torch.arange(4)
    seen = []
    for step in range(10):
        sigma = torch.full((4,), 0.5)
        loss = train.edm_loss(net, x, sigma, y, "cpu").mean()
        net.zero_grad()
        loss.backward()
        for optimiser, rates in made.values():
            for group, rate in zip(optimiser.param_groups, rates):
                group["lr"] = rate
            optimiser.step()
        if a.normalise:
            better.force_lengths(net)
            for module in better.layers(net):
                v = module.parametrizations.weight.original0
                assert torch.allclose(better.lengths(v).square() / v[0].numel(), torch.ones(()), atol=1e-4)
        seen.append(loss.item())
    with torch.no_grad():
        for own, value in zip(average.parameters(), better.plain(net, names)):
            own.copy_(value)
        assert torch.allclose(average(x, sigma, y), net(x, sigma, y), atol=1e-5)
    assert np.mean(seen[-3:]) < 0.93 * np.mean(seen[:3]), (options, seen)


def weighting():
    """Where the loss is c(sigma) times chance of mean 1, the best u is ln c."""
    torch.manual_seed(0)
    own = better.Weighting()
    steps, optimiser = 1500, torch.optim.Adam(own.parameters(), lr=1e-2)
    c = lambda sigma: 0.05 + sigma / (1 + sigma)  # noqa: E731
    for step in range(steps):
        optimiser.param_groups[0]["lr"] = 1e-2 * (1 - step / steps)
        sigma = (torch.randn(64) * 1.2 - 0.8).exp()
        optimiser.zero_grad()
        own.weighted(c(sigma) * torch.rand(64) * 2, sigma).backward()
        optimiser.step()
    sigma = torch.tensor([0.1, 0.45, 1.5])
    with torch.no_grad():
        assert (own(sigma) - c(sigma).log()).abs().max() < 0.2, (own(sigma), c(sigma).log())


def held_out():
    """A network that answers F = 0 has the loss that its c_skip has on pixels of known variance."""
    generator = torch.Generator().manual_seed(0)
    pixels = torch.where(torch.rand(200, 3, 16, 16, generator=generator) < 0.5, 64, 191).byte()
    variance = (pixels.double() / 127.5 - 1).square().mean().item()
    net = Denoiser(**SHAPE).eval()
    for sigma in (0.05, 0.5, 5.0):
        seen = heldout.losses(net, pixels, torch.zeros(200, dtype=torch.long), torch.full((200,), sigma)).mean().item()
        skip = 0.25 / (sigma**2 + 0.25)
        wanted = (sigma**2 + 0.25) / (sigma * 0.5) ** 2 * (skip**2 * sigma**2 + (1 - skip) ** 2 * variance)
        assert abs(seen / wanted - 1) < 0.01, (sigma, seen, wanted)
    quantiles = heldout.spread_evenly(1000, -0.8, 1.2).log()
    assert abs(quantiles.mean() + 0.8) < 0.01 and abs(quantiles.std() - 1.2) < 0.02


def separable(out):
    trained = random_denoiser().eval()
    net, graph = FoldedDenoiser.of(trained, SHAPE), export.Graph(SHAPE, 16, "separable.bin")
    weights = graph.weights(net)
    shipped = export.read_network(graph.content, weights, SHAPE)
    assert export.check_folding(trained, net) < 1e-5 and export.check_linear(graph) < 1e-5
    [error] = export.check_in_onnxruntime([(graph.content, weights, shipped)])
    assert error < 1e-4, error
    again = methods.Network(methods.trained_names(shipped.state_dict()), 4, 4, 2)
    x = torch.randn(3, 16, 16, generator=torch.Generator().manual_seed(5))
    own = shipped(x[None], torch.tensor([0.1]), torch.eye(10)[3:4])[0].detach()
    assert export.relative(own.double(), again(x.double(), 0.1, 3, {}, None)) < 1e-5
    if out:
        (out / "separable.onnx").write_bytes(graph.content)
        (out / "separable.bin").write_bytes(weights)


def attributes():
    """Two classes share what has one name and equal values; what a class lacks, or was not drawn, is not asked."""
    light, dots = dict(name="light", values=["left", "right"]), dict(name="dots", values=["0", "3", "5"])
    other = dict(name="dots", values=["1", "2"])
    drawn = [dict(name="A", features=[light, dots]), dict(name="B", features=[other, light])]
    with tempfile.TemporaryDirectory() as folder:
        out, labels = Path(folder, "made"), torch.tensor([0, 1, 0])
        Path(f"{out}.attributes.json").write_text(json.dumps(dict(width=2, classes=drawn)))
        np.array([[1, 2], [0, 1], [0, 255]], np.uint8).tofile(f"{out}.attributes")
        shared, apart = (judge.Attributes(out, way) for way in (True, False))
        assert shared.sizes == [2, 3, 2] and apart.sizes == [2, 3, 2, 2]
        assert shared.targets(out, labels).tolist() == [[1, 4, -1], [1, -1, 5], [0, -1, -1]]
        assert apart.targets(out, labels).tolist() == [[1, 4, -1, -1], [-1, -1, 5, 8], [0, -1, -1, -1]]


def detector():
    """The AUC is the share of pairs; its interval holds 0.5 for halves of a set, not for pictures with a seam."""
    random = np.random.default_rng(0)
    a, b = random.integers(0, 6, 30), random.integers(1, 7, 20)
    value, variance = detect.auc(a.astype(float), b.astype(float))
    assert math.isclose(value, np.mean([(x > y) + (x == y) / 2 for x in a for y in b])) and 0 < variance < 0.02
    x = np.cumsum(random.normal(size=(360, 3, 16, 16)), 3).clip(-6, 6)
    images, labels = torch.from_numpy((x * 20 + 128).clip(0, 255).astype(np.uint8)), torch.arange(180) % 10
    same, margin = detect.detect((images[:180], labels), (images[180:], labels), 10, folds=3, epochs=4)
    assert abs(same - 0.5) < margin and margin < 0.1, (same, margin)
    images[180:, :, 6:10] = 128
    seam, margin = detect.detect((images[:180], labels), (images[180:], labels), 10, folds=3, epochs=20)
    assert seam > 0.9, (seam, margin)


def carried():
    """Averages come back from another machine as they were, in 16 bits, however many packs and calls they take; pictures to the byte."""
    with tempfile.TemporaryDirectory() as folder:
        there, here = Path(folder, "there"), Path(folder, "here")
        states = {f"{run}/ema0.05_{at}.pt": {"weight": torch.randn(40, 50), "steps": torch.tensor(7)} for run in ("a", "b") for at in ("0.5000", "1.0000")}
        for name, state in states.items():
            (there / name).parent.mkdir(parents=True, exist_ok=True)
            torch.save(state, there / name)
            (there / name).with_name("run.json").write_text(name[0])
        before, (whole.PACK_BYTES, whole.PACKS) = (whole.PACK_BYTES, whole.PACKS), (9000, 1)
        try:
            for call in range(2):
                whole.bring(there, Path(folder, f"packs-{call}"))
                assert len(list(here.glob("*/*.pt"))) == 2 * call
                whole.unpack(here, Path(folder, f"packs-{call}"))
        finally:
            whole.PACK_BYTES, whole.PACKS = before
        for name, state in states.items():
            got = torch.load(here / name)
            assert torch.equal(got["weight"], state["weight"].half()) and got["steps"] == 7, name
        assert (here / "a/run.json").read_text() == "a"
        try:
            import pack
        except ImportError:
            return print("pictures were not packed: there is no Pillow")
        random = np.random.default_rng(1)
        random.integers(0, 256, (30, 3, 16, 16)).astype(np.uint8).tofile(Path(folder, "set.u8"))
        random.integers(0, 10, 30).astype(np.uint8).tofile(Path(folder, "set.labels"))
        limit, pack.LIMIT = pack.LIMIT, 110_000
        try:
            pack.pack(Path(folder, "set"), Path(folder, "packed"), None)
        finally:
            pack.LIMIT = limit
        pack.unpack(Path(folder, "packed"), Path(folder, "again"))
        assert len(list(Path(folder, "packed").iterdir())) > 1
        for end in ("u8", "labels"):
            assert Path(folder, f"again.{end}").read_bytes() == Path(folder, f"set.{end}").read_bytes()


def retrained():
    """Pictures are kept under the weights that drew them: those of other weights are drawn anew."""
    preset = {"class": "each", "model": "made", "method": "none", "network": "main", "stack": []}
    networks, drawn = {"main": {"weights": {}}}, []

    def images(_, indices):
        drawn.append(networks["main"]["weights"]["sha256"])
        return torch.full((len(indices), 3, 2, 2), float(len(drawn) % 2))

    family = SimpleNamespace(networks=networks, weights={}, image=2, classes=["A", "B"])
    before, detect.Sampler = detect.Sampler, lambda _: SimpleNamespace(family=family, images=images)
    try:
        with tempfile.TemporaryDirectory() as folder:
            pictures = []
            for sha in ("old", "old", "new"):
                networks["main"]["weights"]["sha256"] = sha
                pictures.append(detect.drawn(preset, 4, folder, family)[0])
            told = [json.loads(path.read_text()) for path in Path(folder).glob("*.json")]
    finally:
        detect.Sampler = before
    assert drawn == ["old", "new"], drawn
    assert torch.equal(pictures[0], pictures[1]) and not torch.equal(pictures[0], pictures[2])
    assert sorted(each["weights"]["main"] for each in told) == ["new", "old"] and all(each["preset"] == preset for each in told)


def sixteen_bits():
    """Weights become float16; small squares of gradients survive, and so does the weighting, to the bit."""
    one, square = dict(a=torch.ones(2)), torch.full((2,), 1e-9)
    learned = better.Weighting().state_dict()
    half = train.halved(dict(net=one, averages={0.1: one}, opt=dict(state={0: dict(square=square)}), weighting=learned))
    assert half["net"]["a"].dtype == half["averages"][0.1]["a"].dtype == torch.float16
    assert math.isclose(half["opt"]["state"][0]["square"][0], 1e-9, rel_tol=0.01)
    assert all(torch.equal(half["weighting"][name], value) for name, value in learned.items())


def resumed():
    """A run whose folder is new goes on from the state of another: its weights, averages, optimisers, and what it has seen."""
    def run(folder, state, seed):
        a = SimpleNamespace(init=None, init_samples=0, label_dropout=0, compile=False, ema=[0.1], normalise=False, muon=True, weighting=True,
                            lr=1e-3, matrix_lr=0.02, run=Path(folder), state=state, device="cpu")
        return train.Run(a, random_denoiser(seed))

    with tempfile.TemporaryDirectory() as folder:
        state = Path(folder, "state")
        one = run(Path(folder), state, 0)
        train.edm_loss(one.net, torch.randn(4, 3, 16, 16), torch.ones(4), torch.arange(4), "cpu").mean().backward()
        for optimiser, _ in one.optimisers.values():
            optimiser.step()
        one.seen = 64
        one.save()
        one.save()
        assert len(list(state.iterdir())) > 5
        other = run(Path(folder, "new"), state, 1)
    assert other.seen == 64
    for own, theirs in ((one.net, other.net), (one.averages[0.1], other.averages[0.1])):
        for (name, value), got in zip(own.state_dict().items(), theirs.state_dict().values()):
            assert torch.allclose(value, got, rtol=1e-3, atol=1e-6), name
    for name, (optimiser, _) in one.optimisers.items():
        told = [[each["state"][i] for i in sorted(each["state"])] for each in (optimiser.state_dict(), other.optimisers[name][0].state_dict())]
        for value, got in zip(*told):
            assert value.keys() == got.keys()
            assert all(torch.allclose(value[key].float(), got[key].float(), rtol=1e-2, atol=1e-9) for key in value if torch.is_tensor(value[key])), name


def main():
    torch.set_num_threads(1)
    attributes(), detector(), retrained(), carried()
    directions(), orthogonal(), muon_steps(), weighting(), held_out()
    for way in ((True, False), (False, True), (True, True)):
        learns(**dict(zip(("normalise", "muon"), way)))
    sixteen_bits(), resumed()
    separable(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
    print("learning: what can be done otherwise does what it says")


if __name__ == "__main__":
    main()
