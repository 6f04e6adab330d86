"""Logs metrics one by one and in batches for some seconds, and prints how many points were acknowledged."""
import sys
import time

from mlflow import MlflowClient
from mlflow.entities import Metric

uri, run_id, key, seconds = sys.argv[1:]
client = MlflowClient(uri)
print("ready", flush=True)
sys.stdin.readline()
end = time.monotonic() + float(seconds)
step = 0
while time.monotonic() < end:
    client.log_metric(run_id, key, step, timestamp=step, step=step)
    client.log_batch(run_id, metrics=[Metric(key, 0.5, step + i, step + i) for i in range(1, 10)])
    step += 10
print(step, flush=True)
