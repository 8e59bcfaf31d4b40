"""A decision tree in plain Python, measured by ten-fold cross-validation: how often it errs, and how large it is.

Runs alone as well: python3 tree.py --data data/iris.csv --depth 3 --min_leaf 2 --impurity gini
"""
import argparse
import csv
import math
import random
from collections import Counter

try:
    import flambe
except ImportError:
    flambe = None  # outside of Flambe: print only

IMPURITY = {
    "gini": lambda shares: 1 - sum(p * p for p in shares),
    "entropy": lambda shares: -sum(p * math.log(p) for p in shares),
}


def read(path):
    with open(path, newline="") as file:
        rows = list(csv.DictReader(file))
    flowers = [([float(v) for k, v in row.items() if k != "species"], row["species"]) for row in rows]
    random.Random(5).shuffle(flowers)
    return flowers


def impurity(flowers, measure):
    counts = Counter(label for _, label in flowers).values()
    return len(flowers) * measure([c / len(flowers) for c in counts])


def grow(flowers, depth, args):
    """A leaf is a label, a node (column, bound, below, above)."""
    majority = Counter(label for _, label in flowers).most_common(1)[0][0]
    measure = IMPURITY[args.impurity]
    best, least = None, impurity(flowers, measure) - 1e-9
    for column in range(len(flowers[0][0])) if depth < args.depth else []:
        for bound in sorted({x[column] for x, _ in flowers}):
            below = [f for f in flowers if f[0][column] <= bound]
            above = [f for f in flowers if f[0][column] > bound]
            if min(len(below), len(above)) < args.min_leaf:
                continue
            left = impurity(below, measure) + impurity(above, measure)
            if left < least:
                best, least = (column, bound, below, above), left
    if best is None:
        return majority
    column, bound, below, above = best
    return column, bound, grow(below, depth + 1, args), grow(above, depth + 1, args)


def label_of(tree, features):
    while isinstance(tree, tuple):
        tree = tree[2] if features[tree[0]] <= tree[1] else tree[3]
    return tree


def leaves(tree):
    return leaves(tree[2]) + leaves(tree[3]) if isinstance(tree, tuple) else 1


def main(args):
    flowers = read(args.data)
    wrong, sizes = 0, []
    for fold in range(10):
        tree = grow([f for i, f in enumerate(flowers) if i % 10 != fold], 0, args)
        wrong += sum(label_of(tree, x) != label for x, label in flowers[fold::10])
        sizes.append(leaves(tree))
    error, size = wrong / len(flowers), sum(sizes) / len(sizes)
    print(f"errs on {100 * error:.1f} % with {size:.1f} leaves")
    if flambe:
        flambe.report(1, error=error, leaves=size)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", required=True)
    parser.add_argument("--depth", type=int, default=3)
    parser.add_argument("--min_leaf", type=int, default=1)
    parser.add_argument("--impurity", choices=sorted(IMPURITY), default="gini")
    main(parser.parse_args())
