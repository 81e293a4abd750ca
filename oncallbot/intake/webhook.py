"""How does a machine's report reach the door? One token per source; a repeated `dedup_key` joins the open issue.

It must not answer before the commit.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from oncallbot.engine.handle import Door
from oncallbot.escalation.events import CustomerReported
from oncallbot.escalation.issue import Road
from oncallbot.escalation.outcomes import Kind, Outcome
from oncallbot.storage import webhooks
from oncallbot.storage.webhooks import Webhook
from oncallbot.telephony.numbers import is_textable_shape
from oncallbot.wording.languages import spoken_language
from oncallbot.wording.text import clean


@dataclass(frozen=True, slots=True)
class Posted:
    """What a source posted, its fields checked. `phone` is E.164."""

    summary: str
    details: str = ""
    phone: str | None = None
    email: str | None = None
    urgent: bool = True
    dedup_key: str | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """What it is answered, once it is committed."""

    reference: str
    status: str
    joined: bool


def source_of(connection: Connection, token: str) -> Webhook | None:
    """The webhook of this token; None for an unknown or revoked one."""
    return webhooks.by_token(connection, token)


def hear(door: Door, webhook: Webhook, posted: Posted) -> Accepted | None:
    """Submit it. None when the webhook's hotline is not configured any more."""
    rules = door.rules_now()
    hotline = rules.hotlines.get(webhook.hotline)
    if hotline is None:
        return None
    customer = (
        rules.customers.get(webhook.customer or "")
        or rules.customer_of_phone(posted.phone or "")
        or rules.customer_of_email(posted.email or "")
    )
    event = CustomerReported(
        hotline=hotline.id,
        customer=customer.id if customer else None,
        contact=(posted.phone if is_textable_shape(posted.phone) else None) or posted.email or "",
        caller=posted.phone or posted.email or f"webhook {webhook.name}",
        road=Road.WEBHOOK,
        words=clean(f"{posted.summary}. {posted.details}" if posted.details else posted.summary, 4_000),
        urgent=posted.urgent,
        language=spoken_language(customer.language if customer else None, hotline),
        dedup_key=f"{webhook.name}/{posted.dedup_key}" if posted.dedup_key else None,
    )
    outcome = door.handle(event).outcome or Outcome(Kind.NOTHING)
    return Accepted(f"AH-{outcome.number}", outcome.status or "", outcome.kind is Kind.JOINED)
