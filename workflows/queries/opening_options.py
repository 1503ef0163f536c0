"""What may be put under silence in an organisation, and by which bodies."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from msgspec import Struct, structs

from domain.body import Body
from domain.decision_context import DecisionContext
from domain.ports.read_models import RowReader
from domain.rules import Force, RulePack
from domain.times import UNKNOWN
from workflows.projections.pagination import organisation_span
from workflows.projections.rows import BodyRow, WindowRow
from workflows.projections.stream_rows import ENDED, SUBMITTED, TO_NOTE

MOST: Final = 200
"""How many agendas or windows are offered to choose from."""


class OpeningOptions(Struct, frozen=True, kw_only=True):
    """The bodies with a roster, the agendas with submitted items, and the windows that failed.

    Agendas and windows are in order of their ids; None where there are too many to choose from.
    """

    bodies: tuple[Body, ...]
    agendas: tuple[str, ...] | None
    failed: tuple[str, ...] | None
    """What ended and was not approved, wholly or in part: it may be relaunched."""
    waivable: Mapping[str, str]
    """What the rules require that can be waived with a reason, by the id of the rule."""
    agenda: str = ""
    """The agenda from whose page somebody came."""
    subjects: frozenset[str] | None = None
    """What the rules of these bodies let come under silence; None where a body's say nothing."""
    length: str = ""
    """The least length by the rules of the body that is asked, or of all that can be asked.

    Where these differ it is the unit of the first one alone.
    """
    body: str = ""
    """The body that approves its items."""

    def of_bodies(self, chosen: Callable[[str], bool]) -> OpeningOptions:
        """The same for some of the bodies; subjects and rules stay those of all."""
        return structs.replace(self, bodies=tuple(b for b in self.bodies if chosen(b.id)))


def opening_options(
    organisation: str, world: DecisionContext, kept: RowReader, name: str = ""
) -> OpeningOptions:
    """What may come under silence in an organisation, and first of all of the agenda `name`."""
    agenda = world.agenda(name) if name else None
    bodies = (world.body(row.id) for row in kept.rows(BodyRow, organisation))
    seated = tuple(body for body in bodies if body.seats)
    packs = [world.pack_of(body, UNKNOWN) for body in seated]
    approver = (agenda.approved_by or agenda.body) if agenda else ""
    own_packs = [world.pack_of(body, UNKNOWN) for body in seated if body.id == approver]
    return OpeningOptions(
        bodies=seated,
        agendas=_names(kept, "agenda", organisation, SUBMITTED),
        failed=_failed(kept, organisation),
        waivable={rule: demand for pack in packs for rule, demand in _waivable(pack)},
        agenda=name,
        subjects=_subjects(packs),
        length=_common_length(own_packs or packs),
        body=approver,
    )


def _common_length(packs: Sequence[RulePack]) -> str:
    """The least length where all packs have the same one, else the unit of the first."""
    lengths = [least for least in map(_least_length, packs) if least]
    if not lengths or (len({*lengths}) == 1 and len(lengths) == len(packs)):
        return lengths[0] if lengths else ""
    return lengths[0].partition(" ")[2]


def _least_length(pack: RulePack) -> str:
    return pack.parameter("silence-minimum-length", "length")


def _subjects(packs: list[RulePack]) -> frozenset[str] | None:
    """The subjects for which silence is authorised in any of these bodies.

    One without the rule on it is held to none.
    """
    scopes = [pack.parameter("silence-scope", "subjects") for pack in packs]
    if not all(scopes):
        return None
    return frozenset(subject for scope in scopes for subject in scope.split(", "))


def _names(kept: RowReader, view: str, organisation: str, *places: str) -> tuple[str, ...] | None:
    """The ids at some places in order, unless they are too many."""
    found: list[str] = []
    for place in places:
        span = organisation_span(organisation, place)
        rows = kept.list_rows(view, place, MOST + 1, after=span.after, before=span.before)
        found += [key for _, _, key in rows]
    return tuple(sorted(found)) if len(found) <= MOST else None


def _failed(kept: RowReader, organisation: str) -> tuple[str, ...] | None:
    """The windows that ended and of which something was not approved."""
    ended = _names(kept, "window", organisation, TO_NOTE, ENDED)
    if ended is None:
        return None
    rows = kept.rows_named(WindowRow, [(organisation, name) for name in ended])
    found = (rows.get((organisation, name)) for name in ended)
    return tuple(row.id for row in found if row and _not_approved(row))


def _not_approved(row: WindowRow) -> bool:
    return bool(row.broken or row.broken_whole or row.revoked or row.superseded)


def _waivable(pack: RulePack) -> list[tuple[str, str]]:
    """The rules on openings that bind unless they are waived."""
    return [
        (name, rule.demand)
        for name, rule in pack.rules.items()
        if name.startswith("silence-") and rule.force is Force.WAIVE
    ]
