"""Prints the routes of mlflow's own server as JSON: [[method, path], ...]."""

import json

from mlflow.server import app
from mlflow.server.fastapi_app import create_fastapi_app
from mlflow.server.handlers import get_endpoints


def fastapi_routes(routes, prefix=""):
    for route in routes:
        router = getattr(route, "original_router", None)
        if router is not None:
            yield from fastapi_routes(router.routes, prefix + (getattr(route.include_context, "prefix", "") or ""))
        for method in getattr(route, "methods", None) or []:
            yield method, prefix + route.path


flask = [(method, rule.rule) for rule in app.url_map.iter_rules() for method in rule.methods]
protos = [(method, path) for path, _, methods in get_endpoints() for method in methods]
fastapi = list(fastapi_routes(create_fastapi_app(app).routes))
routes = {(method, path) for method, path in flask + protos + fastapi if method not in ("HEAD", "OPTIONS")}
print(json.dumps(sorted(routes)))
