"""Acts on a body that have an entry so far: publishing its calendar."""

from __future__ import annotations

from typing import Any, Final

from domain.actors import Role
from domain.body.commands import PublishCalendar
from domain.streams import StreamKind
from workflows.acts.act import FILES_ONLY, Act, Availability

PUBLISH_CALENDAR: Final = Act[Any](
    command=PublishCalendar,
    noun=StreamKind.BODY,
    slug="publish-calendar",
    title="Publish a calendar",
    does="Publishes the holidays of a duty station for one year, from a file.",
    roles=(Role.SECRETARIAT,),
    offered=Availability(words="always", holds=lambda _: True),
    surfaces=FILES_ONLY,
    elsewhere="placet calendar load",
)

BODY: Final[tuple[Act[Any], ...]] = (PUBLISH_CALENDAR,)
