"""How does a signed webhook travel from a vendor to the product: tries, time, redirects, order and faults?

Must not know what a webhook means, nor how a vendor signs: the sender hands over the signer.
"""

import asyncio
import time
import uuid
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

import httpx

from oncallbot.emulators import wire
from oncallbot.emulators.faults import Fault, Faults
from oncallbot.emulators.journal import Journal, WebhookEntry

MOST_REDIRECTS = 10
REDIRECTS = (301, 302, 303, 307, 308)
MOST_BODY = 64 * 1024
Signer = Callable[[str, dict[str, str], str], dict[str, str]]


@dataclass(slots=True, eq=False)
class Webhook:
    """One thing a vendor wants to tell or ask; `subject` orders the callbacks about one call or message."""

    vendor: str
    purpose: str
    resource: str
    subject: str
    url: str
    method: str
    params: dict[str, str]
    sign: Signer
    cookies: httpx.Cookies | None = None
    expects_answer: bool = True
    body: bytes | None = None
    content_type: str = "application/x-www-form-urlencoded"
    policy: "Policy | None" = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. `error` is a vendor-neutral word: refused, timeout, reset, redirects, dropped."""

    status: int | None
    body: bytes = b""
    content_type: str = ""
    url: str = ""
    error: str | None = None
    seconds: float = 0.0
    bad_signature: bool = False
    headers: tuple[tuple[str, str], ...] = ()

    def header(self, name: str) -> str | None:
        return next((value for given, value in self.headers if given == name), None)

    @property
    def ok(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


@dataclass(frozen=True, slots=True)
class Policy:
    """Connection overrides from a URL's fragment: `#rc=2&rp=ct,rt,5xx&ct=1000&rt=5000&tt=10000`."""

    retries: int = 1
    on: frozenset[str] = frozenset({"ct"})
    connect_seconds: float = 5.0
    read_seconds: float = 15.0
    total_seconds: float = 15.0

    @staticmethod
    def of(url: str, total: float) -> "Policy":
        given = dict(parse_qsl(urlsplit(url).fragment))

        def seconds(name: str, default: float, most: float) -> float:
            text = given.get(name, "")
            return min(max(int(text) / 1000, 0.1), most) if text.isdigit() else default

        count = given.get("rc", "")
        return Policy(
            retries=min(int(count), 5) if count.isdigit() else 1,
            on=frozenset(given.get("rp", "ct").split(",")),
            connect_seconds=seconds("ct", 5.0, 10.0),
            read_seconds=seconds("rt", total, total),
            total_seconds=seconds("tt", total, total),
        )

    def retries_after(self, answer: Answer) -> bool:
        if answer.error == "refused":
            word = "ct"
        elif answer.error in {"timeout", "reset"}:
            word = "rt"
        elif answer.status is not None and answer.status >= 400:
            word = f"{answer.status // 100}xx"
        else:
            return False
        return bool(self.on & {word, "all"})


@dataclass(slots=True, eq=False)
class Kept:
    """A callback that waits to be overtaken by the next one about its subject."""

    webhook: Webhook
    overtaken: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(slots=True)
