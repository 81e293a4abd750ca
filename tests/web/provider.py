"""An OpenID provider of our own, after the standard alone: it shares no code with the product, nor with the emulator.

OpenID Connect Core 1.0, Discovery 1.0, RFC 7636 (PKCE). Its tokens are put together and signed by hand, so that each
can be wrong in one way.
"""

import base64
import hashlib
import json
import secrets
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from fastapi import FastAPI, Form, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

CLIENT, SECRET = "client-1", "client-secret-1"
KEYS = tuple(rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2))


def encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def signed(claims: dict[str, Any], key: rsa.RSAPrivateKey, header: dict[str, Any]) -> str:
    parts = ".".join(encoded(json.dumps(part).encode()) for part in (header, claims))
    return f"{parts}.{encoded(key.sign(parts.encode(), padding.PKCS1v15(), SHA256()))}"


def number(value: int) -> str:
    return encoded(value.to_bytes((value.bit_length() + 7) // 8, "big"))


@dataclass
class Provider:
    """One person is at the browser: `person` are its claims. `token` and `header` change what the ID token says."""

    issuer: str
    redirect_uri: str
    person: dict[str, Any]
    token: dict[str, Any] = field(default_factory=dict)
    header: dict[str, Any] = field(default_factory=lambda: {"alg": "RS256", "kid": "key-0"})
    signer: rsa.RSAPrivateKey = KEYS[0]
    shown_keys: tuple[int, ...] = (0,)
    methods: list[str] = field(default_factory=lambda: ["client_secret_post"])
    challenges: list[str] = field(default_factory=lambda: ["S256"])
    calls_itself: str = ""
    in_userinfo_only: tuple[str, ...] = ()
    userinfo: dict[str, Any] = field(default_factory=dict)
    status: int = 200
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    used: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def app(self) -> FastAPI:
        app = FastAPI()

        @app.middleware("http")
        async def broken(request: Request, go_on: Any) -> Response:
            self.asked.append(request.url.path)
            answer: Response = JSONResponse({}, self.status) if self.status != 200 else await go_on(request)
            return answer

        @app.get("/.well-known/openid-configuration")
        def configuration() -> dict[str, Any]:
            return {
                "issuer": self.calls_itself or self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "userinfo_endpoint": f"{self.issuer}/userinfo",
                "jwks_uri": f"{self.issuer}/keys",
                "token_endpoint_auth_methods_supported": self.methods,
                "code_challenge_methods_supported": self.challenges,
            }

        @app.get("/authorize")
        def authorize(request: Request) -> Response:
            asked = dict(request.query_params)
            if asked["client_id"] != CLIENT or asked["redirect_uri"] != self.redirect_uri:
                return JSONResponse({"error": "invalid_client"}, 400)
            assert asked["response_type"] == "code"
            assert "openid" in asked["scope"].split()
            assert bool(asked.get("code_challenge")) == ("S256" in self.challenges)
            code = secrets.token_urlsafe(12)
            self.codes[code] = asked
            back = urlencode({"code": code, "state": asked["state"]})
            return RedirectResponse(f"{self.redirect_uri}?{back}", 302)

        @app.post("/token")
        def token(
            request: Request,
            code: str = Form(),
            grant_type: str = Form(),
            redirect_uri: str = Form(),
            client_id: str = Form(""),
            client_secret: str = Form(""),
            code_verifier: str = Form(""),
        ) -> Response:
            asked = self.codes.pop(code, None)
            given = (client_id, client_secret)
            if "client_secret_post" not in self.methods:
                scheme, _, pair = request.headers.get("authorization", "").partition(" ")
                assert scheme == "Basic"
                given = tuple(base64.b64decode(pair).decode().split(":"))  # type: ignore[assignment]
            if given != (CLIENT, SECRET):
                return JSONResponse({"error": "invalid_client"}, 401)
            challenge = encoded(hashlib.sha256(code_verifier.encode()).digest())
            if asked is None or grant_type != "authorization_code" or redirect_uri != asked["redirect_uri"]:
                return JSONResponse({"error": "invalid_grant"}, 400)
            if "code_challenge" in asked and challenge != asked["code_challenge"]:
                return JSONResponse({"error": "invalid_grant"}, 400)
            return JSONResponse({"access_token": "access", "token_type": "Bearer", "id_token": self.id_token(asked)})

        @app.get("/userinfo")
        def userinfo(request: Request) -> Response:
            if request.headers.get("authorization") != "Bearer access":
                return JSONResponse({"error": "invalid_token"}, 401)
            return JSONResponse(self.person | self.userinfo)

        @app.get("/keys")
        def keys() -> dict[str, Any]:
            found = [(index, KEYS[index].public_key().public_numbers()) for index in self.shown_keys]
            return {
                "keys": [
                    {"kty": "RSA", "use": "sig", "kid": f"key-{index}", "n": number(one.n), "e": number(one.e)}
                    for index, one in found
                ]
            }

        return app

    def id_token(self, asked: dict[str, str]) -> str:
        now = int(time.time())
        person = {name: value for name, value in self.person.items() if name not in self.in_userinfo_only}
        claims = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": asked["nonce"], **person}
        claims |= self.token
        return signed({name: value for name, value in claims.items() if value is not None}, self.signer, self.header)
