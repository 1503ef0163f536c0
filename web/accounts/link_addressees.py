"""To which address a link goes by mail."""

from __future__ import annotations

import re
from typing import Final

from domain.rules import Refused
from workflows.application import Application

ADDRESS: Final = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9.-]{1,253}")
"""What an address of mail looks like; whether it is one, its server says."""


def addressee_of_invitation(
    placet: Application, written: str, organisation: str, body: str, seat: str
) -> tuple[str, str]:
    """The address to which an invitation goes, and the language of its letter, if one is known.

    An address that is not written is that of the seat in the directory. Raises Refused where there
    is not exactly one, and Unavailable.
    """
    entry = placet.notifications.addresses.read().entry_of(organisation, body, seat)
    written = written.strip()
    found = single_address(*([written] if written or not seat else entry.addresses))
    return found, entry.language


def single_address(*addresses: str) -> str:
    """The address, if it is one. Raises Refused."""
    found = [address.strip() for address in addresses if ADDRESS.fullmatch(address.strip())]
    if len(found) != 1 or len(addresses) != 1:
        raise Refused("mail-address", f"{len(addresses)} addresses were stated")
    return found[0]
