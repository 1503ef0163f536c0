"""The ports of accounts as the program uses them."""

from __future__ import annotations

from adapters.accounts.passwords import Argon2Passwords
from adapters.accounts.secret_source import SystemSecrets
from adapters.accounts.time_codes import PyotpTimeCodes
from domain.ports.accounts import AccountPorts, AccountTables, Passwords


def account_ports(tables: AccountTables, passwords: Passwords | None = None) -> AccountPorts:
    """Argon2id as RFC 9106 recommends it unless `passwords` is given, time-based codes, chance."""
    return AccountPorts(
        tables=tables,
        passwords=passwords or Argon2Passwords(),
        codes=PyotpTimeCodes(),
        secrets=SystemSecrets(),
    )
