"""Does to a run of its own what each line of the standard input asks for, with MLflow's client; prints its id when that is stored."""

import sys

import mlflow

# The client greets the one who runs it there.
out, sys.stdout = sys.stdout, sys.stderr

client = mlflow.MlflowClient(sys.argv[1])
# Opened, and upgraded where that is due, before anybody listens.
client.get_experiment("0")
run_id = ""
print("ready", file=out, flush=True)
for step, line in enumerate(sys.stdin):
    match line.split():
        case ["create"]:
            run_id = client.create_run("0").info.run_id
        case ["metric", key]:
            client.log_metric(run_id, key, step / 10, step=step)
        case ["param", key]:
            client.log_param(run_id, key, "0.1")
        case ["tag", key]:
            client.set_tag(run_id, key, str(step))
        case ["end"]:
            client.set_terminated(run_id)
    print(run_id, file=out, flush=True)
