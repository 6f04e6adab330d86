"""Logs metrics through a client that sends them later (`MLFLOW_ENABLE_ASYNC_LOGGING`); prints the milliseconds for each, until all are stored, as JSON."""

import json
import sys
import time

from mlflow import MlflowClient

uri, count = sys.argv[1:]
client = MlflowClient(uri)
run_id = client.create_run("0").info.run_id
began = time.perf_counter()
operations = [client.log_metric(run_id, "loss", 1 / (step + 1), step=step, synchronous=False) for step in range(int(count))]
for operation in operations:
    operation.wait()
print(json.dumps([(time.perf_counter() - began) * 1000 / int(count)]))
