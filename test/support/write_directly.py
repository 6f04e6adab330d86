"""Opens a store by its URI, logs a run with some points, and prints the run's id."""
import sys

from mlflow import MlflowClient
from mlflow.entities import Metric

uri, name, points = sys.argv[1], sys.argv[2], int(sys.argv[3])
client = MlflowClient(uri, uri)
run_id = client.create_run("0", run_name=name).info.run_id
for step in range(points):
    client.log_metric(run_id, "loss", 1 / (step + 1), step=step)
client.log_batch(run_id, metrics=[Metric("batch", step, step, step) for step in range(points)])
client.set_terminated(run_id)
print(run_id)
