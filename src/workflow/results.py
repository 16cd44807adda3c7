"""Results of a sweep as a data frame: a column for each setting that was varied, each number and half its 95 % interval. Needs pandas, and
pyarrow for Parquet.

    from results import to_pandas
    frame = to_pandas("results.parquet")                                  # or .jsonl, the page's too
    frame.pivot(index="sigma", columns="scale", values="frechet")

    python3 src/workflow/results.py results.parquet                       # the ten of the lowest first number
"""
import json
import sys

import pandas as pd


def to_pandas(file):
    """Of Parquet as it is written; of JSON Lines with the same columns, axes of numbers as numbers."""
    if str(file).endswith(".parquet"):
        return pd.read_parquet(file)
    with open(file, encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines if line.strip()]
    axes = pd.DataFrame([row["values"] for row in rows])
    for key in axes:
        numbers = pd.to_numeric(axes[key], errors="coerce")
        if (numbers.notna() | axes[key].isna()).all():
            axes[key] = numbers.astype(float)
    metrics = pd.DataFrame([{f"{name}{end}": value[part] for name, value in sorted(row["metrics"].items(), key=lambda item: ORDER.index(item[0]) if item[0] in ORDER else 9)
                             for end, part in (("", "value"), (" ±", "margin"))} for row in rows])
    rest = pd.DataFrame([{key: value for key, value in row.items() if key not in ("values", "metrics")} for row in rows])
    return pd.concat([axes, metrics, rest.drop(columns=[key for key in axes if key in rest])], axis=1)


ORDER = ["frechet", "agreement", "precision", "recall", "clarity", "shift"]

if __name__ == "__main__":
    frame = to_pandas(sys.argv[1])
    # What was varied, then the numbers with half their intervals: the first number is what is compared.
    first = next(column for column in frame if f"{column} ±" in frame)
    axes = list(frame.columns[: frame.columns.get_loc(first)])
    others = [column for column in ORDER if column in frame and column != first]
    print(frame.sort_values(first)[[*axes, first, f"{first} ±", *others, "images"]].head(10).to_string(index=False))
