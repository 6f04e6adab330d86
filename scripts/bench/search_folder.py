"""Searches an mlruns/ with Python's FileStore; prints the milliseconds of each search as JSON."""

import json
import sys
import time

from mlflow import MlflowClient

root, count, filter_string, order = sys.argv[1:]
client = MlflowClient(root)
times = []
for _ in range(int(count)):
    began = time.perf_counter()
    found = client.search_runs(["0"], filter_string=filter_string, order_by=[order], max_results=100)
    times.append((time.perf_counter() - began) * 1000)
print(json.dumps({"times": times, "runs": [run.info.run_id for run in found]}))
