"""Runs projects with mlflow itself: a list of requests on stdin, what became of each as a line on stdout."""

import json
import os
import sys

import mlflow
from mlflow.projects import run


def attempt(request):
    os.chdir(request["directory"])
    os.environ.update(request.get("environment", {}))
    try:
        submitted = run(
            request["uri"],
            entry_point=request["entryPoint"],
            version=request.get("version"),
            parameters=dict(request["values"]),
            experiment_name=request.get("experiment"),
            env_manager=request.get("manager", "local"),
            run_name=request.get("runName"),
            storage_dir=request.get("storage"),
        )
        return {"runId": submitted.run_id}
    except Exception as error:  # whatever mlflow raises is an answer
        return {"error": type(error).__name__, "message": str(error)}
    finally:
        for name in request.get("environment", {}):
            del os.environ[name]


answers = [attempt(request) for request in json.load(sys.stdin)]
print("\n" + json.dumps(answers))
