"""What do Slack's own files say of these blocks?

Must not be needed: only with `--slack-data`, and where jsonschema is installed. A second opinion, never a refusal.
"""

import importlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Official:
    """`schema` is Block Kit's, `methods` the list of Web API methods."""

    schema: dict[str, Any]
    methods: dict[str, Any]

    @staticmethod
    def at(folder: str) -> "Official":
        """Raises OSError or ValueError if the folder does not hold `blockkit.schema.json` and `slack_methods.json`."""
        read = [
            json.loads((Path(folder) / name).read_text()) for name in ("blockkit.schema.json", "slack_methods.json")
        ]
        return Official(read[0], read[1])

    def complaint(self, definition: str, document: Any) -> str | None:
        """What is most wrong by `Blocks`, `ModalView` or `HomeView`; None if nothing is, or nobody can tell."""
        try:
            jsonschema = importlib.import_module("jsonschema")  # no requirement of the product's
        except ImportError:
            return None
        schema = {"$ref": f"#/definitions/{definition}", "definitions": self.schema["definitions"]}
        error = jsonschema.exceptions.best_match(jsonschema.Draft7Validator(schema).iter_errors(document))
        if error is None:
            return None
        where = "/".join(str(part) for part in error.absolute_path)
        return f"{where}: {error.message[:300]}"

    def unknown_arguments(self, method: str, given: set[str]) -> set[str]:
        known = set(self.methods.get(method, {}).get("args", {}).get("properties", {}))
        return given - known if known else set()
