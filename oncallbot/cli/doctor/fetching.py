"""What does an address answer? One short look over HTTP, and in plain words why there was no answer.

It must not follow where the answer leads, nor read more than a page, nor send anything of ours along.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import requests

_SECONDS = 6
_MOST_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Fetched:
    """`status` is None when nobody answered: `trouble` says why, and `is_certain` whether that holds from elsewhere.

    `kind` is the content type without parameters, `location` where a redirect leads.
    """

    status: int | None
    body: bytes = b""
    kind: str = ""
    location: str = ""
    trouble: str = ""
    is_certain: bool = False

    def document(self) -> Any:
        """The JSON in it; None when it is none."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None


def fetch(url: str, method: str = "GET", headers: Mapping[str, str] | None = None) -> Fetched:
    """Ask once; redirects are an answer."""
    try:
        with requests.request(
            method, url, headers=dict(headers or {}), timeout=_SECONDS, allow_redirects=False, stream=True
        ) as answer:
            body = answer.raw.read(_MOST_BYTES, decode_content=True)
            kind = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
            return Fetched(answer.status_code, body, kind, answer.headers.get("Location", ""))
    except requests.exceptions.SSLError:
        return Fetched(None, trouble="its certificate is not trusted", is_certain=True)
    except requests.exceptions.Timeout:
        return Fetched(None, trouble=f"no answer within {_SECONDS} s")
    except requests.exceptions.ConnectionError as error:
        is_unknown = "NameResolutionError" in repr(error)
        trouble = "its name is unknown" if is_unknown else "no connection"
        return Fetched(None, trouble=trouble, is_certain=is_unknown)
    except (requests.RequestException, OSError, ValueError) as error:
        return Fetched(None, trouble=f"no usable answer ({type(error).__name__})")
