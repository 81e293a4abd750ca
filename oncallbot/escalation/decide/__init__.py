"""What happens next? `decide` is the only place that decides; one module here per kind of event.

Only `engine.handle` and `escalation.dry_run` may import it.
"""

from oncallbot.escalation.decide.dispatch import decide, decide_opening

__all__ = ["decide", "decide_opening"]
