"""Trains models of several kinds below the folder that is given, and writes what Python itself predicts beside each."""

import json
import logging
import os
import sys
import warnings

warnings.filterwarnings("ignore")
logging.disable(logging.CRITICAL)
import mlflow  # noqa: E402
import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402
from mlflow.models import infer_signature  # noqa: E402
from sklearn.linear_model import LinearRegression  # noqa: E402

root = sys.argv[1]
os.chdir(root)
mlflow.set_tracking_uri(f"sqlite:///{root}/mlflow.db")

frame = pd.DataFrame({"a": [1.0, 2.0, 3.5], "b": [1, 2, 4]})
regression = LinearRegression().fit(frame, [1.0, 2.5, 4.0])


def expect(folder, data, params=None):
    model = mlflow.pyfunc.load_model(folder)
    predicted = model.predict(data, params=params) if params else model.predict(data)
    rows = predicted.to_dict("records") if isinstance(predicted, pd.DataFrame) else np.asarray(predicted).tolist()
    with open(f"{folder}.expected.json", "w", encoding="utf-8") as file:
        json.dump(rows, file)


mlflow.sklearn.save_model(regression, f"{root}/regression", signature=infer_signature(frame, regression.predict(frame)), input_example=frame)
expect(f"{root}/regression", frame)
# What MLflow has found out of the first model holds for all: it loads each model in a Python of its own to look.
needs = f"{root}/regression/requirements.txt"

mlflow.sklearn.save_model(regression, f"{root}/unsigned", pip_requirements=needs)
expect(f"{root}/unsigned", frame)

os.makedirs("helpers/scaling", exist_ok=True)
with open("helpers/scaling/__init__.py", "w", encoding="utf-8") as file:
    file.write("def scale(value, factor):\n    return value * factor\n")
sys.path.insert(0, f"{root}/helpers")
with open("scaled.py", "w", encoding="utf-8") as file:
    file.write(
        "import mlflow\nimport pandas as pd\nfrom scaling import scale\n\n\n"
        "class Scaled(mlflow.pyfunc.PythonModel):\n"
        "    def predict(self, context, model_input, params=None):\n"
        "        factor = (params or {}).get('factor', 1.0)\n"
        "        return pd.DataFrame({'scaled': scale(model_input['a'], factor), 'label': model_input['b'].astype(str)})\n\n\n"
        "mlflow.models.set_model(Scaled())\n"
    )
outputs = pd.DataFrame({"scaled": [1.0], "label": ["1"]})
mlflow.pyfunc.save_model(
    f"{root}/scaled",
    python_model=f"{root}/scaled.py",
    code_paths=[f"{root}/helpers/scaling"],
    signature=infer_signature(frame, outputs, params={"factor": 2.0}),
    input_example=(frame, {"factor": 3.0}),
    pip_requirements=needs,
)
expect(f"{root}/scaled", frame, {"factor": 3.0})

with mlflow.start_run(run_name="with-rows") as run:
    mlflow.log_text("a,b\n5.5,5\n6.5,6\n", "data/holdout.csv")
    info = mlflow.sklearn.log_model(
        regression,
        name="model",
        signature=infer_signature(frame, regression.predict(frame)),
        registered_model_name="wine",
        input_example=frame,
        pip_requirements=needs,
    )
mlflow.MlflowClient().set_registered_model_alias("wine", "champion", 1)
print(json.dumps({"runId": run.info.run_id, "modelId": info.model_id}))
