"""Which records does a list show, in which order, on which page?

Must not know what the records are: the caller hands over how each is dated and shown.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar
from urllib.parse import urlencode

from fastapi import Request

from oncallbot.emulators.twilio.errors import Refused
from oncallbot.emulators.twilio.parameters import Form

T = TypeVar("T")
PAGING = ("PageSize", "Page", "PageToken")


def dated(name: str) -> tuple[str, str, str]:
    return name, name + "<", name + ">"


def within(form: Form, name: str, at: float | None) -> bool:
    """`Name` is that UTC day (or second); `Name<` at or before, `Name>` at or after."""
    for suffix in ("", "<", ">"):
        text = form.get(name + suffix)
        if not text:
            continue
        begin, end = _interval(text)
        if at is None:
            return False
        second = float(int(at))
        if suffix == "" and not begin <= second < end:
            return False
        if suffix == "<" and not second < end:
            return False
        if suffix == ">" and not second >= begin:
            return False
    return True


def _interval(text: str) -> tuple[float, float]:
    """The day or the second that a date says."""
    try:
        if len(text) == 10:
            day = datetime.fromisoformat(text).replace(tzinfo=UTC)
            return day.timestamp(), (day + timedelta(days=1)).timestamp()
        instant = datetime.fromisoformat(text)
    except ValueError:
        try:
            instant = parsedate_to_datetime(text)
        except ValueError:
            raise Refused(20001, f"not a date: {text}") from None
    instant = instant if instant.tzinfo else instant.replace(tzinfo=UTC)
    begin = float(int(instant.timestamp()))
    return begin, begin + 1


def page(
    request: Request, form: Form, key: str, records: Sequence[T], sid: Callable[[T], str], show: Callable[[T], Any]
) -> dict[str, Any]:
    """The official list envelope; records newest first. The token keeps the place when newer records come in."""
    size_text, number_text = form.get("PageSize", "50"), form.get("Page", "0")
    if not size_text.isdigit() or not 1 <= int(size_text) <= 1000:
        raise Refused(20007, size_text)
    size, number = int(size_text), int(number_text) if number_text.isdigit() else 0
    token = form.get("PageToken")
    start = number * size
    if token:
        sids = [sid(record) for record in records]
        start = sids.index(token[2:]) + 1 if token[2:] in sids else start
    shown = records[start : start + size]
    filters = [(name, value) for name, value in form.pairs if name not in PAGING]

    def uri(at: int, after: str | None = None) -> str:
        extra = [("PageToken", "PA" + after)] if after else []
        return request.url.path + "?" + urlencode([*filters, ("PageSize", size), ("Page", at), *extra])

    more = start + size < len(records)
    return {
        key: [show(record) for record in shown],
        "first_page_uri": uri(0),
        "next_page_uri": uri(number + 1, sid(shown[-1])) if more else None,
        "previous_page_uri": uri(number - 1) if number > 0 else None,
        "uri": uri(number),
        "page": number,
        "page_size": size,
        "start": number * size,
        "end": number * size + max(len(shown) - 1, 0),
    }
