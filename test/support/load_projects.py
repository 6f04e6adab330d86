"""Loads MLproject files with the installed mlflow and says what it makes of each.

Reads a JSON list of {"files": {path: text}} and writes a JSON list of
{"load": message or null, "run": {entry point: message or null}}.
"""

import json
import pathlib
import sys
import tempfile

from mlflow.projects._project_spec import load_project


def failure(action):
    try:
        action()
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return None


def verdict(files):
    with tempfile.TemporaryDirectory() as folder:
        for path, text in files.items():
            file = pathlib.Path(folder, path)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(text.encode("utf-8", "surrogatepass"))
        loaded = []
        message = failure(lambda: loaded.append(load_project(folder)))
        if message is not None:
            return {"load": message.replace(folder + "/", ""), "run": {}}
        return {"load": None, "run": {str(name): run_failure(point) for name, point in loaded[0]._entry_points.items()}}


def run_failure(entry_point):
    values = {name: "file:///value" for name, parameter in entry_point.parameters.items() if parameter.default is None}
    return failure(lambda: entry_point.compute_command(values, None))


print(json.dumps([verdict(case["files"]) for case in json.load(sys.stdin)]))
