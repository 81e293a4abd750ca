"""How is the API described to a person? One page made from the OpenAPI description; no script, nothing fetched.

It must not describe anything that the description does not.
"""

from __future__ import annotations

import json
from typing import Any

from jinja2 import Environment, PackageLoader, select_autoescape

_TEMPLATES = Environment(loader=PackageLoader("oncallbot.web", "templates"), autoescape=select_autoescape())


def page(description: dict[str, Any]) -> str:
    """The HTML of /docs."""
    operations = [
        {"path": path, "method": method.upper(), **operation}
        for path, methods in description["paths"].items()
        for method, operation in methods.items()
    ]
    for operation in operations:
        operation["schema"] = _body_schema(operation)
    return _TEMPLATES.get_template("docs.html").render(
        info=description["info"], operations=operations, example=json.dumps({"summary": "Checkout is down"})
    )


def _body_schema(operation: dict[str, Any]) -> dict[str, Any]:
    content = operation.get("requestBody", {}).get("content", {})
    schema: dict[str, Any] = content.get("application/json", {}).get("schema", {})
    return schema
