"""Which state of an open form is the newest? Somebody writes faster than Slack shows what we have made of it.

It must not know what stands in a form, nor keep it: only which change came last, and what Slack calls the form since.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

_MOST = 500  # forms that are remembered; whoever comes back to an older one is believed what Slack says of it

Redraw = Callable[[str], str]
"""Puts the newest state into the form that Slack calls so, and answers what Slack calls it then."""


@dataclass(slots=True)
class _Form:
    """`names` are all that Slack has called it since somebody else than us last drew it; `name` is the newest."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    newest_at: float = 0.0
    names: set[str] = field(default_factory=set)
    name: str = ""


class OpenForms:
    """The open forms that this process redraws while somebody writes in them. For all threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._forms: OrderedDict[str, _Form] = OrderedDict()

    def follow(self, id_: str, name: str, at: float, redraw: Redraw) -> None:
        """Redraw after a change that was made `at` (Slack's clock, seconds) in a form that was called `name` then.

        A change that a newer one has overtaken draws nothing. A form that a submission has replaced meanwhile has a
        name that is not ours: Slack refuses to redraw it. Raises what `redraw` raises.
        """
        form = self._form(id_, at)
        with form.lock:
            if at < form.newest_at:
                return
            if name not in form.names:
                form.names, form.name = {name}, name
            form.name = redraw(form.name)
            form.names.add(form.name)

    def _form(self, id_: str, at: float) -> _Form:
        with self._lock:
            form = self._forms.setdefault(id_, _Form())
            self._forms.move_to_end(id_)
            if len(self._forms) > _MOST:
                self._forms.popitem(last=False)
            form.newest_at = max(form.newest_at, at)
            return form
