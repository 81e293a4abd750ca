"""Who is this, as Slack says it? Sign in with Slack: OpenID Connect by discovery, so any other provider will do, too.

It must not know who may sign in, nor believe what is not signed by the provider, for us, now and for this very attempt.
Slack's rules: https://docs.slack.dev/authentication/sign-in-with-slack (checked 2026-11).
"""

from __future__ import annotations

import base64
import hashlib
import logging
import secrets
import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import quote, urlencode

import httpx
import jwt

from oncallbot.chat.manifest import SIGN_IN_SCOPES
from oncallbot.errors import Refused, Unavailable

log = logging.getLogger(__name__)

SLACK = "https://slack.com"
_TIMEOUT = httpx.Timeout(5.0)
_LEEWAY = 60  # seconds by which the provider's clock may differ from ours
_MUST_HAVE = ("iss", "aud", "exp", "iat", "sub")
_TEAM, _USER = "https://slack.com/team_id", "https://slack.com/user_id"


@dataclass(frozen=True, slots=True)
class Attempt:
    """What one browser must bring back: nobody else can end what it began."""

    state: str
    nonce: str
    verifier: str

    @classmethod
    def new(cls) -> Attempt:
        """Three secrets of 256 bits."""
        return cls(secrets.token_urlsafe(32), secrets.token_urlsafe(32), secrets.token_urlsafe(32))


@dataclass(frozen=True, slots=True)
class Claims:
    """What the provider vouches for; "" is not said. `email` only if the provider has verified it."""

    team_id: str
    user_id: str
    email: str


class Provider:
    """One provider, found by its issuer. Every method asks it over HTTP and raises VendorError and nothing else:

    Unavailable where trying again helps, Refused where it does not.
    """

    def __init__(self, issuer: str, client_id: str, client_secret: str, redirect_uri: str) -> None:
        self._issuer = issuer.rstrip("/")
        self._client_id, self._client_secret = client_id, client_secret
        self._redirect_uri = redirect_uri
        self._lock = threading.Lock()
        self._found: Mapping[str, Any] | None = None
        self._keys: jwt.PyJWKSet | None = None

    @property
    def is_slack(self) -> bool:
        """Slack itself, whose members are known by Slack's ids alone."""
        return self._issuer == SLACK

    def address(self, attempt: Attempt, team_id: str | None) -> str:
        """Where the browser goes to sign in."""
        found = self._configuration()
        asked = {
            "response_type": "code",
            "scope": " ".join(SIGN_IN_SCOPES),
            "client_id": self._client_id,
            "redirect_uri": self._redirect_uri,
            "state": attempt.state,
            "nonce": attempt.nonce,
        }
        if team_id:
            asked["team"] = team_id  # Slack then offers no other workspace
        if _takes_challenges(found):
            digest = hashlib.sha256(attempt.verifier.encode()).digest()
            challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
            asked |= {"code_challenge": challenge, "code_challenge_method": "S256"}
        address = str(found["authorization_endpoint"])
        return f"{address}{'&' if '?' in address else '?'}{urlencode(asked)}"

    def claims(self, code: str, attempt: Attempt) -> Claims:
        """Exchanges the code that the browser brought back, and checks everything that came for it."""
        tokens = self._exchanged(code, attempt)
        said = self._checked(str(tokens.get("id_token") or ""), attempt.nonce)
        if not said.get(_USER) and not said.get("email"):
            said = self._asked_about(said, str(tokens.get("access_token") or ""))
        is_verified = said.get("email_verified") in (True, "true")
        return Claims(_text(said, _TEAM), _text(said, _USER), _text(said, "email") if is_verified else "")

    def _exchanged(self, code: str, attempt: Attempt) -> Mapping[str, Any]:
        found = self._configuration()
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": self._redirect_uri}
        if _takes_challenges(found):
            form["code_verifier"] = attempt.verifier
        headers = {"Accept": "application/json"}
        # The standard's default is Basic, for a provider that names nothing.
        if "client_secret_post" in found.get("token_endpoint_auth_methods_supported", ()):
            form |= {"client_id": self._client_id, "client_secret": self._client_secret}
        else:
            pair = f"{quote(self._client_id, safe='')}:{quote(self._client_secret, safe='')}"
            headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
        tokens = _asked("POST", str(found["token_endpoint"]), data=form, headers=headers)
        if "error" in tokens or tokens.get("ok") is False:  # Slack refuses with 200
            raise Refused(f"the code was not taken: {str(tokens.get('error'))[:80]}")
        return tokens

    def _checked(self, id_token: str, nonce: str) -> Mapping[str, Any]:
        try:
            key = self._key(jwt.get_unverified_header(id_token).get("kid"))
            said: dict[str, Any] = jwt.decode(
                id_token,
                key,
                algorithms=["RS256"],  # never what the token itself asks for
                audience=self._client_id,
                issuer=self._configuration()["issuer"],
                leeway=_LEEWAY,
                options={"require": list(_MUST_HAVE)},
            )
        except jwt.PyJWTError as error:
            raise Refused(f"the ID token is not good: {error}") from error
        if not secrets.compare_digest(str(said.get("nonce", "")).encode(), nonce.encode()):
            raise Refused("the ID token is another attempt's: its nonce is not ours")
        others = said["aud"] if isinstance(said["aud"], list) else []
        if said.get("azp", self._client_id) != self._client_id or (len(others) > 1 and "azp" not in said):
            raise Refused("the ID token was given to another client")
        return said

    def _asked_about(self, said: Mapping[str, Any], access_token: str) -> Mapping[str, Any]:
        """Some providers tell the address only when they are asked."""
        address = self._configuration().get("userinfo_endpoint")
        if not address:
            return said
        more = _asked("GET", str(address), headers={"Authorization": f"Bearer {access_token}"})
        if more.get("sub") != said["sub"]:
            raise Refused("the provider speaks of somebody else: `sub` differs")
        return {**more, **said}

    def _configuration(self) -> Mapping[str, Any]:
        with self._lock:
            if self._found is None:
                found = _asked("GET", f"{self._issuer}/.well-known/openid-configuration")
                _judge(found, self._issuer)
                self._found = found
            return self._found

    def _key(self, kid: object) -> jwt.PyJWK:
        """The provider's key of that id; its keys are asked for again when it is new."""
        address = str(self._configuration()["jwks_uri"])
        with self._lock:
            known = _key_of(self._keys, kid)
            if known is None:
                try:
                    self._keys = jwt.PyJWKSet.from_dict(dict(_asked("GET", address)))
                except jwt.PyJWTError as error:
                    raise Unavailable(f"the provider's keys cannot be read: {error}") from error
                known = _key_of(self._keys, kid)
        if known is None:
            raise Refused("the ID token is signed by a key that the provider does not name")
        return known


