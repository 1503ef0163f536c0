"""Log-in by identity providers (OpenID Connect)."""
