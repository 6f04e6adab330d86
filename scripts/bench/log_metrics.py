"""Logs metrics one after the other through a client, as training scripts do; prints the milliseconds of each call as JSON."""

import json
import sys
import time

from mlflow import MlflowClient

uri, count = sys.argv[1:]
client = MlflowClient(uri)
run_id = client.create_run("0").info.run_id
times = []
for step in range(int(count) + 10):
    began = time.perf_counter()
    client.log_metric(run_id, "loss", 1 / (step + 1), step=step)
    times.append((time.perf_counter() - began) * 1000)
print(json.dumps(times[10:]))
