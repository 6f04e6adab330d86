"""Logs three finished runs into the store that MLFLOW_TRACKING_URI names; their numbers are known to the tests."""

import mlflow

EPOCHS = 20

mlflow.set_experiment("wine-quality")
for name, learning_rate in [("slow", 0.01), ("steady", 0.1), ("quick", 1.0)]:
    with mlflow.start_run(run_name=name):
        mlflow.log_params({"epochs": EPOCHS, "learning_rate": learning_rate})
        mlflow.set_tag("team", "cellar")
        for epoch in range(EPOCHS):
            loss = 1 / (1 + learning_rate * epoch)
            mlflow.log_metrics({"train/loss": loss, "validation/accuracy": 1 - loss / 2}, step=epoch)
