"""Roles and permissions: who may see and do what. Pure: accounts and log-in live elsewhere."""
