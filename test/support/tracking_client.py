"""Works with MLflow's own client as a notebook would; prints what it saw as JSON."""

import hashlib
import json
import os
import sys

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import mlflow
import numpy as np
import pandas as pd
from mlflow import MlflowClient
from sklearn.linear_model import LogisticRegression

tracking_uri, name, megabytes = sys.argv[1], sys.argv[2], int(sys.argv[3])
mlflow.set_tracking_uri(tracking_uri)
client = MlflowClient()
seen = {}

experiment_id = mlflow.set_experiment(name).experiment_id
client.set_experiment_tag(experiment_id, "team", "red")
seen["experiment"] = [mlflow.get_experiment_by_name(name).tags, [e.name for e in client.search_experiments(filter_string=f"name = '{name}'")]]

frame = pd.DataFrame({"x": np.arange(6.0), "y": [0, 0, 0, 1, 1, 1]})
with mlflow.start_run(run_name="parent", tags={"kind": "fluent"}) as parent:
    mlflow.log_param("lr", 0.1)
    mlflow.log_params({"depth": 3, "long": "x" * 6500})
    for step in range(5):
        mlflow.log_metric("loss", 1 / (step + 1), step=step)
    mlflow.log_metrics({"acc": 0.5, "nan": float("nan"), "inf": float("inf")}, step=7)
    mlflow.log_input(mlflow.data.from_pandas(frame, name="wine", targets="y"), context="training")
    mlflow.log_text("hello é", "notes/hello.txt")
    mlflow.log_dict({"a": [1, 2]}, "notes/data.json")
    mlflow.log_table({"q": ["a", "b"], "score": [1, 2]}, artifact_file="table.json")
    figure, axes = plt.subplots()
    axes.plot([1, 2, 3])
    mlflow.log_figure(figure, "figures/plot.png")
    for child in range(3):
        with mlflow.start_run(run_name=f"child {child}", nested=True):
            mlflow.log_param("child", child)
            mlflow.log_metric("score", child)
    mlflow.set_tag("mlflow.note.content", "a *note*")

run = client.get_run(parent.info.run_id)
seen["parent"] = {
    "status": run.info.status,
    "params": {key: len(value) if key == "long" else value for key, value in run.data.params.items()},
    "loss": run.data.metrics["loss"],
    "nan": repr(run.data.metrics["nan"]),
    "history": [[m.step, m.value] for m in client.get_metric_history(run.info.run_id, "loss")],
    "dataset": [[i.dataset.name, i.tags[0].value] for i in run.inputs.dataset_inputs],
    "note": run.data.tags["mlflow.note.content"],
}
seen["artifacts"] = sorted(f.path for f in client.list_artifacts(run.info.run_id))
seen["figure"] = [[f.path, f.file_size > 1000] for f in client.list_artifacts(run.info.run_id, "figures")]
seen["text"] = mlflow.artifacts.load_text(f"runs:/{run.info.run_id}/notes/hello.txt")
seen["table"] = mlflow.load_table("table.json", run_ids=[run.info.run_id])["score"].tolist()

children = mlflow.search_runs([experiment_id], f"tags.`mlflow.parentRunId` = '{run.info.run_id}'", order_by=["metrics.score DESC"])
seen["children"] = [children["params.child"].tolist(), children["metrics.score"].tolist(), children["tags.mlflow.runName"].tolist()]
seen["pages"] = len(client.search_runs([experiment_id], max_results=2)), len(mlflow.search_runs([experiment_id], max_results=3))

mlflow.sklearn.autolog(log_input_examples=True)
with mlflow.start_run(run_name="autolog") as autologged:
    LogisticRegression(C=2.0).fit(frame[["x"]], frame["y"])
mlflow.sklearn.autolog(disable=True)
run = client.get_run(autologged.info.run_id)
seen["autolog"] = {
    "C": run.data.params["C"],
    "has_metrics": "training_accuracy_score" in run.data.metrics,
    "dataset": len(run.inputs.dataset_inputs),
    "outputs": len(run.outputs.model_outputs),
    "tags": run.data.tags["estimator_name"],
}
model = mlflow.pyfunc.load_model(f"models:/{run.outputs.model_outputs[0].model_id}")
seen["prediction"] = [int(p) for p in model.predict(frame[["x"]])]

with mlflow.start_run(run_name="async") as background:
    operations = [mlflow.log_metric("async", step, step=step, synchronous=False) for step in range(200)]
    operations += [mlflow.log_param(f"p{index}", index, synchronous=False) for index in range(20)]
    operations += [mlflow.set_tag(f"t{index}", index, synchronous=False) for index in range(20)]
    mlflow.flush_async_logging()
    for operation in operations:
        operation.wait()
run = client.get_run(background.info.run_id)
seen["async"] = [len(client.get_metric_history(run.info.run_id, "async")), len(run.data.params), sum(key.startswith("t") for key in run.data.tags)]

with mlflow.start_run(run_name="large") as large:
    os.makedirs("large", exist_ok=True)
    with open("large/blob.bin", "wb") as file:
        block = os.urandom(1 << 20)
        for index in range(megabytes):
            file.write(index.to_bytes(8, "big") + block[8:])
    mlflow.log_artifacts("large", "weights")
[info] = client.list_artifacts(large.info.run_id, "weights")
local = mlflow.artifacts.download_artifacts(run_id=large.info.run_id, artifact_path="weights/blob.bin", dst_path="downloaded")


def digest(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


seen["large"] = [info.file_size == megabytes << 20, digest(local) == digest("large/blob.bin")]

with mlflow.start_run(run_id=parent.info.run_id):
    mlflow.log_metric("loss", 0.01, step=9)
client.delete_run(large.info.run_id)
seen["resumed"] = client.get_run(parent.info.run_id).data.metrics["loss"]
seen["names"] = sorted(mlflow.search_runs([experiment_id])["tags.mlflow.runName"])
print("SEEN " + json.dumps(seen))