class Postman:
    """Carries every webhook of every vendor."""

    journal: Journal
    faults: Faults
    total_seconds: float
    on_answer: Callable[[Webhook, Answer], None]
    under_way: int = 0
    _last_of: dict[str, "asyncio.Task[None]"] = field(default_factory=dict)
    _kept: dict[str, list["Kept"]] = field(default_factory=dict)
    _tasks: set["asyncio.Task[None]"] = field(default_factory=set)

    async def ask(self, webhook: Webhook) -> Answer:
        """Delivers and waits for the answer (TwiML and the like)."""
        fault = self.faults.meets_webhook(
            webhook.purpose, webhook.resource, webhook.url, webhook.params, webhook.vendor
        )
        kind = fault.kind if fault else ""
        if fault and kind == "drop_callback":
            answer = self._drop(webhook)
        else:
            if fault and kind in {"delay_callback", "reorder_callbacks"}:
                await asyncio.sleep(fault.seconds if fault.seconds is not None else 1.0)
            if fault and kind == "hold_callback":
                await self._hold(fault)
            if kind == "duplicate_callback":
                await self._deliver(webhook, fault)
            answer = await self._deliver(webhook, fault)
        self.on_answer(webhook, answer)
        return answer

    def tell(self, webhook: Webhook) -> None:
        """Delivers in the background, after the earlier ones about the same subject."""
        fault = self.faults.meets_webhook(
            webhook.purpose, webhook.resource, webhook.url, webhook.params, webhook.vendor
        )
        kind = fault.kind if fault else ""
        if kind == "drop_callback":
            self._drop(webhook)
        elif fault and kind == "delay_callback":
            self._start(self._later(webhook, fault.seconds if fault.seconds is not None else 1.0))
        elif fault and kind == "hold_callback":
            self._start(self._once_released(webhook, fault))
        elif fault and kind == "reorder_callbacks":
            kept = Kept(webhook)
            self._kept.setdefault(webhook.subject, []).append(kept)
            self._start(self._keep(kept, fault.seconds if fault.seconds is not None else 1.0))
        else:
            copies = 2 if kind == "duplicate_callback" else 1
            overtaken = self._kept.pop(webhook.subject, [])
            self._queue([webhook] * copies + [kept.webhook for kept in overtaken], fault)
            for kept in overtaken:
                kept.overtaken.set()

    def _drop(self, webhook: Webhook) -> Answer:
        entry = self._entry(webhook, webhook.url, webhook.method, {}, {}, 0)
        entry.params, entry.error, entry.fault, entry.done = dict(webhook.params), "dropped", "drop_callback", True
        self.journal.touch()
        return Answer(None, error="dropped")

    def _queue(self, webhooks: list[Webhook], fault: Fault | None) -> None:
        subject = webhooks[0].subject
        before = self._last_of.get(subject)
        self._last_of[subject] = self._start(self._in_order(before, webhooks, fault))

    async def _in_order(
        self, before: "asyncio.Task[None] | None", webhooks: list[Webhook], fault: Fault | None
    ) -> None:
        if before is not None and not before.done():
            await asyncio.wait({before})
        for webhook in webhooks:
            self.on_answer(webhook, await self._deliver(webhook, fault))

    async def _later(self, webhook: Webhook, seconds: float) -> None:
        await asyncio.sleep(seconds)
        self.on_answer(webhook, await self._deliver(webhook, None))

    async def _once_released(self, webhook: Webhook, fault: Fault) -> None:
        await self._hold(fault)
        self.on_answer(webhook, await self._deliver(webhook, None))

    async def _hold(self, fault: Fault) -> None:
        fault.holding += 1
        self.journal.touch()
        try:
            await fault.released.wait()
        finally:
            fault.holding -= 1

    async def _keep(self, kept: Kept, seconds: float) -> None:
        """A kept callback leaves after the next one about its subject, at the latest after so many seconds."""
        try:
            await asyncio.wait_for(kept.overtaken.wait(), seconds)
        except TimeoutError:
            self._kept[kept.webhook.subject].remove(kept)
            self._queue([kept.webhook], None)

    def _start(self, work: Coroutine[object, object, None]) -> "asyncio.Task[None]":
        task = asyncio.create_task(self._counted(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _counted(self, work: Coroutine[object, object, None]) -> None:
        self.under_way += 1
        try:
            await work
        finally:
            self.under_way -= 1
            self.journal.touch()

    async def _deliver(self, webhook: Webhook, fault: Fault | None) -> Answer:
        policy = webhook.policy or Policy.of(webhook.url, self.total_seconds)
        token, deadline = str(uuid.uuid4()), time.monotonic() + policy.total_seconds
        answer = Answer(None, error="timeout")
        for attempt in range(1, policy.retries + 2):
            left = deadline - time.monotonic()
            if left <= 0:
                break
            answer = await self._try(webhook, policy, fault, token, attempt, left)
            if answer.ok or not policy.retries_after(answer):
                break
        return answer

    async def _try(
        self, webhook: Webhook, policy: Policy, fault: Fault | None, token: str, attempt: int, left: float
    ) -> Answer:
        started = time.monotonic()
        method, params, body = webhook.method, dict(webhook.params), webhook.body
        url = without_fragment(webhook.url)
        for _ in range(MOST_REDIRECTS):
            answer, location = await self._once(webhook, url, method, params, body, policy, fault, token, attempt, left)
            left -= time.monotonic() - started
            if location is None:
                return answer
            # A redirect is followed by GET: the posted parameters are lost (Twilio's webhook documentation).
            url, method, params, body = without_fragment(urljoin(url, location)), "GET", {}, None
        return Answer(None, error="redirects", url=url)

    async def _once(
        self,
        webhook: Webhook,
        url: str,
        method: str,
        params: dict[str, str],
        body: bytes | None,
        policy: Policy,
        fault: Fault | None,
        token: str,
        attempt: int,
        left: float,
    ) -> tuple[Answer, str | None]:
        if method == "GET" and params:
            url, sent = with_query(url, params), {}
        else:
            sent = params
        broken = fault is not None and fault.kind == "bad_signature"
        headers = {"I-Twilio-Idempotency-Token": token} if webhook.vendor == "twilio" else {}
        headers |= webhook.sign(url, sent, "bad" if broken else "")
        entry = self._entry(webhook, url, method, params, headers, attempt)
        entry.fault = fault.kind if fault else None
        self.journal.touch()
        started = time.monotonic()
        content = body if body is not None else (urlencode(sent).encode() if method == "POST" else None)
        if content is not None:
            headers = headers | {"Content-Type": webhook.content_type + ("" if body is not None else "; charset=UTF-8")}
        answer, location = await _request(webhook, method, url, headers, content, policy, max(left, 0.05), broken)
        entry.seconds = round(time.monotonic() - started, 4)
        entry.status, entry.error = answer.status, answer.error
        entry.body, entry.done = answer.body[:20_000].decode("utf-8", "replace"), True
        self.journal.note("webhook", purpose=webhook.purpose, url=url, status=answer.status, error=answer.error)
        return answer, location

    def _entry(
        self, webhook: Webhook, url: str, method: str, params: dict[str, str], headers: dict[str, str], attempt: int
    ) -> WebhookEntry:
        entry = WebhookEntry(
            id=self.journal.next_id(),
            at=time.time(),
            vendor=webhook.vendor,
            purpose=webhook.purpose,
            resource=webhook.resource,
            subject=webhook.subject,
            method=method,
            url=url,
            params=dict(params),
            headers=dict(headers),
            attempt=attempt,
        )
        self.journal.webhooks.append(entry)
        return entry

    async def stop(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        self._last_of.clear()
        self._kept.clear()


async def _request(
    webhook: Webhook,
    method: str,
    url: str,
    headers: dict[str, str],
    content: bytes | None,
    policy: Policy,
    left: float,
    broken: bool,
) -> tuple[Answer, str | None]:
    headers = headers | {"User-Agent": "TwilioProxy/1.1" if webhook.vendor == "twilio" else "Slackbot 1.0"}
    asked = httpx.Request(method, url)
    if webhook.cookies:
        webhook.cookies.set_cookie_header(asked)
        headers |= {"Cookie": asked.headers["cookie"]} if "cookie" in asked.headers else {}
    try:
        async with asyncio.timeout(left):
            reply = await wire.request(method, url, headers, content, policy.connect_seconds, policy.read_seconds)
    except wire.Refused:
        return Answer(None, error="refused", url=url), None
    except wire.Reset:
        return Answer(None, error="reset", url=url), None
    except TimeoutError:
        return Answer(None, error="timeout", url=url), None
    if webhook.cookies is not None and reply.header("set-cookie"):
        webhook.cookies.extract_cookies(httpx.Response(reply.status, headers=list(reply.headers), request=asked))
    answer = Answer(
        reply.status, reply.body, reply.header("content-type") or "", url, bad_signature=broken, headers=reply.headers
    )
    return answer, reply.header("location") if reply.status in REDIRECTS else None


def without_fragment(url: str) -> str:
    return urlunsplit(urlsplit(url)._replace(fragment=""))


def with_query(url: str, params: dict[str, str]) -> str:
    parts = urlsplit(url)
    query = "&".join(part for part in (parts.query, urlencode(params)) if part)
    return urlunsplit(parts._replace(query=query))
