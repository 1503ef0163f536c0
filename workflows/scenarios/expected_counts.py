"""What a case expects to be so many."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from domain.cases import Expectation
from domain.silence.objection_tally import Voices
from workflows.scenarios.compared_values import (
    ComparedValue,
    RecordAfterStep,
)

_Count = Callable[[Any, RecordAfterStep], object]


def _responses(holds: Callable[[Any], bool]) -> _Count:
    return lambda window, _: len([response for response in window.responses if holds(response)])


_COUNTS: Final[Mapping[str, _Count]] = {
    "roster": lambda body, moment: len(body.roster_at(moment.at)),
    "parts": lambda session, _: len(session.parts),
    "meetings": lambda session, _: len(session.meetings),
    "interpreted": lambda session, _: len([m for m in session.meetings if m.interpretation]),
    "not interpreted": lambda session, _: len(
        [m for m in session.meetings if m.interpretation == ()]
    ),
    "items": lambda agenda, _: len([item for item in agenda.items if not item.under]),
    "headings": lambda agenda, _: len(agenda.headings),
    "documents": lambda agenda, _: len({d for item in agenda.items for d in item.documents}),
    "slots": lambda agenda, _: agenda.work.count,
    "bodies": lambda state, _: 1 + len(state.shared),
    "versions": lambda document, _: len(document.versions),
    "seats": lambda window, _: "unknown" if window.seats is None else window.seats,
    "notified": lambda window, _: len(window.delivered),
    "delivery failed": lambda window, _: len(window.unreached_seats),
    "responses": lambda window, _: len(window.responses),
    "objected": lambda window, moment: len(
        Voices.of_window(window, moment.world).objecting_members()
    ),
    "explicitly no objection": _responses(
        lambda response: response.effective and response.response.kind == "no objection"
    ),
    "waits for a ruling": lambda window, _: 0 if window.is_over else len(window.unruled),
    "grants": lambda organisation, moment: len(
        [grant for grant in organisation.grants if grant.holds(moment.at.latest)]
    ),
    "late": _responses(lambda response: response.standing == "late"),
}
"""How each number is counted, by its name, of the streams that it is counted of."""


def compare_counts(
    expect: Expectation, state: Any, moment: RecordAfterStep
) -> Iterator[ComparedValue]:
    for name, wanted in expect.counts.items():
        yield ComparedValue(("counts", name), name, wanted, _COUNTS[name](state, moment))
