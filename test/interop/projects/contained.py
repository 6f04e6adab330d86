"""Logs what a program in a container finds: its arguments, environment, folder and mounts."""

import json
import os
import socket
import sys

import mlflow


def can_write(folder):
    try:
        open(os.path.join(folder, "written"), "w").close()
        return True
    except OSError:
        return False


def limit():
    for file in ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"]:
        if os.path.exists(file):
            return open(file).read().strip()


seen = {
    "arguments": sys.argv[1:],
    "environment": dict(os.environ),
    "folder": os.getcwd(),
    "files": sorted(os.listdir()),
    "mounted": open("/data/note.txt").read(),
    "mount is writable": can_write("/data"),
    "host": socket.gethostname(),
    "memory": limit(),
    "terminal": sys.stdout.isatty(),
}
with mlflow.start_run() as run:
    seen["run"] = run.info.run_id
    mlflow.log_metric("inside", 1)
    mlflow.log_text(json.dumps(seen), "seen.json")
sys.exit(int(os.environ.get("EXIT", "0")))
