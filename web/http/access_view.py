"""What a reader may see: the one thing besides the address on which a page may depend by reader."""

from __future__ import annotations

from enum import StrEnum

from starlette.types import Scope


class AccessView(StrEnum):
    """Readers with the same view are shown the same page; a page is never shared across views."""

    EVERYBODY = "everybody"
    """The public record. Nobody logs in yet, so there is no other view."""


def access_view(scope: Scope) -> AccessView:  # noqa: ARG001 (log-in will look at it)
    """What the sender of a request may see."""
    return AccessView.EVERYBODY
