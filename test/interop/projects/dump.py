"""What an entry point's script receives: appended to `seen/<run>.jsonl` in the project's folder, or where DUMP_FOLDER says."""

import json
import os
import sys

here = os.path.dirname(os.path.abspath(__file__))
place = os.environ.get("DUMP_FOLDER", here)
# A clone lies elsewhere for each of them: what is below it counts.
folder = os.path.relpath(os.getcwd(), here) if place != here else os.getcwd()
environment = {name: value for name, value in os.environ.items() if place == here or name != "PWD"}
os.makedirs(os.path.join(place, "seen"), exist_ok=True)
with open(os.path.join(place, "seen", os.environ["MLFLOW_RUN_ID"] + ".jsonl"), "a") as file:
    file.write(json.dumps({"arguments": sys.argv[1:], "folder": folder, "environment": environment}) + "\n")
sys.exit(int(os.environ.get("DUMP_EXIT", "0")))
