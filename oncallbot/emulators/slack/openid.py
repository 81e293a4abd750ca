"""Who is at the browser? Sign in with Slack (OpenID Connect), emulated: a page on which one chooses who one is.

Must not share code with the product: this is our own reading of
https://docs.slack.dev/authentication/sign-in-with-slack and of RFC 7636 and 7517 (checked November 2026).
"""

import base64
import hashlib
import json
import secrets
import time
from dataclasses import dataclass, field
from html import escape
from typing import Any
from urllib.parse import urlencode, urlsplit

from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from fastapi import Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from oncallbot.emulators.slack.records import Json, User
from oncallbot.emulators.slack.service import Slack

AUTHORIZE, KEYS = "/openid/connect/authorize", "/openid/connect/keys"
TOKEN, USERINFO = "/api/openid.connect.token", "/api/openid.connect.userInfo"
PREFIXES = ("/openid/connect/", "/.well-known/openid-configuration")
CODE_LIVES = 600.0  # seconds
TOKEN_LIVES = 300
SCOPES = ("openid", "profile", "email")
_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Sign in to {team}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<style>
:root {{ color-scheme: light dark; --back: #f4f0f5; --card: #fff; --ink: #1d1c1d; --line: #d8d2da; --rail: #3f0e40 }}
@media (prefers-color-scheme: dark) {{ :root {{ --back: #121016; --card: #1d1a22; --ink: #eee; --line: #453d4b }} }}
body {{ font: 1.05rem/1.5 system-ui, sans-serif; margin: 0; background: var(--back); color: var(--ink) }}
main {{ max-width: 23rem; margin: 4rem auto; overflow: hidden; border: 1px solid var(--line); border-radius: 18px;
background: var(--card) }} h1 {{ margin: 0; padding: 1.1rem 1.5rem; background: var(--rail); color: #fff;
font-size: 1.35rem }} p {{ margin: 1.1rem 1.5rem }} form {{ display: grid; gap: .7rem; padding: 0 1.5rem 1.5rem }}
button {{ font: inherit; font-weight: 600; padding: .75rem; border: 1px solid var(--line); border-radius: 10px;
background: var(--card); color: inherit; cursor: pointer }} button:hover {{ border-color: #007a5a }}
button:focus-visible {{ outline: 3px solid #4f8cff; outline-offset: 2px }}</style>
<main><h1>Sign in to {team}</h1><p>{app} wants to know who you are. This Slack is emulated: choose.</p>
<form method="post">{buttons}</form></main></html>"""


@dataclass(slots=True)
class Grant:
    """What somebody has allowed: a code for the program, then a token."""

    user: str
    asked: dict[str, str]
    made_at: float


@dataclass(slots=True)
class OpenId:
    """The provider's keys and what it has given out."""

    slack: Slack
    key: rsa.RSAPrivateKey | None = None
    kid: str = field(default_factory=lambda: secrets.token_hex(8))
    codes: dict[str, Grant] = field(default_factory=dict)
    tokens: dict[str, Grant] = field(default_factory=dict)

    def signer(self) -> rsa.RSAPrivateKey:
        """Made when it is first needed: that takes a moment."""
        if self.key is None:
            self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        return self.key


class Refused(Exception):
    """With the `error` that Slack answers."""


def routes(slack: Slack) -> list[Route]:
    openid = OpenId(slack)

    async def authorize(request: Request) -> Response:
        asked = dict(request.query_params)
        chosen = ""
        if request.method == "POST":
            form = await request.form()
            chosen = str(form.get("user", ""))
        try:
            check_asked(slack, asked)
        except Refused as refused:
            slack.workspace.violation(str(refused), f"sign-in: {refused}", method="openid.connect.authorize")
            return HTMLResponse(f"<h1>{escape(str(refused))}</h1>", 400)
        if chosen in slack.workspace.users:
            return RedirectResponse(allowed(openid, asked, chosen), 302)
        return HTMLResponse(chooser(slack, asked))

    async def token(request: Request) -> Response:
        form = {name: str(value) for name, value in (await request.form()).items()}
        try:
            return JSONResponse({"ok": True} | exchanged(openid, form, request.headers.get("authorization", "")))
        except Refused as refused:
            return JSONResponse({"ok": False, "error": str(refused)})

    async def userinfo(request: Request) -> Response:
        grant = openid.tokens.get(request.headers.get("authorization", "").removeprefix("Bearer "))
        if grant is None:
            return JSONResponse({"ok": False, "error": "invalid_auth"})
        return JSONResponse({"ok": True} | claims_of(slack, slack.workspace.users[grant.user], grant.asked))

    return [
        Route("/.well-known/openid-configuration", lambda _: JSONResponse(described(slack.workspace.base_url))),
        Route(KEYS, lambda _: JSONResponse({"keys": [shown_key(openid)]})),
        Route(AUTHORIZE, authorize, methods=["GET", "POST"]),
        Route(TOKEN, token, methods=["POST"]),
        Route(USERINFO, userinfo, methods=["GET", "POST"]),
    ]


def described(base: str) -> Json:
    return {
        "issuer": base,
        "authorization_endpoint": base + AUTHORIZE,
        "token_endpoint": base + TOKEN,
        "userinfo_endpoint": base + USERINFO,
        "jwks_uri": base + KEYS,
        "scopes_supported": list(SCOPES),
        "response_types_supported": ["code"],
        "grant_types_supported": ["authorization_code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
    }


def check_asked(slack: Slack, asked: dict[str, str]) -> None:
    app = slack.workspace.app
    if asked.get("client_id") != app.client_id:
        raise Refused("invalid_client_id")
    if asked.get("response_type") != "code":
        raise Refused("unsupported_response_type")
    scopes = set(asked.get("scope", "").replace(",", " ").split())
    if "openid" not in scopes or scopes - set(SCOPES):
        raise Refused("invalid_scope")
    # Slack compares with the addresses in the app's manifest; this app's all lie where it hears events.
    address, home = urlsplit(asked.get("redirect_uri", "")), urlsplit(app.request_url)
    is_home = (address.scheme, address.netloc) == (home.scheme, home.netloc) or not app.request_url
    if not is_home or not address.netloc:
        raise Refused("bad_redirect_uri")


def chooser(slack: Slack, asked: dict[str, str]) -> str:
    app = slack.workspace.app
    people = [one for one in slack.workspace.users.values() if not one.is_bot and not one.deleted]
    if "team" in asked:
        people = [one for one in people if one.team_id == asked["team"]]
    buttons = "".join(
        f'<button name="user" value="{escape(one.id)}">Sign in as {escape(one.real_name or one.name)}</button>'
        for one in people
    )
    return _PAGE.format(team=escape(app.team_name), app=escape(app.app_name), buttons=buttons)


def allowed(openid: OpenId, asked: dict[str, str], user: str) -> str:
    """Where the browser goes back to, with a code that is good once."""
    code = secrets.token_urlsafe(24)
    openid.codes[code] = Grant(user, asked, time.monotonic())
    back = {"code": code} | ({"state": asked["state"]} if "state" in asked else {})
    uri = asked["redirect_uri"]
    return f"{uri}{'&' if '?' in uri else '?'}{urlencode(back)}"


def exchanged(openid: OpenId, form: dict[str, str], authorization: str) -> Json:
    app = openid.slack.workspace.app
    client, secret = form.get("client_id", ""), form.get("client_secret", "")
    if authorization.startswith("Basic "):
        client, _, secret = base64.b64decode(authorization.removeprefix("Basic ")).decode().partition(":")
    if client != app.client_id:
        raise Refused("invalid_client_id")
    if secret != app.client_secret:
        raise Refused("bad_client_secret")
    grant = openid.codes.pop(form.get("code", ""), None)
    if grant is None or time.monotonic() - grant.made_at > CODE_LIVES:
        raise Refused("invalid_code")
    if form.get("redirect_uri") != grant.asked["redirect_uri"]:
        raise Refused("bad_redirect_uri")
    challenge = encoded(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
    if "code_challenge" in grant.asked and challenge != grant.asked["code_challenge"]:
        raise Refused("invalid_grant")
    access = f"xoxp-emulated-{secrets.token_urlsafe(12)}"
    openid.tokens[access] = grant
    return {"access_token": access, "token_type": "Bearer", "id_token": id_token(openid, grant)}


def id_token(openid: OpenId, grant: Grant) -> str:
    workspace, now = openid.slack.workspace, int(time.time())
    claims: dict[str, Any] = {
        "iss": workspace.base_url,
        "aud": workspace.app.client_id,
        "iat": now,
        "exp": now + TOKEN_LIVES,
        "auth_time": now,
        **claims_of(openid.slack, workspace.users[grant.user], grant.asked),
    }
    if "nonce" in grant.asked:
        claims["nonce"] = grant.asked["nonce"]
    header = {"typ": "JWT", "alg": "RS256", "kid": openid.kid}
    parts = ".".join(encoded(json.dumps(part).encode()) for part in (header, claims))
    return f"{parts}.{encoded(openid.signer().sign(parts.encode(), padding.PKCS1v15(), SHA256()))}"


def claims_of(slack: Slack, user: User, asked: dict[str, str]) -> Json:
    said: Json = {"sub": user.id, "https://slack.com/user_id": user.id, "https://slack.com/team_id": user.team_id}
    scopes = asked["scope"].replace(",", " ").split()
    if "email" in scopes and user.email:
        said |= {"email": user.email, "email_verified": True}
    if "profile" in scopes:
        said |= {"name": user.real_name or user.name, "locale": "en-US"}
        said |= {"https://slack.com/team_name": slack.workspace.app.team_name}
    return said


def shown_key(openid: OpenId) -> Json:
    numbers = openid.signer().public_key().public_numbers()
    return {
        "kty": "RSA",
        "use": "sig",
        "alg": "RS256",
        "kid": openid.kid,
        "n": encoded(numbers.n.to_bytes(256, "big")),
        "e": encoded(numbers.e.to_bytes(3, "big")),
    }


def encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
