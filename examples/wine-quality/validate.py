"""Tests a logged model on wines that no training has seen; its exit code says whether it is good enough."""

import argparse
import sys

import mlflow
from sklearn.metrics import accuracy_score, f1_score

from wine import load_splits


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", required=True, help="for example runs:/<run id>/model")
    parser.add_argument("--min-accuracy", type=float, default=0.95)
    return parser.parse_args()


def main() -> int:
    arguments = parse_arguments()
    _, _, test = load_splits()
    with mlflow.start_run():
        mlflow.log_params(vars(arguments))
        predictions = mlflow.pyfunc.load_model(arguments.model).predict(test.features)
        accuracy = accuracy_score(test.cultivars, predictions)
        f1 = f1_score(test.cultivars, predictions, average="macro")
        mlflow.log_metrics({"test/accuracy": accuracy, "test/f1": f1})
    print(f"accuracy {accuracy:.4f} (at least {arguments.min_accuracy}), f1 {f1:.4f}")
    return 0 if accuracy >= arguments.min_accuracy else 1


if __name__ == "__main__":
    sys.exit(main())
