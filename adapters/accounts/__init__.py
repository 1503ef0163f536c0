"""Accounts: tables that both kinds of store share, hashes of passwords, codes, and chance."""
