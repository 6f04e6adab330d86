"""Loads each file of a JSON list (stdin: [{"kind", "text"}]) as MLflow does; prints the error of each, or null."""

import json
import logging
import os
import sys
import tempfile

logging.disable(logging.CRITICAL)
from mlflow.models import Model  # noqa: E402
from mlflow.utils.environment import _PythonEnv  # noqa: E402

LOADERS = {
    "MLmodel": Model.load,
    "python_env.yaml": _PythonEnv.from_yaml,
    "conda.yaml": _PythonEnv.from_conda_yaml,
}


def verdict(kind, text, folder):
    path = os.path.join(folder, kind)
    with open(path, "w", encoding="utf-8", newline="", errors="surrogatepass") as file:
        file.write(text)
    try:
        LOADERS[kind](path)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return None


with tempfile.TemporaryDirectory() as folder:
    files = json.load(sys.stdin)
    print(json.dumps([verdict(file["kind"], file["text"], folder) for file in files]))