def _judge(found: Mapping[str, Any], issuer: str) -> None:
    """A provider that calls itself something else, or sends secrets over plain HTTP, is not the one that was meant."""
    if str(found.get("issuer", "")).rstrip("/") != issuer:
        raise Refused(f"{issuer} calls itself {str(found.get('issuer'))[:80]!r}")
    for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
        address = str(found.get(name, ""))
        if not address.startswith("https://" if issuer.startswith("https://") else ("http://", "https://")):
            raise Refused(f"{issuer} names no safe {name}")


def _key_of(keys: jwt.PyJWKSet | None, kid: object) -> jwt.PyJWK | None:
    """By its id; the only one, where the token names none."""
    if keys is None:
        return None
    if kid is None:
        return keys.keys[0] if len(keys.keys) == 1 else None
    return next((one for one in keys.keys if one.key_id == kid), None)


def _takes_challenges(found: Mapping[str, Any]) -> bool:
    return "S256" in found.get("code_challenge_methods_supported", ())


def _text(said: Mapping[str, Any], name: str) -> str:
    value = said.get(name)
    return value if isinstance(value, str) else ""


def _asked(method: str, address: str, **request: Any) -> Mapping[str, Any]:
    """One JSON object. No redirect is followed: secrets go where the provider said, and nowhere else."""
    try:
        response = httpx.request(method, address, timeout=_TIMEOUT, verify=_trusted(), **request)
        answer = response.json()
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise Unavailable(f"the sign-in provider cannot be reached: {type(error).__name__}") from error
    except ValueError as error:
        raise Unavailable("the sign-in provider answers something else than JSON") from error
    if response.status_code >= 500 or response.status_code == 429:
        raise Unavailable(f"the sign-in provider answers {response.status_code}")
    if not isinstance(answer, dict):
        raise Unavailable("the sign-in provider answers something else than an object")
    if response.status_code >= 400 and "error" not in answer:
        raise Refused(f"the sign-in provider answers {response.status_code}")
    return answer


@cache
def _trusted() -> ssl.SSLContext:
    """Whose certificates are believed. Read once: for each request anew takes 20 ms."""
    return httpx.create_ssl_context()
