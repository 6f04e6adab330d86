"""Saves models of several kinds below the folder that is given, each in a folder of its own."""

import logging
import os
import sys
import warnings

warnings.filterwarnings("ignore")
logging.disable(logging.CRITICAL)
import mlflow  # noqa: E402
import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402
from mlflow.models import ModelSignature, infer_signature  # noqa: E402
from mlflow.types.schema import AnyType, Array, ColSpec, DataType, Map, Object, Property, Schema, TensorSpec  # noqa: E402
from sklearn.linear_model import LinearRegression  # noqa: E402

root = sys.argv[1]
os.chdir(root)
mlflow.set_tracking_uri(f"sqlite:///{root}/mlflow.db")

frame = pd.DataFrame({"alpha": [1.0, 2.0], "name": ["a", "b"], "count": [1, 2]})
numbers = frame[["alpha", "count"]]
regression = LinearRegression().fit(numbers, [1, 2])
params = {"temperature": 0.5, "stop": ["a", "b"], "top_k": 3, "greedy": True}
signature = infer_signature(frame, np.array([1.0, 2.0]), params=params)


class Echo(mlflow.pyfunc.PythonModel):
    def predict(self, context, model_input, params=None):
        return model_input


mlflow.sklearn.save_model(regression, f"{root}/sklearn", signature=signature, input_example=numbers)
# What MLflow has found out of the first model serves for all: it loads each model in a Python of its own to look.
needs = f"{root}/sklearn/requirements.txt"
with mlflow.start_run():
    mlflow.sklearn.log_model(regression, name="model", signature=signature, pip_requirements=needs)

with open("words.txt", "w", encoding="utf-8") as file:
    file.write("wine")
mlflow.pyfunc.save_model(
    f"{root}/pyfunc",
    python_model=Echo(),
    artifacts={"words": f"{root}/words.txt"},
    metadata={"task": "llm/v1/chat"},
    model_config={"threshold": 0.5},
    pip_requirements=needs,
)

with open("from_code.py", "w", encoding="utf-8") as file:
    file.write(
        "import mlflow\n\n\nclass Echo(mlflow.pyfunc.PythonModel):\n"
        "    def predict(self, context, model_input):\n        return model_input\n\n\nmlflow.models.set_model(Echo())\n"
    )
mlflow.pyfunc.save_model(f"{root}/from-code", python_model=f"{root}/from_code.py", pip_requirements=needs)

columns = Schema(
    [
        ColSpec(Array(DataType.string), "tags"),
        ColSpec(Object([Property("a", DataType.double), Property("b", Array(DataType.long), required=False)]), "pair"),
        ColSpec(Map(DataType.string), "labels"),
        ColSpec(AnyType(), "rest", required=False),
    ]
)
tensors = Schema([TensorSpec(np.dtype("float32"), (-1, 28, 28), "image")])
mlflow.pyfunc.save_model(f"{root}/types", python_model=Echo(), signature=ModelSignature(inputs=columns, outputs=tensors), pip_requirements=needs)
mlflow.pyfunc.save_model(f"{root}/array", python_model=Echo(), input_example=np.zeros((2, 3)), pip_requirements=needs)
