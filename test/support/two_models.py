"""Logs two finished runs, each with a model whose signatures differ, into the store that MLFLOW_TRACKING_URI names."""

import json

import mlflow

MLMODEL = """artifact_path: model
flavors:
  python_function:
    loader_module: mlflow.sklearn
    python_version: 3.11.7
mlflow_version: 3.17.2
signature:
  inputs: '{inputs}'
  outputs: '[{{"type": "double", "required": true}}]'
  params: null
"""


def columns(names):
    return json.dumps([{"type": "double", "name": name, "required": True} for name in names])


mlflow.set_experiment("wine-quality")
for name, rmse, names in [("first", 0.8, ["alcohol", "pH"]), ("second", 0.7, ["alcohol", "pH", "sulphates"])]:
    with mlflow.start_run(run_name=name):
        mlflow.log_params({"alpha": rmse / 2})
        mlflow.log_metric("rmse", rmse)
        mlflow.log_text(MLMODEL.format(inputs=columns(names)), "model/MLmodel")
        mlflow.log_text(f"scikit-learn==1.{len(names)}.0\npandas==2.2.3\n", "model/requirements.txt")
