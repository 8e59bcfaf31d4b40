"""Logistic regression by gradient descent, in plain Python. `train` reports every epoch to Flambe, `test` measures once.

Runs alone as well: python3 script.py train --data data/iris.csv --lr 0.1 --l2 0 --epochs 30
"""
import argparse
import csv
import json
import math
import os
import random

try:
    import flambe
except ImportError:
    flambe = None  # outside of Flambe: print instead

KINDS = {"versicolor": 0.0, "virginica": 1.0}


def read(path):
    """Flowers of the two kinds that overlap: 60 to learn from, 20 to choose by, 20 to measure with."""
    with open(path, newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["species"] in KINDS]
    flowers = [([float(v) for k, v in row.items() if k != "species"], KINDS[row["species"]]) for row in rows]
    random.Random(5).shuffle(flowers)
    return flowers[:60], flowers[60:80], flowers[80:]


def predict(model, features):
    scaled = [(x - m) / d for x, m, d in zip(features, model["mean"], model["deviation"])]
    score = model["bias"] + sum(w * x for w, x in zip(model["weights"], scaled))
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, score)))), scaled


def measure(model, flowers):
    loss, right = 0.0, 0
    for features, label in flowers:
        p, _ = predict(model, features)
        loss -= math.log(max(1e-12, p if label else 1 - p))
        right += (p > 0.5) == bool(label)
    return loss / len(flowers), right / len(flowers)


def train(args):
    learn, choose, _ = read(args.data)
    columns = list(zip(*(features for features, _ in learn)))
    mean = [sum(c) / len(c) for c in columns]
    deviation = [math.sqrt(sum((x - m) ** 2 for x in c) / len(c)) for c, m in zip(columns, mean)]
    model = {"epoch": 0, "mean": mean, "deviation": deviation, "weights": [0.0] * len(columns), "bias": 0.0}
    if flambe and flambe.resume_from:
        with open(os.path.join(flambe.resume_from, "model.json")) as file:
            model = json.load(file)
        print("goes on after epoch", model["epoch"])

    for epoch in range(model["epoch"] + 1, args.epochs + 1):
        # A generator of its own for every epoch: a resumed training sees the flowers in the same order.
        order = random.Random(epoch).sample(learn, len(learn))
        for features, label in order:
            p, scaled = predict(model, features)
            error = p - label
            model["weights"] = [w - args.lr * (error * x + args.l2 * w) for w, x in zip(model["weights"], scaled)]
            model["bias"] -= args.lr * error
        model["epoch"] = epoch
        train_loss, _ = measure(model, learn)
        val_loss, val_accuracy = measure(model, choose)
        print(f"epoch {epoch:2d}  train {train_loss:.4f}  val {val_loss:.4f}  accuracy {val_accuracy:.2f}")
        if flambe:
            folder = os.path.join(flambe.trial_dir, "model")
            os.makedirs(folder, exist_ok=True)
            with open(os.path.join(folder, "model.json"), "w") as file:
                json.dump(model, file)
            metrics = {"train_loss": train_loss, "val_loss": val_loss, "val_accuracy": val_accuracy}
            flambe.report(epoch, checkpoint=folder, **metrics)
            if flambe.should_stop():
                print("asked to stop")
                return


def test(args):
    with open(os.path.join(args.model, "model.json")) as file:
        model = json.load(file)
    loss, accuracy = measure(model, read(args.data)[2])
    print(f"test loss {loss:.4f}, accuracy {accuracy:.2f}")
    if flambe:
        flambe.report(1, loss=loss, accuracy=accuracy)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["train", "test"])
    parser.add_argument("--data", required=True)
    parser.add_argument("--lr", type=float, default=0.1)
    parser.add_argument("--l2", type=float, default=0.0)
    parser.add_argument("--epochs", type=int, default=30)
    parser.add_argument("--model")
    arguments = parser.parse_args()
    (train if arguments.what == "train" else test)(arguments)
