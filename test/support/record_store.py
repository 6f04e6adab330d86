"""Fills a new SQLite store with a bit of everything that this release of mlflow has, and writes it as SQL."""
import os
import sqlite3
import sys

import mlflow
from mlflow import MlflowClient
from mlflow.entities import Metric, Param, RunTag

database, dump = sys.argv[1:]
uri = f"sqlite:///{database}"
client = MlflowClient(uri, uri)
experiment_id = client.create_experiment("recorded", artifact_location="/recorded/artifacts", tags={"kind": "fixture"})
run = client.create_run(experiment_id, start_time=1_700_000_000_000, tags={"mlflow.runName": "first"})
run_id = run.info.run_id
client.log_batch(
    run_id,
    metrics=[Metric("loss", 1 / (step + 1), 1_700_000_000_000 + step, step) for step in range(5)] + [Metric("nan", float("nan"), 1, 0)],
    params=[Param("alpha", "0.5")],
    tags=[RunTag("note", "recorded")],
)
client.set_terminated(run_id, "FINISHED", end_time=1_700_000_001_000)
deleted = client.create_run(experiment_id, start_time=1_700_000_000_001)
client.delete_run(deleted.info.run_id)
client.create_registered_model("wine", tags={"a": "b"})
client.create_model_version("wine", "/recorded/artifacts/model", run_id)
if hasattr(client, "set_registered_model_alias"):
    client.set_registered_model_alias("wine", "champion", "1")

with open(dump, "w", encoding="utf-8") as file:
    file.write(f"-- mlflow {mlflow.__version__}\n")
    for statement in sqlite3.connect(database).iterdump():
        # The default experiment keeps its artifacts in the working directory of whoever recorded this.
        file.write(statement.replace(os.getcwd(), "/recorded") + "\n")
