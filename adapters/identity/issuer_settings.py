"""Settings of the issuers, read from a file and from the environment."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from msgspec import Struct

from adapters.files import bounded_files
from adapters.files.field_checks import Checks, shorten, unknown_word
from adapters.files.located_yaml import load_yaml
from adapters.identity.urls import is_secure
from domain.ports.errors import Unavailable

FIELDS: Final = ("name", "label", "issuer", "client_id", "secret_file", "secret_variable")
NEEDED: Final = ("name", "issuer", "client_id")
ENVIRONMENT: Final[Mapping[str, str]] = {
    "name": "PLACET_OIDC_NAME",
    "label": "PLACET_OIDC_LABEL",
    "issuer": "PLACET_OIDC_ISSUER",
    "client_id": "PLACET_OIDC_CLIENT_ID",
    "secret": "PLACET_OIDC_CLIENT_SECRET",
    "secret_file": "PLACET_OIDC_CLIENT_SECRET_FILE",
}
DEFAULT_NAME: Final = "oidc"
LARGEST_SECRET: Final = 4096
_NAME: Final = re.compile(r"[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?")


class IssuerSettings(Struct, frozen=True, kw_only=True):
    """One issuer, and this server's client registration there."""

    name: str
    label: str
    issuer: str
    client_id: str
    secret: str = ""

    def __repr__(self) -> str:
        """Without the secret, so that no message or trace shows it."""
        return f"IssuerSettings({self.name!r}, {self.issuer!r}, {self.client_id!r})"


def read_settings(file: Path | None, environment: Mapping[str, str]) -> tuple[IssuerSettings, ...]:
    """The issuers of a file, and the one of the environment, if there are any.

    Raises CaseError, which says where in the file something is wrong, and Unavailable.
    """
    found = list(_of_file(file, environment)) if file else []
    if any(environment.get(name) for name in ENVIRONMENT.values()):
        found.append(_of_environment(environment))
    names = [settings.name for settings in found]
    for name in names:
        if names.count(name) > 1:
            raise Unavailable(f"Two issuers have the name {name!r}.")
    return tuple(found)


def _of_environment(environment: Mapping[str, str]) -> IssuerSettings:
    values = {field: environment.get(name, "") for field, name in ENVIRONMENT.items()}
    for field in ("issuer", "client_id"):
        if not values[field]:
            raise Unavailable(
                f"{ENVIRONMENT[field]} is missing, though others of its kind are set."
            )
    if values["secret"] and values["secret_file"]:
        raise Unavailable(f"Set either {ENVIRONMENT['secret']} or {ENVIRONMENT['secret_file']}.")
    values["name"] = values["name"] or DEFAULT_NAME
    for field in ("name", "issuer", "client_id", "label"):
        if wrong := _wrong(field, values[field]):
            raise Unavailable(f"{ENVIRONMENT[field]}: {wrong}.")
    secret = values["secret"]
    if values["secret_file"]:
        secret = _secret_in(Path(values["secret_file"]))
    return _settings(values, secret)


def _of_file(file: Path, environment: Mapping[str, str]) -> Sequence[IssuerSettings]:
    value, lines = load_yaml(file)
    checks = Checks(str(file), lines)
    if not isinstance(value, list):
        checks.fail((), "a list of issuers is expected here")
    return [_entry(checks, number, fields, environment) for number, fields in enumerate(value)]


def _entry(
    checks: Checks, number: int, fields: Any, environment: Mapping[str, str]
) -> IssuerSettings:
    if not isinstance(fields, dict):
        checks.fail((number,), "fields with their values are expected here")
    for name, value in fields.items():
        if name not in FIELDS:
            checks.fail((number, name), unknown_word(name, FIELDS, "field"))
        if not isinstance(value, str) or not value:
            checks.fail((number, name), "a text is expected here")
        if wrong := _wrong(name, value):
            checks.fail((number, name), wrong)
    for name in NEEDED:
        if name not in fields:
            checks.fail((number,), f"{name} is missing")
    if "secret_file" in fields and "secret_variable" in fields:
        checks.fail((number,), "write either secret_file or secret_variable")
    return _settings(fields, _secret_of_entry(checks, number, fields, environment))


def _secret_of_entry(
    checks: Checks, number: int, fields: Mapping[str, str], environment: Mapping[str, str]
) -> str:
    if file := fields.get("secret_file"):
        try:
            return _secret_in(Path(file))
        except Unavailable as error:
            checks.fail((number, "secret_file"), str(error))
    if variable := fields.get("secret_variable"):
        if secret := environment.get(variable):
            return secret
        checks.fail((number, "secret_variable"), f"{variable} is not set")
    return ""


def _settings(values: Mapping[str, str], secret: str) -> IssuerSettings:
    return IssuerSettings(
        name=values["name"],
        label=values.get("label") or values["name"],
        issuer=values["issuer"],
        client_id=values["client_id"],
        secret=secret,
    )


def _wrong(field: str, value: str) -> str:
    """What is wrong with a value; empty where it can be used."""
    if field == "name" and not _NAME.fullmatch(value):
        return f"{shorten(value)} is no name: write up to 32 of a-z, 0-9 and hyphens"
    if field == "issuer" and (not is_secure(value) or "?" in value or "#" in value):
        return f"{shorten(value)} is no address by https without a query"
    if field in {"label", "client_id"} and (len(value) > 200 or not value.isprintable()):
        return f"{shorten(value)} is longer than 200 characters, or has some that cannot be shown"
    return ""


def _secret_in(file: Path) -> str:
    """The secret in a file, without the end of its line. Raises Unavailable."""
    try:
        secret = bounded_files.read_file(file, LARGEST_SECRET).decode().rstrip("\r\n")
    except UnicodeDecodeError as error:
        raise Unavailable(f"{file} cannot be read: it is not UTF-8.") from error
    if not secret or not secret.isprintable():
        raise Unavailable(f"{file} cannot be used: it holds no secret in one line.")
    return secret
