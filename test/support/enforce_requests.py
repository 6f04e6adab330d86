"""Reads lines of {signature, body, contentType, isFromTypeHints} and says for each what mlflow's scoring server makes of the request, up to the model itself."""

import json
import logging
import sys
import warnings

warnings.filterwarnings("ignore")
logging.disable(logging.CRITICAL)
from mlflow.models import ModelSignature  # noqa: E402
from mlflow.models.utils import _enforce_params_schema, _enforce_schema  # noqa: E402
from mlflow.pyfunc.scoring_server import _split_data_and_params, infer_and_parse_data, parse_csv_input  # noqa: E402
from io import StringIO  # noqa: E402


def enforce(request):
    signature = ModelSignature.from_dict(request["signature"])
    if request["contentType"] == "text/csv":
        data, params = parse_csv_input(csv_input=StringIO(request["body"]), schema=signature.inputs), None
    else:
        decoded, params = _split_data_and_params(request["body"])
        if request["isFromTypeHints"]:
            data = decoded["inputs"]
        else:
            data = infer_and_parse_data(decoded, signature.inputs)
    if signature.inputs is not None and not request["isFromTypeHints"]:
        _enforce_schema(data, signature.inputs)
    if params is not None:
        _enforce_params_schema(params, signature.params)


answers = []
for line in sys.stdin:
    try:
        enforce(json.loads(line))
        answers.append("accepted")
    except Exception as error:  # noqa: BLE001
        answers.append(f"{type(error).__name__}: {error}"[:600])
print(json.dumps(answers))
