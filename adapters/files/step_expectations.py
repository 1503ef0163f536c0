"""What is expected after a step, checked: that there are such rules, times, symbols and states."""

from __future__ import annotations

import re
from typing import Any

from adapters.codec import JsonCodec
from adapters.files.field_checks import Checks, Place, shorten, unknown_word
from adapters.files.rule_packs import rules_of_packs
from adapters.files.step_circumstances import is_exact
from domain.cases import COUNTED, NOTHING, OF, Expectation
from domain.messages import Command
from domain.record_rules import RECORD
from domain.rules import Refused
from domain.streams import Stream, StreamKind
from domain.symbols import Symbol


class ExpectationReader:
    """Reads what the steps of a file expect. Raises CaseError."""

    def __init__(self, checks: Checks, codec: JsonCodec) -> None:
        self._checks, self._codec = checks, codec

    def require_known_rules(self, place: Place, value: Any) -> None:
        """Raise CaseError for an expectation that names a rule which there is not."""
        if not isinstance(value, dict):
            return
        for rule in value["rules"] if isinstance(value.get("rules"), dict) else ():
            self._require_rule_of_pack((*place, "rules", rule), rule)
        refused, known = value.get("refused", ""), {*rules_of_packs(), *RECORD}
        if isinstance(refused, str) and refused and refused not in known:
            self._checks.fail((*place, "refused"), unknown_word(refused, sorted(known), "rule"))

    def _require_rule_of_pack(self, place: Place, rule: str) -> None:
        packs = rules_of_packs()
        if rule in RECORD and rule not in packs:
            because = f"{rule} is a rule of the record: it finds nothing; expect `refused`"
            self._checks.fail(place, because)
        if rule not in packs:
            self._checks.fail(place, unknown_word(rule, sorted(packs), "rule of a pack"))

    def read(self, place: Place, value: Any, command: Command | None) -> Expectation | None:
        """What is expected after this command, or after a wait; None where nothing is."""
        if value is None:
            return None
        expected: Expectation = self._codec.from_plain(value, Expectation)
        if not [*expected.asserted_places()]:
            because = "nothing is expected here; leave it out, or say what must be so"
            self._checks.fail(place, because)
        self._check_deadline((*place, "deadline"), expected.deadline)
        self._check_dates((*place, "dates"), expected)
        self._check_masthead((*place, "masthead"), expected)
        self._check_symbols((*place, "symbols"), expected)
        if command is None and (expected.refused or expected.rules):
            field = "refused" if expected.refused else "rules"
            self._checks.fail((*place, field), "a wait asks no rule, and nothing refuses it")
        self._check_state(place, expected, self._stream((*place, "of"), expected, command))
        return expected

    def _check_deadline(self, place: Place, deadline: str) -> None:
        if deadline and not is_exact(self._checks.parse_when(place, deadline)):
            self._checks.fail(place, "a deadline is expected with its hour and zone")

    def _check_dates(self, place: Place, expected: Expectation) -> None:
        for name in ("starts", "ends", "opened", "closed"):
            if name in expected.dates:
                self._checks.parse_when((*place, name), expected.dates[name])
        if not re.fullmatch("[1-9][0-9]?", expected.dates.get("part", "1")):
            self._checks.fail((*place, "part"), "the number of a part is expected here")

    def _check_masthead(self, place: Place, expected: Expectation) -> None:
        for name in ("date", "published"):
            if name in expected.masthead:
                self._checks.parse_when((*place, name), expected.masthead[name])

    def _check_symbols(self, place: Place, expected: Expectation) -> None:
        for text in expected.symbols:
            try:
                Symbol.parse(text)
            except Refused as refused:
                self._checks.fail((*place, text), refused.because)

    def _stream(
        self, place: Place, expected: Expectation, command: Command | None
    ) -> Stream | None:
        """The stream whose state is meant: the one that is named, or that of the act."""
        if not expected.of:
            return command.stream if command else None
        try:
            return Stream.parse(expected.of)
        except ValueError:
            known = ", ".join(StreamKind)
            how = f"write the kind and the id, as window/w1; kinds are {known}"
            self._checks.fail(place, f"{shorten(expected.of)}: {how}")

    def _check_state(self, place: Place, expected: Expectation, stream: Stream | None) -> None:
        """Raise CaseError for what cannot be expected of the stream that is meant."""
        for field, *name in expected.asserted_places():
            if field not in OF and field != "counts":
                continue
            if stream is None:
                because = "say whose state is expected: of: window/..., agenda/..."
                self._checks.fail(place, because)
            if field in OF and stream.kind not in OF[field]:
                kinds = " or ".join(OF[field])
                self._checks.fail((*place, field), f"{field} is of a {kinds}, not of {stream}")
            if field == "counts" and name[0] not in COUNTED[stream.kind]:
                known = ", ".join(COUNTED[stream.kind]) or NOTHING
                what = f"{name[0]} is not counted of a {stream.kind}; counted are {known}"
                self._checks.fail((*place, field, *name), what)
