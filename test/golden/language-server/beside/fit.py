import argparse

parser = argparse.ArgumentParser()
parser.add_argument("--alpha", "-a", type=float, default=0.5, help="weight of the penalty")
parser.add_argument("--epochs", type=int, default=100)
parser.add_argument("--kind", choices=["lasso", "ridge"], required=True)
parser.add_argument("--verbose", action="store_true")
args = parser.parse_args()
