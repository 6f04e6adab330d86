"""Registers, moves, copies and deletes models with MLflow's own client; prints what it saw as JSON."""

import json
import sys

import mlflow
from mlflow.exceptions import MlflowException
from sklearn.linear_model import LinearRegression

tracking_uri, prefix = sys.argv[1], sys.argv[2]
mlflow.set_tracking_uri(tracking_uri)
client = mlflow.MlflowClient()
name, other = f"{prefix}-wine", f"{prefix}-cellar"
seen = {}


def code(call):
    """The code of MLflow's error."""
    try:
        call()
    except MlflowException as error:
        return error.error_code
    return None


mlflow.set_experiment(f"{prefix}-experiment")
model = LinearRegression().fit([[1.0], [2.0]], [2.0, 4.0])
# Else MLflow would load each model in a Python of its own to find out.
needs = ["scikit-learn"]
with mlflow.start_run() as run:
    mlflow.log_metric("rmse", 0.5)
    first = mlflow.sklearn.log_model(model, name="model", input_example=[[1.0]], registered_model_name=name, pip_requirements=needs)
with mlflow.start_run():
    second = mlflow.sklearn.log_model(model, name="model", pip_requirements=needs)
registered = mlflow.register_model(second.model_uri, name, tags={"kind": "second"})
seen["versions"] = [int(first.registered_model_version), int(registered.version)]
seen["run_of_version"] = client.get_model_version(name, "1").run_id == run.info.run_id

client.set_registered_model_alias(name, "champion", "1")
client.set_registered_model_alias(name, "champion", "2")
seen["champion"] = int(client.get_model_version_by_alias(name, "champion").version)
seen["reserved"] = [code(lambda a=a: client.set_registered_model_alias(name, a, "1")) for a in ("v1", "latest")]
client.transition_model_version_stage(name, "1", "Production")
client.transition_model_version_stage(name, "2", "production", archive_existing_versions=True)
seen["stages"] = {int(v.version): v.current_stage for v in client.search_model_versions(f"name = '{name}'")}

uris = [f"models:/{name}/1", f"models:/{name}@champion", f"models:/{name}/Production", f"models:/{name}/latest", first.model_uri]
seen["predictions"] = [round(float(mlflow.pyfunc.load_model(uri).predict([[3.0]])[0]), 6) for uri in uris]

copied = client.copy_model_version(f"models:/{name}@champion", other)
seen["copy"] = [copied.name, int(copied.version), copied.source]
seen["copy_prediction"] = round(float(mlflow.pyfunc.load_model(f"models:/{other}/1").predict([[3.0]])[0]), 6)

client.update_registered_model(name, description="red")
client.update_model_version(name, "1", description="first")
client.set_registered_model_tag(name, "team", "a")
client.set_model_version_tag(name, "1", "note", "é")
found = client.search_registered_models("tags.team = 'a'")
seen["found"] = [(m.name, m.description, sorted(int(v.version) for v in m.latest_versions)) for m in found]
seen["tags"] = dict(client.get_model_version(name, "1").tags)
client.delete_model_version_tag(name, "1", "note")
client.delete_registered_model_tag(name, "team")

renamed = f"{name}-renamed"
client.rename_registered_model(name, renamed)
seen["renamed"] = [renamed, int(client.get_model_version_by_alias(renamed, "champion").version)]
client.delete_model_version(renamed, "2")
seen["alias_of_deleted"] = code(lambda: client.get_model_version_by_alias(renamed, "champion"))
seen["missing"] = [code(lambda: client.get_registered_model(name)), code(lambda: client.get_model_version(renamed, "2"))]
seen["taken"] = code(lambda: client.create_registered_model(other))

logged = client.search_logged_models(
    experiment_ids=[first_id := mlflow.get_experiment_by_name(f"{prefix}-experiment").experiment_id],
    filter_string="metrics.rmse < 1",
    order_by=[{"field_name": "metrics.rmse", "ascending": False}],
)
seen["logged"] = [m.model_id == first.model_id for m in logged]
seen["model_versions_tag"] = json.loads(client.get_logged_model(second.model_id).tags["mlflow.modelVersions"])
client.set_logged_model_tags(second.model_id, {"a": "1"})
client.delete_logged_model_tag(second.model_id, "a")
client.delete_logged_model(second.model_id)
seen["deleted_logged"] = code(lambda: client.get_logged_model(second.model_id))

mlflow.register_prompt(name=f"{prefix}-greet", template="Hello {{name}}")
seen["prompt"] = mlflow.load_prompt(f"prompts:/{prefix}-greet/1").template
seen["models_without_prompts"] = sorted(m.name for m in client.search_registered_models() if m.name.startswith(prefix))
client.delete_registered_model(renamed)
seen["after_delete"] = sorted(m.name for m in client.search_registered_models() if m.name.startswith(prefix))
print("SEEN " + json.dumps(seen))
