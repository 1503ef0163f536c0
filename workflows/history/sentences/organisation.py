"""Sentences about an organisation as a whole: its settings, and who has which role."""

from __future__ import annotations

from typing import assert_never

from domain.access import events as access
from workflows.history.sentences.wording import Wording


def sentence(event: access.OrganisationEvent, words: Wording) -> str:
    """What happened to the organisation."""
    say = words.say
    match event:
        case access.SettingsChanged(names=names, zone=zone):
            colours = [event.head_colour, event.link_colour]
            new = [*names.values(), *filter(None, [zone, *colours])]
            values = {"told": words.listed(new)}
            return say("New in what is told of the organization: %(told)s.") % values
        case access.RoleGranted():
            return say("%(person)s was given the role: %(role)s.") % _particulars(event, words)
        case access.RoleRevoked():
            return say("From %(person)s this role was taken: %(role)s.") % _particulars(
                event, words
            )
    assert_never(event)


def _particulars(event: access.RoleGranted | access.RoleRevoked, words: Wording) -> dict[str, str]:
    """Whose it is, and the role with its body and its seat."""
    seat = words.seats.get(f"{event.body}/{event.seat}", event.seat)
    where = [words.body(event.body) if event.body else "", seat]
    role = words.listed([words.say(str(event.role)), *filter(None, where)])
    return {"person": words.person(event.principal), "role": role}
