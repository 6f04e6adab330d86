"""Trains a linear classifier epoch by epoch and logs what happens to MLflow."""

import argparse

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import mlflow
import numpy as np
from mlflow.models import infer_signature
from sklearn.linear_model import SGDClassifier
from sklearn.metrics import ConfusionMatrixDisplay, accuracy_score, log_loss
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from data import load_split


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--epochs", type=lambda text: int(float(text)), default=40)
    parser.add_argument("--learning-rate", type=float, default=0.01)
    parser.add_argument("--alpha", type=float, default=0.0001)
    parser.add_argument("--penalty", choices=["l1", "l2", "elasticnet"], default="l2")
    parser.add_argument("--seed", type=lambda text: int(float(text)), default=0)
    return parser.parse_args()


def log_epoch(model, splits, epoch):
    for name, (features, labels) in splits.items():
        probabilities = model.predict_proba(features)
        mlflow.log_metrics(
            {
                f"{name}/loss": log_loss(labels, probabilities, labels=model.classes_),
                f"{name}/accuracy": accuracy_score(labels, probabilities.argmax(axis=1)),
            },
            step=epoch,
        )


def log_confusion_matrix(model, features, labels):
    figure, axes = plt.subplots(figsize=(4, 4))
    ConfusionMatrixDisplay.from_estimator(model, features, labels, ax=axes, colorbar=False)
    mlflow.log_figure(figure, "confusion-matrix.png")
    plt.close(figure)


def main():
    arguments = parse_arguments()
    train_x, validation_x, train_y, validation_y = load_split(arguments.seed)
    scaler = StandardScaler().fit(train_x)
    splits = {
        "train": (scaler.transform(train_x), train_y),
        "validation": (scaler.transform(validation_x), validation_y),
    }
    classifier = SGDClassifier(
        loss="log_loss",
        penalty=arguments.penalty,
        alpha=arguments.alpha,
        learning_rate="constant",
        eta0=arguments.learning_rate,
        random_state=arguments.seed,
    )
    with mlflow.start_run():
        for epoch in range(arguments.epochs):
            classifier.partial_fit(*splits["train"], classes=np.unique(train_y))
            log_epoch(classifier, splits, epoch)
            print(f"epoch {epoch + 1}/{arguments.epochs}", flush=True)
        model = make_pipeline(scaler, classifier)
        log_confusion_matrix(model, validation_x, validation_y)
        mlflow.sklearn.log_model(
            model,
            name="model",
            signature=infer_signature(validation_x, model.predict(validation_x)),
            input_example=validation_x.head(3),
        )


if __name__ == "__main__":
    main()
