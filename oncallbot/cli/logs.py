"""How does a log line look? One JSON object a line on standard error: time, level, where, message.

It must not let a phone number or a customer's words through above DEBUG: whoever logs sees to that.
"""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        """One line, whatever was logged."""
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "from": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def configure(level: str) -> None:
    """Log to standard error from `level` on; libraries only from WARNING on."""
    handler = logging.StreamHandler()
    handler.setFormatter(_Json())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("oncallbot").setLevel(level)
    # A tick that is still at work when the next is due is what `max_instances` is for: nobody need look.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
