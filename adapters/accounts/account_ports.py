"""The adapters of all ports of accounts, put together."""

from __future__ import annotations

from adapters.accounts.passwords import Argon2Passwords
from adapters.accounts.secret_source import SystemSecrets
from adapters.accounts.time_codes import PyotpTimeCodes
from domain.ports.accounts import AccountPorts, AccountTables, Passwords


def account_ports(tables: AccountTables, passwords: Passwords | None = None) -> AccountPorts:
    """The ports on these tables, by Argon2id (RFC 9106) unless `passwords` is given."""
    return AccountPorts(
        tables=tables,
        passwords=passwords or Argon2Passwords(),
        codes=PyotpTimeCodes(),
        secrets=SystemSecrets(),
    )
