"""Accounts: tables that both kinds of store share, password hashes, codes, and random secrets."""
