"""Cross-validates the classifier and logs one accuracy per fold."""

import argparse

import mlflow
from sklearn.datasets import load_wine
from sklearn.linear_model import SGDClassifier
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folds", type=lambda text: int(float(text)), default=5)
    parser.add_argument("--alpha", type=float, default=0.0001)
    return parser.parse_args()


def main():
    arguments = parse_arguments()
    features, labels = load_wine(return_X_y=True)
    model = make_pipeline(StandardScaler(), SGDClassifier(loss="log_loss", alpha=arguments.alpha, random_state=0))
    scores = cross_val_score(model, features, labels, cv=arguments.folds)
    with mlflow.start_run():
        for fold, score in enumerate(scores):
            mlflow.log_metric("fold_accuracy", score, step=fold)
        mlflow.log_metric("accuracy", scores.mean())
        print(f"accuracy {scores.mean():.4f} over {arguments.folds} folds")


if __name__ == "__main__":
    main()
