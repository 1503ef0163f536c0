"""The rules of accounts and of logging in, by id, each with its source; no pack can change them."""

from __future__ import annotations

ACCOUNTS: dict[str, str] = {
    "account-known": "an act on an account needs the account",
    "login-name": "a login name is one line of letters, digits and . _ - @ +, and is given once",
    "password-length": "OWASP ASVS 5.0, 6.2.1: long passwords, and no rules on their characters",
    "log-in": "OWASP Authentication Cheat Sheet: one answer to every log-in that fails",
    "log-in-in-time": "OWASP ASVS 5.0, 6.5.5: a code is asked for within a few minutes",
    "log-in-again": "OWASP ASVS 5.0, 7.5.3: before what is grave, one proves again who one is",
    "log-in-slowed": "OWASP ASVS 5.0, 6.3.1: guessing is slowed; nobody is locked out",
    "invitation-once": "OWASP ASVS 5.0, 6.4.1: what is sent to begin with works once, for a time",
    "password-link": "OWASP ASVS 5.0, 6.4.3: a reset of a password does not go round other factors",
    "mail-address": "a letter goes to one address, which somebody stated",
    "identity-known": "OpenID Connect Core 1.0, 5.7: issuer and subject together name a person",
    "answer-once": "RFC 9700, 2.1: an answer counts once, in the browser that began the log-in",
    "token-scope": "OWASP ASVS 5.0, 8.2.1: who may only read does not act",
    "last-account": "a store that asks for log-in needs somebody who can log in",
}
"""Rules on who may log in; they refuse what is no part of the record, and so no act of a case."""
