"""Machines' reports: a token per source, documented JSON, 202 only after the commit.

It must not accept what it could not read whole.
"""

from __future__ import annotations

import json
from typing import Any

from fastapi import APIRouter, Depends, HTTPException
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from oncallbot.intake import webhook
from oncallbot.telephony.numbers import to_e164
from oncallbot.web.bodies import read_body
from oncallbot.web.doors import Doors


class Report(BaseModel):
    """What a source posts."""

    model_config = ConfigDict(extra="forbid", strict=True)

    summary: str = Field(min_length=1, max_length=500, description="What happened, in one line: it is read aloud.")
    details: str = Field("", max_length=20_000, description="More, for whoever takes it.")
    phone: str | None = Field(None, description="Whom to text about it: international form, +49 30 …")
    email: str | None = Field(None, max_length=254, description="Whom it came from.")
    urgent: bool = Field(True, description="false waits for office hours.")
    dedup_key: str | None = Field(
        None, min_length=1, max_length=200, description="A repeated key joins the open issue instead of opening one."
    )

    @field_validator("summary")
    @classmethod
    def _has_words(cls, value: str) -> str:
        if not value.strip():
            raise ValueError("is empty")
        return value

    @field_validator("phone")
    @classmethod
    def _is_number(cls, value: str | None) -> str | None:
        if value is None or not value.strip():
            return None
        number = to_e164(value)
        if number is None:
            raise ValueError("is no phone number in international form")
        return number

    @field_validator("email")
    @classmethod
    def _is_address(cls, value: str | None) -> str | None:
        if value is None or not value.strip():
            return None
        name, at, domain = value.strip().rpartition("@")
        if not (name and at and "." in domain) or any(one.isspace() for one in value.strip()):
            raise ValueError("is no e-mail address")
        return value.strip()


class Accepted(BaseModel):
    """The report is committed."""

    reference: str = Field(examples=["AH-1042"])
    status: str = Field(examples=["triggered"])
    joined: bool = Field(description="It joined an issue that was open already.")


class Wrong(BaseModel):
    """One field that cannot be used, and what to write instead."""

    field: str
    problem: str
    cure: str


class Errors(BaseModel):
    """Everything that is wrong with the report; nothing of it was kept."""

    errors: list[Wrong]


_CURES = {
    "summary": "write 1 to 500 characters that say what happened",
    "details": "write at most 20,000 characters",
    "phone": 'write it like "+49 30 23125 100", or leave it out',
    "email": 'write it like "erik@acme.example", or leave it out',
    "urgent": "write true or false",
    "dedup_key": "write 1 to 200 characters, or leave it out",
}


def create(doors: Doors) -> APIRouter:
    """The route /hooks/{token}."""
    router = APIRouter()

    @router.post(
        "/hooks/{token}",
        status_code=202,
        summary="Report a problem",
        response_model=Accepted,
        responses={
            404: {"description": "Unknown or revoked token"},
            413: {"description": "Over 64 KB"},
            422: {"model": Errors, "description": "Not understood: nothing was kept"},
            503: {"description": "Not committed: post it again"},
        },
        openapi_extra={
            "requestBody": {"required": True, "content": {"application/json": {"schema": Report.model_json_schema()}}}
        },
    )
    def report(token: str, body: bytes = Depends(read_body)) -> Any:
        """Opens an issue and pages the person on call (after hours), or joins the open issue with this `dedup_key`."""
        with doors.door.database.read() as connection:
            source = webhook.source_of(connection, token)
        if source is None:
            raise HTTPException(404, "unknown token")
        posted = _read(body)
        if isinstance(posted, list):
            return JSONResponse({"errors": [one.model_dump() for one in posted]}, 422)
        accepted = webhook.hear(doors.door, source, posted)
        if accepted is None:
            raise HTTPException(404, "the hotline of this token does not exist any more")
        return Accepted(reference=accepted.reference, status=accepted.status, joined=accepted.joined)

    return router


def _read(body: bytes) -> webhook.Posted | list[Wrong]:
    try:
        given = json.loads(body)
    except (ValueError, RecursionError):
        return [Wrong(field="body", problem="is no JSON", cure='post an object like {"summary": "…"}')]
    if not isinstance(given, dict):
        return [Wrong(field="body", problem="is no JSON object", cure='post an object like {"summary": "…"}')]
    try:
        report = Report.model_validate(given)
    except ValidationError as error:
        return [_wrong(one) for one in error.errors(include_url=False, include_input=False, include_context=False)]
    return webhook.Posted(**report.model_dump())


def _wrong(error: Any) -> Wrong:
    field = str(error["loc"][0]) if error["loc"] else "body"
    if error["type"] == "extra_forbidden":
        known = ", ".join(Report.model_fields)
        return Wrong(field=field, problem="is not a field of a report", cure=f"use only {known}")
    problem = "is missing" if error["type"] == "missing" else error["msg"].removeprefix("Value error, ")
    return Wrong(field=field, problem=problem, cure=_CURES.get(field, "correct it"))
