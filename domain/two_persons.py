"""What makes two persons of those who prepare and confirm an act that one of them may not do."""

from __future__ import annotations

from domain.rules import require


def are_two_persons(first: str, second: str) -> bool:
    """Whether two acted, by their accounts: both are known, and they are not the same."""
    return "" != second != first != ""


def require_another_person(first: str, second: str) -> None:
    """Raise Refused where the account that confirms an act is the one that prepared it."""
    because = "the person who prepared an act does not confirm it"
    require("two-persons", are_two_persons(first, second), because)
