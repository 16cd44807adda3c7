"""
Writes models/plane/networks.json and weights.json from trained weights: python3 models/plane/train/export.py RUNS
RUNS has a .pt for each entry of networks below, as models/plane/train/recipe.sh trains them.
"""
import base64
import hashlib
import json
import pathlib
import sys

import torch
from mixture import FOLDER
from network import EMBEDDING, SIGMA_DATA, Network, bend
from train import SIGMA, levels

BATCH = 1024
# id, name, role, hidden, layers, knows no class, iterations, and whose copy it is.
NETWORKS = [
    ('main', 'Main', 'main', 32, 3, False, 16384, None),
    ('main-1-8', 'Main after 1/8 of its training', 'snapshot', 32, 3, False, 2048, None),
    ('main-1-16', 'Main after 1/16 of its training', 'snapshot', 32, 3, False, 1024, None),
    ('small', 'Smaller', 'small', 12, 3, False, 16384, None),
    ('small-1-16', 'Smaller, after 1/16 of its training', 'small', 12, 3, False, 1024, None),
    ('dropout', 'Trained with its class dropped at times', 'dropout', 32, 3, True, 16384, None),
    ('unconditional', 'Trained without classes', 'unconditional', 32, 3, True, 16384, None),
    ('sims', 'Main, tuned on its own points', 'sims', 32, 3, False, 8192, 'main'),
]


def main(runs):
    entries, weights = [], {}
    for name, words, role, hidden, layers, drops, iterations, tuned in NETWORKS:
        path = pathlib.Path(runs) / f'{name}.pt'
        if not path.exists():
            print('missing', path)
            continue
        network = Network(hidden, layers)
        network.load_state_dict(torch.load(path))
        if name == 'main':
            with torch.no_grad():
                level = torch.log(levels(32)[:-1]) / 4
                noise = network.told(bend(network.level(level[:, None])))
                deviations = {'noiseDeviation': round(noise.std(0).mean().item(), 4), 'classDeviation': round(network.label.weight.std().item(), 4)}
        raw = network.flat().numpy().astype('<f4').tobytes()
        entries.append({
            'id': name, 'name': words, 'role': role, 'hidden': hidden, 'layers': layers, 'labelDropout': drops,
            **({'tunedFrom': tuned} if tuned else {}), 'samples': iterations * BATCH,
            'sha256': hashlib.sha256(raw).hexdigest(),
        })
        # Float32, little-endian, in the order of Network.flat.
        weights[name] = base64.b64encode(raw).decode()
    low, high, rho = SIGMA
    lines = ',\n    '.join(json.dumps(entry, ensure_ascii=False) for entry in entries)
    (FOLDER / 'networks.json').write_text(
        f'{{\n  "sigmaData": {SIGMA_DATA},\n  "sigma": {{ "min": {low}, "max": {high}, "rho": {rho} }},\n'
        f'  "embedding": {json.dumps({"width": EMBEDDING, **deviations})},\n  "networks": [\n    {lines}\n  ]\n}}\n')
    (FOLDER / 'weights.json').write_text(json.dumps(weights, indent=1) + '\n')
    print({name: len(text) for name, text in weights.items()})


if __name__ == '__main__':
    main(sys.argv[1])
