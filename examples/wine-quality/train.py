"""Trains a small neural network to tell wines apart and logs everything about it to MLflow."""

import argparse

import mlflow
import numpy as np
from matplotlib.figure import Figure
from mlflow.models import infer_signature
from sklearn.metrics import ConfusionMatrixDisplay, accuracy_score, log_loss
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from wine import Split, load_splits

COPIES = 100
CULTIVARS = [0, 1, 2]


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--epochs", type=int, default=40)
    parser.add_argument("--learning-rate", type=float, default=0.0001)
    parser.add_argument("--alpha", type=float, default=0.001, help="L2 penalty on the weights")
    parser.add_argument("--hidden-units", type=int, default=64)
    parser.add_argument("--batch-size", type=int, default=64)
    parser.add_argument("--noise", type=float, default=0.6, help="spread of the noise on copies of the training wines")
    parser.add_argument("--seed", type=int, default=7)
    return parser.parse_args()


def evaluate(model: Pipeline, name: str, split: Split) -> dict[str, float]:
    probabilities = model.predict_proba(split.features)
    return {
        f"{name}/loss": log_loss(split.cultivars, probabilities, labels=CULTIVARS),
        f"{name}/accuracy": accuracy_score(split.cultivars, probabilities.argmax(axis=1)),
    }


def train(model: Pipeline, training: Split, validation: Split, arguments: argparse.Namespace) -> None:
    """Every epoch sees the training wines many times, each time with other noise."""
    random = np.random.default_rng(arguments.seed)
    scaler, classifier = model[0], model[-1]
    wines = np.repeat(scaler.fit_transform(training.features), COPIES, axis=0)
    cultivars = np.repeat(training.cultivars.to_numpy(), COPIES)
    for epoch in range(1, arguments.epochs + 1):
        noisy = wines + random.normal(scale=arguments.noise, size=wines.shape)
        order = random.permutation(len(noisy))
        classifier.partial_fit(noisy[order], cultivars[order], classes=CULTIVARS)
        metrics = evaluate(model, "train", training) | evaluate(model, "validation", validation)
        mlflow.log_metrics(metrics, step=epoch)
        print(f"epoch {epoch:3d}  " + "  ".join(f"{key} {value:.4f}" for key, value in metrics.items()), flush=True)


def confusion_figure(model: Pipeline, split: Split) -> Figure:
    figure = Figure(figsize=(5, 4), layout="constrained")
    ConfusionMatrixDisplay.from_estimator(model, split.features, split.cultivars, ax=figure.subplots(), colorbar=False)
    return figure


def main() -> None:
    arguments = parse_arguments()
    training, validation, _ = load_splits()
    classifier = MLPClassifier(
        hidden_layer_sizes=(arguments.hidden_units,),
        learning_rate_init=arguments.learning_rate,
        alpha=arguments.alpha,
        batch_size=arguments.batch_size,
        random_state=arguments.seed,
    )
    model = make_pipeline(StandardScaler(), classifier)
    with mlflow.start_run():
        mlflow.log_params(vars(arguments))
        train(model, training, validation, arguments)
        mlflow.log_figure(confusion_figure(model, validation), "confusion_matrix.png")
        mlflow.sklearn.log_model(
            model,
            name="model",
            signature=infer_signature(training.features, model.predict(training.features)),
            input_example=training.features.head(3),
            # The state of the optimizer, which scikit-learn keeps in the classifier.
            skops_trusted_types=["sklearn.neural_network._stochastic_optimizers.AdamOptimizer"],
        )


if __name__ == "__main__":
    main()
