"""What scripts do that log traces without thinking of it; its last line is JSON of what they saw."""

import json
import sys

import mlflow
import numpy as np
from sklearn.linear_model import LinearRegression

mlflow.set_experiment("traces")
with mlflow.start_span("outer") as outer:
    outer.set_inputs({"x": 1})
    with mlflow.start_span("inner"):
        pass


@mlflow.trace
def double(x):
    return 2 * x


class Doubler(mlflow.pyfunc.PythonModel):
    @mlflow.trace
    def predict(self, context, model_input, params=None):
        return model_input


mlflow.autolog()
with mlflow.start_run() as run:
    double(1)
    LinearRegression().fit(np.arange(20).reshape(-1, 1), np.arange(20))
    model = mlflow.pyfunc.log_model(name="doubler", python_model=Doubler())
    mlflow.pyfunc.load_model(model.model_uri).predict(np.array([1]))
mlflow.set_active_model(model_id=model.model_id)
double(3)
mlflow.flush_trace_async_logging()
seen = {
    "run": mlflow.get_run(run.info.run_id).info.status,
    "trace": mlflow.get_trace(outer.trace_id),
    "traces": len(mlflow.search_traces()),
}
print(json.dumps(seen), file=sys.stdout)
