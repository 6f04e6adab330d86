"""Writes into a store as training scripts do, with pauses; prints what was committed when, one JSON line each."""

import json
import random
import sys
import time

from mlflow import MlflowClient

# The client greets the one who runs it there.
out, sys.stdout = sys.stdout, sys.stderr

uri, rounds, old_runs = sys.argv[1:]
client = MlflowClient(uri)
random.seed(7)


def write(kind, run_id, key, action):
    started = time.time()
    result = action()
    committed = time.time()
    line = {"kind": kind, "runId": run_id or result.info.run_id, "key": key, "started": started * 1000, "committed": committed * 1000}
    print(json.dumps(line), file=out, flush=True)
    # Longer than a change may take to be told, and never in step with who looks for it.
    time.sleep(0.6 + random.random() * 0.2)
    return result


# Opened, and upgraded where that is due, before anybody listens.
client.get_experiment("0")
print("ready", file=out, flush=True)
sys.stdin.readline()
for round in range(int(rounds)):
    run_id = write("create", None, "", lambda: client.create_run("0")).info.run_id
    for step in range(3):
        write("metric", run_id, f"loss-{step}", lambda: client.log_metric(run_id, f"loss-{step}", step))
    write("param", run_id, f"param-{round}", lambda: client.log_param(run_id, f"param-{round}", round))
    write("tag", run_id, "note", lambda: client.set_tag(run_id, "note", "new"))
    if int(old_runs) > 0:
        # The store was filled with runs whose ids are their numbers.
        old_run = f"{random.randint(1, int(old_runs)):032x}"
        write("old tag", old_run, "team", lambda: client.set_tag(old_run, "team", f"round {round}"))
    write("end", run_id, "", lambda: client.set_terminated(run_id))
