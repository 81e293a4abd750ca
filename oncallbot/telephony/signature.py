"""Did Twilio send this request? True only when one of our auth tokens signed it.

It must not raise, nor believe a forwarded header: the caller gives the address that Twilio dialled. There is no time
in the signature, so a replay is signed too: doors are idempotent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]

Parameters = Mapping[str, str] | Iterable[tuple[str, str]]


class _Form(dict[str, list[str]]):
    """A form as Twilio's validator reads one: names with all their values, blank ones too."""

    def getall(self, name: str) -> list[str]:
        return self[name]


def signed(token: str, url: str) -> str:
    """The `X-Twilio-Signature` of a GET of this URL: Twilio's own pages (TwiML Bins) ask for one, too."""
    return str(RequestValidator(token).compute_signature(url, {}))


def is_signed(
    tokens: Sequence[str | None],
    public_url: str,
    raw_path_and_query: str,
    params: Parameters,
    signature: str | None,
) -> bool:
    """Is `signature` right for this POST under any of `tokens` (primary, then secondary; empty ones never count)?

    `public_url` has no trailing slash; `raw_path_and_query` is as received, still percent-encoded. `params` keep their
    blank values: a form parser that drops them breaks every signature.
    """
    try:
        if not signature:
            return False
        url = public_url.rstrip("/") + raw_path_and_query.partition("#")[0]
        form = _Form()
        for name, value in params.items() if isinstance(params, Mapping) else params:
            form.setdefault(name, []).append(value)
        return any(RequestValidator(token).validate(url, form, signature) for token in tokens if token)
    except Exception:  # noqa: BLE001 — the validator raises on whatever strangers send: that is a "no"
        return False
