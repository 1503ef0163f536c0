"""Accounts: who may log in and how, sessions, invitations and tokens. Nothing here is record."""
