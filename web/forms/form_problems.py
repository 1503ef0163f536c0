"""Why a form comes again instead of being done: from what was raised to what its page says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from domain.instants import UnclearTime
from domain.ports.drafts import TooManyDrafts
from domain.ports.errors import TooLarge, Unavailable
from domain.rules import Refused
from web.forms.fields import FormErrors
from web.i18n.labels import N_

TOO_LONG: Final = N_("This is too long to be kept as one event. Please shorten your texts.")
TOO_MANY_WAIT: Final = N_(
    "Too much of what you prepared waits for another person. Please take some of it back first."
)
NOT_KEPT: Final = N_("What was written here is not kept any more. Please fill in the form again.")


@dataclass(frozen=True, kw_only=True)
class FormProblem:
    """What keeps a form from being done, as its page says it."""

    faults: Mapping[str, str] = field(default_factory=dict)
    """What is wrong, by field; of the form as a whole under no name."""
    refusal: Refused | None = None
    failure: Unavailable | None = None
    status: int = 422


NONE: Final = FormProblem(status=200)
OVERTAKEN: Final = FormProblem(status=409)
"""Somebody else has changed what stood in the form; its page shows how."""
LOST: Final = FormProblem(faults={"": NOT_KEPT}, status=410)

RAISED: Final = (FormErrors, UnclearTime, Refused, TooLarge, TooManyDrafts, Unavailable)
"""What a form is asked for may raise."""


def of_faults(faults: Mapping[str, str]) -> FormProblem:
    """What is wrong in the fields, if anything is."""
    return FormProblem(faults=faults) if faults else NONE


def of_raised(error: Exception, faults: Mapping[str, str]) -> FormProblem:
    """What was raised, and what was wrong in the fields already.

    Raises it again where it is nothing that a form could put right.
    """
    match error:
        case FormErrors():
            return FormProblem(faults={**error.faults, **faults})
        case UnclearTime():
            return FormProblem(faults={"": str(error)})
        case TooLarge():
            return FormProblem(faults={"": TOO_LONG}, status=413)
        case TooManyDrafts():
            return FormProblem(faults={"": TOO_MANY_WAIT}, status=409)
        case Unavailable():
            return FormProblem(failure=error, status=503)
        case Refused() if error.rule != "role-granted":
            status = 429 if error.rule == "responses-bounded" else 409
            return FormProblem(refusal=error, status=status)
    raise error
