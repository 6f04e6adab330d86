"""What an entry point's script receives: appended to `seen/<run>.jsonl` in the project's folder."""

import json
import os
import sys

here = os.path.dirname(os.path.abspath(__file__))
os.makedirs(os.path.join(here, "seen"), exist_ok=True)
with open(os.path.join(here, "seen", os.environ["MLFLOW_RUN_ID"] + ".jsonl"), "a") as file:
    file.write(json.dumps({"arguments": sys.argv[1:], "folder": os.getcwd(), "environment": dict(os.environ)}) + "\n")
sys.exit(int(os.environ.get("DUMP_EXIT", "0")))
