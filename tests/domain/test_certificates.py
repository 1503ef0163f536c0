"""For which hosts the certificate of a server was issued."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from domain.ports.certificates import Certificate

CERTIFICATE = Certificate(
    names=("placet.example.org", "*.Office.example.org"),
    since=datetime(2026, 1, 1, tzinfo=UTC),
    until=datetime(2027, 1, 1, tzinfo=UTC),
)


@pytest.mark.parametrize(
    "host", ["placet.example.org", "PLACET.example.org", "a.office.example.org"]
)
def test_a_name_is_that_of_a_host_whatever_its_case_and_a_star_is_one_label(host: str) -> None:
    assert CERTIFICATE.is_for(host)


@pytest.mark.parametrize("host", ["example.org", "office.example.org", "a.b.office.example.org"])
def test_a_star_is_neither_no_label_nor_two(host: str) -> None:
    assert not CERTIFICATE.is_for(host)
