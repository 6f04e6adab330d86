"""Logs a falling loss into a new run, a point at a time, until the file that is named by the first argument is there."""

import os
import sys
import time

import mlflow

mlflow.set_experiment("wine-quality")
with mlflow.start_run(run_name="endless"):
    step = 0
    while not os.path.exists(sys.argv[1]):
        mlflow.log_metric("train/loss", 1 / (1 + step), step=step)
        step += 1
        time.sleep(0.2)
