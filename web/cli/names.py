"""Names on the command line: what is called there by names and ids, and what may be named so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

from msgspec import structs

from domain.body import Body
from domain.confusables import comparison_key
from domain.messages import RecordedEvent
from domain.ports.errors import Unavailable
from domain.rules import Refused, require
from domain.streams import Stream, StreamKind
from web.cli.context import environment
from workflows.acts.act import AnyAct
from workflows.acts.parameter import Parameter
from workflows.acts.window_opening import OPEN
from workflows.application import Application
from workflows.history.narration import SpokenNames
from workflows.queries.organisation import people_with
from workflows.queries.record_names import in_language


def names_of(
    placet: Application, organisation: str, events: Sequence[RecordedEvent]
) -> SpokenNames:
    """What the bodies and seats of these events are called, in English, each with its id."""
    names = in_language(placet.queries.events.names(organisation, events), "en")
    return SpokenNames(
        bodies=_with_ids(names.bodies),
        seats={stream: _with_ids(found) for stream, found in names.seats.items()},
        seats_then={event: _with_ids(found) for event, found in names.seats_then.items()},
    )


def names_by_organisation(
    placet: Application, events: Sequence[RecordedEvent]
) -> dict[str, SpokenNames]:
    """The same for events of several organisations, by organisation."""
    return {
        organisation: names_of(
            placet, organisation, [event for event in events if event.organisation == organisation]
        )
        for organisation in {event.organisation for event in events}
    }


def with_id(name: str, id_: str) -> str:
    """A name with the id behind it as a second word; the id alone where it is the name."""
    ending = f" ({id_})"
    return name if name in {"", id_} or name.endswith(ending) else name + ending


def _with_ids(names: Mapping[str, str]) -> dict[str, str]:
    return {id_: with_id(name, id_.rpartition("/")[2]) or id_ for id_, name in names.items()}


# --- What is named --------------------------------------------------------------------------------


def meant(text: str, offered: Iterable[tuple[str, Iterable[str]]]) -> str:
    """The id of what is named by its id, or by an exact name that only one has.

    What nothing is called by stays as it is: the decision says so. Raises Refused for a name of
    several.
    """
    known = [(id_, {comparison_key(name) for name in names}) for id_, names in offered]
    if any(id_ == text for id_, _ in known):
        return text
    found = sorted({id_ for id_, names in known if comparison_key(text) in names})
    require("known", len(found) < 2, f"several are called {text!r:.80}: say {' or '.join(found)}")
    return found[0] if found else text


def body_id(placet: Application, organisation: str, text: str) -> str:
    """The id of a body that is named by its id or its name. Raises Refused for one of several."""
    if not text or organisation not in placet.queries.record.organisations():
        return text
    placet.projections.follow()
    bodies = placet.queries.bodies.of_organisation(organisation).bodies
    return meant(text, ((row.id, row.names.values()) for row in bodies))


def seat_id(placet: Application, organisation: str, body: str, text: str) -> str:
    """The id of a seat of a body, named by its id or by what it stands for. Raises Refused."""
    if not text or organisation not in placet.queries.record.organisations():
        return text
    state: Body = placet.queries.record.present(organisation).state(Stream(StreamKind.BODY, body))
    return meant(text, ((seat.seat, (seat.holder, *seat.names.values())) for seat in state.seats))


def with_ids(act: AnyAct, shown: Any, values: Mapping[str, object]) -> dict[str, object]:
    """Values of an act with ids in the place of names, where its choices are called by names.

    What is taken `as_named` stays so. Raises Refused for a name of several.
    """
    found = dict(values)
    for parameter in act.parameters if shown is not None else ():
        given = values.get(parameter.path)
        if not (given and parameter.choices) or parameter.as_named:
            continue
        offered = list(_offered(parameter, shown))
        if isinstance(given, tuple):
            found[parameter.path] = tuple(meant(text, offered) for text in given)
        elif isinstance(given, str):
            found[parameter.path] = meant(given, offered)
    return found


def _offered(parameter: Parameter[Any], shown: Any) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The ids that a parameter offers by names, each with them."""
    for choice in (parameter.choices(shown) if parameter.choices else None) or ():
        if choice.code:
            parted = parameter.split(choice.value) if parameter.split else {}
            id_ = str(parted.get(parameter.path, choice.value))
            yield id_, (choice.text, *choice.names.values())


def named(placet: Application, act: AnyAct, organisation: str, target: str) -> Any:
    """What the choices of an act look at that are called by names.

    None where it is not there, or no rows can be made of it: then names are not known, and ids are.
    """
    now = environment().now()
    with suppress(Refused, Unavailable):
        placet.projections.follow()
        queries = placet.queries
        if act is OPEN:
            return queries.windows.opening_options(organisation, "")
        match act.noun:
            case StreamKind.ORGANISATION:
                people = people_with(placet.accounts.directory.all())
                shown = queries.organisations.for_form(organisation, now)
                return structs.replace(shown, people=people)
            case StreamKind.WINDOW:
                return queries.windows.for_form(organisation, target, now)
            case StreamKind.AGENDA:
                return queries.agendas.for_form(organisation, target)
    return None
