"""Signing keys of a store, and what public keys verify."""
