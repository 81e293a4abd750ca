"""What has a JSON node to look like, and how does Slack say where it does not?

Must not know Block Kit: `blocks` and `elements` do.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

Complaints = list[str]


@dataclass(frozen=True, slots=True)
class Node:
    """One place in a document; complaints go to `found`, each with its JSON pointer."""

    found: Complaints
    where: str
    value: Any

    def complain(self, text: str) -> None:
        self.found.append(f"{text} [json-pointer:{self.where}]")

    @property
    def kind(self) -> str:
        """The `type` of an object, whatever was sent as such."""
        return str(self.value.get("type"))

    def child(self, name: str) -> "Node":
        return Node(self.found, f"{self.where}/{name}", self.value.get(name))

    def is_object(self) -> bool:
        if not isinstance(self.value, dict):
            self.complain("must be an object")
            return False
        return True

    def is_list(self, least: int, most: int) -> bool:
        if not isinstance(self.value, list):
            self.complain("must be an array")
            return False
        if len(self.value) > most:
            self.complain(f"no more than {most} items allowed")
        if len(self.value) < least:
            self.complain(f"no fewer than {least} items allowed")
        return True

    def children(self, name: str, least: int, most: int) -> Iterator["Node"]:
        node = self.child(name)
        if name not in self.value:
            self.complain(f"missing required field: {name}")
        elif node.is_list(least, most):
            for index, each in enumerate(node.value):
                child = Node(self.found, f"{node.where}/{index}", each)
                if child.is_object():
                    yield child

    def known(self, names: Iterable[str]) -> None:
        for name in sorted(set(self.value) - set(names)):
            self.complain(f"invalid additional property: {name}")

    def limit(self, name: str, most: int, required: bool = False) -> None:
        """A string that is not blank where it is required."""
        value = self.value.get(name)
        node = self.child(name)
        if value is None:
            if required:
                self.complain(f"missing required field: {name}")
        elif not isinstance(value, str):
            node.complain("must be a string")
        elif len(value) > most:
            node.complain(f"must be less than {most + 1} characters")
        elif required and not value:
            node.complain("must be more than 0 characters")

    def text(self, name: str, most: int, plain: bool = False, required: bool = True) -> None:
        if self.value.get(name) is None:
            if required:
                self.complain(f"missing required field: {name}")
            return
        self.child(name).is_text(most, plain)

    def is_text(self, most: int, plain: bool = False) -> None:
        """A text object."""
        if not self.is_object():
            return
        kind = self.kind
        if kind not in (("plain_text",) if plain else ("plain_text", "mrkdwn")):
            self.complain(f"unsupported type: {kind}" if not plain else f"must be plain_text, not {kind}")
            return
        self.known(("type", "text", "emoji") if kind == "plain_text" else ("type", "text", "verbatim"))
        self.limit("text", most, required=True)
